"""Sliders of the lesson on sleep and waking."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from nbmodel.figures import COLOURS, Axis, Demo, Line, Slider
from nbmodel.figures.grids import Computed
from nbmodel.sleep_wake.diniz_behn import HOUR, SAMPLE, Night, constants, night
from nbmodel.sleep_wake.plots.look import DARK, MINUTE, TOP_RATE
from nbmodel.sleep_wake.protocols import awake

INPUTS = tuple(round(tenth / 10, 1) for tenth in range(-40, 1))
EVERY = 30  # s between the moments that are drawn
CYCLE = 1200  # s, more than one cycle of sleep and waking lasts


@cache
def _nights() -> Night:
    """A night for each of `INPUTS`, side by side, as the figures of the lesson have it."""
    return night(lc_input=INPUTS)


def with_input(given: float) -> Computed:
    """LC and raphe over an hour under one of `INPUTS`; how long a bout awake lasts (s), and its share of the night (%).

    Both are scored by the raphe, as in Figure 5; a bout that does not end lasts all night.

    The hour ends at a peak of the raphe, so that its name stands above that of the LC at every input.
    """
    runs, lane = _nights(), INPUTS.index(given)
    later = runs.times >= HOUR
    lc, raphe, rem = (runs[group][:, lane] for group in ("LC", "DR", "R"))
    up = awake(runs)[later, lane]
    bouts = max(int((up[:-1] & ~up[1:]).sum()), 1)
    end = len(raphe) - CYCLE + int(np.argmax(raphe[-CYCLE:]))
    drawn = np.arange(end - int(HOUR), end + 1, EVERY)
    minutes = (runs.times[drawn] - runs.times[drawn][0]) / MINUTE
    lines = [
        Line("raphe", minutes, raphe[drawn], DARK["wake"]),
        Line("LC", minutes, lc[drawn], COLOURS["norepinephrine"]),
        Line("REM cells", minutes, rem[drawn], DARK["REM"]),
        Line("asleep below", minutes, np.full(len(drawn), constants()["score_threshold"]), DARK["NREM"], dashed=True),
    ]
    return lines, {"awake": 100 * float(up.mean()), "bout": SAMPLE * float(up.sum()) / bouts}


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
