"""Disorders and medicines: what a condition does to norepinephrine, what a drug does about it, and what studies found.

`conditions` holds the conditions, `treatment` the chain from dose to function, `virtual_patients` many people at once,
`clinical_studies` the published observations that all this is held against; here are the numbers of a scenario.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from nbmodel import (
    clinical_studies,
    conditions,
    dialysis,
    drugs,
    norepinephrine_terminal,
    parameters,
    reuptake,
    scenario,
    solve,
    treatment,
    virtual_patients,
)

# Evidence finds a theme's protocols in its module.
from nbmodel.clinical_studies import PROTOCOLS as PROTOCOLS
from nbmodel.network import Array, Network
from nbmodel.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.scenario import Scenario
from nbmodel.treatment import Outcome, Patient

if TYPE_CHECKING:
    import pandas as pd


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


def block(rest: Network, occupancy: float, hours: float, points: int = 289) -> solve.Run:
    """The terminal over `hours` from the moment a drug blocks the share `occupancy` of NET, its store free to change."""
    return solve.run(
        norepinephrine_terminal.with_net_blocked(rest, occupancy),
        np.linspace(0.0, hours * SECONDS_PER_HOUR, points),
    )


def of(case: Scenario) -> Patient:
    """The person of a scenario."""
    return treatment.patient(
        reuptake.resting(float(case["basal_ne"])), case["condition"], case["drug"], case["dose_mg"],
        case["doses_per_day"], case["weeks"], case["metaboliser"],
    )  # fmt: skip


def described(case: Scenario) -> str:
    """Who takes what, in a sentence."""
    condition = case["condition"]
    person = conditions.CONDITIONS[condition]
    reading = "" if condition == "healthy" else f' (read as "{conditions.variants(condition)[0]}")'
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
    return f"{person[0].upper()}{person[1:]}{reading}{kind}: {taken}."


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
        ("methylphenidate_raises_ne", clinical_studies.methylphenidate_raises_ne(rest), "sign"),
        ("fold_high_dose_inhibitor", dialysis.net_inhibitor(rest), "of rest"),
    )


def results(case: Scenario) -> pd.DataFrame:
    """The numbers of the theme for a scenario: a table with columns name, value, unit.

    The case first, then what does not depend on it but on `basal_ne`.
    """
    import pandas as pd

    who = of(case)
    outcome, people = treatment.treat(who), virtual_patients.crowd(who, int(case["patients"]), int(case["seed"]))
    taken, (_, held) = exposure(who), occupied(outcome)
    unit = "of healthy"
    rows: list[tuple[str, float, str]] = [
        ("plasma_peak", taken.peak, "ng/mL"), ("plasma_trough", taken.trough, "ng/mL"), ("plasma_mean", taken.mean, "ng/mL"),
        ("time_to_peak", taken.time_to_peak, "h"), ("accumulation", taken.accumulation, "ratio"),
        ("occupancy_peak", 100 * float(held.max()), "%"), ("occupancy_trough", 100 * float(held.min()), "%"),
        ("occupancy_mean", 100 * float(held.mean()), "%"),
        ("healthy_ne", outcome.healthy, "nM"), ("untreated_ne", outcome.untreated, "nM"), ("treated_ne", outcome.treated, "nM"),
        ("ne_minutes_store_held", outcome.minutes, "nM"), ("ne_weeks_store_held", outcome.weeks, "nM"),
        ("ne_weeks_store_free", outcome.weeks_free, "nM"), ("store_after_weeks", 100 * outcome.store, "%"),
    ]  # fmt: skip
    for name, (before, after) in treatment.changes(who, outcome).items():
        rows += [(f"{name}_untreated", before, unit), (f"{name}_treated", after, unit)]
    for name, of_what in (("untreated", "nM"), ("treated", "nM"), *((name, unit) for name in treatment.READOUTS)):
        middle, low, high = virtual_patients.interval(people[name])
        rows += [
            (f"patients_{name}_{end}", value, of_what)
            for end, value in (("median", middle), ("low", low), ("high", high))
        ]
    rows += general(float(case["basal_ne"]))
    return pd.DataFrame(rows, columns=["name", "value", "unit"])
