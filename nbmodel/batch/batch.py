"""Many reports: what is fresh is left alone, the rest is made by workers; only this process writes into the folder."""

from __future__ import annotations

import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from nbmodel.data import tables
from nbmodel.report import content, records, stamp
from nbmodel.report.content import Changed
from nbmodel.report.records import Record
from nbmodel.scenario import Limits, Scenario

if TYPE_CHECKING:
    from nbmodel.batch.pool import Failed, Outcome, Progress
    from nbmodel.report.run import Made, Task

DRIFT = 1e-6  # a result that moved by a smaller share of itself has not moved, nor one that is rounding noise twice
CHUNK = 50  # results tables that a worker computes before it is asked for the next; pages written at a time


@dataclass(frozen=True)
class Options:
    """How to make a batch. `forced` names reports to make again (None: all); `limits` and `notebooks` are for tests.

    `whole` says that what is planned is all that the folder is meant to hold; others are then marked in the index.
    """

    workers: int | None = None
    cold: bool = False
    results_only: bool = False
    forced: frozenset[str] | None = frozenset()
    scheduler: str | None = None
    index: bool = True
    whole: bool = True
    notebooks: Path | None = None
    limits: Mapping[str, Limits] | None = None


@dataclass
class Summary:
    """What became of a batch: reports made anew, left as they were, and failed (name, what was said, what is left)."""

    made: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    pages: int = 0  # of `fresh`, those whose page got other links


class Refused(RuntimeError):
    """The cluster cannot make these reports: it is not there, or it has another version."""


class Workers(Protocol):
    """Something that makes reports: processes here (`pool`), or a cluster (`cluster`)."""

    workers: int

    def run(self, chunks: Sequence[Sequence[Task]]) -> Iterator[tuple[Task, Outcome | Progress]]:
        """Yield each outcome as it comes."""

    def close(self, now: bool = False) -> None:
        """End them."""


# Called with a report's name and what became of it: None (left as it was), Made, Failed or Progress.
Tell = Callable[[str, object], None]


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(planned: Mapping[str, Scenario], folder: Path, options: Options, tell: Tell) -> Summary:
    """Make the reports that are not fresh, then the index; returns what became of each.

    KeyboardInterrupt passes through when the workers have ended; finished reports are whole, and a second call carries
    on from there. Raises Changed when the package or a notebook changed on the way.
    """
    return _Batch(planned, folder, options, tell).run()


class _Batch:
    def __init__(self, planned: Mapping[str, Scenario], folder: Path, options: Options, tell: Tell) -> None:
        self.planned, self.folder, self.options, self.tell = planned, folder, options, tell
        self.summary = Summary()
        content.forget()
        self.state = content.state()
        self.looked = 0.0
        self.keys = {name: self._key(name, options.results_only) for name in planned}
        self.records: dict[str, Record] = {}
        self.workers: Workers | None = None
        self.closing: list[Callable[[], None]] = []
        self.shared: set[str] = set()  # themes with more reports than workers
        self.stamp: dict[str, Any] = {}

    def _key(self, name: str, results_only: bool) -> str:
        return content.key(self.planned[name], name, self.options.notebooks, results_only)

    def run(self) -> Summary:
        self.folder.mkdir(parents=True, exist_ok=True)
        records.clear_parts(self.folder)
        stale = [name for name in self.planned if not self._is_fresh(name)]
        try:
            if self.options.results_only:
                chunk = max(1, min(CHUNK, len(stale) // (4 * cores())))
                tasks = [self._task(name, {}) for name in stale]
                self._make([tasks[i : i + chunk] for i in range(0, len(tasks), chunk)], len(stale))
            else:
                self._make_reports(stale)
        except BaseException:
            self._close(now=True)
            with suppress(Exception):  # a full disk, a package half edited; what ended the batch is what is told
                self._index(True)
            raise
        self._close()
        self._index(bool(stale) or bool(self.summary.pages))
        return self.summary

    def _make_reports(self, stale: list[str]) -> None:
        """The reports that others link to come first: when they are there, every other page is written but once."""
        if stale:
            self.workers = self._employ(len(stale))
            # With no more reports than workers, all would wait for what each could compute meanwhile.
            themes = Counter(self.planned[name].theme for name in stale)
            self.shared = {theme for theme, reports in themes.items() if reports > self.workers.workers}
        targets = stamp.link_targets(self.folder, self.planned)
        hoped = stamp.links(targets)
        first = [name for name in stale if name in targets.values()]
        rest = [name for name in stale if name not in targets.values()]
        self._make([[self._task(name, hoped)] for name in first], len(stale))
        links = stamp.links({notebook: name for notebook, name in targets.items() if name not in self.summary.failed})
        self._make([[self._task(name, links)] for name in rest], len(rest))
        whole = [name for name in self.planned if name not in self.summary.failed]
        other = [name for name in whole if name in self.records and self.records[name].links != links]
        for start in range(0, len(other), CHUNK):  # each brings its notebook along, a megabyte or so
            self._make([[self._page_task(name, links)] for name in other[start : start + CHUNK]], len(other))

    def _is_fresh(self, name: str) -> bool:
        """Whether the report is there, whole, and made of what it would be made of now."""
        record = records.read(self.folder, name)
        if record is None:
            return False
        self.records[name] = record
        forced = self.options.forced
        if forced is None or name in forced or record.error:
            return False
        known = record.results_key if self.options.results_only else record.key
        if known != self.keys[name] or not records.is_whole(self.folder, record):
            return False
        self.summary.fresh.append(name)
        self.tell(name, None)
        return True

    def _task(self, name: str, links: Mapping[str, str]) -> Task:
        from nbmodel.report.run import Task

        case, options = self.planned[name], self.options
        self.stamp = self.stamp or stamp.stamp()
        return Task(
            name,
            case,
            key="" if options.results_only else self.keys[name],
            results_key=self._key(name, True),
            links=links,
            stamp={**self.stamp, "date": stamp.now()},
            limits=(options.limits or {}).get(case.theme),
            notebooks=options.notebooks.resolve() if options.notebooks else None,
            cells="" if options.results_only else content.notebook(content.source(case, options.notebooks)),
            results_only=options.results_only,
            shared=case.theme in self.shared,
        )

    def _page_task(self, name: str, links: Mapping[str, str]) -> Task:
        return replace(self._task(name, links), executed=(self.folder / f"{name}.ipynb").read_bytes())

    def _make(self, chunks: Sequence[Sequence[Task]], size: int) -> None:
        from nbmodel.batch.pool import Failed, Progress

        if not chunks:
            return
        if self.workers is None:
            self.workers = self._employ(size, kernels=chunks[0][0].executed is None)
        for task, outcome in self.workers.run(chunks):
            if isinstance(outcome, Progress):
                self.tell(task.name, outcome)
                continue
            if self._has_changed():
                raise Changed("a file of nbmodel")
            if isinstance(outcome, Failed) and outcome.changed:
                raise Changed(content.source(task.case).name)
            if isinstance(outcome, Failed) and task.executed is not None:  # the report is whole, only its links are old
                self.summary.failed[task.name] = outcome.message
            elif isinstance(outcome, Failed):
                kept = keep_failure(self.folder, task, outcome, self.records.get(task.name))
                self.summary.failed[task.name] = outcome.message + (
                    f"; the notebook up to there is {kept}" if kept else ""
                )
            elif task.executed is not None:
                self._keep_page(task, outcome)
                continue
            else:
                self.records[task.name] = keep(self.folder, task, outcome, self.records.get(task.name))
                self.summary.made.append(task.name)
            self.tell(task.name, outcome)

    def _has_changed(self) -> bool:
        """Whether a file of the package changed since the keys were made.

        Looks after each report, but at results alone, of which a second brings dozens, at most twice a second.
        """
        if self.options.results_only and time.monotonic() < self.looked + 0.5:
            return False
        self.looked = time.monotonic()
        return content.state() != self.state

    def _employ(self, size: int, kernels: bool = True) -> Workers:
        if self.options.scheduler:
            from nbmodel.batch.cluster import Cluster

            return Cluster(self.options.scheduler, self.options.cold)
        from nbmodel.batch.pool import FOR_REPORTS, FOR_RESULTS, Pool

        workers = max(1, min(self.options.workers or cores(), size))
        environment: dict[str, str] = {}
        if not self.options.results_only:
            from nbmodel.kernels import warm

            environment = {warm.CHOOSE: warm.NAME, **warm.THREADS}
            if warm.IS_POSSIBLE and not self.options.cold and kernels and size > 1:
                parent = warm.Parent()
                self.closing.append(parent.close)
                environment = parent.environment
        return Pool(workers, environment, FOR_RESULTS if self.options.results_only else FOR_REPORTS)

    def _close(self, now: bool = False) -> None:
        if self.workers is not None:
            self.workers.close(now)
        for close in self.closing:
            close()
        self.workers, self.closing = None, []

    def _keep_page(self, task: Task, made: Made) -> None:
        record = self.records[task.name]
        files = {f"{task.name}.html": records.replace(self.folder / f"{task.name}.html", made.files[".html"])}
        self.records[task.name] = replace(record, files={**record.files, **files}, links=dict(task.links))
        records.write(self.folder, self.records[task.name])
        self.summary.pages += 1

    def _index(self, changed: bool) -> None:
        if not self.options.index:
            records.forget_pages(self.folder)
            return
        planned = sorted(self.planned) if self.options.whole else None
        if changed or not records.pages_are_whole(self.folder, content.pages(), planned):
            from nbmodel.batch import index

            index.write(self.folder, planned, {*self.summary.made, *self.summary.fresh}, self.options.notebooks)


def keep(folder: Path, task: Task, made: Made, before: Record | None) -> Record:
    """Write the files of a report, each in one step, and last its record: without that it will be made again."""
    files = {}
    for ending, data in made.files.items():
        name = f"{records.PICTURES}/{task.name}.png" if ending == ".png" else f"{task.name}{ending}"
        if data:
            files[name] = records.replace(folder / name, data)
    compared = records.compared(before, task.case)
    record = Record(
        name=task.name,
        key=task.key,
        results_key=task.results_key,
        theme=task.case.theme,
        title=task.case.title,
        changed=stamp.changed(task.case),
        values=dict(task.case),
        results=made.results,
        drift=drift(before.results, made.results) if before and compared == records.SAME else [],
        compared=compared,
        stamp=dict(made.stamp),
        links=dict(task.links),
        files=files,
    )
    records.write(folder, record)
    (folder / f"{task.name}.failed.ipynb").unlink(missing_ok=True)
    return record


def keep_failure(folder: Path, task: Task, failed: Failed, before: Record | None) -> Path | None:
    """Keep what is left of a report that failed, beside an earlier good one; returns its path."""
    left = folder / f"{task.name}.failed.ipynb"
    if failed.notebook is not None:
        records.replace(left, failed.notebook)
    else:
        left.unlink(missing_ok=True)
    record = Record(
        name=task.name,
        theme=task.case.theme,
        title=task.case.title,
        changed=stamp.changed(task.case),
        values=dict(task.case),
        # So that the next good run can say what drifted, if it is asked for the same.
        results=before.results if before and records.compared(before, task.case) == records.SAME else [],
        files=before.files if before else {},
        links=before.links if before else {},
        heading=failed.heading,
        error=failed.error or failed.message,
    )
    records.write(folder, record)
    return left if failed.notebook is not None else None


def drift(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results that moved, came or went: name, old and new (None: not there), old_unit and unit.

    Moved are those that differ by more than `DRIFT` of themselves and by more than the noise that tables write as 0,
    and those with another unit. Infinity and NaN are values as others are: NaN has not moved when it was NaN before.
    """
    old = {row["name"]: row for row in before}
    new = {row["name"]: row for row in now}
    moved = []
    for name in {**old, **new} if old else ():
        was, is_ = old.get(name), new.get(name)
        if was and is_ and was["unit"] == is_["unit"] and _agree(was["value"], is_["value"]):
            continue
        values = {"old": was and was["value"], "new": is_ and is_["value"]}
        units = {"old_unit": (was or new[name])["unit"], "unit": (is_ or old[name])["unit"]}
        moved.append({"name": name, **values, **units})
    return moved


def _agree(was: float, is_: float) -> bool:
    # math.isclose takes two infinities of one sign for equal, and no NaN.
    both_nan = math.isnan(was) and math.isnan(is_)
    return both_nan or math.isclose(was, is_, rel_tol=DRIFT, abs_tol=tables.NOISE)
