"""Does norepinephrine help to detect a signal? What a gain can do, what it cannot, and what it needs in order to do it.

A gain makes the response to the signal larger, and the response to noise as well. Servan-Schreiber, Printz & Cohen 1990
proved what follows: a single unit without noise of its own maps its input in order, so whatever threshold is put on its
output finds the same hits for the same false alarms. Its ROC curve does not move. A gain helps only where something
comes *after* it that it can win against: noise at the output, the chance of spikes, noise between two layers. A network is no
exception: what helps it is the noise between its units, and one unit with noise at its output gains as well. (Scaling
signal and background apart, as the cortical unit of `gain` does, adds nothing while the background is the same on every
trial.) So each function here that shows a benefit also shows the case without the cause.

Sensitivity is d'_a, from the area under the ROC curve (`roc`). Intervals are 95 %, of the simulation: they shrink with
more trials and say nothing of how people differ. A target among distractors, with spikes, is the `cocktail_party`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, pdtr, pdtrik

from nbmodel.core import roc
from nbmodel.core.network import Array
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.models import gain

if TYPE_CHECKING:
    import pandas as pd

TRIALS = 4000
GAINS = (0.5, 1.0, 2.0, 4.0)  # those of the reference numbers
MANY = 10  # units of the first layer that converge on one


@dataclass(frozen=True)
class Trials:
    """Input of a circuit and what chance does to it: `x`, the input; `z`, normal; `u`, uniform; each shape (trials,).

    `more` is normal noise for further units, shape (MANY, trials).
    """

    x: Array
    z: Array
    u: Array
    more: Array


def trials(number: int = TRIALS, seed: int = 0) -> tuple[Trials, Trials]:
    """Trials with the signal and trials without: inputs of unit variance whose means differ by the d' of the reference.

    Parameters
    ----------
    number : int
        How many of each.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    tuple of Trials
        With the signal, without it.

    Examples
    --------
    >>> signal, noise = trials(100)
    >>> signal.x.shape, signal.more.shape
    ((100,), (10, 100))
    """
    rng = np.random.default_rng(seed)
    shift = parameters.published_model("servan1990")["input_sensitivity"]

    drawn = [(rng.standard_normal(number), rng.standard_normal(number), rng.random(number)) for _ in range(2)]
    (x, z, u), (x_none, z_none, u_none) = drawn
    further = rng.standard_normal((2, MANY, number))
    return Trials(shift + x, z, u, further[0]), Trials(x_none, z_none, u_none, further[1])


def poisson(mean: Array, u: Array) -> Array:
    """Counts with these means, by inversion of the uniforms `u`: more mean never gives less from the same chance."""
    found = np.maximum(np.ceil(pdtrik(u, mean)), 0.0)
    lower = np.maximum(found - 1, 0.0)
    return np.where(pdtr(lower, mean) >= u, lower, found)


def single_unit(t: Trials, g: float) -> Array:
    """Unit with no noise of its own (ranked by the logarithm of its output, which does not round to 1)."""
    return np.asarray(gain.log_sigmoid(t.x, g))


def noisy_unit(t: Trials, g: float) -> Array:
    """Unit with normal noise added to its output."""
    return np.asarray(gain.sigmoid(t.x, g) + parameters.published_model("servan1990")["late_noise"] * t.z)


def spiking_unit(t: Trials, g: float, most: float = 10.0) -> Array:
    """Unit whose output is the mean of a spike count, `most` at the highest."""
    return poisson(most * gain.sigmoid(t.x, g), t.u)


def two_layers(t: Trials, g: float) -> Array:
    """Unit that hears another one, both with the same gain and with noise of their own at their outputs."""
    late = parameters.published_model("servan1990")["late_noise"]
    return np.asarray(gain.sigmoid(noisy_unit(t, g), g) + late * t.more[0])


def many_into_one(t: Trials, g: float) -> Array:
    """Unit that hears the mean of `MANY` others: all hear the same input, and each adds its own noise on the way."""
    late = parameters.published_model("servan1990")["late_noise"]
    heard = gain.sigmoid(t.x, g) + late * t.more.mean(axis=0)
    return np.asarray(gain.sigmoid(heard, g) + late * t.z)


CIRCUITS: dict[str, Callable[[Trials, float], Array]] = {
    "single unit": single_unit,
    "single unit, noise at its output": noisy_unit,
    "single unit, Poisson spikes": spiking_unit,
    "two layers, noise after each": two_layers,
    "ten units into one, noise after each": many_into_one,
}


@remembered
def by_gain(gains: tuple[float, ...] = GAINS, number: int = TRIALS, seed: int = 0) -> pd.DataFrame:
    """Sensitivity d'_a of each circuit at each gain, on the same trials.

    Parameters
    ----------
    gains : tuple of float
        Gains of all units, without unit.
    number : int
        Trials with the signal, and as many without.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        Columns circuit, gain, value, low, high (95 % interval).

    References
    ----------
    Servan-Schreiber, Printz and Cohen 1990 for the unit.

    Examples
    --------
    >>> by_gain((1.0,), number=50).shape
    (5, 5)
    """
    import pandas as pd

    signal, noise = trials(number, seed)
    rows = [
        (name, g, *roc.sensitivity_estimate(circuit(signal, g), circuit(noise, g)))
        for name, circuit in CIRCUITS.items()
        for g in gains
    ]
    return pd.DataFrame(rows, columns=["circuit", "gain", "value", "low", "high"])


@cache
def normal_nodes(nodes: int = 80) -> tuple[Array, Array]:
    """Points and weights that average a smooth function over a standard normal variable (Gauss-Hermite)."""
    x, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return x, weights / weights.sum()


def expected_sensitivity(g: float) -> float:
    """Sensitivity d'_a of one unit with noise at its output, without chance: by quadrature over both inputs.

    Parameters
    ----------
    g : float
        Gain of the unit, without unit.

    Returns
    -------
    float

    Examples
    --------
    >>> round(expected_sensitivity(1.0), 2), round(expected_sensitivity(4.0), 2)
    (0.55, 0.74)
    """
    published = parameters.published_model("servan1990")
    x, weights = normal_nodes()
    gap = np.subtract.outer(gain.sigmoid(x + published["input_sensitivity"], g), gain.sigmoid(x, g))
    return roc.sensitivity(float(weights @ ndtr(gap / (np.sqrt(2.0) * published["late_noise"])) @ weights))


@cache
def expected_network(g: float, units: int = 1, nodes: int = 40) -> float:
    """Sensitivity d'_a, without chance, of units that converge on one, with noise after each.

    One unit is `two_layers`, `MANY` are `many_into_one`.

    Parameters
    ----------
    g : float
        Gain of all units, without unit.
    units : int
        Units of the first layer.
    nodes : int
        Points of the quadrature along each input.

    Returns
    -------
    float

    Examples
    --------
    >>> round(expected_network(1.0), 2), round(expected_network(4.0), 2)
    (0.14, 0.51)
    """
    published = parameters.published_model("servan1990")
    late = published["late_noise"]
    x, weights = normal_nodes(nodes)
    both = np.outer(weights, weights).ravel()

    def second(shift: float) -> Array:
        heard = np.add.outer(gain.sigmoid(x + shift, g), late / np.sqrt(units) * x).ravel()
        return np.asarray(gain.sigmoid(heard, g))

    gap = np.subtract.outer(second(published["input_sensitivity"]), second(0.0))
    return roc.sensitivity(float(both @ ndtr(gap / (np.sqrt(2.0) * late)) @ both))
