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
from nbmodel.models import gain, performance, transients
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


def _firing_question() -> Question:
    """Ask for the tonic rate at which NE stands at one and a quarter times rest; both reasons are named, as in the text."""
    rest = network()
    usual, right = rest.parameters["firing"], _firing_for_quarter_more()
    return _number(
        right,
        "Hz",
        0.05,
        {
            "that would hold if NE followed firing in proportion; autoreceptors hold release back, and the readily "
            "releasable pool runs short": 1.25 * usual,
            "that is the level of NE, in nM; the rate that leads to it is asked for": 1.25e3 * rest["ne_e"],
            "that is a multiple of the resting rate; give the rate itself": right / usual,
        },
        why=(
            "NE rises less than in proportion, as autoreceptors hold release back and the readily releasable pool runs "
            "short, so a quarter more NE needs more than a quarter more firing"
        ),
        solution="""import numpy as np
from nbmodel import lc_arousal, norepinephrine_terminal

rest = norepinephrine_terminal.resting(6.0)
rates = np.linspace(1.5, 5, 71)  # Hz
levels = lc_arousal.tonic(rest, rates)  # nM
answer = np.interp(1.25 * 6.0, levels, rates)""",
    )


def _drive_question() -> Question:
    """Ask for the smallest current that makes the leaky cell of the lesson fire, from two rows of the table and one of its own."""
    table = parameters.load()
    leak, capacitance = table.value("g_leak_LC", "nS"), table.value("C_LC", "pF")
    threshold, rest = table.value("V_threshold_LC", "mV"), table.value("E_leak_LC", "mV")
    above, reset = threshold - rest, table.value("V_reset_LC", "mV")
    return _number(
        leak * above,
        "pA",
        0.02,
        {
            "that is threshold over leak; at a steady voltage I = g V, a product": above / leak,
            "the capacitance says how fast the voltage changes, not where it ends": capacitance * above,
            "V is counted from rest, not from 0 mV on the scale of electrodes": leak * abs(threshold),
            "start from rest, V = 0: the reset matters only after the first spike": leak * (threshold - reset),
        },
        why=(
            "with dV/dt = 0 the equation says I = g V, so V ends at I / g, and only a current that carries it to the "
            "threshold makes the cell fire"
        ),
        solution="""g, threshold = 5.0, 5.0  # nS; mV above rest
answer = g * threshold  # dV/dt = 0 at the threshold: I = g V, in pA""",
    )


def _burst_question() -> Question:
    """Ask for the rise of NE in a burst of 10 Hz that lasts twice as long as usual."""
    rest = network()
    basal = 1e3 * rest["ne_e"]
    peak, _ = transients.peak_and_return(transients.burst(rest, 10.0, 0.8))
    usual, _ = transients.peak_and_return(transients.burst(rest, 10.0, 0.4))
    return _number(
        peak - basal,
        "nM",
        0.03,
        {
            "that is the peak; take away the level at rest to get the rise": peak,
            "that is twice the rise of the short burst; NET clears NE while the burst lasts, and the pool runs short": (
                2 * (usual - basal)
            ),
            "that is the rise of a burst of 0.4 s; this one lasts 0.8 s": usual - basal,
            "that is a multiple of the resting level; the rise in nM is asked for": peak / basal,
        },
        why="twice the burst gives less than twice the rise, as NET clears NE meanwhile and the pool runs short",
        solution="""from nbmodel import norepinephrine_terminal, transients

rest = norepinephrine_terminal.resting(6.0)
run = transients.burst(rest, rate=10.0, duration=0.8)
answer = 1e3 * (run["ne_e"].max() - run["ne_e"][0])  # uM to nM""",
    )


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
    "3.1": lambda: _firing_question(),
    "3.2": lambda: _drive_question(),
    "3.3": lambda: _burst_question(),
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
