"""What a process remembers of models it has computed."""

import functools
import gc
from collections.abc import Iterator
from typing import Any


def remembering() -> Iterator[Any]:
    """The package's functions that remember what they gave."""
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper) and (found.__module__ or "").startswith("nbmodel"):
            yield found


def forget() -> None:
    """Empty every cache of the package's functions: for tests that change what such a function rests on."""
    for found in remembering():
        found.cache_clear()
