"""A target among distractors, as at a cocktail party: whether norepinephrine helps to pick out one of several voices.

A demonstration on the cortical unit of `gain`, which hears every voice through the chance of its spikes. NE acts on every
voice alike: it does not know which is the target.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from nbmodel.core import roc
from nbmodel.core.estimates import Estimate, from_error
from nbmodel.core.network import Array
from nbmodel.core.solve import remembered
from nbmodel.data.parameters import Parameters
from nbmodel.models import gain
from nbmodel.models.detection import TRIALS, normal_nodes, poisson

# How many voices, how strong they are and vary (as shares of the background drive), and how many seconds of cells (ten
# cells for 0.2 s) the listener may count spikes over.
VOICES = 4
TARGET, DISTRACTOR, JITTER = 0.5, 0.25, 0.15
CELL_SECONDS = 2.0


@dataclass(frozen=True)
class Scene:
    """Random draws of a cocktail party: `jitter` of each voice and `u` for its spikes, shape (present or not, trials, voices)."""

    jitter: Array
    u: Array


def scene(number: int = TRIALS, seed: int = 0) -> Scene:
    """Random draws of so many trials with the target and so many without."""
    rng = np.random.default_rng(seed)
    shape = (2, number, VOICES)
    return Scene(JITTER * rng.standard_normal(shape), rng.random(shape))


def heard(s: Scene, ne: float, p: Parameters | None = None, *, spikes: bool = True, **drugs: float) -> Array:
    """Input that the listener gets of each voice at NE (nM), shape (present or not, trials, voices).

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
def compared(
    ne: float,
    without: float = 0.0,
    number: int = TRIALS,
    seed: int = 0,
    p: Parameters | None = None,
    *,
    spikes: bool = True,
    **drugs: float,
) -> dict[str, Estimate]:
    """Target among distractors at NE and at the level `without`, on the same trials with the same chance.

    What the benefit needs is the chance of spikes: with `spikes` off the loudest voice stays the loudest at any NE, and
    both are the same trial by trial.

    Parameters
    ----------
    ne : float
        NE in nM.
    without : float
        NE of the comparison, nM.
    number : int
        Trials with the target, and as many without.
    seed : int
        Seed of the random numbers.
    p : Parameters, optional
        Table to read instead of the collection's.
    spikes : bool
        False hears rates in place of spike counts.
    **drugs : float or array
        Drugs at the cell's receptors, relative to their own dissociation constants, as in `gain.occupancy`. They act on
        the `ne` side only.

    Returns
    -------
    dict of str to Estimate
        `accuracy` (share of trials in which the target is picked out as the loudest of four voices) and `auc` (telling
        from the attended voice whether it is the target's), each `_without`, `_with` and as the paired `_change`, with
        95 % intervals.

    Examples
    --------
    >>> found = compared(6.0, number=200)
    >>> bool(found["accuracy_with"].low > 0.25)  # better than guessing one of four
    True
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
        "auc_without": roc.auc_estimate(yes, no),
        "auc_with": roc.auc_estimate(yes_after, no_after),
        "auc_change": roc.auc_change(yes, no, yes_after, no_after),
    }


def expected(ne: float, p: Parameters | None = None, **drugs: float) -> dict[str, float]:
    """Accuracy, area under the ROC curve and d'_a at one NE level, without sampling.

    The distribution of each voice's count is a Poisson one averaged over the voice's jitter.

    Parameters
    ----------
    ne : float
        NE in nM.
    p : Parameters, optional
        Table to read instead of the collection's.
    **drugs : float or array
        Drugs at the cell's receptors, relative to their own dissociation constants, as in `gain.occupancy`.

    Returns
    -------
    dict of str to float
        `accuracy`, `auc` (shares) and `sensitivity` (d'_a of that area).

    Examples
    --------
    >>> round(expected(6.0)["accuracy"], 2), round(expected(0.0)["accuracy"], 2)
    (0.66, 0.64)
    """
    x, weights = normal_nodes(32)  # more change the tenth digit
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
    return {"accuracy": float(target @ shared), "auc": area, "sensitivity": roc.sensitivity(area)}
