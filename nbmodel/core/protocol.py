"""Marks the functions that repeat a published experiment, so that a row of `evidence.csv` finds them by their name.

An observation is one row and one function: the row's column `protocol` holds the function's name, and the function takes a
terminal at rest and returns the number that was measured. No list names it a third time.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

from nbmodel.core.network import Network

Protocol = Callable[[Network], float]
Marked = TypeVar("Marked", bound=Protocol)


def protocol(function: Marked) -> Marked:
    """Mark a function of a terminal at rest as the repetition of a published experiment, and return it.

    Examples
    --------
    >>> @protocol
    ... def basal_ne(rest):
    ...     return 1e3 * rest["ne_e"]

    An experiment with several settings gets a name for each:

    >>> from functools import partial
    >>> def level_of(species, rest):
    ...     return rest[species]
    >>> stored_ne = protocol(partial(level_of, "ne_v"))
    """
    function.is_protocol = True  # type: ignore[attr-defined]
    return function


def protocols_of(*modules: ModuleType) -> dict[str, Protocol]:
    """Return the marked functions of modules, by name; what a module imports from another counts too.

    Raises
    ------
    ValueError
        Where two modules give one name to two functions.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> @protocol
    ... def basal_ne(rest):
    ...     return 1e3 * rest["ne_e"]
    >>> list(protocols_of(SimpleNamespace(basal_ne=basal_ne, helper=len)))
    ['basal_ne']
    """
    found: dict[str, Protocol] = {}
    for module in modules:
        for name, value in vars(module).items():
            if getattr(value, "is_protocol", False) is True and found.setdefault(name, value) is not value:
                raise ValueError(f"two protocols are called {name!r}; rename one, and the row that names it")
    return found
