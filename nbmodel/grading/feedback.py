"""Pages about a marked class: one for each student, one for who marks by hand, one summary, and the lessons they name.

No script, nothing fetched. Text that comes from a submission is escaped, pictures are embedded as PNG, and the pages
forbid the browser all else.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from nbmodel import collection
from nbmodel.course import files
from nbmodel.grading.marks import BY_HAND, Mark, Row, written


def write(
    folder: Path, rows: Sequence[Row], models: Mapping[str, Mapping[str, str]] | None = None, absent: Sequence[str] = ()
) -> list[str]:
    """Write all the pages; a page that cannot be made stops no other. Returns a sentence for each such page.

    `models` has for each theme what the model solution shows for questions marked by hand; `absent` are the ids of
    whom nothing came in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    problems = []
    names = page_names(rows)
    for name, row in zip(names, rows, strict=True):
        try:
            files.write(folder / f"{name}.html", student(row, name))
        except Exception as error:
            problems.append(f"the page {name}.html of {row.file} could not be made ({type(error).__name__}: {error})")
    files.write(folder / "summary.html", summary(rows, absent, names))
    files.write(folder / "hand.html", hand(rows, models or {}, folder))
    for name, page in lessons(_lessons(rows)).items():
        files.write(folder / f"{name}.html", page)
    return problems


def lessons(names: Collection[str]) -> dict[str, str]:
    """Return notebooks of the collection as pages, to read again, and the page of terms beside them."""
    if not names:
        return {}
    import nbformat

    from nbmodel.report import html

    links = {name: f"{name}.html" for name in names}
    made = {"terms": html.terms(links, within=False)}
    for name in names:
        notebook = nbformat.read(collection.notebooks_folder() / f"{name}.ipynb", as_version=4)
        title = notebook.cells[0].source.partition("\n")[0].strip("# ")
        made[name] = html.page(notebook, links, title)
    return made


def _lessons(rows: Sequence[Row]) -> set[str]:
    """Names of the collection's notebooks that the pages of students lead to."""
    named = {mark.lesson[1].partition(".html")[0] for row in rows for mark in row.marks}
    return {path.stem for path in collection.notebooks_folder().glob("*.ipynb")} & named


def page_names(rows: Sequence[Row]) -> list[str]:
    """Return a name for the page of each row, all different, also where capital letters do not count."""
    taken = {"summary", "hand", "terms", *(name.lower() for name in _lessons(rows))}
    names = []
    for row in rows:
        stem = f"{row.theme}_{row.student}" if row.student else re.sub(r"[^\w.-]", "_", Path(row.file).stem)[:80]
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name.lower())
        names.append(name)
    return names


def student(row: Row, name: str) -> str:
    """Return what a student gets to read: points and reasons, question by question. The total is of what stands there."""
    known = [(mark.points, mark.worth) for mark in row.marks if mark.points is not None]
    total = [round(sum(column), 2) for column in zip(*known, strict=True)] or [0.0, 0.0]
    return _page("student", f"{row.theme or 'Submission'}: {row.student or name}", row=row, total=total)


def hand(rows: Sequence[Row], models: Mapping[str, Mapping[str, str]], folder: Path) -> str:
    """Return the page for who marks: question by question, how to mark it and the model answer, then each answer.

    Beside each stand the student's numbers and what is right for them.
    """
    questions: dict[tuple[str, str], list[tuple[Row, Mark]]] = {}
    for row in rows:
        for mark in row.waiting:
            questions.setdefault((row.theme, mark.question), []).append((row, mark))
    table = files.name(folder / "hand.csv")
    return _page("hand", "To mark by hand", questions=sorted(questions.items()), models=models, table=table)


def summary(rows: Sequence[Row], absent: Sequence[str] = (), names: Sequence[str] = ()) -> str:
    """Return the page of the class: how the scores are spread, how hard each question was, what went wrong, and who."""
    marked = [row for row in rows if row.marks]
    classes = [_of_theme(theme, marked) for theme in sorted({row.theme for row in marked})]
    pages = [(row, f"{name}.html") for row, name in zip(rows, names or page_names(rows), strict=True)]
    students = sorted(pages, key=lambda pair: (pair[0].theme, (pair[0].student or pair[0].file).lower()))
    odd = [(row, page) for row, page in students if row.status != "marked" or any(mark.look for mark in row.marks)]
    return _page("summary", "Class summary", classes=classes, odd=odd, absent=absent, students=students)


def _of_theme(theme: str, marked: Sequence[Row]) -> dict[str, Any]:
    """Lines of the summary about one assignment."""
    rows = [row for row in marked if row.theme == theme]
    shares = [100 * row.score / row.worth for row in rows if row.worth]
    tenths = Counter(min(int(share // 10), 9) for share in shares)
    words = [f"{10 * tenth} to {10 * tenth + 9} %" for tenth in range(9)] + ["90 to 100 %"]
    scores = [(said, tenths[tenth], tenths[tenth] / max(len(shares), 1)) for tenth, said in enumerate(words)]
    asked = {mark.question: "" for mark in rows[0].marks}
    asked |= {mark.question: mark.title for row in rows for mark in row.marks if mark.title}
    by_question = [[mark for row in rows for mark in row.marks if mark.question == name] for name in asked]
    titles = [f"{name} {title}".strip() for name, title in asked.items()]
    return {
        "theme": theme,
        "count": len(rows),
        "mean": f"{statistics.fmean(shares):.0f} %" if shares else "not known",
        "median": f"{statistics.median(shares):.0f} %" if shares else "not known",
        "waits": any(row.waiting and not row.final for row in rows),
        "scores": scores,
        "questions": list(map(_of_question, titles, by_question)),
    }


def _of_question(question: str, marks: Sequence[Mark]) -> tuple[str, str, float, list[tuple[str, int]]]:
    """Line about a question: the mean share of its points, and what was said most often to answers that were not right."""
    known = [(mark, mark.points / mark.worth) for mark in marks if mark.points is not None]
    lost = Counter(mark.comment for mark, share in known if share < 1 and mark.comment != BY_HAND)
    if wait := len(marks) - len(known):  # what is not there is known to be worth nothing; the mean is not known yet
        return question, f"{wait} to mark", 0.0, lost.most_common(2)
    mean = sum(share for _, share in known) / len(known)
    return question, f"{100 * mean:.0f} %", mean, lost.most_common(2)


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "template"
    made = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters["written"] = written
    return made


def _page(template: str, title: str, **values: Any) -> str:
    return _environment().get_template(f"{template}.html.j2").render(title=title, **values)
