"""Points that a person gives: `hand.csv`, a row for each answer that waits.

A row knows its answer by a stamp, so that points stay with the answer they were given for, wherever its file is moved,
and are not counted for another one that was handed in later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from nbmodel.course import spreadsheet
from nbmodel.course.course_key import secret
from nbmodel.course.files import CourseError
from nbmodel.course.spreadsheet import plain
from nbmodel.data import numerals
from nbmodel.data.spreadsheet import Table
from nbmodel.grading.marks import BY_HAND, Mark, Row, written

COLUMNS = ("file", "question", "points", "of", "comment", "answer")
NEEDED = COLUMNS[:3]
Place = tuple[str, str]  # file and question
T = TypeVar("T", float, str)
STAMP = 33  # letters; those of versions before had 12
UNSTAMP = "to count it for what stands in that file now, empty its cell 'answer'"


@dataclass(frozen=True)
class Given:
    """Points and comments by (file, question), and a sentence for each given for an answer that is not there any more."""

    points: Mapping[Place, float]
    stale: Sequence[str]
    comments: Mapping[Place, str] = field(default_factory=dict)


def stamp(row: Row, mark: Mark, key: bytes) -> str:
    """Return what an answer is known by: only who holds the course key can make it, and no two answers share one.

    It begins with a letter, so that no spreadsheet takes it for a number.
    """
    return "a" + secret(key, "answer", row.theme, row.student, mark.question, mark.shown)[: STAMP - 1]


def read(path: Path) -> Table:
    """Read the table. Raises TableError when it is none."""
    return spreadsheet.read(path, NEEDED)


def given(table: Table, rows: Sequence[Row], key: bytes) -> Given:
    """Return the points and comments that a person gave; rows without either are passed over.

    Raises CourseError with every row that names no question that waits, or more than one answer, gives points it cannot
    have, or gives an answer something else than another row.
    """
    named, answers = _answers(rows, key)
    points: dict[str, tuple[float, int]] = {}
    comments: dict[str, tuple[str, int]] = {}
    problems, old = [], []
    for line, one in table.rows():
        said, comment = one.get("points", ""), one.get("comment", "")
        file, question, known = one.get("file", ""), one.get("question", ""), one.get("answer", "")
        if not said and not comment:
            continue
        where = f"{table.path.name} line {line}"
        found = named.get(known or f"{file}\0{question}", set())
        if not found and known:
            what = f"{said} points" if said else "the comment"
            why = "an answer that has changed since" if len(known) == STAMP else f"whose stamp is none; {UNSTAMP}"
            old.append((file, question, f"{where}: {what} for {question} of {file}, {why}"))
        elif not found:
            problems.append(f"{where}: no question {question} of {file} waits to be marked")
        elif len(found) > 1:
            which = "copy the cell 'answer' from a row that was written for the right one"
            problems.append(f"{where}: {len(found)} files with an answer to {question} are called {file}; {which}")
        else:
            (answer,) = found
            try:
                value = numerals.number(said.replace(",", ".")) if said else None
            except ValueError as error:
                problems.append(f"{where}: {error}")
                continue
            if value is not None and not 0 <= value <= answers[answer][0].worth:
                problems.append(f"{where}: {said} must lie between 0 and {answers[answer][0].worth:g}")
                continue
            about = f"for question {question} of {file}"
            if value is not None and (other := _other(points, answer, value, line)):
                problems.append(f"{where}: {said} points {about}, but {other}")
            if comment and (other := _other(comments, answer, comment, line)):
                problems.append(f"{where}: the comment {comment!r} {about}, but {other}")
    if problems:
        raise CourseError(problems)
    marked = {(plain(file), question) for answer in points for file, question in answers[answer][1]}
    return Given(
        {place: value for answer, (value, _) in points.items() for place in answers[answer][1]},
        [sentence for file, question, sentence in old if (file, question) not in marked],
        {place: text for answer, (text, _) in comments.items() for place in answers[answer][1]},
    )


def _answers(rows: Sequence[Row], key: bytes) -> tuple[dict[str, set[str]], dict[str, tuple[Mark, list[Place]]]]:
    """Return the stamps by what a row of the table may call an answer, and by stamp the answer and its files."""
    named: dict[str, set[str]] = {}
    answers: dict[str, tuple[Mark, list[Place]]] = {}
    for row in rows:
        for mark in row.waiting:
            known = stamp(row, mark, key)
            for name in (known, f"{plain(row.file)}\0{mark.question}"):
                named.setdefault(name, set()).add(known)
            answers.setdefault(known, (mark, []))[1].append((row.file, mark.question))
    return named, answers


def _other(kept: dict[str, tuple[T, int]], answer: str, new: T, line: int) -> str:
    """Keep what is new for an answer; return what another line says instead, or nothing."""
    before, first = kept.setdefault(answer, (new, line))
    said = repr(before) if isinstance(before, str) else written(before)
    return "" if before == new else f"{said} on line {first}; remove one of the two"


def applied(rows: Sequence[Row], by_person: Given) -> list[Row]:
    """Return the rows with what a person gave; final where nothing waits any more."""

    def marked(row: Row, mark: Mark) -> Mark:
        place = row.file, mark.question
        points, comment = by_person.points.get(place), by_person.comments.get(place, "")
        if points is not None:
            return replace(mark, points=points, comment=comment or BY_HAND)
        return replace(mark, comment=comment or mark.comment)

    made = [replace(row, marks=tuple(marked(row, mark) for mark in row.marks)) for row in rows]
    return [replace(row, final=all(mark.points is not None for mark in row.marks)) for row in made]


def complete(path: Path, before: Table | None, rows: Sequence[Row], key: bytes) -> int:
    """Write `hand.csv`, or add to it what is missing; what stands there stays. Returns how many rows were added."""
    columns = before.columns if before else list(COLUMNS)
    here = [one for _, one in before.rows()] if before else []
    known = {one.get("answer", "") for one in here}
    unstamped = {(one.get("file", ""), one.get("question", "")) for one in here if not one.get("answer")}
    added = []
    for row in rows:
        for mark in row.waiting:
            name = stamp(row, mark, key)
            if name not in known and (plain(row.file), mark.question) not in unstamped:
                known.add(name)
                worth = written(mark.worth)
                values = dict(zip(COLUMNS, (plain(row.file), mark.question, "", worth, "", name), strict=True))
                added.append([values.get(column, "") for column in columns])
    if before is None:
        spreadsheet.write(path, [list(COLUMNS), *added])
    elif added:
        spreadsheet.write(path, [*before.cells, *added], like=before)
    return len(added)
