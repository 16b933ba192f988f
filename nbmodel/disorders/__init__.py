"""Disorders and medicines: what a condition does to norepinephrine, what a drug does about it, and what studies found.

`conditions` holds the conditions, `treatment` the chain from dose to function, `virtual_patients` many people at once,
`clinical_studies` the published observations that all this is held against; here are the numbers of a scenario.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from nbmodel import drugs, reuptake, scenario
from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.disorders import clinical_studies, conditions, treatment, virtual_patients

# Evidence finds a theme's protocols in its module.
from nbmodel.disorders.clinical_studies import PROTOCOLS as PROTOCOLS
from nbmodel.disorders.treatment import Outcome, Patient
from nbmodel.models import dialysis, norepinephrine_terminal
from nbmodel.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

STILL = 0.02  # a share by which nothing has changed to speak of
SWING = 10  # percentage points, or per cent, that count as a swing

# What a list of many reports shows of each.
KEY_RESULTS = ("occupancy_mean", "ne_untreated_of_healthy", "ne_treated_of_healthy", "sustained_attention_treated")


@remembered
def fold(rest: Network, net_activity: float) -> float:
    """Extracellular NE as a multiple of rest, minutes after NET came to work at `net_activity` times its activity at rest.

    The store has not changed yet.
    """
    endless = norepinephrine_terminal.with_endless_store(rest)
    changed = norepinephrine_terminal.with_net_blocked(endless, 1 - net_activity)
    return solve.steady_state(changed)["ne_e"] / rest["ne_e"]


def folds(rest: Network, occupancies: Array) -> Array:
    """`fold` for each NET occupancy (0 to 1)."""
    return np.array([fold(rest, 1 - float(occupancy)) for occupancy in occupancies])


def variant(case: Scenario) -> str | None:
    """The reading of the condition that a scenario asks for; none for the usual one."""
    return None if case["reading"] == "usual" else str(case["reading"])


def of(case: Scenario, rest: Network | None = None) -> Patient:
    """The person of a scenario (of another terminal at rest, where one is given)."""
    return treatment.patient(
        reuptake.resting(float(case["basal_ne"])) if rest is None else rest, case["condition"], case["drug"], case["dose_mg"],
        case["doses_per_day"], case["weeks"], case["metaboliser"], variant=variant(case), start=case["start_mg"],
        start_weeks=case["start_weeks"], missed=case["missed_doses"],
    )  # fmt: skip


def described(case: Scenario) -> str:
    """Who takes what, in a sentence."""
    condition = case["condition"]
    person = conditions.CONDITIONS[condition]
    read = variant(case) or conditions.variants(condition)[0]
    reading = "" if condition == "healthy" else f' (read as "{read}")'
    if case["drug"] == "none":
        return f"{person[0].upper()}{person[1:]}{reading}, no drug."
    unit = scenario.THEMES["disorders"].given(case.values)["dose_mg"].unit
    number = of(case).given
    assert number is not None
    day = [start for start, _, length in number.intakes if start < drugs.DAY and not length]
    often = {0: "all the time", 1: "once a day", 2: "twice a day", 3: "three times a day"}.get(
        len(day), f"{len(day)} times a day"
    )
    kind = f", {case['metaboliser']} metaboliser" if len(drugs.metabolisers(case["drug"])) > 1 else ""
    use = drugs.drug(case["drug"]).uses.get(condition, "not used in this condition")
    taken = f"{case['drug']} {case['dose_mg']:g} {unit} {often} for {case['weeks']:g} weeks ({use})"
    if case["start_mg"]:
        taken += f", {case['start_mg']:g} {unit} in the first {_counted(case['start_weeks'], 'week')}"
    if case["missed_doses"]:
        taken += f", the last {_counted(case['missed_doses'], 'dose')} left out"
    return f"{person[0].upper()}{person[1:]}{reading}{kind}: {taken}."


def _counted(number: float, what: str) -> str:
    return what if number == 1 else f"{number:g} {what}s"


def told(case: Scenario, who: Patient, outcome: Outcome) -> list[str]:
    """What becomes of NE in a case, a sentence each. Every one follows from its numbers."""
    ne, said, day = outcome.treated / outcome.healthy, [], outcome.day
    before = outcome.untreated / outcome.healthy
    if who.given is None:
        said.append(f"Without a drug NE outside is {before:.2f} of healthy.")
    else:
        name, held = occupied(outcome)
        if name != "none":
            low, high = 100 * float(held.min()), 100 * float(held.max())
            swing = "swings over the day" if high - low > SWING else "hardly moves over the day"
            share = f"{low:.0f} %" if round(low) == round(high) else f"{low:.0f} to {high:.0f} %"
            said.append(f"What the drug holds of {name} {swing}: {share}.")
        if outcome.untreated > 0 and abs(outcome.treated / outcome.untreated - 1) < STILL:
            why = ": the drug acts on target cells alone" if name in ("alpha1", "beta1") else ""
            said.append(f"NE outside stays at {before:.2f} of healthy{why}.")
        else:
            verb = "rises" if outcome.treated > outcome.untreated else "falls"
            times = float(day["NE"].max() / day["NE"].min()) if float(day["NE"].min()) > 0 else 1.0
            within = f" and swings {times:.1f}-fold within the last day" if times > 1 + SWING / 100 else ""
            at_once = f"it would be {outcome.minutes / outcome.healthy:.2f} at once, before receptors adapt"
            later = "it builds up as the drug fills the store" if who.precursor else f"at the same levels {at_once}"
            said.append(f"NE outside {verb} from {before:.2f} to {ne:.2f} of healthy{within}; {later}.")
    return said


def told_of_function(case: Scenario, who: Patient, outcome: Outcome) -> list[str]:
    """The same about the readouts."""
    if not who.readouts:
        return [f"Function is not shown under {who.drug}, which is given to sedate."]
    said = changes_in_words(treatment.changes(who, outcome)) if who.given is not None else []
    attention, startle = (treatment.changes(who, outcome)[name] for name in ("sustained_attention", "startle"))
    if who.given is not None and outcome.treated > outcome.untreated and attention[1] < attention[0] * (1 - STILL):
        said.append("More NE, worse attention: this dose takes the case past the top of the inverted U (overshoot).")
    if case["condition"] != "healthy" and attention[0] > 1 + STILL:
        said.append(
            f"Untreated, this reading of the condition makes attention {attention[0]:.2f} of healthy, better than in health. "
            f"That is not the illness: a basal NE of {case['basal_ne']:g} nM lies below the best level."
        )
    if case["condition"] in ("gad", "ptsd") and startle[0] < 1 + SWING / 100:
        said.append(
            f"Startle untreated is {startle[0]:.2f} of healthy: in the right direction, and too little for 'exaggerated'."
        )
    if who.given is None and not said:
        said.append(f"Without a drug attention is {attention[0]:.2f} and startle {startle[0]:.2f} of healthy.")
    return said


def changes_in_words(function: dict[str, tuple[float, float]]) -> list[str]:
    """Which readouts (untreated, treated, of healthy) rise and fall by more than `STILL` of themselves, and which do not."""
    groups: dict[str, list[str]] = {"Higher than untreated": [], "Lower than untreated": [], "Hardly changed": []}
    for name, (before, after) in function.items():
        words = treatment.READOUTS[name].split(" (")[0]
        shown = f"{words} ({before:.2f} to {after:.2f})"
        if abs(after - before) <= STILL * max(before, after):
            groups["Hardly changed"].append(words)
        else:
            groups["Higher than untreated" if after > before else "Lower than untreated"].append(shown)
    said = [f"{head}: {', '.join(names)}." for head, names in groups.items() if names]
    startle = function["startle"]
    return [*said, "More startle is not better."] if startle[1] > startle[0] * (1 + STILL) else said


def ranges(case: Scenario) -> pd.DataFrame:
    """What the ranges of the case's own numbers do, one number at a time: NE and attention, of healthy, at either end.

    The numbers are those of the condition, of the drug and its targets, and basal NE, each with the range of its table;
    what moves neither by more than `STILL` is left out. These are doubts about the numbers, not differences between people.
    """
    import pandas as pd

    rest, base = reuptake.resting(float(case["basal_ne"])), of(case)
    condition, reading = str(case["condition"]), variant(case)

    def outcome(who: Patient) -> tuple[float, float]:
        found = treatment.treat(who)
        attention = treatment.changes(who, found).get("sustained_attention", (math.nan, math.nan))
        return found.treated / found.healthy, attention[1]

    tried: list[tuple[str, str, list[float], list[Patient]]] = []
    for row in conditions.changes(condition, reading):
        ends = [
            replace(base, untreated=conditions.terminal(rest, condition, reading, {row.parameter: factor}))
            for factor in (row.low, row.high)
        ]
        tried.append((f"{conditions.WORDS[row.parameter]}, factor", "", [row.low, row.high], ends))
    table = drugs.load()
    own = drugs.numbers(case["drug"]) if case["drug"] != "none" else []
    for number in (row for row in own if not row.symbol.endswith(("dose", "molar_mass", "body_weight"))):
        ends = [replace(base, table=table.replace(**{number.symbol: end})) for end in (number.low, number.high)]
        tried.append((number.name, number.unit, [number.low, number.high], ends))
    basal = parameters.load()["x0_ECF"]
    ends = [of(case, reuptake.resting(end)) for end in (basal.low, basal.high)]
    tried.append((basal.name, basal.unit, [basal.low, basal.high], ends))
    usual, rows = outcome(base), []
    for what, unit, values, people in tried:
        low, high = (outcome(who) for who in people)
        moved = max(
            abs(end[n] - usual[n]) / max(usual[n], STILL)
            for end in (low, high)
            for n in (0, 1)
            if base.readouts or n == 0
        )
        if moved > STILL:
            unit = "" if unit == "dimensionless" else f" {unit}"
            rows.append((moved, f"{what}: {values[0]:g} to {values[1]:g}{unit}", low[0], high[0], low[1], high[1]))
    rows.sort(key=lambda row: -row[0])
    columns = [
        "number and its range",
        "NE at low end",
        "NE at high end",
        "attention at low end",
        "attention at high end",
    ]
    found = pd.DataFrame([row[1:] for row in rows], columns=columns)
    return found if base.readouts else found.iloc[:, :3]


def exposure(who: Patient) -> drugs.Exposure:
    """Levels of the drug over the last cycle (all nothing without a drug)."""
    if who.given is None:
        return drugs.Exposure(0.0, 0.0, 0.0, 0.0, 1.0)
    return drugs.exposure(who.drug, who.given, who.metaboliser, who.weight)


def occupied(outcome: Outcome) -> tuple[str, Array]:
    """The drug's first target and the share of it held over the last day; no target where there is none to hold."""
    names = [name for name in outcome.day if name.startswith("occupancy ")]
    return (names[0].removeprefix("occupancy "), outcome.day[names[0]].to_numpy()) if names else ("none", np.zeros(1))


@cache
def general(basal_ne: float) -> tuple[tuple[str, float, str], ...]:
    """The numbers that depend on nothing but basal NE (nM), as rows of `results`."""
    rest = reuptake.resting(basal_ne)
    return (
        ("fold_net_density_mdd", fold(rest, parameters.load().value("NET_MDD", "dimensionless")), "of rest"),
        ("mdd_overflow_of_healthy", clinical_studies.overflow_in_mdd(rest), "of healthy"),
        ("mdd_overflow_with_desipramine", clinical_studies.overflow_with_desipramine(rest), "of healthy"),
        ("ptsd_ne_of_healthy", clinical_studies.ne_of("ptsd", rest), "of healthy"),
        ("yohimbine_in_ptsd_tone_and_brake", clinical_studies.yohimbine_in("ptsd", rest), "sign"),
        ("yohimbine_in_ptsd_tone_only", clinical_studies.yohimbine_in("ptsd", rest, "raised tone only"), "sign"),
        ("startle_in_ptsd", clinical_studies.startle_in_ptsd(rest), "sign"),
        ("ptsd_startle_of_healthy", clinical_studies.startle_of("ptsd", rest), "of healthy"),
        ("yohimbine_on_startle_in_ptsd", clinical_studies.yohimbine_on_startle(rest), "sign"),
        ("methylphenidate_raises_ne", clinical_studies.methylphenidate_raises_ne(rest), "sign"),
        ("attention_on_methylphenidate", clinical_studies.attention_on_methylphenidate(rest), "sign"),
        ("depletion_on_ne_drug", clinical_studies.depletion_on_ne_drug(rest), "sign"),
        ("fold_high_dose_inhibitor", dialysis.net_inhibitor(rest), "of rest"),
    )


def results(case: Scenario) -> pd.DataFrame:
    """The numbers of the theme for a scenario: a table with columns name, value, unit.

    The case first, its key results at the top, then what does not depend on it but on `basal_ne`. Readouts are left out
    under a drug that withholds them. Where a precursor is given, a held store is an empty one, so only the free one counts.
    """
    import pandas as pd

    who = of(case)
    outcome, people = treatment.treat(who), virtual_patients.crowd(who, int(case["patients"]), int(case["seed"]))
    taken, (_, held) = exposure(who), occupied(outcome)
    unit = "of healthy"
    function, at_once = treatment.changes(who, outcome), treatment.changes(who, outcome, "at once")
    rows: list[tuple[str, float, str]] = [
        ("occupancy_mean", 100 * float(held.mean()), "%"),
        ("ne_untreated_of_healthy", outcome.untreated / outcome.healthy, unit),
        ("ne_treated_of_healthy", outcome.treated / outcome.healthy, unit),
    ]  # fmt: skip
    for name, (before, after) in function.items():
        rows += [(f"{name}_treated", after, unit), (f"{name}_untreated", before, unit)]
        rows.append((f"{name}_at_once", at_once[name][1], unit))
    rows += [
        ("occupancy_peak", 100 * float(held.max()), "%"), ("occupancy_trough", 100 * float(held.min()), "%"),
        ("plasma_peak", taken.peak, "ng/mL"), ("plasma_trough", taken.trough, "ng/mL"), ("plasma_mean", taken.mean, "ng/mL"),
        ("time_to_peak", taken.time_to_peak, "h"), ("accumulation", taken.accumulation, "ratio"),
        ("healthy_ne", outcome.healthy, "nM"), ("untreated_ne", outcome.untreated, "nM"), ("treated_ne", outcome.treated, "nM"),
        ("ne_minutes_store_held", outcome.minutes, "nM"), ("ne_weeks_store_held", outcome.weeks, "nM"),
        ("ne_weeks_store_free", outcome.weeks_free, "nM"), ("store_after_weeks", 100 * outcome.store, "%"),
    ]  # fmt: skip
    for name, of_what in (("untreated", "nM"), ("treated", "nM"), *((name, unit) for name in who.readouts)):
        middle, low, high = virtual_patients.interval(people[name])
        rows += [
            (f"patients_{name}_{end}", value, of_what)
            for end, value in (("median", middle), ("low", low), ("high", high))
        ]
    rows += general(float(case["basal_ne"]))
    return pd.DataFrame(rows, columns=["name", "value", "unit"])
