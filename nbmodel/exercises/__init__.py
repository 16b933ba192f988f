"""Exercises of the notebooks: `check` and `predicted`, the right answers, and what to say to a wrong one."""

from __future__ import annotations

from typing import Any

__all__ = ["check", "predicted"]


def check(exercise: str, answer: Any) -> Any:
    """Print the comment on an answer to an exercise; see `nbmodel.exercises.questions.check`.

    Parameters
    ----------
    exercise : str
        Number of the exercise, such as "1.2".
    answer : number, function or ...
        The student's answer; ... while there is none.

    Returns
    -------
    Solution or None
        After a try, the worked solution where there is one.

    Raises
    ------
    KeyError
        For an exercise that does not exist.
    """
    from nbmodel.exercises import questions

    return questions.check(exercise, answer)


def predicted(
    guess: Any, found: float, unit: str = "", why: str = "", by: str = "The model", beside: float = 0.0
) -> None:
    """Show a reader's guess beside what the model gives, and how far off it is; see `nbmodel.exercises.questions.predicted`."""
    from nbmodel.exercises import questions

    questions.predicted(guess, found, unit, why, by, beside)
