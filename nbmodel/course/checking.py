"""What a student meets in an assignment: `check`, which says what kind of mistake an answer holds, never the answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from nbmodel.course import judge, runner, source
from nbmodel.course.judge import NOT_TRIED, Question

# Set where submissions are graded: checks say nothing there and cost no time.
GRADING = "NBMODEL_GRADING"


def assignment(theme: str, names: Mapping[str, Any]) -> Callable[[str, Any], None]:
    """The `check(question, answer)` of an assignment; `names` are the notebook's `globals()`, with the student's numbers.

    For a lecturer's private assignment, which students do not have the source of, `check` can only say so.
    """

    def check(question: str, answer: Any) -> None:
        """Print what is to be said about `answer`: not tried yet, right, or which kind of mistake."""
        if os.environ.get(GRADING):
            return
        print(f"Question {question}: {comment(theme, names, question, answer)}")

    return check


def comment(theme: str, names: Mapping[str, Any], question: str, answer: Any) -> str:
    """What to say to an answer; it never raises for what a student gives, and never tells the right answer."""
    if answer is None or answer is ...:
        return NOT_TRIED
    try:
        original = source.find(theme)
    except source.SourceError:
        return "noted; your lecturer marks this assignment, it cannot be checked here"
    asked = _questions(original, {one.name: names.get(one.name, one.default) for one in original.numbers})
    if question not in asked:
        return f"there is no such question; there are {', '.join(asked)}"
    one = asked[question]
    if one.by_hand:
        return "your lecturer looks at this one; it cannot be checked here"
    try:
        given = runner.answer(one.kind, answer, one.inputs)
    except Exception as error:  # a student's object may raise at anything
        return f"it cannot be read ({type(error).__name__})"
    return judge.judge(one, given).comment


def _questions(original: source.Source, numbers: Mapping[str, float]) -> dict[str, Question]:
    place = (original.theme, original.text, tuple(sorted(numbers.items())))
    if place not in _known:
        _known[place] = {one.name: one for one in source.questions(original, numbers, "check")}
    return _known[place]


_known: dict[tuple[Any, ...], dict[str, Question]] = {}
