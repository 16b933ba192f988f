"""A class for the tests of grading: a key, editions made with it, ways to change them, cages to run cells in."""

import copy
import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nbmodel.cli import main
from nbmodel.course import answer_key, course_key, editions, source
from nbmodel.grading import marking
from nbmodel.kernels import processes
from nbmodel.sandbox.cage import MEGA, Cage, RunResult, SandboxLimits

KEY = b"a course key of the tests, 32 bytes or more"
Book = dict[str, Any]
# It catches what ends a cell and goes on. (With a bare `pass` in the loops CPython does not see the `except`.)
# Two signals may come at once; the second is raised right after the first was caught, so it needs a loop of its own.
STUBBORN = """n = 0
while True:
    try:
        while True:
            try:
                while True:
                    n += len("abc")
            except BaseException:
                n = 0
    except BaseException:
        n = 0"""

caged = pytest.mark.skipif(
    shutil.which("bwrap") is None and os.environ.get("CI") != "true", reason="bubblewrap is not installed"
)


def run_in(cage: Cage, code: str, **limits: int) -> RunResult:
    """Run one cell in a cage with limits of its own; its `answer` comes out."""
    settings = {
        "seconds": 90,
        "cell_seconds": 60,
        "memory": 600 * MEGA,
        "processes": 12,
        "output": MEGA,
        "files": 4 * MEGA,
    }
    tight = Cage(cage.kind, SandboxLimits(**(settings | limits)))
    asked = [{"name": "1", "kind": "number", "variable": "answer", "inputs": []}]
    return tight.run([{"number": 1, "source": code}], asked)


@contextmanager
def sampling() -> Iterator[list[float]]:
    """Watch what is started inside from outside: the most memory of one submission, and its time, are in the list then."""
    command = [sys.executable, Path(__file__).with_name("sampler.py"), os.getpid(), *processes.family(os.getpid())]
    found: list[float] = []
    with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sampler:
        assert sampler.stdout is not None and sampler.stdout.readline() == "ready\n"
        try:
            yield found
        finally:
            found += map(float, sampler.communicate()[0].split())


def answer(outcome: RunResult) -> Any:
    return marking._read(outcome.messages)[0].get("1")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def table(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="") as file:
        return {Path(row["file"]).name: row for row in csv.DictReader(file)}


def made(student: str, kind: str = "solution", theme: str = "synthesis", folder: Path | None = None) -> Book:
    chosen = source.find(theme, folder)
    about = {"theme": theme, "student": student, "signature": course_key.signature(theme, student, KEY)}
    return editions.edition(chosen, kind, editions.draw(chosen, student, KEY), about)


def tiny(folder: Path) -> Path:
    """A folder with one small assignment, `tiny`, that loads no library and no model: for tests of all that is around it."""

    def graded(kind: str, name: str, text: str, **about: Any) -> dict[str, Any]:
        metadata = {"nbgrader": {"grade_id": name, "schema_version": 3, "locked": False, **about}}
        return {**new(text), "cell_type": kind, "metadata": metadata}

    numbers = graded("code", "numbers", "km = 2.0  # uM, 1 to 5 by 1: a constant", grade=False, solution=False)
    numbers["metadata"]["tags"] = ["numbers"]
    work = f"{source.BEGIN}\ntwice = 2 * km\n{source.END}"
    asked = 'key.number("1.1", "twice", 2 * km, unit="uM", points=2)'
    asked = f"{source.BEGIN_TESTS}\nfrom nbmodel.course import answer_key as key\n{asked}\n{source.END_TESTS}"
    cells = [
        numbers,
        graded("code", "1-1-work", work, grade=False, solution=True),
        graded("code", "1-1", asked, grade=True, solution=False, points=2),
    ]
    folder.mkdir()
    (folder / "tiny.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return folder


def cell(book: Book, name: str) -> dict[str, Any]:
    return next(one for one in book["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == name)


def new(code: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": code, "outputs": [], "execution_count": None}


def with_answer(name: str, code: str) -> Callable[[Book], None]:
    """Put other code in place of an answer."""

    def change(book: Book) -> None:
        cell(book, f"{name.replace('.', '-')}-work")["source"] = code

    return change


def with_end(code: str) -> Callable[[Book], None]:
    """Add a cell at the end."""

    def change(book: Book) -> None:
        book["cells"].append(new(code))

    return change


def deleted(book: Book) -> None:
    gone = ("numbers", "set-up", "1-1-work")
    book["cells"] = [c for c in book["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") not in gone]


def duplicated(book: Book) -> None:
    again = copy.deepcopy(cell(book, "1-2-work"))
    again["source"] = "best_tyrosine = 1.0"
    book["cells"].append(again)


def another_id(book: Book) -> None:
    book["metadata"]["nbmodel"]["student"] = "perfect"


def other_numbers(book: Book) -> None:
    cell(book, "numbers")["source"] = "km = 1.0\nki = 1.0\nflux_left = 0.5\nth_left = 0.1\nhours = 1.0"


def typed_in(book: Book) -> None:
    """The figures that are right for somebody else."""
    chosen = source.find("synthesis")
    numbers = editions.draw(chosen, "somebody-else", KEY)
    for one in answer_key.questions(chosen, numbers, ""):
        if one.kind == "number":
            with_answer(one.name, f"{one.variable} = {one.expected[0][0]!r}")(book)
