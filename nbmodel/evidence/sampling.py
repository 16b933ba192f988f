"""Sets of numbers that are as likely as the tables' ranges allow, and what the terminal and two null models make of each.

The practice is that of plausible populations (Allen, Rieger and Musante 2016): draw every number from its range, keep what
a terminal can rest with, and weight each set by how well it repeats the rows that may calibrate.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from nbmodel.core import ensemble
from nbmodel.core.network import Array
from nbmodel.data import formulary, what_if
from nbmodel.data.parameters import Parameter
from nbmodel.evidence import Observation, repeated, rows, terminals

if TYPE_CHECKING:
    import pandas as pd

# Quantities that nobody is in doubt of: what was given in a study, and what molecules weigh.
CERTAIN = (".dose", ".daily_dose", ".per_day", ".interval", ".molar_mass")
# What a protocol can say to numbers that no animal has, such as a dose that no search finds.
CANNOT = (*ensemble.REFUSALS, ValueError)


def sampled_rows() -> list[Observation]:
    """List the rows that an ensemble is run on: those that count, and those that calibrate.

    Weak rows do not count, and directions have no size; but a direction that calibrates weights the sets.
    """
    return [row for row in rows() if row.role == "calibration" or (row.role == "prediction" and row.unit != "sign")]


def doubtful(read: Collection[str]) -> list[str]:
    """List those of some symbols whose numbers have a range, in the order of the tables."""
    table = formulary.load()
    ranged = (symbol for symbol in table if symbol in read and table[symbol].low < table[symbol].high)
    return [symbol for symbol in ranged if not symbol.endswith(CERTAIN) and not symbol.startswith("MW_")]


def symbols() -> list[str]:
    """List the numbers that these rows rest on and that have a range, by symbol."""
    with what_if.reading() as read:
        known = terminals()
        for row in sampled_rows():
            for terminal in known.values():
                repeated(row, terminal)
    return doubtful(read)


def quantile(row: Parameter, share: Array) -> Array:
    """Value of a number below which a `share` of its distribution lies.

    Half of the distribution lies below the table's value and half above, each even between the value and the end of the
    range: in logarithms where all are above zero. A value at an end leaves one piece.

    Examples
    --------
    >>> from nbmodel.data import parameters
    >>> quantile(parameters.load()["x0_ECF"], np.array([0.0, 0.5, 1.0])).round(2).tolist()  # nM
    [1.0, 6.0, 15.0]
    """
    ends = [row.low, row.value, row.high] if row.low < row.value < row.high else [row.low, row.high]
    at = np.linspace(0.0, 1.0, len(ends))
    if row.low > 0:
        return np.asarray(np.exp(np.interp(share, at, np.log(ends))))
    return np.asarray(np.interp(share, at, ends))


def sets(names: list[str], count: int, seed: int) -> pd.DataFrame:
    """Sets of numbers drawn from their ranges, each independent of the others, by a Latin hypercube.

    Parameters
    ----------
    names : list of str
        Symbols.
    count : int
        How many sets.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        A row per set, a column per symbol.

    Examples
    --------
    >>> sets(["x0_ECF", "Km_NET_NE"], count=3, seed=1).shape
    (3, 2)
    """
    import pandas as pd
    from scipy.stats import qmc

    shares = qmc.LatinHypercube(d=len(names), rng=np.random.default_rng(seed)).random(count)
    table = formulary.load()
    return pd.DataFrame({name: quantile(table[name], shares[:, i]) for i, name in enumerate(names)})


def repeat(values: dict[str, float]) -> dict[str, float]:
    """Map 'model V1' and the like to what each of `evidence.terminals` gives for a row, with other numbers.

    A null model that cannot rest with them, and a protocol that finds no answer, gives nan.

    Raises
    ------
    NetworkError, ParameterError
        Where the model itself cannot rest.
    """
    found = {}
    with what_if.using(values):
        for who, terminal in terminals().items():
            for row in sampled_rows():
                try:
                    found[f"{who} {row.id}"] = repeated(row, terminal)
                except CANNOT:
                    found[f"{who} {row.id}"] = float("nan")
    return found
