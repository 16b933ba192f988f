"""For the property tests: which rows of parameters.csv a model reads, and any table within their ranges."""

from collections.abc import Callable

from hypothesis import strategies as st

from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.data.what_if import Watched


def tables(model: Callable[[Parameters], object]) -> st.SearchStrategy[Parameters]:
    """Tables with every row that `model` reads anywhere between its low and its high."""
    watched = Watched(parameters.load())
    model(watched)
    ranges = {symbol: st.floats(watched[symbol].low, watched[symbol].high) for symbol in sorted(watched.read)}
    return st.fixed_dictionaries(ranges).map(lambda values: parameters.load().replace(**values))
