"""Worker processes on this machine: each makes reports one after the other and hands them back as bytes.

A worker keeps papermill, the HTML exporter and the models loaded. When one dies, its report is tried once more in a
new one. When the driver dies, even by kill -9, its workers notice, end their kernels and follow.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from nbmodel.report import content, warm
from nbmodel.report.run import Made, ReportFailed, Task
from nbmodel.scenario import THEMES

TRIES = 2
# What the forking server imports once for all workers: for reports, whose models run in kernels, and for results alone.
FOR_REPORTS = ("nbmodel.report.client", "PIL.PngImagePlugin", "nbmodel.report.html", "nbmodel.report.store")
FOR_RESULTS = ("pandas", "scipy.integrate", *(f"nbmodel.{theme}" for theme in THEMES))


@dataclass(frozen=True)
class Failed:
    """Why a report was not made, and what is left of its notebook."""

    message: str
    heading: str
    error: str
    notebook: bytes | None = None
    again: bool = False  # the kernel did not start: worth another try
    changed: bool = False  # the notebook is another one than the batch was begun with


@dataclass(frozen=True)
class Progress:
    """A cell of a report has begun."""

    done: int
    total: int


Outcome = Made | Failed


def attempt(task: Task, progress: Any = None) -> Outcome:
    """Make a report; a failure comes back as a value, so that it can travel."""
    from nbmodel.report import limits, run

    held_to = task.limits or limits.of(task.case.theme)
    os.environ[warm.MEMORY] = str(held_to.gigabytes)  # the provisioner holds the kernel to it
    try:
        return run.make(task, progress)
    except ReportFailed as failure:
        return Failed(str(failure), failure.heading, failure.error, run.partial(task, failure), not failure.started)
    except content.Changed as error:
        return Failed(str(error), "", str(error), changed=True)
    except Exception as error:  # a page that cannot be made, a full disk: this report fails, not the batch
        said = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        return Failed(f"the report could not be made: {said}", "", said)


class Pool:
    """Up to `workers` processes; `run` is the way in.

    `environment` is laid over that of each worker; `loaded` names the modules that they will need.
    """

    def __init__(self, workers: int, environment: Mapping[str, str], loaded: Sequence[str] = FOR_REPORTS) -> None:
        self.workers, self.environment = workers, dict(environment)
        # Workers are forked from a server that has loaded what they need; elsewhere they load it themselves.
        self._context: Any = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        if sys.platform == "linux":
            self._context.set_forkserver_preload(list(loaded))
        self._busy: dict[Connection, tuple[Any, deque[Task]]] = {}
        self._idle: dict[Connection, Any] = {}

    def run(self, chunks: Sequence[Sequence[Task]]) -> Iterator[tuple[Task, Outcome | Progress]]:
        """Make the tasks, chunk by chunk, and yield each outcome as it comes (and which cells have begun)."""
        todo = deque(deque(chunk) for chunk in chunks)
        tried: Counter[str] = Counter()
        while todo or self._busy:
            while todo and len(self._busy) < self.workers:
                self._hand_out(todo.popleft())
            for connection in wait(list(self._busy)):
                assert isinstance(connection, Connection)
                process, tasks = self._busy[connection]
                try:
                    outcome: Outcome | Progress = connection.recv()
                except (EOFError, OSError):  # the worker is dead
                    del self._busy[connection]
                    connection.close()
                    process.join()
                    said = f"its worker process died (status {process.exitcode}); perhaps the machine is out of memory"
                    outcome = Failed(said, "", said, again=True)
                    if len(tasks) > 1:  # those behind it in the chunk have not been tried
                        todo.append(deque(list(tasks)[1:]))
                if isinstance(outcome, Progress):
                    yield tasks[0], outcome
                    continue
                task = tasks.popleft()
                if not tasks and connection in self._busy:
                    del self._busy[connection]
                    self._idle[connection] = process
                tried[task.name] += 1
                if isinstance(outcome, Failed) and outcome.again and tried[task.name] < TRIES:
                    todo.append(deque([task]))
                else:
                    yield task, outcome

    def _hand_out(self, tasks: deque[Task]) -> None:
        process = None
        while self._idle and process is None:
            connection, process = self._idle.popitem()
            try:
                connection.send(tasks)
            except OSError:  # it died while it was idle
                connection.close()
                process.join()
                process = None
        if process is None:
            connection, theirs = self._context.Pipe()
            process = self._context.Process(target=_work, args=(theirs, self.environment))
            process.start()
            theirs.close()
            connection.send(tasks)
        self._busy[connection] = process, tasks

    def close(self, now: bool = False) -> None:
        """End the workers: when their work is done, or `now`, with the kernels they have running."""
        for connection, process in [*self._idle.items(), *((c, p) for c, (p, _) in self._busy.items())]:
            if now:
                process.terminate()  # the worker's own handler ends its kernels
            connection.close()
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join()
        self._idle.clear()
        self._busy.clear()


def _work(connection: Connection, environment: Mapping[str, str]) -> None:
    """The life of a worker."""
    scratch = tempfile.mkdtemp(prefix="nbmodel-worker-")
    os.environ.update(environment, JUPYTER_RUNTIME_DIR=scratch, TMPDIR=scratch)
    tempfile.tempdir = None

    def end(*_: object) -> None:
        import psutil  # ipykernel stands on it

        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(1)

    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches the whole group; the driver decides
    signal.signal(signal.SIGTERM, end)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        wait([parent.sentinel])
        end()

    threading.Thread(target=follow, daemon=True).start()
    if environment.get(warm.CHOOSE):
        from nbmodel.report import provisioner

        provisioner.register()

    def progress(done: int, total: int) -> None:
        connection.send(Progress(done, total))

    try:
        while True:
            tasks = connection.recv()
            for task in tasks:
                connection.send(attempt(task, progress if len(tasks) == 1 and not task.results_only else None))
    except (EOFError, OSError):
        pass
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
