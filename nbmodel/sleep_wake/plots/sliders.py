"""Sliders of the lesson on sleep and waking."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbmodel.figures import COLOURS, Axis, Demo, Line, Slider
from nbmodel.figures.grids import Computed
from nbmodel.sleep_wake.diniz_behn import HOUR, STATES
from nbmodel.sleep_wake.plots.look import MINUTE, TOP_RATE
from nbmodel.sleep_wake.simulated_nights import by_state, side_by_side

INPUTS = tuple(round(tenth / 10, 1) for tenth in range(-40, 21))
EVERY = 30  # s between the moments that are drawn


def with_input(given: float) -> Computed:
    """LC rate over an hour under one of `INPUTS`, the undisturbed one, and the shares of each state (%)."""
    runs = side_by_side(INPUTS)
    later = np.flatnonzero(runs.times >= runs.times[-1] - HOUR)[::EVERY]
    minutes = (runs.times[later] - runs.times[later][0]) / MINUTE
    shares = dict(zip(STATES, 100 * by_state(runs)[0][:, INPUTS.index(given)], strict=True))
    lines = [
        Line("untouched", minutes, runs["LC"][later, INPUTS.index(0.0)], "currentColor", dashed=True),
        Line("with input", minutes, runs["LC"][later, INPUTS.index(given)], COLOURS["norepinephrine"]),
    ]
    return lines, shares


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    yield Demo(
        "sleep_wake",
        with_input,
        "With an input of {given:.1f} to the LC the model spends {wake:.0f} % of the hour in wake, {NREM:.0f} % in NREM sleep, "
        "{REM:.0f} % in REM sleep and {mixed:.0f} % between wake and REM sleep.",
        Axis("time (min)", 0, 60),
        Axis("LC (Hz)", 0, TOP_RATE),
        {"given": Slider("input to the LC (model units)", INPUTS, -2.0, 0.1)},
    )
