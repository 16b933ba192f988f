"""Levels in plasma and occupancies of NET that were published, beside what the drugs' own numbers give for the same doses.

`drug_levels.csv` has a row per published number. Its role says whether the number set something. *Prediction* rows come from
studies that set nothing the row rests on: no number of the kinetics, and for an occupancy none of its curve. *Same study*
rows come from a study or label that did, by another of its numbers, so they test only whether its numbers fit together.
*Calibration* rows were
fitted; *weak* rows can hardly fail, or test the level alone; *identity* rows follow from the number that was read. A missed
row stays, with its reason. No terminal takes part, so the null models of `evidence` would say nothing here.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from nbmodel import drugs
from nbmodel.data.parameters import FOLDER
from nbmodel.data.tables import significant

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

    def taken(metaboliser: str = kind, substance: str = name) -> drugs.Exposure:
        if count is None:
            return drugs.exposure_at_steady_state(substance, dose, interval, metaboliser=metaboliser)
        return drugs.exposure(substance, drugs.regimen(name, dose, count=count), metaboliser)

    def first() -> drugs.Exposure:
        return drugs.exposure(name, drugs.regimen(name, dose, count=1), kind)

    def held(level: float) -> float:
        return 100 * float(drugs.occupancy(name, level))

    def weight() -> float:
        return drugs.load().value("body_weight", "kg")

    def infused() -> drugs.Exposure:
        rates = [tuple(map(float, part.split(":"))) for part in row["rates"].split()]
        return drugs.exposure(name, drugs.infusion(name, [(at, rate) for at, rate in rates], 12.0))

    k = drugs.profile(name, kind)
    quantities: dict[str, Callable[[], float]] = {
        "Cmax": lambda: taken().peak,
        "tmax": lambda: taken().time_to_peak,
        "trough": lambda: taken().trough,
        "mean level": lambda: taken().mean,
        "accumulation": lambda: taken().accumulation,
        "Cmax over first": lambda: taken().peak / first().peak,
        "Cmax, poor over extensive": lambda: taken("poor").peak / taken("extensive").peak,
        "mean, poor over extensive": lambda: taken("poor").mean / taken("extensive").mean,
        "Cmax over that of its parent": lambda: taken().peak / taken(substance=drugs.drug(name).made_from).peak,
        "area in 12 h": lambda: 12 * infused().mean,
        "clearance": lambda: k.clearance,
        "oral clearance per kg": lambda: k.clearance / k.bioavailability / weight(),
        "volume per kg": lambda: 1 / sum(k.amplitudes) / weight(),
        "half-life": lambda: math.log(2) / min(k.rates),
        "distribution half-life": lambda: 60 * math.log(2) / max(k.rates),
        "level of half occupancy": lambda: 1 / float(drugs.relative_concentration(name, 1.0)),
        "occupancy at level": lambda: held(dose or 0.0),
        "occupancy at mean": lambda: held(taken().mean),
        "occupancy at peak": lambda: held(taken().peak),
        "occupancy after": lambda: held(
            float(drugs.plasma(name, drugs.regimen(name, dose, count=1), [hours or 0.0])[0])
        ),
        # From the share at one level, that at four times the level, for one site that can be filled.
        "occupancy at four times the level": lambda: 100 * 4 * (dose or 0.0) / (100 + 3 * (dose or 0.0)),
    }
    return quantities[row["measure"]]()


def described(row: dict[str, str]) -> str:
    """Who took what: 'atomoxetine 20 mg every 12 h, poor metabolisers'."""
    if row["rates"]:
        most = max(float(part.split(":")[1]) for part in row["rates"].split())
        return f"{row['drug']} infused for an hour, {most:g} ug/kg/h at first"
    if row["measure"] in ("clearance", "oral clearance per kg", "volume per kg", "level of half occupancy") or row[
        "measure"
    ].endswith("half-life"):
        return row["drug"]
    if row["measure"] == "occupancy at four times the level":
        return f"{row['drug']} in monkeys, from {row['dose']} %"
    unit = "ng/mL in plasma" if row["measure"] == "occupancy at level" else "mg"
    parts = [row["drug"], f"{row['dose']} {unit}" if row["dose"] else "usual doses"]
    if row["count"]:
        parts.append("once" if row["count"] == "1" else f"{row['count']} times")
    elif row["interval"]:
        parts.append(f"every {row['interval']} h")
    text = " ".join(parts)
    return f"{text}, poor metabolisers" if row["metaboliser"] == "poor" else text


@cache
def models() -> tuple[float, ...]:
    """What the model gives for every row, in the order of the table; no setting of a report comes into it."""
    return tuple(model(row) for row in rows())


def table(occupancy: bool | None = None) -> list[dict[str, Any]]:
    """Every row with its model: what, measure, published, low, high, unit, model, met, role, source, reason.

    `occupancy` picks the rows on occupancy (True) or on levels (False).
    """
    found = []
    for row, value in zip(rows(), models(), strict=True):
        if occupancy not in (None, "occupancy" in row["measure"]):
            continue
        published, band = float(row["published"]), float(row["band"])
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
