"""Sliders of the lesson on attention."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbmodel.attention.plots.levels import product
from nbmodel.attention.plots.look import NE, WARM
from nbmodel.data import parameters
from nbmodel.figures import Axis, Demo, Line, Slider
from nbmodel.figures.grids import Computed
from nbmodel.models import gain

LEVELS = np.geomspace(0.3, 2000, 60)  # nM
# nM. K1 is a choice, because its range is so wide that a linear slider would keep all that matters at its left end.
CHOICES = ("10", "20", "60", "200", "600", "2000", "10000")


def best_level(k2: float, k1: str) -> Computed:
    """Product of two receptors against NE for any constants (nM), its best level, and the curve for the values that the lesson uses."""
    own, basal = gain.affinities(), parameters.load().value("x0_ECF", "nM")
    a1 = float(own.a1) if k1 == f"{own.a1:.0f}" else float(k1)
    best = float(np.sqrt(k2 * a1))
    lines = [
        Line("rest", [basal, basal], [0.85, 0], "currentColor", dashed=True),
        Line("values used", LEVELS, product(LEVELS, own.a2, own.a1), "currentColor", dashed=True),
        Line("P", LEVELS, product(LEVELS, k2, a1), NE),
        Line("best", [best, best], [float(product(np.array([best]), k2, a1)[0]), 0.97], WARM),
    ]
    return lines, {"best": best, "fold": best / basal}


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    own = gain.affinities()
    a2, a1 = round(float(own.a2), 1), f"{own.a1:.0f}"
    yield Demo(
        "attention",
        best_level,
        "With K2 = {k2:.1f} nM and K1 = {k1} nM P is best at {best:.0f} nM, {fold:.1f} times the level at rest.",
        Axis("NE outside the cells (nM)", LEVELS[0], LEVELS[-1], log=True),
        Axis("P", 0, 1),
        {
            "k2": Slider("K2 of alpha2 (nM)", (5.0, 7.0, a2, 13.0, 16.0, 20.0), a2, 0.1),
            "k1": Slider("K1 of alpha1 (nM)", tuple(sorted({*CHOICES, a1}, key=float)), a1),
        },
    )
