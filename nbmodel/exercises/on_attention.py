"""Exercises of the lesson on attention."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nbmodel.exercises.judge import Question
from nbmodel.exercises.kinds import number
from nbmodel.models import decision


def _poisson_sensitivity(gain: float) -> float:
    """Sensitivity d'a to a signal that lifts a Poisson count from 2.5 to 5 on average, both times `gain`."""
    without, with_signal = 2.5 * gain, 5.0 * gain
    return (with_signal - without) / float(np.sqrt((without + with_signal) / 2))


def _twice_the_gain() -> Question:
    """5.1: how many times the sensitivity rises with twice the gain."""
    plain, doubled = _poisson_sensitivity(1.0), _poisson_sensitivity(2.0)
    return number(
        doubled / plain,
        "no unit: it is a ratio",
        0.015,  # so that 1.4 counts
        {
            "the difference of the means doubles, but so does the variance of a Poisson count": 2.0,
            "that comes of dividing by the variance: take its root; or of a unit without noise at its output, which a "
            "gain does not help, while here the count itself is noisy": 1.0,
            "that is upside down: divide the sensitivity with the gain by the one without": plain / doubled,
            "that is the sensitivity if only the difference of the means doubled; the variances double, too, and the question "
            "is how many times it rises": 2 * plain,
            "that multiplies two doublings; a larger variance makes the sensitivity smaller, by its root": 4.0,
            "that is the sensitivity with the gain; divide it by the one without": doubled,
            "that is the sensitivity without the gain; the question is how many times it rises": plain,
        },
        why="the difference doubles and its noise grows by the root of two, so a gain helps, and less than twofold",
        solution="def sensitivity(without, with_signal):\n"
        "    return (with_signal - without) / ((without + with_signal) / 2) ** 0.5\n\n"
        "answer = sensitivity(5, 10) / sensitivity(2.5, 5)",
    )


def _faster_receptors() -> Question:
    """5.2: how many times as fast as in the cultured cells receptors must act for NE to be in time."""
    budget = decision.time_budget()
    steps = dict(zip(budget["step"], budget["value"], strict=True))
    took, response = steps["alpha2A receptors act"], steps["the response"]
    fires, conducts = steps["the LC fires"], steps["its axons conduct"]
    left, in_all = response - (fires + conducts), response + fires + conducts
    return number(
        took / left,
        "no unit: it is a ratio",
        0.015,  # so that 3.4 counts
        {
            "the axons are missing: the impulse also has to travel": took / (response - fires),
            "the LC's own latency is missing: it does not fire at once": took / (response - conducts),
            "that gives the receptors the whole time of the response; the LC and its axons need a part of it": took
            / response,
            "that compares the whole way of NE with the response; only the receptors are to be faster": steps["NE acts"]
            / response,
            "that is how much faster, which is 1 less than how many times as fast": took / left - 1,
            "that is upside down: divide the time that receptors took in the cells by the time that they may take": left
            / took,
            "that is how long the receptors may take, in ms; divide the 338 ms that they took by it": 1e3 * left,
            "that is how long they took in the cells, in ms; divide it by the time that they may take": 1e3 * took,
            "that is how many ms they would have to gain; the question is how many times as fast": 1e3 * (took - left),
            "that adds the LC and the axons to the response; take them from it": took / in_all,
            "that is the sum of the response, the LC and the axons; take the two from the response, then divide": 1e3
            * in_all,
        },
        why="91 and 100 ms leave 100 of the 291 ms, less than a third of what the receptors took in the cultured cells",
        solution="# all in ms: what the LC and the axons leave of the response, and how often it goes into 338\n"
        "answer = 338 / (291 - 91 - 100)",
    )


EXERCISES: dict[str, Callable[[], Question]] = {"5.1": _twice_the_gain, "5.2": _faster_receptors}
