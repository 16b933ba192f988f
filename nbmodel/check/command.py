"""Command `check`, which compares stored results with a fresh run. `nbmodel.cli` adds it to the command line."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import click

from nbmodel.batch.workers import cold_option, cores, interruptible, workers_option
from nbmodel.report.refusal import Refusal
from nbmodel.scenario import ScenarioError


@click.command(short_help="Run stored notebooks again and compare (nbval); accept changes.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--accept", "accepted", multiple=True, metavar="NAME", help="Run NAME anew and store it.")
@workers_option
@cold_option
def check(paths: tuple[str, ...], accepted: tuple[str, ...], workers: int | None, cold: bool) -> None:
    """Run stored notebooks again and compare every output with what is stored (plain nbval).

    \b
    nbmodel check                                  all notebooks and reference reports
    nbmodel check 03_reuptake                      one, by name or by path
    nbmodel check --accept 03_reuptake             store what it gives now

    What differs is printed as a table: report, quantity, old, new, ratio. A number that moved by less than the stated
    tolerance is told apart from a changed text or figure description; both count as a difference.
    """
    from nbmodel.check import drift, stored

    if accepted and paths:
        raise Refusal(["--accept stores and PATH compares; do one after the other"])
    if accepted:
        stored.refuse_unknown(accepted)
        _accept(accepted)
        return
    found = stored.notebooks(stored.find(paths))
    try:
        with interruptible():
            compared = stored.nbval(found, workers=workers or cores(), cold=cold, tell=_tell)
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing that is stored was touched.", err=True)
        sys.exit(130)
    click.echo(compared.said, nl=False)
    if not compared.status:
        click.echo(f"{len(found)} checked: every output is as stored.")
        return
    if compared.drift:
        click.echo(f"\n{drift.tabulated(compared.drift)}\n", err=True)
    click.echo("Stored and fresh outputs differ, or a cell failed.", err=True)
    names = dict.fromkeys(d.report for d in compared.drift if d.report in stored.acceptable())
    accepting = " ".join(f"--accept {name}" for name in names) or "--accept NAME"
    click.echo(f"If the change is meant: nbmodel check {accepting}", err=True)
    sys.exit(1)


def _tell(name: str, alike: bool) -> None:
    click.echo(f"{name}: {'as stored' if alike else 'differs'}", err=True)


def _accept(wanted: Sequence[str]) -> None:
    from nbmodel.check import stored
    from nbmodel.kernels import environment
    from nbmodel.report import run

    for name in wanted:
        began = time.monotonic()
        try:
            with environment.applied():  # what is stored is computed as it will be checked
                path = stored.accept(name)
        except ScenarioError as error:
            raise Refusal(error.problems) from None
        except run.ReportFailed as failure:
            click.echo(f"{name} is not stored: {failure}", err=True)
            sys.exit(1)
        click.echo(f"stored {path} ({time.monotonic() - began:.1f} s)")
