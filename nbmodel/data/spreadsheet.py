"""Reader of every table that a person hands in, as any spreadsheet saves it: scenarios, a class, points by hand.

Comma, semicolon or tab, UTF-8, UTF-16 or Windows-1252, names of columns in any case. What could be lost in silence is
refused with its line. A cell stands on one line, so a quotation mark that is not closed swallows no other row.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nbmodel.data import bounded
from nbmodel.data.typed_rows import TableError

LARGEST = 100_000_000  # bytes of a file
MOST = 200_000  # lines below the first
WIDEST = 100_000  # characters of a line
CELLS = 10_000_000  # that are kept: 200,000 lines of fifty
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # .xlsx and .ods, which are archives; .xls
TAB = "\t"
SEPARATOR = re.compile(r'"?sep=([,;\t])"?\1*', re.IGNORECASE)  # Excel reads it above the names of columns


@dataclass(frozen=True)
class Line:
    """Line below the names of the columns: its number in the file and its cells, or why it is no row."""

    number: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """Table that was read: names of columns as they stand (`head`), lines, and how it was written.

    `excel` says that it begins with Excel's `sep=`.
    """

    path: Path
    encoding: str
    head: list[str]
    delimiter: str
    excel: bool
    lines: list[Line] = field(default_factory=list)

    @cached_property
    def columns(self) -> list[str]:
        """Names of the columns, in small letters."""
        return [_plain(name) for name in self.head]

    @property
    def cells(self) -> list[list[str]]:
        """Every line as it stands, the names of the columns first."""
        return [self.head, *(line.cells for line in self.lines)]

    @property
    def faults(self) -> list[str]:
        """What is wrong with its lines, a sentence each."""
        return [f"{self.path.name} line {line.number}: {line.fault}" for line in self.lines if line.fault]

    def row(self, line: Line) -> dict[str, str]:
        """Return what a line without a fault holds, as column -> value."""
        return dict(zip(self.columns, map(str.strip, line.cells), strict=False))

    def rows(self) -> list[tuple[int, dict[str, str]]]:
        """Return the lines without a fault, each with its number in the file."""
        return [(line.number, self.row(line)) for line in self.lines if not line.fault]


def read(path: Path) -> Table:
    """Read a table; what is wrong with single lines stands in its `faults`.

    Empty lines at the end, which spreadsheets write, are left out.

    Raises
    ------
    TableError
        For a file that is no table: a workbook, bytes that are no text, too large, empty, a column that stands twice.
    """
    data = bytes_of(path, LARGEST, "split it")
    encoding = _encoding(path.name, data)
    lines = _lines(path.name, data, encoding)
    named = ((number, text) for number, text in lines if text.strip())
    number, text = next(named, (0, ""))
    if excel := SEPARATOR.fullmatch(text.strip(" ")):
        number, text = next(named, (0, ""))
    if not number:
        raise TableError([f"{path.name} is empty; its first line must name the columns"])
    delimiter = excel[1] if excel else max(",;\t", key=re.sub('"[^"]*"', "", text).count)
    table = Table(path, encoding, _head(f"{path.name} line {number}", text, delimiter), delimiter, bool(excel))
    columns, empty, kept = table.columns, [], 0
    for number, text in lines:
        line = _line(number, text, delimiter, columns)
        if not line.fault and not any(map(str.strip, line.cells)):
            empty.append(number)
            continue
        table.lines.extend(Line(one, [], "is empty; fill it in or remove it") for one in empty)
        table.lines.append(line)
        empty.clear()
        kept += len(line.cells)
        if kept > CELLS:
            raise TableError([f"{path.name} has more than {CELLS} cells; split it"])
    return table


def bytes_of(path: Path, largest: int, remedy: str) -> bytes:
    """Return what a file of text holds. Raises TableError as `bounded.bytes_of` does, and for a workbook."""
    data = bounded.bytes_of(path, largest, remedy)
    if data.startswith(WORKBOOKS):
        raise TableError([f"{path.name} is a workbook, not text; open it in a spreadsheet and save it as CSV"])
    return data


def _encoding(name: str, data: bytes) -> str:
    """Encoding of a table: what is not UTF-8 or UTF-16 comes from an older spreadsheet on Windows."""
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    told = next((encoding for mark, encoding in marks.items() if data.startswith(mark)), None)
    if told is None and b"\0\0" in (data[1:4:2], data[:4:2]):  # two letters of two bytes each
        told = "utf-16-le" if data[1] == 0 else "utf-16-be"
    try:
        data.decode(told or "utf-8")
        return told or "utf-8"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    with contextlib.suppress(UnicodeDecodeError):
        if told is None and data.decode("utf-8", "ignore").isascii():  # else it is UTF-8 with a damaged letter
            data.decode("cp1252")
            return "cp1252"
    raise TableError([f"{name} line {line}: is no text in {told or 'UTF-8 or Windows-1252'}; save it as CSV UTF-8"])


def _lines(name: str, data: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, whatever ends them."""
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline=None)
    for number, line in enumerate(iter(lambda: stream.readline(WIDEST + 1), ""), 1):
        text = line.removesuffix("\n")
        if len(text) > WIDEST:
            raise TableError([f"{name} line {number}: has more than {WIDEST} characters; is it a table as CSV?"])
        if number > MOST + 1:
            raise TableError([f"{name} has more than {MOST} lines below the first; split it"])
        yield number, text


def _head(where: str, text: str, delimiter: str) -> list[str]:
    try:
        head = _cells(text, delimiter)
    except ValueError as error:
        raise TableError([f"{where}: {error}"]) from None
    while head and not head[-1].strip():
        head.pop()
    times = Counter(filter(None, map(_plain, head)))
    if twice := [name for name, often in times.items() if often > 1]:
        same = "small and capital letters and blanks around a name make no difference"
        raise TableError(
            [f"{where}: the column {name[:80]!r} stands twice; rename or remove one ({same})" for name in twice]
        )
    return head


def _line(number: int, text: str, delimiter: str, columns: Sequence[str]) -> Line:
    try:
        cells = _cells(text, delimiter)
    except ValueError as error:
        return Line(number, [], str(error))
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    fault = ""
    if not filled:
        return Line(number, cells)
    if len(cells) < len(columns) or filled[-1] >= len(columns):
        fault = (
            f"has {len(cells)} cells; the first line has {len(columns)}: write empty cells too, a point in numbers, and "
            f"quotation marks around a cell that holds {'a tab' if delimiter == TAB else delimiter!r}"
        )
    elif nameless := [cells[place] for place in filled if not columns[place]]:
        fault = f"{nameless[0][:80]!r} stands in a column without a name; name the column in the first line"
    elif _plain(cells[0]) == columns[0] and [_plain(cell) for cell in cells[: len(columns)]] == columns:
        fault = "names the columns again; remove it"
    return Line(number, [] if fault else cells, fault)


def _cells(text: str, delimiter: str) -> list[str]:
    """Cells of one line. Raises ValueError for what is no line of a table."""
    if "\0" in text:
        raise ValueError("holds a NUL byte; save the table as CSV UTF-8")
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise ValueError(
            "a quotation mark is not closed on this line, or stands inside a cell; double one that is part of a cell, "
            "and write no line break into a cell"
        ) from None


def _plain(name: str) -> str:
    return name.strip().casefold()
