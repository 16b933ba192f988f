"""Published experiments on firing and norepinephrine, repeated on any terminal."""

from __future__ import annotations

import numpy as np

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.protocol import protocol
from nbmodel.models import dialysis, norepinephrine_terminal
from nbmodel.models.firing import hours_of_firing


def half_hour_at_10_hz(rest: Network) -> float:
    """NE after half an hour of LC stimulation at 10 Hz, as a multiple of before (Carter 2010: it falls)."""
    run = hours_of_firing(rest, 10.0, 1 / 2)
    return float(run["ne_e"][-1] / run["ne_e"][0])


@protocol
def half_hour_direction(rest: Network) -> float:
    """Direction in which half an hour at 10 Hz moves NE: 1 up, -1 down."""
    return float(np.sign(half_hour_at_10_hz(rest) - 1))


@solve.remembered
def in_bursts_and_evenly(rest: Network, impulses: int = 3, within: float = 20.0) -> tuple[float, float]:
    """NE under halothane while the LC gets `impulses` a second, as a multiple of before: in one burst (Hz), and evenly spaced.

    In rats bursts raised NE more (Florin-Lechner 1996); the shape of a burst is assumed. A mean over 40 s, 20 s after the start.
    """
    before = norepinephrine_terminal.with_store_clamped(dialysis.under_halothane(rest))
    steps = [
        solve.Step(second + start, {"firing": rate})
        for second in range(60)
        for start, rate in ((0.001, within), (0.001 + impulses / within, 0.0))
    ]
    times = np.linspace(0.0, 60.0, 1201)
    courses = (
        solve.run(before.replace(firing=0.0), times, steps)["ne_e"],
        solve.run(before.replace(firing=float(impulses)), times)["ne_e"],
    )
    bursts, evenly = (float(course[times > 20].mean() / before["ne_e"]) for course in courses)
    return bursts, evenly
