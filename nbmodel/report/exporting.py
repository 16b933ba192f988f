"""The command `nbmodel export`: the terminal of a scenario as SBML, for other simulators."""

from __future__ import annotations

from pathlib import Path

import click

from nbmodel import scenario
from nbmodel.report.options import settings_of, settings_option
from nbmodel.report.refusal import Refusal, collecting, told


@click.command(short_help="The terminal of a scenario as SBML, for other simulators.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--theme", default="reuptake", show_default=True, help="Theme whose scenario it is.")
@settings_option
def export(file: Path, theme: str, settings: tuple[str, ...]) -> None:
    """Write the norepinephrine terminal of a scenario to FILE (.xml): SBML Level 3, units on every parameter.

    \b
    nbmodel export terminal.xml
    nbmodel export blocked.xml -p net_occupancy=0.8
    nbmodel export patient.xml --theme disorders -p condition=adhd

    COPASI, libroadrunner, Tellurium and others read it. Doses and stimulation are not in it: it is the network with its
    initial state, and its parameters can be changed there. Needs python-libsbml: pip install nbmodel[sbml]
    """
    from nbmodel.report import records
    from nbmodel.scenario.exchange import document

    problems: list[str] = []
    values = settings_of(settings, problems)
    if file.suffix not in (".xml", ".sbml"):
        problems.append(f"{file} is no name of an SBML file; let it end in .xml")
    if file.parent != Path() and not file.parent.is_dir():
        problems.append(f"{file.parent} is no folder; make it first")
    with collecting(problems):
        case = scenario.make(theme, values)
    if problems:
        raise Refusal(problems)
    with collecting(problems):
        try:
            records.replace(file, document(case))
        except (ImportError, OSError) as error:
            problems.append(told(error))
    if problems:
        raise Refusal(problems)
    click.echo(f"Wrote {file}")
