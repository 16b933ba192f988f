"""The editions of an assignment: what a student gets, the model solutions, and all of it for who runs nbgrader."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from typing import Any

from nbmodel.course.course_key import secret
from nbmodel.course.source import BEGIN, END, NOTE, Cell, Source, body, numbers_cell, role

EDITIONS = ("student", "solution", "grader")
STUB = "...  # your work"
TEXT_STUB = "*Your answer here.*"
# A link to a file of the collection: dead in a file that is handed out alone.
LINK = re.compile(r"\[(?P<text>[^\]]+)\]\(\.\./(?P<file>[^)#]+)[^)]*\)")
IN_WORDS = r"\g<text> (`\g<file>` of the collection)"
SOLUTION = re.compile(rf"^([^\S\n]*){BEGIN}[^\S\n]*\n.*?^[^\S\n]*{END}[^\S\n]*$", re.MULTILINE | re.DOTALL)


def draw(source: Source, student: str, course_key: bytes) -> dict[str, float]:
    """Return the student's numbers: the same at every call, and not to be guessed without the key."""
    return {
        one.name: one.values[int(secret(course_key, "numbers", source.theme, student, one.name), 16) % len(one.values)]
        for one in source.numbers
    }


def edition(source: Source, kind: str, numbers: Mapping[str, float], about: Mapping[str, str]) -> dict[str, Any]:
    """Return the notebook of one edition with a student's numbers; `about` (theme, student, signature) goes into its metadata.

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
            lines = "\n".join(text.splitlines())  # as source.parse has checked them
            text = SOLUTION.sub(rf"\1{STUB}", lines) if cell["cell_type"] == "code" else TEXT_STUB
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
    """Return a notebook as the text of its file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def handed_out(cell: Cell) -> str:
    """Return the text of a cell of prose as editions have it."""
    return LINK.sub(IN_WORDS, body(cell)) if cell["cell_type"] == "markdown" else body(cell)


def _solution(text: str, code: bool) -> str:
    """Text without the marks and without the note for who marks."""
    lines, noted = [], False
    for line in text.splitlines():
        noted = (noted or NOTE in line) and line.strip() != END
        if not noted and line.strip() not in (BEGIN, END):
            lines.append(line)
    return "\n".join(lines).rstrip() if not code else "\n".join(lines)


def _clean(cell: Cell, text: str, name: str, keep: bool) -> Cell:
    """Cell with this text, no outputs, and of its metadata only what grading needs."""
    about = cell["metadata"].get("nbgrader")
    metadata: dict[str, Any] = {"tags": ["numbers"]} if role(cell) == "numbers" else {}
    if about:
        metadata["nbgrader"] = copy.deepcopy(about)
    new: Cell = {"cell_type": cell["cell_type"], "id": name, "metadata": metadata, "source": text}
    if cell["cell_type"] == "code":
        new |= {"execution_count": None, "outputs": []}
    attached = cell.get("attachments", {}).items()
    if pictures := {name: data for name, data in attached if keep or f"attachment:{name}" in text}:
        new["attachments"] = pictures
    return new
