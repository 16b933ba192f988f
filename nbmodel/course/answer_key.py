"""The words of which the key of an assignment is written: `key.number(...)`, `key.function(...)`.

Each graded code cell of an assignment holds one such call. `nbmodel grade` collects them with a student's numbers and
compares later (`collecting`). In a live notebook, which is how nbgrader runs it, the call marks at once and returns the
points.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from nbmodel.exercises import judge
from nbmodel.exercises.judge import Question, Slip

_collected: list[Question] | None = None
_random = random.Random(0)


@contextmanager
def collecting(secret: str) -> Iterator[list[Question]]:
    """Collect the questions whose calls run inside, instead of marking them; `draw` depends on `secret` alone."""
    global _collected, _random
    before = _collected, _random
    _collected, _random = [], random.Random(secret)
    try:
        yield _collected
    finally:
        _collected, _random = before


def draw(low: float, high: float) -> float:
    """An input to try a student's function with, between `low` and `high`, four digits; students cannot foresee it."""
    return float(f"{_random.uniform(low, high):.4g}")


def number(
    question: str,
    variable: str,
    expected: float,
    *,
    unit: str,
    points: float,
    tolerance: float = 0.02,
    slips: Mapping[str, tuple[float, float]] | None = None,
    note: str = "",
) -> float | None:
    """The student's `variable` should be `expected`, in `unit`. `slips`: what to say -> (what the mistake gives, share)."""
    known = tuple(Slip(message, share, ((float(value),),)) for message, (value, share) in (slips or {}).items())
    return _ask(Question(question, "number", variable, points, note, unit, tolerance, ((float(expected),),), known))


def function(
    question: str,
    variable: str,
    expected: Callable[..., Any],
    inputs: Sequence[Sequence[Any]],
    *,
    points: float,
    tolerance: float = 1e-6,
    slips: Mapping[str, tuple[Callable[..., Any], float]] | None = None,
    note: str = "",
) -> float | None:
    """The student's function `variable` should return what `expected` does, for each row of `inputs`.

    An input or a value returned is a number or a sequence of numbers. `slips`: what to say -> (wrong function, share).
    """
    rows = tuple(tuple(_plain(value) for value in row) for row in inputs)

    def values(law: Callable[..., Any]) -> tuple[tuple[float, ...], ...]:
        return tuple(_flat(law(*_arrays(row))) for row in rows)

    known = tuple(Slip(message, share, values(law)) for message, (law, share) in (slips or {}).items())
    return _ask(Question(question, "function", variable, points, note, "", tolerance, values(expected), known, rows))


def _ask(question: Question) -> float | None:
    if _collected is not None:
        _collected.append(question)
        return None
    from IPython.core.getipython import get_ipython

    from nbmodel.exercises import answers

    shell: Any = get_ipython()
    verdict = judge.judge(
        question, answers.answer(question.kind, shell.user_ns.get(question.variable), question.inputs)
    )
    if verdict.share == 0:  # nbgrader takes a number above nought for partial credit, and only an error for none
        raise AssertionError(verdict.comment)
    print(verdict.comment)
    return question.points * verdict.share


def _plain(value: Any) -> Any:
    return [float(item) for item in value] if hasattr(value, "__len__") else float(value)


def _arrays(row: Sequence[Any]) -> list[Any]:
    import numpy as np

    return [np.array(value) if isinstance(value, list) else value for value in row]


def _flat(value: Any) -> tuple[float, ...]:
    import numpy as np

    return tuple(float(item) for item in np.ravel(np.asarray(value, dtype=float)))
