"""Points that a person gives: `hand.csv`, a row for each answer that waits.

A row knows its answer by a stamp, so that points stay with the answer they were given for, wherever its file is moved,
and are not counted for another one that was handed in later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbmodel.course import spreadsheet
from nbmodel.course.errors import CourseError
from nbmodel.course.spreadsheet import plain
from nbmodel.data import numerals
from nbmodel.data.spreadsheet import Table
from nbmodel.grading.marks import BY_HAND, Mark, Row, written

COLUMNS = ("file", "question", "points", "of", "comment", "answer")
NEEDED = COLUMNS[:3]


@dataclass(frozen=True)
class Given:
    """Points by (file, question), and a sentence for each that was given for an answer that is not there any more.

    `comments` is what the student should read, also where points are still to come.
    """

    points: Mapping[tuple[str, str], float]
    stale: Sequence[str]
    comments: Mapping[tuple[str, str], str] = field(default_factory=dict)


def stamp(row: Row, mark: Mark) -> str:
    """Return what an answer is known by; it begins with a letter, so that no spreadsheet takes it for a number."""
    parts = (row.theme, row.student, mark.question, mark.shown)
    return "a" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:11]


def read(path: Path) -> Table:
    """Read the table. Raises CourseError when it is none."""
    return spreadsheet.read(path, NEEDED)


def given(table: Table, rows: Sequence[Row]) -> Given:
    """Return the points that a person gave; rows without points are passed over.

    Raises CourseError with every row that names no question that waits, gives points it cannot have, or gives an answer
    other points than another row.
    """
    places: dict[str, list[tuple[str, str]]] = {}
    most: dict[tuple[str, str], float] = {}
    for row in rows:
        for mark in row.waiting:
            place = row.file, mark.question
            most[place] = mark.worth
            for name in (stamp(row, mark), f"{plain(row.file)}\0{mark.question}"):
                places.setdefault(name, []).append(place)
    points: dict[tuple[str, str], float] = {}
    lines: dict[tuple[str, str], int] = {}
    comments: dict[tuple[str, str], str] = {}
    problems, old = [], []
    for line, one in table.rows():
        said, comment = one.get("points", ""), one.get("comment", "")
        if not said and not comment:
            continue
        where = f"{table.path.name} line {line}"
        file, question, known = one.get("file", ""), one.get("question", ""), one.get("answer", "")
        found = places.get(known or f"{file}\0{question}", [])
        comments |= dict.fromkeys(found if comment else (), comment)
        if found and not said:
            continue
        try:
            value = numerals.number(said.replace(",", ".") or "0")
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        clash = next((place for place in found if points.get(place, value) != value), None)
        if not found and known:
            old.append(
                (
                    file,
                    question,
                    f"{where}: {said or 'no'} points for {question} of {file}, an answer that has changed since",
                )
            )
        elif not found:
            problems.append(f"{where}: no question {question} of {file} waits to be marked")
        elif not 0 <= value <= most[found[0]]:
            problems.append(f"{where}: {said} must lie between 0 and {most[found[0]]:g}")
        elif clash:
            first = f"but {points[clash]:g} on line {lines[clash]}; remove one of the two"
            problems.append(f"{where}: {said} points for question {question} of {file}, {first}")
        else:
            points |= dict.fromkeys(found, value)
            for place in found:
                lines.setdefault(place, line)
    if problems:
        raise CourseError(problems)
    marked = {(plain(file), question) for file, question in points}
    stale = [sentence for file, question, sentence in old if (file, question) not in marked]
    return Given(points, stale, comments)


def applied(rows: Sequence[Row], by_person: Given) -> list[Row]:
    """Return the rows with these points and comments; final where nothing waits any more."""

    def marked(row: Row, mark: Mark) -> Mark:
        place = row.file, mark.question
        points = by_person.points.get(place, mark.points)
        said = BY_HAND if place in by_person.points else mark.comment
        return replace(mark, points=points, comment=by_person.comments.get(place, said))

    made = [replace(row, marks=tuple(marked(row, mark) for mark in row.marks)) for row in rows]
    return [replace(row, final=all(mark.points is not None for mark in row.marks)) for row in made]


def complete(path: Path, before: Table | None, rows: Sequence[Row]) -> int:
    """Write `hand.csv`, or add to it what is missing; what stands there stays. Returns how many rows were added."""
    columns = before.columns if before else list(COLUMNS)
    here = [one for _, one in before.rows()] if before else []
    known = {one.get("answer", "") for one in here}
    unstamped = {(one.get("file", ""), one.get("question", "")) for one in here if not one.get("answer")}
    added = []
    for row in rows:
        for mark in row.waiting:
            name = stamp(row, mark)
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
