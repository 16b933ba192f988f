"""One call of `nbmodel grade`: what it was asked for is looked at, submissions are marked, grades and pages written."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import click

from nbmodel.course import answer_key, course_key, files, source, spreadsheet
from nbmodel.course.files import CourseError, collecting
from nbmodel.course.source import Source
from nbmodel.data.spreadsheet import Table
from nbmodel.grading import deadline, gradebook, handmarks, marks, submissions
from nbmodel.grading.deadline import Deadline
from nbmodel.grading.marking import Grader
from nbmodel.grading.marks import Row
from nbmodel.report.refusal import MOST_TOLD
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
    due: str | None = None
    times: Path | None = None
    gradebook: Path | None = None
    key: bytes = b""
    sources: dict[str, Source] = field(default_factory=dict)
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    given: Table | None = None
    before: Table | None = None
    book: Table | None = None
    deadline: Deadline | None = None

    @property
    def kept_file(self) -> Path:
        """Where marks are kept between calls."""
        return self.out.with_name(self.out.name + ".kept")

    @property
    def upload(self) -> Path:
        """The gradebook with its grades, to be given back to the learning platform."""
        return self.out.with_name(f"{self.out.stem}_upload.csv")

    def run(self) -> None:
        """Mark everything and write what was asked for. Raises CourseError before anything is written."""
        own = (self.out, self.kept_file, self.upload, self.feedback, self.key_file, self.roster, self.hand, self.folder)
        leave = [path for path in (*own, self.times, self.gradebook) if path is not None]
        problems: list[str] = []
        handed_in: list[Path] = []
        with collecting(problems):
            handed_in = submissions.collect(self.paths, leave)
        self._look(handed_in, problems)
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
            by_person = handmarks.given(self.given, rows, self.key)
            rows, stale = handmarks.applied(rows, by_person), by_person.stale
            notes.append(f"{self.hand.name}: points for {len(by_person.points)} answers taken")
        elif self.before is not None and any(row.get("points") for _, row in self.before.rows()):
            notes.append(f"{self.before.path} holds points; to count them, add --hand {self.before.path}")
        rows = self._told_late(rows)
        uploaded = self._filled(rows, notes)
        absent = marks.absent(self.people, rows)
        unclear = marks.perhaps([one for one, _ in absent], self.people, rows)
        table = marks.grades(rows, absent, unclear)
        notes += self._changes(table)
        spreadsheet.write(self.out, table)
        if self.book is not None:
            gradebook.write(self.upload, uploaded, self.book)
        if self.feedback is not None:
            nothing = [f"{one} ({theme})" for one, theme in absent if one not in unclear]
            notes += self._write_pages(self.feedback, rows, models, nothing)
        self._report(rows, [*notes, *stale], sorted({one for one, _ in absent} - set(unclear)), unclear)

    def _look(self, handed_in: Sequence[Path], problems: list[str]) -> None:
        """Read everything that is needed. Raises CourseError with all that can be refused, before anything runs."""
        problems += self._refused_outputs(handed_in)
        with collecting(problems):
            self.key = course_key.load(self.key_file)
        problems += [f"there is no {files.name(path)}" for path in self.paths if not os.path.lexists(path)]
        if not any(".ipynb" in path.name.lower() or path in self.paths for path in handed_in) and not problems:
            where = ", ".join(map(files.name, self.paths))
            problems.append(
                f"there is no notebook in {where}, and {len(handed_in)} other files: name the folder that has"
            )
        with collecting(problems):
            self.sources = {theme: source.find(theme, self.folder) for theme in source.themes(self.folder)}
            for one in self.sources.values():
                answer_key.questions(one, source.defaults(one), "")
        with collecting(problems):
            self.people = spreadsheet.people(self.roster) if self.roster else {}
        with collecting(problems):
            self.given = handmarks.read(self.hand) if self.hand else None
        with collecting(problems):
            if self.feedback and (self.feedback / "hand.csv").exists():  # it is added to, so it must be a table
                self.before = handmarks.read(self.feedback / "hand.csv")
        with collecting(problems):
            self.book = gradebook.read(self.gradebook) if self.gradebook else None
        with collecting(problems):
            if self.due and self.times:
                self.deadline = deadline.read(self.due, self.times, self.people)
            elif self.due or self.times:
                said = "--due and --times go together: a due date, and a table that says when each came in"
                problems.append(said)
        if problems:
            raise CourseError(problems)

    def _refused_outputs(self, handed_in: Sequence[Path]) -> list[str]:
        """Return what keeps the outputs from being written: one that is read, too, or a file that is not ours."""
        named = {
            self.key_file: "the course key",
            self.roster: "the roster",
            self.times: "the table of times",
            self.gradebook: "the gradebook that was exported",
            self.hand: "the table of points by hand",
            (self.folder or source.folder()): "the folder of the sources",
        }
        inputs = dict.fromkeys(source.themes(self.folder).values(), "a source")
        inputs |= dict.fromkeys((*handed_in, *self.paths), "a submission")
        inputs |= {path: what for path, what in named.items() if path is not None}
        made = [(self.out, marks.is_ours, "is no table of grades"), (self.kept_file, marks.is_kept, "holds no marks")]
        if self.gradebook:
            made.append((self.upload, gradebook.is_ours, "is no gradebook"))
        pages = [self.feedback] if self.feedback else []
        if problems := files.refuse_outputs([path for path, *_ in made], pages, inputs):
            return problems
        for path, ours, said in made:
            if path.exists() and path.stat().st_size and not ours(path):
                problems.append(f"{path} is there already and {said}; name another file with -o")
        for folder in pages:
            if folder.exists() and any(folder.iterdir()) and not (folder / "hand.csv").exists():
                problems.append(f"{folder} has files that are not ours; name a new folder for --feedback")
        return problems

    def _told_late(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows, with who was late in the status. Raises CourseError where the due date could be of several."""
        if self.deadline is None:
            return list(rows)
        theme = self._one_theme(rows, "--due")
        late = self.deadline.late({row.student for row in rows if row.student}, self.people)
        said = [f"; {late[row.student]}" if row.theme == theme and row.student in late else "" for row in rows]
        return [replace(row, status=row.status + more) for row, more in zip(rows, said, strict=True)]

    def _filled(self, rows: Sequence[Row], notes: list[str]) -> list[list[str]]:
        """Return the gradebook with its grades, or nothing; who is not in it, or has no grade, is told in the notes."""
        if self.book is None:
            return []
        theme = self._one_theme(rows, "--gradebook")
        grades, left = gradebook.totals(rows, theme)
        lines = gradebook.whose(self.book, {*self.people, *grades}, self.people)
        left += [f"{one}: is not in {self.book.path.name}" for one in grades if one not in lines]
        made = gradebook.filled(self.book, theme, grades, lines, left)
        notes.append(f"{self.upload}: the gradebook with its grades, to give back")
        notes += [f"  left as it was: {sentence}" for sentence in left]
        return made

    def _one_theme(self, rows: Sequence[Row], option: str) -> str:
        themes = marks.asked_for(rows)
        if len(themes) > 1:
            raise CourseError(
                [f"{option} is about one assignment, and here are {' and '.join(themes)}; grade each alone"]
            )
        return themes[0] if themes else ""

    def _changes(self, table: Sequence[Sequence[str]]) -> list[str]:
        """Return what is other than in the table of grades that stood there, a sentence each."""
        if not self.out.exists() or not self.out.stat().st_size:
            return []
        with collecting([]):  # a line that somebody has broken is told of by nobody: the table is made anew
            before = [row for _, row in spreadsheet.read(self.out, marks.COLUMNS).rows()]
            found = marks.changes(before, table)
            return [f"Changed since {self.out} was written:", *(f"  {one}" for one in found)] if found else []
        return [f"{self.out} was not whole; what has changed since is not known"]

    def _cage(self, handed_in: Sequence[Path]) -> Cage:
        """Return the cage for submissions. Raises CourseError where they could do harm in it or read what they must not."""
        limits = SandboxLimits(self.seconds, max(5, self.seconds // 6), self.memory * MEGA)
        cage, reasons = self_test.probe(limits)
        if cage is not None:
            named = (self.key_file, self.out, self.feedback, self.hand, self.roster, self.folder, *self.paths)
            more = (self.times, self.gradebook, *(path.parent for path in handed_in))
            shown = dict.fromkeys(path for path in (*named, *more) if path is not None)
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
        kept = {} if self.again == "all" else marks.restore(self.kept_file)
        if self.again == "odd":
            kept = {digest: row for digest, row in kept.items() if row.status not in marks.AT_A_LIMIT}
        keep = marks.keep(self.kept_file)
        work = grader.mark_all(handed_in, kept, self.jobs or min(os.cpu_count() or 1, 64), keep)
        bar = click.progressbar(work, length=len(handed_in), label="Marking", show_pos=True)
        try:
            with contextlib.closing(work), bar as done:
                rows = dict(done)
            waiting = sorted({row.theme for row in rows.values() if row.waiting}) if self.feedback else ()
            models = {theme: grader.model(theme, kept, keep) for theme in waiting}
        except KeyboardInterrupt:
            click.echo(
                f"\nStopped. What was marked is kept in {self.kept_file}; the same command carries on.", err=True
            )
            raise SystemExit(130) from None
        return [rows[path] for path in handed_in], models

    def _write_pages(self, folder: Path, rows: Sequence[Row], models: Models, nothing: Sequence[str]) -> list[str]:
        """Write the table for who marks, by which the folder is known as ours, and the pages; what there is to tell of it."""
        from nbmodel.grading import feedback

        folder.mkdir(parents=True, exist_ok=True)
        added = handmarks.complete(folder / "hand.csv", self.before, rows, self.key)
        notes = feedback.write(folder, rows, models, nothing)
        if self.before is not None and added:
            notes.append(f"{folder / 'hand.csv'}: {added} rows added for answers that are new")
        return notes

    def _report(
        self, rows: Sequence[Row], notes: Sequence[str], nothing: Sequence[str], unclear: Mapping[str, Row]
    ) -> None:
        """Say what was done, and what a person should look at."""
        odd = sum(row.status != "marked" for row in rows)
        click.echo(f"{len(rows)} files, {odd} with a status to look at: {self.out}")
        if limited := sum(row.status.partition(";")[0] in marks.AT_A_LIMIT for row in rows):
            click.echo(f"{limited} died or reached a limit; if the computer was busy, try those again with --again odd")
        for note in notes:
            click.echo(note)
        for status in dict.fromkeys(row.status for row in rows if not row.student):
            _list(f"Not marked, {status}", [row.file for row in rows if row.status == status])
        _list("Perhaps among those not marked", [f"{one}: {row.file}" for one, row in unclear.items()])
        if nothing:
            click.echo(f"Nothing came in from {len(nothing)}: {', '.join(nothing)}")
        if strange := sorted({row.student for row in rows if row.student and self.people} - set(self.people)):
            click.echo(f"Not on the roster: {', '.join(strange)}")
        _list("Late", [f"{row.student}: {row.status}" for row in rows if "; late by " in row.status])
        if self.feedback is not None:
            click.echo(f"Summary: {self.feedback / 'summary.html'}")
        waits = [(row, [mark.question for mark in row.marks if mark.points is None]) for row in rows]
        if count := sum(len(questions) for _, questions in waits):
            where = f"see {self.feedback / 'hand.html'}" if self.feedback else "add --feedback FOLDER to see them"
            whose = dict.fromkeys(f"{row.student}: {', '.join(questions)}" for row, questions in waits if questions)
            _list(f"{count} answers wait to be marked by a person, {where}", list(whose))


def _list(title: str, lines: Sequence[str]) -> None:
    """Print a title and lines below it, or nothing where there are none."""
    if lines:
        more = [f"... and {len(lines) - MOST_TOLD} more, in the table of grades"] if len(lines) > MOST_TOLD else []
        click.echo("\n  ".join([f"{title}:", *lines[:MOST_TOLD], *more]))
