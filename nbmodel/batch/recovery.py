"""Reports whose records were lost are taken up again: a notebook holds its name, its scenario and its stamp.

Uploads and some copies leave hidden files out, and with them the folder `.records`. What a notebook says of itself is
believed only as far as the other files bear it out; what is not borne out stays somebody else's.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

from nbmodel import scenario
from nbmodel.data import bounded
from nbmodel.report import content, names, ownership, records, stamp
from nbmodel.report.ownership import PARTIAL
from nbmodel.report.records import Record
from nbmodel.report.refusal import Refusal

LARGEST = 100_000_000  # bytes of a file
STAMPED = ("version", "python", "date", "commit", "dirty", "lock", "key", "seconds", "seed")
HEAD = 2000  # bytes of a page in which its title stands
TITLES = {"index.html": "Reports on the norepinephrine system", "terms.html": "Units, abbreviations and terms"}
UNLIKE = (ValueError, KeyError, TypeError, AttributeError, csv.Error)  # what a file that is not of ours raises


def take_up(folder: Path) -> None:
    """Write the records of the reports in `folder` that have none, and note which pages are ours.

    Raises Refusal, before anything is written, when there is no report at all, or a page would be lost with what it holds.
    """
    if problems := ownership.in_the_way(folder, (), (), pages=False):
        raise Refusal(problems)
    known = {record.name for record in records.read_all(folder)}
    lost = _lost(folder, known)
    if not known and not lost:
        raise Refusal([f"there is no report in {folder}; `nbmodel batch` and `nbmodel reports` make some"])
    ours = {name for name in records.OVERVIEW if _is_ours(folder, name, {*known, *lost})}
    if not ownership.pages_named(folder):
        problems = [
            f"{folder / name} is there and is not what nbmodel would write of the reports in {folder}; move it away first"
            for name in records.OVERVIEW
            if name not in ours and os.path.lexists(folder / name)
        ]
    if problems:
        raise Refusal(problems)
    for record in lost.values():
        records.write(folder, record)
    if ours and not ownership.pages_named(folder):
        records.remember_pages(folder, dict.fromkeys(sorted(ours), ""), "", None)


def _lost(folder: Path, known: set[str]) -> dict[str, Record]:
    """Return, by name, what the notebooks of a folder say of the reports that are not known by a record."""
    found: dict[str, Record] = {}
    for path in sorted(folder.glob("*.ipynb"), key=lambda path: path.name.endswith(PARTIAL)):
        failed = path.name.endswith(PARTIAL)
        name = path.name.removesuffix(PARTIAL if failed else ".ipynb")
        if name in known or names.refusal(name) or os.path.lexists(records.path_of(folder, name)):
            continue
        try:
            about = records.loaded(path)["metadata"]["nbmodel"]
            title = str(about["title"])
            if about["name"] != name or len(title) > scenario.TITLE or not title.isprintable():
                continue
            case = scenario.make(about["scenario"]["theme"], about["scenario"]["parameters"], title)
            new = Record(name, theme=case.theme, title=title, changed=stamp.changed(case), values=dict(case))
            record = found.get(name, new)
            if failed:
                record.key, record.error, record.heading = "", str(about["error"]), str(about["heading"])
                record.also = [path.name]
            else:
                _fill(folder, record, about["stamp"])
        except UNLIKE:
            continue
        found[name] = record
    return found


def _fill(folder: Path, record: Record, stamped: Any) -> None:
    """Add to a record what the other files of the report tell, and to its files those that agree with the notebook."""
    name, key = record.name, str(stamped["key"])
    record.key, record.stamp = key, {k: stamped[k] for k in STAMPED if isinstance(stamped.get(k), (str, int, float))}
    whole = {f"{name}.ipynb": True, f"{name}.results.csv": False, f"{name}.html": False}
    try:
        record.results = _results(folder / f"{name}.results.csv")
        whole[f"{name}.results.csv"] = True
        whole[f"{name}.html"] = len(key) == 64 and key in _text(folder / f"{name}.html")
    except UNLIKE:
        pass
    picture = f"{records.PICTURES}/{name}.png"
    whole |= {picture: True} if (folder / picture).is_file() else {}
    record.files = {file: content.file(folder / file) for file, agrees in whole.items() if agrees}
    if missing := [file for file, agrees in whole.items() if not agrees]:
        record.key, record.error = "", f"missing or damaged: {', '.join(missing)}; run the batch again"


def _results(path: Path) -> list[dict[str, Any]]:
    """Return the results table of a report. Raises ValueError or KeyError when the file is none."""
    rows = csv.DictReader(io.StringIO(_text(path)), strict=True)
    return [{"name": row["name"], "value": float(row["value"]), "unit": str(row["unit"])} for row in rows]


def _is_ours(folder: Path, name: str, reports: set[str]) -> bool:
    """True if a page about the whole folder can only be ours, and holds nothing that these reports do not."""
    try:
        text = _text(folder / name)
        if name in TITLES:
            return f"<title>{TITLES[name]}</title>" in text[:HEAD]
        return {row["report"] for row in csv.DictReader(io.StringIO(text), strict=True)} <= reports
    except UNLIKE:
        return False


def _text(path: Path) -> str:
    return bounded.text_of(path, LARGEST, "it is no file of nbmodel")
