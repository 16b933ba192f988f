"""What the pictures of this lesson share: a colour for each thing, and the name of an axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbmodel.core.network import Array
from nbmodel.figures.colours import COLOURS

Picture = tuple[Any, str]  # a figure and its description, for `figures.show`
NE, SIGNAL, PALE = COLOURS["norepinephrine"], COLOURS["signal"], "#9aa3ad"
OUTSIDE = "NE outside the cells (nM)"


def spikes_in(course: Array) -> NDArray[np.intp]:
    """Places at which a voltage was set back, which is where the cell fired."""
    return np.flatnonzero(np.asarray(course) == -5.0)
