"""NE outside while the store is clamped: release in balance with clearance, for many people and moments at once.

Outside the cells NE follows a drug's level within a minute, so it is taken to be in balance at each moment. The rates are
those of the network's own reactions, called with arrays: whatever touches NE outside or the readily releasable pool is in the balance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import reduce
from operator import add

import numpy as np

from nbmodel.core import solve
from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array, Network
from nbmodel.drugs import DAY
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects of a drug at each moment: numbers or arrays of one shape.

    Parameters
    ----------
    net_free : float or array
        Share of NET that is left.
    a2_agonist, a2_antagonist, a1_antagonist, b1_antagonist : float or array
        Relative concentration of the drug at a receptor: a multiple of its own constant there.
    a2_efficacy : float
        Efficacy of the agonist, 0 to 1.
    precursor : float or array
        NE made from droxidopa, as a multiple of what a healthy terminal makes.
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


def level(
    terminal: Network, e: Effects = NOTHING, alpha2: Value | None = None, net: Value = 1.0, autoinhibition: Value = 1.0
) -> Array:
    """NE outside (nM) minutes after a drug has come, the store clamped: where release equals clearance.

    It is the steady state of the network with its store clamped, for many people at once; dopamine, which hardly competes,
    keeps its level.

    Parameters
    ----------
    terminal : Network
        The untreated terminal.
    e : Effects
        Effects of the drug. Here and below, arrays broadcast.
    alpha2 : float or array, optional
        Number of autoreceptors, 1 at rest; the terminal's own by default.
    net, autoinhibition : float or array
        Factors on NET and on the largest effect of autoreceptors.

    Raises
    ------
    SolveError
        Where no balance is found.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> round(float(level(network(), Effects(net_free=0.5))), 1)
    10.2
    """
    number = terminal["alpha2"] if alpha2 is None else alpha2
    shape = np.broadcast(number, e.net_free, net, autoinhibition, e.a2_agonist, e.a2_antagonist).shape
    if terminal["ne_v"] <= 0:
        return np.zeros(shape)
    return 1e3 * _balanced(_gain(terminal, e, net, autoinhibition), np.zeros(shape), number)


def _gain(terminal: Network, e: Effects, net: Value, autoinhibition: Value) -> Callable[[Value, Value], Value]:
    """Return the function that gives what NE outside gains (uM/s) at its level (uM) and a number of autoreceptors."""
    values = _drugged(e) | {
        "net_activity": terminal.parameters["net_activity"] * np.asarray(e.net_free) * net,
        "Imax_a2auto": terminal.parameters["Imax_a2auto"] * autoinhibition,
    }
    # Cell bodies keep a balance of their own, on which terminals have no influence.
    bodies = terminal.touching("ne_lc")
    of_bodies = terminal.function(list(bodies), ("ne_lc",), values)
    start = np.zeros(np.broadcast(values["net_activity"], e.a2_agonist, e.a2_antagonist).shape)
    values["ne_lc"] = _balanced(lambda x: _sum(bodies, dict(zip(bodies, of_bodies(x), strict=True))), start)
    # The readily releasable pool follows within a minute: what fills it over what empties a unit of it.
    pool, outside = terminal.touching("ne_d"), terminal.touching("ne_e")
    emptying = _consuming(terminal, "ne_d")
    others = [name for name in {**pool, **outside} if name not in emptying]
    of_pool = terminal.function(emptying, ("ne_e", "alpha2"), {**values, "ne_d": 1.0})
    of_others = terminal.function(others, ("ne_e", "alpha2"), values)

    def gained(x: Value, number: Value) -> Value:
        rates = dict(zip(others, of_others(x, number), strict=True))
        emptied = dict(zip(emptying, of_pool(x, number), strict=True))
        size = _sum(pool, rates) / -_sum(pool, emptied)
        return _sum(outside, rates) + size * _sum(outside, emptied)

    return gained


def _balanced(gained: Callable[..., Value], x: Array, *given: Value) -> Array:
    """Level (uM) at which nothing is gained, from `x` on, with what else `gained` takes. Raises SolveError for none.

    Clearance saturates and feedback fades as NE rises, so from zero each step of Newton's method falls a little short.
    """
    tiny = 1e-30  # a complex step: its imaginary part is the slope, exact to rounding, as laws are plain arithmetic
    for _ in range(50):
        found = gained(x + 1j * tiny, *given)
        move = -found.real * tiny / found.imag
        x = np.maximum(x + move, 0.1 * x)
        if np.all(np.abs(move) <= 1e-13 * x):
            return x
    raise solve.SolveError(f"no level at which release equals clearance was found near {1e3 * x} nM")


def adapted(
    terminal: Network,
    e: Effects,
    days: float,
    start: Value | None = None,
    net: Value = 1.0,
    autoinhibition: Value = 1.0,
) -> Array:
    """Number of autoreceptors (1 at rest) after `days` of steady effects, the store clamped: stimulated ones are lost faster.

    `start` is their number before; the other arguments are those of `level`.

    Raises
    ------
    SolveError
        Where no balance is found.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> round(float(adapted(network(), Effects(net_free=0.5), days=14.0)), 2)
    0.91
    """
    number: Array = np.asarray(terminal["alpha2"] if start is None else start, dtype=float)
    change, losing = terminal.touching("alpha2"), _consuming(terminal, "alpha2")
    making = [name for name in change if name not in losing]
    of_one = terminal.function(losing, ("ne_e",), {**_drugged(e), "alpha2": 1.0})
    of_making = terminal.function(making, ("ne_e",), _drugged(e))
    gained, ne = _gain(terminal, e, net, autoinhibition), level(terminal, e, number, net, autoinhibition) / 1e3
    steps = max(int(np.ceil(days)), 1)
    for _ in range(steps):
        if terminal["ne_v"] > 0:
            ne = _balanced(gained, ne, number)
        made = SECONDS_PER_HOUR * DAY * _sum(change, dict(zip(making, of_making(ne), strict=True)))
        lost = -SECONDS_PER_HOUR * DAY * _sum(change, dict(zip(losing, of_one(ne), strict=True)))
        number = made / lost + (number - made / lost) * np.exp(-lost * days / steps)
    return number


def _drugged(e: Effects) -> dict[str, Value]:
    """Drugs at autoreceptors, as the network's parameters."""
    return {"a2_agonist": e.a2_agonist, "a2_efficacy": e.a2_efficacy, "a2_antagonist": e.a2_antagonist}


def _sum(changes: dict[str, float], rates: dict[str, Value]) -> Value:
    """Net effect of these reactions on a species, of those that touch it."""
    return reduce(add, [changes[name] * rate for name, rate in rates.items() if name in changes])


def _consuming(terminal: Network, species: str) -> list[str]:
    """List of the reactions that take a species away. Raises SolveError when one is not in proportion to it."""
    names = [name for name, change in terminal.touching(species).items() if change < 0]
    rates = terminal.function(names, (species,))
    for name, one, two in zip(names, rates(1.0), rates(2.0), strict=True):
        if abs(two - 2 * one) > 1e-9 * abs(two):
            raise solve.SolveError(f"{name} is not in proportion to {species}: solve the network itself instead")
    return names
