"""Tables as spreadsheets write them: whichever comma, whichever encoding, capital letters or not."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbmodel.course import files
from nbmodel.course.errors import CourseError


@dataclass(frozen=True)
class Table:
    """Table that was read: `cells` are its lines as they stand, the header first; `lines` their places in the file."""

    path: Path
    cells: list[list[str]]
    lines: list[int]
    delimiter: str
    encoding: str

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in small letters."""
        return [name.strip().lower() for name in self.cells[0]]

    def rows(self) -> list[tuple[int, dict[str, str]]]:
        """Lines below the header, each with its place in the file, as column -> value."""
        made = [dict(zip(self.columns, map(str.strip, row), strict=False)) for row in self.cells[1:]]
        return list(zip(self.lines[1:], made, strict=True))


def read(path: Path, needed: Sequence[str]) -> Table:
    """Read a table that has the columns `needed`. Raises CourseError when it cannot be read or lacks one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CourseError([f"{path} cannot be read: {error.strerror}"]) from None
    text, encoding = _decoded(data)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        found = [(reader.line_num, row) for row in reader if any(map(str.strip, row))] or [(1, [])]
    except csv.Error as error:
        raise CourseError([f"{path} is not a table ({error}); save it as CSV"]) from None
    table = Table(path, [row for _, row in found], [line for line, _ in found], delimiter, encoding)
    has = ", ".join(repr(name) for name in table.columns[:10]) or "nothing"
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise CourseError(
            [f"{path} has no column {name!r} in its first line, which has: {has[:200]}" for name in missing]
        )
    return table


def _decoded(data: bytes) -> tuple[str, str]:
    """Text and its encoding: what is not UTF-8 comes from an older spreadsheet on Windows."""
    encodings = ["utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8", "cp1252", "latin-1"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:  # in the last of them every byte means something
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding), encoding
    return "", encodings[0]


def write(path: Path, cells: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> None:
    """Write a table, whole or not at all. An old encoding gives way to one that can hold every name."""
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(cells)
    files.write(path, made.getvalue(), encoding if encoding.startswith("utf") else "utf-8-sig")


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def roster(path: Path) -> dict[str, None]:
    """Return the ids of a class, in their order. Raises CourseError for a table that is no roster."""
    ids = [one for _, row in read(path, ("student",)).rows() if (one := row.get("student", ""))]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice or not ids:
        raise CourseError([f"{path.name}: {one!r} stands twice" for one in twice] or [f"{path.name} names nobody"])
    return dict.fromkeys(ids)
