"""Sobol indices: how much of a result's variance each uncertain number brings about, alone and together with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.core.network import Array

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 400
Quantile = Callable[[Array], Array]


@dataclass(frozen=True)
class _Distribution:
    """Distribution as scipy wants it: `ppf` turns shares (0 to 1) into values."""

    ppf: Quantile


def check(count: int) -> None:
    """Raise ValueError for a size of samples that the method cannot take, with the nearest that it can."""
    if count < 2 or count & (count - 1):
        near = 2 ** max(round(float(np.log2(max(count, 2)))), 1)
        raise ValueError(f"{count} samples are no power of two, which the method needs; take {near}")


def indices(
    function: Callable[[pd.DataFrame], Array], quantiles: Mapping[str, Quantile], count: int, seed: int
) -> pd.DataFrame:
    """Sobol indices of a result, by the method of Saltelli (2010) in scipy, with intervals from resampling.

    Parameters
    ----------
    function : callable
        Takes sets of numbers, a row each, and gives the result for each; it is called with `count` times (numbers + 2).
    quantiles : Mapping
        For each number, the function that turns shares (0 to 1) into its values.
    count : int
        Size of the two samples that are compared, a power of two.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        A row per number, the most important first. `first` is the share of variance that it brings about alone, `total`
        that of all in which it takes part; each with the ends of its 95 % interval, `..._low` and `..._high`.

    Raises
    ------
    ValueError
        For a count that is no power of two, for results that are not there, and for results that are all the same.

    Examples
    --------
    >>> even = {"a": lambda share: share, "b": lambda share: 0.5 * share}
    >>> found = indices(lambda sets: sets["a"] + sets["b"], even, count=256, seed=1)
    >>> found["total"].round(1).tolist()  # variances as 4 to 1
    [0.8, 0.2]
    """
    import pandas as pd
    from scipy import stats

    check(count)

    def results(numbers: Array) -> Array:
        found = np.array(function(pd.DataFrame(dict(zip(quantiles, numbers, strict=True)))), dtype=float)
        if not np.all(np.isfinite(found)):
            raise ValueError(
                f"there is no result for {np.sum(~np.isfinite(found))} of {found.size} sets of numbers: the model cannot rest "
                "with them; leave out the number that takes it there"
            )
        return found

    rng = np.random.default_rng(seed)
    found: Any = stats.sobol_indices(
        func=results, n=count, dists=[_Distribution(one) for one in quantiles.values()], rng=rng
    )
    if np.ptp(found._f_A) == 0:
        raise ValueError("the result is the same for all sets of numbers, so none of them matters")
    spread = found.bootstrap(n_resamples=RESAMPLES)
    table = {"number": list(quantiles)}
    for name, value, ends in (
        ("first", found.first_order, spread.first_order.confidence_interval),
        ("total", found.total_order, spread.total_order.confidence_interval),
    ):
        table |= {name: value, f"{name}_low": ends.low, f"{name}_high": ends.high}
    return pd.DataFrame(table).sort_values("total", ascending=False, ignore_index=True)
