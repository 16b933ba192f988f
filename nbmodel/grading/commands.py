"""The command `nbmodel grade`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nbmodel.course.commands import FILE, PATH, key_option, source_option
from nbmodel.report.options import Whole

FEEDBACK = "Folder for pages: each student, hand marking, summary."
ROSTER = (
    "The class, as for assign: says of whom nothing came in, and in a column 'extension' who may be later than --due."
)
GRADEBOOK = "What Moodle or Canvas exported: a copy with the grades goes beside the table of grades, to give back."
DUE = "When it was due, as 2026-12-03 23:59; needs --times."
TIMES = "When each came in: a table with a column 'time', or Moodle's grading worksheet."
AGAIN = "Mark anew what died or reached a limit (odd), or everything."


@click.command(short_help="Mark submissions, safely.")
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...", type=PATH)
@click.option("-o", "out", type=PATH, default=Path("grades.csv"), show_default=True)
@click.option("--feedback", type=PATH, help=FEEDBACK)
@click.option("--hand", type=FILE, help="The filled-in hand.csv of the feedback folder.")
@click.option("--jobs", type=Whole(1, 64), help="Submissions at a time (default: one per processor).")
@click.option("--seconds", type=Whole(5, 3600), default=120, show_default=True, help="Time for one submission.")
@click.option("--memory", type=Whole(512, 2**20), default=2048, show_default=True, help="MB for one submission.")
@click.option("--roster", type=FILE, help=ROSTER)
@click.option("--due", metavar="TIME", help=DUE)
@click.option("--times", type=FILE, help=TIMES)
@click.option("--gradebook", type=FILE, help=GRADEBOOK)
@click.option("--again", type=click.Choice(("odd", "all")), help=AGAIN)
@click.option("--unprotected", is_flag=True, help="Go on where submissions cannot be shut in.")
@key_option
@source_option
def grade(**options: Any) -> None:
    """Mark notebooks, all notebooks of folders, or of archives named here (.zip), into a table of grades.

    \b
    nbmodel grade handed-in -o grades.csv --feedback feedback
    nbmodel grade handed-in -o grades.csv --feedback feedback --hand feedback/hand.csv

    Each is run alone, shut in by bubblewrap, and its answers are compared outside. Broken off, the command takes up again
    where it stopped (what it has marked stands in grades.csv.kept); called again, it says which marks have changed. Score
    and max leave out what a person marks, until --hand brings those points.
    """
    from nbmodel.grading.session import Session

    Session(**options).run()
