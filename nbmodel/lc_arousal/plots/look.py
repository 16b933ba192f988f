"""What the pictures of this lesson share: their size and letters, a colour for each thing, and the name of an axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbmodel import figures
from nbmodel.core.network import Array
from nbmodel.figures.colours import COLOURS
from nbmodel.figures.colours import FADED_INK as FADED_INK

Picture = tuple[Any, str]  # a figure and its description, for `figures.show`
NE, SIGNAL, PALE = COLOURS["norepinephrine"], COLOURS["signal"], "#9aa3ad"
PUBLISHED = COLOURS["untreated"]  # what was measured, beside what the model gives
OUTSIDE = "NE outside the cells (nM)"
WIDTH = 6.2  # inches, narrow enough for the letters to be read on a phone
LETTERS, SMALL, TITLE = 13.5, 12.5, 14  # points


def panels(rows: int = 1, *, height: float = 3.8, **options: Any) -> tuple[Any, Any]:
    """Figure narrow enough for its letters to be read on a phone, and its axes, one above the other."""
    fig, axes = figures.panels(rows, 1, height=height, **options)
    fig.set_figwidth(WIDTH)
    return fig, axes


def named(ax: Any, x: str = "", y: str = "", title: str = "") -> None:
    """Name both axes, and say the finding above them."""
    ax.set_xlabel(x, fontsize=LETTERS)
    ax.set_ylabel(y, fontsize=LETTERS)
    ax.set_title(title, fontsize=TITLE)
    ax.tick_params(labelsize=SMALL)


def spikes_in(course: Array) -> NDArray[np.intp]:
    """Places at which a voltage was set back, which is where the cell fired."""
    return np.flatnonzero(np.asarray(course) == -5.0)


def rate_of(course: Array, step: float = 0.1) -> float:
    """Rate (Hz) at which a cell fires once it is steady, from its last interval: 0 with fewer than two spikes.

    A count of spikes would depend on where the time ends, and on a first spike before any channel has opened. `step` is
    that of the voltage, in ms.

    Examples
    --------
    >>> rate_of(np.array([0.0, -5.0, 0.0, -5.0, 0.0, 0.0, 0.0, -5.0]), step=25.0)
    10.0
    """
    fired = spikes_in(course)
    return float(1e3 / (step * (fired[-1] - fired[-2]))) if len(fired) > 1 else 0.0
