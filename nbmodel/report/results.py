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


class OtherValuesError(ValueError):
    """Raised when the cells of a notebook had other values than its report was asked for."""


def asked_of_kernel(case: Scenario, computed: bool) -> str:
    """Return the code of a last cell that confirms what the cells had, and puts out the results if they are to be `computed`.

    The kernel has them in its memory, so nothing is computed twice, and its limits hold for them too.
    """
    given = json.dumps(dict(case))
    return (
        "from nbmodel.report import results as _results\n"
        f"_results.tell({case.theme!r}, {given!r}, globals(), {computed!r})"
    )


def tell(theme: str, settings: str, names: Mapping[str, Any], computed: bool = True) -> None:
    """Print the results of a scenario with every digit, for `heard`, if the notebook's `names` have its values.

    Raises
    ------
    OtherValuesError
        For a setting that is another one now, or was when the set-up cell read it (into `case`): the page would show
        other values than its name and its results.
    """
    asked = json.loads(settings)
    read = names.get("case")
    places: list[Mapping[str, Any]] = [names, read] if isinstance(read, Scenario) else [names]
    others = {
        f"{name} = {place.get(name)!r} where {value!r} was asked for": None
        for place in places
        for name, value in asked.items()
        if place.get(name) != value
    }
    if others:
        raise OtherValuesError(
            f"the notebook's cells had {', '.join(others)}; the cell tagged `parameters` must come before the one that "
            "reads the settings and set each to its default, and no cell may set it again"
        )
    if computed:
        print(json.dumps(rows(scenario.make(theme, asked))))


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
