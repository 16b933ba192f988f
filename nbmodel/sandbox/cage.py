"""Cage for a student's code, which cannot leave it: bubblewrap, resource limits, and a monitor of memory and processes.

Inside there is no network, no file but Python, its packages and the model (all read-only) and a small empty /tmp; what
comes out is what the runner writes to its standard output, up to a limit. Where the grader is root the code runs as a user
who owns nothing. `walls` says what it is built of, and `self_test.probe` tries all of it out before the first submission.

The kind "none" runs the same runner with limits of time, memory and output only.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbmodel.collection import PACKAGE
from nbmodel.kernels import processes
from nbmodel.sandbox import isolation, monitor

MEGA = 2**20
# How long at most, and at least, memory and processes are not looked at, s; and the bytes that can be taken in a second.
WATCH, SOONEST = 0.2, 0.0005
FASTEST = 8 * 2**30
PIECE = 65536
TIME_TO_END = 5  # s
# Values that a submission may send. Eight megabytes of the smallest would take half a gigabyte here, outside every limit.
MOST_PARTS = 500_000


@dataclass(frozen=True)
class SandboxLimits:
    """Limits of one submission.

    `seconds` are of the clock, from start to end; `cell_seconds` of the processor, for a cell or the calls of a function.
    """

    seconds: int = 120
    cell_seconds: int = 20
    memory: int = 2048 * MEGA
    processes: int = 32
    output: int = 8 * MEGA
    files: int = 32 * MEGA

    @property
    def address_space(self) -> int:
        """Of each process: one that is greedy alone fails in its cell, before all are ended for it."""
        return self.memory - 2 * monitor.SPARE


@dataclass(frozen=True)
class RunResult:
    """Result of one submission: the JSON objects that were sent, and how it ended.

    `ended` is "done", "died", "time limit", "memory limit", "process limit", "output limit" or "stopped" (by the grader).
    `said` is the last line on standard error, which is bubblewrap's or Python's when they cannot start.
    """

    messages: tuple[dict[str, Any], ...]
    ended: str
    seconds: float
    said: str = ""


@dataclass(frozen=True)
class Cage:
    """Runner of submissions: `kind` is "root" or "user" (both bubblewrap) or "none"; `limits` of each."""

    kind: str
    limits: SandboxLimits

    def run(
        self,
        cells: Sequence[Mapping[str, Any]],
        questions: Sequence[Mapping[str, Any]],
        stop: threading.Event | None = None,
    ) -> RunResult:
        """Run the code cells of one submission and collect its answers; when `stop` is set, the run is ended."""
        return self.start({"cells": list(cells), "questions": list(questions)}, stop)

    def start(self, work: Mapping[str, Any], stop: threading.Event | None = None) -> RunResult:
        """Start the runner with a task of `cells` and `questions`, or with the facts of a `self_test`."""
        limits, shut_in = self.limits, self.kind != "none"
        most = {"AS": limits.address_space, "CPU": limits.seconds + 5, "FSIZE": limits.files, "NOFILE": 256, "CORE": 0}
        with contextlib.ExitStack() as stack:
            task = {
                **work,
                "user": stack.enter_context(isolation.own_user()) if self.kind == "root" else None,
                "cell_seconds": limits.cell_seconds,
                # Outside a sandbox this limit counts everything that the user runs.
                "limits": {"NPROC": limits.processes} if shut_in else {},
            }
            home = "/tmp" if shut_in else stack.enter_context(tempfile.TemporaryDirectory())
            # -P: nothing that lies in the folder of the submission is taken for a module of ours.
            python, handles = [sys.executable, "-P", "-B", "-s"], []
            command = [*python, "-m", "nbmodel.sandbox.runner"]
            if shut_in:
                handles = [_pipe_with(isolation.calls_filter())]
                stack.callback(os.close, handles[0])
                command = [*isolation.command(self.kind, limits.files, handles[0]), *command]
            process = subprocess.Popen(
                [*python, "-S", "-m", "nbmodel.sandbox.start", json.dumps(most), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(home),
                cwd=None if shut_in else home,
                pass_fds=handles,
                start_new_session=True,
            )
            feeder = threading.Thread(target=_feed, args=(process, json.dumps(task).encode()))
            feeder.start()
            try:
                return _listen(process, limits, stop)
            finally:
                _end(process)
                feeder.join()


def _pipe_with(data: bytes) -> int:
    """Reading end of a pipe that holds `data`, which is small."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return reading


def _environment(home: str) -> dict[str, str]:
    """Environment of a submission: nothing of the grader's own goes in."""
    code = str(PACKAGE.parent)
    own = {"PATH": "/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", "PYTHONPATH": code, "NBMODEL_GRADING": "1"}
    drawing = {"MPLBACKEND": "agg", "MPLCONFIGDIR": f"{home}/mpl", "IPYTHONDIR": f"{home}/ipython"}
    return own | drawing | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


# -- listening and ending --------------------------------------------------------------------------------------------


def _feed(process: subprocess.Popen[bytes], task: bytes) -> None:
    """Send the task; the process may end before it has read all of it."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin:
        process.stdin.write(task)


def _listen(process: subprocess.Popen[bytes], limits: SandboxLimits, stop: threading.Event | None) -> RunResult:
    """Read what comes until the process ends or a limit is reached."""
    assert process.stdout is not None and process.stderr is not None
    out, began = process.stdout.fileno(), time.monotonic()
    received, ended, look = bytearray(), "", began + WATCH
    watched = monitor.Monitor(process.pid, limits.processes, limits.memory)
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ)
        while not ended:
            if selector.select(max(0.0, look - time.monotonic())):
                piece = os.read(out, PIECE)
                received += piece
                ended = "" if piece else "closed"
            now = time.monotonic()
            if len(received) > limits.output:
                ended = "output limit"
            elif now - began > limits.seconds:
                ended = "time limit"
            elif stop is not None and stop.is_set():
                ended = "stopped"
            elif now >= look:
                past, room = watched.excess()
                ended = ended or past
                look = time.monotonic() + max(SOONEST, min(WATCH, room / FASTEST))
                # Something it left behind may hold the pipe open after the runner itself has gone.
                if not ended and process.poll() is not None:
                    ended = "closed"
                    while len(received) < limits.output and selector.select(0) and (piece := os.read(out, PIECE)):
                        received += piece
    messages = tuple(_messages(bytes(received[: limits.output])))
    if ended == "closed":
        ended = "done" if any(message.get("done") is True for message in messages) else "died"
    return RunResult(messages, ended, time.monotonic() - began, _last_line(process.stderr.fileno()))


def _last_line(pipe: int) -> str:
    """Last line of what stands in a pipe; it is read once, so whoever fills it before that only stops itself."""
    os.set_blocking(pipe, False)
    with contextlib.suppress(BlockingIOError):
        lines = os.read(pipe, 4096).decode("utf-8", "backslashreplace").split("\n")
        return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
    return ""


def _messages(received: bytes) -> list[dict[str, Any]]:
    """List the JSON objects among the lines; what is none is left out, and what would fill the memory."""
    found, parts = [], 0
    for line in received.split(b"\n"):
        if (more := sum(map(line.count, (b",", b"[", b"{")))) + parts > MOST_PARTS:
            continue
        parts += more
        try:
            message = json.loads(line, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            continue
        if isinstance(message, dict):
            found.append(message)
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it with all that it started, also what lost its parent (`start` sees to that)."""
    process.terminate()
    try:
        process.wait(TIME_TO_END)
    except subprocess.TimeoutExpired:  # unprotected, a submission may have stopped it
        processes.end([*processes.family(process.pid), process.pid])
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
