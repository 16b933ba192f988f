"""From the doses that are taken, through the level in plasma, to the share of a target that a drug holds.

Kinetics are linear. A tablet is absorbed by first order after a delay, an infusion flows straight into blood; from
there the drug leaves by one exponential, or by two (two compartments) where one cannot give both the peak and the
tail. Levels of many doses add up; nothing is integrated. A metabolite enters as if it were absorbed itself, at a
time of its own: most of it is made while the drug first passes the liver.

Occupancy comes from PET where a number was read: level over level plus EC50, times a largest share where the data need
one. Elsewhere it comes from the affinity in a dish and the unbound level. Where both are known this agrees for duloxetine and
not for atomoxetine (at 35 ng/mL a third by affinity, two thirds by the curve from monkeys), so each target says which it
is. Nothing here is medical advice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nbmodel.core.network import Array

# Callers find the medicines here too.
from nbmodel.data.formulary import Drug as Drug
from nbmodel.data.formulary import DrugError as DrugError
from nbmodel.data.formulary import Target as Target
from nbmodel.data.formulary import caveats as caveats
from nbmodel.data.formulary import doubts as doubts
from nbmodel.data.formulary import drug as drug
from nbmodel.data.formulary import load as load
from nbmodel.data.formulary import medicines as medicines
from nbmodel.data.formulary import metabolisers as metabolisers
from nbmodel.data.formulary import numbers as numbers
from nbmodel.data.formulary import substances as substances
from nbmodel.data.parameters import Parameters
from nbmodel.drugs.pharmacokinetics import Kinetics, absorption_rate, two_compartments

if TYPE_CHECKING:
    import pandas as pd

DAY = 24.0  # hours
WEEK = 7 * DAY
# What `kinetics` reads of a drug, for a person of usual weight or per kg of one: F, two of clearance, volume and half-life (or all of two
# compartments), and tmax or the rate of absorption. Where no F was read, the others are those over F.
UNITS = {
    "F": "dimensionless", "clearance": "L/h", "volume": "L", "halflife": "h", "flow": "L/h", "volume_peripheral": "L",
    "tmax": "h", "lag": "h", "absorption": "1/h",
}  # fmt: skip


# -- schedules ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Regimen:
    """What is taken when: `intakes` are (start in h, amount, length in h), in order, over `hours`.

    A tablet has length 0 and its amount in mg; an infusion has its rate in ug/kg/h. `cycle` (h) is the period in which
    the schedule repeats: the interval, or a day where doses are taken by day only.
    """

    drug: str
    intakes: tuple[tuple[float, float, float], ...]
    hours: float
    cycle: float


def regimen(
    name: str, dose: float | None = None, interval: float | None = None, per_day: int | None = None, weeks: float = 2.0,
    count: int | None = None, missed: Sequence[int] = (), titration: Mapping[float, float] | None = None,
    p: Parameters | None = None,
) -> Regimen:  # fmt: skip
    """A schedule: `dose` (mg) `per_day` times each day, `interval` hours apart, for `weeks`; all default to the usual.

    With an `interval` but no `per_day`, doses follow around the clock. `count` stops after so many doses (1: a single
    dose); the rest is wash-out, and the whole is one cycle. `missed` are the numbers of doses left out, the first
    being 1. `titration` maps a day (0 the first) to the dose from then on. A drug that is infused gets `dose` (ug/kg/h)
    all the time; `infusion` starts and stops it.

    Raises DrugError with every fault: unknown drug, a metabolite, a dose (single or per day) outside what was studied,
    a schedule that cannot be.
    """
    p = p or load()
    if drug(name).made_from:
        raise DrugError([f"{name} is not given; {drug(name).made_from} is, and {name} is made from it"])
    single = p[f"{name}.dose"]
    dose = single.value if dose is None else dose
    steps = {0.0: dose, **{DAY * day: amount for day, amount in (titration or {}).items()}}
    problems = [
        f"a dose of {amount:g} {single.unit} is outside the studied range of {name}, {single.low:g} to {single.high:g} {single.unit}"
        for amount in dict.fromkeys(steps.values()) if not single.low <= amount <= single.high
    ]  # fmt: skip
    infused = f"{name}.daily_dose" not in p
    if infused and any(asked is not None and asked != () for asked in (interval, per_day, count, missed)):
        problems.append(f"{name} is infused all the time: it has no interval, number or missed doses")
    if per_day is None and interval is None and not infused:
        per_day = int(p.value(f"{name}.per_day", "dimensionless"))
    if interval is None:
        interval = DAY if infused else p.value(f"{name}.interval", "h")
    impossible = []
    if not 0 < weeks < math.inf:
        impossible.append(f"weeks = {weeks} must be more than nothing")
    if not 0 < interval < math.inf:
        impossible.append(f"interval = {interval} must be more than 0 h")
    elif per_day is not None and not (per_day >= 1 and per_day * interval <= DAY):
        impossible.append(f"{per_day} doses {interval:g} h apart do not fit into a day")
    if count is not None and count < 1:
        impossible.append(f"count = {count} must be at least 1")
    if any(not 0 <= day < math.inf for day in steps):
        impossible.append("titration must name days from 0 on")
    if impossible or (infused and problems):
        raise DrugError([*problems, *impossible])
    hours = weeks * WEEK
    if infused:
        bounds = [*sorted(at for at in steps if at < hours), hours]
        return Regimen(name, tuple((a, steps[a], b - a) for a, b in pairwise(bounds)), hours, min(DAY, hours))
    around = per_day is None or per_day * interval == DAY
    places = [0.0] if around else [k * interval for k in range(per_day or 1)]
    cycle = interval if around else DAY
    times = [n * cycle + at for n in range(math.ceil(hours / cycle)) for at in places if n * cycle + at < hours][:count]
    if wrong := [number for number in missed if not 1 <= number <= len(times)]:
        problems.append(f"missed doses {', '.join(map(str, wrong))} are not among the {len(times)} doses")
    changes = sorted(steps)
    amounts = [steps[max(change for change in changes if change <= at)] for at in times]
    taken = [(at, mg, 0.0) for n, (at, mg) in enumerate(zip(times, amounts, strict=True), 1) if n not in missed]
    most = max((sum(mg for later, mg, _ in taken if at <= later < at + DAY) for at, _, _ in taken), default=0.0)
    limit = p[f"{name}.daily_dose"]
    if count != 1 and most > limit.high * (1 + 1e-9):
        problems.append(
            f"{most:g} mg a day is more than the {limit.high:g} mg a day at which {name} stops here ({limit.preparation})"
        )
    if problems:
        raise DrugError(problems)
    return Regimen(name, tuple(taken), hours, cycle if count is None else hours)


def infusion(name: str, rates: Sequence[tuple[float, float]], hours: float, p: Parameters | None = None) -> Regimen:
    """An intravenous infusion: from each time (h) of `rates` on, that rate (ug/kg/h; 0 stops it), over `hours`.

    Raises DrugError for a drug that is not infused, a rate outside what was studied, times that do not increase.
    """
    p = p or load()
    single = p[f"{drug(name).name}.dose"] if not drug(name).made_from else None
    if single is None or single.unit != "ug/kg/h":
        raise DrugError([f"{name} is not infused here"])
    problems = [
        f"a rate of {rate:g} {single.unit} is outside the studied range of {name}, {single.low:g} to {single.high:g} {single.unit}"
        for _, rate in rates if not (rate == 0 or single.low <= rate <= single.high)
    ]  # fmt: skip
    bounds = [*(at for at, _ in rates), hours]
    if not rates or bounds[0] < 0 or any(b <= a for a, b in pairwise(bounds)):
        problems.append("rates must have times from 0 on, each later than the one before and before the end")
    if problems:
        raise DrugError(problems)
    pieces = tuple((at, rate, end - at) for (at, rate), end in zip(rates, bounds[1:], strict=True) if rate > 0)
    return Regimen(name, pieces, hours, hours)


def last_day(given: Regimen, moments: int = 97) -> Array:
    """The moments (h) of the last day of a schedule, every quarter of an hour unless told otherwise."""
    return np.linspace(max(given.hours - DAY, 0.0), given.hours, moments)


# -- kinetics ----------------------------------------------------------------------------------------------------


def kinetics(
    name: str, metaboliser: str = "extensive", weight: float | None = None, p: Parameters | None = None
) -> Kinetics:
    """The kinetics of a drug or metabolite in a person of `weight` (kg; default: the table's `body_weight`).

    The numbers are those of the usual person. With weight, volumes grow in proportion and clearances with a power of it
    (`allometry_clearance`), so half-lives with the rest. Raises DrugError for a kind of metaboliser without numbers.
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
    return Kinetics(q.get("F", 1.0), amplitudes, rates, absorption, lag)


def _summed(
    name: str, given: Regimen, times: Array, metaboliser: str, weight: float | None, p: Parameters | None
) -> tuple[Array, Array]:
    """Level (ng/mL) and area (ng h/mL) of all intakes at `times`."""
    if given.drug not in (name, drug(name).made_from):
        raise DrugError([f"the schedule is of {given.drug}, which does not give {name}"])
    p = p or load()
    k = kinetics(name, metaboliser, weight, p)
    body = p.value("body_weight", "kg") if weight is None else weight
    level, area = np.zeros_like(times), np.zeros_like(times)
    for start, amount, length in given.intakes:
        mg = amount * body / 1e3 if length else amount  # ug/kg/h to mg/h
        one = k.infused(times - start, length) if length else k.swallowed(times - start)
        level += 1e3 * mg * one[0]
        area += 1e3 * mg * one[1]
    return level, area


def plasma(
    name: str, given: Regimen, times: Array | Sequence[float], metaboliser: str = "extensive",
    weight: float | None = None, p: Parameters | None = None,
) -> Array:  # fmt: skip
    """Level in plasma (ng/mL, bound and unbound together) at `times` (h, shape (n,)) under a schedule, shape (n,).

    `name` is the drug of the schedule or its metabolite. Raises DrugError for another, or for a metaboliser without numbers.
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
    """Peak, trough, mean, time to peak and accumulation ratio, the mean and the ratio from areas in closed form.

    `accumulation` compares the last cycle with the first: it is the published ratio only for equal doses, none missed.
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


def steady_state(
    name: str, dose: float | None = None, interval: float | None = None, per_day: int | None = None,
    metaboliser: str = "extensive", weight: float | None = None, p: Parameters | None = None,
) -> Exposure:  # fmt: skip
    """`exposure` when the same doses have been taken for so long that a further one changes nothing (1 part in 1e12).

    `name` may be a metabolite; doses are those of the drug it is made from. Raises DrugError as `regimen` does.
    """
    k = kinetics(name, metaboliser, weight, p)
    slowest = min(*k.rates, k.absorption)
    weeks = math.ceil(-math.log(1e-12) / slowest / WEEK) + 1
    given = regimen(drug(name).made_from or name, dose, interval, per_day, weeks, p=p)
    return exposure(name, given, metaboliser, weight, p)


# -- occupancy ---------------------------------------------------------------------------------------------------


def multiples(name: str, level: Array | float, site: str | None = None, p: Parameters | None = None) -> Array:
    """A level (ng/mL) as a multiple of the one that half-occupies a target (by default the drug's first).

    This is what competes at a receptor (`kinetics.autoinhibition`); the drug alone holds m / (1 + m) of what it can reach.
    Raises DrugError for a target that the drug does not have or only feeds (a substrate).
    """
    p = p or load()
    target = drug(name).target(site)
    if target.basis == "none":
        raise DrugError([f"{name} is a {target.action} of {target.site}: it has no occupancy there"])
    if target.basis == "affinity":
        return _by_affinity(name, level, target, p)
    return np.asarray(level) / p.value(f"{name}.EC50_{target.site}", "ng/mL")


def _by_affinity(name: str, level: Array | float, target: Target, p: Parameters) -> Array:
    unbound = np.asarray(level) * p.value(f"{name}.unbound", "dimensionless")
    return unbound / p.value(f"{name}.molar_mass", "ug/nmol") / p.value(target.affinity, "nM")  # ng/mL is ug/L


def occupancy(name: str, level: Array | float, site: str | None = None, p: Parameters | None = None) -> Array:
    """Share of a target (by default the drug's first) that the drug holds at a level in plasma (ng/mL), 0 to 1.

    Emax C / (EC50 + C) from PET where there is a number, else C / (K + C) of the unbound drug; see `Target.basis`.
    """
    p = p or load()
    m = multiples(name, level, site, p)
    return largest(name, site, p) * m / (1 + m)


def largest(name: str, site: str | None = None, p: Parameters | None = None) -> float:
    """The largest share of a target that the drug can hold: 1 unless the PET data need less."""
    p, symbol = p or load(), f"{name}.Emax_{drug(name).target(site).site}"
    return p.value(symbol, "dimensionless") if symbol in p else 1.0


def occupancy_from_affinity(
    name: str, level: Array | float, site: str | None = None, p: Parameters | None = None
) -> Array:
    """What the affinity in a dish and the unbound level would give, also where PET says something else."""
    m = _by_affinity(name, level, drug(name).target(site), p or load())
    return m / (1 + m)


def efficacy(name: str, site: str | None = None, p: Parameters | None = None) -> float:
    """Efficacy at a receptor relative to norepinephrine: 0 for what only blocks."""
    target = drug(name).target(site)
    return (p or load()).value(target.efficacy, "dimensionless") if target.efficacy else 0.0


def course(
    given: Regimen, times: Array | Sequence[float], metaboliser: str = "extensive", weight: float | None = None,
    p: Parameters | None = None, clearance: float = 1.0,
) -> pd.DataFrame:  # fmt: skip
    """The whole chain at `times` (h): a column of plasma levels (ng/mL) per substance, and for each target of the drug
    `multiples ...` and `occupancy ...`, drug and metabolite together (they compete for the same site). Levels are those of
    the usual person over a relative `clearance`."""
    import pandas as pd

    medicine = drug(given.drug)
    names = [name for name in (medicine.name, medicine.metabolite) if name]
    # Only the first substance may differ between metabolisers; its metabolite has one set of numbers.
    kinds = [metaboliser if name == medicine.name else "extensive" for name in names]
    levels = {
        name: plasma(name, given, times, kind, weight, p) / clearance for name, kind in zip(names, kinds, strict=True)
    }
    table: dict[str, Array] = {f"plasma {name}": level for name, level in levels.items()}
    for target in medicine.targets:
        if target.basis != "none":
            m = np.sum([multiples(name, level, target.site, p) for name, level in levels.items()], axis=0)
            table[f"multiples {target.site}"] = m
            table[f"occupancy {target.site}"] = largest(medicine.name, target.site, p) * m / (1 + m)
    return pd.DataFrame(table, index=pd.Index(np.asarray(times, dtype=float), name="time_h"))
