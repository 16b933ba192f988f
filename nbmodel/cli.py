"""The command line: `nbmodel params | report | reports | batch | index | check | claims | evidence`.

Exit status: 0 done; 1 a cell failed or a stored notebook differs; 2 refused before any work began, or the folder or the
cluster was lost on the way (what is finished is whole); 130 interrupted.
What is slow to import (papermill, nbconvert, the models) is imported inside the command that needs it.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import Any

import click

from nbmodel import __version__, scenario
from nbmodel.batch import commands
from nbmodel.batch.driving import Sources
from nbmodel.check.command import check
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
    The model in another simulator:   nbmodel export terminal.xml

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
        _print(listed, as_json)
        return
    problems: list[str] = []
    with collecting(problems):
        scenario.make(theme)
    if problems:
        raise Refusal(problems)
    declared = scenario.THEMES[theme].parameters.values()
    if as_json:
        fields = ("name", "kind", "default", "unit", "low", "high", "choices", "help", "source")
        _print([{key: getattr(p, key) for key in fields} for p in declared], as_json)
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


for command in (commands.report, commands.reports, commands.batch, commands.index, check, export):
    main.add_command(command)


@main.command(short_help="The 27 claims, recomputed: which are shown?")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a list of objects, for programs to read.")
def claims(as_json: bool) -> None:
    """Recompute the number behind each claim of the collection and say whether it is shown.

    \b
    nbmodel claims
    nbmodel claims --json
    """
    from nbmodel.evidence import claims as ledger

    rows = ledger.table()
    if as_json:
        _print(rows, as_json)
        return
    columns = {"claim": "text", "model": "value", "without feedback": "no_feedback", "without NET": "no_net"}
    heads = ("id", "claim", "published", "model", "unit", "verdict", "without feedback", "without NET")
    _fit(heads, [["" if (cell := row[columns.get(head, head)]) is None else cell for head in heads] for row in rows])
    counts = {word: sum(row["verdict"] == word for row in rows) for word in ledger.VERDICTS}
    click.echo(f"\n{len(rows)} claims: " + ", ".join(f"{count} {word}" for word, count in counts.items()) + ".")
    for row in rows:
        if row["contested"] or row["reason"]:
            click.echo(f"  {row['id']}, {row['verdict']}: {row['contested'] or row['reason']}.")
    click.echo(
        "Predicted: the size came out and could have failed. Direction only: the direction came out, the size did not or was "
        "not published. Consistent: it came out, but hardly could have failed. Contested: findings disagree on the claim "
        "itself. Contradicted: not even the direction came out. The last two columns: what models without alpha2 feedback and "
        "without NET get, where the experiment can be repeated on them."
    )


@main.command(short_help="The models against published observations.")
@click.option("--theme", help="Only the rows of one theme.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a list of objects, for programs to read.")
def evidence(theme: str | None, as_json: bool) -> None:
    """Hold the models against published observations, met and missed alike.

    \b
    nbmodel evidence
    nbmodel evidence --theme reuptake --json
    """
    problems: list[str] = []
    with collecting(problems):
        scenario.make(theme or next(iter(scenario.THEMES)))
    if problems:
        raise Refusal(problems)
    from nbmodel import evidence as ledger
    from nbmodel.evidence import scores

    rows = ledger.table(theme)
    if as_json:
        _print(rows, as_json)
        return
    columns = ["id", "observation", "published", "low", "high", "model", "unit", "met", "role"]
    _fit(columns, [[row[key] for key in columns] for row in rows])
    missed = [row for row in rows if not row["met"]]
    if missed:
        click.echo("\nMissed, and why:")
        for row in missed:
            click.echo(f"  {row['id']}: {row['reason']}")
    board = scores.board(rows)
    click.echo("\nRows met, by the model and by two null models (one without alpha2 feedback, one without NET):")
    click.echo(tables.text(list(board.columns), board.to_numpy().tolist()))
    for sentence in scores.told(rows):
        click.echo(sentence)


def _print(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(tables.as_json(rows))
    elif rows:
        click.echo(tables.text(list(rows[0]), [list(row.values()) for row in rows]))


def _fit(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    click.echo(tables.text(headers, rows, width=shutil.get_terminal_size((120, 40)).columns))
