"""The command line: `nbmodel params | report | reports | check | claims | evidence`.

Exit status: 0 done; 1 a cell failed or a stored notebook differs; 2 refused before any work began, nothing written.
What is slow to import (papermill, nbconvert, the models) is imported inside the command that needs it.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nbmodel import __version__, collection, scenario, tables
from nbmodel.course import commands as course_commands
from nbmodel.report import names
from nbmodel.scenario import Scenario, ScenarioError

if TYPE_CHECKING:
    from nbmodel.report.run import ReportFailed


@dataclass(frozen=True)
class Sources:
    """Folders to take notebooks and scenarios from, when not those of the collection (pass it as the context's obj)."""

    notebooks: Path | None = None
    scenarios: Path | None = None


class Refusal(click.ClickException):
    """Faults found before any work began, all of them; the exit status is 2."""

    exit_code = 2

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(f"  {problem}" for problem in problems))

    def show(self, file: Any = None) -> None:
        """Print the faults, one a line."""
        click.echo(f"nbmodel: nothing was done, because\n{self.message}", err=True)


@contextmanager
def collecting(problems: list[str]) -> Iterator[None]:
    """Add the faults of a scenario to `problems` instead of stopping at the first."""
    try:
        yield
    except ScenarioError as error:
        problems += error.problems


output_option = click.option(
    "-o",
    "folder",
    type=click.Path(path_type=Path),
    help="Where to put it (default: reports/built in a checkout, else ./nbmodel-reports).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nbmodel", message="%(prog)s %(version)s")
def main() -> None:
    """Notebooks about the norepinephrine system as reports. A teaching model, not for clinical use.

    \b
    What can I change?                nbmodel params reuptake
    Make a report with one change:    nbmodel report reuptake -p net_occupancy=0.8
    Make all reports:                 nbmodel reports
    Are stored results still true?    nbmodel check
    What is shown, what fits data?    nbmodel claims;  nbmodel evidence

    Each command explains itself: nbmodel report --help
    """


main.add_command(course_commands.assign)
main.add_command(course_commands.grade)


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
        listed = [{"theme": t.name, "notebook": t.notebook, "question": t.title} for t in scenario.THEMES.values()]
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
    rows = [(p.name, scenario.written(p.default), p.unit, p.range, p.help, p.source) for p in declared]
    click.echo(tables.text(("name", "default", "unit", "allowed", "meaning", "source"), rows, right=("default",)))
    first = next(iter(declared))
    example = scenario.written(first.high or first.default)
    click.echo(f"\nSet one with: nbmodel report {theme} -p {first.name}={example}")


@main.command(short_help="Run one notebook with your parameters and make a page of it.")
@click.argument("theme", required=False)
@click.option("-p", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter; give it again for another.")
@click.option("-f", "file", type=click.Path(path_type=Path), help="A YAML file (see above); -p goes on top.")
@output_option
@click.option("--name", help="Name of the report (default: made from the theme and what was changed).")
@click.pass_obj
def report(
    sources: Sources | None,
    theme: str | None,
    settings: tuple[str, ...],
    file: Path | None,
    folder: Path | None,
    name: str | None,
) -> None:
    """Run the notebook of THEME with your parameters: a page, an executed notebook and a results table.

    \b
    nbmodel report reuptake
    nbmodel report reuptake -p net_occupancy=0.8 -p basal_ne='6 nM'
    nbmodel report -f my-case.yaml -o my-reports --name my-case

    A value may carry a unit. Everything is checked before anything runs, and every fault is told at once.
    The file of -f looks like this:

    \b
    theme: reuptake
    title: Most transporters blocked
    parameters:
      net_occupancy: 0.8
    """
    sources = sources or Sources()
    problems: list[str] = []
    values = _settings(settings, problems)
    case: Scenario | None = None
    with collecting(problems):
        if file is not None:
            stem, case = scenario.load(file, values)
            if theme is not None and case.theme != theme:
                problems.append(f"{file.name} is about {case.theme!r}, not {theme!r}; leave the theme out")
            name = name if name is not None or values else stem
        elif theme is not None:
            case = scenario.make(theme, values)
        else:
            problems.append(f"which theme? Name one of {', '.join(scenario.THEMES)}, or a file with -f")
    if name is not None and names.refusal(name):
        problems.append(names.refusal(name))
    folder = _output(folder, problems)
    if problems or case is None:
        raise Refusal(problems)
    _run({name or names.of(case): case}, folder, sources)


@main.command(short_help="Make all reports of the collection and an index.")
@output_option
@click.pass_obj
def reports(sources: Sources | None, folder: Path | None) -> None:
    """Make a report of every scenario of the collection, and an index page.

    \b
    nbmodel reports
    nbmodel reports -o my-reports

    One that fails does not stop the others; the exit status is then 1 and the index names it first.
    """
    sources = sources or Sources()
    problems: list[str] = []
    planned: dict[str, Scenario] = {}
    where = sources.scenarios or collection.scenarios_folder()
    for path in sorted(where.glob("*.yaml")):
        with collecting(problems):
            name, planned_case = scenario.load(path)
            planned[name] = planned_case
            if names.refusal(name):
                problems.append(names.refusal(name))
    folder = _output(folder, problems)
    if not planned and not problems:
        problems.append(f"there is no scenario (*.yaml) in {where}")
    if problems:
        raise Refusal(problems)
    _run(planned, folder, sources)


@main.command(short_help="Run stored notebooks again and compare (nbval); accept changes.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--accept", "accepted", multiple=True, metavar="NAME", help="Run NAME anew and store it.")
def check(paths: tuple[str, ...], accepted: tuple[str, ...]) -> None:
    """Run stored notebooks again and compare every output with what is stored (plain nbval).

    \b
    nbmodel check                                  all notebooks and reference reports
    nbmodel check 03_reuptake                      one, by name or by path
    nbmodel check --accept 03_reuptake             store what it gives now
    """
    from nbmodel.report import check as checking

    try:
        if accepted and paths:
            raise checking.Refused(["--accept stores and PATH compares; do one after the other"])
        if accepted:
            checking.refuse_unknown(accepted)
            _accept(accepted)
            return
        found = checking.find(paths)
    except checking.Refused as refused:
        raise Refusal(refused.problems) from None
    if not found:
        raise Refusal(["there is no stored notebook to check"])
    if checking.nbval(found):
        click.echo("Stored and fresh outputs differ, or a cell failed; the lines above say where.", err=True)
        click.echo("If the change is meant: nbmodel check --accept NAME", err=True)
        sys.exit(1)
    click.echo(f"{len(found)} checked: every output is as stored.")


@main.command(short_help="The 27 claims, recomputed: which are shown?")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a list of objects, for programs to read.")
def claims(as_json: bool) -> None:
    """Recompute the number behind each claim of the collection and say whether it is shown.

    \b
    nbmodel claims
    nbmodel claims --json
    """
    from nbmodel import claims as ledger

    rows = ledger.table()
    if as_json:
        _print(rows, as_json)
        return
    columns = {
        "id": "id",
        "claim": "text",
        "published": "published",
        "model": "value",
        "unit": "unit",
        "shown": "shown",
    }
    _fit(list(columns), [[row[key] for key in columns.values()] for row in rows])
    click.echo(f"\n{sum(bool(r['shown']) for r in rows)} of {len(rows)} claims are shown.")


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

    rows = ledger.table(theme)
    if as_json:
        _print(rows, as_json)
        return
    columns = ["id", "observation", "published", "low", "high", "model", "unit", "met", "role"]
    _fit(columns, [[row[key] for key in columns] for row in rows])
    click.echo("\nMet (the model lies between low and high), and by the null models without feedback and without NET:")
    for role, met, count, feedback, net in ledger.summary(rows):
        click.echo(
            f"  {role}: {met} of {count}" + (f" (null models {feedback} and {net})" if role != "identity" else "")
        )
    missed = [row for row in rows if not row["met"]]
    if missed:
        click.echo("\nMissed, and why:")
        for row in missed:
            click.echo(f"  {row['id']}: {row['reason']}")


def _settings(settings: Sequence[str], problems: list[str]) -> dict[str, object]:
    """The -p options as names and values."""
    values: dict[str, object] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            problems.append(f"-p {setting!r} is not NAME=VALUE, such as -p net_occupancy=0.8")
        elif name.strip() in values:
            problems.append(f"-p {name.strip()} is given twice; give it once")
        else:
            values[name.strip()] = value.strip()
    return values


def _output(folder: Path | None, problems: list[str]) -> Path:
    folder = folder or collection.output_folder()
    in_the_way = next((p for p in (folder, *folder.parents) if p.exists() and not p.is_dir()), None)
    if in_the_way:
        problems.append(f"-o {folder}: {in_the_way} is a file; name a folder")
    return folder


def _run(planned: Mapping[str, Scenario], folder: Path, sources: Sources) -> None:
    """Build each report, tell the progress, write the index; exit 1 when one failed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal([f"-o {folder} cannot be made ({error.strerror}); name another folder"]) from None
    from nbmodel.report import index, run

    failures: dict[str, ReportFailed] = {}
    pages: dict[str, Path] = {}
    links = run.links(folder, planned)
    width = max(map(len, planned))
    for number, (name, case) in enumerate(planned.items(), 1):
        line, began = f"[{number}/{len(planned)}] {name:{width}}", time.monotonic()
        try:
            pages[name] = run.build(case, name, folder, notebooks=sources.notebooks, links=links, progress=_Cells(line))
            said = f"{time.monotonic() - began:5.1f} s"
        except run.ReportFailed as failure:
            failures[name] = failure
            said = f"FAILED: {failure}"
        except KeyboardInterrupt:
            listing = index.write(folder)
            click.echo(f"\nInterrupted; the finished reports are whole: {listing}", err=True)
            sys.exit(130)
        click.echo(f"\r{line}  {said}" if sys.stdout.isatty() else f"{line}  {said}")
    if failures:
        index.relink(folder, pages)  # links to the reports that failed lead nowhere
    listing = index.write(folder)
    for name, failed in failures.items():
        kept = f"; the notebook up to there is {failed.kept}" if failed.kept else ""
        click.echo(f"{name}: {failed}{kept}", err=True)
    click.echo(f"Open {next(iter(pages.values())) if len(planned) == 1 and pages else listing}")
    if failures:
        sys.exit(1)


class _Cells:
    """Says on a terminal which cell is running."""

    def __init__(self, line: str) -> None:
        self.line = line

    def __call__(self, done: int, total: int) -> None:
        if sys.stdout.isatty():
            click.echo(f"\r{self.line}  cell {done + 1} of {total} ", nl=False)


def _accept(wanted: Sequence[str]) -> None:
    from nbmodel.report import check as checking
    from nbmodel.report import run

    for name in wanted:
        began = time.monotonic()
        try:
            path = checking.accept(name)
        except ScenarioError as error:
            raise Refusal(error.problems) from None
        except run.ReportFailed as failure:
            click.echo(f"{name} is not stored: {failure}", err=True)
            sys.exit(1)
        click.echo(f"stored {path} ({time.monotonic() - began:.1f} s)")


def _print(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(tables.as_json(rows))
    elif rows:
        click.echo(tables.text(list(rows[0]), [list(row.values()) for row in rows]))


def _fit(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    click.echo(tables.text(headers, rows, width=shutil.get_terminal_size((120, 40)).columns))
