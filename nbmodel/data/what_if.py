"""What if a number were another: every model reads other values for a while, or tells which it reads.

A number of `parameters.csv` has a range as well as a value. `using` takes any number from its range to every model,
protocol and result at once; ensembles and sensitivities rest on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from nbmodel.data import formulary, in_use
from nbmodel.data.parameters import Parameter, Parameters


@contextmanager
def using(values: Mapping[str, float]) -> Iterator[Parameters]:
    """Let every model read these values within the block.

    Parameters
    ----------
    values : Mapping
        Values by symbol, of parameters and of drugs' numbers, each in its row's own unit; the others stay as they are.

    Yields
    ------
    Parameters
        The table in use.

    Raises
    ------
    ParameterError
        For an unknown symbol or a value that is not finite.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> with using({"x0_ECF": 14.0}):
    ...     round(1e3 * norepinephrine_terminal.network()["ne_e"], 1)  # NE outside at rest, nM
    14.0
    """
    table = formulary.load().replace(**values)
    with in_use.put(table):
        yield table


@contextmanager
def reading() -> Iterator[set[str]]:
    """Let models read what they always do within the block, and tell which symbols those are.

    Yields
    ------
    set of str
        Each symbol is added when it is read.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> with reading() as symbols:
    ...     _ = norepinephrine_terminal.network()
    >>> "Km_NET_NE" in symbols, "body_weight" in symbols
    (True, False)
    """
    watched = Watched(formulary.load())
    with in_use.put(watched):
        yield watched.read


class Watched(Parameters):
    """Table that notes which of its rows are asked for, in `read`."""

    def __init__(self, rows: Mapping[str, Parameter], read: set[str] | None = None) -> None:
        super().__init__(rows)
        self.read = set() if read is None else read

    def __getitem__(self, symbol: str) -> Parameter:
        self.read.add(symbol)
        return super().__getitem__(symbol)

    def replace(self, **values: float) -> Watched:
        """Return a copy with other values, which notes in the same set what is read of it."""
        return Watched(super().replace(**values), self.read)
