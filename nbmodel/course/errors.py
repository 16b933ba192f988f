"""Faults of a course's files: all of them at once, a sentence for each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence


class CourseError(ValueError):
    """Raised when a source, a key, a table or an id cannot be used; `problems` has a sentence for each fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@contextlib.contextmanager
def collecting(problems: list[str]) -> Iterator[None]:
    """Add what is wrong inside to the problems, so that all of them are told at once."""
    try:
        yield
    except CourseError as error:
        problems += error.problems
