"""Key of an assignment: the words it is written in, `key.number(...)` and `key.function(...)`, and what it asks.

Each graded code cell of an assignment holds one such call. `nbmodel grade` collects them with a student's numbers and
compares later (`collecting`). In a live notebook, which is how nbgrader runs it, the call marks at once and returns the
points.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from nbmodel.course.files import CourseError
from nbmodel.course.source import END, NOTE, Cell, Source, body, name_of, numbers_cell, role, variable_of
from nbmodel.exercises import answers, judge, kinds
from nbmodel.exercises.judge import Question

_collected: list[Question] | None = None
_random = random.Random(0)


@contextmanager
def collecting(secret: str) -> Iterator[list[Question]]:
    """Collect the questions whose calls run inside, instead of marking them; `draw` depends on `secret` alone."""
    global _collected, _random
    before = _collected, _random
    _collected, _random = [], random.Random(secret)
    try:
        yield _collected
    finally:
        _collected, _random = before


def draw(low: float, high: float) -> float:
    """Draw an input to try a student's function with, between `low` and `high`, four digits; students cannot foresee it."""
    return float(f"{_random.uniform(low, high):.4g}")


def number(question: str, variable: str, expected: float, *, unit: str, points: float, **about: Any) -> float | None:
    """Ask for a `variable` that is `expected`, in `unit`. `about`: `tolerance`, `slips` and `note`.

    `slips`: what to say -> (what the mistake gives, share).
    """
    return _ask(kinds.number(expected, unit, name=question, variable=variable, points=points, **about))


def function(
    question: str, variable: str, expected: kinds.Law, inputs: Sequence[Sequence[Any]], *, points: float, **about: Any
) -> float | None:
    """Ask for a function `variable` that returns what `expected` does, for each row of `inputs`.

    An input or a value returned is a number or a sequence of numbers. `about`: `tolerance`, `slips` and `note`; `slips`:
    what to say -> (wrong function, share).
    """
    return _ask(kinds.law(expected, inputs, name=question, variable=variable, points=points, **about))


def _ask(question: Question) -> float | None:
    if _collected is not None:
        _collected.append(question)
        return None
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    given = answers.answer(question.kind, shell.user_ns.get(question.variable), question.inputs)
    verdict = judge.judge(question, given)
    if verdict.share == 0:  # nbgrader takes a number above nought for partial credit, and only an error for none
        raise AssertionError(verdict.comment)
    print(verdict.comment)
    return question.points * verdict.share


# -- what a source asks ------------------------------------------------------------------------------------------------


def questions(source: Source, numbers: Mapping[str, float], seed: str) -> tuple[Question, ...]:
    """Return every question as it is marked for these numbers; `seed` decides the inputs that functions are tried with.

    It runs the set-up and the key cells of the source, never its solutions and never a student's code.
    Raises CourseError for a key that fails or disagrees with the points of its cell.
    """
    scope: dict[str, Any] = {"__name__": "assignment"}
    found: list[Question] = []
    problems = []
    with collecting(seed) as collected:
        for cell in source.notebook["cells"]:
            what = role(cell)
            if what == "hand":
                found.append(_by_hand(cell))
            elif cell["cell_type"] == "code" and what != "work":
                collected.clear()
                try:
                    exec(numbers_cell(source, numbers) if what == "numbers" else body(cell), scope)
                except Exception as error:
                    where = f"the key of question {name_of(cell)}" if what == "key" else "a cell that all share"
                    problems.append(f"{where} fails ({type(error).__name__}: {error})")
                    continue
                asked = [(one.name, float(one.points)) for one in collected]
                if what == "key" and asked != [(name_of(cell), _points(cell))]:
                    problems.append(
                        f"the cell of question {name_of(cell)} must ask that one question, for as many points as its "
                        f"metadata says; found {asked}"
                    )
                found += collected
    if problems:
        raise CourseError([f"{source.theme}: {problem}" for problem in problems])
    return tuple(found)


def questions_of(source: Source) -> list[tuple[str, str, float]]:
    """Return name, kind and points of every question, read from the metadata alone; nothing is run."""
    asked = [cell for cell in source.notebook["cells"] if role(cell) in ("key", "hand")]
    return [(name_of(one), "number" if role(one) == "key" else _kind(one), _points(one)) for one in asked]


def _kind(cell: Cell) -> str:
    return "figure" if cell["cell_type"] == "code" else "essay"


def _points(cell: Cell) -> float:
    return float(cell["metadata"]["nbgrader"]["points"])


def _by_hand(cell: Cell) -> Question:
    note = body(cell).partition(NOTE)[2].partition(END)[0]
    note = "\n".join(line.strip().removeprefix("#").strip() for line in note.splitlines()).strip(" *\n")
    return Question(name_of(cell), _kind(cell), variable_of(cell), _points(cell), note)
