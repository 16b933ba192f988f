"""Exercises of the notebooks: the right answer (computed by the model), and what to say to a wrong one.

`check("1.2", answer)` never raises for a student's answer and never tells the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from nbmodel import disorders, drugs, lc_arousal, synthesis
from nbmodel.core import kinetics
from nbmodel.data import parameters
from nbmodel.data.tables import significant
from nbmodel.exercises import answers, judge
from nbmodel.exercises.judge import NOT_TRIED, RIGHT, Question, Slip
from nbmodel.models import decision, gain, performance, transients
from nbmodel.models.norepinephrine_terminal import network


def _number(
    right: float,
    unit: str,
    tolerance: float = 0.02,
    slips: Mapping[str, float] | None = None,
    why: str = "",
    solution: str = "",
) -> Question:
    """Question for a number in `unit`.

    `slips` are known mistakes: what to say -> the number that the mistake gives. `why` is said with a right answer, and
    `solution`, code that works the answer out, unfolds after a try.
    """
    known = tuple(Slip(hint, 0.0, ((wrong,),)) for hint, wrong in (slips or {}).items())
    return Question(
        "",
        "number",
        "",
        1.0,
        unit=unit,
        tolerance=tolerance,
        expected=((right,),),
        slips=known,
        why=why,
        solution=solution,
    )


def _law(
    right: Callable[..., float],
    inputs: Sequence[tuple[float, ...]],
    slips: Mapping[str, Callable[..., float]] | None = None,
    why: str = "",
    solution: str = "",
) -> Question:
    """Question for a function, which is compared with `right` at each row of `inputs`; the rest is as for `_number`."""

    def values(law: Callable[..., float]) -> tuple[tuple[float, ...], ...]:
        return tuple((float(law(*row)),) for row in inputs)

    known = tuple(Slip(hint, 0.0, values(wrong)) for hint, wrong in (slips or {}).items())
    return Question(
        "", "function", "", 1.0, tolerance=1e-6, expected=values(right), inputs=tuple(inputs), slips=known,
        why=why, solution=solution,
    )  # fmt: skip


def _store_with_a_quarter_of_th() -> float:
    left = network().replace(th_activity=0.25)
    return 100 * synthesis.fold(synthesis.course(left, 24.0), "ne_v")


def _firing_for_quarter_more() -> float:
    """Tonic rate (Hz) at which extracellular NE is one and a quarter times its resting level."""
    from scipy.optimize import brentq

    rest = network()

    def excess(rate: float) -> float:
        return float(lc_arousal.tonic(rest, np.array([rate]))[0]) - 1.25e3 * rest["ne_e"]

    return float(brentq(excess, 1.0, 10.0, xtol=1e-4))


def _poisson_sensitivity(gain: float) -> float:
    """Sensitivity d'a to a signal that lifts a Poisson count from 2.5 to 5 on average, both times `gain`."""
    without, with_signal = 2.5 * gain, 5.0 * gain
    return (with_signal - without) / float(np.sqrt((without + with_signal) / 2))


def _two_receptors(ne: float, swapped: bool = False) -> float:
    """Product of the two receptors at NE (nM), by the lesson's equation; `swapped` takes each constant for the other."""
    k = gain.affinities()
    k2, k1 = (k.a1, k.a2) if swapped else (k.a2, k.a1)
    return float(performance.product(ne / (ne + k2), ne / (ne + k1)))


def _steps() -> dict[str, float]:
    """Seconds of each step from a cue to a receptor's effect, and of the response."""
    budget = decision.time_budget()
    return dict(zip(budget["step"], budget["value"], strict=True))


def _time_left(without: str = "") -> float:
    """Time (s) that receptors may take for NE to act within the response; a slip leaves a step out."""
    steps = _steps()
    return steps["the response"] - sum(steps[s] for s in ("the LC fires", "its axons conduct") if s != without)


def _half_life(blocked: float = 0.0) -> float:
    return transients.half_life(transients.decay(network(), blocked))


def _clearance_at(x: float) -> float:
    p = parameters.load()
    inflow = kinetics.michaelis_menten(x, p.value("Vmax_NET", "nM/s"), p.value("Km_NET_NE", "nM"))
    return float(inflow + p.value("k_nonNET", "1/s") * x)


def _occupancy_for_double() -> float:
    """Occupancy of NET (%) that doubles extracellular NE."""
    from scipy.optimize import brentq

    rest = network()
    return float(brentq(lambda occupancy: 100 * (disorders.fold(rest, 1 - occupancy) - 2), 0.1, 0.99, xtol=1e-4)) * 100


EXERCISES: dict[str, Callable[[], Question]] = {
    "1.1": lambda: _number(_store_with_a_quarter_of_th(), "%", 0.03),
    "1.2": lambda: _law(
        kinetics.competitive, [(1.0, 0.0, 10.0, 2.0, 3.0), (1.0, 3.0, 10.0, 2.0, 3.0), (5.0, 1.5, 4.0, 1.0, 0.5)]
    ),
    "2.1": lambda: _law(_clearance_at, [(6.0,), (280.0,), (1000.0,)]),
    "2.2": lambda: _number(
        _half_life(blocked=0.5),
        "s",
        0.05,
        {"half of NET does not make it twice as long: NET is not all of clearance": 2 * _half_life()},
    ),
    "3.1": lambda: _number(
        _firing_for_quarter_more(),
        "Hz",
        0.05,
        {
            "that would hold if NE followed firing in proportion; autoreceptors hold it back, and the readily releasable pool runs short": (
                1.25 * network().parameters["firing"]
            )
        },
    ),
    "5.1": lambda: _number(
        _poisson_sensitivity(2.0) / _poisson_sensitivity(1.0),
        "no unit: it is a ratio",
        0.01,
        {
            "the difference of the means doubles, but so does the variance of a Poisson count": 2.0,
            "that comes of dividing by the variance: take its root; or of a unit without noise at its output, which a "
            "gain does not help, while here the count itself is noisy": 1.0,
            "that is upside down: divide the sensitivity with the gain by the one without": (
                _poisson_sensitivity(1.0) / _poisson_sensitivity(2.0)
            ),
            "that is the sensitivity with the gain; divide it by the one without": _poisson_sensitivity(2.0),
            "that is the sensitivity without the gain; the question is how many times it rises": _poisson_sensitivity(
                1.0
            ),
        },
        why="the difference doubles and its noise grows by the root of two, so a gain helps, and less than twofold",
        solution="def sensitivity(without, with_signal):\n"
        "    return (with_signal - without) / ((without + with_signal) / 2) ** 0.5\n\n"
        "answer = sensitivity(5, 10) / sensitivity(2.5, 5)",
    ),
    "5.2": lambda: _number(
        _two_receptors(12.0),
        "no unit: it is a share, 0 to 1",
        0.01,
        {
            "the two constants are swapped: K2, the smaller one, belongs to alpha2, and K1 to alpha1": (
                _two_receptors(12.0, swapped=True)
            ),
            "that is the share of alpha2 receptors alone; multiply it by the share of alpha1 receptors that stay free": (
                float(gain.occupancy(12.0).a2)
            ),
            "that is the share of alpha1 receptors that stay free; multiply it by the share of stimulated alpha2": (
                1 - float(gain.occupancy(12.0).a1)
            ),
            "that multiplies by the alpha1 receptors that are stimulated; P wants those that are not, 1 - a1": (
                float(gain.occupancy(12.0).a2 * gain.occupancy(12.0).a1)
            ),
            "that is P at 6 nM; the question is about 12 nM": _two_receptors(6.0),
            "that is how many times more P is than at 6 nM; the question is P itself": (
                _two_receptors(12.0) / _two_receptors(6.0)
            ),
        },
        why="alpha2 receptors gain more than alpha1 receptors take away, so P still rises, but to far less than twice its "
        "value at 6 nM",
        solution="K2, K1 = gain.affinities()\nx = 12\nanswer = x / (x + K2) * (1 - x / (x + K1))",
    ),
    "5.3": lambda: _number(
        1e3 * _time_left(),
        "ms",
        0.02,
        {
            "the axons are missing: the impulse also has to travel": 1e3 * _time_left(without="its axons conduct"),
            "the LC's own latency is missing: it does not fire at once": 1e3 * _time_left(without="the LC fires"),
            "that is how much the receptors would have to gain; the question is how long they may take": (
                1e3 * (_steps()["alpha2A receptors act"] - _time_left())
            ),
            "that is the whole time of the response; the LC and its axons need a part of it": 1e3
            * _steps()["the response"],
        },
        why="the receptors would have to act more than three times as fast as in the cultured cells in which they were timed",
        solution="# all in ms: the response, less the LC's latency, less the axons\nanswer = 291 - 91 - 100",
    ),
    "6.1": lambda: _number(
        drugs.exposure_at_steady_state("atomoxetine", metaboliser="poor").accumulation,
        "no unit: it is a ratio",
        0.02,
        {
            "that is what the half-life of extensive metabolisers gives": drugs.exposure_at_steady_state(
                "atomoxetine"
            ).accumulation,
            "that is the number of half-lives in a day; ask what is left of a dose when the next comes": 24 / 21.6,
        },
    ),
    "6.2": lambda: _number(
        _occupancy_for_double(), "%", 0.03, {"that would hold without feedback and if NET were all of clearance": 50.0}
    ),
    "6.3": lambda: _number(
        performance.optimum(),
        "nM",
        0.03,
        {
            "that lies halfway on a plain axis; halve the distance on a logarithmic one": (
                (gain.affinities().a1 + gain.affinities().a2) / 2
            )
        },
    ),
}


class Solution:
    """Worked solution of an exercise, which a notebook shows folded."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __repr__(self) -> str:
        return "There is a worked solution: look at its .code"

    def _repr_html_(self) -> str:
        return f"<details><summary>Worked solution</summary><pre>{escape(self.code)}</pre></details>"


def predicted(guess: Any, found: float, unit: str = "") -> None:
    """Print a reader's guess beside what the model gives.

    Parameters
    ----------
    guess : number or ...
        What the reader wrote down before; ... while there is none.
    found : float
        What came out.
    unit : str

    Examples
    --------
    >>> predicted(6, 5.2, "s")
    Your guess: 6.00 s. The model: 5.20 s.
    >>> predicted(..., 5.2, "s")
    Your guess: none yet. The model: 5.20 s.
    """
    number = answers.number(guess)
    if isinstance(number, dict):
        print(f"Your guess is no number ({number['other']}): replace the ... by one. Then look again.")
        return
    ours = "none yet" if number is None else f"{significant(number)} {unit}".strip()
    print(f"Your guess: {ours}. The model: {significant(found)} {unit}".rstrip() + ".")


def check(exercise: str, answer: Any) -> Solution | None:
    """Print the comment on an answer: not tried yet, right and why, or which kind of slip; never the right answer.

    Parameters
    ----------
    exercise : str
        Number of the exercise, such as "1.2".
    answer : number, function or ...
        The student's answer; ... while there is none.

    Returns
    -------
    Solution or None
        After a try, the worked solution where there is one; a notebook shows it folded.

    Raises
    ------
    KeyError
        For an exercise that does not exist; it names those there are.

    Examples
    --------
    >>> check("2.2", ...)
    Exercise 2.2: not tried yet
    """
    if exercise not in EXERCISES:
        raise KeyError(f"there is no exercise {exercise!r}; there are {', '.join(EXERCISES)}")
    if answer is None or answer is ...:
        print(f"Exercise {exercise}: {NOT_TRIED}")
        return None
    question = EXERCISES[exercise]()
    comment = judge.judge(question, answers.answer(question.kind, answer, question.inputs)).comment
    why = f": {question.why}" if comment == RIGHT and question.why else ""
    print(f"Exercise {exercise}: {comment}{why}")
    return Solution(question.solution) if question.solution and comment != NOT_TRIED else None
