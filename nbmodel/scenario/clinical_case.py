"""Settings of a person and a treatment: a condition has its readings, a drug the doses in which it was studied.

Both follow from their files (`conditions.toml`, `drugs.toml`); what is made of them is for `conditions` and `drugs`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nbmodel.data import condition_table, formulary
from nbmodel.scenario.setting import Setting, word

MISSED = 3  # of the last doses, at most


def condition_names() -> tuple[str, ...]:
    """Return the conditions that can be set, in the order of `conditions.toml`.

    Examples
    --------
    >>> condition_names()[:2]
    ('healthy', 'mdd')
    """
    return tuple(condition_table.conditions())


def drug_names() -> tuple[str, ...]:
    """Return the drugs that can be given, in the order of `drugs.toml`, after 'none'.

    Examples
    --------
    >>> drug_names()[:3]
    ('none', 'atomoxetine', 'reboxetine')
    """
    return ("none", *formulary.medicines())


def case(values: Mapping[str, object]) -> dict[str, Setting]:
    """Return all the settings that the condition and the drug of `values` decide, by name.

    Examples
    --------
    >>> case({"condition": "adhd", "drug": "atomoxetine"})["dose_mg"].range
    '10 to 100'
    """
    return {**_reading(values), **_treatment(values)}


def _reading(values: Mapping[str, object]) -> dict[str, Setting]:
    """Reading of the condition in `values` (of one that is unknown: any)."""
    condition = word(values.get("condition", "adhd"))
    every = condition_table.conditions()
    of_all = tuple(dict.fromkeys(reading for each in every.values() for reading in each.readings))
    known = every[condition].readings if condition in every else of_all
    because = f"the readings of {condition[:80]}" if known else f"{condition[:80]} has no other reading"
    helped = "how the condition is read into the model where studies disagree (usual: the first)"
    return {"reading": Setting("reading", "usual", helped, choices=("usual", *known), because=because)}


def _treatment(values: Mapping[str, object]) -> dict[str, Setting]:
    """Drug, doses, schedule and kind of metaboliser, as the drug of `values` allows them (a drug that is unknown: any)."""
    names = drug_names()
    drug, often = values.get("drug", "atomoxetine"), values.get("doses_per_day", "usual")
    help_start, help_missed = "a dose to start with (titration), 0 for none", "how many of the last doses were left out"
    start_weeks = Setting("start_weeks", 1.0, "how long the starting dose is taken", "week", 0.5, 11)
    choice = Setting("drug", "atomoxetine", "the medicine, or none", choices=names)
    help_dose, help_often = "one dose", "doses a day: the usual number, or others evenly round the clock"
    help_metaboliser = "how fast CYP2D6 breaks the drug down"
    if drug not in names or drug == "none":
        nothing = "without a drug there is no dose" if drug == "none" else ""
        dose = Setting("dose_mg", 0.0, help_dose, "mg", 0, 0 if nothing else math.inf, because=nothing)
        start = replace(dose, name="start_mg", help=help_start)
        per_day = Setting("doses_per_day", "usual", help_often, choices=tuple(formulary.PER_DAY))
        missed = Setting("missed_doses", 0, help_missed, "", 0, 0 if nothing else MISSED, because=nothing)
        metaboliser = Setting("metaboliser", "extensive", help_metaboliser, choices=("extensive", "poor"))
        return {p.name: p for p in (choice, dose, per_day, start, start_weeks, missed, metaboliser)}
    rows, known_kinds = formulary.drug(drug).numbers, formulary.metabolisers(drug)
    row, daily, usual = (rows.get(f"{drug}.{quantity}") for quantity in ("dose", "daily_dose", "per_day"))
    assert row is not None  # every drug that is given has a dose; the formulary checks it
    high, studied = row.high, f"one dose of {drug} was studied from {row.low:g} to {row.high:g} {row.unit}"
    if daily and usual:
        number = formulary.PER_DAY.get(word(often), 0) or int(usual.value)
        high = min(high, daily.high / number)
        studied += f"; a day's total here stops at {daily.high:g} mg ({daily.preparation})"
    source = f"{row.symbol}: {', '.join(row.source)} ({row.status})"
    dose = Setting(
        "dose_mg", min(row.value, high), help_dose, row.unit, min(row.low, high), high, source=source, because=studied
    )
    if not daily:
        dose = replace(dose, help=f"the rate of the infusion, in {row.unit} whatever the name says")
    infused = "" if daily else f"{drug} is infused all the time"
    start = Setting("start_mg", 0.0, help_start, row.unit, 0, high, because=studied)
    per_day = Setting(
        "doses_per_day", "usual", help_often, choices=tuple(formulary.PER_DAY) if daily else ("usual",), because=infused
    )
    missed = Setting("missed_doses", 0, help_missed, "", 0, MISSED if daily else 0, because=infused)
    because = "" if len(known_kinds) > 1 else f"no numbers of {drug} for others"
    metaboliser = Setting("metaboliser", "extensive", help_metaboliser, choices=known_kinds, because=because)
    return {p.name: p for p in (choice, dose, per_day, start, start_weeks, missed, metaboliser)}


def title(values: Mapping[str, Any]) -> str:
    """Return what names a case: condition, drug, dose a day, and what else is not the usual.

    Examples
    --------
    >>> usual = {"reading": "usual", "doses_per_day": "usual", "metaboliser": "extensive"}
    >>> title({**usual, "condition": "adhd", "drug": "atomoxetine", "dose_mg": 40.0})
    'ADHD on atomoxetine 40 mg/day: one simulated person'
    >>> title({**usual, "condition": "healthy", "drug": "none", "dose_mg": 0.0})
    'Healthy, no drug: one simulated person'
    """
    condition, drug = str(values["condition"]), str(values["drug"])
    name = condition_table.conditions()[condition].name
    short = re.search(r"\((.+)\)", name)
    who = "Healthy" if condition == "healthy" else short[1] if short else name[0].upper() + name[1:]
    who += "" if values["reading"] == "usual" else f", read as {values['reading']},"
    if drug == "none":
        return f"{who.rstrip(',')}, no drug: one simulated person"
    rows = formulary.drug(drug).numbers
    dose, usual = rows[f"{drug}.dose"], rows.get(f"{drug}.per_day")
    often = formulary.PER_DAY[values["doses_per_day"]] or (int(usual.value) if usual else 1)
    amount = f"{often * values['dose_mg']:g} {dose.unit}" + ("/day" if usual else "")
    comma = "," if condition == "healthy" or ("," in name and who[-1] != ",") else ""
    slow = ", poor metaboliser" if values["metaboliser"] == "poor" else ""
    return f"{who}{comma} on {drug} {amount}{slow}: one simulated person"


def schedule_faults(values: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a starting dose, a sentence each.

    It may be lower than any that was studied, or taken for longer than the treatment.

    Examples
    --------
    >>> schedule_faults({"drug": "atomoxetine", "start_mg": 20.0, "start_weeks": 1.0, "weeks": 2.0})
    []
    """
    start: float = values["start_mg"]
    found: list[str] = []
    if not start:
        return found
    row = formulary.load()[f"{values['drug']}.dose"]
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
