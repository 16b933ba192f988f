"""Results of a scenario, each by itself: what is asked for is computed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# The function that computes a result, and its unit.
Quantity = tuple[Callable[[], float], str]


def table(quantities: Mapping[str, Quantity]) -> pd.DataFrame:
    """Return a table of all quantities, computed: columns name, value, unit.

    Examples
    --------
    >>> table({"ne": (lambda: 6.0, "nM")}).to_dict("records")
    [{'name': 'ne', 'value': 6.0, 'unit': 'nM'}]
    """
    import pandas as pd

    rows = [(name, compute(), unit) for name, (compute, unit) in quantities.items()]
    return pd.DataFrame(rows, columns=["name", "value", "unit"])
