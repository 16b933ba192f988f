"""From a folder of submissions to marks: each is run in a cage, its answers are compared here.

Nothing of a submission is executed or unpickled in this process: it is read as JSON, its code cells go into the cage as
text, and what comes back is JSON again. The key is worked out here from the source, at that student's numbers.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import queue
import stat
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from nbmodel.course import judge, source
from nbmodel.course.judge import Question
from nbmodel.course.sandbox import MEGA, Cage
from nbmodel.course.source import Source

LARGEST_FILE = 20 * MEGA
LONGEST_TEXT = 20_000
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Mark:
    """One question of one submission: `points` is None while a person has to mark it; `shown` is what that person sees."""

    question: str
    kind: str
    points: float | None
    worth: float
    comment: str
    shown: str = ""
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One submission, marked. `status` is "marked", "blank", or what kept it from being run to its end."""

    file: str
    student: str
    theme: str
    status: str
    marks: tuple[Mark, ...] = ()
    faults: tuple[str, ...] = ()
    seconds: float = 0.0
    final: bool = False

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


BY_HAND = "marked by your lecturer"
WAITING = "a person will mark this"


class Refused(ValueError):
    """A file is not a submission that can be run; the message is its status."""

    def __init__(self, status: str, student: str = "", theme: str = "") -> None:
        super().__init__(status)
        self.status, self.student, self.theme = status, student, theme


def collect(paths: Sequence[Path]) -> list[Path]:
    """The submissions among files and folders: every file named, every notebook of a folder and its sub-folders."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            for root, folders, names in os.walk(path, followlinks=False):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                found |= {Path(root, name): None for name in sorted(names) if name.endswith(".ipynb")}
        else:
            found[path] = None
    return list(found)


def load(path: Path) -> bytes:
    """The bytes of a submission. Raises Refused for a link, a device, a file too large or one that cannot be read."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        raise Refused("not a file" if path.is_symlink() else "cannot be read") from None
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or path.is_symlink():
            raise Refused("not a file")
        if about.st_size > LARGEST_FILE:
            raise Refused("too large")
        return file.read(LARGEST_FILE)


def open_notebook(data: bytes) -> dict[str, Any]:
    """A submission as a notebook of which the parts that are used here are what they should be. Raises Refused."""
    try:
        notebook = json.loads(data.decode("utf-8"))
        cells = notebook["cells"]
        for cell in cells:
            if not isinstance(cell["cell_type"], str) or not isinstance(cell["metadata"], dict):
                raise TypeError
            if not isinstance(cell["metadata"].get("nbgrader", {}), dict):
                raise TypeError
            source_lines = cell["source"]
            if not isinstance(source_lines, str) and not all(isinstance(line, str) for line in source_lines):
                raise TypeError
        if not isinstance(notebook["metadata"], dict) or not isinstance(cells, list):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("not a notebook") from None
    return dict(notebook)


def identify(notebook: Mapping[str, Any], course_key: bytes) -> tuple[str, str]:
    """The student and the theme that a submission says it is of. Raises Refused when its signature does not say so too."""
    about = notebook["metadata"].get("nbmodel")
    if not isinstance(about, dict) or not all(isinstance(about.get(k), str) for k in ("student", "theme", "signature")):
        raise Refused("not an assignment")
    student, theme = about["student"], about["theme"]
    if source.refuse_id(student):
        raise Refused("not an assignment")
    right = source.signature(theme, student, course_key)
    if not hmac.compare_digest(right.encode(), about["signature"].encode("utf-8", "replace")):
        raise Refused("id changed", theme=theme if source.STUDENT.fullmatch(theme) else "")
    return student, theme


@dataclass
class Grader:
    """What marks a class: the sources by theme, the course key, and a cage to run submissions in."""

    sources: Mapping[str, Source]
    course_key: bytes
    cage: Cage
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def questions(self, theme: str, student: str) -> tuple[Question, ...]:
        """The key of one student; functions are tried with inputs that nobody without the course key can foresee."""
        chosen = self.sources[theme]
        numbers = source.draw(chosen, student, self.course_key)
        with self._lock:  # keys run the model, which is not meant for threads
            return source.questions(chosen, numbers, source.secret(self.course_key, "inputs", theme, student))

    def digest(self, path: Path) -> str:
        """What the marks of a file depend on; when it has not changed, the file need not run again."""
        try:
            data = load(path)
        except Refused as refused:
            data = refused.status.encode()
        parts = [data, str(path).encode(), self.course_key, repr(self.cage).encode()]
        parts += [f"{theme}\0{one.text}".encode() for theme, one in sorted(self.sources.items())]
        return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()

    def mark(self, path: Path, slot: int = 0) -> Row:
        """Mark one file. It never raises for what a submission holds or does."""
        try:
            return self._mark(path, slot)
        except Refused as refused:
            worthless: tuple[Mark, ...] = ()
            if refused.theme in self.sources:
                asked = source.questions_of(self.sources[refused.theme])
                worthless = tuple(Mark(name, kind, 0.0, worth, refused.status) for name, kind, worth in asked)
            return Row(str(path), refused.student, refused.theme, refused.status, worthless)

    def _mark(self, path: Path, slot: int) -> Row:
        notebook = open_notebook(load(path))
        student, theme = identify(notebook, self.course_key)
        if theme not in self.sources:
            raise Refused("unknown assignment", student, theme)
        chosen = self.sources[theme]
        questions = self.questions(theme, student)
        own = source.numbers_cell(chosen, source.draw(chosen, student, self.course_key))
        cells = _code(chosen, notebook["cells"], own)
        asked = [
            {"name": q.name, "kind": q.kind, "variable": q.variable, "inputs": q.inputs}
            for q in questions if q.kind != "essay"
        ]  # fmt: skip
        outcome = self.cage.run(cells, asked, slot)
        answers, faults = _read(outcome.messages)
        marks = tuple(_judged(question, answers.get(question.name), notebook["cells"]) for question in questions)
        status = "marked" if outcome.ended == "done" else outcome.ended
        if status == "marked" and all(mark.comment == judge.NOT_TRIED for mark in marks):
            status = "blank"
        return Row(str(path), student, theme, status, marks, faults, round(outcome.seconds, 1))

    def mark_all(self, paths: Sequence[Path], kept: Mapping[str, Row], jobs: int) -> Iterator[tuple[str, Row]]:
        """Mark files `jobs` at a time, as they get done: (digest, row). Those in `kept` by digest are not run again."""
        slots: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(jobs):
            slots.put(slot)

        def work(path: Path) -> tuple[str, Row]:
            slot = slots.get()
            try:
                digest = self.digest(path)
                return digest, kept.get(digest) or self.mark(path, slot)
            except Exception as error:  # one bad file never stops a class
                return "", Row(str(path), "", "", f"the grader failed ({type(error).__name__}: {error})"[:200])
            finally:
                slots.put(slot)

        with ThreadPoolExecutor(jobs) as pool:
            for done in as_completed([pool.submit(work, path) for path in paths]):
                yield done.result()


def _code(chosen: Source, cells: Sequence[Mapping[str, Any]], numbers: str) -> list[dict[str, Any]]:
    """The code cells to run: numbers and set-up as they were given, also where they were deleted; then the student's own.

    The student's cell of numbers is left out, so that numbers which were changed by mistake are right again.
    """
    run = []
    for cell in chosen.notebook["cells"]:
        if cell["cell_type"] == "code" and source.role(cell) in ("numbers", ""):
            run.append({"number": 0, "source": numbers if source.role(cell) == "numbers" else source.body(cell)})
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("grade_id") != "numbers":
            run.append({"number": number, "source": source.body(dict(cell))})
    return run


def _read(messages: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The last answer to each question, and what went wrong in which cell."""
    answers: dict[str, Any] = {}
    faults = []
    for message in messages:
        if isinstance(message.get("question"), str):
            answers[message["question"]] = message.get("answer")
        elif isinstance(message.get("cell"), int) and isinstance(message.get("fault"), str):
            faults.append(f"cell {message['cell']}: {message['fault'][:300]}")
    return answers, tuple(faults[:50])


def _judged(question: Question, answer: Any, cells: Sequence[Mapping[str, Any]]) -> Mark:
    base = Mark(question.name, question.kind, 0.0, question.points, judge.NOT_TRIED, "", question.note)
    if question.kind == "essay":
        text = _text(question.name, cells)
        return replace(base, points=None, comment=WAITING, shown=text) if text else base
    if question.kind == "figure":
        picture, why = _picture(answer)
        return replace(base, points=None, comment=WAITING, shown=picture) if picture else replace(base, comment=why)
    verdict = judge.judge(question, answer)
    return replace(base, points=round(question.points * verdict.share, 2), comment=verdict.comment)


def _text(name: str, cells: Sequence[Mapping[str, Any]]) -> str:
    """What a student wrote: the last cell of that name that was changed."""
    wanted = name.replace(".", "-")
    texts = [
        source.body(dict(cell)) for cell in cells
        if cell["cell_type"] != "code" and cell["metadata"].get("nbgrader", {}).get("grade_id") == wanted
    ]  # fmt: skip
    written = [text for text in texts if text.strip() and text.strip() != source.TEXT_STUB]
    return written[-1][:LONGEST_TEXT] if written else ""


def _picture(answer: Any) -> tuple[str, str]:
    """The picture as base64, or why there is none."""
    if not isinstance(answer, dict) or not isinstance(answer.get("png"), str):
        said = str(answer.get("other", ""))[:100] if isinstance(answer, dict) else ""
        return "", f"no figure: {said}" if said else judge.NOT_TRIED
    try:
        data = base64.b64decode(answer["png"], validate=True)
    except (binascii.Error, ValueError):
        data = b""
    return (answer["png"], "") if data.startswith(PNG) else ("", "no figure: not a picture")


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
        if digest:
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"digest": digest, "row": asdict(row)}) + "\n")

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


def with_hand_marks(rows: Sequence[Row], given: Mapping[tuple[str, str], float]) -> list[Row]:
    """The rows with the points that a person gave, by (file, question); final where nothing waits any more."""

    def marked(row: Row, mark: Mark) -> Mark:
        points = given.get((row.file, mark.question))
        return mark if points is None else replace(mark, points=points, comment=BY_HAND)

    found = [replace(row, marks=tuple(marked(row, mark) for mark in row.marks)) for row in rows]
    return [replace(row, final=all(mark.points is not None for mark in row.marks)) for row in found]
