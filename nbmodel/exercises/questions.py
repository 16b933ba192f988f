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
from nbmodel.core.network import Network
from nbmodel.data import parameters
from nbmodel.data.tables import significant
from nbmodel.exercises import answers, judge
from nbmodel.exercises.judge import NOT_TRIED, RIGHT, Question, Slip
from nbmodel.models import gain, performance, transients
from nbmodel.models.norepinephrine_terminal import network, without_autoinhibition


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


def _half_life(blocked: float = 0.0) -> float:
    return transients.half_life(transients.decay(network(), blocked))


def _clearance_at(x: float) -> float:
    p = parameters.load()
    inflow = kinetics.michaelis_menten(x, p.value("Vmax_NET", "nM/s"), p.value("Km_NET_NE", "nM"))
    return float(inflow + p.value("k_nonNET", "1/s") * x)


def _occupancy_for_double(rest: Network | None = None) -> float:
    """Occupancy of NET (%) that doubles extracellular NE, at a terminal at rest."""
    from scipy.optimize import brentq

    start = rest or network()
    return float(brentq(lambda occupancy: 100 * (disorders.fold(start, 1 - occupancy) - 2), 0.1, 0.99, xtol=1e-4)) * 100


def _accumulation() -> Question:
    """6.1: how much more regular doses add up to in poor metabolisers of atomoxetine."""
    half_life, interval = 21.6, 24.0
    left = 2 ** (-interval / half_life)
    return _number(
        drugs.exposure_at_steady_state("atomoxetine", metaboliser="poor").accumulation,
        "no unit: it is a ratio",
        0.012,
        {
            "that is what the half-life of normal metabolisers gives, 5.2 h": drugs.exposure_at_steady_state(
                "atomoxetine"
            ).accumulation,
            "that is the number of half-lives in a day; ask what is left of a dose when the next one comes": interval
            / half_life,
            "that is what is left of one dose when the next one comes; the doses before it have left something too": left,
            "that is two doses, the last and what is left of the one before; go on to all the doses before": 1 + left,
            "a half-life halves: the share left is a power of 1/2, not of 1/e": 1 / (1 - np.exp(-interval / half_life)),
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
    return _number(
        _occupancy_for_double(rest),
        "%",
        0.02,
        {
            "that would hold without feedback and if NET were all of clearance": 50.0,
            "that would hold without feedback; release falls as NE rises": _occupancy_for_double(
                without_autoinhibition(rest)
            ),
            "that is the answer where the cell bodies' feedback acts too, as in a person; use `rest` as it is": (
                _occupancy_for_double(rest.replace(soma_feedback=1.0))
            ),
            "that is the share of NET that is left; the occupied share is wanted": 100 - _occupancy_for_double(rest),
        },
        why="without feedback half would nearly do. The feedback on release has to be overcome as well, so more of NET must be "
        "blocked",
        solution="shares = np.linspace(0.4, 0.9, 101)\n"
        "answer = 100 * np.interp(2, disorders.folds(rest, shares), shares)",
    )


def _best_ne() -> Question:
    """6.3: the NE at which alpha2 stimulated times alpha1 not stimulated is largest."""
    k = gain.affinities()
    return _number(
        performance.optimum(),
        "nM",
        0.03,
        {
            "that lies halfway on a plain axis; halve the distance on a logarithmic one": (k.a1 + k.a2) / 2,
            "that is K2, where half of the alpha2 receptors are stimulated; attention still rises there": k.a2,
            "that is K1, where half of the alpha1 receptors are stimulated; attention has long been falling": k.a1,
            "that is the product of the two constants; take its square root": k.a1 * k.a2,
        },
        why="the top lies at the square root of K1 K2: there one more per cent of NE gains as much by alpha2 as it loses by alpha1",
        solution="k = gain.affinities()\nx = np.geomspace(1, 100, 2001)\n"
        "attention = x / (x + k.a2) * k.a1 / (x + k.a1)\n"
        "answer = x[np.argmax(attention)]  # or np.sqrt(k.a1 * k.a2)",
    )


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
            "the difference doubles, but so does the variance of a Poisson count": 2.0,
            "that is a unit without noise at its output; here the count itself is noisy": 1.0,
        },
    ),
    "5.2": lambda: _number(
        float(performance.performance(12.0) / performance.performance(6.0)),
        "no unit: it is a ratio",
        0.01,
        {"that is NE itself; alpha2 receptors are partly held already, and alpha1 take some away": 2.0},
    ),
    "6.1": lambda: _accumulation(),
    "6.2": lambda: _doubling(),
    "6.3": lambda: _best_ne(),
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
