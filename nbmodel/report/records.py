"""Records of the reports in a folder: content key, files with their hashes, results, failure.

One small JSON file a report, in the hidden folder `.records`. It is written last, so a report that was interrupted has
a record that only names its files, or an older one whose hashes no longer fit: either way it is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nbmodel.data import bounded
from nbmodel.report import content, names
from nbmodel.scenario import Scenario

FOLDER = ".records"
PAGES = ".pages.json"  # the record of index.html and its like
PICTURES = "pictures"
ENDINGS = (".html", ".ipynb", ".results.csv")  # of the files of a report
OVERVIEW = ("index.html", "results.csv", "terms.html")  # pages about the whole folder
LARGEST = 50_000_000  # bytes of a record
PART = re.compile(r"\..+\.[0-9a-f]{8}-\d+\.part")  # a file that `replace` has not finished

# With what the results of a run could be compared: the run before counts only if it was asked for the same.
FIRST, OTHER, SAME = "first run", "settings changed", "same settings"


@dataclass
class Record:
    """Report as its folder remembers it; `files` leads from the name of each file to its hash.

    `also` names other files of ours: about to be written, of an earlier run, a partial notebook, a PDF. `drift` says what
    moved since the run before, where `compared` is `SAME`.
    """

    name: str
    key: str = ""
    results_key: str = ""
    theme: str = ""
    title: str = ""
    changed: list[dict[str, str]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)
    drift: list[dict[str, Any]] = field(default_factory=list)
    compared: str = FIRST
    stamp: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    also: list[str] = field(default_factory=list)
    error: str = ""
    heading: str = ""


def compared(before: Record | None, case: Scenario) -> str:
    """Return `FIRST`, `OTHER` or `SAME`: what a run of `case` can be compared with, of what is known of the run before."""
    if before is None:
        return FIRST
    if (before.theme, before.values) != (case.theme, dict(case)):
        return OTHER
    return SAME if before.results else FIRST


def path_of(folder: Path, name: str) -> Path:
    """Return the path of a report's record."""
    return folder / FOLDER / f"{name}.json"


def loaded(path: Path) -> Any:
    """Return what a JSON file holds. Raises ValueError when it cannot be read, whatever is in its place."""
    try:
        return json.loads(bounded.text_of(path, LARGEST, "remove it"))
    except RecursionError:
        raise ValueError(f"{path.name} is nested too deeply") from None


def read(folder: Path, name: str) -> Record | None:
    """Return the record of a report; None when there is none, or it is damaged."""
    try:
        sealed = loaded(path_of(folder, name))
        if sealed["seal"] != _seal(sealed["record"]):
            return None
        record = Record(**sealed["record"])
    except (ValueError, KeyError, TypeError):
        return None
    return record if record.name == name else None


def read_all(folder: Path) -> Iterator[Record]:
    """Return the records of a folder in the order of names; a damaged one comes as a failure that says so."""
    for path in sorted((folder / FOLDER).glob("[!.]*.json")):
        if names.refusal(path.stem):  # nothing that we have written
            continue
        damaged = Record(path.stem, error="the record of this report is damaged; build it again")
        yield read(folder, path.stem) or damaged


def write(folder: Path, record: Record) -> None:
    """Keep a record, in one step."""
    content_of = asdict(record)
    text = json.dumps({"seal": _seal(content_of), "record": content_of}, ensure_ascii=False)
    replace(path_of(folder, record.name), text)


def is_whole(folder: Path, record: Record) -> bool:
    """True if every file of a finished report is there and is what was written; each is read for it."""
    return not record.error and not damaged(folder, record)


def damaged(folder: Path, record: Record) -> list[str]:
    """List the files of a report that are missing or are not what was written; each is read for it."""
    return [name for name, known in record.files.items() if not _is(folder / name, known)]


def remember_pages(folder: Path, files: dict[str, str], made_of: str, planned: Collection[str] | None) -> None:
    """Keep of the pages about the whole folder their hashes, what they are made of, and which reports were planned."""
    kept = {"files": files, "made_of": made_of, "planned": None if planned is None else sorted(planned)}
    replace(folder / FOLDER / PAGES, json.dumps(kept))


def pages_are_whole(folder: Path, made_of: str, planned: Collection[str] | None) -> bool:
    """True if index, terms and the joined results are there, are what was written, and would be written so now.

    `planned` None means: whatever was planned then.
    """
    known = _pages(folder)
    same = planned is None or known.get("planned") == sorted(planned)
    files = known.get("files", {})
    return bool(files) and same and known.get("made_of") == made_of and all(_is(folder / n, files[n]) for n in files)


def planned(folder: Path) -> list[str] | None:
    """Return the names of the reports planned when the pages were last written; None when that is not known."""
    found: list[str] | None = _pages(folder).get("planned")
    return found


def forget_pages(folder: Path) -> None:
    """Forget of these pages all but that they are ours: parts of a batch are made, of which none knows the whole plan."""
    if files := _pages(folder).get("files"):
        remember_pages(folder, files, "", None)


def _pages(folder: Path) -> dict[str, Any]:
    try:
        found = loaded(folder / FOLDER / PAGES)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is(path: Path, known: str) -> bool:
    try:
        return path.is_file() and content.file(path) == known
    except OSError:
        return False


def replace(path: Path, data: str | bytes) -> str:
    """Write a file beside `path` and rename it, so that nobody ever sees half of it; returns its hash."""
    raw = data.encode() if isinstance(data, str) else data
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{_machine()}-{os.getpid()}.part")
    try:
        beside.write_bytes(raw)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return hashlib.sha256(raw).hexdigest()


def clear_parts(folder: Path) -> None:
    """Remove what killed runs left: half-written files of processes that are gone."""
    for place in (folder, folder / FOLDER, folder / PICTURES):
        for path in place.glob(".*.part"):
            if not PART.fullmatch(path.name):  # not one of `replace`
                continue
            machine, _, process = path.name.split(".")[-2].rpartition("-")
            # Another machine of a cluster may be writing here: its processes cannot be asked.
            with suppress(OSError):
                gone = process.isdecimal() and machine == _machine() and not _lives(int(process))
                if gone or time.time() - path.stat().st_mtime > 86400:
                    path.unlink(missing_ok=True)


def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _lives(process: int) -> bool:
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def _seal(record: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
