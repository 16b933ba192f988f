"""What the pictures of this lesson share: a colour for each thing, and the name of an axis."""

from __future__ import annotations

from typing import Any

from nbmodel.figures.colours import COLOURS

Picture = tuple[Any, str]  # a figure and its description, for `figures.show`
NE, SIGNAL, PALE = COLOURS["norepinephrine"], COLOURS["signal"], "#9aa3ad"
OUTSIDE = "NE outside the cells (nM)"
