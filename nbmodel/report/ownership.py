"""Whose a file in a folder of reports is: ours is what a record names, and nothing else is overwritten or removed.

A record names files before they are written, so that those of a run that was killed are known too.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from nbmodel.report import records
from nbmodel.report.records import ENDINGS, FOLDER, OVERVIEW, PAGES, PICTURES, Record

PARTIAL = ".failed.ipynb"  # ending of what is left of a report that failed
PDF = ".pdf"
INTERRUPTED = "it was interrupted while its files were written; run the batch again"
NOT_OURS = "is there and no record says that nbmodel made it"
REMEDY = "move it away, or name another folder with -o"
LOST = "; if nbmodel made it and only the hidden folder .records was lost, `nbmodel index` takes it up again"


def files_of(name: str) -> tuple[str, ...]:
    """Return the names of all files that a report may have."""
    return (*(f"{name}{ending}" for ending in (*ENDINGS, PARTIAL, PDF)), f"{PICTURES}/{name}.png")


def named(folder: Path, name: str) -> set[str]:
    """Return the names of those files that are ours, as the report's record says.

    A record that is damaged counts for what can still be read of it, or else for every file that the report may have.
    """
    path = records.path_of(folder, name)
    if not os.path.lexists(path):
        return set()
    try:
        found = records.loaded(path)["record"]
        if found["name"] != name:  # to this file system two names are one
            return set()
        ours = {*found["files"], *found.get("also", ())}
        if "also" not in found and found["error"]:  # by an older version
            ours.add(f"{name}{PARTIAL}")
        return ours & set(files_of(name))
    except (ValueError, KeyError, TypeError, AttributeError):
        return set(files_of(name))


def pages_named(folder: Path) -> set[str]:
    """Return the names of the pages about the whole folder that are ours, as their record says."""
    if not os.path.lexists(folder / FOLDER / PAGES):
        return set()
    try:
        return set(records.loaded(folder / FOLDER / PAGES)["files"]) & set(OVERVIEW)
    except (ValueError, KeyError, TypeError):
        return set(OVERVIEW)


def in_the_way(folder: Path, names: Collection[str], endings: Collection[str], pages: bool) -> list[str]:
    """List what stands in the way of reports of which files with these endings are written, and of the `pages` about them.

    That is a file of somebody else, and anything that is no file (or no folder) where one is needed; a sentence each.
    """
    kinds = [folder / place for place in (FOLDER, PICTURES)]
    if wrong := [f"{path} is not a folder; {REMEDY}" for path in kinds if os.path.lexists(path) and not path.is_dir()]:
        return wrong
    there = {path.name.lower() for place in (folder, *kinds) if place.is_dir() for path in place.iterdir()}
    faults: dict[str, str] = {}
    for name in names:
        wanted = [
            file for file in files_of(name) if file.removeprefix(f"{PICTURES}/{name}").removeprefix(name) in endings
        ]
        if any(os.path.basename(file).lower() in there for file in (*wanted, f"{name}.json")):
            faults |= _faults(folder, wanted, named(folder, name), f"{FOLDER}/{name}.json")
    if pages:
        faults |= _faults(folder, OVERVIEW, pages_named(folder), f"{FOLDER}/{PAGES}")
    return [faults[file] for file in sorted(faults)]


def _faults(folder: Path, wanted: Collection[str], ours: Collection[str], record: str) -> dict[str, str]:
    faults = {}
    for file in (*wanted, record):
        path = folder / file
        if not os.path.lexists(path):
            continue
        if path.is_dir() or not (path.is_file() or path.is_symlink()):
            faults[file] = f"{path} is a folder or a device where a file is written; {REMEDY}"
        elif file not in ours and file != record:
            faults[file] = f"{path} {NOT_OURS}; {REMEDY}{LOST}"
    return faults


def claim(folder: Path, record: Record, files: Collection[str]) -> None:
    """Note in a report's `record` which files are about to be written, unless they are known as ours already.

    Raises FileExistsError when one is there that is not.
    """
    ours = named(folder, record.name)
    _refuse(folder, files, ours)
    if not ours.issuperset(files):
        records.write(folder, replace(record, also=sorted(ours.union(files, record.also))))


def claim_pages(folder: Path, files: Collection[str]) -> None:
    """Note that these pages about the whole folder are about to be written. Raises FileExistsError as `claim` does."""
    ours = pages_named(folder)
    _refuse(folder, files, ours)
    if not ours.issuperset(files):
        records.remember_pages(folder, dict.fromkeys(sorted(ours.union(files)), ""), "", records.planned(folder))


def _refuse(folder: Path, files: Collection[str], ours: Collection[str]) -> None:
    for file in files:
        if file not in ours and os.path.lexists(folder / file):
            raise FileExistsError(errno.EEXIST, NOT_OURS, str(folder / file))


def others(folder: Path, name: str, files: Collection[str]) -> list[str]:
    """List the files of a report that are ours and there, besides these: earlier ones, a PDF."""
    return sorted(file for file in named(folder, name).difference(files) if os.path.lexists(folder / file))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes of this machine from writing reports into the folder: files of two runs are not mixed."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    place = os.open(folder / FOLDER, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems of networks cannot
            fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)
