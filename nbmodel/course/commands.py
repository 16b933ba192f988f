"""The commands `nbmodel assign` and `nbmodel grade`."""

from __future__ import annotations

import csv
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from nbmodel.course.grading import Row

KEY = Path("course.key")


class Refusal(click.ClickException):
    """What was asked for cannot be done, and nothing was; exit status 2."""

    exit_code = 2

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(f"  {problem}" for problem in problems))

    def show(self, file: Any = None) -> None:
        """Print the reasons, one a line."""
        click.echo(f"nbmodel: nothing was done, because\n{self.message}", err=True)


key_option = click.option(
    "--key", "key_file", type=click.Path(path_type=Path), default=KEY, show_default=True,
    help="The secret of your course. Keep it, and keep it from students.",
)  # fmt: skip
source_option = click.option(
    "--source", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Take assignments from this folder instead of the collection's.",
)  # fmt: skip


@click.command(short_help="Make assignments, each student's with numbers of its own.")
@click.argument("theme")
@click.option("--student", "student", metavar="ID", help="One student.")
@click.option(
    "--roster", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A class: a CSV file with a column 'student'.",
)  # fmt: skip
@click.option(
    "-o", "out", type=click.Path(path_type=Path), default=Path("."), help="Where to put them (default: here)."
)
@click.option("--edition", type=click.Choice(("student", "solution", "grader")), default="student", show_default=True)
@key_option
@source_option
def assign(
    theme: str, student: str | None, roster: Path | None, out: Path, edition: str, key_file: Path, folder: Path | None
) -> None:
    """Make the assignment THEME for one student or a class.

    \b
    nbmodel assign synthesis --roster roster.csv -o handout
    nbmodel assign synthesis --student ada --edition solution

    The numbers follow from the id and the course key (made at first use): the same every time, other for each student.
    An assignment that a student may already have worked on is never overwritten.
    """
    from nbmodel.course import source

    if (student is None) == (roster is None):
        raise Refusal(["say for whom: --student ID or --roster FILE"])
    try:
        chosen = source.find(theme, folder)
        ids = [student] if student is not None else _roster(roster)
        problems = [problem for one in ids if (problem := source.refuse_id(str(one)))]
        if problems:
            raise source.SourceError(problems)
        source.questions(chosen, source.defaults(chosen), "")
    except source.SourceError as error:
        raise Refusal(error.problems) from None
    course_key = _key(key_file, make=True)
    suffix = "" if edition == "student" else f"_{edition}"
    texts: dict[Path, str] = {}
    for one in ids:
        about = {"theme": theme, "student": str(one), "signature": source.signature(theme, str(one), course_key)}
        made = source.edition(chosen, edition, source.draw(chosen, str(one), course_key), about)
        texts[out / f"{theme}_{one}{suffix}.ipynb"] = source.text_of(made)
    changed = [path for path, text in texts.items() if path.exists() and path.read_text(encoding="utf-8") != text]
    if changed:
        raise Refusal([f"{path} is there already and differs; move it away first" for path in changed])
    out.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    click.echo(
        f"{len(texts)} notebook{'s' if len(texts) > 1 else ''} in {out}/" if len(texts) > 1 else f"{next(iter(texts))}"
    )


@click.command(short_help="Mark submissions, safely.")
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...", type=click.Path(path_type=Path))
@click.option("-o", "out", type=click.Path(path_type=Path), default=Path("grades.csv"), show_default=True)
@click.option(
    "--feedback", type=click.Path(path_type=Path), help="Folder for pages: each student, hand marking, summary."
)
@click.option(
    "--hand", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The filled-in hand.csv of the feedback folder.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 64), help="Submissions at a time (default: one per processor).")
@click.option(
    "--seconds", type=click.IntRange(5, 3600), default=120, show_default=True, help="Time for one submission."
)
@click.option(
    "--memory", type=click.IntRange(512, 2**20), default=2048, show_default=True, help="MB for one submission."
)
@click.option("--unprotected", is_flag=True, help="Go on where submissions cannot be shut in.")
@key_option
@source_option
def grade(
    paths: tuple[Path, ...], out: Path, feedback: Path | None, hand: Path | None, jobs: int | None, seconds: int,
    memory: int, unprotected: bool, key_file: Path, folder: Path | None,
) -> None:  # fmt: skip
    """Mark notebooks, or all notebooks of folders, into a table of grades.

    \b
    nbmodel grade handed-in -o grades.csv --feedback feedback
    nbmodel grade handed-in -o grades.csv --feedback feedback --hand feedback/hand.csv

    Each is run alone, shut in by bubblewrap, and its answers are compared outside. Broken off, the command takes up again
    where it stopped (what it has marked stands in grades.csv.kept). Score and max leave out what a person marks, until
    --hand brings those points.
    """
    from nbmodel.course import feedback as pages
    from nbmodel.course import grading, sandbox, source, trials

    course_key = _key(key_file, make=False)
    files = grading.collect(paths)
    missing = [f"there is no {path}" for path in files if not os.path.lexists(path)]
    if missing or not files:
        raise Refusal(missing or ["there is no notebook in " + ", ".join(map(str, paths))])
    try:
        sources = {theme: source.find(theme, folder) for theme in source.themes(folder)}
        for one in sources.values():
            source.questions(one, source.defaults(one), "")
    except source.SourceError as error:
        raise Refusal(error.problems) from None
    limits = sandbox.Limits(seconds=seconds, cell_seconds=max(5, seconds // 6), memory=memory * sandbox.MEGA)
    cage, reasons = trials.probe(limits)
    if cage is None:
        cage = _without_protection(reasons, unprotected, limits)

    grader = grading.Grader(sources, course_key, cage)
    out.parent.mkdir(parents=True, exist_ok=True)
    kept_file = out.with_name(out.name + ".kept")
    kept, add = grading.restore(kept_file), grading.keep(kept_file)
    rows: dict[str, Row] = {}
    work = grader.mark_all(files, kept, jobs or min(os.cpu_count() or 1, 64))
    with click.progressbar(work, length=len(files), label="Marking", show_pos=True) as bar:
        for digest, row in bar:
            rows[row.file] = row
            if digest not in kept:
                add(digest, row)
    found = grading.told_apart([rows[str(path)] for path in files])
    if hand is not None:
        try:
            found = grading.with_hand_marks(found, pages.read_hand(hand, found))
        except source.SourceError as error:
            raise Refusal(error.problems) from None
    _write(out, pages.grades(found))
    if feedback is not None:
        pages.write(feedback, found)
    waiting = sum(mark.points is None for row in found for mark in row.marks)
    odd = sum(row.status != "marked" for row in found)
    click.echo(f"{len(found)} submissions, {odd} with a status to look at: {out}")
    if feedback is not None:
        click.echo(f"Summary: {feedback / 'summary.html'}")
    if waiting:
        where = f"see {feedback / 'hand.html'}" if feedback else "add --feedback FOLDER to see them"
        click.echo(f"{waiting} answers wait to be marked by a person: {where}")


def _without_protection(reasons: list[str], unprotected: bool, limits: Any) -> Any:
    from nbmodel.course import sandbox, trials

    said = [
        "submissions cannot be shut in on this computer:", *(f"  {reason}" for reason in reasons),
        "without that, a submission runs as you do:", *(f"  {what}" for what in trials.WHAT_FAILS_WITHOUT),
    ]  # fmt: skip
    if not unprotected:
        raise Refusal([*said, "if you trust every submission, add --unprotected"])
    click.echo("\n".join(["Warning: " + said[0], *said[1:]]), err=True)
    return sandbox.Cage("none", limits)


def _key(path: Path, make: bool) -> bytes:
    """The course key; where there is none it is made (`make`), readable by its owner only."""
    if make and not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        click.echo(
            f"Made {path}: keep it safe, grading needs it. Whoever has it can work out everybody's numbers.", err=True
        )
    try:
        key = path.read_text(encoding="utf-8").strip()
    except OSError:
        raise Refusal(
            [f"there is no course key {path}; it was made when the assignments were, name it with --key"]
        ) from None
    except UnicodeDecodeError:
        key = ""
    if len(key) < 32:
        raise Refusal([f"{path} is not a course key (64 hexadecimal digits)"])
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        click.echo(f"Warning: others on this computer can read {path}; mend it with: chmod 600 {path}", err=True)
    return key.encode()


def _roster(path: Path | None) -> list[str]:
    from nbmodel.course.source import SourceError

    assert path is not None
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if "student" not in (reader.fieldnames or ()):
            raise SourceError([f"{path.name} has no column 'student' in its first line"])
        ids = [(row["student"] or "").strip() for row in reader]
    ids = [one for one in ids if one]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice or not ids:
        raise SourceError([f"{path.name}: {one!r} stands twice" for one in twice] or [f"{path.name} names nobody"])
    return ids


def _write(path: Path, table: list[list[str]]) -> None:
    """Write the table whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(table)
    unfinished.replace(path)
