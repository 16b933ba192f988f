"""For the property tests: which rows of parameters.csv a model reads, and any table within their ranges."""

from collections.abc import Callable

from hypothesis import strategies as st

from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters


class Watched(Parameters):
    """A parameter table that notes which of its rows are asked for."""

    def __init__(self, rows: Parameters) -> None:
        super().__init__(rows)
        self.used: set[str] = set()

    def value(self, symbol: str, unit: str) -> float:
        self.used.add(symbol)
        return super().value(symbol, unit)


def tables(model: Callable[[Parameters], object]) -> st.SearchStrategy[Parameters]:
    """Tables with every row that `model` reads anywhere between its low and its high."""
    watched = Watched(parameters.load())
    model(watched)
    ranges = {symbol: st.floats(watched[symbol].low, watched[symbol].high) for symbol in sorted(watched.used)}
    return st.fixed_dictionaries(ranges).map(lambda values: parameters.load().replace(**values))
