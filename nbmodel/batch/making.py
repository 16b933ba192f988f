"""Many reports: what is fresh is left alone, the rest is made by workers; only this process writes into the folder."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbmodel import collection
from nbmodel.batch import keeping
from nbmodel.batch.workers import Failed, Progress, Workers, cores
from nbmodel.report import content, ownership, records, stamp
from nbmodel.report.content import Changed
from nbmodel.report.records import Record
from nbmodel.report.run import Task
from nbmodel.scenario import Limits, Scenario

CHUNK = 50  # results tables that a worker computes before it is asked for the next; pages written at a time


@dataclass(frozen=True)
class Options:
    """Options of a batch. `forced` names reports to make again (None: all); `limits` and `notebooks` are for tests.

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
    pdf: bool = False

    @property
    def endings(self) -> tuple[str, ...]:
        """Endings of the files that are written of a report."""
        if self.results_only:
            return ()
        return (*records.ENDINGS, ownership.PARTIAL, ".png", *([ownership.PDF] if self.pdf else []))


@dataclass
class Summary:
    """Outcome of a batch: reports made anew, left as they were, and failed (name, what was said, what is left)."""

    made: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    pages: int = 0  # of `fresh`, those whose page got other links


# Called with a report's name and what became of it: None (left as it was), Made, Failed or Progress.
Tell = Callable[[str, object], None]


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
        self.state = collection.state()
        self.looked = 0.0
        self.keys = {name: self._key(name, options.results_only) for name in planned}
        self.records: dict[str, Record] = {}
        self.workers: Workers | None = None
        self.shared: set[str] = set()  # themes with more reports than workers
        self.stamp: dict[str, Any] = {}

    def _key(self, name: str, results_only: bool) -> str:
        return content.key(self.planned[name], name, self.options.notebooks, results_only)

    def run(self) -> Summary:
        # First of all, so that what a killed batch leaves in the folder is known as ours.
        (self.folder / records.FOLDER).mkdir(parents=True, exist_ok=True)
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
        """Make the reports, those that others link to first: then every other page is written but once."""
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
        """True if the report's files are intact and its content key is current."""
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
            cells="" if options.results_only else content.notebook(content.source(case.theme, options.notebooks)),
            results_only=options.results_only,
            shared=case.theme in self.shared,
        )

    def _page_task(self, name: str, links: Mapping[str, str]) -> Task:
        return replace(self._task(name, links), executed=(self.folder / f"{name}.ipynb").read_bytes())

    def _make(self, chunks: Sequence[Sequence[Task]], size: int) -> None:
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
            if isinstance(outcome, Failed):
                self._keep_failure(task, outcome)
            elif task.executed is not None:
                self.records[task.name] = keeping.keep_page(self.folder, task, outcome, self.records[task.name])
                self.summary.pages += 1
                continue
            else:
                self.records[task.name] = keeping.keep(self.folder, task, outcome, self.records.get(task.name))
                self.summary.made.append(task.name)
            self.tell(task.name, outcome)

    def _keep_failure(self, task: Task, failed: Failed) -> None:
        if failed.changed:
            raise Changed(content.source(task.case.theme).name)
        kept = None
        if task.executed is None:  # else the report is whole, only its links are old
            kept = keeping.keep_failure(self.folder, task, failed, self.records.get(task.name))
        said = f"; the notebook up to there is {kept}" if kept else ""
        self.summary.failed[task.name] = failed.message + said

    def _has_changed(self) -> bool:
        """True if a file of the package changed since the keys were made.

        Looks after each report, but at results alone, of which a second brings dozens, at most twice a second.
        """
        if self.options.results_only and time.monotonic() < self.looked + 0.5:
            return False
        self.looked = time.monotonic()
        return collection.state() != self.state

    def _employ(self, size: int, kernels: bool = True) -> Workers:
        if self.options.scheduler:
            from nbmodel.batch.cluster import Cluster

            return Cluster(self.options.scheduler, self.options.cold)
        from nbmodel.batch.pool import Pool

        workers = max(1, min(self.options.workers or cores(), size))
        warm = kernels and size > 1 and not self.options.cold
        return Pool(workers, self.options.results_only, warm)

    def _close(self, now: bool = False) -> None:
        if self.workers is not None:
            self.workers.close(now)
        self.workers = None

    def _index(self, changed: bool) -> None:
        if not self.options.index:
            records.forget_pages(self.folder)
            return
        planned = sorted(self.planned) if self.options.whole else None
        if changed or not records.pages_are_whole(self.folder, content.pages(), planned):
            from nbmodel.batch import index

            index.write_pages(self.folder, planned, {*self.summary.made, *self.summary.fresh}, self.options.notebooks)
