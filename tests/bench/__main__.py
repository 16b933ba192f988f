"""`python -m tests.bench [NAME...] [--keep]`: measure, print, and write build/bench.json.

Each row has name, value, unit, detail. With --keep the rows are also added to history.csv under the version of the
package, so that a slow release is seen.
"""

import csv
import importlib
import json
import sys
from pathlib import Path

from nbmodel import __version__

BENCHES = ("report", "spikes", "solve")
OUT = Path(__file__).parents[2] / "build" / "bench.json"
HISTORY = Path(__file__).with_name("history.csv")


def main(words: list[str]) -> None:
    wanted = [word for word in words if word != "--keep"]
    if unknown := set(wanted) - set(BENCHES):
        sys.exit(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    rows = []
    for name in wanted or BENCHES:
        rows += importlib.import_module(f"tests.bench.{name}").measure()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(f"{row['name']:26} {row['value']:8.3g} {row['unit']:6} {row['detail']}")
    if "--keep" in words:
        with HISTORY.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(
                (__version__, row["name"], f"{row['value']:.3g}", row["unit"], row["detail"]) for row in rows
            )


main(sys.argv[1:])
