"""Plausible sets of numbers, drawn once and weighted by calibration: what a result may be as well, given what is in doubt.

`nbmodel evidence --ensemble 500 --store` makes the table (see `evidence.weighted_ensemble`). Its sets count alike: they were drawn
from all that were tried in proportion to how well each repeats the rows that calibrate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbmodel.data import what_if
from nbmodel.data.parameters import FOLDER
from nbmodel.data.typed_rows import csv_rows

PATH = FOLDER / "plausible_sets.csv"
MIDDLE = (0.05, 0.95)  # between which a band lies: 90 % of the sets


@dataclass(frozen=True, slots=True)
class Number:
    """Row of `plausible_sets.csv`: the value of one symbol, in its row's own unit, in one of the sets."""

    set: int
    symbol: str
    value: float


@cache
def sets() -> tuple[dict[str, float], ...]:
    """Return the plausible sets, each a value by symbol.

    Examples
    --------
    >>> 1 <= sets()[0]["x0_ECF"] <= 15  # nM
    True
    """
    found: dict[int, dict[str, float]] = {}
    for row in csv_rows(PATH, Number, unique=("set", "symbol")):
        found.setdefault(row.set, {})[row.symbol] = row.value
    return tuple(found.values())


def band(quantity: Callable[[], Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the band in which a quantity lies with nine in ten plausible sets.

    Parameters
    ----------
    quantity : callable
        Computes a number or an array from models that read the tables; it is called once a set.

    Returns
    -------
    low, high : array
        Of the shape of the quantity.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> low, high = band(lambda: 1e3 * norepinephrine_terminal.network()["ne_e"])  # NE outside at rest, nM
    >>> bool(low < 6 < high)
    True
    """
    found = []
    for values in sets():
        with what_if.using(values):
            found.append(np.asarray(quantity(), dtype=float))
    low, high = np.quantile(found, MIDDLE, axis=0)
    return np.asarray(low), np.asarray(high)
