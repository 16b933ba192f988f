"""Pictures of the lesson on the locus coeruleus: each takes results and gives a figure with its description."""

from nbmodel.lc_arousal.plots.brain import by_fibres, firing_to_ne, head_count, stimulated
from nbmodel.lc_arousal.plots.sliders import demos, voltage_of
from nbmodel.lc_arousal.plots.spikes import answers, modes, one_cell
from nbmodel.lc_arousal.plots.time import after_a_stimulus, chain, hours, in_time

__all__ = [
    "after_a_stimulus",
    "answers",
    "by_fibres",
    "chain",
    "demos",
    "firing_to_ne",
    "head_count",
    "hours",
    "in_time",
    "modes",
    "one_cell",
    "stimulated",
    "voltage_of",
]
