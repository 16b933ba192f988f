"""The command line: `nbmodel params | report | reports | batch | index | check | claims | evidence`.

Exit status: 0 done; 1 a cell failed or a stored notebook differs; 2 refused before any work began, or the folder or the
cluster was lost on the way (what is finished is whole); 130 interrupted.
What is slow to import (papermill, nbconvert, the models) is imported inside the command that needs it.
"""

from __future__ import annotations

import os
import sys
import textwrap
from contextlib import suppress
from itertools import zip_longest
from typing import Any

import click

from nbmodel import __version__, scenario
from nbmodel.batch import commands
from nbmodel.batch.driving import Sources
from nbmodel.check.command import check
from nbmodel.cli import trust
from nbmodel.cli.lab import lab
from nbmodel.cli.printing import as_table
from nbmodel.course.commands import assign
from nbmodel.data import tables
from nbmodel.data.typed_rows import TableError
from nbmodel.grading.commands import grade
from nbmodel.report.exporting import export
from nbmodel.report.refusal import Refusal, collecting, told
from nbmodel.scenario import setting

__all__ = ["Sources", "main"]


class _Commands(click.Group):
    """The commands; what the system or a table of the collection has against one is told in a line."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; what is printed has somewhere to go."""
        _open_streams()
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises Refusal with the faults of a table, or when there is no current folder."""
        try:
            os.chdir(os.getcwd())  # as workers will
        except OSError:
            raise Refusal(["the current folder is gone or closed to you; change to another (cd)"]) from None
        try:
            return super().invoke(ctx)
        except TableError as error:
            raise Refusal(error.problems) from None
        except BrokenPipeError:  # nobody reads on what is printed: click ends the command
            raise
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            sys.exit(130)
        except (OSError, EOFError) as error:
            click.echo(f"nbmodel: {told(error)}", err=True)
            sys.exit(1)


def _open_streams() -> None:
    """See to it that standard streams are there, else the next file takes their number, and that they take any file's name."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for number, (name, mode) in enumerate({"stdin": "r", "stdout": "w", "stderr": "w"}.items()):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    with suppress(AttributeError):  # a stream of a test, or of a notebook
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nbmodel", message="%(prog)s %(version)s")
def main() -> None:
    """Notebooks about the norepinephrine system as reports. A teaching model, not for clinical use.

    \b
    What can I change?                nbmodel params reuptake
    Make a report with one change:    nbmodel report reuptake -p net_occupancy=0.8
    Make all reports:                 nbmodel reports
    Make many, from a table:          nbmodel batch cases.csv
    Are stored results still true?    nbmodel check
    What is shown, what fits data?    nbmodel claims;  nbmodel evidence
    Which numbers decide a result?    nbmodel sensitivity reuptake --result half_life
    The model in another simulator:   nbmodel export terminal.xml
    The notebooks themselves:         nbmodel lab

    Each command explains itself: nbmodel report --help
    """


main.add_command(assign)
main.add_command(grade)


@main.command(short_help="What can be set: the themes, or the parameters of one.")
@click.argument("theme", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a list of objects, for programs to read.")
def params(theme: str | None, as_json: bool) -> None:
    """List the themes, or what can be set in THEME: default, unit, allowed values, meaning, source.

    \b
    nbmodel params                  the themes
    nbmodel params reuptake         the parameters of one theme
    nbmodel params reuptake --json  the same for a program
    """
    if theme is None:
        listed = [{"theme": t.name, "notebook": t.notebook, "question": t.question} for t in scenario.THEMES.values()]
        as_table(listed, as_json)
        return
    problems: list[str] = []
    with collecting(problems):
        scenario.make(theme)
    if problems:
        raise Refusal(problems)
    declared = scenario.THEMES[theme].parameters.values()
    if as_json:
        fields = ("name", "kind", "default", "unit", "low", "high", "choices", "help", "source")
        as_table([{key: getattr(p, key) for key in fields} for p in declared], as_json)
        return
    rows: list[tuple[str, ...]] = []
    for p in declared:
        allowed, meaning = textwrap.wrap(p.range, 30) or [""], textwrap.wrap(p.help, 60)
        for line, (some, more) in enumerate(zip_longest(allowed, meaning, fillvalue="")):
            ends = (p.name, setting.written(p.default), p.unit, p.source) if line == 0 else ("",) * 4
            rows.append((*ends[:3], some, more, ends[3]))
    click.echo(tables.text(("name", "default", "unit", "allowed", "meaning", "source"), rows, right=("default",)))
    first = next(iter(declared))
    example = setting.written(first.high or first.default)
    click.echo(f"\nSet one with: nbmodel report {theme} -p {first.name}={example}")


for command in (
    *(commands.report, commands.reports, commands.batch, commands.index, check, export, lab),
    *(trust.claims, trust.evidence, trust.sensitivity),
):
    main.add_command(command)
