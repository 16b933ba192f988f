"""Too little and too much: how tonic norepinephrine may set performance through two receptors of the frontal cortex.

The account is that of Arnsten (ramos2007): moderate NE holds alpha2A receptors, which bind it tightly, and strengthens
working memory; high NE reaches alpha1 receptors, which bind it less tightly, and weakens it. There are three readings of
it: the bare product of the two and an item held over a delay, both here, and a `decision` (drift-diffusion). In none is the inverted U
drawn; each follows from two occupancies that work against one another, and is gone when either receptor is. But *that*
they do so, and by how much, is assumed, so where the best level lies is not known: `optimum_ratios` says how little.

Against it: in rats an alpha1 agonist in the frontal cortex improved working memory and guanfacine did nothing
(ctunl2015), where monkeys and rats of other studies did the opposite (arnsten1999, mao1999). The inverted U that was
seen in detection was one against arousal, not against NE (mcginley2015). In humans clonidine lowers and reboxetine
raises the sensitivity of detection while the criterion stays (gelbard2018), which speaks for NE but for no U.

NE is in nM, a number or an array; so are results. `drugs` are those of `gain.occupancy`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

from nbmodel.core.estimates import Estimate, median
from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models import gain
from nbmodel.models.decision import choice_accuracy, response_speed

Readout = Callable[..., Value]
DRAWS = 200_000  # so many that the median of `optimum_ratios` is known to a hundredth of itself

# -- the laws: plain arithmetic, so that what is printed is what runs ------------------------------------------------


def product(a2: Value, a1: Value) -> Value:
    """Alpha2 stimulated times alpha1 not stimulated, both shares of receptors."""
    return a2 * (1 - a1)


# -- the bare account: two occupancies ---------------------------------------------------------------------------------


def performance(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Product of alpha2 stimulated and alpha1 not stimulated: 0 without NE, 0 with very much.

    It is x/(x + K2) * K1/(x + K1). That the two multiply is an assumption, as is that performance is in proportion to
    them.

    Parameters
    ----------
    ne : float or array
        NE outside the cells, nM.
    p : Parameters, optional
        Table to read instead of the collection's.
    **drugs : float or array
        Drugs at the cell's receptors, relative to their own dissociation constants, as in `gain.occupancy`.

    Returns
    -------
    float or array
        Without unit, 0 to 1.

    Examples
    --------
    >>> [round(float(performance(ne)), 2) for ne in (0.0, 20.0, 1000.0)]
    [0.0, 0.5, 0.06]
    """
    held = gain.occupancy(ne, p, **drugs)
    return product(held.a2, held.a1)


def optimum(p: Parameters | None = None) -> float:
    """NE (nM) at which `performance` is highest: the geometric mean of the two affinities.

    Parameters
    ----------
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    float

    Examples
    --------
    >>> round(optimum(), 1)
    24.8
    """
    k = gain.affinities(p)
    return float(np.sqrt(k.a2 * k.a1))


def best_level(readout: Readout, p: Parameters | None = None, **drugs: float) -> float:
    """NE (nM) at which a readout is highest, found by search.

    The search spans six powers of ten around `optimum`; what lies at its edge is no maximum.

    Parameters
    ----------
    readout : callable
        A function of NE as in `READOUTS`.
    p : Parameters, optional
        Table to read instead of the collection's.
    **drugs : float or array
        Drugs at the cell's receptors, relative to their own dissociation constants, as in `gain.occupancy`.

    Returns
    -------
    float
        0 or infinite where there is no maximum between.

    Examples
    --------
    >>> round(best_level(performance) / optimum(), 6)
    1.0
    >>> best_level(performance, a1_antagonist=float("inf"))
    inf
    """
    centre = np.log(optimum(p))
    low, high = centre - np.log(1e3), centre + np.log(1e3)
    grid = np.linspace(low, high, 601)
    values = np.asarray(readout(np.exp(grid), p, **drugs))
    top = int(values.argmax())
    if top in (0, grid.size - 1):
        return 0.0 if top == 0 else float("inf")
    found = minimize_scalar(
        lambda log: -readout(float(np.exp(log)), p, **drugs),
        bounds=(grid[top - 1], grid[top + 1]),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return float(np.exp(found.x))


def optimum_ratios(draws: int = DRAWS, seed: int = 0, p: Parameters | None = None) -> Array:
    """Best over basal NE for parameters drawn from their ranges, evenly in the logarithm, shape (draws,).

    Drawn are alpha2's functional constant, both binding constants (their ratio makes alpha1's) and basal NE, each
    between `low` and `high` of its row and independently.
    """
    p = p or parameters.load()
    rng = np.random.default_rng(seed)

    def draw(symbol: str) -> Array:
        low, high = (parameters.convert(end, p[symbol].unit, "nM") for end in (p[symbol].low, p[symbol].high))
        return np.exp(rng.uniform(np.log(low), np.log(high), draws))

    k2, binding2, binding1, basal = (draw(symbol) for symbol in ("Kd_a2auto", "Ki_NE_a2", "Ki_NE_a1", "x0_ECF"))
    return k2 * np.sqrt(binding1 / binding2) / basal


def optimum_interval(draws: int = DRAWS, seed: int = 0, p: Parameters | None = None) -> tuple[Estimate, float, float]:
    """Median of best over basal NE for parameters drawn from their ranges, with percentiles.

    See `optimum_ratios`.

    Parameters
    ----------
    draws : int
        Sets of parameters drawn.
    seed : int
        Seed of the random numbers.
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    median : Estimate
        With the 95 % interval that is left by drawing.
    low, high : float
        5th and 95th percentile of the draws.

    Examples
    --------
    >>> median, low, high = optimum_interval(2000)
    >>> low < 1 < high  # the ranges do not tell on which side of rest the best level lies
    False
    """
    ratios = optimum_ratios(draws, seed, p)
    low, high = np.percentile(ratios, (5, 95))
    return median(ratios), float(low), float(high)


# -- an item held over a delay -----------------------------------------------------------------------------------------


def working_memory(ne: Value, p: Parameters | None = None, delay: float | None = None, **drugs: float) -> Value:
    """Share of right answers about an item of two that was held over a delay.

    Persistent activity leaks away and wanders (an Ornstein-Uhlenbeck process that starts at 1 or -1); the answer is its
    sign. Alpha2 slows the leak, alpha1 adds noise.

    Parameters
    ----------
    ne : float or array
        NE outside the cells, nM.
    p : Parameters, optional
        Table to read instead of the collection's.
    delay : float, optional
        How long the item is held, s; the table's own if not given.
    **drugs : float or array
        Drugs at the cell's receptors, relative to their own dissociation constants, as in `gain.occupancy`.

    Returns
    -------
    float or array
        0.5 (chance) to 1.

    Raises
    ------
    ValueError
        For a delay that is not above 0.

    Examples
    --------
    >>> round(float(working_memory(0.0)), 2), round(float(working_memory(20.0)), 2)
    (0.81, 0.88)
    """
    p = p or parameters.load()
    held = gain.occupancy(ne, p, **drugs)
    delay = p.value("delay_memory", "s") if delay is None else delay
    if not delay > 0:
        raise ValueError(f"the delay must be above 0 s, not {delay}")
    leak = p.value("leak_memory", "1/s") * (1 - p.value("cut_leak_a2", "dimensionless") * held.a2)
    noise = p.value("noise_memory", "1/s**0.5") * (1 + p.value("gain_noise_a1", "dimensionless") * held.a1)
    spread = noise * np.sqrt(-np.expm1(-2 * leak * delay) / (2 * leak))
    return ndtr(np.exp(-leak * delay) / spread)


# -- readouts for the disorders ----------------------------------------------------------------------------------------


def sustained_attention(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Performance relative to its best without drugs, 0 to 1: the bare two-receptor account, taken for attention.

    No experiment gives attention against NE in nM: read the direction, not the number.
    """
    return performance(ne, p, **drugs) / performance(optimum(p), p)


READOUTS: dict[str, Readout] = {
    "performance": performance,
    "sustained_attention": sustained_attention,
    "working_memory": working_memory,
    "choice_accuracy": choice_accuracy,
    "response_speed": response_speed,
}
