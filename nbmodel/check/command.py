"""Command `check`, which compares stored results with a fresh run. `nbmodel.cli` adds it to the command line."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

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
    nbmodel check 02_reuptake                      one, by name or by path
    nbmodel check --accept 02_reuptake             store what it gives now

    What differs is printed as a table: report, quantity, old, new, ratio. A number that moved by less than the stated
    tolerance is told apart from a changed text or figure description; both count as a difference.

    So does what is not compared: a cell with a marker or tag of nbval, a cell that was never run, a picture without a
    text, a kernel that does not start, a file that cannot be read. Compared is what is text: printed lines, values,
    tables, formulas, errors and the text that stands for a picture or a slider. PNG and JPEG pictures themselves are
    not, nor are the numbers of cells, metadata, and the order of outputs of different kinds within a cell. Options of
    nbval and pytest, in the environment or beside the notebooks, do not count.
    """
    from nbmodel.check import accepting, drift, stored

    if accepted and paths:
        raise Refusal(["--accept stores and PATH compares; do one after the other"])
    if accepted:
        accepting.refuse_unknown(accepted)
        _accept(accepted)
        return
    found, never = stored.notebooks(stored.find(paths))
    if never:
        click.echo(f"Left out, as no cell of it was ever run: {', '.join(stored.names(never).values())}", err=True)
    try:
        with interruptible():
            compared = stored.nbval(found, workers=workers or cores(), cold=cold, tell=_tell)
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing that is stored was touched.", err=True)
        sys.exit(130)
    click.echo(compared.said, nl=False)
    if not compared.status:
        click.echo(f"{len(found)} checked: every output is as stored; pictures are compared by their text.")
        return
    click.echo(f"\n{drift.tabulated(compared.drift)}\n", err=True)
    if any(d.kind == drift.NOT_COMPARED for d in compared.drift):
        click.echo(
            "What is not compared counts as a difference: take the marker out, run the cell and store the notebook, give "
            "the picture a text, mend the kernel or the file.",
            err=True,
        )
    if differing := [file for file, ds in compared.found.items() if any(d.kind != drift.NOT_COMPARED for d in ds)]:
        click.echo("Stored and fresh outputs differ, or a cell failed.", err=True)
        names = [
            name for name, path in accepting.acceptable().items() if path.resolve() in map(Path.resolve, differing)
        ]
        options = " ".join(f"--accept {name}" for name in names) or "--accept NAME"
        click.echo(f"If the change is meant: nbmodel check {options}", err=True)
    sys.exit(1)


def _tell(name: str, what: str) -> None:
    click.echo(f"{name}: {what}", err=True)


def _accept(wanted: Sequence[str]) -> None:
    from nbmodel.check import accepting
    from nbmodel.kernels import environment
    from nbmodel.report import run

    for name in wanted:
        began = time.monotonic()
        try:
            with environment.applied():  # what is stored is computed as it will be checked
                path = accepting.accept(name)
        except ScenarioError as error:
            raise Refusal(error.problems) from None
        except run.ReportFailed as failure:
            click.echo(f"{name} is not stored: {failure}", err=True)
            sys.exit(1)
        click.echo(f"stored {path} ({time.monotonic() - began:.1f} s)")
