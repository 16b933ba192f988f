"""Many people on one treatment: bodies, livers, transporters and autoinhibition differ, and so does what becomes of them.

How much they differ is assumed, weight too; the draws are independent, which in people they are not. All have the same
reading of the condition, the same basal NE and the same constants of the drug: what those numbers' own ranges do is another
question, answered one number at a time by `disorders.ranges`.
"""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel import drugs
from nbmodel.core.network import Array
from nbmodel.core.solve import remembered
from nbmodel.disorders.clamped_balance import NOTHING, Effects, adapted, level
from nbmodel.disorders.readouts import readout
from nbmodel.disorders.treatment import Outcome, Patient, changes, effects, last_day, last_week, over_weeks
from nbmodel.drugs import DAY

if TYPE_CHECKING:
    import pandas as pd

HOURLY = 4  # moments of `treatment.last_day` in an hour
BASELINE_DAYS = 84  # in which autoreceptors come to terms with a person's own NET and autoinhibition


def cohort(who: Patient, patients: int, seed: int) -> pd.DataFrame:
    """Virtual patients like `who`: body, clearance, occupancy of the drug's target, NE and readouts of each.

    Drawn at random: weight (95 % of people within the table's range), clearance, amount of NET, strength of
    autoinhibition, and whether someone is a poor metaboliser where the drug tells and the scenario does not. The store
    on the drug is that of the usual person; each person's autoreceptors have adapted, before the drug and to it. What is
    treated is the mean of the last day.

    Parameters
    ----------
    who : Patient
        The usual person, with condition and treatment.
    patients : int
        How many.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        A row per person. NE is in nM; readouts, on the drug and `... untreated`, are relative to the usual healthy
        person.

    Examples
    --------
    >>> from nbmodel.disorders.treatment import patient
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> people = cohort(patient(network(), "adhd", "atomoxetine"), patients=5, seed=1)
    >>> bool((people["treated"] > people["untreated"]).all())
    True
    """
    return _cohort(who, patients, seed)[0].copy()


def stated(who: Patient, people: pd.DataFrame) -> Array:
    """True for the people who break the drug down as `who` does, shape (people,); for all where nobody differs in that."""
    alike = people["poor"].to_numpy() == (who.metaboliser == "poor")
    return alike if alike.any() else np.ones(len(people), dtype=bool)


def course(who: Patient, patients: int, seed: int) -> pd.DataFrame:
    """Range of 95 % of the people of the stated metaboliser at each hour of the last day: NE and readouts.

    Parameters
    ----------
    who, patients, seed
        As for `cohort`.

    Returns
    -------
    DataFrame
        Columns `NE low`, `NE high` and the same of each readout, relative to the usual healthy person; a row per hour.

    Examples
    --------
    >>> from nbmodel.disorders.treatment import patient
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> day = course(patient(network(), "adhd", "atomoxetine"), patients=20, seed=1)
    >>> bool((day["NE low"] < day["NE high"]).all())
    True
    """
    import pandas as pd

    people, courses = _cohort(who, patients, seed)
    table: dict[str, Array] = {}
    for name, values in courses.items():
        low, high = np.percentile(values[stated(who, people)], (2.5, 97.5), axis=0)
        table |= {f"{name} low": low, f"{name} high": high}
    times = last_day(who)[::HOURLY]
    return pd.DataFrame(table, index=pd.Index(times - times[0], name="hour"))


@remembered(maxsize=8)
def _cohort(who: Patient, patients: int, seed: int) -> tuple[pd.DataFrame, dict[str, Array]]:
    """Table of `cohort`, and the day behind it: NE and readouts, relative to healthy, of shape (patients, hours)."""
    import pandas as pd

    p, rng = drugs.load(), np.random.default_rng(seed)
    body = p["body_weight"]
    # 3.92 standard deviations lie between the two ends of a 95 % interval.
    weight = body.value * np.exp(rng.normal(0.0, np.log(body.high / body.low) / 3.92, patients))
    clearance = np.exp(rng.normal(0.0, p.value("spread_clearance", "dimensionless"), patients))
    net = np.exp(rng.normal(0.0, p.value("spread_NET", "dimensionless"), patients))
    tone = p["Imax_a2auto"]
    autoinhibition = rng.uniform(tone.low, tone.high, patients) / tone.value
    poor = rng.uniform(size=patients) < p.value("share_poor_CYP2D6", "dimensionless")
    if who.drug == "none" or "poor" not in drugs.metabolisers(who.drug):
        poor[:] = False
    elif who.metaboliser == "poor":
        poor[:] = True
    times = last_day(who)[::HOURLY]
    moments = np.concatenate([times, last_week(who)[::HOURLY]])
    if who.given is None:
        each = [effects(who, moments)] * patients
    else:
        people = zip(weight, poor, clearance, strict=True)
        each = [effects(person(who, w, slow), moments, float(c)) for w, slow, c in people]
    found: dict[str, Any] = {
        f.name: np.stack([np.asarray(getattr(one, f.name)) for one in each]) for f in fields(Effects)
    }
    alike = {"a2_efficacy": each[0].a2_efficacy}
    e, week = (
        Effects(**{**{name: values[..., part] for name, values in found.items() if values.ndim > 1}, **alike})
        for part in (slice(len(times)), slice(len(times), None))
    )
    base = who.untreated if who.given is None else who.untreated.starting_at(over_weeks(who).final)
    before = adapted(base if who.precursor else who.untreated, NOTHING, BASELINE_DAYS, None, net, autoinhibition)
    after = adapted(base, week.averaged(), who.hours / DAY, before, net, autoinhibition)
    untreated = level(who.untreated, NOTHING, before, net, autoinhibition) + np.zeros(patients)
    treated = level(
        base, e, after[:, None], net[:, None], autoinhibition[:, None]
    )  # a column per moment of the last day
    # A drug has one target here: what it holds of NET or of a receptor, the other being nothing.
    ligand = e.a2_agonist + e.a2_antagonist + e.a1_antagonist + e.b1_antagonist
    held = 1 - e.net_free + ligand / (1 + ligand)
    table: dict[str, Any] = {
        "weight": weight,
        "clearance": clearance,
        "poor": poor,
        "net": net,
        "feedback": autoinhibition,
        "occupancy": np.mean(held, axis=1),
        "untreated": untreated,
        "treated": treated.mean(axis=1),
    }
    healthy = np.array([1e3 * who.healthy["ne_e"]])
    courses = {"NE": treated / healthy[0]}
    for name in who.readouts:
        courses[name] = readout(name, treated, e) / readout(name, healthy)[0]
        table[name] = courses[name].mean(axis=1)
        table[f"{name} untreated"] = readout(name, untreated) / readout(name, healthy)[0]
    return pd.DataFrame(table), courses


def person(who: Patient, weight: float, poor: bool) -> Patient:
    """Patient like `who` with another body `weight` (kg) and liver."""
    return replace(who, weight=float(weight), metaboliser="poor" if poor else "extensive")


def bands(who: Patient, people: pd.DataFrame) -> pd.DataFrame:
    """Range of 95 % of people at each moment of the last day: levels in plasma, relative concentration and occupancy.

    Parameters
    ----------
    who : Patient
        The usual person, with condition and treatment.
    people : DataFrame
        As `cohort` gives them.

    Returns
    -------
    DataFrame
        The columns of `drugs.time_course` with ` low` and ` high` behind the name; none without a drug.
    """
    import pandas as pd

    times = last_day(who)
    table: dict[str, Array] = {}
    if who.given is not None:
        time_courses = [
            drugs.time_course(who.given, times, one.metaboliser, one.weight, clearance=float(c))
            for w, slow, c in zip(people["weight"], people["poor"], people["clearance"], strict=True)
            for one in (person(who, w, slow),)
        ]
        for name in time_courses[0]:
            low, high = np.percentile([one[name].to_numpy() for one in time_courses], (2.5, 97.5), axis=0)
            table |= {f"{name} low": low, f"{name} high": high}
    return pd.DataFrame(table, index=pd.Index(times - times[0], name="hour"))


def compared(who: Patient, outcome: Outcome, people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Healthy, untreated and treated side by side, as multiples of the usual healthy person: NE, then each readout.

    Parameters
    ----------
    who : Patient
        The usual person, with condition and treatment.
    outcome : Outcome
        The treatment of the usual person, as `treatment.treat` gives it.
    people : DataFrame
        As `cohort` gives them.
    seed : int
        Seed of the healthy people who are drawn beside them.

    Returns
    -------
    DataFrame
        A row per measure and group: `usual` is the usual person's value, `low` and `high` hold 95 % of the virtual
        patients or, for the healthy, of as many healthy ones. `at once` is the usual person at the same levels before
        receptors have adapted, without a spread; a precursor does nothing at once.
    """
    import pandas as pd

    well = cohort(Patient(who.healthy, who.healthy), len(people), seed)
    function, first = changes(who, outcome), changes(who, outcome, "at once")
    rows = []
    for name in ("NE", *who.readouts):
        levels = name == "NE"
        scale = outcome.healthy if levels else 1.0
        usual = (outcome.untreated / scale, outcome.treated / scale) if levels else function[name]
        groups = {
            "healthy": (1.0, well["untreated" if levels else f"{name} untreated"]),
            "untreated": (usual[0], people["untreated" if levels else f"{name} untreated"]),
            "treated": (usual[1], people["treated" if levels else name]),
        }
        for group, (value, spread) in groups.items():
            _, low, high = interval(spread / scale)
            rows.append({"measure": name, "group": group, "usual": value, "low": low, "high": high})
        if who.given is not None and not who.precursor:
            alone = outcome.minutes / scale if levels else first[name][1]
            rows.append({"measure": name, "group": "at once", "usual": alone, "low": math.nan, "high": math.nan})
    return pd.DataFrame(rows)


def interval(values: Array | pd.Series) -> tuple[float, float, float]:
    """Median and 95 % interval of values (2.5th and 97.5th percentile).

    Parameters
    ----------
    values : array or Series
        One for each person.

    Returns
    -------
    tuple of float
        Median, low, high.

    Examples
    --------
    >>> interval(np.arange(101.0))
    (50.0, 2.5, 97.5)
    """
    low, middle, high = np.percentile(np.asarray(values, dtype=float), (2.5, 50, 97.5))
    return float(middle), float(low), float(high)
