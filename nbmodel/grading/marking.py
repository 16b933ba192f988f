"""From a folder of submissions to marks: each is run in a cage, its answers are compared here.

Nothing of a submission is executed or unpickled in this process: it is read as JSON, its code cells go into the cage as
text, and what comes back is JSON again. The key is worked out here from the source, at that student's numbers.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import platform
import queue
import struct
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from nbmodel.collection import PACKAGE
from nbmodel.course import files, source
from nbmodel.course.source import Source
from nbmodel.exercises import judge
from nbmodel.exercises.answers import LARGEST_PICTURE
from nbmodel.exercises.judge import Question
from nbmodel.grading import submissions
from nbmodel.sandbox.cage import Cage

MOST_PIXELS = 16_000_000  # a small file can unfold into a picture that stops the browser of who marks
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Mark:
    """One question of one submission: `points` is None while a person has to mark it.

    `shown`, `note` and `right` (the right answer to a number) are for that person's eyes only.
    """

    question: str
    kind: str
    points: float | None
    worth: float
    comment: str
    shown: str = ""
    note: str = ""
    right: str = ""


@dataclass(frozen=True)
class Row:
    """One submission, marked. `status` is "marked", "blank", or what kept it from being run to its end.

    `numbers` are the student's; `lasting` is false when the fault was not the submission's, so that it is tried again.
    """

    file: str
    student: str
    theme: str
    status: str
    marks: tuple[Mark, ...] = ()
    faults: tuple[str, ...] = ()
    seconds: float = 0.0
    final: bool = False
    numbers: str = ""
    lasting: bool = True

    @property
    def counted(self) -> list[Mark]:
        """The questions that count: those marked here, and those of a person once all of them are marked (`final`)."""
        return [mark for mark in self.marks if self.final or mark.kind not in ("figure", "essay")]

    @property
    def score(self) -> float:
        """The points of the questions that count."""
        return round(sum(mark.points or 0.0 for mark in self.counted), 2)

    @property
    def worth(self) -> float:
        """The most that could be had for them."""
        return round(sum(mark.worth for mark in self.counted), 2)


# Ends that a busy computer may bring about, too.
AT_A_LIMIT = ("died", "time limit", "memory limit", "process limit", "output limit")
BROKEN = "no answer came out: its cell ended with an error"
BY_HAND = "marked by your lecturer"
WAITING = "a person will mark this"


@cache
def _code_of_grader() -> bytes:
    """What marks hang on beside submissions and sources: the code, the data of the models, the libraries they run on."""
    digest = hashlib.sha256(platform.python_version().encode())
    for library in ("numpy", "scipy", "matplotlib", "ipython"):
        digest.update(metadata.version(library).encode())
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".csv") and not {"_collection", "report"} & set(path.relative_to(PACKAGE).parts):
            digest.update(path.read_bytes())
    return digest.digest()


@dataclass
class Grader:
    """What marks a class: the sources by theme, the course key, and a cage to run submissions in."""

    sources: Mapping[str, Source]
    course_key: bytes
    cage: Cage
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)

    def questions(self, theme: str, student: str, data: bytes = b"") -> tuple[Question, ...]:
        """The key of one student; functions are tried with inputs that nobody without the course key can foresee.

        They are others for each file (`data`) that a student hands in: what one has learnt of them helps no second.
        """
        chosen = self.sources[theme]
        numbers = source.draw(chosen, student, self.course_key)
        seed = source.secret(self.course_key, "inputs", theme, student, hashlib.sha256(data).hexdigest())
        with self._lock:  # keys run the model, which is not meant for threads
            return source.questions(chosen, numbers, seed)

    def digest(self, path: Path) -> str:
        """What the marks of a file depend on; when it has not changed, the file need not run again."""
        try:
            data = submissions.load(path)
        except submissions.Refused as refused:
            data = refused.status.encode()
        parts = [data, os.fsencode(path), self.course_key, repr(self.cage).encode(), _code_of_grader()]
        parts += [
            f"{theme}\0{one.text}".encode("utf-8", "surrogatepass") for theme, one in sorted(self.sources.items())
        ]
        return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()

    def mark(self, path: Path, slot: int = 0) -> Row:
        """Mark one file. It never raises for what a submission holds or does."""
        try:
            return self._mark(path, slot)
        except submissions.Refused as refused:
            worthless: tuple[Mark, ...] = ()
            if refused.theme in self.sources:
                asked = source.questions_of(self.sources[refused.theme])
                worthless = tuple(Mark(name, kind, 0.0, worth, refused.status) for name, kind, worth in asked)
            lasting = refused.status != submissions.UNREADABLE
            return Row(files.name(path), refused.student, refused.theme, refused.status, worthless, lasting=lasting)

    def _mark(self, path: Path, slot: int) -> Row:
        data = submissions.load(path)
        notebook = submissions.open_notebook(data)
        student, theme = submissions.identify(notebook, self.course_key)
        if theme not in self.sources:
            raise submissions.Refused("unknown assignment", student, theme)
        chosen = self.sources[theme]
        answered, asked = submissions.ids(notebook["cells"]), submissions.ids(chosen.notebook["cells"])
        if answered and not answered & asked:
            raise submissions.Refused("cells of another assignment", student, theme)
        questions = self.questions(theme, student, data)
        drawn = source.draw(chosen, student, self.course_key)
        cells = submissions.code(chosen, notebook["cells"], source.numbers_cell(chosen, drawn))
        outcome = self.cage.run(cells, _asked(questions), slot, self._stop)
        answers, faults, failed = _read(outcome.messages)
        if outcome.ended == "died" and outcome.said:
            faults = (*faults, outcome.said)
        marks = tuple(_judged(one, answers.get(one.name), chosen, notebook["cells"]) for one in questions)
        broken = {submissions.question_of(notebook["cells"], number) for number in failed}
        marks = tuple(
            replace(mark, comment=BROKEN) if mark.comment == judge.NOT_TRIED and mark.question in broken else mark
            for mark in marks
        )
        status = "marked" if outcome.ended == "done" else outcome.ended
        if status == "marked" and all(mark.comment == judge.NOT_TRIED for mark in marks):
            status = "blank"
        # A sandbox that sent nothing at all may not have started.
        lasting = status != "stopped" and bool(outcome.messages)
        numbers = ", ".join(f"{one.name} = {drawn[one.name]:g} {one.unit}" for one in chosen.numbers)
        return Row(
            files.name(path), student, theme, status, marks, faults, round(outcome.seconds, 1),
            numbers=numbers, lasting=lasting,
        )  # fmt: skip

    def model(self, theme: str, kept: Mapping[str, Row], keep: Callable[[str, Row], None]) -> dict[str, str]:
        """What the model solution shows for the questions that a person marks, at the numbers of the source."""
        chosen = self.sources[theme]
        parts = [b"model", chosen.text.encode("utf-8", "surrogatepass"), _code_of_grader()]
        digest = hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
        row = kept.get(digest)
        if row is None:
            numbers = source.defaults(chosen)
            cells = source.edition(chosen, "solution", numbers, {})["cells"]
            asked = [one for one in source.questions(chosen, numbers, "") if one.by_hand]
            outcome = self.cage.run(
                submissions.code(chosen, cells, source.numbers_cell(chosen, numbers)), _asked(asked)
            )
            answers = _read(outcome.messages)[0]
            marks = tuple(_judged(one, answers.get(one.name), chosen, cells) for one in asked)
            row = Row("", "", theme, outcome.ended, marks)
            if outcome.ended == "done":
                keep(digest, row)
        return {mark.question: mark.shown for mark in row.marks}

    def mark_all(
        self,
        paths: Sequence[Path],
        kept: Mapping[str, Row],
        jobs: int,
        keep: Callable[[str, Row], None] = lambda digest, row: None,
    ) -> Generator[tuple[Path, Row], None, None]:
        """Mark files `jobs` at a time, each row as it gets done. Those in `kept` by digest are not run again.

        `keep` is given each new row at once. When the caller breaks off, what runs is ended and what waits not begun.
        """
        slots: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(jobs):
            slots.put(slot)
        keeping = threading.Lock()
        self._stop.clear()

        def work(path: Path) -> tuple[Path, Row]:
            slot = slots.get()
            try:
                digest = self.digest(path)
                row = kept.get(digest)
                if row is None:
                    row = self.mark(path, slot)
                    if row.lasting:
                        with keeping:
                            keep(digest, row)
                return path, row
            except Exception as error:  # one bad file never stops a class
                said = files.clean(f"the grader failed ({type(error).__name__}: {error})"[:200])
                return path, Row(files.name(path), "", "", said, lasting=False)
            finally:
                slots.put(slot)

        pool = ThreadPoolExecutor(jobs)
        try:
            for done in as_completed([pool.submit(work, path) for path in paths]):
                yield done.result()
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)


def _asked(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """What the runner has to know of the questions: not what is right."""
    return [
        {"name": q.name, "kind": q.kind, "variable": q.variable, "inputs": q.inputs}
        for q in questions if q.kind != "essay"
    ]  # fmt: skip


def _read(messages: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], tuple[str, ...], set[int]]:
    """The last answer to each question, what went wrong in which cell, and the numbers of those cells."""
    answers: dict[str, Any] = {}
    faults: list[str] = []
    failed: set[int] = set()
    for message in files.clean(list(messages)):
        if isinstance(message.get("question"), str):
            answers[message["question"]] = message.get("answer")
        elif isinstance(message.get("cell"), int) and isinstance(message.get("fault"), str):
            faults.append(f"cell {message['cell']}: {message['fault'][:300]}")
            failed.add(message["cell"])
    return answers, tuple(faults[:50]), failed


def _judged(question: Question, answer: Any, chosen: Source, cells: Sequence[Mapping[str, Any]]) -> Mark:
    base = Mark(question.name, question.kind, 0.0, question.points, judge.NOT_TRIED, "", question.note)
    if question.kind == "essay":
        text = submissions.text(question.name, chosen, cells)
        return replace(base, points=None, comment=WAITING, shown=text) if text else base
    if question.kind == "figure":
        picture, why = _picture(answer)
        return replace(base, points=None, comment=WAITING, shown=picture) if picture else replace(base, comment=why)
    verdict = judge.judge(question, answer)
    if question.kind == "number":
        base = replace(base, right=f"{question.expected[0][0]:.4g} {question.unit}".strip())
    return replace(base, points=round(question.points * verdict.share, 2), comment=verdict.comment)


def _picture(answer: Any) -> tuple[str, str]:
    """The picture as base64, or why there is none. The runner's word that it is a small PNG counts for nothing here."""
    if not isinstance(answer, dict) or not isinstance(answer.get("png"), str):
        said = str(answer.get("other", ""))[:100] if isinstance(answer, dict) else ""
        return "", f"no figure: {said}" if said else judge.NOT_TRIED
    if len(answer["png"]) > 4 * LARGEST_PICTURE // 3 + 4:
        return "", "no figure: a picture too large"
    try:
        data = base64.b64decode(answer["png"], validate=True)
        magic, kind, width, height = struct.unpack(">8s4x4sII", data[:24])
    except (binascii.Error, ValueError, struct.error):
        return "", "no figure: not a picture"
    if magic != PNG or kind != b"IHDR" or not 0 < width * height <= MOST_PIXELS:
        return "", "no figure: not a picture, or one too large"
    return answer["png"], ""


# -- what is kept between runs ---------------------------------------------------------------------------------------


def restore(path: Path) -> dict[str, Row]:
    """The marks that a run before has kept, by digest; a line that a broken-off run left half written is passed over."""
    kept: dict[str, Row] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                saved = json.loads(line)
                marks = tuple(Mark(**mark) for mark in saved["row"].pop("marks"))
                faults = tuple(saved["row"].pop("faults"))
                kept[saved["digest"]] = Row(**saved["row"], marks=marks, faults=faults)
            except (ValueError, KeyError, TypeError):
                continue
    return kept


def keep(path: Path) -> Callable[[str, Row], None]:
    """What adds a row to the file of kept marks, at once and whole."""

    def add(digest: str, row: Row) -> None:
        # The line before may have been broken off: this one begins anew.
        with path.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps({"digest": digest, "row": asdict(row)}) + "\n")

    return add


def told_apart(rows: Sequence[Row]) -> list[Row]:
    """The same rows; where several files carry one student's id for one theme, the status says so."""
    count: dict[tuple[str, str], int] = {}
    for row in rows:
        count[row.student, row.theme] = count.get((row.student, row.theme), 0) + 1
    return [
        replace(row, status=f"{row.status}; {count[row.student, row.theme]} files of this student")
        if row.student and count[row.student, row.theme] > 1 else row
        for row in rows
    ]  # fmt: skip
