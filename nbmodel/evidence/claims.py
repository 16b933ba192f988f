"""The 27 claims of the collection, and for each the number that shows it, recomputed from the models.

A claim is *shown* when its notebook has the section that cites it and the number computed now lies in the stated range.
A claim that no quantity stands behind yet says so: it is not shown. One that is missed says why. `standing` says how much
the number proves, in the words of the evidence table: a prediction could have failed, a number that was put in could not.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from typing import Any

from nbmodel import collection, scenario
from nbmodel.data.parameters import FOLDER


def rows() -> list[dict[str, str]]:
    """`claims.csv` as it stands, a dictionary of texts per row."""
    with (FOLDER / "claims.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def headings(notebook: str) -> tuple[str, ...]:
    """The headings of a notebook, without their marks."""
    path = collection.notebooks_folder() / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines()]
    return tuple(line.lstrip("# ") for line in lines if line.startswith("#"))


@cache
def results(theme: str) -> dict[str, float]:
    """The theme's results at its default scenario, by name."""
    table = scenario.THEMES[theme].load().results(scenario.make(theme))
    return dict(zip(table["name"], table["value"].astype(float), strict=True))


def table() -> list[dict[str, Any]]:
    """Every claim with its number: the columns of `claims.csv` with `value`, the number now, and `shown`."""
    found: list[dict[str, Any]] = []
    for row in rows():
        value = low = high = published = None
        shown = False
        if row["quantity"]:
            theme, name = row["quantity"].split(".")
            value, low, high, published = (
                results(theme)[name],
                float(row["low"]),
                float(row["high"]),
                float(row["published"]),
            )
            section = any(row["section"] in heading and row["id"] in heading for heading in headings(row["notebook"]))
            shown = bool(section and low <= value <= high)
        found.append(
            {
                "id": row["id"], "notebook": row["notebook"], "section": row["section"], "quantity": row["quantity"], "value": value,
                "unit": row["unit"], "published": published, "shown": shown, "low": low, "high": high,
                "source": row["source"], "text": row["text"], "standing": row["standing"], "reason": row["reason"],
            }
        )  # fmt: skip
    return found
