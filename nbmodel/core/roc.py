"""The receiver operating characteristic: how well two samples are told apart, whatever threshold is put between them.

Sensitivity is measured by the area under the ROC curve (AUC) and by d'_a, the distance of two normal distributions of
equal variance that have the same area. The plain (mean - mean) / sd changes with the scale of an output even where
nothing can be detected better.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from nbmodel.core.estimates import Estimate, from_error
from nbmodel.core.network import Array


def curve(signal: Array, noise: Array) -> tuple[Array, Array]:
    """ROC curve: false alarms and hits for every threshold from the strictest to none.

    Parameters
    ----------
    signal, noise : array, shape (trials,)
        Outputs with the signal and without it; the numbers of trials may differ.

    Returns
    -------
    false_alarms, hits : array, shape (thresholds + 1,)
        Shares, 0 to 1, both rising.

    Examples
    --------
    >>> false_alarms, hits = curve(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    >>> false_alarms.tolist(), hits.tolist()
    ([0.0, 0.0, 0.5, 1.0], [0.0, 0.5, 1.0, 1.0])
    """
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

    Parameters
    ----------
    signal, noise : array, shape (trials,)
        Outputs with the signal and without it.

    Returns
    -------
    float
        0.5 where nothing is told apart, 1 where everything is.

    Examples
    --------
    >>> auc(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    0.875
    """
    return float(_wins(signal, noise).sum()) / (2.0 * signal.size * noise.size)


def sensitivity(area: float) -> float:
    """d'_a for an area under the ROC curve: 0 at one half, infinite at 1."""
    return float(np.sqrt(2.0) * ndtri(area))


def _delong(signal: Array, noise: Array) -> tuple[Array, Array]:
    """Share of the other sample that each trial beats or loses to; their means are the area (DeLong 1988)."""
    return _wins(signal, noise) / (2.0 * noise.size), 1 - _wins(noise, signal) / (2.0 * signal.size)


def auc_estimate(signal: Array, noise: Array) -> Estimate:
    """Area under the ROC curve with its interval after DeLong, DeLong & Clarke-Pearson 1988."""
    variance = sum(np.var(shares, ddof=1) / shares.size for shares in _delong(signal, noise))
    return from_error(auc(signal, noise), float(np.sqrt(variance)))


def sensitivity_estimate(signal: Array, noise: Array) -> Estimate:
    """d'_a with its interval: that of the area, mapped."""
    area = auc_estimate(signal, noise)
    return Estimate(*(sensitivity(min(max(end, 0.0), 1.0)) for end in area))


def auc_change(signal: Array, noise: Array, signal_after: Array, noise_after: Array) -> Estimate:
    """Change of the area when the same trials are heard another way, with its interval (paired; DeLong 1988).

    Raises ValueError where the two do not hold the same trials.
    """
    if signal.shape != signal_after.shape or noise.shape != noise_after.shape:
        raise ValueError("a paired change needs the same trials before and after")
    pairs = zip(_delong(signal_after, noise_after), _delong(signal, noise), strict=True)
    variance = sum(np.var(after - before, ddof=1) / after.size for after, before in pairs)
    return from_error(auc(signal_after, noise_after) - auc(signal, noise), float(np.sqrt(variance)))
