"""Marks of submissions: rows that are kept between runs, and the table of grades that is made of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from nbmodel.course.spreadsheet import plain

# Ends that a busy computer may bring about, too.
AT_A_LIMIT = ("died", "time limit", "memory limit", "process limit", "output limit")
BROKEN = "no answer came out: its cell ended with an error"
TIMED_OUT = "no answer came out: it reached the limit of time, perhaps a loop that does not end"
BY_HAND = "marked by your lecturer"
WAITING = "a person will mark this"
STRAY = 0.25  # an assignment that fewer hand in, as a share of those who hand in the commonest, was not asked for


@dataclass(frozen=True)
class Mark:
    """Mark of one question of one submission: `points` is None while a person has to mark it.

    `note` and `right` (the right answer to a number) are for that person's eyes only. `title` and `lesson` (words, and
    the page and place that they lead to) are the question's, `given` is the student's answer to a question that no
    person marks, and `shown` that to one of a person's. `look` says that there is work from which no answer came out.
    """

    question: str
    kind: str
    points: float | None
    worth: float
    comment: str
    shown: str = ""
    note: str = ""
    right: str = ""
    title: str = ""
    lesson: tuple[str, str] = ("", "")
    given: str = ""
    look: bool = False

    @property
    def by_hand(self) -> bool:
        """True if a person marks it."""
        return self.kind in ("figure", "essay")


@dataclass(frozen=True)
class Row:
    """Submission, marked. `status` is "marked", "blank", or what kept it from being run to its end.

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
        """Questions that count: those marked here, and those of a person once all of them are marked (`final`)."""
        return [mark for mark in self.marks if self.final or not mark.by_hand]

    @property
    def score(self) -> float:
        """Points of the questions that count."""
        return round(sum(mark.points or 0.0 for mark in self.counted), 2)

    @property
    def worth(self) -> float:
        """Most points that could be had for the questions that count."""
        return round(sum(mark.worth for mark in self.counted), 2)

    @property
    def pending(self) -> float:
        """Most points of the questions that a person has yet to mark."""
        return round(sum(mark.worth for mark in self.marks if mark.points is None), 2)

    @property
    def waiting(self) -> list[Mark]:
        """Questions that a person has to look at."""
        return [mark for mark in self.marks if mark.by_hand and mark.shown]


# -- kept between runs -------------------------------------------------------------------------------------------------


def restore(path: Path) -> dict[str, Row]:
    """Return the marks that a run before has kept, by digest; a line that it left half written is passed over."""
    kept: dict[str, Row] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            saved = json.loads(line)
            row = saved["row"]
            found = [mark | {"lesson": tuple(mark["lesson"])} for mark in row["marks"]]
            row["marks"], row["faults"] = tuple(Mark(**mark) for mark in found), tuple(row["faults"])
            kept[saved["digest"]] = Row(**row)
        except (ValueError, KeyError, TypeError):
            continue
    return kept


def keep(path: Path) -> Callable[[str, Row], None]:
    """Return what adds a row to the file of kept marks, at once and whole."""

    def add(digest: str, row: Row) -> None:
        # The line before may have been broken off: this one begins anew.
        with path.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps({"digest": digest, "row": asdict(row)}) + "\n")

    return add


# -- the table of grades -----------------------------------------------------------------------------------------------


def told_apart(rows: Sequence[Row]) -> list[Row]:
    """Return the same rows; where several files carry one student's id for one theme, the status says so."""
    count = Counter((row.student, row.theme) for row in rows if row.student)
    several = [count[row.student, row.theme] for row in rows]
    return [
        replace(row, status=f"{row.status}; {files} files of this student") if files > 1 else row
        for row, files in zip(rows, several, strict=True)
    ]


def absent(ids: dict[str, None], rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return the student and the theme of whatever did not come in from somebody on the roster."""
    came = {(row.student, row.theme) for row in rows if row.student}
    count = Counter(theme for _, theme in came)
    # A file of another assignment that strayed in does not make the whole class late for that one.
    themes = sorted(theme for theme in count if count[theme] >= STRAY * max(count.values()))
    return [(one, theme) for theme in themes for one in ids if (one, theme) not in came]


def grades(rows: Sequence[Row], missing: Sequence[tuple[str, str]] = ()) -> list[list[str]]:
    """Return the table of grades: file, student, theme, score, max, status, then a column for each question.

    Its first line has the names of the columns, its last ones are those of whom nothing came in.
    """
    questions = sorted({mark.question for row in rows for mark in row.marks}, key=_order)
    table = [["file", "student", "theme", "score", "max", "status", *questions]]
    for row in rows:
        points = {mark.question: written(mark.points) for mark in row.marks}
        about = [plain(row.file), row.student, row.theme, written(row.score), written(row.worth), row.status]
        table.append([*about, *(points.get(question, "") for question in questions)])
    return table + [["", plain(student), theme, "", "", "not handed in"] for student, theme in missing]


def written(points: float | None) -> str:
    """Return points as they are printed; nothing while a person has yet to give them."""
    return "" if points is None else f"{points:g}"


def _order(question: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in question.split(".")]
