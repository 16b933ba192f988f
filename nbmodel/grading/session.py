"""One call of `nbmodel grade`: what it was asked for is looked at, submissions are marked, grades and pages written."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import click

from nbmodel.course import answer_key, course_key, files, source, spreadsheet
from nbmodel.course.errors import CourseError, collecting
from nbmodel.course.source import Source
from nbmodel.data.spreadsheet import Table
from nbmodel.grading import handmarks, marks, submissions
from nbmodel.grading.marking import Grader
from nbmodel.grading.marks import Row
from nbmodel.sandbox import isolation, self_test
from nbmodel.sandbox.cage import MEGA, Cage, SandboxLimits

Models = Mapping[str, Mapping[str, str]]


@dataclass
class Session:
    """Options of one call of the command, then what was found by looking at them."""

    paths: Sequence[Path]
    out: Path
    feedback: Path | None
    hand: Path | None
    jobs: int | None
    seconds: int
    memory: int
    roster: Path | None
    again: Literal["odd", "all"] | None
    unprotected: bool
    key_file: Path
    folder: Path | None
    key: bytes = b""
    sources: dict[str, Source] = field(default_factory=dict)
    ids: dict[str, None] = field(default_factory=dict)
    given: Table | None = None
    before: Table | None = None

    def run(self) -> None:
        """Mark everything and write what was asked for. Raises CourseError before anything is written."""
        handed_in, others = submissions.collect(self.paths)
        self._look(handed_in)
        if unsigned := submissions.strangers(handed_in, self.key):
            asked = (
                "is this the right course.key? Name the right one with --key. (Or the id was changed in every file.)"
            )
            raise CourseError([f"no file was made with {self.key_file} ({unsigned} were made with another): {asked}"])
        rows, models = self._mark(handed_in, self._cage(handed_in))
        rows = marks.told_apart(rows)
        notes: list[str] = []
        stale: Sequence[str] = ()
        if self.given is not None and self.hand is not None:
            by_person = handmarks.given(self.given, rows)
            rows, stale = handmarks.applied(rows, by_person), by_person.stale
            notes.append(f"{self.hand.name}: points for {len(by_person.points)} answers taken")
        elif self.before is not None and any(row.get("points") for _, row in self.before.rows()):
            notes.append(f"{self.before.path} holds points; to count them, add --hand {self.before.path}")
        absent = marks.absent(self.ids, rows)
        spreadsheet.write(self.out, marks.grades(rows, absent))
        if self.feedback is not None:
            notes += self._write_pages(self.feedback, rows, models, [f"{one} ({theme})" for one, theme in absent])
        self._report(rows, [*notes, *stale], others, {student for student, _ in absent})

    def _look(self, handed_in: Sequence[Path]) -> None:
        """Read everything that is needed. Raises CourseError with all that can be refused, before anything runs."""
        problems = files.refuse_outputs([self.out], [self.feedback] if self.feedback else [])
        with collecting(problems):
            self.key = course_key.load(self.key_file)
        problems += [f"there is no {files.name(path)}" for path in handed_in if not os.path.lexists(path)]
        if not handed_in:
            problems.append("there is no notebook in " + ", ".join(map(files.name, self.paths)))
        with collecting(problems):
            self.sources = {theme: source.find(theme, self.folder) for theme in source.themes(self.folder)}
            for one in self.sources.values():
                answer_key.questions(one, source.defaults(one), "")
        with collecting(problems):
            self.ids = spreadsheet.roster(self.roster) if self.roster else {}
        with collecting(problems):
            self.given = handmarks.read(self.hand) if self.hand else None
            if self.feedback and (self.feedback / "hand.csv").exists():  # it is added to, so it must be a table
                self.before = handmarks.read(self.feedback / "hand.csv")
        if problems:
            raise CourseError(problems)

    def _cage(self, handed_in: Sequence[Path]) -> Cage:
        """Return the cage for submissions. Raises CourseError where they could do harm in it or read what they must not."""
        limits = SandboxLimits(self.seconds, max(5, self.seconds // 6), self.memory * MEGA)
        cage, reasons = self_test.probe(limits)
        if cage is not None:
            named = (self.key_file, self.out, self.feedback, self.hand, self.roster, self.folder, *self.paths)
            shown = dict.fromkeys(path for path in (*named, *(path.parent for path in handed_in)) if path is not None)
            if problems := isolation.exposed(shown):
                raise CourseError(problems)
            return cage
        said = ["submissions cannot be shut in on this computer:", *(f"  {reason}" for reason in reasons)]
        said += ["without that, a submission runs as you do:", *(f"  {what}" for what in self_test.WHAT_FAILS_WITHOUT)]
        if not self.unprotected:
            raise CourseError([*said, "if you trust every submission, add --unprotected"])
        click.echo("\n".join(["Warning: " + said[0], *said[1:]]), err=True)
        return Cage("none", limits)

    def _mark(self, handed_in: Sequence[Path], cage: Cage) -> tuple[list[Row], Models]:
        """Return the rows, and the model solutions' work for questions that a person marks; Ctrl-C keeps what is done."""
        grader = Grader(self.sources, self.key, cage)
        self.out.parent.mkdir(parents=True, exist_ok=True)
        kept_file = self.out.with_name(self.out.name + ".kept")
        kept = {} if self.again == "all" else marks.restore(kept_file)
        if self.again == "odd":
            kept = {digest: row for digest, row in kept.items() if row.status not in marks.AT_A_LIMIT}
        keep = marks.keep(kept_file)
        work = grader.mark_all(handed_in, kept, self.jobs or min(os.cpu_count() or 1, 64), keep)
        bar = click.progressbar(work, length=len(handed_in), label="Marking", show_pos=True)
        try:
            with contextlib.closing(work), bar as done:
                rows = dict(done)
            waiting = sorted({row.theme for row in rows.values() if row.waiting}) if self.feedback else ()
            models = {theme: grader.model(theme, kept, keep) for theme in waiting}
        except KeyboardInterrupt:
            click.echo(f"\nStopped. What was marked is kept in {kept_file}; the same command carries on.", err=True)
            raise SystemExit(130) from None
        return [rows[path] for path in handed_in], models

    def _write_pages(self, folder: Path, rows: Sequence[Row], models: Models, absent: Sequence[str]) -> list[str]:
        """Write the pages and the table for who marks; what there is to tell of it."""
        from nbmodel.grading import feedback

        notes = feedback.write(folder, rows, models, absent)
        added = handmarks.complete(folder / "hand.csv", self.before, rows)
        if self.before is not None and added:
            notes.append(f"{folder / 'hand.csv'}: {added} rows added for answers that are new")
        return notes

    def _report(self, rows: Sequence[Row], notes: Sequence[str], others: Sequence[Path], absent: set[str]) -> None:
        """Say what was done, and what a person should look at."""
        odd = sum(row.status != "marked" for row in rows)
        click.echo(f"{len(rows)} submissions, {odd} with a status to look at: {self.out}")
        if limited := sum(row.status.partition(";")[0] in marks.AT_A_LIMIT for row in rows):
            click.echo(f"{limited} died or reached a limit; if the computer was busy, try those again with --again odd")
        for note in notes:
            click.echo(note)
        if others:
            some = ", ".join(files.name(path) for path in others[:5]) + (", ..." if len(others) > 5 else "")
            click.echo(f"Passed over, because not notebooks (.ipynb): {some}")
        if absent:
            click.echo(f"Nothing came in from {len(absent)}: {', '.join(sorted(absent))}")
        if strange := sorted({row.student for row in rows if row.student and self.ids} - set(self.ids)):
            click.echo(f"Not on the roster: {', '.join(strange)}")
        if self.feedback is not None:
            click.echo(f"Summary: {self.feedback / 'summary.html'}")
        if waiting := sum(mark.points is None for row in rows for mark in row.marks):
            where = f"see {self.feedback / 'hand.html'}" if self.feedback else "add --feedback FOLDER to see them"
            click.echo(f"{waiting} answers wait to be marked by a person: {where}")
