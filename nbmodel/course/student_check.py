"""Checks that a student meets in an assignment: they say what kind of mistake an answer holds, never the answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from nbmodel.course import answer_key, source
from nbmodel.course.files import CourseError
from nbmodel.exercises import answers, judge
from nbmodel.exercises.judge import NOT_TRIED, Question

# Set where submissions are graded: checks say nothing there and cost no time.
GRADING = "NBMODEL_GRADING"
ELSEWHERE = "noted; your lecturer marks this assignment, it cannot be checked here"
OTHER_VERSION = (
    "noted; it cannot be checked here: your file was made from another version of this assignment than the one that is "
    "installed. Your lecturer marks it all the same"
)


def assignment(theme: str, names: Mapping[str, Any]) -> Callable[[str, Any], None]:
    """Return the `check(question, answer)` of an assignment; `names` are the notebook's `globals()`, with its numbers.

    The numbers are read here, once: a student may use their names for something else later. For a lecturer's private
    assignment, which students do not have the source of, `check` can only say so.
    """
    names = dict(names)

    @cache
    def asked() -> dict[str, Question] | str:
        return _asked(theme, names)

    def check(question: str, answer: Any) -> None:
        """Print what is to be said about `answer`: not tried yet, right, or which kind of mistake."""
        if not os.environ.get(GRADING):
            print(f"Question {question}: {comment(asked(), question, answer)}")

    return check


def comment(asked: Mapping[str, Question] | str, question: str, answer: Any) -> str:
    """Return what to say to an answer; it never raises for what a student gives, and never tells the right answer.

    `asked` are the questions by name, or why there are none.
    """
    if answer is None or answer is ...:
        return NOT_TRIED
    if isinstance(asked, str):
        return asked
    if question not in asked:
        return f"there is no such question; there are {', '.join(asked)}"
    one = asked[question]
    if one.by_hand:
        return "your lecturer looks at this one; it cannot be checked here"
    try:
        given = answers.answer(one.kind, answer, one.inputs)
    except (Exception, SystemExit) as error:  # a student's object may raise at anything
        return f"it cannot be read ({type(error).__name__})"
    return judge.judge(one, given).comment


def _asked(theme: str, names: Mapping[str, Any]) -> dict[str, Question] | str:
    """Return the questions at the student's numbers, or why they cannot be known."""
    try:
        original = source.find(theme)
    except CourseError:
        return ELSEWHERE
    numbers = {one.name: names.get(one.name, one.default) for one in original.numbers}
    if names.get(source.VERSION) != original.version:
        return OTHER_VERSION
    if not all(isinstance(value, int | float) for value in numbers.values()):
        return "noted; it cannot be checked here: the cell of your numbers was changed. Undo that and restart"
    try:
        return {one.name: one for one in answer_key.questions(original, numbers, "check")}
    except Exception as error:  # such as a model that was changed in this notebook
        return f"noted; it cannot be checked here ({type(error).__name__}). Restart the kernel and run all cells"
