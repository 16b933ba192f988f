"""The results table of a scenario (name, value, unit): what reports, indexes and drift are made of."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from nbmodel import scenario
from nbmodel.scenario import THEMES, Scenario


def rows(case: Scenario) -> list[dict[str, Any]]:
    """Return the results of a scenario, by the same function that its notebook calls. Raises whatever the model raises."""
    table = THEMES[case.theme].load().results(case)
    return [
        {"name": str(name), "value": float(value), "unit": str(unit)}
        for name, value, unit in zip(table["name"], table["value"], table["unit"], strict=True)
    ]


def asked_of_kernel(case: Scenario) -> str:
    """Return the code of a last cell that puts out the results with every digit.

    The kernel has them in its memory, so nothing is computed twice, and its limits hold for them too. A notebook's own
    names do not matter to it.
    """
    given = json.dumps(dict(case.changed))
    return f"from nbmodel.report import results\nresults.tell({case.theme!r}, {given!r})"


def tell(theme: str, changed: str) -> None:
    """Print the results of a scenario, for `heard`."""
    print(json.dumps(rows(scenario.make(theme, json.loads(changed)))))


def heard(printed: str) -> list[dict[str, Any]]:
    """Results that `tell` printed, as `rows` gave them."""
    found: list[dict[str, Any]] = json.loads(printed)
    return found


def csv_of(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the results table as CSV; every digit, so that reading gives the same number."""
    written = io.StringIO()
    table = csv.DictWriter(written, ("name", "value", "unit"), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return written.getvalue().encode()
