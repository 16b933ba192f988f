"""Tables on the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import click

from nbmodel.data import tables


def as_table(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Print rows as a table, or as JSON for programs."""
    if as_json:
        click.echo(tables.as_json(rows))
    elif rows:
        click.echo(tables.text(list(rows[0]), [list(row.values()) for row in rows]))


def fitted(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table as wide as the terminal."""
    click.echo(tables.text(headers, rows, width=shutil.get_terminal_size((120, 40)).columns))


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error within the block, and yield what moves it: called with how many are done, and of all."""
    with ExitStack() as shown:
        bars: list[Any] = []  # none before there is something to tell, as a refusal comes before the work

        def step(done: int, of_all: int) -> None:
            if not bars:
                bar = click.progressbar(length=of_all, label=label, show_pos=True, file=sys.stderr)
                bars.append(shown.enter_context(bar))
            bars[0].update(done - bars[0].pos)

        yield step
