"""`python -m tests.bench [NAME...]`: measure, print, and write build/bench.json (a list of name, value, unit, detail)."""

import importlib
import json
import sys
from pathlib import Path

BENCHES = ("report", "spikes")
OUT = Path(__file__).parents[2] / "build" / "bench.json"


def main(wanted: list[str]) -> None:
    if unknown := set(wanted) - set(BENCHES):
        sys.exit(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    rows = []
    for name in wanted or BENCHES:
        rows += importlib.import_module(f"tests.bench.{name}").measure()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(f"{row['name']:26} {row['value']:8.3g} {row['unit']:6} {row['detail']}")


main(sys.argv[1:])
