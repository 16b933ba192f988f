"""Measures of spike trains: rate, regularity, synchrony, and the response to a stimulus, each with its interval.

Nothing here knows how the spikes were made. Intervals are 95 %: over independent runs (`estimate`), or within one run
from leaving out one stretch of time, or one stimulus, after the other (the jackknife).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nbmodel.core.estimates import Estimate, estimate, jackknife
from nbmodel.core.network import Array


@dataclass(frozen=True, eq=False)
class Spikes:
    """Spike `times` (s, in order) and the `cells` that fired them, for `n_cells` over `seconds`.

    `ne` is norepinephrine around the cells (nM) at the end of every time step of the run.
    """

    times: Array
    cells: NDArray[np.intp]
    n_cells: int
    seconds: float
    ne: Array


def counts(spikes: Spikes, width: float) -> Array:
    """Spikes per cell and time bin of `width` seconds, shape (cells, bins); what is left after the last full bin is dropped."""
    bins = int(spikes.seconds / width + 1e-9)
    # A spike at the end of a step belongs to the bin in which the step lies.
    place = np.ceil(spikes.times / width - 1e-9).astype(int) - 1
    inside = place < bins
    table = np.bincount(spikes.cells[inside] * bins + place[inside], minlength=spikes.n_cells * bins)
    return table.reshape(spikes.n_cells, bins).astype(float)


def rate_course(spikes: Spikes, width: float = 0.05) -> tuple[Array, Array]:
    """Rate of the population in time: what drives the terminals.

    Parameters
    ----------
    spikes : Spikes
        Of one run.
    width : float
        Width of a bin, s.

    Returns
    -------
    starts : array, shape (bins,)
        Start of every bin, s.
    rates : array, shape (bins,)
        Hz per cell.

    Examples
    --------
    >>> spikes = Spikes(np.array([0.1, 0.1, 0.6, 0.6]), np.array([0, 1, 0, 1]), 2, 1.0, np.zeros(1))
    >>> starts, rates = rate_course(spikes, width=0.5)
    >>> starts.tolist(), rates.tolist()
    ([0.0, 0.5], [2.0, 2.0])
    """
    found = counts(spikes, width)
    return width * np.arange(found.shape[1], dtype=float), np.asarray(found.mean(axis=0), dtype=float) / width


def rate(spikes: Spikes, blocks: int = 10) -> Estimate:
    """Spikes per cell and second, with the interval from stretches of time.

    Parameters
    ----------
    spikes : Spikes
        Of one run.
    blocks : int
        Stretches of time.

    Returns
    -------
    Estimate
        Hz.

    Examples
    --------
    >>> spikes = Spikes(np.array([0.1, 0.1, 0.6, 0.6]), np.array([0, 1, 0, 1]), 2, 1.0, np.zeros(1))
    >>> rate(spikes, blocks=2).value
    2.0
    """
    found = counts(spikes, spikes.seconds / blocks).mean(axis=0) * blocks / spikes.seconds
    return jackknife(lambda part: float(part.mean()), found)


def rates(spikes: Spikes) -> Array:
    """Rate of each cell (Hz), shape (cells,)."""
    return np.asarray(np.bincount(spikes.cells, minlength=spikes.n_cells) / spikes.seconds)


def variability(spikes: Spikes, least: int = 5) -> Estimate:
    """Coefficient of variation of a cell's inter-spike intervals, mean over cells with `least` intervals or more.

    The interval is that of the mean over cells (nan with fewer than two such cells).
    """
    trains = (spikes.times[spikes.cells == cell] for cell in range(spikes.n_cells))
    gaps = [np.diff(train) for train in trains if train.size > least]
    if len(gaps) < 2:
        return Estimate(np.nan, np.nan, np.nan)
    return estimate(float(gap.std() / gap.mean()) for gap in gaps)


def synchrony(
    spikes: Spikes, width: float = 0.05, blocks: int = 20, pulses: ArrayLike = (), answer: float = 0.5
) -> Estimate:
    """Correlation of two cells' spike counts, mean over all pairs of cells that fire.

    Counts are per bin: spikes further apart than its width are not together. 0 is independence, 1 identity. The
    interval is from stretches of time, as pairs that share cells are not independent. The bins near stimuli are left
    out: what is left is not the shared stimulus.

    Parameters
    ----------
    spikes : Spikes
        Of one run.
    width : float
        Width of a bin, s.
    blocks : int
        Stretches of time.
    pulses : array-like
        Times of the stimuli, s.
    answer : float
        How long after a stimulus bins are left out, s.

    Returns
    -------
    Estimate
        Nan where fewer than two cells fire.

    Examples
    --------
    >>> spikes = Spikes(np.repeat(np.arange(20.0) + 0.01, 2), np.tile([0, 1], 20), 2, 20.0, np.zeros(1))
    >>> round(synchrony(spikes, width=0.5).value, 3)
    1.0
    """
    found = counts(spikes, width)
    starts = width * np.arange(found.shape[1])
    stimuli = np.atleast_1d(np.asarray(pulses, dtype=float))
    hit = ((starts[:, None] > stimuli - width - 1e-9) & (starts[:, None] < stimuli + answer - 1e-9)).any(axis=1)
    found = found[:, ~hit]
    length = found.shape[1] // blocks
    pieces = found[:, : blocks * length].reshape(spikes.n_cells, blocks, length).swapaxes(0, 1)

    def correlation(part: Array) -> float:
        table = part.swapaxes(0, 1).reshape(spikes.n_cells, -1)
        spread = table.std(axis=1)
        table = (table - table.mean(axis=1, keepdims=True))[spread > 0] / spread[spread > 0, None]
        n = len(table)
        # The variance of a sum of n standardised counts is n + (sum of the correlations of all ordered pairs).
        return float((table.sum(axis=0).var() - n) / (n * (n - 1))) if n > 1 else np.nan

    return jackknife(correlation, pieces)


@dataclass(frozen=True)
class Evoked:
    """Response to a stimulus, averaged over stimuli, each number with its interval.

    `baseline` and `peak` in Hz per cell; `ratio` peak over baseline; `size` spikes per cell beyond the baseline; `latency`
    (s) from the stimulus until the rate is halfway from baseline to peak; `peak_time` (s) the middle of the highest bin;
    `suppression`: the share of the baseline that is missing after the response. `peak_time` has no interval, as it
    falls on a bin.
    """

    baseline: Estimate
    peak: Estimate
    ratio: Estimate
    size: Estimate
    latency: Estimate
    peak_time: float
    suppression: Estimate


def evoked(
    spikes: Spikes,
    pulses: ArrayLike,
    width: float = 0.005,
    before: float = 0.5,
    response: float = 0.3,
    after: float = 0.5,
) -> Evoked:
    """Response to the stimuli at the times `pulses` (s), from the histogram in bins of `width` seconds around them.

    The baseline is taken `before` s ahead, the response within `response` s, suppression in the `after` s that follow.
    Intervals are from leaving out one stimulus after the other. Raises ValueError for fewer than two stimuli or one whose
    window reaches beyond the run.
    """
    stimuli = np.atleast_1d(np.asarray(pulses, dtype=float))
    if stimuli.size < 2 or stimuli.min() < before or stimuli.max() + response + after > spikes.seconds:
        raise ValueError("at least two stimuli are needed, with their windows of time inside the run")
    first, last, end = (round(span / width) for span in (before, before + response, before + response + after))
    course = counts(spikes, width).mean(axis=0) / width
    starts = np.round((stimuli - before) / width).astype(int)
    trials = np.stack([course[start : start + end] for start in starts])

    def of(statistic: Callable[[float, Array, Array], float]) -> Estimate:
        def whole(part: Array) -> float:
            mean = part.mean(axis=0)
            return statistic(float(mean[:first].mean()), mean[first:last], mean[last:])

        return jackknife(whole, trials)

    def half_rise(base: float, shape: Array, _: Array) -> float:
        level = (base + shape.max()) / 2
        at = int(np.argmax(shape >= level))
        start = shape[at - 1] if at else base
        # Rates belong to the middle of their bins.
        return float(width * (at - 0.5 + (level - start) / (shape[at] - start))) if shape[at] > start else np.nan

    return Evoked(
        baseline=of(lambda base, shape, rest: base),
        peak=of(lambda base, shape, rest: float(shape.max())),
        ratio=of(lambda base, shape, rest: float(shape.max()) / base if base else np.nan),
        size=of(lambda base, shape, rest: float((shape - base).sum() * width)),
        latency=of(half_rise),
        peak_time=float(width * (np.argmax(trials.mean(axis=0)[first:last]) + 0.5)),
        suppression=of(lambda base, shape, rest: 1 - float(rest.mean()) / base if base else np.nan),
    )
