"""Exercises of the notebooks: the right answer (computed by the model), and what to say to a wrong one.

`check("1.2", answer)` never raises for a student's answer and never tells the right one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from IPython.display import display

from nbmodel.data.tables import significant
from nbmodel.exercises import (
    answers,
    judge,
    on_attention,
    on_disorders,
    on_lc_arousal,
    on_reuptake,
    on_sleep_wake,
    on_synthesis,
)
from nbmodel.exercises.judge import NOT_TRIED, RIGHT, Question

LESSONS = (on_synthesis, on_reuptake, on_lc_arousal, on_sleep_wake, on_attention, on_disorders)
EXERCISES: dict[str, Callable[[], Question]] = {
    name: asked for lesson in LESSONS for name, asked in lesson.EXERCISES.items()
}


WELL = 0.15  # share of a number by which a guess may be off and still be called good
KEPT = 6  # digits of a number that an output keeps, the same on every machine
NOTHING = 0.05  # share of a size beside which a number is next to nothing


class Solution:
    """Worked solution of an exercise, which a notebook shows folded."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __repr__(self) -> str:
        return "There is a worked solution: look at its .code"

    def _repr_html_(self) -> str:
        return f"<details><summary>Worked solution</summary><pre>{escape(self.code)}</pre></details>"


@dataclass(frozen=True)
class Answer:
    """What a guess is compared with, as the output of a cell keeps it: a page without a kernel compares, too."""

    found: float
    beside: float
    share: bool  # it may be told in per cent as well
    told: str
    why: str


class _Compared:
    """A guess and its answer in words, with the answer behind them."""

    def __init__(self, words: str, answer: Answer) -> None:
        self.words, self.answer = words, answer

    def __repr__(self) -> str:
        return self.words

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        comparable = math.isfinite(self.answer.found)  # JSON has no other numbers
        return {"text/plain": self.words}, {"nbmodel": {"predicted": asdict(self.answer)}} if comparable else {}


def predicted(
    guess: Any, found: float, unit: str = "", why: str = "", by: str = "The model", beside: float = 0.0
) -> None:
    """Show a reader's guess beside what the model gives, and how far it is off.

    Parameters
    ----------
    guess : number or ...
        What the reader wrote down before; ... while there is none.
    found : float
        What came out.
    unit : str
    why : str
        Sentence on the reason, as far as the most likely other guess leaves it out.
    by : str
        Where the number comes from, as it is told: not every number is a model's.
    beside : float
        Size beside which a number may be next to nothing: a guess is good as well if it is off by no more than a
        twentieth of this.

    Examples
    --------
    >>> predicted(5.9, 5.2, "s")
    Your guess: 5.90 s. The model: 5.20 s. Well guessed.
    >>> predicted(60, 5.2, "s", why="Feedback shortens it.")
    Your guess: 60.0 s. The model: 5.20 s. The guess is 12 times too large. Feedback shortens it.
    >>> predicted(0.9, 95, "%", why="Little is lost.")
    Your guess: 0.900 %. The model: 95.0 %. A hundred times too small: the figures are near, the unit is not. Little is lost.
    >>> predicted(-60, 5.2, "s", why="Feedback shortens it.")
    Your guess: -60.0 s. The model: 5.20 s. It is the other way round. Feedback shortens it.
    >>> predicted(0, 0.005, "Hz", beside=4)
    Your guess: 0 Hz. The model: 0.00500 Hz. Well guessed.
    >>> predicted(..., 5.2, "s")
    Your guess: none yet. The model: 5.20 s.
    """
    number = answers.number(guess)
    if isinstance(number, dict):
        print(f"Your guess is no number ({number['other']}): replace the ... by one. Then look again.")
        return
    ours = "none yet" if number is None else f"{significant(number)} {unit}".strip()
    share = not unit or unit.startswith(("%", "of "))
    told = f"{by}: {significant(found)} {unit}".rstrip() + "."
    answer = Answer(float(significant(found, KEPT)), beside, share, told, why)
    comment = _off(number, answer) if number is not None and math.isfinite(found) else ""
    display(_Compared(f"Your guess: {ours}. {answer.told} {comment}".rstrip(), answer))


def _off(guess: float, answer: Answer) -> str:
    """Sentence on how far a guess is off, and the reason."""
    found, why = answer.found, answer.why
    if abs(guess - found) <= max(WELL * abs(found), NOTHING * answer.beside):
        return f"Well guessed. {why}"
    if guess * found < 0:
        return f"It is the other way round. {why}"
    if guess * found == 0:
        return why
    side, factor = ("large", guess / found) if guess / found > 1 else ("small", found / guess)
    if answer.share and abs(factor / 100 - 1) <= WELL:
        return f"A hundred times too {side}: the figures are near, the unit is not. {why}"
    return f"The guess is {significant(factor, 2)} times too {side}. {why}"


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
