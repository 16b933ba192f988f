"""Files of a report that was made, or failed, kept in its folder; results that moved since the run before are noted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbmodel.batch.workers import Failed
from nbmodel.data import tables
from nbmodel.report import ownership, records, stamp
from nbmodel.report.records import Record
from nbmodel.report.run import Made, Task

DRIFT = 1e-6  # a result that moved by a smaller share of itself has not moved, nor one that is rounding noise twice


def keep(folder: Path, task: Task, made: Made, before: Record | None) -> Record:
    """Write the files of a report, each in one step, and last its record: without that it will be made again.

    Raises FileExistsError when a file of somebody else has come in the way.
    """
    data = {f"{task.name}{ending}": raw for ending, raw in made.files.items() if raw and ending != ".png"}
    if picture := made.files.get(".png"):
        data[f"{records.PICTURES}/{task.name}.png"] = picture
    compared = records.compared(before, task.case)
    with ownership.alone(folder):
        ownership.claim(folder, _begun(task, before), data)
        files = {name: records.replace(folder / name, raw) for name, raw in data.items()}
        _remove_partial(folder, task.name)
        record = replace(
            _asked_for(task),
            key=task.key,
            results_key=task.results_key,
            results=made.results,
            drift=moved(before.results, made.results) if before and compared == records.SAME else [],
            compared=compared,
            stamp=dict(made.stamp),
            links=dict(task.links),
            files=files,
            also=ownership.others(folder, task.name, files),
        )
        records.write(folder, record)
    return record


def keep_page(folder: Path, task: Task, made: Made, record: Record) -> Record:
    """Write the page of a report anew, with other links. Raises FileExistsError as `keep` does."""
    name = f"{task.name}.html"
    with ownership.alone(folder):
        ownership.claim(folder, record, [name])
        files = {**record.files, name: records.replace(folder / name, made.files[".html"])}
        record = replace(record, files=files, links=dict(task.links))
        records.write(folder, record)
    return record


def keep_failure(folder: Path, task: Task, failed: Failed, before: Record | None) -> Path | None:
    """Keep what is left of a report that failed, beside an earlier good one; returns its path.

    Raises FileExistsError as `keep` does.
    """
    name = f"{task.name}{ownership.PARTIAL}"
    record = replace(_asked_for(task), heading=failed.heading, error=failed.error or failed.message)
    if before:
        record.files, record.links = before.files, before.links
        # So that the next good run can say what drifted, if it is asked for the same.
        record.results = before.results if records.compared(before, task.case) == records.SAME else []
    with ownership.alone(folder):
        if failed.notebook is not None:
            ownership.claim(folder, _begun(task, before), [name])
            records.replace(folder / name, failed.notebook)
        else:
            _remove_partial(folder, task.name)
        record.also = ownership.others(folder, task.name, record.files)
        records.write(folder, record)
    return folder / name if failed.notebook is not None else None


def _begun(task: Task, before: Record | None) -> Record:
    """Return the record of a report whose files are being written: it only says that they are ours, and what was before."""
    return replace(before or _asked_for(task), key="", results_key="", error=ownership.INTERRUPTED)


def _remove_partial(folder: Path, name: str) -> None:
    """Remove what an earlier failure left, if it is ours."""
    partial = f"{name}{ownership.PARTIAL}"
    if partial in ownership.named(folder, name):
        (folder / partial).unlink(missing_ok=True)


def _asked_for(task: Task) -> Record:
    case = task.case
    return Record(task.name, theme=case.theme, title=case.title, changed=stamp.changed(case), values=dict(case))


def moved(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """List of the results that moved, came or went: name, old and new (None: not there), old_unit and unit.

    Moved are those that differ by more than `DRIFT` of themselves and by more than the noise that tables write as 0,
    and those with another unit. Infinity and NaN are values as others are: NaN has not moved when it was NaN before.
    """
    old = {row["name"]: row for row in before}
    new = {row["name"]: row for row in now}
    found = []
    for name in {**old, **new} if old else ():
        was, is_ = old.get(name), new.get(name)
        if was and is_ and _agree(was, is_):
            continue
        values = {"old": was and was["value"], "new": is_ and is_["value"]}
        units = {"old_unit": (was or new[name])["unit"], "unit": (is_ or old[name])["unit"]}
        found.append({"name": name, **values, **units})
    return found


def _agree(was: Mapping[str, Any], is_: Mapping[str, Any]) -> bool:
    # math.isclose takes two infinities of one sign for equal, and no NaN.
    old, new = was["value"], is_["value"]
    alike = math.isclose(old, new, rel_tol=DRIFT, abs_tol=tables.NOISE) or (math.isnan(old) and math.isnan(new))
    return alike and bool(was["unit"] == is_["unit"])
