"""How results of sleep and waking are drawn: each function takes results and returns a figure and its description."""

from nbmodel.sleep_wake.plots.lc_changed import driven, held_back, slider
from nbmodel.sleep_wake.plots.nights import clock, ne_by_state, night, waking

__all__ = [
    "clock",
    "driven",
    "held_back",
    "ne_by_state",
    "night",
    "slider",
    "waking",
]
