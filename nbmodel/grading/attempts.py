"""Attempts: whether a student worked on a question whose answer did not come out, and why it did not.

Work that is there is never called "not tried yet": the reason is said in words, and a person is shown it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from nbmodel.course import editions, source
from nbmodel.course.source import Source
from nbmodel.exercises.judge import NOT_TRIED, RETURNS_NOTHING, Question
from nbmodel.grading.marks import BROKEN, TIMED_OUT

LONGEST_CODE = 6000
TIMEOUT = "CellTimeout"
TEXT_CELL = "your answer stands in a cell of text, which does not run: make it a cell of code again"
# A picture that was drawn and not named is the one that a notebook would show: that of its cell, or else the last one.
# A notebook begins each cell without open figures.
CLOSE = "import sys as _sys\nif 'matplotlib.pyplot' in _sys.modules: _sys.modules['matplotlib.pyplot'].close('all')"
TAKE = """import sys as _sys
_drawn, _held = _sys.modules.get('matplotlib.pyplot'), globals().get({name!r})
if _drawn and _drawn.get_fignums() and not any(hasattr(one, 'savefig') for one in (_held, getattr(_held, 'figure', None))):
    {name} = _drawn.gcf()"""

Cells = Sequence[Mapping[str, Any]]


def with_figures(run: Sequence[Mapping[str, Any]], questions: Sequence[Question], cells: Cells) -> list[dict[str, Any]]:
    """Return the cells to run, with ours between them that keep a figure which the student drew and did not name."""
    made = [dict(one) for one in run]
    for question in questions:
        if question.kind == "figure":
            own = {number for number, _ in _cells_of(question.name, cells)}
            take = {"number": 0, "source": TAKE.format(name=question.variable)}
            around = [[{"number": 0, "source": CLOSE}, one, take] if one["number"] in own else [one] for one in made]
            made = [*(one for some in around for one in some), take]
    return made


def why_nothing(question: Question, chosen: Source, cells: Cells, failed: Mapping[int, bool], ended: str) -> str:
    """Return why no answer came out of a cell that was worked on, or that it was not.

    `failed` are the numbers of cells that ended with an error, true where that was the limit of time; `ended` is how
    the run of the file did.
    """
    changed = [(number, cell) for number, cell in _cells_of(question.name, cells) if _is_changed(cell, chosen)]
    if not changed or question.kind == "essay":
        return NOT_TRIED
    if any(cell["cell_type"] != "code" for _, cell in changed):
        return TEXT_CELL
    if found := [failed[number] for number, _ in changed if number in failed]:
        return TIMED_OUT if any(found) else BROKEN
    if ended != "done":
        return f"no answer came out before the file was stopped ({ended})"
    if question.kind == "function":
        return RETURNS_NOTHING
    return f"no answer came out: leave it in the variable {question.variable}"


def written(name: str, cells: Cells) -> str:
    """Return what stands in the cells of a question, as text."""
    return "\n\n".join(source.body(dict(cell)) for _, cell in _cells_of(name, cells))[:LONGEST_CODE]


def timed_out(answer: Any) -> bool:
    """Return true where the answer is that a call reached the limit of time."""
    return isinstance(answer, dict) and str(answer.get("other", "")).startswith(TIMEOUT)


def _cells_of(name: str, cells: Cells) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """List the cells that are meant for a question, with their numbers from one."""
    wanted = name.replace(".", "-")
    for number, cell in enumerate(cells, 1):
        if cell["metadata"].get("nbgrader", {}).get("grade_id") in (wanted, f"{wanted}-work"):
            yield number, cell


def _is_changed(cell: Mapping[str, Any], chosen: Source) -> bool:
    """Return true for a cell that says another thing than the one that was handed out; blanks do not count."""
    return _plain(source.body(dict(cell))) != _handed_out(chosen).get(cell["metadata"]["nbgrader"]["grade_id"], "")


@cache
def _handed_out(chosen: Source) -> dict[str, str]:
    book = editions.edition(chosen, "student", source.defaults(chosen), {})
    named = [(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell) for cell in book["cells"]]
    return {name: _plain(source.body(cell)) for name, cell in named if name}


def _plain(text: str) -> str:
    return "".join(text.split())
