"""Levels in plasma and occupancies of NET that were published, beside what the drugs' own numbers give for the same doses.

`drug_levels.csv` has a row per published number. Its role says whether the number set something: *prediction* rows set
neither the kinetics nor the occupancy curve of the drug (a study may have given another number, such as a clearance,
that did); *calibration* rows were fitted; *weak* rows are the same scans as calibration rows, reached from the dose, so
that only the level is tested; *identity* rows follow from the number that was read. A missed row stays, with its reason. No
terminal takes part, so the null models of `evidence` would say nothing here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nbmodel import drugs
from nbmodel.parameters import FOLDER
from nbmodel.tables import significant

if TYPE_CHECKING:
    import pandas as pd


def rows() -> list[dict[str, str]]:
    """The published side: `drug_levels.csv` as it stands, a dictionary of texts per row."""
    with (FOLDER / "drug_levels.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def model(row: dict[str, str]) -> float:
    """What the model gives for the dose, schedule and quantity of a row, in the row's unit."""
    name, kind = row["drug"], row["metaboliser"]
    dose, interval, hours = (float(row[key]) if row[key] else None for key in ("dose", "interval", "hours"))
    count = int(row["count"]) if row["count"] else None

    def taken() -> drugs.Exposure:
        if count is None:
            return drugs.steady_state(name, dose, interval, metaboliser=kind)
        return drugs.exposure(name, drugs.regimen(name, dose, count=count), kind)

    def first() -> drugs.Exposure:
        return drugs.exposure(name, drugs.regimen(name, dose, count=1), kind)

    def held(level: float) -> float:
        return 100 * float(drugs.occupancy(name, level))

    quantities: dict[str, Callable[[], float]] = {
        "Cmax": lambda: taken().peak,
        "tmax": lambda: taken().time_to_peak,
        "trough": lambda: taken().trough,
        "accumulation": lambda: taken().accumulation,
        "Cmax over first": lambda: taken().peak / first().peak,
        "occupancy at level": lambda: held(dose or 0.0),
        "occupancy at mean": lambda: held(taken().mean),
        "occupancy at peak": lambda: held(taken().peak),
        "occupancy after": lambda: held(
            float(drugs.plasma(name, drugs.regimen(name, dose, count=1), [hours or 0.0])[0])
        ),
    }
    return quantities[row["measure"]]()


def described(row: dict[str, str]) -> str:
    """Who took what: 'atomoxetine 20 mg every 12 h, poor metabolisers'."""
    unit = "ng/mL in plasma" if row["measure"] == "occupancy at level" else "mg"
    parts = [row["drug"], f"{row['dose']} {unit}" if row["dose"] else "usual doses"]
    if row["count"]:
        parts.append("once" if row["count"] == "1" else f"{row['count']} times")
    elif row["interval"]:
        parts.append(f"every {row['interval']} h")
    text = " ".join(parts)
    return f"{text}, poor metabolisers" if row["metaboliser"] == "poor" else text


def table(occupancy: bool | None = None) -> list[dict[str, Any]]:
    """Every row with its model: what, measure, published, low, high, unit, model, met, role, source, reason.

    `occupancy` picks the rows on occupancy (True) or on levels (False).
    """
    found = []
    for row in rows():
        if occupancy not in (None, row["measure"].startswith("occupancy")):
            continue
        published, band, value = float(row["published"]), float(row["band"]), model(row)
        found.append(
            {
                "what": described(row), "measure": row["measure"], "published": published, "low": published - band,
                "high": published + band, "unit": row["unit"], "model": value, "met": bool(abs(value - published) <= band),
                "role": row["role"], "source": row["source"], "reason": row["reason"],
            }
        )  # fmt: skip
    return found


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of `table` as a reader sees them."""
    import pandas as pd

    return pd.DataFrame(
        {
            "what": row["what"], "measure": row["measure"], "published": row["published"], "band": _band(row), "model": row["model"],
            "unit": row["unit"], "met": row["met"], "role": row["role"], "source": row["source"].replace(";", ", "),
        }
        for row in rows
    )  # fmt: skip


def misses(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of `table` that are missed, each with its reason."""
    import pandas as pd

    missed = [row for row in rows if not row["met"]]
    return pd.DataFrame(
        [(row["what"], row["measure"], _band(row), row["model"], row["unit"], row["reason"]) for row in missed],
        columns=["what", "measure", "band", "model", "unit", "why"],
    )


def _band(row: dict[str, Any]) -> str:
    return f"{significant(row['low'])} to {significant(row['high'])}"
