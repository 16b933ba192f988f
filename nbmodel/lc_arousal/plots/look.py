"""What the pictures of this lesson share: their size and letters, a colour for each thing, and the name of an axis."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbmodel.core.network import Array
from nbmodel.figures import narrow
from nbmodel.figures.colours import COLOURS
from nbmodel.figures.colours import FADED_INK as FADED_INK
from nbmodel.figures.narrow import LETTERS as LETTERS
from nbmodel.figures.narrow import panels as panels

Picture = tuple[Any, str]  # a figure and its description, for `figures.show`
NE, SIGNAL, PALE = COLOURS["norepinephrine"], COLOURS["signal"], "#9aa3ad"
PUBLISHED = COLOURS["untreated"]  # what was measured, beside what the model gives
OUTSIDE = "NE outside the cells (nM)"
SMALL = 12.5  # points, of ticks and notes
named = partial(narrow.named, ticks=SMALL)


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
