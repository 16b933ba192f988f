"""Teaching: the exercises of the notebooks, assignments for a class, and what to say to an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["assignment", "check"]


def check(exercise: str, answer: Any) -> None:
    """Print what is to be said about `answer` to an exercise of the notebooks; see `nbmodel.course.exercises.check`."""
    from nbmodel.course import exercises

    exercises.check(exercise, answer)


def assignment(theme: str, names: Mapping[str, Any]) -> Callable[[str, Any], None]:
    """The `check` of an assignment; see `nbmodel.course.assignment.assignment`."""
    from nbmodel.course import checking

    return checking.assignment(theme, names)
