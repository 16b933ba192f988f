"""Progress of a batch: a line that is written over on a terminal, a line for each report elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence

import click

from nbmodel.batch.workers import Failed, Progress
from nbmodel.report.run import Made

BAR = 24


class Teller:
    """Callback that reports progress: called with a report's name and its outcome; `each`: a line a report off a terminal."""

    def __init__(self, names: Sequence[str], each: bool = True) -> None:
        self.total, self.each = len(names), each
        self.width = min(max(map(len, names), default=0), 60)
        self.done = self.fresh = self.failed = 0
        self.cell = ""
        self.began = self.told = time.monotonic()
        self.terminal = sys.stdout.isatty()

    def __call__(self, name: str, outcome: object) -> None:
        """Take note, and say so."""
        if isinstance(outcome, Progress):
            self.cell = f"{name} cell {outcome.done + 1} of {outcome.total}"
        else:
            self.done += 1
            self.fresh += outcome is None
            self.failed += isinstance(outcome, Failed)
        if self.terminal:
            self._bar()
        elif isinstance(outcome, Progress):
            return
        elif self.each:
            click.echo(f"[{self.done}/{self.total}] {name:{self.width}}  {_said(outcome)}")
        elif self.done == self.total or time.monotonic() > self.told + 10:
            self.told = time.monotonic()
            click.echo(self.line())

    def line(self) -> str:
        """Summarise the batch so far: how many, how many failed, how fast, how long still."""
        seconds = time.monotonic() - self.began
        worked, left = self.done - self.fresh, self.total - self.done
        parts = [f"{self.done}/{self.total}"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        if worked and seconds > 0.5:
            rate = worked / seconds
            parts.append(f"{rate:.0f} a second" if rate > 2 else f"{60 * rate:.1f} a minute")
            if left:
                parts.append(f"{duration(left / rate)} left")
        return "  ".join(parts)

    def end(self) -> None:
        """Leave the line."""
        if self.terminal and self.done:
            click.echo()

    def _bar(self) -> None:
        filled = BAR * self.done // max(self.total, 1)
        text = f"[{'#' * filled}{'.' * (BAR - filled)}] {self.line()}  {self.cell if self.done < self.total else ''}"
        width = shutil.get_terminal_size((80, 24)).columns - 1
        click.echo("\r" + text[:width].ljust(width), nl=False)


def _said(outcome: object) -> str:
    if isinstance(outcome, Failed):
        return f"FAILED: {outcome.message}"
    return f"{outcome.stamp.get('seconds', 0):5.1f} s" if isinstance(outcome, Made) else "unchanged"


def duration(seconds: float) -> str:
    """Return a time to wait in words."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
