"""What the pictures of this lesson share: their size and letters, and the parts of the map."""

from __future__ import annotations

from typing import Any

from nbmodel import figures
from nbmodel.core.network import Array
from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED, FADED_INK
from nbmodel.figures.narrow import LETTERS as LETTERS
from nbmodel.figures.narrow import SMALL as SMALL
from nbmodel.figures.narrow import named as named
from nbmodel.figures.narrow import panels as panels

Picture = tuple[figures.Figure, str]

# The parts of the map that this lesson is about, by their names in the model.
MAP = ("tyrosine uptake", "tyrosine", "TH", "ldopa", "AADC", "da_c", "VMAT2 dopamine", "da_v", "DBH", "ne_v")
MOST = 6.0  # mM, the top of the axis of the store, so that two settings can be compared


def line(ax: Any, x: Array, y: Array, colour: str) -> None:
    """Line in the colour of a substance."""
    ax.plot(x, y, color=COLOURS[colour], linewidth=3)


def words(ax: Any, x: float, y: float, said: str, **look: Any) -> None:
    """Words beside what they name, on white, so that no line strikes them through."""
    white = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    ax.text(x, y, said, **{"fontsize": LETTERS, "bbox": white, "zorder": 5} | look)


def dashed(ax: Any, level: float, words: str, below: bool = False) -> None:
    """Level that a curve is held against, named above its line, or below."""
    ax.axhline(level, color=FADED, linestyle="--", linewidth=1.5)
    ax.annotate(
        words,
        (0.4, level),
        xycoords=ax.get_yaxis_transform(),
        xytext=(0, -4 if below else 4),
        textcoords="offset points",
        ha="center",
        va="top" if below else "bottom",
        fontsize=SMALL,
        color=FADED_INK,
    )
