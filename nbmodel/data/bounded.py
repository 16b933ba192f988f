"""Files of a person, read within bounds: no device without an end, no pipe that keeps its reader waiting."""

from __future__ import annotations

import os
from pathlib import Path

from nbmodel.data.typed_rows import TableError


def bytes_of(path: Path, largest: int, remedy: str) -> bytes:
    """Return what a regular file of at most `largest` bytes holds, also while somebody writes on.

    Raises TableError with the file and what is wrong; for one that is larger, with the `remedy`.
    """
    try:
        if os.path.exists(path) and not os.path.isdir(path) and not os.path.isfile(path):
            raise TableError([f"{path.name} is a pipe or a device; save what it holds in a file, and name that"])
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise TableError([f"{path.name} cannot be read: {error.strerror or error}"]) from None
    if len(data) > largest:
        raise TableError([f"{path.name} is larger than {largest // 1_000_000} MB; {remedy}"])
    return data


def text_of(path: Path, largest: int, remedy: str) -> str:
    """Return the text, in UTF-8, of such a file. Raises TableError as `bytes_of` does, and with the line that is none."""
    data = bytes_of(path, largest, remedy)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError([f"{path.name} line {line}: cannot be read as text in UTF-8; save it as UTF-8"]) from None
