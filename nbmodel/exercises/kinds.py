"""Kinds of questions: a number, and a function that is compared with the right one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nbmodel.exercises.judge import Question, Slip


def number(
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


def law(
    right: Callable[..., float],
    inputs: Sequence[tuple[float, ...]],
    slips: Mapping[str, Callable[..., float]] | None = None,
    why: str = "",
    solution: str = "",
    tolerance: float = 1e-6,
) -> Question:
    """Question for a function, which is compared with `right` at each row of `inputs`; the rest is as for `number`."""

    def values(law: Callable[..., float]) -> tuple[tuple[float, ...], ...]:
        return tuple((float(law(*row)),) for row in inputs)

    known = tuple(Slip(hint, 0.0, values(wrong)) for hint, wrong in (slips or {}).items())
    return Question(
        "",
        "function",
        "",
        1.0,
        tolerance=tolerance,
        expected=values(right),
        inputs=tuple(inputs),
        slips=known,
        why=why,
        solution=solution,
    )
