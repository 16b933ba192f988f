"""Sliders of the lesson on one person and one medicine."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbmodel import drugs
from nbmodel.disorders import treatment
from nbmodel.disorders.readouts import readout
from nbmodel.figures import COLOURS, Axis, Demo, Line, Slider
from nbmodel.figures.grids import Computed
from nbmodel.models import gain, norepinephrine_terminal

CONDITIONS = {"healthy": "healthy", "ADHD": "adhd", "depression": "mdd", "anxiety": "gad", "PTSD": "ptsd"}
# They block NET, and leave the receptors that the readout rests on alone: all of them move a person along one curve.
DRUGS = ("atomoxetine", "desipramine", "methylphenidate", "venlafaxine")
LEVELS = np.geomspace(1, 100, 50)  # nM
ATTENTION = "sustained_attention"


def on_the_curve(drug: str, dose: float, condition: str, basal: float) -> Computed:
    """Attention against NE, with a person before and on a drug, at a multiple of its usual dose.

    `basal` is NE of a healthy person (nM); attention is a share of the best that the curve reaches.
    """
    usual = drugs.load()[f"{drug}.dose"].value
    who = treatment.patient(norepinephrine_terminal.resting(basal), CONDITIONS[condition], drug, dose * usual)
    outcome = treatment.treat(who)
    constants = gain.affinities()
    top = float(np.sqrt(constants.a1 * constants.a2))
    best = float(readout(ATTENTION, np.array([top]))[0])
    before, after = outcome.untreated, outcome.treated
    start, now = (float(readout(ATTENTION, np.array([ne]))[0]) / best for ne in (before, after))
    untreated, treated = treatment.changes(who, outcome)[ATTENTION]  # NE swings over the day, so it is no single point
    lines = [
        Line("attention", LEVELS, readout(ATTENTION, LEVELS) / best, "currentColor", dashed=True),
        # Each name at a height of its own: near the top they would stand on one another.
        Line("top", [top, top], [0, 1.02], "currentColor", dashed=True),
        Line("before", [before] * 3, [start, 0, 0.28], COLOURS["untreated"]),
        Line("on the drug", [after] * 3, [now, 0, 0.12], COLOURS["treated"]),
    ]
    return lines, {
        "mg": dose * usual,
        "before": before,
        "after": after,
        "start": untreated,
        "now": treated,
        "top": top,
    }


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    yield Demo(
        "disorders",
        on_the_curve,
        "{condition}, {drug} {mg:.0f} mg a dose: NE goes from {before:.1f} to {after:.1f} nM, and the readout of attention from "
        "{start:.2f} to {now:.2f} of healthy (means of a day); its top lies at {top:.0f} nM.",
        Axis("NE outside the cells (nM)", 1, 100, log=True),
        Axis("attention (share of its best)", 0, 1.1),
        {
            "drug": Slider("drug", DRUGS, "atomoxetine"),
            "dose": Slider("dose (multiple of the usual one)", (0.25, 0.5, 1.0, 1.5, 2.0), 1.0, 0.05),
            "condition": Slider("condition", tuple(CONDITIONS), "ADHD"),
            "basal": Slider("NE of a healthy person at rest (nM)", (6.0, 10.0, 14.0), 6.0, 0.5),
        },
    )
