"""What of a stored notebook nbval would compare and what not, found by reading, before anything runs.

nbval passes a cell that it does not compare. Here such a cell is named, with the reason, and counts as a difference.
"""

from __future__ import annotations

import ast
import stat
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbval.plugin import find_comment_markers, find_metadata_tags

from nbmodel.check.drift import NOT_COMPARED, Drift

LARGEST = 200_000_000  # bytes of a notebook's file; reading takes several times as much memory
# Kinds of output that nbval leaves out of every comparison (`skip_compare` of its plugin; a test compares the two).
UNSEEN = frozenset({"image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json"})
# What nbval does with a cell that is marked, by its own name for the option.
LETS_PASS = {
    "skip": "nbval would not run the cell",
    "check": "nbval would not compare its outputs",
    "check_exception": "nbval would let it fail",
}


class Unreadable(ValueError):
    """Raised for a file that is no notebook in Python; says why, as the end of a sentence about the file."""


def read(path: Path) -> NotebookNode:
    """Return the notebook of a file, in today's format. Raises Unreadable."""
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise Unreadable("is a folder that cannot be looked into")
        if not stat.S_ISREG(about.st_mode):  # a pipe would be waited for
            raise Unreadable("is not a file")
        if about.st_size > LARGEST:
            raise Unreadable(f"is larger than {LARGEST // 1_000_000} MB")
        text = path.read_text("utf-8")
    except OSError as error:
        raise Unreadable(f"cannot be read ({(error.strerror or str(error)).lower()})") from None
    except UnicodeDecodeError:
        raise Unreadable("is not text in UTF-8") from None
    if not text.strip():
        raise Unreadable("is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ids that are missing or stand twice: nothing that is compared
            notebook = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook, relax_add_props=True)
    except nbformat.reader.NotJSONError:
        raise Unreadable("is not JSON") from None
    except Exception as error:  # whatever else a reader of notebooks stumbles over
        said = (str(error).strip().splitlines() or [""])[0] or type(error).__name__
        raise Unreadable(f"is not a notebook: {said[:200]}") from None
    if (language := _language(notebook)) != "python":
        raise Unreadable(f"is in {language}; only notebooks in Python can be run and compared")
    return notebook


def _language(notebook: NotebookNode) -> str:
    kernel, language = (notebook.metadata.get(part, {}) for part in ("kernelspec", "language_info"))
    return str(kernel.get("language") or language.get("name") or "python").lower()


def is_to_compare(cell: NotebookNode) -> bool:
    """True for a cell of code that has outputs, or should have been run; nobody runs an empty one."""
    return bool(cell.cell_type == "code" and (cell.source.strip() or _was_run(cell)))


def was_run(notebook: NotebookNode) -> bool:
    """True if a cell of the notebook was run, so that there is something to compare."""
    return any(cell.cell_type == "code" and _was_run(cell) for cell in notebook.cells)


def _was_run(cell: NotebookNode) -> bool:
    return bool(cell.execution_count is not None or cell.outputs)


def loopholes(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield what of a code cell nbval would not compare, and why."""
    for marker, option in chain(_comments(cell), _tags(cell)):
        yield marker, LETS_PASS.get(option, f"nbval has the option {option} for it")
    if is_to_compare(cell) and not _was_run(cell):
        yield "never run", "no output of it is stored"
    yield from unseen(cell.outputs)


def unseen(outputs: Sequence[NotebookNode]) -> Iterator[tuple[str, str]]:
    """Yield which outputs, stored or fresh, nbval would not compare, and why."""
    for number, output in enumerate(outputs, 1):
        if "data" in output and UNSEEN.issuperset(output.data):
            yield f"output {number}", f"{', '.join(output.data) or 'nothing'}: has no text"


def _comments(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    # Line by line, so that the line can be named; what is a marker is nbval's own judgement.
    for line in cell.source.splitlines():
        yield from ((line.strip(), option) for option in _loosened(find_comment_markers(line)))


def _tags(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    for tag in cell.metadata.get("tags", []):
        yield from ((f"tag {tag}", option) for option in _loosened(find_metadata_tags({"tags": [tag]})))


def _loosened(options: Iterator[tuple[str, bool]]) -> list[str]:
    """Options of nbval other than to check, which it does anyway."""
    return [option for option, value in options if (option, value) != ("check", True)]


def gaps(label: str, notebook: NotebookNode) -> list[Drift]:
    """List what would not be compared in a notebook, cell by cell, and parameters that are not those it is said to have."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]  # as nbval counts them
    unseen = [
        Drift(label, number, NOT_COMPARED, what, "", why)
        for number, cell in enumerate(cells)
        for what, why in loopholes(cell)
    ]
    return unseen + [
        Drift(label, None, "parameter", name, said, injected) for name, said, injected in _misstated(notebook, cells)
    ]


def _misstated(notebook: NotebookNode, cells: list[NotebookNode]) -> Iterator[tuple[str, str, str]]:
    """Yield the parameters of a report whose injected value is not that of the scenario in its metadata."""
    match notebook.metadata.get("nbmodel"):
        case {"scenario": {"parameters": dict(said)}}:
            pass
        case _:
            return
    try:
        injected = dict(chain.from_iterable(map(_assigned, cells)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield "all", "", "the injected cell holds more than values"
        return
    for name in {**said, **injected}:
        values = [repr(values[name]) if name in values else "not set" for values in (said, injected)]
        if name not in said or name not in injected or said[name] != injected[name]:
            yield name, values[0], values[1]


def _assigned(cell: NotebookNode) -> Iterator[tuple[str, Any]]:
    """Yield names and values that the cell sets, if papermill injected it."""
    if "injected-parameters" not in cell.metadata.get("tags", []):
        return
    for line in ast.parse(cell.source).body:
        if not isinstance(line, ast.Assign):
            raise ValueError("no assignment")
        for target in line.targets:
            yield ast.unparse(target), ast.literal_eval(line.value)
