"""The person of a scenario, and what becomes of norepinephrine and function in that case, in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nbmodel import drugs
from nbmodel.core.network import Array, Network
from nbmodel.disorders import conditions, readouts, treatment
from nbmodel.disorders.treatment import Outcome, Patient
from nbmodel.models.norepinephrine_terminal import resting

STILL = 0.02  # a share by which nothing has changed to speak of
HARDLY = 0.05  # a share that lies within the doubt about any readout
SWING = 10  # percentage points, or per cent, that count as a swing
METABOLISERS = {"extensive": "normal", "poor": "poor"}  # in the words that clinics use today
STATUS = {"verified": "published", "to confirm": "to confirm", "derived": "derived", "assumed": "assumed"}
GIVEN_TO_RATS = ("atomoxetine", "reboxetine", "desipramine")  # NET inhibitors whose effect on NE was followed there
# Where rows of evidence name a condition, they name it so.
NAMED = {
    "mdd": ("depression",),
    "mdd_melancholic": ("melanchol",),
    "gad": ("generalised anxiety",),
    "ptsd": ("PTSD",),
    "adhd": ("ADHD",),
    "dbh_deficiency": ("DBH deficiency", "without_dbh"),
}


def variant(case: Mapping[str, Any]) -> str | None:
    """Reading of the condition that a scenario asks for; None for the usual one."""
    return None if case["reading"] == "usual" else str(case["reading"])


def of(case: Mapping[str, Any], rest: Network | None = None) -> Patient:
    """Person of a scenario (of another terminal at rest, where one is given)."""
    return treatment.patient(
        rest or resting(float(case["basal_ne"])),
        case["condition"],
        case["drug"],
        case["dose_mg"],
        case["doses_per_day"],
        case["weeks"],
        case["metaboliser"],
        variant=variant(case),
        start=case["start_mg"],
        start_weeks=case["start_weeks"],
        missed=case["missed_doses"],
    )


def terminal(case: Mapping[str, Any]) -> Network:
    """Terminal of the person of a scenario, untreated."""
    return of(case).untreated


def described(case: Mapping[str, Any]) -> str:
    """Sentences that say who takes what, and which contested assumption stands for the condition.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> described(scenario.make("disorders", {"condition": "healthy", "drug": "none"}))
    'A healthy person, no drug.'
    """
    condition = case["condition"]
    person = conditions.CONDITIONS[condition]
    read = variant(case) or conditions.variants(condition)[0]
    person = f"{person[0].upper()}{person[1:]}"
    reading = "" if condition == "healthy" else f" {_assumed(condition, read)}"
    if case["drug"] == "none":
        return f"{person}, no drug.{reading}"
    unit = drugs.load()[f"{case['drug']}.dose"].unit
    number = of(case).given
    assert number is not None
    day = [start for start, _, length in number.intakes if start < drugs.DAY and not length]
    often = {0: "all the time", 1: "once a day", 2: "twice a day", 3: "three times a day"}.get(
        len(day), f"{len(day)} times a day"
    )
    kind = f", {METABOLISERS[case['metaboliser']]} metaboliser" if len(drugs.metabolisers(case["drug"])) > 1 else ""
    use = drugs.drug(case["drug"]).uses.get(condition, "not used in this condition")
    # Where a use is approved differs from country to country, so that is not said.
    aside = "" if use == "approved" or condition == "healthy" else f" ({use})"
    taken = f"{case['drug']} {case['dose_mg']:g} {unit} {often} for {case['weeks']:g} weeks{aside}"
    if case["start_mg"]:
        taken += f", {case['start_mg']:g} {unit} in the first {_counted(case['start_weeks'], 'week')}"
    if case["missed_doses"]:
        taken += f", the last {_counted(case['missed_doses'], 'dose')} left out"
    return f"{person}{kind}: {taken}.{reading}"


def _assumed(condition: str, reading: str) -> str:
    """Sentence that says how a condition is put into the model, and that this is contested where it is."""
    rows = conditions.changes(condition, reading)
    how = " and ".join(f"{row.changed} × {row.factor:g} ({STATUS.get(row.status, row.status)})" for row in rows)
    contested = "Contested: " if any(row.contested for row in rows) else ""
    return f'{contested}read as "{reading}", {how}.' if contested else f'Read as "{reading}": {how}.'


def others_of_its_kind(case: Mapping[str, Any]) -> tuple[str, ...]:
    """Other drugs that block NET, if the drug of a scenario does: what such drugs do in rats bears on it.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> others_of_its_kind(scenario.make("disorders"))
    ('reboxetine', 'desipramine')
    """
    if case["drug"] == "none" or drugs.drug(case["drug"]).targets[0].site != "NET":
        return ()
    return tuple(name for name in GIVEN_TO_RATS if name != case["drug"])


def names(case: Mapping[str, Any]) -> tuple[str, ...]:
    """Words by which published observations name the drug and the condition of a scenario.

    A drug that stimulates alpha2 receptors is also held against what clonidine does.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> names(scenario.make("disorders"))
    ('atomoxetine', 'ADHD')
    """
    found = [] if case["drug"] == "none" else [str(case["drug"])]
    if (
        found
        and any(target.action == "agonist" for target in drugs.drug(found[0]).targets)
        and "clonidine" not in found
    ):
        found.append("clonidine")
    return (*found, *NAMED.get(str(case["condition"]), ()))


def ratio(value: float) -> str:
    """Multiple of healthy with as many digits as are meant: one decimal, two below a fifth.

    Examples
    --------
    >>> ratio(1.564), ratio(0.083)
    ('1.6', '0.08')
    """
    return f"{value:.1f}" if value >= 0.2 or value == 0 else f"{value:.2f}"


def _counted(number: float, what: str) -> str:
    return what if number == 1 else f"{number:g} {what}s"


def told(case: Mapping[str, Any], who: Patient, outcome: Outcome) -> list[str]:
    """Sentences about what becomes of NE in a case; every one follows from its numbers."""
    ne, said, day = outcome.treated / outcome.healthy, [], outcome.day
    before = outcome.untreated / outcome.healthy
    if who.given is None:
        said.append(f"Without a drug NE outside is {ratio(before)} of healthy.")
    else:
        name, held = occupied(outcome)
        if name != "none":
            low, high = 100 * float(held.min()), 100 * float(held.max())
            swing = "swings over the day" if high - low > SWING else "hardly moves over the day"
            share = f"{low:.0f} %" if round(low) == round(high) else f"{low:.0f} to {high:.0f} %"
            said.append(f"Occupancy of {name} {swing}: {share}.")
        if outcome.untreated > 0 and abs(outcome.treated / outcome.untreated - 1) < STILL:
            why = ": the drug acts on target cells alone" if name in ("alpha1", "beta1") else ""
            said.append(f"NE outside stays at {ratio(before)} of healthy{why}.")
        else:
            verb = "rises" if outcome.treated > outcome.untreated else "falls"
            times = float(day["NE"].max() / day["NE"].min()) if float(day["NE"].min()) > 0 else 1.0
            within = f"; within the day it swings {times:.1f}-fold" if times > 1 + SWING / 100 else ""
            to = (
                f"to {ratio(ne)} of healthy: it builds up as the drug fills the store"
                if outcome.untreated <= 0
                else f"to {ratio(outcome.treated / outcome.untreated)} times its untreated level, the mean of the day"
            )
            said.append(f"NE outside {verb} {to}{within}.")
    return said


def told_of_function(case: Mapping[str, Any], who: Patient, outcome: Outcome) -> list[str]:
    """Sentences about what becomes of function in a case; every one follows from its numbers."""
    if not who.readouts:
        return [f"Function is not shown under {who.drug}, which is given to sedate."]
    said = changes_in_words(treatment.changes(who, outcome)) if who.given is not None else []
    return said + warnings(case, who, outcome, bool(said))


def warnings(case: Mapping[str, Any], who: Patient, outcome: Outcome, told: bool = True) -> list[str]:
    """Sentences that keep somebody from taking the readouts of a case for more than they are.

    `told` says that something was told of function before; else what it is without a drug is said.
    """
    said: list[str] = []
    if not who.readouts:
        return said
    attention, startle = (treatment.changes(who, outcome)[name] for name in ("sustained_attention", "startle"))
    # A drug at the receptors themselves can make attention worse without any overshoot.
    by_ne = who.drug != "none" and all(target.site == "NET" for target in drugs.drug(who.drug).targets)
    if by_ne and outcome.treated > outcome.untreated and attention[1] < attention[0] * (1 - STILL):
        said.append("More NE, worse attention: this dose takes the case past the top of the inverted U (overshoot).")
    if case["condition"] != "healthy" and attention[0] > 1 + STILL:
        said.append(
            f"Untreated, this reading of the condition makes the readout of attention {ratio(attention[0])} of healthy, better "
            f"than in health. That is not the illness: a basal NE of {case['basal_ne']:g} nM lies below the best level."
        )
    if case["condition"] in ("gad", "ptsd") and startle[0] < 1 + SWING / 100:
        said.append(
            f"The readout of startle is {ratio(startle[0])} of healthy untreated, too little for 'exaggerated'."
        )
    if who.given is None and not said and not told:
        said.append(f"Without a drug attention is {ratio(attention[0])} and startle {ratio(startle[0])} of healthy.")
    return said


def changes_in_words(function: dict[str, tuple[float, float]]) -> list[str]:
    """Sentences that name the readouts that rise, fall, or stay within `HARDLY` of themselves (untreated to treated)."""
    groups: dict[str, list[str]] = {"Higher than untreated": [], "Lower than untreated": [], "Hardly changed": []}
    for name, (before, after) in function.items():
        words = readouts.READOUTS[name].split(" (")[0]
        shown = f"{words} ({ratio(before)} to {ratio(after)})"
        if abs(after - before) <= HARDLY * max(before, after):
            groups["Hardly changed"].append(words)
        else:
            groups["Higher than untreated" if after > before else "Lower than untreated"].append(shown)
    said = [f"{head}: {', '.join(names)}." for head, names in groups.items() if names]
    startle = function["startle"]
    return [*said, "For startle, higher is not better."] if startle[1] > startle[0] * (1 + HARDLY) else said


def exposure(who: Patient) -> drugs.Exposure:
    """Exposure to the drug over the last cycle (all nothing without a drug)."""
    if who.given is None:
        return drugs.Exposure(0.0, 0.0, 0.0, 0.0, 1.0)
    return drugs.exposure(who.drug, who.given, who.metaboliser, who.weight)


def occupied(outcome: Outcome) -> tuple[str, Array]:
    """Name of the drug's first target and its occupancy over the last day; 'none' where there is no occupancy."""
    names = [name for name in outcome.day if name.startswith("occupancy ")]
    return (names[0].removeprefix("occupancy "), outcome.day[names[0]].to_numpy()) if names else ("none", np.zeros(1))
