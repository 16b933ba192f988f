"""Does norepinephrine help to detect a signal? What a gain can do, what it cannot, and what it needs in order to do it.

A gain makes the response to the signal larger, and the response to noise as well. Servan-Schreiber, Printz & Cohen 1990
proved what follows: a single unit without noise of its own maps its input in order, so whatever threshold is put on its
output finds the same hits for the same false alarms. Its ROC curve does not move. A gain helps only where something
comes *after* it that it can win against: noise at the output, the chance of spikes, noise between two layers. A network is no
exception: what helps it is the noise between its units, and one unit with noise at its output gains as well. (Scaling
signal and background apart, as the cortical unit of `gain` does, adds nothing while the background is the same on every
trial.) So each function here that shows a benefit also shows the case without the cause.

Sensitivity is measured by the area under the ROC curve and by d'_a, the distance of two normal distributions of equal
variance that have the same area. The plain (mean - mean) / sd changes with the gain even where nothing can be detected
better. Intervals are 95 %, of the simulation: they shrink with more trials and say nothing of how people differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr, ndtri, pdtr, pdtrik

from nbmodel.core.estimates import Estimate, from_error
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models import dialysis, gain
from nbmodel.models.firing import highest_tonic

if TYPE_CHECKING:
    import pandas as pd

TRIALS = 4000
GAINS = (0.5, 1.0, 2.0, 4.0)  # those of the reference numbers
MANY = 10  # units of the first layer that converge on one

# The cocktail party, a demonstration: how many voices, how strong they are and vary (as shares of the background drive),
# and how many seconds of cells (ten cells for 0.2 s) the listener may count spikes over.
VOICES = 4
TARGET, DISTRACTOR, JITTER = 0.5, 0.25, 0.15
CELL_SECONDS = 2.0


# -- the ROC curve ---------------------------------------------------------------------------------------------------


def roc(signal: Array, noise: Array) -> tuple[Array, Array]:
    """False alarms and hits (shares) for every threshold from the strictest to none, each shape (thresholds,)."""
    thresholds = np.unique(np.concatenate([signal, noise]))[::-1]
    above = [1 - np.searchsorted(np.sort(sample), thresholds, side="left") / sample.size for sample in (noise, signal)]
    return np.append(0.0, above[0]), np.append(0.0, above[1])


def _wins(sample: Array, other: Array) -> NDArray[np.int64]:
    """For each value, twice the number of values in `other` that lie below it, a tie counting half: whole numbers."""
    ordered = np.sort(other)
    return np.searchsorted(ordered, sample, side="left") + np.searchsorted(ordered, sample, side="right")


def auc(signal: Array, noise: Array) -> float:
    """Area under the empirical ROC curve: how often a trial with the signal beats one without (a tie counts half).

    It is counted in whole numbers from ranks, so any map that keeps the order leaves it the same to the last digit.
    """
    return float(_wins(signal, noise).sum()) / (2.0 * signal.size * noise.size)


def sensitivity(area: float) -> float:
    """d'_a for an area under the ROC curve: 0 at one half, infinite at 1."""
    return float(np.sqrt(2.0) * ndtri(area))


def _delong(signal: Array, noise: Array) -> tuple[Array, Array]:
    """The share of the other sample that each trial beats or loses to, whose means are the area (DeLong 1988)."""
    return _wins(signal, noise) / (2.0 * noise.size), 1 - _wins(noise, signal) / (2.0 * signal.size)


def auc_estimate(signal: Array, noise: Array) -> Estimate:
    """The area with its interval after DeLong, DeLong & Clarke-Pearson 1988."""
    variance = sum(np.var(shares, ddof=1) / shares.size for shares in _delong(signal, noise))
    return from_error(auc(signal, noise), float(np.sqrt(variance)))


def sensitivity_estimate(signal: Array, noise: Array) -> Estimate:
    """d'_a with its interval: that of the area, mapped."""
    area = auc_estimate(signal, noise)
    return Estimate(*(sensitivity(min(max(end, 0.0), 1.0)) for end in area))


def auc_change(signal: Array, noise: Array, signal_after: Array, noise_after: Array) -> Estimate:
    """How much the area changes when the same trials are heard another way, with its interval (paired; DeLong 1988).

    Raises ValueError where the two do not hold the same trials.
    """
    if signal.shape != signal_after.shape or noise.shape != noise_after.shape:
        raise ValueError("a paired change needs the same trials before and after")
    pairs = zip(_delong(signal_after, noise_after), _delong(signal, noise), strict=True)
    variance = sum(np.var(after - before, ddof=1) / after.size for after, before in pairs)
    return from_error(auc(signal_after, noise_after) - auc(signal, noise), float(np.sqrt(variance)))


# -- one gain, five circuits -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trials:
    """What a circuit hears and what chance does to it: `x`, the input; `z`, normal; `u`, uniform; each shape (trials,).

    `more` is normal noise for further units, shape (MANY, trials).
    """

    x: Array
    z: Array
    u: Array
    more: Array


def trials(number: int = TRIALS, seed: int = 0) -> tuple[Trials, Trials]:
    """Trials with the signal and trials without: inputs of unit variance whose means differ by the d' of the reference."""
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
    """A unit with no noise of its own (ranked by the logarithm of its output, which does not round to 1)."""
    return np.asarray(gain.log_sigmoid(t.x, g))


def noisy_unit(t: Trials, g: float) -> Array:
    """A unit with normal noise added to its output."""
    return np.asarray(gain.sigmoid(t.x, g) + parameters.published_model("servan1990")["late_noise"] * t.z)


def spiking_unit(t: Trials, g: float, most: float = 10.0) -> Array:
    """A unit whose output is the mean of a spike count, `most` at the highest."""
    return poisson(most * gain.sigmoid(t.x, g), t.u)


def two_layers(t: Trials, g: float) -> Array:
    """A unit that hears another one, both with the same gain and with noise of their own at their outputs."""
    late = parameters.published_model("servan1990")["late_noise"]
    return np.asarray(gain.sigmoid(noisy_unit(t, g), g) + late * t.more[0])


def many_into_one(t: Trials, g: float) -> Array:
    """A unit that hears the mean of `MANY` others: all hear the same input, and each adds its own noise on the way."""
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
    """d'_a of each circuit at each gain, on the same trials: columns circuit, gain, value, low, high."""
    import pandas as pd

    signal, noise = trials(number, seed)
    rows = [
        (name, g, *sensitivity_estimate(circuit(signal, g), circuit(noise, g)))
        for name, circuit in CIRCUITS.items() for g in gains
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["circuit", "gain", "value", "low", "high"])


def _normal(nodes: int = 80) -> tuple[Array, Array]:
    """Points and weights that average a smooth function over a standard normal variable (Gauss-Hermite)."""
    x, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return x, weights / weights.sum()


def expected_sensitivity(g: float) -> float:
    """d'_a of one unit with noise at its output, without chance: the area by quadrature over both inputs."""
    published = parameters.published_model("servan1990")
    x, weights = _normal()
    gap = np.subtract.outer(gain.sigmoid(x + published["input_sensitivity"], g), gain.sigmoid(x, g))
    return sensitivity(float(weights @ ndtr(gap / (np.sqrt(2.0) * published["late_noise"])) @ weights))


@cache
def expected_network(g: float, units: int = 1, nodes: int = 40) -> float:
    """The same for `units` units that converge on one, noise after each: `two_layers` (1) and `many_into_one` (`MANY`)."""
    published = parameters.published_model("servan1990")
    late = published["late_noise"]
    x, weights = _normal(nodes)
    both = np.outer(weights, weights).ravel()

    def second(shift: float) -> Array:
        heard = np.add.outer(gain.sigmoid(x + shift, g), late / np.sqrt(units) * x).ravel()
        return np.asarray(gain.sigmoid(heard, g))

    gap = np.subtract.outer(second(published["input_sensitivity"]), second(0.0))
    return sensitivity(float(both @ ndtr(gap / (np.sqrt(2.0) * late)) @ both))


# -- a target among distractors --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """The chance in a cocktail party: `jitter` of each voice and `u` for its spikes, shape (present or not, trials, voices)."""

    jitter: Array
    u: Array


def scene(number: int = TRIALS, seed: int = 0) -> Scene:
    """The chance of so many trials with the target and so many without."""
    rng = np.random.default_rng(seed)
    shape = (2, number, VOICES)
    return Scene(JITTER * rng.standard_normal(shape), rng.random(shape))


def heard(s: Scene, ne: float, p: Parameters | None = None, *, spikes: bool = True, **drugs: float) -> Array:
    """What the listener gets of each voice at NE (nM), shape (present or not, trials, voices).

    The target speaks in the first voice, in the first half of the trials; all else is distractors. NE acts on every
    voice alike: it does not know which is the target. Each voice drives cortical units; what arrives is their spike
    count, or with `spikes` off their rate, without chance.
    """
    strength = np.full_like(s.jitter, DISTRACTOR)
    strength[0, :, 0] = TARGET
    mean = CELL_SECONDS * np.asarray(gain.rate(strength + s.jitter, ne, p, **drugs))
    return poisson(mean, s.u) if spikes else mean


def _selected(counts: Array) -> Array:
    """Per trial with the target, whether the loudest voice is the target's; among equals the listener guesses."""
    loudest = counts[0] == counts[0].max(axis=1, keepdims=True)
    return loudest[:, 0] / loudest.sum(axis=1)


@remembered
def cocktail_party(
    ne: float, without: float = 0.0, number: int = TRIALS, seed: int = 0, p: Parameters | None = None, *,
    spikes: bool = True, **drugs: float,
) -> dict[str, Estimate]:  # fmt: skip
    """Target among distractors at NE (nM) and at the level `without`, on the same trials with the same chance.

    `accuracy` is the share of trials in which the target is picked out as the loudest of the voices (chance: one in
    four), `auc` that of telling from the attended voice whether it is the target's. Each comes `_without`, `_with` and
    as the paired `_change`. What the benefit needs is the chance of spikes: with `spikes` off the loudest voice stays
    the loudest at any NE, and both are the same trial by trial. Drugs act on the `ne` side only.
    """
    s = scene(number, seed)
    before, after = heard(s, without, p, spikes=spikes), heard(s, ne, p, spikes=spikes, **drugs)

    def mean(values: Array) -> Estimate:
        return from_error(float(values.mean()), float(np.std(values, ddof=1) / np.sqrt(values.size)))

    (yes, no), (yes_after, no_after) = before[:, :, 0], after[:, :, 0]
    return {
        "accuracy_without": mean(_selected(before)),
        "accuracy_with": mean(_selected(after)),
        "accuracy_change": mean(_selected(after) - _selected(before)),
        "auc_without": auc_estimate(yes, no),
        "auc_with": auc_estimate(yes_after, no_after),
        "auc_change": auc_change(yes, no, yes_after, no_after),
    }


def expected_party(ne: float, p: Parameters | None = None, **drugs: float) -> dict[str, float]:
    """The same scene at one NE level (nM) without sampling: `accuracy`, `auc` and `sensitivity` (d'_a of that area).

    The distribution of each voice's count is a Poisson one averaged over the voice's jitter.
    """
    x, weights = _normal()
    means = [CELL_SECONDS * gain.rate(strength + JITTER * x, ne, p, **drugs) for strength in (TARGET, DISTRACTOR)]
    largest = max(float(mean.max()) for mean in means)
    k = np.arange(int(largest + 10 * np.sqrt(largest)) + 10)[:, None]
    target, distractor = (np.exp(k * np.log(mean) - mean - gammaln(k + 1)) @ weights for mean in means)
    upto = np.cumsum(distractor)
    below = upto - distractor
    # The rivals are independent: the chance that none is louder, with an equal share of every tie. For n voices that is
    # (upto^n - below^n) / (n distractor), written out so that nothing is divided by zero.
    shared = sum(upto**i * below ** (VOICES - 1 - i) for i in range(VOICES)) / VOICES
    area = float(target @ (below + distractor / 2))
    return {"accuracy": float(target @ shared), "auc": area, "sensitivity": sensitivity(area)}


# -- protocols: published experiments, repeated on any terminal ------------------------------------------------------


def direction(after: float, before: float) -> float:
    """1 for a rise, -1 for a fall, 0 for a change that is no more than the solver's noise."""
    return 0.0 if abs(after - before) < 1e-6 else float(np.sign(after - before))


def gain_on_single_unit(_: Network) -> float:
    """What raising the gain from the lowest to the highest of the reference does to d'_a of one unit, as a share."""
    signal, noise = trials()
    low, high = (sensitivity(auc(single_unit(signal, g), single_unit(noise, g))) for g in (min(GAINS), max(GAINS)))
    return high / low - 1


def gain_on_noisy_unit(_: Network) -> float:
    """The same for one unit with noise at its output."""
    return expected_sensitivity(max(GAINS)) / expected_sensitivity(min(GAINS)) - 1


def gain_on_two_layers(_: Network) -> float:
    """The direction in which the same change moves d'_a of a second layer that hears a first one, noise after each."""
    return direction(expected_network(max(GAINS)), expected_network(min(GAINS)))


def drug_on_detection(measure: str, drug: Callable[[Network], float], rest: Network) -> float:
    """The direction in which a drug moves a measure of `expected_party`, through the NE level alone.

    In volunteers clonidine lowers and reboxetine raises the sensitivity of detection (gelbard2018), and clonidine makes it
    harder to tell target words from distractors at the two ears (clark1986). `drug` gives NE as a multiple of rest
    (`dialysis`). What the drug does to receptors of the target cells is left out: clonidine stimulates alpha2 there as
    well, which by itself would help (in kolta1987 it could raise the ratio of evoked to spontaneous firing).
    """
    level = 1e3 * rest["ne_e"]
    return direction(expected_party(level * drug(rest))[measure], expected_party(level)[measure])


def background_least_inside(rest: Network) -> float:
    """1 where background firing is least at an NE level between none and that of the highest arousal (mcginley2015)."""
    return float(0 < gain.least_background() < highest_tonic(rest))


def detection_best_inside(rest: Network) -> float:
    """1 where detection is better halfway than at either end of the same range (mcginley2015).

    The cortical unit has no receptor that weakens the signal. With the parameters as they stand more NE is always better,
    however little; only where alpha1 adds more background than it strengthens the signal is there a best level.
    """
    top = highest_tonic(rest)
    at_none, halfway, at_top = (expected_party(level)["sensitivity"] for level in (0.0, top / 2, top))
    return float(halfway > max(at_none, at_top))


SIGNS = {"clonidine_on_detection": -1.0, "reboxetine_on_detection": 1.0, "clonidine_on_selection": -1.0}


def signs_met(rest: Network) -> int:
    """How many of the three published signs of drugs on detection the model has; they share one mechanism."""
    return sum(PROTOCOLS[name](rest) == sign for name, sign in SIGNS.items())


def shares_of_cells() -> dict[str, float]:
    """`gain.variety` at the basal level of the table: what a tenfold NE does to cells of many sizes."""
    return gain.variety(parameters.load().value("x0_ECF", "nM"))


def largest_group(_: Network) -> float:
    """The largest of the shares of cells that respond more, less and as before (kasamatsu1982: about equal)."""
    found = shares_of_cells()
    return max(found["more"], found["less"], found["same"])


def better_ratio(_: Network) -> float:
    """The share of cells with a better ratio among those whose response changes (kasamatsu1982: the majority)."""
    return shares_of_cells()["better"]


PROTOCOLS: dict[str, Callable[[Network], float]] = {
    "largest_group": largest_group,
    "better_ratio": better_ratio,
    "gain_on_single_unit": gain_on_single_unit,
    "gain_on_noisy_unit": gain_on_noisy_unit,
    "gain_on_two_layers": gain_on_two_layers,
    "clonidine_on_detection": partial(drug_on_detection, "sensitivity", dialysis.clonidine),
    "reboxetine_on_detection": partial(drug_on_detection, "sensitivity", dialysis.net_inhibitor),
    "clonidine_on_selection": partial(drug_on_detection, "accuracy", dialysis.clonidine),
    "background_least_inside": background_least_inside,
    "detection_best_inside": detection_best_inside,
}
