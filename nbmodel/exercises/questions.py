"""The exercises of the notebooks: what the right answer is (computed by the model), and what to say to a wrong one.

`check("1.2", answer)` never raises for a student's answer and never tells the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nbmodel import disorders, drugs, lc_arousal, reuptake, synthesis
from nbmodel.core import kinetics
from nbmodel.data import parameters
from nbmodel.exercises import judge
from nbmodel.exercises.judge import NOT_TRIED, Question, Slip
from nbmodel.models import gain, performance
from nbmodel.models.norepinephrine_terminal import network
from nbmodel.sandbox import runner


@dataclass(frozen=True)
class Number:
    """An exercise whose answer is a number in `unit`; `slips` maps what a known mistake gives to what to say about it."""

    answer: Callable[[], float]
    unit: str
    tolerance: float = 0.02
    slips: Mapping[str, Callable[[], float]] = field(default_factory=dict)

    def comment(self, given: Any) -> str:
        """What to say to the answer `given`, whatever it is."""
        slips = [Slip(hint, 0.0, ((wrong(),),)) for hint, wrong in self.slips.items()]
        return judge.number(self.answer(), runner.answer("number", given), self.unit, self.tolerance, slips).comment


@dataclass(frozen=True)
class Law:
    """An exercise whose answer is a function; it is called with each row of `inputs` and compared with `answer`."""

    answer: Callable[..., float]
    inputs: tuple[tuple[float, ...], ...]
    tolerance: float = 1e-6

    def comment(self, given: Any) -> str:
        """What to say to the function `given`, whatever it is."""
        expected = tuple((self.answer(*row),) for row in self.inputs)
        question = Question("", "function", "", 1.0, tolerance=self.tolerance, expected=expected, inputs=self.inputs)
        return judge.judge(question, runner.answer("function", given, self.inputs)).comment


def _store_with_a_quarter_of_th() -> float:
    left = network().replace(th_activity=0.25)
    return 100 * synthesis.fold(synthesis.course(left, 24.0), "ne_v")


def _firing_for_quarter_more() -> float:
    """The tonic rate (Hz) at which extracellular NE is one and a quarter times its resting level."""
    from scipy.optimize import brentq

    rest = network()
    return float(
        brentq(
            lambda rate: float(lc_arousal.tonic(rest, np.array([rate]))[0]) - 1.25e3 * rest["ne_e"],
            1.0,
            10.0,
            xtol=1e-4,
        )
    )


def _poisson_sensitivity(gain: float) -> float:
    """The sensitivity d'a to a signal that lifts a Poisson count from 2.5 to 5 on average, both times `gain`."""
    without, with_signal = 2.5 * gain, 5.0 * gain
    return (with_signal - without) / float(np.sqrt((without + with_signal) / 2))


def _half_life_half_blocked() -> float:
    return reuptake.half_life(reuptake.decay(network(), 0.5))


def _clearance_at(x: float) -> float:
    p = parameters.load()
    inflow = kinetics.michaelis_menten(x, p.value("Vmax_NET", "nM/s"), p.value("Km_NET_NE", "nM"))
    return float(inflow + p.value("k_nonNET", "1/s") * x)


def _occupancy_for_double() -> float:
    """The NET occupancy (%) that doubles extracellular NE."""
    from scipy.optimize import brentq

    rest = network()
    return float(brentq(lambda occupancy: 100 * (disorders.fold(rest, 1 - occupancy) - 2), 0.1, 0.99, xtol=1e-4)) * 100


def _halfway_between_receptors() -> float:
    k = gain.affinities()
    return (k.a1 + k.a2) / 2


EXERCISES: dict[str, Number | Law] = {
    "1.1": Number(_store_with_a_quarter_of_th, "%", 0.03),
    "1.2": Law(
        lambda s, rival, vmax, km, km_rival: float(kinetics.competitive(s, rival, vmax, km, km_rival)),
        ((1.0, 0.0, 10.0, 2.0, 3.0), (1.0, 3.0, 10.0, 2.0, 3.0), (5.0, 1.5, 4.0, 1.0, 0.5)),
    ),
    "2.1": Number(
        _firing_for_quarter_more,
        "Hz",
        0.05,
        {
            "that would hold if NE followed firing in proportion; autoreceptors hold it back": (
                lambda: 1.25 * network().parameters["firing"]
            )
        },
    ),
    "2.2": Number(
        lambda: _poisson_sensitivity(2.0) / _poisson_sensitivity(1.0),
        "no unit: it is a ratio",
        0.01,
        {
            "the difference doubles, but so does the variance of a Poisson count": lambda: 2.0,
            "that is a unit without noise at its output; here the count itself is noisy": lambda: 1.0,
        },
    ),
    "2.3": Number(
        lambda: float(performance.performance(12.0) / performance.performance(6.0)),
        "no unit: it is a ratio",
        0.01,
        {"that is NE itself; alpha2 receptors are partly held already, and alpha1 take some away": lambda: 2.0},
    ),
    "3.1": Law(_clearance_at, ((6.0,), (280.0,), (1000.0,))),
    "3.2": Number(
        _half_life_half_blocked,
        "s",
        0.05,
        {
            "half of NET does not make it twice as long: NET is not all of clearance": (
                lambda: 2 * reuptake.half_life(reuptake.decay(network()))
            )
        },
    ),
    "4.1": Number(
        lambda: drugs.steady_state("atomoxetine", metaboliser="poor").accumulation,
        "no unit: it is a ratio",
        0.02,
        {
            "that is what the half-life of extensive metabolisers gives": (
                lambda: drugs.steady_state("atomoxetine").accumulation
            ),
            "that is the number of half-lives in a day; ask what is left of a dose when the next comes": lambda: (
                24 / 21.6
            ),
        },
    ),
    "4.2": Number(
        _occupancy_for_double,
        "%",
        0.03,
        {"that would hold without feedback and if NET were all of clearance": lambda: 50.0},
    ),
    "4.3": Number(
        lambda: performance.optimum(),
        "nM",
        0.03,
        {"that lies halfway on a plain axis; halve the distance on a logarithmic one": _halfway_between_receptors},
    ),
}


def check(exercise: str, answer: Any) -> None:
    """Print what is to be said about `answer`: not tried yet, right, or which kind of slip; never the right answer.

    Raises KeyError, naming the exercises there are, for one that does not exist.
    """
    if exercise not in EXERCISES:
        raise KeyError(f"there is no exercise {exercise!r}; there are {', '.join(EXERCISES)}")
    comment = NOT_TRIED if answer is None or answer is ... else EXERCISES[exercise].comment(answer)
    print(f"Exercise {exercise}: {comment}")
