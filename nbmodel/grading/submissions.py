"""Submissions: found, read as data, and told whose and which they are. Nothing of them is executed here."""

from __future__ import annotations

import hmac
import json
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbmodel.course import course_key, editions, files, source
from nbmodel.course.source import Source
from nbmodel.sandbox.cage import MEGA

LARGEST_FILE = 20 * MEGA
LONGEST_TEXT = 20_000
ID_CHANGED = "id changed"
UNREADABLE = "cannot be read"


class Refused(ValueError):
    """Raised for a file that is not a submission that can be run; the message is its status."""

    def __init__(self, status: str, student: str = "", theme: str = "") -> None:
        super().__init__(status)
        self.status, self.student, self.theme = status, student, theme


def collect(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """List the submissions among files and folders: every file named, every notebook of a folder and its sub-folders.

    The second list has the other files of the folders: perhaps an archive, or a notebook under another name.
    """
    found: dict[Path, None] = {}
    others: dict[Path, None] = {}
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            for root, folders, names in os.walk(path, followlinks=False):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    if name.lower().endswith(".ipynb"):
                        found[Path(root, name)] = None
                    elif not name.startswith("."):
                        others[Path(root, name)] = None
        else:
            found[path] = None
    return list(found), list(others)


def load(path: Path) -> bytes:
    """Read the bytes of a submission. Raises Refused for a link, a device, a file too large or one that cannot be read."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        raise Refused("not a file" if path.is_symlink() else UNREADABLE) from None
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or path.is_symlink():
            raise Refused("not a file")
        if about.st_size > LARGEST_FILE:
            raise Refused("too large")
        return file.read(LARGEST_FILE)


def open_notebook(data: bytes) -> dict[str, Any]:
    """Read a submission as a notebook whose parts that are used here are what they should be. Raises Refused."""
    try:
        notebook = files.clean(json.loads(data.decode("utf-8-sig")))
        cells = notebook["cells"]
        for cell in cells:
            if not isinstance(cell["cell_type"], str) or not isinstance(cell["metadata"], dict):
                raise TypeError
            if not isinstance(cell["metadata"].get("nbgrader", {}), dict):
                raise TypeError
            source_lines = cell["source"]
            if not isinstance(source_lines, str) and not all(isinstance(line, str) for line in source_lines):
                raise TypeError
        if not isinstance(notebook["metadata"], dict) or not isinstance(cells, list):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("not a notebook") from None
    return dict(notebook)


def identify(notebook: Mapping[str, Any], key: bytes) -> tuple[str, str]:
    """Return the student and the theme that a submission says it is of. Raises Refused when its signature disagrees."""
    about = notebook["metadata"].get("nbmodel")
    if not isinstance(about, dict) or not all(isinstance(about.get(k), str) for k in ("student", "theme", "signature")):
        raise Refused("not an assignment")
    student, theme = about["student"], about["theme"]
    if course_key.refuse_id(student):
        raise Refused("not an assignment")
    right = course_key.signature(theme, student, key)
    if not hmac.compare_digest(right.encode(), about["signature"].encode("utf-8", "replace")):
        raise Refused(ID_CHANGED, theme=theme if course_key.STUDENT.fullmatch(theme) else "")
    return student, theme


def strangers(paths: Sequence[Path], key: bytes) -> int:
    """Count the assignments among the files, when none of them was made with this key; otherwise nought."""
    count = 0
    for path in paths:
        try:
            identify(open_notebook(load(path)), key)
        except Refused as refused:
            count += refused.status == ID_CHANGED
        else:
            return 0
    return count


# -- its cells ---------------------------------------------------------------------------------------------------------


def ids(cells: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the names of the cells that hold answers."""
    named = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    return {str(about.get("grade_id")) for about in named if about.get("solution")}


def code(chosen: Source, cells: Sequence[Mapping[str, Any]], numbers: str) -> list[dict[str, Any]]:
    """Return the code cells to run: numbers and set-up as they were given, also where deleted; then the student's own.

    The student's cell of numbers is left out, so that numbers which were changed by mistake are right again.
    """
    run = []
    for cell in chosen.notebook["cells"]:
        if cell["cell_type"] == "code" and source.role(cell) in ("numbers", ""):
            run.append({"number": 0, "source": numbers if source.role(cell) == "numbers" else source.body(cell)})
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("grade_id") != "numbers":
            run.append({"number": number, "source": source.body(dict(cell))})
    return run


def text(name: str, chosen: Source, cells: Sequence[Mapping[str, Any]]) -> str:
    """Return what a student wrote: the last cell of that name that was changed, then text in cells that are not ours."""
    wanted = name.replace(".", "-")
    ours = [cell for cell in chosen.notebook["cells"] if source.role(cell) == ""]
    given = {editions.TEXT_STUB, *(text(cell).strip() for cell in ours for text in (source.body, editions.handed_out))}
    named, free = "", []
    for cell in cells:
        written = source.body(dict(cell)).strip()
        about = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if written and written not in given:
            if about == wanted:
                named = written
            elif about is None and cell["cell_type"] != "code":
                free.append(written)
    parts = ([named] if named else []) + (["[In cells of its own:]", *free] if free else [])
    return "\n\n".join(parts)[:LONGEST_TEXT]
