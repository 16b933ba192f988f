"""Tables of a course: read as any spreadsheet saves them, and written so that it opens them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from nbmodel.course import course_key, files
from nbmodel.course.files import CourseError
from nbmodel.data import spreadsheet
from nbmodel.data.spreadsheet import Table


def read(path: Path, needed: Sequence[str]) -> Table:
    """Read a table that has the columns `needed`. Raises TableError with every fault of it."""
    table = spreadsheet.read(path)
    has = ", ".join(repr(name) for name in table.columns[:10]) or "nothing"
    missing = [name for name in needed if name not in table.columns]
    problems = [f"{path} has no column {name!r} in its first line, which has: {has[:200]}" for name in missing]
    if problems := problems or table.faults:
        raise CourseError(problems)
    return table


def write(path: Path, cells: Sequence[Sequence[str]], like: Table | None = None) -> None:
    """Write a table, whole or not at all, `like` another. An old encoding gives way to one that can hold every name."""
    delimiter, encoding = (like.delimiter, like.encoding) if like else (",", "utf-8")
    made = io.StringIO(newline="")
    if like and like.excel:
        made.write(f"sep={delimiter}\r\n")
    csv.writer(made, delimiter=delimiter).writerows(cells)
    files.write(path, made.getvalue(), encoding if encoding.startswith("utf") else "utf-8-sig")


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def people(path: Path) -> dict[str, dict[str, str]]:
    """Return what a roster says of each id of a class, in their order. Raises CourseError for a table that is no roster."""
    found: dict[str, int] = {}  # as a file system sees them that does not tell A from a
    problems: list[str] = []
    class_: dict[str, dict[str, str]] = {}
    for line, row in read(path, ("student",)).rows():
        where, one = f"{path.name} line {line}", row["student"]
        if not one:
            problems.append(f"{where}: there is no student; fill it in or remove the line")
        elif fault := course_key.refuse_id(one):
            problems.append(f"{where}: {fault}")
        elif (first := found.setdefault(one.casefold(), line)) != line:
            problems.append(f"{where}: {one!r} stands twice, first on line {first}; remove or rename one")
        class_[one] = row
    if problems or not class_:
        raise CourseError(problems or [f"{path.name} names nobody below its first line"])
    return class_
