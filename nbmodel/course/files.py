"""Files of a course: written whole or not at all, never over something else, and text from anywhere made safe to show.

What is wrong with them is told all at once, a sentence for each fault.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbmodel.data.typed_rows import TableError


class CourseError(TableError):
    """Raised when a source, a key, a table or an id cannot be used; `problems` has a sentence for each fault."""


@contextlib.contextmanager
def collecting(problems: list[str]) -> Iterator[None]:
    """Add what is wrong inside to the problems, so that all of them are told at once."""
    try:
        yield
    except TableError as error:
        problems += error.problems


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write the text, whole or not at all."""
    # A name of its own length could be longer than the file system takes.
    unfinished = path.with_name(f"{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.unfinished")
    try:
        unfinished.write_bytes(text.encode(encoding, errors="backslashreplace"))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def clean(value: Any) -> Any:
    """Return the same JSON with half characters (lone surrogates) written out: JSON can hold them and no file can."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def shown(text: str) -> str:
    """Return the text on one line, with what a terminal or a page would obey written out: controls, marks of direction."""
    return "".join(
        letter if letter.isprintable() or unicodedata.category(letter) == "Zs" else ascii(letter)[1:-1]
        for letter in text
    )


def name(path: Path) -> str:
    """Return the path as text that can be shown, also where the file system holds bytes that are no text."""
    return shown(os.fsencode(path).decode("utf-8", "backslashreplace"))


def refuse_outputs(to_file: Sequence[Path], to_folder: Sequence[Path], inputs: Mapping[Path, str]) -> list[str]:
    """Return what keeps these files and folders from being written, a sentence for each; nothing is made.

    `inputs` says of each file and folder that is read what it is: no output may be one of them.
    """
    problems = [f"{name(path)} is a folder; name a file" for path in to_file if path.is_dir()]
    problems += [f"{name(path)} is a file; name a folder" for path in to_folder if path.exists() and not path.is_dir()]
    read = {known: what for path, what in inputs.items() for known in _known_by(path)}
    for path in dict.fromkeys([*to_file, *to_folder]):
        if what := next((read[known] for known in _known_by(path) if known in read), ""):
            problems.append(f"{name(path)} is {what}, which would be written over; name another place for what is made")
    for folder in dict.fromkeys([*(path.parent for path in to_file), *to_folder]):
        near = next((one for one in (folder, *folder.parents) if one.exists()), folder)
        if not near.is_dir():
            if near != folder or folder not in to_folder:
                problems.append(f"{name(near)} is a file; {name(folder)} cannot be made below it")
        elif not os.access(near, os.W_OK):
            problems.append(f"nothing can be written into {name(near)}; name another place")
    return problems


def _known_by(path: Path) -> list[object]:
    """What tells that two paths are one place: where it really lies, and on disk its number, which links share."""
    try:
        about = path.stat()
    except OSError:
        return [path.resolve()]
    return [path.resolve(), (about.st_dev, about.st_ino)]
