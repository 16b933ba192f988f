"""What the pictures of this lesson share: a colour for each thing, and letters that a phone can show."""

from __future__ import annotations

from typing import Any

from nbmodel.figures.colours import COLOURS

Drawing = tuple[Any, str]  # a figure and its description, for `figures.show`
NE, OTHER, WARM = COLOURS["norepinephrine"], COLOURS["tyrosine"], COLOURS["untreated"]
OF_MODE = {"phasic": NE, "tonic": WARM}
LETTERS = 12  # points: what stands in a picture can be read on a phone


def tidy(ax: Any) -> None:
    """Make ticks and labels of an axis as large as the words in the picture."""
    ax.tick_params(labelsize=11)
    ax.xaxis.label.set_size(LETTERS)
    ax.yaxis.label.set_size(LETTERS)
