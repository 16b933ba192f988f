"""Exercises of the notebooks: `check`, the right answers, and what to say to a wrong one."""

from __future__ import annotations

from typing import Any

__all__ = ["check"]


def check(exercise: str, answer: Any) -> None:
    """Print the comment on an answer to an exercise; see `nbmodel.exercises.questions.check`.

    Parameters
    ----------
    exercise : str
        Number of the exercise, such as "1.2".
    answer : number, function or ...
        The student's answer; ... while there is none.

    Raises
    ------
    KeyError
        For an exercise that does not exist.
    """
    from nbmodel.exercises import questions

    questions.check(exercise, answer)
