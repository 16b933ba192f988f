"""What the pictures of this lesson share: a colour for each thing, and letters that a phone can show."""

from __future__ import annotations

from typing import Any

from nbmodel.figures.colours import COLOURS
from nbmodel.figures.narrow import LETTERS as LETTERS
from nbmodel.figures.narrow import SMALL as SMALL
from nbmodel.figures.narrow import TITLE as TITLE
from nbmodel.figures.narrow import panels as panels

# The parts of the map that the main line is about: not what drives the locus coeruleus.
MAP = (
    "gain.rate",
    "gain_signal_a1",
    "cut_background_a2",
    "rise_background_a1",
    "gain.signal_gain",
    "gain.background",
    "decision.drift_and_noise",
    "gain_drift_a2",
    "gain_noise_a1",
    "decision.reaction_time",
    "performance.working_memory",
    "cut_leak_a2",
    "gilzenrat.release",
    "gain.occupancy",
    "ne_e",
)
Drawing = tuple[Any, str]  # a figure and its description, for `figures.show`
NE, OTHER, WARM = COLOURS["norepinephrine"], COLOURS["tyrosine"], COLOURS["untreated"]
OF_MODE = {"phasic": NE, "tonic": WARM}


def tidy(ax: Any) -> None:
    """Make title, ticks and labels of an axis as large as the words in the picture."""
    ax.tick_params(labelsize=SMALL)
    ax.title.set_size(TITLE)
    ax.xaxis.label.set_size(LETTERS)
    ax.yaxis.label.set_size(LETTERS)
