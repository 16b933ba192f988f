"""What the pictures of this lesson share: a colour for each thing, and letters that a phone can show."""

from __future__ import annotations

from typing import Any

from nbmodel import figures
from nbmodel.figures.colours import COLOURS

Drawing = tuple[Any, str]  # a figure and its description, for `figures.show`
NE, OTHER, WARM = COLOURS["norepinephrine"], COLOURS["tyrosine"], COLOURS["untreated"]
OF_MODE = {"phasic": NE, "tonic": WARM}
WIDTH = 6.2  # inches, narrow enough for the letters to be read on a phone
LETTERS, SMALL, TITLE = 13.5, 12, 14  # points


def panels(rows: int = 1, *, height: float = 3.8, **options: Any) -> tuple[Any, Any]:
    """Panels one above the other, narrow enough for their letters to be read on a phone."""
    fig, axes = figures.panels(rows, 1, height=height, **options)
    fig.set_figwidth(WIDTH)
    return fig, axes


def tidy(ax: Any) -> None:
    """Make title, ticks and labels of an axis as large as the words in the picture."""
    ax.tick_params(labelsize=SMALL)
    ax.title.set_size(TITLE)
    ax.xaxis.label.set_size(LETTERS)
    ax.yaxis.label.set_size(LETTERS)
