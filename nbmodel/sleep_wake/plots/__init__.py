"""How results of sleep and waking are drawn: each function takes results and returns a figure and its description."""

from nbmodel.sleep_wake.plots.lc_changed import driven, held_back
from nbmodel.sleep_wake.plots.look import MAP
from nbmodel.sleep_wake.plots.nights import clock, ne_by_state, night, waking
from nbmodel.sleep_wake.plots.sliders import demos

__all__ = [
    "MAP",
    "clock",
    "demos",
    "driven",
    "held_back",
    "ne_by_state",
    "night",
    "waking",
]
