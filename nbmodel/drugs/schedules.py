"""Dosing schedules: tablets by the clock, with doses missed or raised step by step, and infusions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nbmodel.core.network import Array
from nbmodel.data.formulary import DrugError, drug, load
from nbmodel.data.parameters import Parameter, Parameters

DAY = 24.0  # hours
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Regimen:
    """Schedule of one drug: `intakes` are (start in h, amount, length in h), in order, over `hours`.

    A tablet has length 0 and its amount in mg; an infusion has its rate in ug/kg/h. `cycle` (h) is the period in which
    the schedule repeats: the interval, or a day where doses are taken by day only.
    """

    drug: str
    intakes: tuple[tuple[float, float, float], ...]
    hours: float
    cycle: float


def regimen(
    name: str,
    dose: float | None = None,
    interval: float | None = None,
    per_day: int | None = None,
    weeks: float = 2.0,
    count: int | None = None,
    missed: Sequence[int] = (),
    titration: Mapping[float, float] | None = None,
    p: Parameters | None = None,
) -> Regimen:
    """Schedule of a drug: `dose` taken `per_day` times each day, `interval` hours apart; all default to the usual.

    With an `interval` but no `per_day`, doses follow around the clock. A drug that is infused gets `dose` (ug/kg/h) all
    the time; `infusion` starts and stops it.

    Parameters
    ----------
    name : str
        A medicine, as in `medicines`.
    dose : float, optional
        A single dose in mg (ug/kg/h where the drug is infused).
    interval : float, optional
        Hours between doses.
    per_day : int, optional
        Doses each day.
    weeks : float
        Length of the schedule.
    count : int, optional
        Doses after which it stops (1: a single dose); the rest is wash-out, and the whole is one cycle.
    missed : sequence of int
        Numbers of the doses that are left out, the first being 1.
    titration : mapping of float to float, optional
        The dose from a day on (0 the first).
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    Regimen

    Raises
    ------
    DrugError
        With every fault: an unknown drug, a metabolite, a dose (single or per day) outside what was studied, a schedule
        that cannot be.

    Examples
    --------
    >>> regimen("atomoxetine", 40, interval=12, weeks=1).intakes[:2]
    ((0.0, 40, 0.0), (12.0, 40, 0.0))
    """
    p = p or load()
    if drug(name).made_from:
        raise DrugError([f"{name} is not given; {drug(name).made_from} is, and {name} is made from it"])
    single = p[f"{name}.dose"]
    steps = {0.0: single.value if dose is None else dose, **{DAY * day: mg for day, mg in (titration or {}).items()}}
    problems = _outside(name, "dose", dict.fromkeys(steps.values()), single)
    infused = f"{name}.daily_dose" not in p
    if infused and any(asked is not None and asked != () for asked in (interval, per_day, count, missed)):
        problems.append(f"{name} is infused all the time: it has no interval, number or missed doses")
    if per_day is None and interval is None and not infused:
        per_day = int(p.value(f"{name}.per_day", "dimensionless"))
    if interval is None:
        interval = DAY if infused else p.value(f"{name}.interval", "h")
    impossible = _impossible(weeks, interval, per_day, count, steps)
    if impossible or (infused and problems):
        raise DrugError([*problems, *impossible])
    hours = weeks * WEEK
    if infused:
        bounds = [*sorted(at for at in steps if at < hours), hours]
        return Regimen(name, tuple((a, steps[a], b - a) for a, b in pairwise(bounds)), hours, min(DAY, hours))

    cycle = interval if per_day is None or per_day * interval == DAY else DAY
    times = _times(hours, interval, cycle, per_day)[:count]
    if wrong := [number for number in missed if not 1 <= number <= len(times)]:
        problems.append(f"missed doses {', '.join(map(str, wrong))} are not among the {len(times)} doses")
    amounts = [steps[max(change for change in steps if change <= at)] for at in times]
    taken = [(at, mg, 0.0) for n, (at, mg) in enumerate(zip(times, amounts, strict=True), 1) if n not in missed]
    if count != 1:
        problems += _too_much(name, taken, p[f"{name}.daily_dose"])
    if problems:
        raise DrugError(problems)
    return Regimen(name, tuple(taken), hours, cycle if count is None else hours)


def _outside(name: str, what: str, amounts: Iterable[float], studied: Parameter) -> list[str]:
    """List a sentence for each amount that lies outside what was studied."""
    unit, low, high = studied.unit, studied.low, studied.high
    return [
        f"a {what} of {amount:g} {unit} is outside the studied range of {name}, {low:g} to {high:g} {unit}"
        for amount in amounts
        if not low <= amount <= high
    ]


def _impossible(
    weeks: float, interval: float, per_day: int | None, count: int | None, days: Iterable[float]
) -> list[str]:
    """List a sentence for each fault that makes it no schedule."""
    found = []
    if not 0 < weeks < math.inf:
        found.append(f"weeks = {weeks} must be more than nothing")
    if not 0 < interval < math.inf:
        found.append(f"interval = {interval} must be more than 0 h")
    elif per_day is not None and not (per_day >= 1 and per_day * interval <= DAY):
        found.append(f"{per_day} doses {interval:g} h apart do not fit into a day")
    if count is not None and count < 1:
        found.append(f"count = {count} must be at least 1")
    if any(not 0 <= day < math.inf for day in days):
        found.append("titration must name days from 0 on")
    return found


def _times(hours: float, interval: float, cycle: float, per_day: int | None) -> list[float]:
    """Times of the doses (h): around the clock where the cycle is the interval, else so many in a day."""
    places = [0.0] if cycle == interval else [k * interval for k in range(per_day or 1)]
    times = [n * cycle + at for n in range(math.ceil(hours / cycle)) for at in places]
    return [at for at in times if at < hours]


def _too_much(name: str, taken: list[tuple[float, float, float]], limit: Parameter) -> list[str]:
    """List a sentence where more is taken within some day than the table allows."""
    most = max((sum(mg for later, mg, _ in taken if at <= later < at + DAY) for at, _, _ in taken), default=0.0)
    if most <= limit.high * (1 + 1e-9):
        return []
    return [
        f"{most:g} mg a day is more than the {limit.high:g} mg a day at which {name} stops here ({limit.preparation})"
    ]


def infusion(name: str, rates: Sequence[tuple[float, float]], hours: float, p: Parameters | None = None) -> Regimen:
    """Schedule of an intravenous infusion: from each time (h) of `rates` on, that rate (ug/kg/h; 0 stops it).

    Raises DrugError for a drug that is not infused, a rate outside what was studied, times that do not increase.

    >>> infusion("dexmedetomidine", [(0.0, 0.5), (1.0, 0.0)], hours=12).intakes
    ((0.0, 0.5, 1.0),)
    """
    p = p or load()
    single = p[f"{drug(name).name}.dose"] if not drug(name).made_from else None
    if single is None or single.unit != "ug/kg/h":
        raise DrugError([f"{name} is not infused here"])
    problems = _outside(name, "rate", (rate for _, rate in rates if rate != 0), single)
    bounds = [*(at for at, _ in rates), hours]
    if not rates or bounds[0] < 0 or any(b <= a for a, b in pairwise(bounds)):
        problems.append("rates must have times from 0 on, each later than the one before and before the end")
    if problems:
        raise DrugError(problems)
    pieces = tuple((at, rate, end - at) for (at, rate), end in zip(rates, bounds[1:], strict=True) if rate > 0)
    return Regimen(name, pieces, hours, hours)


def last_day(given: Regimen, moments: int = 97) -> Array:
    """Moments (h, shape (moments,)) of the last day of a schedule: a quarter of an hour apart unless told otherwise.

    >>> last_day(regimen("atomoxetine", weeks=1), moments=3).tolist()
    [144.0, 156.0, 168.0]
    """
    return np.linspace(max(given.hours - DAY, 0.0), given.hours, moments)
