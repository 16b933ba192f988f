"""Verdicts on answers: data are compared with data, and nobody's code is run here.

An answer arrives as JSON: a number, a list of numbers, or an object that says why there is none (`{"other": "str"}`).
`check()` in the notebooks and `nbmodel grade` judge by the same rules.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NOT_TRIED = "not tried yet"
RIGHT = "right"
RETURNS_NOTHING = "it returns nothing: hand the value back with return (print only shows it)"
NOTHING = {"other": "NoneType"}  # as `answers` writes what a function returned that does something
# Shares of the points for answers that are wrong in one known way.
WRONG_UNIT = 0.5
WRONG_SIGN = 0.5
# A function that is right for only some inputs gets this share of the share of inputs.
SOME_INPUTS = 0.5
# What separates one unit of the field from another: prefixes, per cent, seconds, minutes and hours.
UNIT_FACTORS = (1e3, 1e-3, 1e6, 1e-6, 60.0, 1 / 60, 3600.0, 1 / 3600, 100.0, 0.01)
# How many powers of ten off is no longer a slip of the pen.
ORDER = 0.7
# Within which factor of the right number a wrong one is called close.
NEAR = 1.15
# How near a number must come to a known mistake that earns nothing: it may have been worked out from rounded constants.
HINTED = 0.03


@dataclass(frozen=True)
class Verdict:
    """Verdict on an answer: the `share` of the points that it earns (0 to 1), and why.

    The comment never tells the right answer.
    """

    share: float
    comment: str


@dataclass(frozen=True)
class Slip:
    """Known mistake: what it gives (`values`, like the expected ones), the share it is worth, what to say to it."""

    message: str
    share: float
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Question:
    """Question as it is marked for one student; an exercise has no name, variable and points of its own.

    `why` is told with a right answer, and `solution` (Markdown and code, as HTML) can be unfolded after a try.
    `kind` is "number", "function", "figure" or "essay"; the last two are marked by hand. `expected` has a row for each
    row of `inputs` (a number has one row and no inputs). `tolerance` is relative, to the largest value of a row.
    """

    name: str = ""
    kind: str = "number"
    variable: str = ""
    points: float = 1.0
    note: str = ""
    unit: str = ""
    tolerance: float = 0.02
    expected: tuple[tuple[float, ...], ...] = ()
    slips: tuple[Slip, ...] = ()
    inputs: tuple[tuple[Any, ...], ...] = ()
    why: str = ""
    solution: str = ""

    @property
    def by_hand(self) -> bool:
        """True if a person marks it."""
        return self.kind in ("figure", "essay")


def number(right: float, given: Any, unit: str, tolerance: float, slips: Sequence[Slip] = ()) -> Verdict:
    """Verdict on `given`, whatever it is, where the answer is the number `right` in `unit`.

    `tolerance` is relative; `slips` are known mistakes and what to say to them.

    Examples
    --------
    >>> number(5.0, 5000.0, "nM", tolerance=0.02).share  # the figures are right, the unit is not
    0.5
    """
    wanted = f"give a single number, in {unit}"
    if given is None:
        return Verdict(0.0, NOT_TRIED)
    if isinstance(given, dict):
        return Verdict(0.0, f"{wanted}, not {_said(given)}")
    if isinstance(given, bool) or not isinstance(given, int | float):
        return Verdict(0.0, wanted)
    try:
        given = float(given)
    except OverflowError:
        given = math.inf
    if not math.isfinite(given):
        return Verdict(0.0, "that is not a finite number")
    if _close((given,), (right,), tolerance):
        return Verdict(1.0, RIGHT)
    # The nearest of the known mistakes, where two lie side by side.
    for slip in sorted(slips, key=lambda slip: abs(slip.values[0][0] - given)):
        # As sharp as the right answer is: 6 % of 9 taken are no 6 % of 91 left, or many numbers would earn a part.
        size = abs(slip.values[0][0])
        sharp = tolerance * min(1.0, abs(right) / size) if size and right else tolerance
        if _close((given,), slip.values[0], sharp if slip.share else max(tolerance, HINTED)):
            return Verdict(slip.share, slip.message)
    if given * right < 0:
        return _sign_or_wrong(_close((-given,), (right,), tolerance))
    if right != 0:
        if given == 0:
            return Verdict(0.0, "not right yet: it is not zero")
        if any(_close((given,), (right * factor,), tolerance) for factor in UNIT_FACTORS):
            return Verdict(
                WRONG_UNIT, f"the figures are right, the unit is not: the answer is wanted in {unit or 'plain numbers'}"
            )
        if abs(math.log10(abs(given)) - math.log10(abs(right))) > ORDER:
            return Verdict(0.0, "not the right order of magnitude yet")
        if max(given / right, right / given) > NEAR:
            return Verdict(0.0, f"of the right order of magnitude, but {_too(given, right)}")
    return Verdict(0.0, "close to the right size, but not right yet")


def function(question: Question, given: Any) -> Verdict:
    """Verdict on what a function returned: a list with an item for each row of the question's inputs."""
    if given is None:
        return Verdict(0.0, NOT_TRIED)
    if not isinstance(given, list):
        said = f" ({_said(given)})" if isinstance(given, dict) else ""
        return Verdict(0.0, f"give a function, without calling it{said}")
    if len(given) == len(question.inputs) and all(item is None for item in given):
        return Verdict(0.0, NOT_TRIED)
    if given and all(item == NOTHING for item in given):
        return Verdict(0.0, RETURNS_NOTHING)
    rows = [_row(item) for item in given]
    size = len(question.inputs)
    if len(rows) != size:
        return Verdict(0.0, f"it returned {len(rows)} values for {size} calls")

    def right(wanted: tuple[tuple[float, ...], ...], factor: float = 1.0) -> list[bool]:
        scaled = [tuple(factor * value for value in row) for row in wanted]
        return [
            row is not None and _close(row, want, question.tolerance) for row, want in zip(rows, scaled, strict=True)
        ]

    good = right(question.expected)
    if all(good):
        return Verdict(1.0, RIGHT)
    for slip in question.slips:
        if all(right(slip.values)):
            return Verdict(slip.share, slip.message)
    if all(right(question.expected, -1.0)):
        return _sign_or_wrong(True)
    if any(all(right(question.expected, factor)) for factor in UNIT_FACTORS):
        return Verdict(WRONG_UNIT, "right but for a constant factor, as between two units")
    if sum(good) * 2 >= size:
        return Verdict(SOME_INPUTS * sum(good) / size, f"right for {sum(good)} of {size} inputs")
    reasons = [item for item in given if isinstance(item, dict)]
    if reasons:
        return Verdict(0.0, f"it does not return numbers: {_said(reasons[0])}")
    return Verdict(0.0, f"not right yet: {_wrong_at(question, rows, good.index(False))}")


def _wrong_at(question: Question, rows: Sequence[tuple[float, ...] | None], at: int) -> str:
    """Sentence on the inputs for which a function goes wrong, so that a student has something to try it on."""
    inputs, value = question.inputs[at], rows[at]
    if value is None or len(value) != 1 or not all(isinstance(one, int | float) for one in (*inputs, *value)):
        return "try it on inputs for which you know the answer"
    told = ", ".join(f"{one:g}" for one in inputs)
    return f"for the inputs {told} it returns {value[0]:.3g}, which is {_too(value[0], question.expected[at][0])}"


def judge(question: Question, given: Any) -> Verdict:
    """Verdict on an answer to a question that is not marked by hand."""
    if question.kind == "function":
        return function(question, given)
    return number(question.expected[0][0], given, question.unit, question.tolerance, question.slips)


def _too(given: float, right: float) -> str:
    return f"too {'large' if given > right else 'small'}"


def _said(given: dict[str, Any]) -> str:
    """Text of what stands in place of an answer; it comes from a student's code, so it is kept short."""
    return str(given.get("other", "something else"))[:100]


def _sign_or_wrong(figures_right: bool) -> Verdict:
    if figures_right:
        return Verdict(WRONG_SIGN, "the sign is wrong, the rest is right")
    return Verdict(0.0, "the sign is wrong")


def _close(given: Sequence[float], wanted: Sequence[float], tolerance: float) -> bool:
    if len(given) != len(wanted):
        return False
    # Nought has no size for a share of it to be allowed: there, and only there, a rounding error is.
    allowed = tolerance * max((abs(value) for value in wanted), default=0.0) or 1e-12
    return all(math.isfinite(a) and abs(a - b) <= allowed for a, b in zip(given, wanted, strict=True))


def _row(item: Any) -> tuple[float, ...] | None:
    values = item if isinstance(item, list) else [item]
    if not values or any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        return None
    try:
        return tuple(float(value) for value in values)
    except OverflowError:
        return None
