"""The commands that make reports: `report`, `reports`, `batch`, `index`. `nbmodel.cli` adds them to the command line."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from nbmodel import collection, scenario
from nbmodel.batch import making, plan
from nbmodel.batch.driving import Sources, drive, output
from nbmodel.batch.workers import cold_option, workers_option
from nbmodel.report import names, records
from nbmodel.report.options import settings_of, settings_option
from nbmodel.report.refusal import MOST_TOLD, Refusal, collecting, told
from nbmodel.scenario import Scenario, setting

output_option = click.option(
    "-o",
    "folder",
    metavar="PATH",
    help="Where to put it (default: reports/built in a checkout, else ./nbmodel-reports).",
)


@click.command(short_help="Run one notebook with your parameters and make a page of it.")
@click.argument("theme", required=False)
@settings_option
@click.option("-f", "file", type=click.Path(path_type=Path), help="A YAML file (see above); -p goes on top.")
@output_option
@click.option("--name", help="Name of the report (default: made from the theme and what was changed).")
@click.option("--force", is_flag=True, help="Make it again even if nothing changed.")
@click.option("--pdf", "as_pdf", is_flag=True, help="Print the page to a PDF too (needs Chromium).")
@click.pass_obj
def report(
    sources: Sources | None,
    theme: str | None,
    settings: tuple[str, ...],
    file: Path | None,
    folder: str | None,
    name: str | None,
    force: bool,
    as_pdf: bool,
) -> None:
    """Run the notebook of THEME with your parameters: a page, an executed notebook and a results table.

    \b
    nbmodel report reuptake
    nbmodel report reuptake -p net_occupancy=0.8 -p basal_ne='6 nM'
    nbmodel report -f my-case.yaml -o my-reports --name my-case
    nbmodel report synthesis --pdf

    A value may carry a unit. Everything is checked before anything runs, and every fault is told at once.
    The file of -f looks like this:

    \b
    theme: reuptake
    title: Most transporters blocked
    parameters:
      net_occupancy: 0.8
    """
    from nbmodel.report import pdf

    problems: list[str] = []
    values = settings_of(settings, problems)
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
    out = output(folder, problems)
    if as_pdf and pdf.browser() is None:
        problems.append("--pdf: there is no Chromium here to print with; install it (Debian: apt install chromium)")
    if problems or case is None:
        raise Refusal(problems)
    forced: frozenset[str] | None = None if force else frozenset()
    name = name or names.of(case)
    drive({name: case}, out, sources, making.Options(forced=forced, whole=False, pdf=as_pdf))
    if as_pdf:
        try:
            click.echo(f"Open {pdf.printed(out / f'{name}.html')}")
        except pdf.NotPrinted as error:
            click.echo(f"nbmodel: the page is whole, but there is no PDF: {error}", err=True)
            sys.exit(1)


@click.command(short_help="Make all reports of the collection and an index.")
@output_option
@workers_option
@cold_option
@click.option("--force", is_flag=True, help="Make them again even where nothing changed.")
@click.pass_obj
def reports(sources: Sources | None, folder: str | None, workers: int | None, cold: bool, force: bool) -> None:
    """Make a report of every scenario of the collection, and an index page.

    \b
    nbmodel reports
    nbmodel reports -o my-reports

    What did not change since it was made is left as it is. One that fails does not stop the others; the exit status
    is then 1 and the index names it first.
    """
    problems: list[str] = []
    planned: dict[str, Scenario] = {}
    where = (sources or Sources()).scenarios or collection.scenarios_folder()
    for path in sorted(where.glob("*.yaml")):
        with collecting(problems):
            name, planned_case = scenario.load(path)
            planned[name] = planned_case
            if names.refusal(name):
                problems.append(names.refusal(name))
    out = output(folder, problems)
    if not planned and not problems:
        problems.append(f"there is no scenario (*.yaml) in {where}")
    if problems:
        raise Refusal(problems)
    forced: frozenset[str] | None = None if force else frozenset()
    drive(planned, out, sources, making.Options(workers=workers, cold=cold, forced=forced))


@click.command(short_help="Make many reports from a table of scenarios.")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("wanted", nargs=-1, metavar="[NAME]...")
@output_option
@workers_option
@click.option(
    "--scheduler", metavar="ADDRESS", help="Let a Dask cluster that you trust do the work, such as tcp://10.0.0.1:8786."
)
@click.option("--shard", metavar="K/N", help="Only part K of N, for one job of an array; `nbmodel index` then merges.")
@click.option("--results-only", is_flag=True, help="Compute the results tables alone, without running a notebook.")
@click.option("--skip-invalid", is_flag=True, help="Leave faulty rows out instead of refusing the file.")
@click.option("--force", is_flag=True, help="Make every report again, or only each NAME that follows FILE.")
@cold_option
@click.pass_obj
def batch(
    sources: Sources | None,
    file: Path,
    wanted: tuple[str, ...],
    folder: str | None,
    workers: int | None,
    scheduler: str | None,
    shard: str | None,
    results_only: bool,
    skip_invalid: bool,
    force: bool,
    cold: bool,
) -> None:
    """Make a report of every row of FILE (a table in .csv, .tsv or .txt, or .yaml), and an index with all results.

    \b
    nbmodel batch cases.csv -o my-batch
    nbmodel batch grid.yaml --results-only
    nbmodel batch cases.csv --force half-blocked
    nbmodel batch cases.csv --shard 3/8

    All rows are checked first, and every fault is told with its line or, in YAML, its place in the list. What did not change since it was
    made is left as it is, so a batch that was interrupted carries on. One that fails does not stop the others; the
    exit status is then 1. A file looks like one of these:

    \b
    theme,name,title,net_occupancy,basal_ne        grid:
    reuptake,half,Half is blocked,0.5,               theme: reuptake
    reuptake,,,0.8,14 nM                             parameters:
                                                       net_occupancy: [0, 0.5, 1]
    """
    problems: list[str] = []
    found, cases = _planned(file, shard, skip_invalid, problems)
    if wanted and not force:
        problems.append(f"what is {wanted[0]!r}? Names after FILE go with --force")
    elif skip_invalid or not found.faults:
        unknown = [setting.brief(name) for name in wanted if name not in found.cases]
        problems += [f"--force {name}: {file.name} has no report of that name" for name in unknown]
    if scheduler and workers:
        problems.append("--workers is for this machine; a cluster has as many as were started")
    if not problems and not found.cases:
        problems += [f"{file.name} has no valid row", *found.faults]
    out = output(folder, problems)
    options = making.Options(workers, cold, results_only, None, scheduler, index=shard is None)
    made = [*records.OVERVIEW, *(f"{name}{ending}" for name in cases for ending in options.endings)]
    if os.path.realpath(file.parent) == os.path.realpath(out) and file.name in made:
        problems.append(f"{file.name} would be overwritten: a file of that name is made in {out}; name another folder")
    if problems:
        raise Refusal(problems)
    for fault in found.faults[:MOST_TOLD]:
        click.echo(f"left out: {fault}", err=True)
    if found.faults:
        click.echo(f"{found.left_out} of {found.rows} rows are left out.", err=True)
    if not cases:
        click.echo(f"Part {shard} has no row: {file.name} has {len(found.cases)}. There is nothing to do.")
        return
    forced = frozenset(wanted) if wanted or not force else None
    drive(cases, out, sources, replace(options, forced=forced))


def _planned(
    file: Path, shard: str | None, skip_invalid: bool, problems: list[str]
) -> tuple[plan.Plan, dict[str, Scenario]]:
    """Plan of a batch file, and of its scenarios those to make now; what is wrong with it is added to `problems`."""
    found = plan.Plan()
    with collecting(problems):
        found = plan.load(file)
    if not skip_invalid:
        problems += found.faults
    try:
        return found, found.cases if shard is None else plan.shard(found.cases, shard)
    except ValueError as error:
        problems.append(str(error))
    return found, found.cases


@click.command(short_help="Write the index of a folder of reports anew.")
@click.argument("folder", type=click.Path(path_type=Path))
def index(folder: Path) -> None:
    """List the reports in FOLDER: index.html and results.csv. It merges what the parts of a batch (--shard) left.

    \b
    nbmodel index my-batch

    Where the hidden folder .records was lost, as uploads do, the reports are known again by their notebooks.
    """
    if not os.path.isdir(folder):
        raise Refusal([f"there is no folder {folder}"])
    from nbmodel.batch import index as listing
    from nbmodel.batch import recovery

    try:
        recovery.take_up(folder)
        page = listing.write_pages(folder)
    except OSError as error:
        raise Refusal([f"{folder} cannot be written ({told(error)})"]) from None
    click.echo(f"Open {page}")
