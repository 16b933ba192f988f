"""Levels in plasma and occupancies of NET that were published, beside what the drugs' own numbers give for the same doses.

`drug_levels.csv` has a row per published number. Its role says whether the number set something. *Prediction* rows come from
studies that set nothing the row rests on: no number of the kinetics, and for an occupancy none of its curve. *Same study*
rows come from a study or label that did, by another of its numbers, so they test only whether its numbers fit together.
*Calibration* rows were
fitted; *weak* rows can hardly fail, or test the level alone; *identity* rows follow from the number that was read. A missed
row stays, with its reason. No terminal takes part, so the null models of `evidence` would say nothing here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from nbmodel import drugs
from nbmodel.data.in_use import remembered
from nbmodel.data.parameters import FOLDER
from nbmodel.data.tables import significant
from nbmodel.data.typed_rows import csv_rows, did_you_mean
from nbmodel.drugs.pharmacokinetics import Profile

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLevel:
    """Row of `drug_levels.csv`: who took what, and the number that was published, in `unit`, give or take `band`.

    `dose` is in mg (in ng/mL or per cent where the measure starts from a level or a share), `interval` and `hours` in h,
    `count` the doses taken (none: for long). `rates` are those of an infusion, 'h:ug/kg/h' with blanks between.
    """

    drug: str
    metaboliser: Literal["extensive", "poor"]
    dose: float | None = None
    interval: float | None = None
    count: int | None = None
    hours: float | None = None
    rates: str = ""
    measure: str
    published: float
    band: float
    unit: str
    role: Literal["prediction", "same study", "calibration", "identity", "weak"]
    source: tuple[str, ...]
    reason: str = ""

    def faults(self) -> Iterable[tuple[str, str]]:
        """Yield the faults of the row as a whole: the column, and a sentence."""
        for column, word, known in (("drug", self.drug, drugs.substances()), ("measure", self.measure, MEASURES)):
            if word not in known:
                yield column, f"{word!r} is not known here{did_you_mean(word, known) or '; take one of the other rows'}"
        try:
            self.steps()
        except ValueError:
            yield "rates", f"{self.rates!r} are not rates; write them as in 0:6 0.1667:0.34 1:0"

    def steps(self) -> list[tuple[float, float]]:
        """Return the rates of an infusion: each a time (h) and the rate (ug/kg/h) from then on."""
        return [(float(at), float(rate)) for at, rate in (part.split(":") for part in self.rates.split())]

    def exposure(self, metaboliser: str | None = None, substance: str | None = None) -> drugs.Exposure:
        """Return the exposure to the drug of the row, or to another kind of person or another substance."""
        kind, name = metaboliser or self.metaboliser, substance or self.drug
        if self.count is None:
            return drugs.exposure_at_steady_state(name, self.dose, self.interval, metaboliser=kind)
        return drugs.exposure(name, drugs.regimen(self.drug, self.dose, count=self.count), kind)

    def first(self) -> drugs.Exposure:
        """Return the exposure to the first dose alone."""
        return drugs.exposure(self.drug, drugs.regimen(self.drug, self.dose, count=1), self.metaboliser)

    def kinetics(self) -> Profile:
        """Return the kinetics of the drug in this kind of person."""
        return drugs.profile(self.drug, self.metaboliser)

    def held(self, level: float) -> float:
        """Return the occupancy (%) at a level in plasma (ng/mL)."""
        return 100 * float(drugs.occupancy(self.drug, level))


def _area_of_infusion(row: PublishedLevel) -> float:
    given = drugs.infusion(row.drug, row.steps(), 12.0)
    return 12 * drugs.exposure(row.drug, given, row.metaboliser).mean


def _occupancy_after(row: PublishedLevel) -> float:
    taken = drugs.regimen(row.drug, row.dose, count=1)
    return row.held(float(drugs.plasma(row.drug, taken, [row.hours or 0.0])[0]))


def _per_weight(value: float) -> float:
    return value / drugs.load().value("body_weight", "kg")


MEASURES: dict[str, Callable[[PublishedLevel], float]] = {
    "Cmax": lambda row: row.exposure().peak,
    "tmax": lambda row: row.exposure().time_to_peak,
    "trough": lambda row: row.exposure().trough,
    "mean level": lambda row: row.exposure().mean,
    "accumulation": lambda row: row.exposure().accumulation,
    "Cmax over first": lambda row: row.exposure().peak / row.first().peak,
    "Cmax, poor over extensive": lambda row: row.exposure("poor").peak / row.exposure("extensive").peak,
    "mean, poor over extensive": lambda row: row.exposure("poor").mean / row.exposure("extensive").mean,
    "Cmax over that of its parent": lambda row: (
        row.exposure().peak / row.exposure(substance=drugs.drug(row.drug).made_from).peak
    ),
    "area in 12 h": _area_of_infusion,
    "clearance": lambda row: row.kinetics().clearance,
    "oral clearance per kg": lambda row: _per_weight(row.kinetics().clearance / row.kinetics().bioavailability),
    "volume per kg": lambda row: _per_weight(1 / sum(row.kinetics().amplitudes)),
    "half-life": lambda row: math.log(2) / min(row.kinetics().rates),
    "distribution half-life": lambda row: 60 * math.log(2) / max(row.kinetics().rates),
    "level of half occupancy": lambda row: 1 / float(drugs.relative_concentration(row.drug, 1.0)),
    "occupancy at level": lambda row: row.held(row.dose or 0.0),
    "occupancy at mean": lambda row: row.held(row.exposure().mean),
    "occupancy at peak": lambda row: row.held(row.exposure().peak),
    "occupancy after": _occupancy_after,
    # From the share at one level, that at four times the level, for one site that can be filled.
    "occupancy at four times the level": lambda row: 100 * 4 * (row.dose or 0.0) / (100 + 3 * (row.dose or 0.0)),
}
OF_THE_DRUG = ("clearance", "oral clearance per kg", "volume per kg", "level of half occupancy")  # whatever the dose


@cache
def rows() -> tuple[PublishedLevel, ...]:
    """Return the published side, a row per number of `drug_levels.csv`. Raises TableError with every fault.

    Examples
    --------
    >>> rows()[0].drug, rows()[0].measure, rows()[0].published
    ('atomoxetine', 'Cmax', 393.0)
    """
    return tuple(csv_rows(FOLDER / "drug_levels.csv", PublishedLevel))


def model(row: PublishedLevel) -> float:
    """Return what the model gives for the dose, schedule and quantity of a row, in the row's unit."""
    return MEASURES[row.measure](row)


def described(row: PublishedLevel) -> str:
    """Return in words who took what: 'atomoxetine 20 mg every 12 h, poor metabolisers'."""
    if row.rates:
        return f"{row.drug} infused for an hour, {max(rate for _, rate in row.steps()):g} ug/kg/h at first"
    if row.measure in OF_THE_DRUG or row.measure.endswith("half-life"):
        return row.drug
    if row.measure == "occupancy at four times the level":
        return f"{row.drug} in monkeys, from {row.dose:g} %"
    unit = "ng/mL in plasma" if row.measure == "occupancy at level" else "mg"
    parts = [row.drug, "usual doses" if row.dose is None else f"{row.dose:g} {unit}"]
    if row.count:
        parts.append("once" if row.count == 1 else f"{row.count} times")
    elif row.interval:
        parts.append(f"every {row.interval:g} h")
    text = " ".join(parts)
    return f"{text}, poor metabolisers" if row.metaboliser == "poor" else text


@remembered
def models() -> tuple[float, ...]:
    """Return what the model gives for every row, in the order of the table; no setting of a report comes into it."""
    return tuple(model(row) for row in rows())


def table(occupancy: bool | None = None) -> list[dict[str, Any]]:
    """Return every row with its model: what, measure, published, low, high, unit, model, met, role, source, reason.

    `occupancy` picks the rows on occupancy (True) or on levels (False).
    """
    return [
        {
            "what": described(row),
            "measure": row.measure,
            "published": row.published,
            "low": row.published - row.band,
            "high": row.published + row.band,
            "unit": row.unit,
            "model": value,
            "met": bool(abs(value - row.published) <= row.band),
            "role": row.role,
            "source": ";".join(row.source),
            "reason": row.reason,
        }
        for row, value in zip(rows(), models(), strict=True)
        if occupancy in (None, "occupancy" in row.measure)
    ]


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows of `table` as a reader sees them."""
    import pandas as pd

    return pd.DataFrame(
        {
            "what": row["what"],
            "measure": row["measure"],
            "published": row["published"],
            "band": _band(row),
            "model": row["model"],
            "unit": row["unit"],
            "met": row["met"],
            "role": row["role"],
            "source": row["source"].replace(";", ", "),
        }
        for row in rows
    )


def misses(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows of `table` that are missed, each with its reason."""
    import pandas as pd

    missed = [row for row in rows if not row["met"]]
    return pd.DataFrame(
        [(row["what"], row["measure"], _band(row), row["model"], row["unit"], row["reason"]) for row in missed],
        columns=["what", "measure", "band", "model", "unit", "why"],
    )


def missed_of(drug: str) -> pd.DataFrame:
    """Return what is missed of one drug: a row each with what was measured, published and model, with their units.

    Examples
    --------
    >>> missed_of("atomoxetine")["what was measured"].tolist()[-2:]
    ['atomoxetine 25 mg once: occupancy at peak', 'atomoxetine 100 mg once: occupancy at peak']
    """
    import pandas as pd

    missed = [row for row, published in zip(table(), rows(), strict=True) if published.drug == drug and not row["met"]]
    return pd.DataFrame(
        [
            (
                f"{row['what']}: {row['measure']}",
                *(f"{significant(row[key], 2)} {unit}" for key in ("published", "model")),
            )
            for row in missed
            for unit in ["times" if row["unit"] == "ratio" else row["unit"]]
        ],
        columns=["what was measured", "published", "model"],
    )


def _band(row: dict[str, Any]) -> str:
    return f"{significant(row['low'])} to {significant(row['high'])}"
