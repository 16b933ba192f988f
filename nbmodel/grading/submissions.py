"""Submissions: found, read as data, and told whose and which they are. Nothing of them is executed here."""

from __future__ import annotations

import hmac
import os
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbmodel.course import course_key, editions, files, source
from nbmodel.course.source import Source
from nbmodel.grading import archives
from nbmodel.sandbox import reading
from nbmodel.sandbox.cage import MEGA

LARGEST_FILE = 100 * MEGA  # most of a large notebook is outputs, which are dropped
LARGEST_TEXT = 2 * MEGA  # what stands in its cells
MOST_CELLS = 10_000
LONGEST_TEXT = 20_000
ID_CHANGED = "id changed"
UNREADABLE = "cannot be read: mend its permissions and grade again"
NO_FILE = "not a file: a link or a device; put the file itself there"
HIDDEN = "a hidden folder, not looked into: rename it if it holds submissions"
ARCHIVE = "an archive, or a document: to mark what is in an archive, name it in the command: nbmodel grade FILE.zip"
TOO_LARGE = f"too large: more than {LARGEST_FILE // MEGA} MB; ask for it without its outputs"
TOO_LONG = f"too large: more than {LARGEST_TEXT // MEGA} MB or {MOST_CELLS} cells without its outputs"
ANOTHER_FILE = "ask for the notebook, a file that ends in .ipynb"
UNSIGNED = (
    "not an assignment: nothing in it says whose it is; ask for the answers in the file that was handed out, "
    "or put its metadata 'nbmodel' back"
)
# What files are that are not notebooks, by how they begin.
KINDS = {
    b"%PDF": "a PDF",
    b"PK": "an archive or a document",
    b"Rar!": "an archive",
    b"7z": "an archive",
    b"\x1f\x8b": "an archive",
    b"\xd0\xcf\x11\xe0": "a document",
    b"\x89PNG": "a picture",
    b"\xff\xd8": "a picture",
    b"<": "a web page",
    b"{": "JSON without the cells of a notebook",
}
# What desktops and Jupyter leave beside files; nobody hands it in.
LEFT_BEHIND = ("__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini")


class Refused(ValueError):
    """Raised for a file that is not a submission that can be run; the message is its status."""

    def __init__(self, status: str, student: str = "", theme: str = "") -> None:
        super().__init__(status)
        self.status, self.student, self.theme = status, student, theme


def collect(paths: Sequence[Path], leave: Collection[Path] = ()) -> list[Path]:
    """List all that came in: each file named, each of a folder and its sub-folders, each member of an archive named.

    A sub-folder that cannot be looked into stands in the list itself. What is in `leave`, the command's own files and
    folders, is left out of folders. Raises CourseError for an archive that cannot be read.
    """
    found: dict[Path, None] = {}
    left = {path.resolve() for path in leave}
    for path in paths:
        if os.path.isdir(path) and not os.path.islink(path):
            found |= dict.fromkeys(_inside(path, left))
        elif archives.is_archive(path):
            inside = archives.members(path)
            found |= {one: None for one in inside if not any(map(_left_behind, one.relative_to(path).parts))}
        else:
            found[path] = None
    return list(found)


def _inside(folder: Path, left: Collection[Path]) -> Iterator[Path]:
    """Yield the files of a folder and its sub-folders, and the sub-folders that are not looked into."""
    closed: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        every = [Path(root, one) for one in (*sorted(folders), *sorted(names)) if not _left_behind(one)]
        here = {one.name: one for one in every if os.path.islink(one) or one.resolve() not in left}
        folders[:] = [
            one for one in sorted(folders) if one in here and not one.startswith(".") and not os.path.islink(here[one])
        ]
        yield from (one for name, one in here.items() if name not in folders)
    yield from closed


def _left_behind(name: str) -> bool:
    return name.startswith("._") or name in LEFT_BEHIND


def load(path: Path) -> bytes:
    """Read the bytes of a submission. Raises Refused for a link, a device, a file too large or one that cannot be read."""
    if not os.path.lexists(path) and (archive := archives.around(path)):
        try:
            data = archives.read(archive, path, LARGEST_FILE + 1)
        except ValueError as error:
            raise Refused(f"cannot be read: {error}") from None
    else:
        data = _on_disk(path)
    if len(data) > LARGEST_FILE:
        raise Refused(TOO_LARGE)
    return data


def _on_disk(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        raise Refused(NO_FILE if os.path.islink(path) else UNREADABLE) from None
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode) or os.path.islink(path):
            raise Refused(HIDDEN if stat.S_ISDIR(mode) and path.name.startswith(".") else NO_FILE)
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError:
        raise Refused(UNREADABLE) from None
    finally:
        os.close(handle)
    if data[:4] in archives.MAGIC:
        raise Refused(ARCHIVE)
    return data


def open_notebook(data: bytes) -> dict[str, Any]:
    """Read a submission as a notebook, of which only what is used here is kept: no outputs. Raises Refused.

    A cell that is not as it should be counts as empty, and metadata that are none as lost.
    """
    try:
        read = reading.notebook(data)
        cells, metadata = read["cells"], read.get("metadata")
        if not isinstance(cells, list):
            raise TypeError
    except reading.TooMuch:
        raise Refused(TOO_LONG) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        begins = data[:1000].lstrip()
        kinds = (kind for magic, kind in KINDS.items() if begins.startswith(magic))
        kind = next(kinds, "of no known kind" if begins else "empty")
        raise Refused(f"not a notebook: {kind}; {ANOTHER_FILE}") from None
    if len(cells) > MOST_CELLS:
        raise Refused(TOO_LONG)
    kept = [_cell(one) for one in cells]
    if sum(len(one["source"]) for one in kept) > LARGEST_TEXT:
        raise Refused(TOO_LONG)
    about = metadata.get("nbmodel") if isinstance(metadata, dict) else None
    made: dict[str, Any] = files.clean({"cells": kept, "metadata": {"nbmodel": about} if _flat(about) else {}})
    return made


def _cell(found: Any) -> dict[str, Any]:
    """Return a cell with kind, text and nbgrader's metadata, each of them empty where it is not as it should be."""
    cell = found if isinstance(found, dict) else {}
    text = cell.get("source")
    if isinstance(text, list):
        text = "".join(text) if all(isinstance(line, str) for line in text) else ""
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return {
        "cell_type": cell["cell_type"] if isinstance(cell.get("cell_type"), str) else "raw",
        "metadata": {"nbgrader": about if _flat(about) else {}},
        "source": text if isinstance(text, str) else "",
    }


def _flat(value: Any) -> bool:
    """True of an object whose values are no objects: all of ours are, and nothing deep gets any further."""
    return isinstance(value, dict) and not any(isinstance(one, (dict, list)) for one in value.values())


def identify(notebook: Mapping[str, Any], key: bytes) -> tuple[str, str]:
    """Return the student and the theme that a submission says it is of. Raises Refused when its signature disagrees.

    Where the metadata are lost, it is known by the line of the cell of numbers that repeats the signature.
    """
    about = notebook["metadata"].get("nbmodel")
    if not isinstance(about, dict) or not all(isinstance(about.get(k), str) for k in ("student", "theme", "signature")):
        texts = (source.body(dict(cell)) for cell in notebook["cells"])
        signed = next(filter(None, map(course_key.SIGNED.search, texts)), None)
        if signed is None:
            raise Refused(UNSIGNED)
        about = signed.groupdict()
    student, theme = about["student"], about["theme"]
    if course_key.refuse_id(student):
        raise Refused(UNSIGNED)
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
