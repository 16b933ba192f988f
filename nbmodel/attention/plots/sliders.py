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


def best_level(k2: float, k1: float) -> Computed:
    """Product of two receptors against NE for any constants (nM), its best level, and the curve for the values that the lesson uses."""
    own, basal = gain.affinities(), parameters.load().value("x0_ECF", "nM")
    best = float(np.sqrt(k2 * k1))
    lines = [
        Line("rest", [basal, basal], [0.85, 0], "currentColor", dashed=True),
        Line("values used", LEVELS, product(LEVELS, own.a2, own.a1), "currentColor", dashed=True),
        Line("P", LEVELS, product(LEVELS, k2, k1), NE),
        Line("best", [best, best], [float(product(np.array([best]), k2, k1)[0]), 0.97], WARM),
    ]
    return lines, {"best": best, "fold": best / basal}


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    own = gain.affinities()
    a2, a1 = round(float(own.a2), 1), round(float(own.a1))
    yield Demo(
        "attention",
        best_level,
        "With K2 = {k2:.1f} nM and K1 = {k1:.0f} nM P is best at {best:.0f} nM, {fold:.1f} times the level at rest.",
        Axis("NE outside the cells (nM)", LEVELS[0], LEVELS[-1], log=True),
        Axis("P", 0, 1),
        {
            "k2": Slider("K2 of alpha2 (nM)", (5.0, 7.0, a2, 13.0, 16.0, 20.0), a2, 0.1),
            "k1": Slider("K1 of alpha1 (nM)", (10, 20, 40, a1, 100, 200, 500, 1000, 2000, 5000, 10000), a1, 10),
        },
    )
