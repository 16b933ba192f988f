"""The commands `nbmodel assign` and `nbmodel grade`."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from nbmodel.course.spreadsheet import Table
    from nbmodel.grading.marking import Row

KEY = Path("course.key")
STRAY = 0.25  # an assignment that fewer hand in, as a share of those who hand in the commonest, was not asked for


class Refusal(click.ClickException):
    """What was asked for cannot be done, and nothing was; exit status 2."""

    exit_code = 2

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
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
    help="A class: a table (CSV) with a column 'student'.",
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
    from nbmodel.course import files, source

    if (student is None) == (roster is None):
        raise Refusal(["say for whom: --student ID or --roster FILE"])
    problems = files.refuse_outputs([key_file], [out])
    chosen, ids = None, [student] if student is not None else []
    with _collecting(problems):
        chosen = source.find(theme, folder)
        source.questions(chosen, source.defaults(chosen), "")
    with _collecting(problems):
        if roster is not None:
            ids = list(_roster(roster))
    problems += [problem for one in ids if (problem := source.refuse_id(str(one)))]
    if problems or chosen is None:
        raise Refusal(problems)
    course_key = _key(key_file, make=True)
    suffix = "" if edition == "student" else f"_{edition}"
    texts: dict[Path, str] = {}
    for one in map(str, ids):
        about = {"theme": theme, "student": one, "signature": source.signature(theme, one, course_key)}
        made = source.edition(chosen, edition, source.draw(chosen, one, course_key), about)
        texts[out / f"{theme}_{one}{suffix}.ipynb"] = source.text_of(made)
    changed = [path for path, text in texts.items() if path.exists() and path.read_bytes() != text.encode()]
    if changed:
        raise Refusal([f"{path} is there already and differs; move it away first" for path in changed])
    out.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        files.write(path, text)
    click.echo(f"{len(texts)} notebooks in {out}/" if len(texts) > 1 else f"{next(iter(texts))}")


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
@click.option(
    "--roster", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The class, as for assign: says of whom nothing came in.",
)  # fmt: skip
@click.option(
    "--again", type=click.Choice(("odd", "all")),
    help="Mark anew what died or reached a limit (odd), or everything.",
)  # fmt: skip
@click.option("--unprotected", is_flag=True, help="Go on where submissions cannot be shut in.")
@key_option
@source_option
def grade(
    paths: tuple[Path, ...], out: Path, feedback: Path | None, hand: Path | None, jobs: int | None, seconds: int,
    memory: int, roster: Path | None, again: str | None, unprotected: bool, key_file: Path, folder: Path | None,
) -> None:  # fmt: skip
    """Mark notebooks, or all notebooks of folders, into a table of grades.

    \b
    nbmodel grade handed-in -o grades.csv --feedback feedback
    nbmodel grade handed-in -o grades.csv --feedback feedback --hand feedback/hand.csv

    Each is run alone, shut in by bubblewrap, and its answers are compared outside. Broken off, the command takes up again
    where it stopped (what it has marked stands in grades.csv.kept). Score and max leave out what a person marks, until
    --hand brings those points.
    """
    from nbmodel.course import files, source, spreadsheet
    from nbmodel.grading import feedback as pages
    from nbmodel.grading import handmarks, marking, submissions
    from nbmodel.sandbox import cage as cages
    from nbmodel.sandbox import isolation, self_test

    # Everything that can be refused is, all at once, before anything runs.
    problems = files.refuse_outputs([out], [feedback] if feedback else [])
    course_key, sources, ids, given, before = b"", {}, {}, None, None
    with _collecting(problems):
        course_key = _key(key_file, make=False)
    handed_in, others = submissions.collect(paths)
    missing = [f"there is no {files.name(path)}" for path in handed_in if not os.path.lexists(path)]
    problems += missing or ([] if handed_in else ["there is no notebook in " + ", ".join(map(files.name, paths))])
    with _collecting(problems):
        sources = {theme: source.find(theme, folder) for theme in source.themes(folder)}
        for one in sources.values():
            source.questions(one, source.defaults(one), "")
    with _collecting(problems):
        ids = _roster(roster) if roster else {}
    with _collecting(problems):
        given = handmarks.read(hand) if hand else None
        before = _hand_table(feedback)
    if problems:
        raise Refusal(problems)
    if unsigned := submissions.strangers(handed_in, course_key):
        raise Refusal([
            f"no file was made with {key_file} ({unsigned} were made with another): is this the right course.key? "
            "Name the right one with --key. (Or the id was changed in every file.)"
        ])  # fmt: skip
    limits = cages.SandboxLimits(seconds=seconds, cell_seconds=max(5, seconds // 6), memory=memory * cages.MEGA)
    cage, reasons = self_test.probe(limits)
    if cage is None:
        cage = _without_protection(reasons, unprotected, limits)
    else:
        named = (key_file, out, feedback, hand, roster, folder, *paths, *(path.parent for path in handed_in))
        problems = isolation.exposed(dict.fromkeys(path for path in named if path is not None))
        if problems:
            raise Refusal(problems)

    grader = marking.Grader(sources, course_key, cage)
    out.parent.mkdir(parents=True, exist_ok=True)
    kept_file = out.with_name(out.name + ".kept")
    kept = {
        digest: row for digest, row in marking.restore(kept_file).items()
        if again is None or (again == "odd" and row.status not in marking.AT_A_LIMIT)
    }  # fmt: skip
    rows: dict[Path, Row] = {}
    models: dict[str, dict[str, str]] = {}
    keep = marking.keep(kept_file)
    work = grader.mark_all(handed_in, kept, jobs or min(os.cpu_count() or 1, 64), keep)
    try:
        with (
            contextlib.closing(work),
            click.progressbar(work, length=len(handed_in), label="Marking", show_pos=True) as bar,
        ):
            rows.update(bar)
        if feedback is not None:
            by_hand = {row.theme for row in rows.values() if pages.waiting(row)}
            models = {theme: grader.model(theme, kept, keep) for theme in sorted(by_hand)}
    except KeyboardInterrupt:
        click.echo(f"\nStopped. What was marked is kept in {kept_file}; the same command carries on.", err=True)
        raise SystemExit(130) from None
    found = marking.told_apart([rows[path] for path in handed_in])
    stale: Sequence[str] = ()
    if given is not None:
        try:
            by_person = handmarks.given(given, found)
        except source.SourceError as error:
            raise Refusal(error.problems) from None
        found, stale = handmarks.applied(found, by_person.points), by_person.stale
    absent = _absent(ids, found)
    notes = [f"{path.name}: points for {len(by_person.points)} answers taken" for path in [hand] if path and given]
    if hand is None and before is not None and any(row.get("points") for _, row in before.rows()):
        notes.append(f"{before.path} holds points; to count them, add --hand {before.path}")
    spreadsheet.write(out, [*pages.grades(found), *([*about, "", "", "not handed in"] for about in absent)])
    if feedback is not None:
        notes += pages.write(feedback, found, models, [f"{student} ({theme})" for _, student, theme in absent])
        added = handmarks.complete(feedback / "hand.csv", before, found)
        if before is not None and added:
            notes.append(f"{feedback / 'hand.csv'}: {added} rows added for answers that are new")
    _report(found, out, feedback, [*notes, *stale], others, {student for _, student, _ in absent}, ids)


def _report(
    found: Sequence[Row], out: Path, feedback: Path | None, notes: Sequence[str], others: Sequence[Path],
    absent: set[str], ids: dict[str, None],
) -> None:  # fmt: skip
    """Say what was done, and what a person should look at."""
    from nbmodel.course import files
    from nbmodel.grading import marking

    odd = sum(row.status != "marked" for row in found)
    click.echo(f"{len(found)} submissions, {odd} with a status to look at: {out}")
    limited = sum(row.status.partition(";")[0] in marking.AT_A_LIMIT for row in found)
    if limited:
        click.echo(f"{limited} died or reached a limit; if the computer was busy, try those again with --again odd")
    for note in notes:
        click.echo(note)
    if others:
        some = ", ".join(files.name(path) for path in others[:5]) + (", ..." if len(others) > 5 else "")
        click.echo(f"Passed over, because not notebooks (.ipynb): {some}")
    if absent:
        click.echo(f"Nothing came in from {len(absent)}: {', '.join(sorted(absent))}")
    strange = sorted({row.student for row in found if row.student and ids} - set(ids))
    if strange:
        click.echo(f"Not on the roster: {', '.join(strange)}")
    if feedback is not None:
        click.echo(f"Summary: {feedback / 'summary.html'}")
    waiting = sum(mark.points is None for row in found for mark in row.marks)
    if waiting:
        where = f"see {feedback / 'hand.html'}" if feedback else "add --feedback FOLDER to see them"
        click.echo(f"{waiting} answers wait to be marked by a person: {where}")


def _absent(ids: dict[str, None], found: Sequence[Row]) -> list[tuple[str, str, str]]:
    """The first cells of a row for each student of the roster of whom nothing came in: (file, student, theme)."""
    from nbmodel.course.spreadsheet import plain

    came = {(row.student, row.theme) for row in found if row.student}
    count = Counter(theme for _, theme in came)
    # A file of another assignment that strayed in does not make the whole class late for that one.
    themes = sorted(theme for theme in count if count[theme] >= STRAY * max(count.values()))
    return [("", plain(one), theme) for theme in themes for one in ids if (one, theme) not in came]


def _hand_table(feedback: Path | None) -> Table | None:
    """The hand.csv that is there already: it is added to, so it must be one."""
    from nbmodel.grading import handmarks

    path = feedback / "hand.csv" if feedback else None
    return handmarks.read(path) if path and path.exists() else None


@contextlib.contextmanager
def _collecting(problems: list[str]) -> Iterator[None]:
    """Add what is refused inside to the problems, so that all of them are told at once."""
    from nbmodel.course.source import SourceError

    try:
        yield
    except (SourceError, Refusal) as error:
        problems += error.problems


def _without_protection(reasons: list[str], unprotected: bool, limits: Any) -> Any:
    from nbmodel.sandbox import cage as cages
    from nbmodel.sandbox import self_test

    said = [
        "submissions cannot be shut in on this computer:", *(f"  {reason}" for reason in reasons),
        "without that, a submission runs as you do:", *(f"  {what}" for what in self_test.WHAT_FAILS_WITHOUT),
    ]  # fmt: skip
    if not unprotected:
        raise Refusal([*said, "if you trust every submission, add --unprotected"])
    click.echo("\n".join(["Warning: " + said[0], *said[1:]]), err=True)
    return cages.Cage("none", limits)


def _key(path: Path, make: bool) -> bytes:
    """The course key; where there is none it is made (`make`), readable by its owner only."""
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        click.echo(
            f"Made {path}: keep it safe, grading needs it. Whoever has it can work out everybody's numbers.", err=True
        )
    try:
        key = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise Refusal(
            [f"there is no course key {path}; it was made when the assignments were, name it with --key"]
        ) from None
    except OSError as error:
        raise Refusal([f"{path} cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        key = ""
    if len(key) < 32:
        raise Refusal([f"{path} is not a course key (64 hexadecimal digits)"])
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        click.echo(f"Warning: others on this computer can read {path}; mend it with: chmod 600 {path}", err=True)
    return key.encode()


def _roster(path: Path) -> dict[str, None]:
    """The ids of a class, in their order. Raises SourceError for a table that is no roster."""
    from nbmodel.course import spreadsheet
    from nbmodel.course.source import SourceError

    ids = [one for _, row in spreadsheet.read(path, ("student",)).rows() if (one := row.get("student", ""))]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice or not ids:
        raise SourceError([f"{path.name}: {one!r} stands twice" for one in twice] or [f"{path.name} names nobody"])
    return dict.fromkeys(ids)
