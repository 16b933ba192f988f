"""Sliders of the lesson on reuptake."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbmodel.data import parameters
from nbmodel.figures import COLOURS, Axis, Demo, Line, Slider
from nbmodel.figures.grids import Computed
from nbmodel.models import norepinephrine_terminal, transients

# Times (s): close to one another where NE rises and begins to fall.
TIMES = np.unique(np.concatenate([np.linspace(0, 3, 31), np.linspace(3, 10, 29), np.linspace(10, 60, 26)]))
LATER = 10.0  # s after the burst


def one_burst(blocked: float) -> Computed:
    """NE around a burst with so many per cent of NET blocked, and without a block."""
    rest, p = norepinephrine_terminal.network(), parameters.load()
    rate, duration = p.value("r_LC_burst", "Hz"), p.value("duration_LC_burst", "s")
    normal, run = (transients.burst(rest, rate, duration, share / 100) for share in (0.0, blocked))
    usual, ne = (1e3 * np.interp(TIMES, one.times, one["ne_e"]) for one in (normal, run))
    peak, _ = transients.peak_and_return(run)
    later = 1e3 * float(np.interp(transients.BURST_STARTS + duration + LATER, run.times, run["ne_e"]))
    lines = [
        Line("no block", TIMES, usual, "currentColor", dashed=True),
        Line("before", TIMES, np.full_like(TIMES, ne[0]), COLOURS["norepinephrine"], dashed=True),
        Line("NET blocked", TIMES, ne, COLOURS["norepinephrine"]),
    ]
    return lines, {"rest": ne[0], "peak": peak, "left": max(100 * (later - ne[0]) / (peak - ne[0]), 0.0)}


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    yield Demo(
        "reuptake",
        one_burst,
        "With {blocked:.0f} % of NET blocked NE rests at {rest:.1f} nM, and a burst lifts it to {peak:.1f} nM; ten "
        "seconds later {left:.0f} % of the rise is left.",
        Axis(f"time (s); a burst comes after {transients.BURST_STARTS:.0f} s", 0, TIMES[-1]),
        Axis("NE outside the cells (nM)", 0, 45),
        {"blocked": Slider("NET blocked (%)", tuple(np.linspace(0, 95, 20).tolist()), 80.0, 1.0)},
    )
