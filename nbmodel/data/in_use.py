"""Which table of numbers the models read at the moment, and what their functions remember while they read it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, overload

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")
Function = Callable[Arguments, Value]

# A table other than the collection's, and what functions gave since it has been in use.
_in_use: ContextVar[tuple[Any, dict[Hashable, Any]] | None] = ContextVar("_in_use", default=None)


def table() -> Any:
    """Return the table that models read in place of the collection's, or None where that is itself in use."""
    found = _in_use.get()
    return found[0] if found else None


@contextmanager
def put(table: Any) -> Iterator[None]:
    """Let every model read this table within the block; what functions remember of it is forgotten at its end."""
    before = _in_use.set((table, {}))
    try:
        yield
    finally:
        _in_use.reset(before)


@overload
def remembered(function: Function[Arguments, Value]) -> Function[Arguments, Value]: ...
@overload
def remembered(*, maxsize: int) -> Callable[[Function[Arguments, Value]], Function[Arguments, Value]]: ...
def remembered(function: Any = None, *, maxsize: int = 512) -> Any:
    """Decorate a function of the models, so that what it gave is kept for as long as the same table is in use.

    Protocols, tables and reports ask for the same things again and again. Where a result rests on published models alone,
    which no table changes, `functools.cache` will do.

    Parameters
    ----------
    function : callable
        Its arguments must be hashable.
    maxsize : int
        How many results are kept while the collection's own table is in use.
    """
    if function is None:
        return lambda decorated: remembered_by(decorated, maxsize)
    return remembered_by(function, maxsize)


def remembered_by(function: Function[Arguments, Value], maxsize: int) -> Function[Arguments, Value]:
    """Return the function, with a memory of so many results."""
    kept = lru_cache(maxsize=maxsize)(function)

    @wraps(function)
    def found(*args: Arguments.args, **named: Arguments.kwargs) -> Value:
        if (other := _in_use.get()) is None:
            return kept(*args, **named)  # type: ignore[arg-type]
        key = (found, args, tuple(sorted(named.items())))
        if key not in other[1]:
            other[1][key] = function(*args, **named)
        return other[1][key]

    found.cache_info, found.cache_clear = kept.cache_info, kept.cache_clear  # type: ignore[attr-defined]
    return found
