"""Kinds of questions: a number, and a function that is compared with the right one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nbmodel.exercises import answers
from nbmodel.exercises.judge import Question, Slip

Law = Callable[..., Any]
Values = tuple[tuple[float, ...], ...]


def number(
    right: float,
    unit: str,
    tolerance: float = 0.02,
    slips: Mapping[str, float | tuple[float, float]] | None = None,
    **about: Any,
) -> Question:
    """Question for a number in `unit`.

    `slips` are known mistakes: what to say -> the number that the mistake gives; for one that earns a part of the points
    that number and the share. `about` are other fields of the question: `why` is said with a right answer, and
    `solution`, code that works the answer out, unfolds after a try.
    """

    def values(given: float) -> Values:
        return ((float(given),),)

    known = _known(slips, values)
    return Question(kind="number", unit=unit, tolerance=tolerance, expected=values(right), slips=known, **about)


def law(
    right: Law,
    inputs: Sequence[Sequence[Any]],
    slips: Mapping[str, Law | tuple[Law, float]] | None = None,
    tolerance: float = 1e-6,
    **about: Any,
) -> Question:
    """Question for a function, which is compared with `right` at each row of `inputs`; the rest is as for `number`.

    An input or a value returned is a number or a sequence of numbers.
    """
    import numpy as np

    rows = tuple(tuple(np.asarray(value, float).tolist() for value in row) for row in inputs)

    def values(law: Law) -> Values:
        return tuple(tuple(map(float, np.ravel(law(*answers.arguments(row))))) for row in rows)

    known, expected = _known(slips, values), values(right)
    return Question(kind="function", tolerance=tolerance, expected=expected, inputs=rows, slips=known, **about)


def _known(slips: Mapping[str, Any] | None, values: Callable[[Any], Values]) -> tuple[Slip, ...]:
    pairs = {hint: wrong if isinstance(wrong, tuple) else (wrong, 0.0) for hint, wrong in (slips or {}).items()}
    return tuple(Slip(hint, share, values(wrong)) for hint, (wrong, share) in pairs.items())
