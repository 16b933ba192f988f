"""Exercises of the lesson on disorders."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nbmodel import disorders, drugs
from nbmodel.core.network import Network
from nbmodel.exercises.judge import Question
from nbmodel.exercises.kinds import number
from nbmodel.models.norepinephrine_terminal import network, without_autoinhibition


def _occupancy_for_double(rest: Network) -> float:
    """Occupancy of NET (%) that doubles extracellular NE, at a terminal at rest."""
    from scipy.optimize import brentq

    return float(brentq(lambda occupancy: 100 * (disorders.fold(rest, 1 - occupancy) - 2), 0.1, 0.99, xtol=1e-4)) * 100


def _accumulation() -> Question:
    """6.1: how much more regular doses add up to in poor metabolisers of atomoxetine."""
    normal = drugs.exposure_at_steady_state("atomoxetine").accumulation
    half_lives = 24.0 / 21.6  # in a day, from one dose to the next
    left = 2**-half_lives
    return number(
        drugs.exposure_at_steady_state("atomoxetine", metaboliser="poor").accumulation,
        "no unit: it is a ratio",
        0.012,
        {
            "that is what the half-life of normal metabolisers gives, 5.2 h": normal,
            "that is the number of half-lives in a day; ask what is left of a dose when the next one comes": half_lives,
            "that is what is left of one dose when the next one comes; the doses before it have left something too": left,
            "that is two doses, the last and what is left of the one before; go on to all the doses before": 1 + left,
            "a half-life halves: the share left is a power of 1/2, not of 1/e": 1 / (1 - np.exp(-half_lives)),
            "that is the share that doses before have left; the newest dose comes on top of it, so add 1": left
            / (1 - left),
            "that takes a day for one half-life; a day is 1.11 half-lives, so less than half is left": 2.0,
            "that is one over the share that is left; divide by the share that is gone within a day": 1 / left,
        },
        why="a day leaves 46 % of each dose, and the sum 1 + 0.46 + 0.46² + ... is 1 / (1 - 0.46). In normal metabolisers "
        "hardly anything is left after a day, so their levels do not accumulate",
        solution="left = 2 ** (-24 / 21.6)  # share of a dose when the next one comes\n"
        "answer = 1 / (1 - left)     # the sum of 1 + left + left**2 + ...",
    )


def _doubling() -> Question:
    """6.2: the occupancy of NET that doubles NE where only the feedback on terminals acts."""
    rest = network()
    occupancy, without = _occupancy_for_double(rest), _occupancy_for_double(without_autoinhibition(rest))
    return number(
        occupancy,
        "%",
        0.02,
        {
            "that would hold without feedback and if NET were all of clearance": 50.0,
            "that would hold without feedback; release falls as NE rises": without,
            "that is where the one-line formula with h = 1 gives 2; the whole terminal weakens its release less": 70.0,
            "that is the answer where the cell bodies' feedback acts too, as in a person; use `rest` as it is": (
                _occupancy_for_double(rest.replace(soma_feedback=1.0))
            ),
            "that is the share of NET that is left; the occupied share is wanted": 100 - occupancy,
        },
        why="this is a drug that a probe brings to nerve endings alone. Without feedback half would nearly do. The feedback on "
        "release has to be overcome as well, so more of NET must be blocked",
        solution="shares = np.linspace(0.4, 0.9, 101)\n"
        "answer = 100 * np.interp(2, disorders.folds(rest, shares), shares)",
    )


EXERCISES: dict[str, Callable[[], Question]] = {"6.1": _accumulation, "6.2": _doubling}
