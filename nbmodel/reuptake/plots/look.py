"""What the pictures of this lesson share: their size and letters, and the parts of the map."""

from __future__ import annotations

from typing import Any

from nbmodel.figures import COLOURS
from nbmodel.figures.colours import INK
from nbmodel.figures.narrow import LETTERS as LETTERS
from nbmodel.figures.narrow import SMALL as SMALL
from nbmodel.figures.narrow import named, panels

Picture = tuple[Any, str]

# The parts of the map that this lesson is about, by their names in the model.
MAP = (
    "impulses",
    "release of NE",
    "ne_e",
    "NET NE",
    "uptake-2 and COMT, NE",
    "ne_c",
    "VMAT2 NE",
    "MAO NE",
    "alpha2",
    "gate",
    "alpha1",
    "alpha2 on the target",
    "beta1",
)
LINES = (COLOURS["healthy"], "#cf7bb6", COLOURS["treated"])  # no drug, some of NET blocked, most of it


def sheet(title: str, xlabel: str, ylabel: str, height: float = 4.0) -> tuple[Any, Any]:
    """Figure and axes of one panel, narrow enough for its letters to be read on a phone."""
    fig, ax = panels(height=height)
    named(ax, xlabel, ylabel, title)
    return fig, ax


def say(ax: Any, x: float, y: float, words: str, colour: str = INK, **look: Any) -> None:
    """Write a label beside a line, in the line's colour."""
    plain = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1}
    ax.text(x, y, words, color=colour, fontsize=look.pop("fontsize", LETTERS), bbox=plain, **look)
