"""Files inside an archive that a learning platform made: read within bounds, and never unpacked to disk.

A member has a path below its archive, such as `export.zip/Ada_123_file/a.ipynb`, which is a name and opens nothing.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from nbmodel.course import files
from nbmodel.course.files import CourseError
from nbmodel.sandbox.cage import MEGA

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
LISTING = 4 * MEGA  # bytes of a list of members, which zipfile reads as a whole: room for some 20,000
MEMBERS = 5_000
TOTAL = 8_000 * MEGA  # that all members may unfold to
# What zipfile unfolds a piece at a time; the other methods give back whatever a piece stands for.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FAULTS = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError, zlib.error)


class _Bounded:
    """File that is read in pieces of at most `LISTING` bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > LISTING:
            raise zipfile.BadZipFile("its list of files is too long")
        return self._file.read(size if size >= 0 else LISTING)


def is_archive(path: Path) -> bool:
    """Return whether a file is a zip archive, whatever its name."""
    try:
        with path.open("rb") as file:
            return file.read(4) in MAGIC
    except OSError:
        return False


def members(path: Path) -> list[Path]:
    """Return the files in an archive. Raises CourseError for one that cannot be read within bounds."""
    shown = files.name(path)
    try:
        with _listed(path) as (_, found):
            total = sum(one.file_size for one in found.values())
            if len(found) > MEMBERS or total > TOTAL:
                bounds = f"{MEMBERS} files and {TOTAL // MEGA} MB unpacked"
                raise CourseError(
                    [f"{shown} holds {len(found)} files, {total // MEGA} MB; split it: {bounds} are read"]
                )
            return list(found)
    except FAULTS as error:
        raise CourseError([f"{shown} cannot be read as an archive ({error}); get it anew, or unpack it"]) from None


def around(path: Path) -> Path | None:
    """Return the archive that a path is inside of, or nothing for any other path."""
    return next((parent for parent in path.parents if os.path.isfile(parent)), None)


def read(archive: Path, member: Path, most: int) -> bytes:
    """Return up to `most` bytes of a member. Raises ValueError, with what is wrong with it, when it cannot be read."""
    try:
        with _listed(archive) as (opened, found):
            about = found[member]
            if about.flag_bits & 1:
                raise ValueError("it is locked with a password")
            if about.compress_type not in METHODS:
                raise ValueError("it is packed in an unusual way: unpack the archive, and grade the folder")
            data = bytearray()
            with opened.open(about) as file:
                while len(data) < most and (piece := file.read(min(MEGA, most - len(data)))):
                    data += piece
            return bytes(data)
    except (*FAULTS, KeyError) as error:
        said = error if type(error) is ValueError else "its archive is damaged: get it anew"
        raise ValueError(str(said)) from None


@contextmanager
def _listed(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[Path, zipfile.ZipInfo]]]:
    """Open an archive, with its members under paths that differ and lie below it, whatever they are called."""
    with path.open("rb") as file, zipfile.ZipFile(cast(BinaryIO, _Bounded(file))) as opened:
        found: dict[Path, zipfile.ZipInfo] = {}
        for about in opened.infolist():
            if about.is_dir():
                continue
            parts = [part for part in about.filename.split("/") if part not in ("", ".", "..")]
            one = first = Path(path, *(parts or ["without a name"]))
            number = 1
            while one in found:
                number += 1
                one = first.with_name(f"{first.name} ({number} of this name)")
            found[one] = about
        yield opened, found
