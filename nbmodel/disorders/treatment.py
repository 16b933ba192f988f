"""From dose to function in one person, and in many: plasma, occupancy, norepinephrine outside, receptors, readouts.

Two time scales are kept apart. Outside the cells NE follows a drug's level within a minute, so over a day it is taken
to be in balance at each moment, with the store *clamped*. Over weeks autoreceptors adapt, and the store may empty.

The terminal loses too much NE once NET is blocked for long (rows V53 and V56 of the evidence): left *free*, its store
runs down within half a day and NE loses most of its rise, where in rats it stays raised for weeks.
So what is printed as treated is the store clamped and receptors adapted, and the free store stands beside it. For a
precursor (droxidopa) it is the free store that counts: filling it is what the drug does.

Levels come from `drugs`, NE from `clamped_balance`, function from `readouts`. Not for clinical use.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nbmodel import drugs
from nbmodel.core import solve
from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array, Network
from nbmodel.data.formulary import PER_DAY
from nbmodel.data.parameters import Parameters
from nbmodel.disorders import conditions
from nbmodel.disorders.clamped_balance import NOTHING, Effects, adapted, level
from nbmodel.disorders.readouts import READOUTS, at_alpha2, k_beta, readout
from nbmodel.drugs import DAY, WEEK, Regimen
from nbmodel.models import gain, receptors
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR

if TYPE_CHECKING:
    import pandas as pd

# Days at which the levels of the run with a free store step: each stretch has the mean of its levels.
STRETCHES = (0.0, 1.0, 3.0, 7.0)
MOMENTS = 97  # of a stretch of time


@dataclass(frozen=True, slots=True)
class Patient:
    """A person: the healthy terminal and that of the condition, both untreated; the drug, its schedule, the body.

    `table` stands in for the drugs' numbers, to see what another value of one does.
    """

    healthy: Network
    untreated: Network
    drug: str = "none"
    given: Regimen | None = None
    metaboliser: str = "extensive"
    weight: float | None = None
    table: Parameters | None = None

    @property
    def hours(self) -> float:
        """Length of the treatment, h."""
        return self.given.hours if self.given else WEEK

    @property
    def precursor(self) -> bool:
        """Whether the drug is turned into NE."""
        return self.drug != "none" and drugs.drug(self.drug).targets[0].action == "substrate"

    @property
    def readouts(self) -> tuple[str, ...]:
        """The `READOUTS` that may be shown: none for a drug under which they would mislead."""
        return () if self.drug != "none" and drugs.drug(self.drug).withheld else tuple(READOUTS)


def patient(
    rest: Network, condition: str, drug: str = "none", dose: float | None = None, doses_per_day: str = "usual",
    weeks: float = 2.0, metaboliser: str = "extensive", weight: float | None = None, variant: str | None = None,
    start: float = 0.0, start_weeks: float = 1.0, missed: int = 0,
) -> Patient:  # fmt: skip
    """A person with a condition (a reading of it) on a drug for `weeks`, at the usual dose and number a day unless given.

    A `start` of more than nothing is the dose of the first `start_weeks`; `missed` is how many of the last doses were left
    out. Raises ConditionError and DrugError for what there is not or was not studied.
    """
    untreated, healthy = conditions.terminal(rest, condition, variant), conditions.terminal(rest, "healthy")
    if drug == "none":
        return Patient(healthy, untreated)
    often, usual = PER_DAY[doses_per_day] or None, drugs.load()[f"{drugs.drug(drug).name}.dose"].value
    dose = usual if dose is None else dose
    titration = {start_weeks * WEEK / DAY: dose} if start else None

    def schedule(left_out: tuple[int, ...]) -> Regimen:
        return drugs.regimen(
            drug, start or dose, DAY / often if often else None, often, weeks, missed=left_out, titration=titration
        )

    given = schedule(())
    if missed:
        doses = len(given.intakes)
        given = schedule(tuple(range(doses - missed + 1, doses + 1)))
    drugs.profile(drug, metaboliser, weight)  # refuses a metaboliser without numbers before any work
    return Patient(healthy, untreated, drug, given, metaboliser, weight)


# -- what levels do ------------------------------------------------------------------------------------------------


def effects(who: Patient, times: Array, clearance: float = 1.0) -> Effects:
    """What the drug does to `who` at `times` (h); levels are those of the usual person over a relative `clearance`."""
    if who.given is None:
        none = {f.name: getattr(NOTHING, f.name) + np.zeros_like(times) for f in fields(Effects)}
        return Effects(**{**none, "a2_efficacy": 1.0})
    p, medicine = who.table or drugs.load(), drugs.drug(who.drug)
    course = drugs.time_course(who.given, times, who.metaboliser, who.weight, p, clearance)
    found: dict[str, Value] = {f.name: np.zeros_like(times) for f in fields(Effects)}
    found |= {"net_free": np.ones_like(times), "a2_efficacy": 1.0}
    for target in medicine.targets:
        if target.basis == "none":
            share = p.value("droxidopa_share", "dimensionless") / usual_level(who.drug)
            found["precursor"] = share * course[f"plasma {who.drug}"].to_numpy()
            continue
        m = course[f"multiples {target.site}"].to_numpy()
        if target.site == "NET":
            found["net_free"] = 1 - drugs.maximal_occupancy(who.drug, target.site, p) * m / (1 + m)
        elif target.action == "agonist":
            found |= {"a2_agonist": m, "a2_efficacy": drugs.efficacy(who.drug, target.site, p)}
        else:
            found[{"alpha2": "a2_antagonist", "alpha1": "a1_antagonist", "beta1": "b1_antagonist"}[target.site]] = m
    return Effects(**found)


@cache
def usual_level(name: str) -> float:
    """Mean level (ng/mL) of the usual dose at steady state in the usual person."""
    return drugs.exposure_at_steady_state(name).mean


def last_day(who: Patient) -> Array:
    """The moments (h) of the last day of treatment, or of a day without one."""
    return drugs.last_day(who.given) if who.given else np.linspace(who.hours - DAY, who.hours, MOMENTS)


def last_week(who: Patient) -> Array:
    """Moments (h) of the last week of treatment, whose mean is what receptors have adapted to."""
    return np.linspace(max(who.hours - WEEK, 0.0), who.hours, MOMENTS)


def over(who: Patient, start: float, end: float, clearance: float = 1.0) -> Effects:
    """Steady effects like those of the drug from `start` to `end` (h)."""
    return effects(who, np.linspace(start, end, MOMENTS), clearance).averaged()


@lru_cache(maxsize=32)
def free(who: Patient) -> solve.Run:
    """The terminal over the treatment with its store free, under levels that step at `STRETCHES` (days). Times in s."""
    ends = [day for day in STRETCHES if day * DAY < who.hours] + [who.hours / DAY]
    steps = []
    for start, end in pairwise(ends):
        e = over(who, start * DAY, end * DAY)
        change = {
            "net_activity": who.untreated.parameters["net_activity"] * e.net_free, "a2_agonist": e.a2_agonist,
            "a2_efficacy": e.a2_efficacy, "a2_antagonist": e.a2_antagonist,
            "droxidopa_supply": e.precursor * who.healthy.flux("DBH"),
        }  # fmt: skip
        steps.append(solve.Step(start * DAY * SECONDS_PER_HOUR, change))
    times = np.union1d(np.linspace(0.0, who.hours, MOMENTS), np.array(ends) * DAY) * SECONDS_PER_HOUR
    return solve.run(who.untreated, times, steps, rtol=1e-6, atol=1e-10)


# -- one person ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of one person. NE in nM; `day` has a row per moment of the last day (index: h since its start).

    `minutes` is NE at the last day's levels before anything adapts, `weeks` after autoreceptors have adapted, both with the
    store held as it was untreated (empty where there was no NE). `treated` is the one to read. Columns of `day` that end in
    `at once` go with `minutes`, the others with `treated`.
    """

    who: Patient
    healthy: float
    untreated: float
    minutes: float
    weeks: float
    treated: float
    day: pd.DataFrame

    @cached_property
    def free(self) -> solve.Run:
        """The treatment with the store free. It takes most of the time of a case, so it is run when it is asked for."""
        return free(self.who)

    @property
    def weeks_free(self) -> float:
        """NE (nM) at the end with the store free."""
        return 1e3 * self.free.final["ne_e"]

    @property
    def store(self) -> float:
        """What is then left of the store, as a share of the untreated one (of a healthy one where there was none)."""
        before = self.who.untreated["ne_v"]
        return self.free.final["ne_v"] / (before if before > 0 else self.who.healthy["ne_v"])


@lru_cache(maxsize=128)
def treat(who: Patient) -> Outcome:
    """Follow one person to the end of the treatment: levels, NE and readouts of the last day, and the weeks before.

    It is kept, as a page and its results ask for the same people.
    """
    import pandas as pd

    times = last_day(who)
    e = effects(who, times)
    if who.precursor:
        base = who.untreated.starting_at(free(who).final)
        number = np.asarray(base["alpha2"])
    else:
        base, number = who.untreated, adapted(who.untreated, effects(who, last_week(who)).averaged(), who.hours / DAY)
    ne, at_once = level(base, e, number), level(who.untreated, e)
    table: dict[str, Array] = {}
    if who.given is not None:
        course = drugs.time_course(who.given, times, who.metaboliser, who.weight, who.table)
        table |= {name: course[name].to_numpy() for name in course if not name.startswith("multiples")}
    table["NE"] = ne
    k, (agonist, antagonist) = gain.affinities(), at_alpha2(e)
    table["alpha2 stimulated"] = np.asarray(receptors.competing_occupancy(ne, k.a2, agonist, antagonist=antagonist))
    table["alpha1 stimulated"] = np.asarray(receptors.competing_occupancy(ne, k.a1, antagonist=e.a1_antagonist))
    table["beta1 stimulated"] = np.asarray(receptors.competing_occupancy(ne, k_beta(), antagonist=e.b1_antagonist))
    for name in who.readouts:
        table |= {name: readout(name, ne, e), f"{name} at once": readout(name, at_once, e)}
    minutes, treated = float(np.mean(at_once)), float(np.mean(ne))
    return Outcome(
        who, 1e3 * who.healthy["ne_e"], 1e3 * who.untreated["ne_e"], minutes, minutes if who.precursor else treated,
        1e3 * base["ne_e"] if who.precursor else treated, pd.DataFrame(table, index=pd.Index(times - times[0], name="hour")),
    )  # fmt: skip


def changes(who: Patient, outcome: Outcome, when: str = "") -> dict[str, tuple[float, float]]:
    """Each readout untreated, and treated as the mean of the last day, as multiples of a healthy untreated person.

    With `when="at once"`, treated is at the same levels before receptors have adapted.
    """
    found = {}
    for name in who.readouts:
        healthy, before = (float(readout(name, np.array([ne]))[0]) for ne in (outcome.healthy, outcome.untreated))
        found[name] = (before / healthy, float(outcome.day[f"{name} {when}".strip()].mean()) / healthy)
    return found


def caveats(who: Patient, condition: str, variant: str | None = None) -> list[str]:
    """What a reader must know beside the result: of the condition, of the drug, and of the treated level itself."""
    said = conditions.caveats(condition, variant)
    if who.drug != "none":
        said += [sentence for sentence in (drugs.drug(who.drug).withheld, drugs.drug(who.drug).remark) if sentence]
        if condition not in drugs.drug(who.drug).uses:
            said.append(f"{who.drug.capitalize()} is not listed here as a drug for {conditions.CONDITIONS[condition]}.")
        if who.readouts and any(target.action == "agonist" for target in drugs.drug(who.drug).targets):
            said.append(
                f"{who.drug.capitalize()} sedates, and these readouts know nothing of sleep: what they call better attention "
                "is alpha2 receptors at work, in someone who may be drowsy."
            )
        said += drugs.caveats(who.drug)
        if drugs.drug(who.drug).besides:
            said.append(f"{who.drug.capitalize()} also acts on {drugs.drug(who.drug).besides}; that is left out.")
        if who.given and who.given.intakes and who.given.intakes[0][2]:
            said.append("It was studied in infusions of hours to days, not of weeks.")
        if who.drug == "droxidopa":
            said.append("How much NE droxidopa makes in the brain is assumed, so its effect is no prediction.")
    return said
