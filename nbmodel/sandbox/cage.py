"""A process that a student's code cannot leave: bubblewrap, resource limits, and a watch over memory and processes.

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
import signal
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
# How often memory and processes are looked at, s.
WATCH = 0.2


@dataclass(frozen=True)
class SandboxLimits:
    """What one submission may use."""

    seconds: int = 120
    cell_seconds: int = 20
    memory: int = 2048 * MEGA
    processes: int = 32
    output: int = 8 * MEGA
    files: int = 32 * MEGA


@dataclass(frozen=True)
class RunResult:
    """What came out: the JSON objects that were sent, and how it ended.

    `ended` is "done", "died", "time limit", "memory limit", "process limit", "output limit" or "stopped" (by the grader).
    `said` is the last line on standard error, which is bubblewrap's or Python's when they cannot start.
    """

    messages: tuple[dict[str, Any], ...]
    ended: str
    seconds: float
    said: str = ""


@dataclass(frozen=True)
class Cage:
    """How submissions are run: `kind` is "root" or "user" (both bubblewrap) or "none"; `limits` of each."""

    kind: str
    limits: SandboxLimits

    def run(
        self,
        cells: Sequence[Mapping[str, Any]],
        questions: Sequence[Mapping[str, Any]],
        slot: int = 0,
        stop: threading.Event | None = None,
    ) -> RunResult:
        """Run the code cells of one submission and collect its answers.

        `slot` tells runs at the same time apart; when `stop` is set, the run is ended.
        """
        return self.start({"cells": list(cells), "questions": list(questions)}, slot, stop)

    def start(self, work: dict[str, Any], slot: int = 0, stop: threading.Event | None = None) -> RunResult:
        """Start the runner with a task of `cells` and `questions`, or with a few lines to `try`."""
        limits, shut_in = self.limits, self.kind != "none"
        task = {
            **work,
            "code": str(isolation.CODE.parent if shut_in else PACKAGE.parent),
            "alone": shut_in,  # no processes in sight but its own
            "user": isolation.FIRST_USER + slot if self.kind == "root" else None,
            "cell_seconds": limits.cell_seconds,
            "limits": {
                "AS": limits.memory, "CPU": limits.seconds + 5, "FSIZE": limits.files, "NOFILE": 256, "CORE": 0,
                # Outside a sandbox this limit counts everything that the user runs, so it cannot be set there.
                **({"NPROC": limits.processes} if shut_in else {}),
            },
        }  # fmt: skip
        with contextlib.ExitStack() as stack:
            home = "/tmp" if shut_in else stack.enter_context(tempfile.TemporaryDirectory())
            command, handles = [sys.executable, "-B", "-s"], []
            if shut_in:
                handles = [_pipe_with(isolation.calls_filter())]
                stack.callback(os.close, handles[0])
                command = [*isolation.command(self.kind, limits.files, handles[0]), *command]
            process = subprocess.Popen(
                [*command, str((isolation.CODE if shut_in else PACKAGE) / "sandbox" / "runner.py")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(home),
                cwd=None if shut_in else home,
                pass_fds=handles,
                start_new_session=True,
            )
            try:
                return _listen(process, json.dumps(task).encode(), limits, stop)
            finally:
                _end(process)


def _pipe_with(data: bytes) -> int:
    """The reading end of a pipe that holds `data`, which is small."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return reading


def _environment(home: str) -> dict[str, str]:
    """Nothing of the grader's own environment goes in."""
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        "PATH": "/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", "MPLBACKEND": "agg", "MPLCONFIGDIR": f"{home}/mpl",
        "IPYTHONDIR": f"{home}/ipython", "NBMODEL_GRADING": "1", **one_thread,
    }  # fmt: skip


# -- listening and ending --------------------------------------------------------------------------------------------


def _listen(
    process: subprocess.Popen[bytes], task: bytes, limits: SandboxLimits, stop: threading.Event | None
) -> RunResult:
    """Send the task, read what comes until the process ends or a limit is reached."""
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    began = time.monotonic()
    received, ended, watched = bytearray(), "", began
    for pipe in (process.stdin, process.stdout, process.stderr):
        os.set_blocking(pipe.fileno(), False)
    selector = selectors.DefaultSelector()
    selector.register(process.stdout, selectors.EVENT_READ)
    selector.register(process.stdin, selectors.EVENT_WRITE)
    while not ended:
        for ready, _ in selector.select(WATCH):
            if ready.fileobj is process.stdin:
                try:
                    task = task[os.write(process.stdin.fileno(), task) :]
                except BlockingIOError:
                    continue
                except BrokenPipeError:
                    task = b""
                if not task:
                    selector.unregister(process.stdin)
                    process.stdin.close()
            else:
                with contextlib.suppress(BlockingIOError):
                    piece = os.read(process.stdout.fileno(), 65536)
                    received += piece
                    if not piece:
                        selector.unregister(process.stdout)
                        ended = "closed"
        now = time.monotonic()
        if len(received) > limits.output:
            ended = "output limit"
        elif now - began > limits.seconds:
            ended = "time limit"
        elif stop is not None and stop.is_set():
            ended = "stopped"
        elif now - watched > WATCH:
            watched = now
            ended = ended or monitor.excess(process.pid, limits.processes, limits.memory)
            # Something it left behind may hold the pipe open after the runner itself has gone.
            if not ended and process.poll() is not None:
                ended = "closed"
                with contextlib.suppress(BlockingIOError):
                    received += os.read(process.stdout.fileno(), limits.output)
    selector.close()
    messages = tuple(_messages(bytes(received[: limits.output])))
    if ended == "closed":
        ended = "done" if any(message.get("done") is True for message in messages) else "died"
    said = ""
    # Read once, at the end: whoever fills this pipe before that only stops itself.
    with contextlib.suppress(BlockingIOError):
        lines = os.read(process.stderr.fileno(), 4096).decode("utf-8", "backslashreplace").split("\n")
        said = next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
    return RunResult(messages, ended, time.monotonic() - began, said)


def _messages(received: bytes) -> list[dict[str, Any]]:
    """The JSON objects among the lines; what is none is left out."""
    found = []
    for line in received.split(b"\n"):
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
    """Kill it with all that it started. Inside bubblewrap, everything dies with its first process."""
    family = processes.family(process.pid)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    processes.end(family)
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
