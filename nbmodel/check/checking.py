"""The command `check`: are the stored results still true? `nbmodel.cli` adds it to the command line."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence

import click

from nbmodel.batch import batch
from nbmodel.batch.commands import Refusal, cold_option, interruptible, workers_option
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
    from nbmodel.check import check as checks
    from nbmodel.check import drift

    try:
        if accepted and paths:
            raise checks.Refused(["--accept stores and PATH compares; do one after the other"])
        if accepted:
            checks.refuse_unknown(accepted)
            _accept(accepted)
            return
        found = checks.notebooks(checks.find(paths))
    except checks.Refused as refused:
        raise Refusal(refused.problems) from None
    try:
        with interruptible():
            outcome = checks.nbval(found, workers=workers or batch.cores(), cold=cold, tell=_tell)
    except checks.Refused as refused:
        raise Refusal(refused.problems) from None
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing that is stored was touched.", err=True)
        sys.exit(130)
    click.echo(outcome.said, nl=False)
    if outcome.status:
        if outcome.drift:
            click.echo(f"\n{drift.table(outcome.drift)}\n", err=True)
        click.echo("Stored and fresh outputs differ, or a cell failed.", err=True)
        names = [
            f"--accept {name}" for name in dict.fromkeys(d.report for d in outcome.drift) if name in checks.acceptable()
        ]
        click.echo(f"If the change is meant: nbmodel check {' '.join(names) or '--accept NAME'}", err=True)
        sys.exit(1)
    click.echo(f"{len(found)} checked: every output is as stored.")


def _tell(name: str, alike: bool) -> None:
    click.echo(f"{name}: {'as stored' if alike else 'differs'}", err=True)


def _accept(wanted: Sequence[str]) -> None:
    from nbmodel.check import check as checks
    from nbmodel.kernels import warm
    from nbmodel.report import run

    os.environ.update(warm.THREADS)  # what is stored is computed as it will be checked
    for name in wanted:
        began = time.monotonic()
        try:
            path = checks.accept(name)
        except ScenarioError as error:
            raise Refusal(error.problems) from None
        except run.ReportFailed as failure:
            click.echo(f"{name} is not stored: {failure}", err=True)
            sys.exit(1)
        click.echo(f"stored {path} ({time.monotonic() - began:.1f} s)")
