"""From dose to function in one person, and in many: plasma, occupancy, norepinephrine outside, receptors, readouts.

Two time scales are kept apart. Outside the cells NE follows a drug's level within a minute, so over a day it is taken
to be in balance at each moment, with the store *held*. Over weeks autoreceptors adapt, and the store may empty.

The terminal loses too much NE once NET is blocked for long (rows V53 and V56 of the evidence): left *free*, its store
runs down within half a day and NE loses most of its rise, where in rats it stays raised for weeks.
So what is printed as treated is the store held and receptors adapted, and the free store stands beside it. For a
precursor (droxidopa) it is the free store that counts: filling it is what the drug does.

Readouts are a teaching device: attention, working memory, choices and speed are those of `lc_arousal.performance`; startle
and energy are simple assumed maps. Right choices were meant to stand for impulse control and do not: too little NE slows the
evidence, too much adds noise, but the readout hardly moves. None is a clinical scale. Not for clinical use.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nbmodel import drugs
from nbmodel.core import kinetics, solve
from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array, Network
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.disorders import conditions
from nbmodel.drugs import DAY, WEEK, Regimen
from nbmodel.models import gain, performance, receptors
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.scenario.clinical_case import PER_DAY

if TYPE_CHECKING:
    import pandas as pd

# Days at which the levels of the run with a free store step: each stretch has the mean of its levels.
STRETCHES = (0.0, 1.0, 3.0, 7.0)
MOMENTS = 97  # of a stretch of time


@dataclass(frozen=True, slots=True)
class Effects:
    """What a drug does at each moment: numbers or arrays of one shape.

    `net_free` is the share of NET left; ligands stand as multiples of their own constants; `precursor` is NE made from
    droxidopa, as a multiple of what a healthy terminal makes.
    """

    net_free: Value = 1.0
    a2_agonist: Value = 0.0
    a2_efficacy: float = 1.0
    a2_antagonist: Value = 0.0
    a1_antagonist: Value = 0.0
    b1_antagonist: Value = 0.0
    precursor: Value = 0.0

    def averaged(self) -> Effects:
        """Steady effects like these over time (the last axis): a ligand at the level that alone holds its mean share."""

        def steady(name: str) -> Value:
            given = np.atleast_1d(np.asarray(getattr(self, name), dtype=float))
            if name in ("net_free", "precursor"):
                return np.mean(given, axis=-1)
            held = np.mean(given / (1 + given), axis=-1)
            return held / (1 - held)

        return replace(self, **{f.name: steady(f.name) for f in fields(self) if f.name != "a2_efficacy"})


NOTHING = Effects()


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


def level(
    terminal: Network, e: Effects = NOTHING, alpha2: Value | None = None, net: Value = 1.0, brake: Value = 1.0
) -> Array:
    """NE outside (nM) minutes after a drug has come, the store held: where release equals clearance. Arrays broadcast.

    `alpha2` is the number of autoreceptors (default: the terminal's), `net` and `brake` multiply NET and the autoreceptors'
    largest effect. The same balance as the network's steady state with an endless store, for many people at once;
    dopamine, which hardly competes, keeps its level. Raises SolveError where no balance is found.
    """
    q = terminal.parameters
    number = terminal["alpha2"] if alpha2 is None else alpha2
    volume, da = terminal.compartments["extracellular"], terminal["da_e"]
    activity = q["net_activity"] * np.asarray(e.net_free) * net

    def excess(x: Value) -> Array:
        held = kinetics.stimulation(x, q["Kd_a2auto"], e.a2_agonist, e.a2_efficacy, e.a2_antagonist)
        gate = kinetics.autoinhibition(q["Imax_a2auto"] * brake, number, held)
        firing = kinetics.firing_under_feedback(q["firing"], gate, q["gate_at_rest"], q["soma_feedback"])
        emptied = kinetics.release(1.0, firing, q["per_impulse"], gate)
        docked = q["k_dock"] * terminal["ne_v"] / (q["k_refill"] + emptied)
        taken = kinetics.scaled_competitive(
            x, da, q["Vmax_NET"], q["Km_NET_NE"], q["Km_NET_DA"], terminal["net"], activity
        )
        other = kinetics.scaled_first_order(x, q["k_uptake2"], q["comt_activity"]) + q["k_diffusion"] * x
        return np.asarray(volume * (taken + other) - emptied * docked)

    if terminal["ne_v"] <= 0:
        return np.zeros(np.broadcast(activity, number, np.asarray(brake)).shape)
    # Newton's method from zero on. Clearance saturates and feedback fades as NE rises, so each step falls a little short.
    x = np.zeros(np.broadcast(activity, number, np.asarray(brake), e.a2_agonist, e.a2_antagonist).shape)
    tiny = 1e-30  # a complex step: its imaginary part is the slope, exact to rounding, as laws are plain arithmetic
    for _ in range(50):
        found = excess(x + 1j * tiny)
        move = -found.real * tiny / found.imag
        x = np.maximum(x + move, 0.1 * x)
        if np.all(np.abs(move) <= 1e-13 * x):
            return 1e3 * x
    raise solve.SolveError(f"no level at which release equals clearance was found near {1e3 * x} nM")


def adapted(
    terminal: Network, e: Effects, days: float, start: Value | None = None, net: Value = 1.0, brake: Value = 1.0
) -> Array:
    """Autoreceptors (1 at rest) after `days` of steady effects, the store held: stimulated ones are lost faster."""
    q = terminal.parameters
    k, d = q["k_renewal_alpha2"] * SECONDS_PER_HOUR * DAY, q["desensitisation"]
    number: Array = np.asarray(terminal["alpha2"] if start is None else start, dtype=float)
    made = k * (1 + d * q["stimulated_at_rest"])
    steps = max(int(np.ceil(days)), 1)
    for _ in range(steps):
        ne = level(terminal, e, number, net, brake) / 1e3
        held = kinetics.stimulation(ne, q["Kd_a2auto"], e.a2_agonist, e.a2_efficacy, e.a2_antagonist)
        lost = k * (1 + d * held)
        number = made / lost + (number - made / lost) * np.exp(-lost * days / steps)
    return number


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


# -- readouts --------------------------------------------------------------------------------------------------------


def startle(ne: Value, a1_antagonist: Value = 0.0) -> Value:
    """How strongly one startles: it rises with alpha1 stimulation in target cells. An assumed map."""
    k1 = gain.affinities().a1
    held = receptors.competing_occupancy(ne, k1, antagonist=a1_antagonist)
    return 1 + parameters.load().value("gain_startle_a1", "dimensionless") * held


def energy(ne: Value, a1_antagonist: Value = 0.0, b1_antagonist: Value = 0.0) -> Value:
    """Energy and motivation: the mean share of alpha1 and beta receptors that is stimulated. An assumed map.

    Beta receptors are given a functional constant by the same ratio to alpha2's as in binding, like alpha1's.
    """
    alpha = receptors.competing_occupancy(ne, gain.affinities().a1, antagonist=a1_antagonist)
    return (alpha + receptors.competing_occupancy(ne, k_beta(), antagonist=b1_antagonist)) / 2


def k_beta() -> float:
    """NE's functional constant at beta1 receptors of target cells, nM: none was measured, see `energy`."""
    p = parameters.load()
    return gain.affinities().a2 * p.value("Ki_NE_b1", "nM") / p.value("Ki_NE_a2", "nM")


READOUTS = {
    "sustained_attention": "sustained attention",
    "working_memory": "working memory",
    "choice_accuracy": "right choices (two-choice task)",
    "response_speed": "speed of response",
    "startle": "startle",
    "energy": "energy, motivation",
}  # name: in words


def readout(name: str, ne: Array, e: Effects = NOTHING) -> Array:
    """One of `READOUTS` at NE (nM) with the drug's own action at target receptors; arrays broadcast.

    A partial agonist counts as agonist by its efficacy and as antagonist by the rest of it.
    """
    if name == "startle":
        return np.asarray(startle(ne, e.a1_antagonist))
    if name == "energy":
        return np.asarray(energy(ne, e.a1_antagonist, e.b1_antagonist))
    agonist, antagonist = at_alpha2(e)
    law = performance.READOUTS[name]
    return np.asarray(law(ne, a1_antagonist=e.a1_antagonist, a2_agonist=agonist, a2_antagonist=antagonist))


def at_alpha2(e: Effects) -> tuple[Value, Value]:
    """A drug at alpha2 receptors of target cells: as a full agonist by its efficacy, as an antagonist by the rest of it."""
    return e.a2_efficacy * e.a2_agonist, e.a2_antagonist + (1 - e.a2_efficacy) * e.a2_agonist


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
