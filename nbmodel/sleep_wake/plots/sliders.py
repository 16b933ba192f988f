"""Sliders of the lesson on sleep and waking."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbmodel.figures import COLOURS, Axis, Demo, Line, Slider
from nbmodel.figures.grids import Computed
from nbmodel.sleep_wake.diniz_behn import HOUR, SAMPLE, constants
from nbmodel.sleep_wake.plots.look import DARK, MINUTE, TOP_RATE
from nbmodel.sleep_wake.protocols import awake, mean_bout
from nbmodel.sleep_wake.simulated_nights import side_by_side

INPUTS = tuple(round(tenth / 10, 1) for tenth in range(-40, 1))
NIGHT, STEP = 12.0, 0.5  # h and s, as in the figures, which leave the first hour out
EVERY = 30  # s between the moments that are drawn
CYCLE = 1200  # s, more than one cycle of sleep and waking lasts


def with_input(given: float) -> Computed:
    """LC and raphe over an hour under one of `INPUTS`; how long a bout awake lasts (s), and its share of the night (%).

    Both are scored by the raphe, as in Figure 5; a bout that does not end lasts all night.

    The hour ends at a peak of the raphe, so that its name stands above that of the LC at every input.
    """
    runs, lane = side_by_side(INPUTS, NIGHT, STEP), INPUTS.index(given)
    later = runs.times >= HOUR
    lc, raphe, rem = (runs[group][:, lane] for group in ("LC", "DR", "R"))
    up = awake(runs)[later][:, [lane]]
    bout = np.nan_to_num(mean_bout(up), nan=SAMPLE * up.size)
    end = len(raphe) - CYCLE + int(np.argmax(raphe[-CYCLE:]))
    drawn = np.arange(end - int(HOUR), end + 1, EVERY)
    minutes = (runs.times[drawn] - runs.times[drawn][0]) / MINUTE
    lines = [
        Line("raphe", minutes, raphe[drawn], DARK["wake"]),
        Line("LC", minutes, lc[drawn], COLOURS["norepinephrine"]),
        Line("REM cells", minutes, rem[drawn], DARK["REM"]),
        Line("asleep below", minutes, np.full(len(drawn), constants()["score_threshold"]), DARK["NREM"], dashed=True),
    ]
    return lines, {"awake": 100 * float(up.mean()), "bout": float(bout[0])}


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    yield Demo(
        "sleep_wake",
        with_input,
        "With an input of {given:.1f} the model is awake, its raphe above the dashed line, for {bout:.0f} s at a time and "
        "{awake:.0f} % of the night.",
        Axis("time (min)", 0, 60),
        Axis("rate (Hz)", 0, TOP_RATE),
        {"given": Slider("input to the LC (model units)", INPUTS, -2.0, 0.1)},
    )
