"""The source of an assignment: one notebook, from which the student, solution and grader editions are made.

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

import copy
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nbmodel import collection
from nbmodel.course import answer_key as words
from nbmodel.data.parameters import did_you_mean
from nbmodel.exercises.judge import Question

# The variable by which `check` knows whether it holds the source that a notebook was made from.
VERSION = "version"
EDITIONS = ("student", "solution", "grader")
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_TESTS, END_TESTS = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
NOTE = "Marking note:"
STUB = "...  # your work"
TEXT_STUB = "*Your answer here.*"
LINE = re.compile(
    r"(?P<name>[a-z]\w*) = (?P<default>[-+.\de]+)\s+# (?P<unit>.+?), "
    r"(?P<low>[-+.\de]+) to (?P<high>[-+.\de]+) by (?P<step>[.\de]+): (?P<meaning>.+)"
)
# A link to a file of the collection: dead in a file that is handed out alone.
LINK = re.compile(r"\[(?P<text>[^\]]+)\]\(\.\./(?P<file>[^)#]+)[^)]*\)")
STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")

Cell = dict[str, Any]


class SourceError(ValueError):
    """A source, a roster or an id cannot be used; `problems` has a sentence for each fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Number:
    """A number that differs between students: one of `values`, in `unit`."""

    name: str
    default: float
    unit: str
    low: float
    high: float
    step: float
    meaning: str

    @property
    def values(self) -> list[float]:
        """All the values that a student may get."""
        return [round(self.low + i * self.step, 10) for i in range(round((self.high - self.low) / self.step) + 1)]


@dataclass(frozen=True)
class Source:
    """A source notebook, read and checked. Two are alike when name and text are."""

    theme: str
    text: str
    numbers: tuple[Number, ...]

    @property
    def notebook(self) -> dict[str, Any]:
        """The notebook as JSON, a copy of its own."""
        return dict(json.loads(self.text))

    @property
    def version(self) -> str:
        """A short hash of what is computed and asked; prose may be mended without a new one."""
        code = [(body(cell), role(cell)) for cell in self.notebook["cells"] if cell["cell_type"] == "code"]
        return hashlib.sha256(json.dumps(code).encode()).hexdigest()[:12]


def folder() -> Path:
    """The folder of the collection's own assignments."""
    return collection.notebooks_folder() / "assignments"


def themes(where: Path | None = None) -> dict[str, Path]:
    """The assignments of a folder (by default the collection's), by name."""
    return {path.stem: path for path in sorted((where or folder()).glob("*.ipynb"))}


def find(theme: str, where: Path | None = None) -> Source:
    """The source of that name. Raises SourceError when there is none, or when it cannot be used."""
    known = themes(where)
    if theme not in known:
        raise SourceError([f"there is no assignment {theme!r} in {where or folder()}{did_you_mean(theme, known)}"])
    return read(known[theme])


def read(path: Path) -> Source:
    """Read and check a source. Raises SourceError with every fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError([f"{path.name} cannot be read: {error.strerror}"]) from None
    return parse(path.stem, text)


@cache
def parse(theme: str, text: str) -> Source:
    """A source from its text. Raises SourceError with every fault."""
    try:
        cells = json.loads(text)["cells"]
        problems = _faults(cells)
        numbers = _numbers(cells, problems)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError([f"{theme} is not a notebook of format 4 ({type(error).__name__}: {error})"]) from None
    if problems:
        raise SourceError([f"{theme}: {problem}" for problem in problems])
    return Source(theme, text, tuple(numbers))


def body(cell: Cell) -> str:
    """The text of a cell, which a file may hold as lines or as one."""
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def role(cell: Cell) -> str:
    """What a cell is: "work", "key", "hand" (marked by hand), "numbers" or "" for all others."""
    about = cell.get("metadata", {}).get("nbgrader", {})
    if about.get("grade") and about.get("solution"):
        return "hand"
    if about.get("grade"):
        return "key"
    if about.get("solution"):
        return "work"
    return "numbers" if "numbers" in cell.get("metadata", {}).get("tags", []) else ""


def handed_out(cell: Cell) -> str:
    """The text of a cell of prose as editions have it."""
    return LINK.sub(_in_words, body(cell)) if cell["cell_type"] == "markdown" else body(cell)


def name_of(cell: Cell) -> str:
    """The name of a cell's question: the id `1-3` is question 1.3."""
    return str(cell["metadata"]["nbgrader"]["grade_id"]).removesuffix("-work").replace("-", ".")


def variable_of(cell: Cell) -> str:
    """The variable that a figure's cell leaves it in: the one its first line names."""
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


# -- a student's numbers ---------------------------------------------------------------------------------------------


def secret(course_key: bytes, *parts: str) -> str:
    """What only who holds the course key can work out from `parts` (HMAC-SHA256, hexadecimal)."""
    return hmac.new(course_key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def draw(source: Source, student: str, course_key: bytes) -> dict[str, float]:
    """The student's numbers: the same at every call, and not to be guessed without the key."""
    return {
        one.name: one.values[int(secret(course_key, "numbers", source.theme, student, one.name), 16) % len(one.values)]
        for one in source.numbers
    }


def defaults(source: Source) -> dict[str, float]:
    """The numbers that stand in the source."""
    return {one.name: one.default for one in source.numbers}


def signature(theme: str, student: str, course_key: bytes) -> str:
    """What a student's file carries, so that nobody can write another's id into it."""
    return secret(course_key, "signature", theme, student)


def refuse_id(student: str) -> str:
    """What is wrong with an id, or nothing."""
    if STUDENT.fullmatch(student):
        return ""
    return f"{student!r} cannot be an id: 1 to 64 letters, digits and . _ @ -, a letter or digit first"


# -- the key ---------------------------------------------------------------------------------------------------------


def questions(source: Source, numbers: Mapping[str, float], seed: str) -> tuple[Question, ...]:
    """Every question as it is marked for these numbers; `seed` decides the inputs that functions are tried with.

    It runs the set-up and the key cells of the source, never its solutions and never a student's code.
    Raises SourceError for a key that fails or disagrees with the points of its cell.
    """
    scope: dict[str, Any] = {"__name__": "assignment"}
    found: list[Question] = []
    problems = []
    with words.collecting(seed) as collected:
        for cell in source.notebook["cells"]:
            what = role(cell)
            if what == "hand":
                found.append(_by_hand(cell))
            elif cell["cell_type"] == "code" and what != "work":
                code = numbers_cell(source, numbers) if what == "numbers" else body(cell)
                before = len(collected)
                try:
                    exec(code, scope)
                except Exception as error:
                    where = f"the key of question {name_of(cell)}" if what == "key" else "a cell that all share"
                    problems.append(f"{source.theme}: {where} fails ({type(error).__name__}: {error})")
                    continue
                new = collected[before:]
                if what == "key":
                    asked = [(one.name, float(one.points)) for one in new]
                    if asked != [(name_of(cell), float(cell["metadata"]["nbgrader"]["points"]))]:
                        problems.append(
                            f"{source.theme}: the cell of question {name_of(cell)} must ask that one question, for as many "
                            f"points as its metadata says; found {asked}"
                        )
                found += new
    if problems:
        raise SourceError(problems)
    return tuple(found)


def questions_of(source: Source) -> list[tuple[str, str, float]]:
    """Name, kind and points of every question, read from the metadata alone; nothing is run."""
    found = []
    for cell in source.notebook["cells"]:
        if role(cell) in ("key", "hand"):
            kind = "number" if role(cell) == "key" else _by_hand(cell).kind
            found.append((name_of(cell), kind, float(cell["metadata"]["nbgrader"]["points"])))
    return found


def _by_hand(cell: Cell) -> Question:
    text = body(cell)
    kind = "figure" if cell["cell_type"] == "code" else "essay"
    note = text.partition(NOTE)[2].partition(END)[0]
    note = "\n".join(line.strip().removeprefix("#").strip() for line in note.splitlines()).strip(" *\n")
    return Question(name_of(cell), kind, variable_of(cell), float(cell["metadata"]["nbgrader"]["points"]), note)


# -- editions --------------------------------------------------------------------------------------------------------


def numbers_cell(source: Source, numbers: Mapping[str, float]) -> str:
    """The cell of numbers as an edition has it: the student's, without the range they were drawn from."""
    lines = [f"{one.name} = {numbers[one.name]!r}  # {one.unit}: {one.meaning}" for one in source.numbers]
    return "\n".join([*lines, f'{VERSION} = "{source.version}"  # of this assignment; check goes by it'])


def edition(source: Source, kind: str, numbers: Mapping[str, float], about: Mapping[str, str]) -> dict[str, Any]:
    """The notebook of one edition with a student's numbers; `about` (theme, student, signature) goes into its metadata.

    The student edition holds neither solutions, keys, notes nor outputs; the solution edition the model solutions but no
    keys; the grader edition everything.
    """
    cells: list[Cell] = []
    for cell in source.notebook["cells"]:
        what, text = role(cell), handed_out(cell)
        if what == "key" and kind != "grader":
            continue
        if what == "numbers":
            text = numbers_cell(source, numbers)
        elif kind == "student" and what in ("work", "hand"):
            text = _stub(text) if cell["cell_type"] == "code" else TEXT_STUB
        elif kind == "solution":
            text = _solution(text, cell["cell_type"] == "code")
        cells.append(_clean(cell, text, f"cell-{len(cells)}", keep=kind == "grader"))
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "nbmodel": {**about, "edition": kind},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def text_of(notebook: Mapping[str, Any]) -> str:
    """A notebook as the text of its file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _in_words(link: re.Match[str]) -> str:
    return f"{link['text']} (`{link['file']}` of the collection)"


def _stub(text: str) -> str:
    lines, inside = [], False
    for line in text.splitlines():
        if line.strip() == BEGIN:
            lines.append(line[: len(line) - len(line.lstrip())] + STUB)
            inside = True
        elif line.strip() == END:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def _solution(text: str, code: bool) -> str:
    """Without the marks and without the note for who marks."""
    lines, noted = [], False
    for line in text.splitlines():
        if NOTE in line:
            noted = True
        if line.strip() == END:
            noted = False
        if not noted and line.strip() not in (BEGIN, END):
            lines.append(line)
    return "\n".join(lines).rstrip() if not code else "\n".join(lines)


def _clean(cell: Cell, text: str, name: str, keep: bool) -> Cell:
    """The cell with this text, no outputs, and of its metadata only what grading needs."""
    about = cell["metadata"].get("nbgrader")
    metadata: dict[str, Any] = {"tags": ["numbers"]} if role(cell) == "numbers" else {}
    if about:
        metadata["nbgrader"] = copy.deepcopy(about)
    new: Cell = {"cell_type": cell["cell_type"], "id": name, "metadata": metadata, "source": text}
    if cell["cell_type"] == "code":
        new |= {"execution_count": None, "outputs": []}
    pictures = {
        name: data for name, data in cell.get("attachments", {}).items() if keep or f"attachment:{name}" in text
    }
    if pictures:
        new["attachments"] = pictures
    return new
