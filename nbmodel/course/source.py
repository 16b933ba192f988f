"""The source of an assignment: one notebook, from which every edition is made (`editions`) and marked (`answer_key`).

A source is a notebook without outputs, with nbgrader's cell metadata. Its parts:

- one code cell tagged `numbers`, with a line for each number that differs between students:
  `inhibitor = 12.0  # uM, 8 to 20 by 0.5: inhibitor in the dish`;
- solution cells (`solution`, id `1-3-work`), where `### BEGIN SOLUTION` and `### END SOLUTION` enclose the answer;
- after each its key (`grade`, id `1-3`, points), a `key.number(...)` or `key.function(...)` inside
  `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS`;
- cells marked by hand (`grade` and `solution`, id `1-7`, points): code that leaves a figure in the variable named in
  its first line (`figure = ...`), or a text. What follows `Marking note:` in the solution is for who marks.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nbmodel import collection
from nbmodel.course.files import CourseError
from nbmodel.data.numerals import NUMBER
from nbmodel.data.typed_rows import did_you_mean

# The variable by which `check` knows whether it holds the source that a notebook was made from.
VERSION = "version"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_TESTS, END_TESTS = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
NOTE = "Marking note:"
LINE = re.compile(
    rf"(?P<name>[a-z]\w*) = (?P<default>{NUMBER})\s+# (?P<unit>.+?), "
    rf"(?P<low>{NUMBER}) to (?P<high>{NUMBER}) by (?P<step>{NUMBER}): (?P<meaning>.+)"
)

# A question's heading, and a place of a lesson that its text names.
HEADING = re.compile(r"^## (?P<name>\d[\w.]*) (?P<title>.+?)(?: \([^()]*\))?$", re.MULTILINE)
LESSON = re.compile(r"\[(?P<words>[^\]]+)\]\(\.\./notebooks/(?P<name>\w+)\.ipynb(?P<place>#[^)]*)\)")

Cell = dict[str, Any]


@dataclass(frozen=True)
class Number:
    """Number that differs between students: one of `values`, in `unit`."""

    name: str
    default: float
    unit: str
    low: float
    high: float
    step: float
    meaning: str

    @property
    def values(self) -> list[float]:
        """List the values that a student may get."""
        return [round(self.low + i * self.step, 10) for i in range(round((self.high - self.low) / self.step) + 1)]


@dataclass(frozen=True)
class Told:
    """What a question's text says of it: its title, and in `lesson` the words and the page of where to read again."""

    title: str = ""
    lesson: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Source:
    """Source notebook, read and checked. Two are alike when name and text are."""

    theme: str
    text: str
    numbers: tuple[Number, ...]

    @property
    def notebook(self) -> dict[str, Any]:
        """Copy of the notebook as JSON."""
        return dict(json.loads(self.text))

    @property
    def told(self) -> dict[str, Told]:
        """Map the names of questions to what their text says of them; one without a heading is not among them."""
        found = {}
        for cell in self.notebook["cells"]:
            if cell["cell_type"] == "markdown" and (heading := HEADING.search(body(cell))):
                place = LESSON.search(body(cell), heading.end())
                lesson = (place["words"], f"{place['name']}.html{place['place']}") if place else ("", "")
                found[heading["name"]] = Told(heading["title"], lesson)
        return found

    @property
    def version(self) -> str:
        """Short hash of what is computed and asked; prose may be mended without a new one."""
        code = [(body(cell), role(cell)) for cell in self.notebook["cells"] if cell["cell_type"] == "code"]
        return hashlib.sha256(json.dumps(code).encode()).hexdigest()[:12]


def folder() -> Path:
    """Folder of the collection's own assignments."""
    return collection.assignments_folder()


def themes(where: Path | None = None) -> dict[str, Path]:
    """Map names to the assignments of a folder (by default the collection's)."""
    return {path.stem: path for path in sorted((where or folder()).glob("*.ipynb"))}


def find(theme: str, where: Path | None = None) -> Source:
    """Return the source of that name. Raises CourseError when there is none, or when it cannot be used."""
    known = themes(where)
    if theme not in known:
        raise CourseError([f"there is no assignment {theme!r} in {where or folder()}{did_you_mean(theme, known)}"])
    try:
        text = known[theme].read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError([f"{known[theme].name} cannot be read: {error.strerror}"]) from None
    return parse(theme, text)


@cache
def parse(theme: str, text: str) -> Source:
    """Return a source from its text. Raises CourseError with every fault."""
    try:
        cells = json.loads(text)["cells"]
        problems = _faults(cells)
        numbers = _numbers(cells, problems)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError([f"{theme} is not a notebook of format 4 ({type(error).__name__}: {error})"]) from None
    if problems:
        raise CourseError([f"{theme}: {problem}" for problem in problems])
    return Source(theme, text, tuple(numbers))


def body(cell: Cell) -> str:
    """Return the text of a cell, which a file may hold as lines or as one."""
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def role(cell: Cell) -> str:
    """Return what a cell is: "work", "key", "hand" (marked by hand), "numbers" or "" for all others."""
    about = cell.get("metadata", {}).get("nbgrader", {})
    if about.get("grade") and about.get("solution"):
        return "hand"
    if about.get("grade"):
        return "key"
    if about.get("solution"):
        return "work"
    return "numbers" if "numbers" in cell.get("metadata", {}).get("tags", []) else ""


def name_of(cell: Cell) -> str:
    """Return the name of a cell's question: the id `1-3` is question 1.3."""
    return str(cell["metadata"]["nbgrader"]["grade_id"]).removesuffix("-work").replace("-", ".")


def variable_of(cell: Cell) -> str:
    """Return the variable that a figure's cell leaves it in: the one its first line names."""
    match = re.match(r"(\w+) = ", body(cell))
    return match[1] if match else "figure"


def _faults(cells: Sequence[Cell]) -> list[str]:
    problems = []
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if "nbgrader" in cell["metadata"]]
    problems += [f"the id {one!r} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    for cell in cells:
        text, what = body(cell), role(cell)
        for begin, end in ((BEGIN, END), (BEGIN_TESTS, END_TESTS)):
            marks = [mark for mark in (line.strip() for line in text.splitlines()) if mark in (begin, end)]
            if marks != [begin, end] * (len(marks) // 2):
                problems.append(f"a cell opens or closes {begin!r} without the other: {text[:40]!r}")
        if what in ("key", "hand") and not cell["metadata"]["nbgrader"].get("points", 0) > 0:
            problems.append(f"question {name_of(cell)} has no points")
        if what == "key" and f"{cell['metadata']['nbgrader']['grade_id']}-work" not in ids:
            problems.append(f"question {name_of(cell)} has a key and no solution cell")
        if what == "key" and (BEGIN_TESTS not in text or "key." not in text):
            problems.append(f"the key of question {name_of(cell)} does not stand between {BEGIN_TESTS!r} and its end")
        if BEGIN in text and what not in ("work", "hand"):
            problems.append(f"a solution stands in a cell that is not marked as one: {text[:40]!r}")
        if cell["cell_type"] == "code" and what in ("work", "hand") and BEGIN not in text:
            problems.append(f"the solution of question {name_of(cell)} is not marked with {BEGIN!r}")
    return problems


def _numbers(cells: Sequence[Cell], problems: list[str]) -> list[Number]:
    found = [cell for cell in cells if role(cell) == "numbers"]
    if len(found) != 1:
        problems.append(f"there must be one code cell tagged 'numbers'; found {len(found)}")
        return []
    numbers = []
    for line in body(found[0]).splitlines():
        match = LINE.fullmatch(line.strip())
        if match is None:
            problems.append(
                f"in the cell of numbers, write 'name = 1.0  # unit, 0.5 to 2 by 0.1: meaning', not {line!r}"
            )
            continue
        low, high, step, default = (float(match[part]) for part in ("low", "high", "step", "default"))
        one = Number(match["name"], default, match["unit"], low, high, step, match["meaning"])
        if not low < high or not step > 0 or round(default, 10) not in one.values:
            problems.append(f"{one.name}: {default:g} must be one of {low:g} to {high:g} by {step:g}")
        numbers.append(one)
    return numbers


def numbers_cell(source: Source, numbers: Mapping[str, float]) -> str:
    """Return the cell of numbers as an edition has it: the student's, without the range they were drawn from."""
    lines = [f"{one.name} = {numbers[one.name]!r}  # {one.unit}: {one.meaning}" for one in source.numbers]
    return "\n".join([*lines, f'{VERSION} = "{source.version}"  # of this assignment; check goes by it'])


def defaults(source: Source) -> dict[str, float]:
    """Return the numbers that stand in the source."""
    return {one.name: one.default for one in source.numbers}
