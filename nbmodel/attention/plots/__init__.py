"""Pictures of the lesson on attention: each takes results and returns a figure with its description.

`figures.show(*plots.signal_and_background(basal, drugs), caption="...")` puts one out.
"""

from nbmodel.attention.plots.circuit import arrival, modes
from nbmodel.attention.plots.levels import answers_against_ne, inverted_u, product, without_ne
from nbmodel.attention.plots.look import MAP
from nbmodel.attention.plots.signals import detection_by_gain, roc_curves, signal_and_background, voices
from nbmodel.attention.plots.sliders import demos

__all__ = [
    "MAP",
    "answers_against_ne",
    "arrival",
    "demos",
    "detection_by_gain",
    "inverted_u",
    "modes",
    "product",
    "roc_curves",
    "signal_and_background",
    "voices",
    "without_ne",
]
