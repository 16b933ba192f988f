"""What can be set of a person and a treatment: a condition has its readings, a drug the doses in which it was studied.

Both stand in tables (`conditions.csv`, `drugs.csv`); what is made of them is for `conditions` and `drugs`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from nbmodel.data import parameters
from nbmodel.scenario.setting import Parameter, word

CONDITIONS = {
    "healthy": "a healthy person",
    "mdd": "major depression",
    "mdd_melancholic": "major depression, melancholic",
    "gad": "generalised anxiety",
    "ptsd": "post-traumatic stress",
    "adhd": "attention deficit (ADHD)",
    "dbh_deficiency": "deficiency of dopamine beta-hydroxylase",
}  # name: in words
PER_DAY = {"usual": 0, "one": 1, "two": 2, "three": 3}
MISSED = 3  # of the last doses, at most


@cache
def _drug_rows() -> parameters.Parameters:
    """`drugs.csv`: this module may not import the drugs, only read what doses of which drug were studied."""
    return parameters.read(parameters.FOLDER / "drugs.csv")


def drug_names() -> tuple[str, ...]:
    """The drugs that can be given, in the order of the table, after 'none'."""
    return ("none", *(symbol.removesuffix(".dose") for symbol in _drug_rows() if symbol.endswith(".dose")))


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """The readings of each condition in `conditions.csv`, the one that stands for it first (a healthy person has none)."""
    found: dict[str, dict[str, None]] = {condition: {} for condition in CONDITIONS}
    with (parameters.FOLDER / "conditions.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["condition"], {})[row["variant"]] = None
    return {condition: tuple(names) for condition, names in found.items()}


def case(values: Mapping[str, object]) -> dict[str, Parameter]:
    """All that the condition and the drug of `values` decide."""
    return {**_reading(values), **_treatment(values)}


def _reading(values: Mapping[str, object]) -> dict[str, Parameter]:
    """The reading of the condition in `values` (of one that is unknown: any)."""
    condition = word(values.get("condition", "adhd"))
    known = readings().get(condition, tuple(dict.fromkeys(name for names in readings().values() for name in names)))
    because = f"the readings of {condition[:80]}" if known else f"{condition[:80]} has no other reading"
    helped = "how the condition is read into the model where studies disagree (usual: the first)"
    return {"reading": Parameter("reading", "usual", helped, choices=("usual", *known), because=because)}


def _treatment(values: Mapping[str, object]) -> dict[str, Parameter]:
    """Drug, doses, schedule and kind of metaboliser, as the drug of `values` allows them (a drug that is unknown: any)."""
    rows, names = _drug_rows(), drug_names()
    drug, often = values.get("drug", "atomoxetine"), values.get("doses_per_day", "usual")
    help_start, help_missed = "a dose to start with (titration), 0 for none", "how many of the last doses were left out"
    start_weeks = Parameter("start_weeks", 1.0, "how long the starting dose is taken", "week", 0.5, 11)
    choice = Parameter("drug", "atomoxetine", "the medicine, or none", choices=names)
    help_dose, help_often = "one dose", "doses a day: the usual number, or others evenly round the clock"
    kinds = ("extensive", "poor")
    if drug not in names or drug == "none":
        nothing = "without a drug there is no dose" if drug == "none" else ""
        dose = Parameter("dose_mg", 0.0, help_dose, "mg", 0, 0 if nothing else math.inf, because=nothing)
        start = replace(dose, name="start_mg", help=help_start)
        per_day = Parameter("doses_per_day", "usual", help_often, choices=tuple(PER_DAY))
        missed = Parameter("missed_doses", 0, help_missed, "", 0, 0 if nothing else MISSED, because=nothing)
        metaboliser = Parameter("metaboliser", "extensive", "how fast CYP2D6 breaks the drug down", choices=kinds)
        return {p.name: p for p in (choice, dose, per_day, start, start_weeks, missed, metaboliser)}
    own = {kind: rows[f"{drug}.{kind}"] for kind in ("dose", "daily_dose", "per_day") if f"{drug}.{kind}" in rows}
    row, daily, usual = own["dose"], own.get("daily_dose"), own.get("per_day")
    high, studied = row.high, f"one dose of {drug} was studied from {row.low:g} to {row.high:g} {row.unit}"
    if daily and usual:
        number = PER_DAY.get(word(often), 0) or int(usual.value)
        high = min(high, daily.high / number)
        studied += f"; a day's total here stops at {daily.high:g} mg ({daily.preparation})"
    poor = any(symbol.startswith(f"{drug}.") and symbol.endswith("_poor") for symbol in rows)
    source = f"{row.symbol}: {', '.join(row.source)} ({row.status})"
    dose = Parameter(
        "dose_mg", min(row.value, high), help_dose, row.unit, min(row.low, high), high, source=source, because=studied
    )
    if not daily:
        dose = replace(dose, help=f"the rate of the infusion, in {row.unit} whatever the name says")
    infused = "" if daily else f"{drug} is infused all the time"
    start = Parameter("start_mg", 0.0, help_start, row.unit, 0, high, because=studied)
    per_day = Parameter(
        "doses_per_day", "usual", help_often, choices=tuple(PER_DAY) if daily else ("usual",), because=infused
    )
    missed = Parameter("missed_doses", 0, help_missed, "", 0, MISSED if daily else 0, because=infused)
    metaboliser = Parameter(
        "metaboliser", "extensive", "how fast CYP2D6 breaks the drug down", choices=kinds if poor else kinds[:1],
        because="" if poor else f"no numbers of {drug} for others",
    )  # fmt: skip
    return {p.name: p for p in (choice, dose, per_day, start, start_weeks, missed, metaboliser)}


def schedule_faults(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with a starting dose: lower than any that was studied, or taken for longer than the treatment."""
    start: float = values["start_mg"]
    found: list[str] = []
    if not start:
        return found
    row = _drug_rows()[f"{values['drug']}.dose"]
    if start < row.low:
        found.append(
            f"start_mg = {start:g} is out of range: it must be 0 (no starting dose) or at least {row.low:g} {row.unit}, "
            f"the lowest dose of {values['drug']} that was studied"
        )
    if values["start_weeks"] >= values["weeks"]:
        found.append(
            f"start_weeks = {values['start_weeks']:g} must be less than weeks = {values['weeks']:g}, or the dose that "
            "follows the starting dose is never reached; take fewer start_weeks or more weeks"
        )
    return found
