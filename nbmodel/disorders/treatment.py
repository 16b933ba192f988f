"""From dose to function in one person, and in many: plasma, occupancy, norepinephrine outside, receptors, readouts.

Two time scales are kept apart. Over weeks the store, the transporters and the autoreceptors change: the whole network is
run through the treatment, under the mean levels of its stretches. Outside the cells NE follows a drug's level within a
minute, so over the last day it is taken to be in balance at each moment, with the store and receptors that the weeks have
left.

Levels come from `drugs`, NE from `clamped_balance`, function from `readouts`. Not for clinical use.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nbmodel import drugs
from nbmodel.core import solve
from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array
from nbmodel.disorders import conditions
from nbmodel.disorders.clamped_balance import NOTHING, Effects, level
from nbmodel.disorders.patient import Patient as Patient
from nbmodel.disorders.patient import patient as patient
from nbmodel.disorders.readouts import at_alpha2, k_beta, readout
from nbmodel.drugs import DAY, WEEK
from nbmodel.models import gain, receptors
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR

if TYPE_CHECKING:
    import pandas as pd

# Days at which the levels of the run over weeks step: each stretch has the mean of its levels.
STRETCHES = (0.0, 1.0, 3.0, 7.0)
MOMENTS = 97  # of a stretch of time


# -- what levels do ------------------------------------------------------------------------------------------------


def effects(who: Patient, times: Array, clearance: float = 1.0) -> Effects:
    """Effects of the drug on a person at `times` (h).

    Levels are those of the usual person over a `clearance` relative to it.

    Parameters
    ----------
    who : Patient
    times : array, shape (moments,)
        Hours since the start of the treatment.
    clearance : float
        Clearance relative to the usual person.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> held = effects(patient(network(), "adhd", "atomoxetine"), np.array([0.0, 4.0]))
    >>> [round(float(share), 2) for share in held.net_free]  # NET that is left, before the first dose and 4 h after it
    [1.00, 0.06]
    """
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


@solve.remembered
def usual_level(name: str) -> float:
    """Mean level (ng/mL) of the usual dose at steady state in the usual person."""
    return drugs.exposure_at_steady_state(name).mean


def last_day(who: Patient) -> Array:
    """Moments (h) of the last day of treatment, or of a day without one, shape (moments,)."""
    return drugs.last_day(who.given) if who.given else np.linspace(who.hours - DAY, who.hours, MOMENTS)


def last_week(who: Patient) -> Array:
    """Moments (h) of the last week of treatment, whose mean is what receptors have adapted to, shape (moments,)."""
    return np.linspace(max(who.hours - WEEK, 0.0), who.hours, MOMENTS)


def over(who: Patient, start: float, end: float, clearance: float = 1.0) -> Effects:
    """Steady effects like those of the drug from `start` to `end` (h), at a relative `clearance`."""
    return effects(who, np.linspace(start, end, MOMENTS), clearance).averaged()


@solve.remembered(maxsize=32)
def over_weeks(who: Patient, coarse: bool = False) -> solve.Run:
    """Run of the terminal over the treatment, under levels that step at `STRETCHES` (days).

    Times are in s, NE in uM. A `coarse` run has the mean levels of the last week all along: where many are wanted, it takes a
    third of the time, and leaves NE within a hundredth.

    Raises
    ------
    SolveError
        When the integrator fails.
    """
    ends = [day for day in STRETCHES[: 1 if coarse else None] if day * DAY < who.hours] + [who.hours / DAY]
    steps = []
    for start, end in pairwise(ends):
        e = effects(who, last_week(who)).averaged() if coarse else over(who, start * DAY, end * DAY)
        change = {
            "net_activity": who.untreated.parameters["net_activity"] * e.net_free,
            "a2_agonist": e.a2_agonist,
            "a2_efficacy": e.a2_efficacy,
            "a2_antagonist": e.a2_antagonist,
            "droxidopa_supply": e.precursor * who.healthy.flux("DBH"),
        }
        steps.append(solve.Step(start * DAY * SECONDS_PER_HOUR, change))
    times = np.union1d(np.linspace(0.0, who.hours, MOMENTS), np.array(ends) * DAY) * SECONDS_PER_HOUR
    return solve.run(who.untreated, times, steps, rtol=1e-6, atol=1e-10)


# -- one person ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """Outcome of one person's treatment. NE is in nM.

    Parameters
    ----------
    who : Patient
    healthy, untreated : float
        NE of a healthy person, and of this one before the drug.
    minutes : float
        NE at the last day's levels before anything adapts, with the store as it was untreated.
    treated : float
        NE on treatment, the mean of the last day.
    day : DataFrame
        A row per moment of the last day (index: h since its start). Columns that end in `at once` go with `minutes`, the
        others with `treated`.
    """

    who: Patient
    healthy: float
    untreated: float
    minutes: float
    treated: float
    day: pd.DataFrame

    @property
    def store(self) -> float:
        """Share of the untreated store that the treatment leaves (of a healthy store where there was none)."""
        before = self.who.untreated["ne_v"]
        return over_weeks(self.who).final["ne_v"] / (before if before > 0 else self.who.healthy["ne_v"])


@solve.remembered(maxsize=128)
def treat(who: Patient, coarse: bool = False) -> Outcome:
    """Outcome of one person's treatment: levels, NE and readouts of the last day, and the weeks before.

    It is kept, as a page and its results ask for the same people. `coarse` is as for `over_weeks`.

    Raises
    ------
    SolveError
        When no balance of NE is found.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> outcome = treat(patient(network(), "adhd", "atomoxetine"))
    >>> [round(ne, 1) for ne in (outcome.healthy, outcome.untreated, outcome.treated)]  # nM
    [6.0, 4.8, 9.3]
    """
    import pandas as pd

    times = last_day(who)
    e = effects(who, times)
    base = who.untreated if who.given is None else who.untreated.starting_at(over_weeks(who, coarse).final)
    ne, at_once = level(base, e), level(who.untreated, e)
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
    return Outcome(
        who,
        1e3 * who.healthy["ne_e"],
        1e3 * who.untreated["ne_e"],
        float(np.mean(at_once)),
        float(np.mean(ne)),
        pd.DataFrame(table, index=pd.Index(times - times[0], name="hour")),
    )


def changes(who: Patient, outcome: Outcome, when: str = "") -> dict[str, tuple[float, float]]:
    """Readouts untreated, and treated as the mean of the last day, as multiples of a healthy untreated person.

    Parameters
    ----------
    who : Patient
    outcome : Outcome
        As `treat` gives it.
    when : str
        "at once" for treated at the same levels before receptors have adapted.

    Returns
    -------
    dict
        (untreated, treated) by the name of the readout.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> who = patient(network(), "adhd", "atomoxetine")
    >>> [round(multiple, 2) for multiple in changes(who, treat(who))["sustained_attention"]]
    [0.88, 1.21]
    """
    found = {}
    for name in who.readouts:
        healthy, before = (float(readout(name, np.array([ne]))[0]) for ne in (outcome.healthy, outcome.untreated))
        found[name] = (before / healthy, float(outcome.day[f"{name} {when}".strip()].mean()) / healthy)
    return found


def caveats(who: Patient, condition: str, variant: str | None = None) -> list[str]:
    """List of sentences that a reader must know beside the result: of the condition, of the drug, and of the treated level.

    Raises
    ------
    ConditionError
        For a condition or reading that there is not.
    """
    said = conditions.caveats(condition, variant)
    if who.drug != "none":
        said += [sentence for sentence in (drugs.drug(who.drug).withheld, drugs.drug(who.drug).remark) if sentence]
        if condition not in drugs.drug(who.drug).uses:
            said.append(f"{who.drug.capitalize()} is not listed here as a drug for {conditions.CONDITIONS[condition]}.")
        if who.readouts and any(target.action == "agonist" for target in drugs.drug(who.drug).targets):
            said.append(
                f"{who.drug.capitalize()} sedates, and these readouts know nothing of sleep: what they say of attention is about "
                "someone who may be drowsy."
            )
        said += drugs.caveats(who.drug)
        if drugs.drug(who.drug).besides:
            said.append(f"{who.drug.capitalize()} also acts on {drugs.drug(who.drug).besides}; that is left out.")
        if who.given and who.given.intakes and who.given.intakes[0][2]:
            said.append("It was studied in infusions of hours to days, not of weeks.")
        if who.drug == "droxidopa":
            said.append("How much NE droxidopa makes in the brain is assumed, so its effect is no prediction.")
    return said
