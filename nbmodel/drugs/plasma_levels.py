"""Levels in plasma: how a drug or metabolite runs through a person, and what a schedule leads to, at its steady state too.

Kinetics are linear. A tablet is absorbed by first order after a delay, an infusion flows straight into blood; from
there the drug leaves by one exponential, or by two (two compartments) where one cannot give both the peak and the
tail. Levels of many doses add up; nothing is integrated. A metabolite enters as if it were absorbed itself, at a
time of its own: most of it is made while the drug first passes the liver.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nbmodel.core.network import Array
from nbmodel.data.formulary import DrugError, drug, load, metabolisers
from nbmodel.data.parameters import Parameters
from nbmodel.drugs.pharmacokinetics import Profile, absorption_rate, two_compartments
from nbmodel.drugs.schedules import WEEK, Regimen, regimen

# What `profile` reads of a drug, for a person of usual weight or per kg of one: F, two of clearance, volume and half-life
# (or all of two compartments), and tmax or the rate of absorption. Where no F was read, the others are those over F.
UNITS = {
    "F": "dimensionless",
    "clearance": "L/h",
    "volume": "L",
    "halflife": "h",
    "flow": "L/h",
    "volume_peripheral": "L",
    "tmax": "h",
    "lag": "h",
    "absorption": "1/h",
}


def profile(
    name: str, metaboliser: str = "extensive", weight: float | None = None, p: Parameters | None = None
) -> Profile:
    """Pharmacokinetic profile of a drug or metabolite in a person.

    The numbers are those of the usual person. With weight, volumes grow in proportion and clearances with a power of it
    (`allometry_clearance`), so half-lives with the rest.

    Parameters
    ----------
    name : str
        A drug or metabolite.
    metaboliser : {'extensive', 'poor'}
        Kind of person, where the drug's numbers tell them apart.
    weight : float, optional
        Body weight, kg; the table's own if not given.
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    Profile

    Raises
    ------
    DrugError
        For an unknown drug, a weight not above zero, or a kind of metaboliser without numbers.

    Examples
    --------
    >>> profile("atomoxetine", "poor").clearance < profile("atomoxetine").clearance
    True
    """
    p = p or load()
    usual = p.value("body_weight", "kg")
    body = usual if weight is None else weight
    problems = [] if 0 < body < math.inf else [f"weight = {weight} must be more than 0 kg"]
    if metaboliser not in metabolisers(name):
        known = ", ".join(metabolisers(name))
        problems.append(f"no numbers of {name} for {metaboliser!r} metabolisers, only for {known}")
    if problems:
        raise DrugError(problems)
    q: dict[str, float] = {}
    for quantity, unit in UNITS.items():
        special, symbol = f"{name}.{quantity}_{metaboliser}", f"{name}.{quantity}"
        symbol = special if special in p else symbol
        if symbol in p:
            per_weight = "/kg" in p[symbol].unit
            q[quantity] = usual * p.value(symbol, f"{unit}/kg") if per_weight else p.value(symbol, unit)
    power = p.value("allometry_clearance", "dimensionless")
    powers = {"clearance": power, "flow": power, "volume": 1.0, "volume_peripheral": 1.0, "halflife": 1 - power}
    q = {quantity: number * (body / usual) ** powers.get(quantity, 0) for quantity, number in q.items()}
    if "flow" in q:
        amplitudes, rates = two_compartments(q["clearance"], q["volume"], q["flow"], q["volume_peripheral"])
    else:
        rate = float(np.log(2)) / q["halflife"] if "halflife" in q else q["clearance"] / q["volume"]
        amplitudes, rates = (1 / q["volume"] if "volume" in q else rate / q["clearance"],), (rate,)
    lag = q.get("lag", 0.0)
    absorption = absorption_rate(rates[0], q["tmax"] - lag) if "tmax" in q else q.get("absorption", math.inf)
    return Profile(q.get("F", 1.0), amplitudes, rates, absorption, lag)


def _summed(
    name: str, given: Regimen, times: Array, metaboliser: str, weight: float | None, p: Parameters | None
) -> tuple[Array, Array]:
    """Level (ng/mL) and area (ng h/mL) of all intakes at `times`."""
    if given.drug not in (name, drug(name).made_from):
        raise DrugError([f"the schedule is of {given.drug}, which does not give {name}"])
    p = p or load()
    k = profile(name, metaboliser, weight, p)
    body = p.value("body_weight", "kg") if weight is None else weight
    level, area = np.zeros_like(times), np.zeros_like(times)
    for start, amount, length in given.intakes:
        mg = amount * body / 1e3 if length else amount  # ug/kg/h to mg/h
        one = k.infused(times - start, length) if length else k.oral(times - start)
        level += 1e3 * mg * one[0]
        area += 1e3 * mg * one[1]
    return level, area


def plasma(
    name: str,
    given: Regimen,
    times: Array | Sequence[float],
    metaboliser: str = "extensive",
    weight: float | None = None,
    p: Parameters | None = None,
) -> Array:
    """Level in plasma (ng/mL, bound and unbound together) under a schedule.

    Parameters
    ----------
    name : str
        A drug, or a metabolite of the drug that is taken.
    given : Regimen
        The schedule.
    times : array, shape (n,)
        Hours since its start.
    metaboliser : {'extensive', 'poor'}
        Kind of person, where the drug's numbers tell them apart.
    weight : float, optional
        Body weight, kg; the table's own if not given.
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    array, shape (n,)
        ng/mL.

    Raises
    ------
    DrugError
        For a drug that the schedule does not give, or a metaboliser without numbers.

    Examples
    --------
    >>> taken = regimen("atomoxetine", 40, count=1)
    >>> plasma("atomoxetine", taken, [0.0, 2.0, 24.0]).round().tolist()
    [0.0, 339.0, 19.0]
    """
    return _summed(name, given, np.asarray(times, dtype=float), metaboliser, weight, p)[0]


@dataclass(frozen=True, slots=True)
class Exposure:
    """Levels over the last cycle of a schedule: ng/mL; `time_to_peak` in h since it began; area of it over the first's."""

    peak: float
    trough: float
    mean: float
    time_to_peak: float
    accumulation: float


def exposure(
    name: str, given: Regimen, metaboliser: str = "extensive", weight: float | None = None, p: Parameters | None = None
) -> Exposure:
    """Peak, trough, mean, time to peak and accumulation ratio over the last cycle of a schedule.

    The mean and the ratio come from areas in closed form. `accumulation` compares the last cycle with the first: it is
    the published ratio only for equal doses, none missed.

    Parameters
    ----------
    name : str
        A drug, or a metabolite of the drug that is taken.
    given : Regimen
        The schedule.
    metaboliser : {'extensive', 'poor'}
        Kind of person, where the drug's numbers tell them apart.
    weight : float, optional
        Body weight, kg; the table's own if not given.
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    Exposure
        Levels in ng/mL, times in h.

    Raises
    ------
    DrugError
        As `plasma` does.

    Examples
    --------
    >>> day = exposure("atomoxetine", regimen("atomoxetine", 40, count=1))
    >>> round(day.time_to_peak, 1)
    1.5
    """
    cycles = max(math.floor(given.hours / given.cycle * (1 + 1e-9)), 1)
    start = (cycles - 1) * given.cycle
    times = np.linspace(start, start + given.cycle, 2001)
    levels = plasma(name, given, times, metaboliser, weight, p)
    around = times[max(int(np.argmax(levels)) - 1, 0)] + np.linspace(0.0, 2 * (times[1] - times[0]), 2001)
    fine = plasma(name, given, np.minimum(around, times[-1]), metaboliser, weight, p)
    edges = np.array([given.cycle, start, start + given.cycle], dtype=float)
    first, before, after = _summed(name, given, edges, metaboliser, weight, p)[1]
    return Exposure(
        peak=float(fine.max()),
        trough=float(levels.min()),
        mean=float(after - before) / given.cycle,
        time_to_peak=float(around[int(np.argmax(fine))]) - start,
        accumulation=float((after - before) / first) if first > 0 else math.nan,
    )


def exposure_at_steady_state(
    name: str,
    dose: float | None = None,
    interval: float | None = None,
    per_day: int | None = None,
    metaboliser: str = "extensive",
    weight: float | None = None,
    p: Parameters | None = None,
) -> Exposure:
    """Exposure when the same doses have been taken for so long that a further one changes nothing (1 part in 1e12).

    Parameters
    ----------
    name : str
        A drug or a metabolite; doses are those of the drug it is made from.
    dose : float, optional
        A single dose in mg; the usual if not given.
    interval : float, optional
        Hours between doses.
    per_day : int, optional
        Doses each day.
    metaboliser : {'extensive', 'poor'}
        Kind of person, where the drug's numbers tell them apart.
    weight : float, optional
        Body weight, kg; the table's own if not given.
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    Exposure
        Levels in ng/mL, times in h.

    Raises
    ------
    DrugError
        As `regimen` does.

    Examples
    --------
    >>> day = exposure_at_steady_state("atomoxetine", 40)
    >>> day.trough < day.mean < day.peak
    True
    """
    k = profile(name, metaboliser, weight, p)
    slowest = min(*k.rates, k.absorption)
    weeks = math.ceil(-math.log(1e-12) / slowest / WEEK) + 1
    given = regimen(drug(name).made_from or name, dose, interval, per_day, weeks, p=p)
    return exposure(name, given, metaboliser, weight, p)
