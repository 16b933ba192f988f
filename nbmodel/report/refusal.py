"""Refusal of a command, which says before it begins every fault in a line, with exit status 2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from nbmodel.scenario import ScenarioError

MOST_TOLD = 100  # faults; a table may have a million


class Refusal(click.ClickException):
    """Faults (`problems`) found before any work began; up to `MOST_TOLD` are told, and the exit status is 2."""

    exit_code = 2

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        more = [f"... and {len(problems) - MOST_TOLD} more"] if len(problems) > MOST_TOLD else []
        super().__init__("\n".join(f"  {problem}" for problem in [*self.problems[:MOST_TOLD], *more]))

    def show(self, file: Any = None) -> None:
        """Print the faults, one a line."""
        click.echo(f"nbmodel: nothing was done, because\n{self.message}", err=True)


def told(error: Exception) -> str:
    """Return an error of the system as a sentence for its reader: which file, and what is wrong with it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror
    return str(error) or type(error).__name__


@contextmanager
def collecting(problems: list[str]) -> Iterator[None]:
    """Add the faults of a scenario to `problems` instead of stopping at the first."""
    try:
        yield
    except ScenarioError as error:
        problems += error.problems
