"""How long a cell may run and how much memory a kernel may take: by theme, so that one report cannot stop a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """`seconds` a cell, and `gigabytes` of address space a kernel (the libraries alone reserve two to three)."""

    seconds: int = 120
    gigabytes: float = 6.0


# A cell of the collection takes a second or two and a kernel reserves about three gigabytes.
THEMES: Mapping[str, Limits] = {
    "synthesis": Limits(),
    "lc_arousal": Limits(seconds=300),  # cells, networks and seeds: the slowest of the four
    "reuptake": Limits(),
    "disorders": Limits(seconds=300),
}


def of(theme: str) -> Limits:
    """The limits of a theme."""
    return THEMES.get(theme, Limits())
