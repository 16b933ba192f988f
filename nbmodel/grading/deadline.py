"""Due date: who handed in late, by the times of a table. The clock of a student's computer is no evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nbmodel.course import spreadsheet
from nbmodel.course.files import CourseError, collecting
from nbmodel.data.spreadsheet import Table
from nbmodel.grading import gradebook
from nbmodel.grading.gradebook import People

TIMES = ("time", "last modified (submission)")  # a lecturer's own, Moodle's grading worksheet
MOODLES = "%A, %d %B %Y, %I:%M %p"  # Thursday, 3 December 2026, 11:59 PM
NEVER = ("", "-")  # as Moodle writes it
EXAMPLE = "2026-12-03 23:59"


def moment(text: str) -> datetime:
    """Read a date with its time of day, ISO 8601 or as Moodle writes it in English. Raises ValueError for anything else."""
    for reads in (datetime.fromisoformat, lambda text: datetime.strptime(text, MOODLES)):
        try:
            if ":" in text:
                return reads(text)
        except ValueError:
            continue
    raise ValueError(f"{text[:80]!r} is no date and time of day, such as {EXAMPLE}")


@dataclass(frozen=True)
class Deadline:
    """When work is due, for whom later (`extensions`), and when what came in."""

    due: datetime
    extensions: Mapping[str, datetime]
    table: Table
    times: Mapping[int, datetime]  # by line

    def late(self, ids: Collection[str], people: People) -> dict[str, str]:
        """Return what there is to say of who was late, or of whom no time is known. Raises CourseError, as `whose` does."""
        lines = gradebook.whose(self.table, ids, people)
        said = {}
        for one in ids:
            came = self.times.get(lines.get(one, 0))
            if came is None:
                said[one] = "no time known"
            elif (over := came - self.extensions.get(one, self.due)) > timedelta(0):
                said[one] = f"late by {_written(over)}"
        return said


def read(due: str, times: Path, people: People) -> Deadline:
    """Return the deadline. Raises CourseError with every time that cannot be read or compared."""
    try:
        limit = moment(due)
    except ValueError as error:
        raise CourseError([f"--due: {error}"]) from None
    problems: list[str] = []

    def look(where: str, text: str) -> datetime:
        try:
            found = moment(text)
        except ValueError as error:
            problems.append(f"{where}: {error}")
            return limit
        if (found.tzinfo is None) != (limit.tzinfo is None):
            problems.append(f"{where}: {text!r} and --due {due!r}: write a time zone with both, or with neither")
        return found

    with collecting(problems):
        table = spreadsheet.read(times, ())
        column = next((name for name in TIMES if name in table.columns), None)
        if column is None:
            raise CourseError([f"{times.name} has no column of times, called {' or '.join(map(repr, TIMES))}"])
        came = {line: row[column] for line, row in table.rows() if row[column] not in NEVER}
        found = {line: look(f"{times.name} line {line}", text) for line, text in came.items()}
    later = {one: about["extension"] for one, about in people.items() if about.get("extension")}
    extensions = {one: look(f"the roster's extension of {one}", text) for one, text in later.items()}
    if problems:
        raise CourseError(problems)
    return Deadline(limit, extensions, table, found)


def _written(over: timedelta) -> str:
    minutes = max(1, int(over.total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    parts = ((days, "d"), (hours, "h"), (minutes % 60, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
