"""Workers that make reports (processes here or a cluster), how many there are, and the messages they send."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import click

from nbmodel.report.options import Whole
from nbmodel.report.run import Made, Task

ENDS = ("SIGINT", "SIGTERM", "SIGHUP")  # signals that end a command


@dataclass(frozen=True)
class Failed:
    """Report that was not made: why, and what is left of its notebook."""

    message: str
    heading: str
    error: str
    notebook: bytes | None = None
    again: bool = False  # the kernel did not start: worth another try
    changed: bool = False  # the notebook is another one than the batch was begun with


@dataclass(frozen=True)
class Progress:
    """Message that a cell of a report has begun."""

    done: int
    total: int


Outcome = Made | Failed


class Workers(Protocol):
    """Interface of whatever makes reports: processes here (`pool`), or a cluster (`cluster`)."""

    workers: int

    def run(self, chunks: Sequence[Sequence[Task]]) -> Iterator[tuple[Task, Outcome | Progress]]:
        """Yield each outcome as it comes."""

    def close(self, now: bool = False) -> None:
        """End them."""


class ClusterUnfit(RuntimeError):
    """Raised when the cluster cannot make these reports: it is not there, or it has another version."""


def cores() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


workers_option = click.option(
    "--workers", type=Whole(1, 1000), help="How many reports to make at a time (default: one a processor)."
)
cold_option = click.option(
    "--cold", is_flag=True, help="Start every kernel afresh instead of forking it from a warm one."
)


@contextmanager
def interruptible() -> Iterator[None]:
    """Take the signals that end a process (a cluster's time is over, a terminal is closed) as Ctrl-C, so that all is tidied up."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    ends = [getattr(signal, name) for name in ENDS[1:] if hasattr(signal, name)]
    # What is ignored stays so: with nohup the command goes on when the terminal is closed.
    before = {end: signal.signal(end, interrupt) for end in ends if signal.getsignal(end) != signal.SIG_IGN}
    try:
        yield
    finally:
        for end, handler in before.items():
            signal.signal(end, handler)


@contextmanager
def in_one_piece() -> Iterator[None]:
    """Let nothing interrupt what is done here: a signal that comes meanwhile counts when it is done."""
    came: list[int] = []
    ends = [getattr(signal, name) for name in ENDS if hasattr(signal, name)]
    # Elsewhere than in the main thread no signal interrupts anything.
    held = [
        end for end in ends if threading.current_thread() is threading.main_thread() and callable(signal.getsignal(end))
    ]
    before = {end: signal.signal(end, lambda number, _: came.append(number)) for end in held}
    try:
        yield
    finally:
        for end, handler in before.items():
            signal.signal(end, handler)
        for number in came[:1]:
            signal.raise_signal(number)
