"""Tables of a learning platform: whose a row is, and a gradebook of Moodle or Canvas with the grades filled in.

Both take back the table that they exported, with its columns as they were. Moodle's grading worksheet has a column
`Grade`, wants `Identifier` and `Last modified (grade)` untouched, and commas in UTF-8. Canvas has a column for each
assignment, called `name (number)`, and a row `Points Possible`. The lecturer's guide names the documents that say so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from nbmodel.course import spreadsheet
from nbmodel.course.files import CourseError
from nbmodel.data import numerals
from nbmodel.data.spreadsheet import Table
from nbmodel.data.typed_rows import TableError
from nbmodel.grading.marks import Row, written

# Columns that a person is known by. Names are not among them: two may share one, and some may choose theirs.
KNOWN_BY = ("sis login id", "sis user id", "username", "id number", "email address", "id", "identifier")
OWN = "student"  # of tables that a lecturer makes; Canvas calls the name of a person so
MOODLE = ("identifier", "grade")
CANVAS = ("id", "section")  # after `Student`, or `LastName` and `FirstName`
SET_BY_HAND = ("EX", "N/A")  # in Canvas: excused, and not asked of this student
WORTH = "points possible"
People = Mapping[str, Mapping[str, str]]


def read(path: Path) -> Table:
    """Read a gradebook. Raises TableError for a table that neither Moodle nor Canvas exports."""
    table = spreadsheet.read(path, ())
    if not any(set(needed) <= set(table.columns) for needed in (MOODLE, CANVAS)):
        raise CourseError(
            [
                f"{path.name} is no gradebook: a grading worksheet of Moodle has the columns 'Identifier' and 'Grade', "
                "the export of Canvas 'ID' and 'Section'; export it anew and leave its columns as they are"
            ]
        )
    return table


def is_ours(path: Path) -> bool:
    """Return whether a file is a gradebook, as it was filled in before."""
    try:
        return bool(read(path))
    except TableError:
        return False


def whose(table: Table, ids: Collection[str], people: People) -> dict[str, int]:
    """Return the line of each student in a table, by the one of its columns that knows most of them.

    A student is known by the id, or by what the roster has in a column of the same name, such as `Email address`. Raises
    CourseError with each line that is of two students, and each student who has two lines.
    """
    columns = [name for name in KNOWN_BY if name in table.columns] or [OWN]
    if not set(columns) & set(table.columns):
        needed = ", ".join(map(repr, (OWN, *KNOWN_BY)))
        raise CourseError([f"{table.path.name} has no column that tells whose a line is, which are {needed}"])
    best: list[tuple[int, set[str]]] = []
    for column in columns:
        known: dict[str, set[str]] = {}
        for one in ids:
            for value in {one.casefold(), people.get(one, {}).get(column, "").casefold()}:
                known.setdefault(value, set()).add(one)
        read = ((line, row[column].casefold()) for line, row in table.rows())
        here = [(line, known[value]) for line, value in read if value and value in known]
        best = max(best, here, key=lambda found: len(set().union(*(students for _, students in found))))
    found: dict[str, int] = {}
    problems = []
    for line, students in best:
        where = f"{table.path.name} line {line}"
        if len(students) > 1:
            problems.append(f"{where} could be of {' and of '.join(sorted(students))}; mend the roster or this line")
        for one in students:
            if found.setdefault(one, line) != line:
                problems.append(f"{where} is of {one}, and so is line {found[one]}; remove one of the two")
    if problems:
        raise CourseError(problems)
    return found


def totals(rows: Sequence[Row], theme: str) -> tuple[dict[str, tuple[float, float]], list[str]]:
    """Return points and their maximum by student, and a sentence about each student who has no one grade yet."""
    mine: dict[str, list[Row]] = {}
    for row in rows:
        if row.student and row.theme == theme:
            mine.setdefault(row.student, []).append(row)
    grades, left = {}, []
    for student, found in sorted(mine.items()):
        marks = found[0].marks
        if any([mark.points for mark in row.marks] != [mark.points for mark in marks] for row in found):
            left.append(f"{student}: {len(found)} files with other points; keep the one that counts")
        elif waits := sum(mark.points is None for mark in marks):
            left.append(f"{student}: {waits} answers wait to be marked by a person")
        elif not marks:
            left.append(f"{student}: {found[0].status}")
        else:
            grades[student] = (sum(mark.points or 0.0 for mark in marks), sum(mark.worth for mark in marks))
    return grades, left


def filled(
    table: Table, theme: str, grades: Mapping[str, tuple[float, float]], lines: Mapping[str, int], left: list[str]
) -> list[list[str]]:
    """Return the gradebook with these grades, on its own scale; all other cells as they were. Adds to who was `left` out.

    Raises CourseError where the scale is no number.
    """
    at = table.columns.index("grade") if _of_moodle(table) else _column(table, theme)
    head = [*table.head, theme] if at == len(table.head) else table.head
    student_of = {line: one for one, line in lines.items()}
    scale = written(max((worth for _, worth in grades.values()), default=0.0))
    cells, problems = [list(head)], []
    for line in table.lines:
        values = [*line.cells, *[""] * (len(head) - len(line.cells))]
        if values[0].strip().casefold() == WORTH:
            values[at] = scale = values[at].strip() or scale
        student = student_of.get(line.number, "")
        most = table.row(line).get("maximum grade", "") or scale
        if student in grades and values[at].strip() in SET_BY_HAND:
            left.append(f"{student}: has {values[at].strip()} there")
        elif student in grades:
            points, worth = grades[student]
            try:
                values[at] = written(round(points / worth * numerals.number(most.replace(",", ".")), 2))
            except ValueError:
                problems.append(f"{table.path.name} line {line.number}: {most!r} is no maximum; set one in points")
        cells.append(values)
    if problems:
        raise CourseError(problems)
    return cells


def write(path: Path, cells: Sequence[Sequence[str]], table: Table) -> None:
    """Write a gradebook as its platform reads it: for Moodle with commas in UTF-8, for Canvas as it came."""
    spreadsheet.write(path, cells, None if _of_moodle(table) else table)


def _of_moodle(table: Table) -> bool:
    return set(MOODLE) <= set(table.columns)


def _column(table: Table, theme: str) -> int:
    """Return where Canvas's column for an assignment is; after the last one when there is none."""
    names = [re.sub(r"\s*\(\d+\)$", "", name) for name in table.columns]
    places = [place for place, name in enumerate(names) if name == theme.casefold()]
    if len(places) > 1:
        raise CourseError([f"{table.path.name} has {len(places)} columns for {theme}; remove all but one"])
    return places[0] if places else len(table.head)
