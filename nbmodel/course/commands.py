"""The command `nbmodel assign`, and what it shares with `nbmodel grade`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nbmodel.report.refusal import Refusal

PATH = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
KEY_HELP = "The secret of your course. Keep it, and keep it from students."
SOURCE_HELP = "Take assignments from this folder instead of the collection's."
key_option = click.option("--key", "key_file", type=PATH, default=Path("course.key"), show_default=True, help=KEY_HELP)
source_option = click.option("--source", "folder", type=FOLDER, help=SOURCE_HELP)


@click.command(short_help="Make assignments, each student's with numbers of its own.")
@click.argument("theme")
@click.option("--student", "student", metavar="ID", help="One student.")
@click.option("--roster", type=FILE, help="A class: a table (CSV) with a column 'student'.")
@click.option("-o", "out", type=PATH, default=Path("."), help="Where to put them (default: here).")
@click.option("--edition", type=click.Choice(("student", "solution", "grader")), default="student", show_default=True)
@key_option
@source_option
def assign(student: str | None, roster: Path | None, **options: Any) -> None:
    """Make the assignment THEME for one student or a class.

    \b
    nbmodel assign synthesis --roster roster.csv -o handout
    nbmodel assign synthesis --student ada --edition solution

    The numbers follow from the id and the course key (made at first use): the same every time, other for each student.
    An assignment that a student may already have worked on is never overwritten.
    """
    from nbmodel.course import handout

    if (student is None) == (roster is None):
        raise Refusal(["say for whom: --student ID or --roster FILE"])
    handout.hand_out(students=[] if student is None else [student], roster=roster, **options)
