"""Numbers from chance, each with its 95 % interval: from independent runs, from a standard error, from resampling."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

from nbmodel.core.network import Array

TAIL = 0.975  # share below the upper end of a 95 % interval


class Estimate(NamedTuple):
    """Value with its 95 % interval."""

    value: float
    low: float
    high: float


def estimate(values: Iterable[float]) -> Estimate:
    """Mean of independent values (one per seed, say) with its 95 % interval after Student; needs two values or more."""
    found = np.array(list(values), dtype=float)
    return from_error(float(found.mean()), float(found.std(ddof=1) / np.sqrt(found.size)), found.size)


def from_error(value: float, error: float, n: int | None = None) -> Estimate:
    """Estimate from a standard error: after Student for `n` independent pieces, normal where there are many (None)."""
    half = float(ndtri(TAIL) if n is None else stdtrit(n - 1, TAIL)) * error
    return Estimate(value, value - half, value + half)


def from_resampling(values: Array) -> Estimate:
    """Estimate from resampling: the value of the sample itself (first), and the middle 95 % of the others."""
    low, high = np.quantile(values[1:], [1 - TAIL, TAIL])
    return Estimate(float(values[0]), float(low), float(high))


def jackknife(statistic: Callable[[Array], float], pieces: Array) -> Estimate:
    """Estimate of a statistic of all pieces (along the first axis), with the interval from leaving out one after the other."""
    n = len(pieces)
    without = np.array([statistic(np.delete(pieces, i, axis=0)) for i in range(n)])
    return from_error(statistic(pieces), float(np.sqrt((n - 1) * without.var())), n)


def median(values: Array) -> Estimate:
    """Estimate of the median of many independent values, with its interval from ranks."""
    ordered, n = np.sort(values), values.size
    reach = float(ndtri(TAIL)) * np.sqrt(n) / 2
    low, high = (ordered[int(np.clip(np.round(n / 2 + side * reach), 0, n - 1))] for side in (-1, 1))
    return Estimate(float(np.median(values)), float(low), float(high))


def with_interval(name: str, found: Estimate, unit: str) -> list[tuple[str, float, str]]:
    """Three rows of a table of results: the value, and the ends of its interval.

    Examples
    --------
    >>> [row[0] for row in with_interval("rate", Estimate(1.0, 0.9, 1.1), "Hz")]
    ['rate', 'rate_low', 'rate_high']
    """
    return [(name, found.value, unit), (f"{name}_low", found.low, unit), (f"{name}_high", found.high, unit)]
