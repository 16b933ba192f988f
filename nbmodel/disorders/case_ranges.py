"""How far the range of each number of a case moves norepinephrine and attention in that case."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nbmodel import drugs
from nbmodel.data import parameters
from nbmodel.disorders import conditions, treatment
from nbmodel.disorders.case import STILL, of, variant
from nbmodel.disorders.treatment import Patient
from nbmodel.models.norepinephrine_terminal import resting

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class _Doubt:
    """Number of a case, the ends of its range, and the person with the number at either end."""

    what: str
    unit: str
    low: float
    high: float
    people: tuple[Patient, Patient]


def _doubts(case: Mapping[str, Any], base: Patient) -> Iterator[_Doubt]:
    """Yield the numbers of the condition, of the drug and its targets, and basal NE, each with people at either end."""
    rest = resting(float(case["basal_ne"]))
    condition, reading = str(case["condition"]), variant(case)
    for row in conditions.changes(condition, reading):
        low, high = (
            replace(base, untreated=conditions.terminal(rest, condition, reading, {row.parameter: factor}))
            for factor in (row.low, row.high)
        )
        yield _Doubt(f"{row.changed}, factor", "", row.low, row.high, (low, high))
    table = drugs.load()
    for number in drugs.numbers(case["drug"]) if case["drug"] != "none" else []:
        if not number.symbol.endswith(("dose", "molar_mass", "body_weight")):
            low, high = (
                replace(base, table=table.replace(**{number.symbol: end})) for end in (number.low, number.high)
            )
            yield _Doubt(number.name, number.unit, number.low, number.high, (low, high))
    basal = parameters.load()["x0_ECF"]
    low, high = (of(case, resting(end)) for end in (basal.low, basal.high))
    yield _Doubt(basal.name, basal.unit, basal.low, basal.high, (low, high))


def ranges(case: Mapping[str, Any]) -> pd.DataFrame:
    """Table of NE and attention, of healthy, at either end of the range of each of the case's own numbers.

    The numbers are those of the condition, of the drug and its targets, and basal NE, each with the range of its table;
    what moves neither by more than `STILL` is left out. The first row is the case itself. These are
    doubts about the numbers, not differences between people.
    """
    import pandas as pd

    def outcome(who: Patient) -> tuple[float, float]:
        found = treatment.treat(who, coarse=True)
        attention = treatment.changes(who, found).get("sustained_attention", (math.nan, math.nan))
        return found.treated / found.healthy, attention[1]

    base = of(case)
    usual, rows = outcome(base), []
    shown = (0, 1) if base.readouts else (0,)
    for doubt in _doubts(case, base):
        low, high = (outcome(who) for who in doubt.people)
        moved = max(abs(end[n] - usual[n]) / max(usual[n], STILL) for end in (low, high) for n in shown)
        if moved > STILL:
            unit = "" if doubt.unit in ("", "dimensionless") else f" {doubt.unit}"
            rows.append(
                (moved, f"{doubt.what}: {doubt.low:g} to {doubt.high:g}{unit}", low[0], high[0], low[1], high[1])
            )
    rows.sort(key=lambda row: -row[0])
    rows.insert(0, (math.inf, "every number as it is", *2 * usual[:1], *2 * usual[1:]))
    columns = [
        "number and its range",
        *(f"{what} at {end} end" for what in ("NE", "attention") for end in ("low", "high")),
    ]
    found = pd.DataFrame([row[1:] for row in rows], columns=columns)
    return found if base.readouts else found.drop(columns=[one for one in columns if one.startswith("attention")])
