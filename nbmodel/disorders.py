"""Disorders and medicines: what a condition does to norepinephrine, what a drug does about it, and what studies found.

`conditions` holds the conditions, `treatment` the chain from dose to function; here are a scenario's numbers and the
published observations that this theme is held against.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from nbmodel import (
    conditions,
    dialysis,
    drugs,
    norepinephrine_terminal,
    parameters,
    reuptake,
    solve,
    treatment,
    virtual_patients,
)
from nbmodel.dialysis import ANTAGONIST, SECONDS_PER_DAY
from nbmodel.network import Array, Network
from nbmodel.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.scenario import Scenario
from nbmodel.treatment import Effects, Outcome, Patient

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
        ("mdd_overflow_of_healthy", overflow_in_mdd(rest), "of healthy"),
        ("ptsd_ne_of_healthy", ne_of("ptsd", rest), "of healthy"),
        ("methylphenidate_raises_ne", methylphenidate_raises_ne(rest), "sign"),
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


# -- protocols: published observations, repeated on any terminal -----------------------------------------------------


def ne_of(condition: str, rest: Network, variant: str | None = None) -> float:
    """NE outside in a condition, as a multiple of healthy."""
    return conditions.terminal(rest, condition, variant)["ne_e"] / rest["ne_e"]


def sign(difference: float) -> float:
    """The direction of a difference; what is below a part in a million is none."""
    return float(np.sign(difference)) if abs(difference) > 1e-6 else 0.0


def yohimbine_rise(terminal: Network) -> float:
    """The rise of NE (nM) when yohimbine, in a large dose, takes the brake off within minutes."""
    drugged = Effects(a2_antagonist=ANTAGONIST.level)
    return float(treatment.level(terminal, drugged) - treatment.level(terminal))


def yohimbine_in(condition: str, rest: Network, variant: str | None = None) -> float:
    """1 where yohimbine raises NE more than in healthy people, -1 where less (southwick1993, charney1989)."""
    healthy = conditions.terminal(rest, "healthy")
    return sign(yohimbine_rise(conditions.terminal(rest, condition, variant)) - yohimbine_rise(healthy))


def overflow_in_mdd(rest: Network) -> float:
    """What overflows from the brain in depression that resists treatment, as a share of healthy (lambert2000)."""
    return ne_of("mdd", rest, "little release")


def overflow_with_desipramine(rest: Network) -> float:
    """The same with desipramine in a vein, whose occupancy is taken as that of a high dose."""
    share = parameters.load().value("occ_NRI_high", "dimensionless")
    patient = conditions.terminal(rest, "mdd", "little release")
    return float(treatment.level(patient, Effects(net_free=1 - share))) / 1e3 / rest["ne_e"]


def net_in_mdd(_: Network) -> float:
    """How much more NET there is in depression than in health, as a share."""
    return conditions.changes("mdd")[0].factor - 1


def melancholic_above_healthy(rest: Network) -> float:
    """1 where melancholic depression has more NE than health (gold2005)."""
    return sign(ne_of("mdd_melancholic", rest) - 1)


def methylphenidate_occupancy(_: Network) -> float:
    """NET held at the middle of the scan, mean of 0.35 and 0.55 mg/kg (hannestad2010)."""
    p = drugs.load()
    body, scan = p.value("body_weight", "kg"), p.value("methylphenidate.scan_time", "h")
    shares = [after_one("methylphenidate", dose * body, scan) for dose in (0.35, 0.55)]
    return float(np.mean(shares))


def after_one(name: str, dose: float, hours: float | None = None) -> float:
    """Occupancy `hours` after one dose (mg), or at its peak."""
    taken = drugs.regimen(name, dose, count=1)
    plasma = drugs.exposure(name, taken).peak if hours is None else drugs.plasma(name, taken, [hours])[0]
    return float(drugs.occupancy(name, plasma))


def methylphenidate_fold(rest: Network) -> float:
    """NE at the peak of one low dose (10 mg), as a multiple of before."""
    healthy = conditions.terminal(rest, "healthy")
    share = after_one("methylphenidate", 10.0)
    return float(treatment.level(healthy, Effects(net_free=1 - share)) / treatment.level(healthy))


def methylphenidate_raises_ne(rest: Network) -> float:
    """1 where a low dose of methylphenidate raises NE in prefrontal cortex (berridge2006)."""
    return sign(methylphenidate_fold(rest) - 1)


def methylphenidate_outside(rest: Network) -> float:
    """What it adds outside prefrontal cortex, where the model has no other terminal than its one."""
    return methylphenidate_fold(rest) - 1


def venlafaxine_knee(_: Network) -> float:
    """The dose of venlafaxine a day (mg) at which half of NET is held at the mean level (tyramine2022)."""
    given = drugs.regimen("venlafaxine")
    day = np.linspace(given.hours - drugs.DAY, given.hours, treatment.MOMENTS)
    dose = given.intakes[0][1]
    return dose / float(drugs.course(given, day)["multiples NET"].mean())


def tyramine_order(_: Network) -> float:
    """1 where 25 mg of atomoxetine a day holds more NET than 150 mg of venlafaxine (tyramine2022)."""
    held = []
    for name, dose in (("atomoxetine", 25.0), ("venlafaxine", 150.0)):
        given = drugs.regimen(name, dose)
        day = np.linspace(given.hours - drugs.DAY, given.hours, treatment.MOMENTS)
        held.append(float(drugs.course(given, day)["occupancy NET"].mean()))
    return sign(held[0] - held[1])


def depletion(rest: Network, occupancy: float) -> float:
    """The fall of NE (nM) over two days of alpha-methyltyrosine on a NET inhibitor taken for two weeks."""
    start = norepinephrine_terminal.with_net_blocked(conditions.terminal(rest, "healthy"), occupancy)
    before = solve.run(start, [0.0, 14 * SECONDS_PER_DAY], rtol=1e-6, atol=1e-10)
    left = 1 - parameters.load().value("block_aMT", "dimensionless")
    depleted = start.starting_at(before.final).replace(th_activity=left)
    low = solve.run(depleted, [0.0, 2 * SECONDS_PER_DAY], rtol=1e-6, atol=1e-10)
    return 1e3 * (before.final["ne_e"] - low.final["ne_e"])


def depletion_on_ne_drug(rest: Network) -> float:
    """1 where depletion takes more NE from those on a NET inhibitor than from those on a drug without NET (miller1996)."""
    return sign(depletion(rest, parameters.load().value("occ_NRI_high", "dimensionless")) - depletion(rest, 0.0))


def droxidopa_restores(rest: Network) -> float:
    """NE in DBH deficiency after two weeks of droxidopa, as a multiple of healthy (biaggioni1987)."""
    who = treatment.patient(rest, "dbh_deficiency", "droxidopa")
    return float(treatment.free(who)["ne_e"][-1]) / rest["ne_e"]


def dopamine_with_droxidopa(rest: Network) -> float:
    """-1 where droxidopa lowers the dopamine that leaves the terminals in DBH deficiency (biaggioni1987)."""
    run = treatment.free(treatment.patient(rest, "dbh_deficiency", "droxidopa"))
    return sign(float(run["da_e"][-1] / run["da_e"][0]) - 1)


def cognition_without_dbh(name: str, rest: Network) -> float:
    """A readout in DBH deficiency off treatment, as a multiple of healthy (jepma2011)."""
    levels = np.array([1e3 * conditions.terminal(rest, "dbh_deficiency")["ne_e"], 1e3 * rest["ne_e"]])
    without, healthy = treatment.readout(name, levels)
    return float(without / healthy)


def once(name: str, dose: float) -> drugs.Exposure:
    """The exposure to one dose (mg)."""
    return drugs.exposure(name, drugs.regimen(name, dose, count=1))


def three_times(quantity: str, _: Network) -> float:
    """Methylphenidate 5 mg every four hours, three times (label)."""
    return float(getattr(drugs.exposure("methylphenidate", drugs.regimen("methylphenidate", 5.0, count=3)), quantity))


def steady(name: str, quantity: str, dose: float, interval: float | None, _: Network) -> float:
    """A quantity of the exposure at steady state."""
    return float(getattr(drugs.steady_state(name, dose, interval), quantity))


PROTOCOLS: dict[str, Callable[[Network], float]] = {
    "ptsd_csf": partial(ne_of, "ptsd"),
    "yohimbine_in_ptsd": partial(yohimbine_in, "ptsd"),
    "yohimbine_in_ptsd_tone_only": partial(yohimbine_in, "ptsd", variant="raised tone only"),
    "yohimbine_in_gad": partial(yohimbine_in, "gad"),
    "overflow_in_mdd": overflow_in_mdd,
    "overflow_with_desipramine": overflow_with_desipramine,
    "net_in_mdd": net_in_mdd,
    "melancholic_above_healthy": melancholic_above_healthy,
    "methylphenidate_occupancy": methylphenidate_occupancy,
    "methylphenidate_raises_ne": methylphenidate_raises_ne,
    "methylphenidate_outside": methylphenidate_outside,
    "venlafaxine_knee": venlafaxine_knee,
    "tyramine_order": tyramine_order,
    "depletion_on_ne_drug": depletion_on_ne_drug,
    "droxidopa_restores": droxidopa_restores,
    "dopamine_with_droxidopa": dopamine_with_droxidopa,
    "memory_without_dbh": partial(cognition_without_dbh, "working_memory"),
    "attention_without_dbh": partial(cognition_without_dbh, "sustained_attention"),
    "atomoxetine_40_cmax": lambda _: once("atomoxetine", 40.0).peak,
    "atomoxetine_80_cmax": partial(steady, "atomoxetine", "peak", 80.0, None),
    "atomoxetine_80_trough": partial(steady, "atomoxetine", "trough", 80.0, None),
    "methylphenidate_cmax": partial(three_times, "peak"),
    "methylphenidate_tmax": partial(three_times, "time_to_peak"),
    "guanfacine_accumulation": lambda _: drugs.steady_state("guanfacine", 2.0).peak / once("guanfacine", 2.0).peak,
    "propranolol_accumulation": partial(steady, "propranolol", "accumulation", 160.0, 24.0),
    "nortriptyline_25_level": lambda _: once("nortriptyline", 25.0).peak,
    "nortriptyline_75_level": lambda _: once("nortriptyline", 75.0).peak,
    "nortriptyline_10_occupancy": lambda _: after_one("nortriptyline", 10.0),
    "nortriptyline_25_occupancy": lambda _: after_one("nortriptyline", 25.0),
    "nortriptyline_75_occupancy": lambda _: after_one("nortriptyline", 75.0),
}
