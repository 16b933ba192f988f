"""From a folder of submissions to marks: each is run in a cage, its answers are compared here.

Nothing of a submission is executed or unpickled in this process: it is read as JSON, its code cells go into the cage as
text, and what comes back is JSON again. The key is worked out here from the source, at that student's numbers.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import platform
import struct
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from nbmodel.collection import PACKAGE
from nbmodel.course import answer_key, editions, files, source
from nbmodel.course.course_key import secret
from nbmodel.course.source import Source
from nbmodel.exercises import judge
from nbmodel.exercises.answers import LARGEST_PICTURE
from nbmodel.exercises.judge import Question
from nbmodel.grading import attempts, submissions
from nbmodel.grading.marks import TIMED_OUT, WAITING, Mark, Row
from nbmodel.sandbox.cage import Cage

MOST_PIXELS = 16_000_000  # a small file can unfold into a picture that stops the browser of who marks
TOO_DEEP = "lists inside lists without an end"
PNG = b"\x89PNG\r\n\x1a\n"


@cache
def _code_of_grader() -> bytes:
    """Hash of what marks hang on beside submissions and sources: the code, the models' data, the libraries."""
    digest = hashlib.sha256(platform.python_version().encode())
    for library in ("numpy", "scipy", "matplotlib", "ipython"):
        digest.update(metadata.version(library).encode())
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".csv") and not {"_collection", "report"} & set(path.relative_to(PACKAGE).parts):
            digest.update(path.read_bytes())
    return digest.digest()


def _digest(*parts: bytes | str) -> str:
    """Hash that marks are kept under: it is another one when any of the parts, or the code of the grader, is."""
    data = [part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts]
    hashes = (hashlib.sha256(part).digest() for part in (*data, _code_of_grader()))
    return hashlib.sha256(b"\0".join(hashes)).hexdigest()


@dataclass
class Grader:
    """Marker of a class: the sources by theme, the course key, and a cage to run submissions in."""

    sources: Mapping[str, Source]
    course_key: bytes
    cage: Cage
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)

    def questions(self, theme: str, student: str, data: bytes = b"") -> tuple[Question, ...]:
        """Return the key of one student; functions are tried with inputs that nobody without the course key can foresee.

        They are others for each file (`data`) that a student hands in: what one has learnt of them helps no second.
        """
        chosen = self.sources[theme]
        numbers = editions.draw(chosen, student, self.course_key)
        seed = secret(self.course_key, "inputs", theme, student, hashlib.sha256(data).hexdigest())
        with self._lock:  # keys run the model, which is not meant for threads
            return answer_key.questions(chosen, numbers, seed)

    def digest(self, path: Path) -> str:
        """Return what the marks of a file are kept under; when it has not changed, the file need not run again."""
        try:
            data = submissions.load(path)
        except submissions.Refused as refused:
            data = refused.status.encode()
        texts = [f"{theme}\0{one.text}" for theme, one in sorted(self.sources.items())]
        return _digest(data, os.fsencode(path), self.course_key, repr(self.cage), *texts)

    def mark(self, path: Path) -> Row:
        """Mark one file. It never raises for what a submission holds or does."""
        try:
            return self._mark(path)
        except submissions.Refused as refused:
            worthless: tuple[Mark, ...] = ()
            if refused.theme in self.sources:
                asked = answer_key.questions_of(self.sources[refused.theme])
                worthless = tuple(Mark(name, kind, 0.0, worth, refused.status) for name, kind, worth in asked)
            lasting = refused.status != submissions.UNREADABLE
            return Row(files.name(path), refused.student, refused.theme, refused.status, worthless, lasting=lasting)

    def _mark(self, path: Path) -> Row:
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
        drawn = editions.draw(chosen, student, self.course_key)
        cells = submissions.code(chosen, notebook["cells"], source.numbers_cell(chosen, drawn))
        cells = attempts.with_figures(cells, questions, notebook["cells"])
        result = self.cage.run(cells, _asked(questions), self._stop)
        answers, faults, failed = _read(result.messages)
        if result.ended == "died" and result.said:
            faults = (*faults, result.said)
        late = {
            number: any(one.startswith(f"cell {number}: {attempts.TIMEOUT}") for one in faults) for number in failed
        }
        nothing = {
            one.name: attempts.why_nothing(one, chosen, notebook["cells"], late, result.ended) for one in questions
        }
        marks = [_judged(one, answers.get(one.name), chosen, notebook["cells"], nothing[one.name]) for one in questions]
        status = "marked" if result.ended == "done" else result.ended
        if status == "marked" and all(mark.comment == judge.NOT_TRIED for mark in marks):
            status = "blank"
        # A sandbox that sent nothing at all may not have started.
        lasting = status != "stopped" and bool(result.messages)
        numbers = ", ".join(f"{one.name} = {drawn[one.name]:g} {one.unit}" for one in chosen.numbers)
        seconds = round(result.seconds, 1)
        return Row(
            files.name(path), student, theme, status, tuple(marks), faults, seconds, numbers=numbers, lasting=lasting
        )

    def model(self, theme: str, kept: Mapping[str, Row], keep: Callable[[str, Row], None]) -> dict[str, str]:
        """Return what the model solution shows for the questions that a person marks, at the numbers of the source."""
        chosen = self.sources[theme]
        digest = _digest("model", chosen.text)
        row = kept.get(digest)
        if row is None:
            numbers = source.defaults(chosen)
            cells = editions.edition(chosen, "solution", numbers, {})["cells"]
            asked = [one for one in answer_key.questions(chosen, numbers, "") if one.by_hand]
            code = submissions.code(chosen, cells, source.numbers_cell(chosen, numbers))
            result = self.cage.run(code, _asked(asked))
            answers = _read(result.messages)[0]
            marks = tuple(_judged(one, answers.get(one.name), chosen, cells, judge.NOT_TRIED) for one in asked)
            row = Row("", "", theme, result.ended, marks)
            if result.ended == "done":
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
        keeping = threading.Lock()
        self._stop.clear()

        def work(path: Path) -> tuple[Path, Row]:
            try:
                digest = self.digest(path)
                row = kept.get(digest)
                if row is None:
                    row = self.mark(path)
                    if row.lasting:
                        with keeping:
                            keep(digest, row)
                return path, row
            except Exception as error:  # one bad file never stops a class
                said = files.clean(f"the grader failed ({type(error).__name__}: {error})"[:200])
                return path, Row(files.name(path), "", "", said, lasting=False)

        pool = ThreadPoolExecutor(jobs)
        try:
            for done in as_completed([pool.submit(work, path) for path in paths]):
                yield done.result()
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)


def _asked(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Return the questions as the runner has to know them: without what is right."""
    told = ("name", "kind", "variable", "inputs")
    return [{name: getattr(one, name) for name in told} for one in questions if one.kind != "essay"]


def _read(messages: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], tuple[str, ...], set[int]]:
    """Return the last answer to each question, what went wrong in which cell, and the numbers of those cells."""
    answers: dict[str, Any] = {}
    faults: list[str] = []
    failed: set[int] = set()
    for message in map(_clean, messages):
        if isinstance(message.get("question"), str):
            answers[message["question"]] = message.get("answer")
        elif isinstance(message.get("cell"), int) and isinstance(message.get("fault"), str):
            faults.append(f"cell {message['cell']}: {message['fault'][:300]}")
            failed.add(message["cell"])
    return answers, tuple(faults[:50]), failed


def _clean(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message such that a file can hold it; an answer that is nested too deep for that counts as none."""
    try:
        return dict(files.clean(message))
    except RecursionError:
        question = message.get("question")
        return {"question": files.clean(question) if isinstance(question, str) else None, "answer": {"other": TOO_DEEP}}


def _judged(question: Question, answer: Any, chosen: Source, cells: Sequence[Mapping[str, Any]], nothing: str) -> Mark:
    """Return the mark of a question; `nothing` is what there is to say where no answer came out."""
    told, tried = chosen.told.get(question.name, source.Told()), nothing != judge.NOT_TRIED
    base = Mark(question.name, question.kind, 0.0, question.points, nothing, "", question.note, look=tried)
    base = replace(base, title=told.title, lesson=told.lesson)
    waits = replace(base, points=None, comment=WAITING, look=False)
    if question.kind == "essay":
        text = submissions.text(question.name, chosen, cells)
        return replace(waits, shown=text) if text else base
    if question.kind == "figure":
        picture, why = _picture(answer)
        why = nothing if why == judge.NOT_TRIED else why
        if not picture and why == judge.NOT_TRIED:
            return base
        return replace(waits, shown=picture or f"[{why}]\n\n{attempts.written(question.name, cells)}")
    verdict = judge.judge(question, answer)
    if attempts.timed_out(answer):
        verdict = judge.Verdict(0.0, TIMED_OUT)
    if question.kind == "number":
        base = replace(base, right=f"{question.expected[0][0]:.4g} {question.unit}".strip())
    if verdict.comment != judge.NOT_TRIED:
        lost = verdict.comment in (TIMED_OUT, judge.RETURNS_NOTHING)
        base = replace(base, points=round(question.points * verdict.share, 2), comment=verdict.comment, look=lost)
    typed = (
        f"{question.variable} = {answer:.6g}" if isinstance(answer, float) else attempts.written(question.name, cells)
    )
    return replace(base, given="" if base.comment == judge.NOT_TRIED else typed)


def _picture(answer: Any) -> tuple[str, str]:
    """Return the picture as base64, or why there is none. The runner's word that it is a small PNG counts for nothing here."""
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
