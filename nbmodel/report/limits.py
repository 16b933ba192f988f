"""How long a cell may run, how much memory a kernel may take and how much a report may put out.

By theme, so that one report cannot stop a batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """`seconds` a cell, `gigabytes` of address space a kernel, `megabytes` of output a report.

    The libraries alone reserve two to three gigabytes.
    """

    seconds: int = 120
    gigabytes: float = 6.0
    megabytes: int = 20


# A cell of the collection takes a second or two, a kernel reserves about three gigabytes, a report is one megabyte.
THEMES: Mapping[str, Limits] = {
    "synthesis": Limits(),
    "lc_arousal": Limits(seconds=300),  # cells, networks and seeds: the slowest of the four
    "reuptake": Limits(),
    "disorders": Limits(seconds=300),
}


def of(theme: str) -> Limits:
    """The limits of a theme."""
    return THEMES.get(theme, Limits())
