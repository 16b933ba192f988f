"""Sliders of the lesson on synthesis."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbmodel.figures import COLOURS, Axis, Demo, Line, Slider
from nbmodel.figures.grids import Computed
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.synthesis.pathway import course
from nbmodel.synthesis.plots.look import MOST

HOURS = 24.0


def store(th: float, dbh: float) -> Computed:
    """NE and dopamine in vesicles at other activities of TH and DBH, and their levels at rest."""
    rest = norepinephrine_terminal.network()
    run = course(rest.replace(th_activity=th, dbh_activity=dbh), HOURS)
    hours = np.linspace(0, HOURS, 25)
    lines, ends = [], {}
    for species, name, colour in (("ne_v", "NE", "norepinephrine"), ("da_v", "dopamine", "dopamine")):
        level = np.interp(hours, run.times / SECONDS_PER_HOUR, run[species] / 1e3)
        usual = [rest[species] / 1e3] * 2
        lines.append(Line(f"{name} rest", [0, HOURS], usual, COLOURS[colour], dashed=True))
        lines.append(Line(name, hours, level, COLOURS[colour]))
        ends[species] = float(level[-1])
    return lines, ends


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    shares = tuple(np.linspace(0, 2, 9).tolist())
    low = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 1.5, 2.0)  # closer where the store depends on DBH
    yield Demo(
        "synthesis",
        store,
        "With {th:.2f} times the normal TH and {dbh:.2f} times the normal DBH the vesicles hold {ne_v:.1f} mM NE and "
        "{da_v:.1f} mM dopamine after 24 hours.",
        Axis("time (h)", 0, HOURS),
        Axis("in vesicles (mM)", 0, MOST),
        {
            "th": Slider("TH (multiple of normal)", shares, 1.0, 0.05),
            "dbh": Slider("DBH (multiple of normal)", low, 1.0, 0.05),
        },
    )
