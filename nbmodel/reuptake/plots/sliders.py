"""Sliders of the lesson on reuptake."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbmodel.core.network import Array
from nbmodel.core.solve import remembered
from nbmodel.drugs import pharmacodynamics
from nbmodel.figures import COLOURS, Axis, Demo, Line, Slider
from nbmodel.figures.grids import Computed
from nbmodel.models import dialysis, norepinephrine_terminal

BLOCKED = np.linspace(0, 95, 20)  # %
TRACE = np.linspace(0, 1, 58)  # three parts from one point of a whole curve to the next
NONE, TERMINALS, BOTH = "none", "on terminals", "on terminals and the LC"


@remembered
def rise(feedback: str) -> Array:
    """NE outside at its highest within two hours, as a multiple of rest, with each share of NET blocked."""
    rest = norepinephrine_terminal.network()
    if feedback == NONE:
        rest = norepinephrine_terminal.without_autoinhibition(rest)
    give = dialysis.systemic if feedback == BOTH else dialysis.local
    runs = [give(rest, pharmacodynamics.blocking("NET", share / 100)) for share in BLOCKED[1:]]
    return np.array([1.0, *(run["ne_e"].max() / run["ne_e"][0] for run in runs)])


def up_to(blocked: float, feedback: str) -> Computed:
    """How far NE rises on the way to so many per cent of NET blocked, beside the whole way without feedback."""
    way = blocked * TRACE
    here, free = (np.interp(way, BLOCKED, rise(kind)) for kind in (feedback, NONE))
    lines = [
        Line("no feedback", BLOCKED, rise(NONE), "currentColor", dashed=True),
        Line("NE", way, here, COLOURS["norepinephrine"]),
    ]
    return lines, {"rise": float(here[-1]), "free": float(free[-1])}


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    yield Demo(
        "reuptake",
        up_to,
        "{blocked:.0f} % of NET blocked, feedback {feedback}: NE in the tissue rises to {rise:.1f} times rest, and without "
        "feedback to {free:.1f} times.",
        Axis("NET blocked (%)", 0, BLOCKED[-1]),
        Axis("NE in the tissue (times rest)", 0, 12),
        {
            "feedback": Slider("feedback", (NONE, TERMINALS, BOTH), BOTH),
            "blocked": Slider("NET blocked (%)", tuple(BLOCKED.tolist()), 80.0, 1.0),
        },
    )
