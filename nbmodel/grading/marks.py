"""Marks of submissions: rows that are kept between runs, and the table of grades that is made of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from nbmodel.course.spreadsheet import plain
from nbmodel.data import spreadsheet
from nbmodel.data.typed_rows import TableError

# Ends that a busy computer may bring about, too.
AT_A_LIMIT = ("died", "time limit", "memory limit", "process limit", "output limit")
COLUMNS = ("file", "student", "theme", "score", "max", "status")  # of the table of grades, before the questions
NOT_IN = "not handed in"
BROKEN = "no answer came out: its cell ended with an error"
TIMED_OUT = "no answer came out: it reached the limit of time, perhaps a loop that does not end"
BY_HAND = "marked by your lecturer"
WAITING = "a person will mark this"
SHORT = 3  # letters of what on a roster tells nobody apart, such as a group
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
    files = [count[row.student, row.theme] for row in rows]
    said = [f"; {number} files of this student" if number > 1 else "" for number in files]
    return [replace(row, status=row.status + more) for row, more in zip(rows, said, strict=True)]


def asked_for(rows: Sequence[Row]) -> list[str]:
    """Return the assignments that were handed in, without those of which a few files strayed in."""
    count = Counter(theme for _, theme in {(row.student, row.theme) for row in rows if row.student})
    # A file of another assignment that strayed in does not make the whole class late for that one.
    return sorted(theme for theme in count if count[theme] >= STRAY * max(count.values()))


def absent(ids: Collection[str], rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return the student and the theme of whatever did not come in from somebody on the roster."""
    came = {(row.student, row.theme) for row in rows if row.student}
    return [(one, theme) for theme in asked_for(rows) for one in ids if (one, theme) not in came]


def perhaps(ids: Collection[str], people: Mapping[str, Mapping[str, str]], rows: Sequence[Row]) -> dict[str, Row]:
    """Return for ids the file that may be theirs: one of nobody known, which has in its path what the roster says of them.

    That is the id, or a name or a number that nobody else on the roster has.
    """
    unknown = [(row, row.file.casefold()) for row in rows if not row.student]
    said = {one: {one, *filter(lambda value: len(value) > SHORT, people.get(one, {}).values())} for one in ids}
    shared = Counter(value for about in people.values() for value in set(about.values()))
    found: dict[str, Row] = {}
    for one, values in said.items() if unknown else ():
        alone = "|".join(re.escape(value.casefold()) for value in sorted(values) if shared[value] < 2)
        here = re.compile(rf"(?<![a-z0-9])(?:{alone})(?![a-z0-9])")
        if row := next((row for row, file in unknown if here.search(file)), None):
            found[one] = row
    return found


def grades(
    rows: Sequence[Row], missing: Sequence[tuple[str, str]] = (), unclear: Mapping[str, Row] | None = None
) -> list[list[str]]:
    """Return the table of grades: file, student, theme, score, max, status, then a column for each question.

    Its first line has the names of the columns, its last ones are those of whom nothing came in that could be marked,
    with the file that may be theirs (`unclear`).
    """
    questions = sorted({mark.question for row in rows for mark in row.marks}, key=_order)
    table = [[*COLUMNS, *questions]]
    for row in rows:
        points = {mark.question: written(mark.points) for mark in row.marks}
        about = [plain(row.file), row.student, row.theme, written(row.score), written(row.worth), row.status]
        table.append([*about, *(points.get(question, "") for question in questions)])
    for student, theme in missing:
        file = (unclear or {}).get(student)
        status = f"perhaps {file.file}: {file.status}" if file else NOT_IN
        table.append(["", plain(student), theme, "", "", plain(status), *("" for _ in questions)])
    return table


def is_ours(path: Path) -> bool:
    """Return whether a file is a table of grades, also as a spreadsheet has saved it."""
    try:
        return tuple(spreadsheet.read(path).columns[: len(COLUMNS)]) == COLUMNS
    except TableError:
        return False


def is_kept(path: Path) -> bool:
    """Return whether a file is one of kept marks, or holds nothing yet: a full disk may leave a blank line alone."""
    try:
        with path.open("rb") as file:
            begins = file.read(100).lstrip()
    except OSError:
        return False
    return not begins or begins.startswith(b'{"digest": ')


def changes(before: Sequence[Mapping[str, str]], after: Sequence[Sequence[str]]) -> list[str]:
    """Return a sentence for each student, or file of nobody's, whose marks or status are others than in the table before.

    Points that a person gave for the first time are not a change, nor is a row that is new.
    """
    now = _by_owner([dict(zip(after[0], line, strict=False)) for line in after[1:]])
    sentences = []
    for owner, old in _by_owner(before).items():
        new = now.get(owner)
        who = " ".join(part for part in owner if part)
        if new is None:
            sentences.append(f"{who}: is not there any more; it had {old.get('score', '')} points")
            continue
        asked = [name for name in old if name == "status" or (name not in COLUMNS and old[name] and name in new)]
        other = [f"{name} {old[name]} -> {new[name] or 'waits'}" for name in asked if not _same(old[name], new[name])]
        if other:
            sentences.append(f"{who}: {', '.join(other)}")
    return sentences


def _by_owner(table: Sequence[Mapping[str, str]]) -> dict[tuple[str, ...], Mapping[str, str]]:
    """Return rows by student and assignment, and by file too where that tells several apart."""
    count = Counter((row.get("student", ""), row.get("theme", "")) for row in table)
    found: dict[tuple[str, ...], Mapping[str, str]] = {}
    for row in table:
        owner = row.get("student", ""), row.get("theme", "")
        found[owner if owner[0] and count[owner] == 1 else (*owner, row.get("file", ""))] = row
    return found


def _same(old: str, new: str) -> bool:
    """True of the same text, or the same number as a spreadsheet may write it."""
    try:
        return old == new or float(old.replace(",", ".")) == float(new)
    except ValueError:
        return False


def written(points: float | None) -> str:
    """Return points as they are printed; nothing while a person has yet to give them."""
    return "" if points is None else f"{points:g}"


def _order(question: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in question.split(".")]
