"""Assignments for a class: what is handed out, and the words that a key is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["assignment"]


def assignment(theme: str, names: Mapping[str, Any]) -> Callable[[str, Any], None]:
    """Return the `check` of an assignment; see `nbmodel.course.student_check.assignment`."""
    from nbmodel.course import student_check

    return student_check.assignment(theme, names)
