"""Pictures of the lesson on the locus coeruleus: each takes results and gives a figure with its description."""

from nbmodel.lc_arousal.plots.brain import by_fibres, by_time, firing_to_ne, head_count, stimulated
from nbmodel.lc_arousal.plots.sliders import demos, voltage_of
from nbmodel.lc_arousal.plots.spikes import answers, drives_and_couplings, modes, one_cell
from nbmodel.lc_arousal.plots.time import after_a_stimulus, burst, chain, hours, in_time

__all__ = [
    "after_a_stimulus",
    "answers",
    "burst",
    "by_fibres",
    "by_time",
    "chain",
    "demos",
    "drives_and_couplings",
    "firing_to_ne",
    "head_count",
    "hours",
    "in_time",
    "modes",
    "one_cell",
    "stimulated",
    "voltage_of",
]
