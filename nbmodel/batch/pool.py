"""Worker processes on this machine: each makes reports one after the other and hands them back as bytes.

A worker keeps papermill, the HTML exporter and the models loaded. When one dies, its report is tried once more in a
new one. A report's kernel is held to the limits of its theme; where results are computed without a kernel, the worker
itself is. When the driver dies, even by kill -9, its workers notice, end their kernels and follow.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from nbmodel.batch.workers import Failed, Outcome, Progress, in_one_piece
from nbmodel.kernels import environment, processes, scratch, warm
from nbmodel.report import content
from nbmodel.report.run import ReportFailed, Task
from nbmodel.scenario import THEMES

TRIES = 2
# What the forking server imports once for all workers: for reports, whose models run in kernels, and for results alone.
FOR_REPORTS = ("nbmodel.kernels.client", "PIL.PngImagePlugin", "nbmodel.report.html", "nbmodel.report.store")
FOR_RESULTS = ("pandas", "scipy.integrate", *(f"nbmodel.{theme}" for theme in THEMES))


BEGUN = "begun"  # what a worker says when it takes up a chunk


@dataclass
class _Busy:
    """Worker at its tasks, and since when it is at the first of them (not yet: infinitely late)."""

    process: Any
    tasks: deque[Task]
    since: float = math.inf

    def remaining(self) -> float:
        """Seconds until it is past its limit. In a full report, its kernel is what is watched."""
        task = self.tasks[0]
        return self.since + task.held_to.seconds - time.monotonic() if task.results_only else math.inf


def attempt(task: Task, progress: Any = None) -> Outcome:
    """Make a report; a failure comes back as a value, so that it can travel."""
    from nbmodel.report import run

    os.environ[warm.NOTEBOOK] = str(content.source(task.case.theme, task.notebooks)) if task.shared else ""
    os.environ[warm.MEMORY] = str(task.held_to.gigabytes)  # the provisioner holds the kernel to it
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
    """Pool of up to `workers` processes; `run` is the way in.

    They make reports, in kernels forked from a parent of this pool if `warm`, or `results_only`, without any kernel.
    """

    def __init__(self, workers: int, results_only: bool = False, is_warm: bool = False) -> None:
        self.workers, self.kernels = workers, {} if results_only else warm.COLD
        self._parent = warm.Parent() if is_warm and warm.IS_POSSIBLE and not results_only else None
        if self._parent:
            self.kernels = self._parent.environment
        # Workers are forked from a server that has loaded what they need; elsewhere they load it themselves.
        self._context: Any = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        if sys.platform == "linux":
            scratch.for_sockets()
            self._context.set_forkserver_preload(list(FOR_RESULTS if results_only else FOR_REPORTS))
        self._busy: dict[Connection, _Busy] = {}
        self._idle: dict[Connection, Any] = {}
        self._scratch = tempfile.mkdtemp(prefix="workers-", dir=scratch.folder())

    def run(self, chunks: Sequence[Sequence[Task]]) -> Iterator[tuple[Task, Outcome | Progress]]:
        """Make the tasks, chunk by chunk, and yield each outcome as it comes (and which cells have begun)."""
        todo = deque(deque(chunk) for chunk in chunks)
        tried: Counter[str] = Counter()
        while todo or self._busy:
            while todo and len(self._busy) < self.workers:
                self._hand_out(todo.popleft())
            patience = min(busy.remaining() for busy in self._busy.values())
            wait(list(self._busy), None if patience == math.inf else max(0.0, patience))
            for connection, busy in list(self._busy.items()):
                if connection.poll():
                    outcome = self._hear(connection)
                elif busy.remaining() < 0:
                    outcome = self._stop(connection)
                else:
                    continue
                if isinstance(outcome, Progress):
                    yield busy.tasks[0], outcome
                if not isinstance(outcome, Outcome):
                    continue
                task = busy.tasks.popleft()
                if connection.closed and busy.tasks:  # those behind it in the chunk have not been tried
                    todo.append(busy.tasks)
                if not connection.closed and not busy.tasks:
                    del self._busy[connection]
                    self._idle[connection] = busy.process
                busy.since = time.monotonic()
                tried[task.name] += 1
                if isinstance(outcome, Failed) and outcome.again and tried[task.name] < TRIES:
                    todo.append(deque([task]))
                else:
                    yield task, outcome

    def _hear(self, connection: Connection) -> Outcome | Progress | None:
        """Return a worker's message: an outcome (also when it has died), or how far it is, or nothing of note."""
        busy = self._busy[connection]
        try:
            heard: Outcome | Progress | str = connection.recv()
        except (EOFError, OSError):
            process = self._dismiss(connection)
            said = f"its worker process died (status {process.exitcode}); perhaps the machine is out of memory"
            return Failed(said, "", said, again=True)
        if isinstance(heard, str):
            busy.since = time.monotonic()
            return None
        return heard

    def _stop(self, connection: Connection) -> Failed:
        """End a worker whose results take too long; they would again, so they are not tried once more."""
        busy = self._busy[connection]
        busy.process.kill()
        self._dismiss(connection)
        said = f"the results took longer than the {busy.tasks[0].held_to.seconds} s that their theme allows"
        return Failed(said, "", said)

    def _dismiss(self, connection: Connection) -> Any:
        """Forget a worker that is dead or dying; returns its process, which has ended."""
        process = self._busy.pop(connection).process
        connection.close()
        process.join()
        return process

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
            connection, process = self._started()
            with suppress(OSError):  # it died at once: `run` hears that
                connection.send(tasks)
        self._busy[connection] = _Busy(process, tasks)

    def _started(self) -> tuple[Connection, Any]:
        """Start a worker. Raises ChildProcessError when that cannot be done, again and again."""
        for left in reversed(range(TRIES)):
            connection, theirs = self._context.Pipe()
            process = self._context.Process(target=_work, args=(theirs, self.kernels, self._scratch))
            try:
                # The environment reaches the server too, which starts with the first worker.
                with environment.applied(), in_one_piece():  # a worker that is half started complains
                    process.start()
            except (EOFError, OSError) as error:  # the server that forks them was killed; the next try starts another
                connection.close()
                if not left:
                    said = (
                        f"no worker process can be started ({error}); perhaps the machine is out of memory or processes"
                    )
                    raise ChildProcessError(said) from None
            else:
                break
            finally:
                theirs.close()
        return connection, process

    def close(self, now: bool = False) -> None:
        """End the workers: when their work is done, or `now`, with the kernels they have running."""
        for connection, process in [*self._idle.items(), *((c, busy.process) for c, busy in self._busy.items())]:
            if now:
                process.terminate()  # the worker's own handler ends its kernels
            connection.close()
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join()
        self._idle.clear()
        self._busy.clear()
        shutil.rmtree(self._scratch, ignore_errors=True)  # a worker that was killed could not do it
        if self._parent:
            self._parent.close()


def _work(connection: Connection, kernels: Mapping[str, str], folder: str) -> None:
    """Serve as a worker until told to stop; its files are in `folder`."""
    os.makedirs(folder, 0o700, exist_ok=True)  # a worker that was the last may have taken it away
    scratch = tempfile.mkdtemp(dir=folder)
    os.environ.update({**environment.own(scratch), **kernels}, TMPDIR=scratch)
    tempfile.tempdir = None

    def clear() -> None:
        shutil.rmtree(scratch, ignore_errors=True)
        with suppress(OSError):  # another worker is still there, or the driver did it
            os.rmdir(folder)

    def end(*_: object) -> None:
        processes.end(processes.family(os.getpid()))
        clear()
        os._exit(1)

    processes.adopt()  # what a cell leaves in a session of its own outlives its kernel, and comes here
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches the whole group; the driver decides
    signal.signal(signal.SIGTERM, end)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        wait([parent.sentinel])
        end()

    threading.Thread(target=follow, daemon=True).start()

    def progress(done: int, total: int) -> None:
        connection.send(Progress(done, total))

    try:
        while True:
            tasks = connection.recv()
            connection.send(BEGUN)
            for task in tasks:
                if task.results_only:
                    processes.limit_memory(task.held_to.gigabytes)
                connection.send(attempt(task, progress if len(tasks) == 1 and not task.results_only else None))
                if not task.results_only:
                    processes.end_family()
    except (EOFError, OSError):
        pass
    finally:
        clear()
