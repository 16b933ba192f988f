"""The exercises of the notebooks: `check`, what the right answers are, and what to say to a wrong one."""

from __future__ import annotations

from typing import Any

__all__ = ["check"]


def check(exercise: str, answer: Any) -> None:
    """Print what is to be said about an answer to an exercise; see `nbmodel.exercises.questions.check`."""
    from nbmodel.exercises import questions

    questions.check(exercise, answer)
