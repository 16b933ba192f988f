"""Pages about a marked class: one for each student, one for who marks by hand, one summary. No script, nothing fetched.

Text that comes from a submission is escaped, pictures are embedded as PNG, and the pages forbid the browser all else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from nbmodel.course import files
from nbmodel.course.spreadsheet import plain
from nbmodel.grading.marking import BY_HAND, Mark, Row

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc;
vertical-align: top } td.n, th.n { text-align: right; white-space: nowrap } pre { white-space: pre-wrap; background: #f4f4f4;
padding: .6rem; font: inherit } .narrow { width: auto; margin-bottom: 2rem }
img { max-width: 100%; border: 1px solid #ccc } .bar { background: #1f5fa8; height: .9rem; display: block }
.track { background: #e6e6e6; width: 12rem; display: block }
section { border-top: 2px solid #888; margin-top: 2rem } .small { font-size: .85rem; color: #444 }
"""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(title: str, body: str) -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{POLICY}"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def write(
    folder: Path, rows: Sequence[Row], models: Mapping[str, Mapping[str, str]] | None = None, absent: Sequence[str] = ()
) -> list[str]:
    """Write all the pages; a page that cannot be made stops no other. Returns a sentence for each such page.

    `models` has for each theme what the model solution shows for questions marked by hand; `absent` are the ids of
    whom nothing came in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    problems = []
    for name, row in zip(page_names(rows), rows, strict=True):
        title = f"{row.theme or 'Submission'}: {row.student or name}"
        try:
            files.write(folder / f"{name}.html", page(title, student(row)))
        except Exception as error:
            problems.append(f"the page {name}.html of {row.file} could not be made ({type(error).__name__}: {error})")
    files.write(folder / "summary.html", page("Class summary", summary(rows, absent)))
    files.write(folder / "hand.html", page("To mark by hand", hand(rows, models or {}, folder)))
    return problems


def page_names(rows: Sequence[Row]) -> list[str]:
    """A name for the page of each row, all different, also where capital letters do not count."""
    taken = {"summary", "hand"}
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


def waiting(row: Row) -> list[Mark]:
    """The questions of a submission that a person has to look at."""
    return [mark for mark in row.marks if mark.kind in ("figure", "essay") and mark.shown]


def student(row: Row) -> str:
    """What a student gets to read: points and reasons, question by question."""
    lines = [
        f"<p><strong>{written(row.score)} of {written(row.worth)} points</strong>"
        + ("" if row.final or not waiting(row) else " so far; some questions are still to be marked by a person")
        + f". Status: {escape(row.status)}.</p>",
        f"<p>File: {escape(row.file)}</p>",
    ]
    if row.marks:
        lines.append("<table><thead><tr><th>Question</th><th class=n>Points</th><th>Comment</th></tr></thead><tbody>")
        lines += [
            f"<tr><td>{escape(mark.question)}</td><td class=n>{written(mark.points)} of {written(mark.worth)}</td>"
            f"<td>{escape(mark.comment)}</td></tr>"
            for mark in row.marks
        ]
        lines.append("</tbody></table>")
    if row.faults:
        faults = "".join(f"<li>{escape(fault)}</li>" for fault in row.faults)
        lines.append(f"<h2>Cells that did not run through</h2><ul>{faults}</ul>")
    return "\n".join(lines)


def hand(rows: Sequence[Row], models: Mapping[str, Mapping[str, str]], folder: Path) -> str:
    """For who marks: question by question, how to mark it and the model answer, then each answer.

    Beside each stand the student's numbers and what is right for them.
    """
    by_question: dict[tuple[str, str], list[tuple[Row, Mark]]] = {}
    for row in rows:
        for mark in waiting(row):
            by_question.setdefault((row.theme, mark.question), []).append((row, mark))
    if not by_question:
        return "<p>Nothing waits to be marked by a person.</p>"
    table = escape(files.name(folder / "hand.csv"))
    lines = [
        f"<p>Enter points into the column <code>points</code> of <code>{table}</code> and grade again, adding "
        f"<code>--hand {table}</code>: nothing is run twice. This page is not for students: it holds right answers.</p>"
    ]
    for (theme, question), found in sorted(by_question.items()):
        first = found[0][1]
        lines.append(f"<h2>{escape(theme)} {escape(question)} ({written(first.worth)} points)</h2>")
        lines.append(f"<p><strong>How to mark:</strong> {escape(first.note)}</p>")
        model = models.get(theme, {}).get(question, "")
        if model:
            lines.append("<details><summary>Model answer (at the numbers of the source)</summary>")
            lines += [_shown(first.kind, model, "The figure of the model solution"), "</details>"]
        for row, mark in found:
            given = "" if mark.points is None else f", {written(mark.points)} points"
            lines.append(f"<section><h3>{escape(row.file)}{given}</h3>")
            right = ", ".join(f"{one.question}: {one.right}" for one in row.marks if one.right)
            lines.append(f"<p class=small>{escape(row.numbers)}. Right: {escape(right)}.</p>")
            lines += [_shown(mark.kind, mark.shown, f"The figure of {row.student}"), "</section>"]
    return "\n".join(lines)


def _shown(kind: str, shown: str, alternative: str) -> str:
    if kind == "figure":
        return f'<img alt="{escape(alternative)}" src="data:image/png;base64,{escape(shown)}">'
    return f"<pre>{escape(shown)}</pre>"


def summary(rows: Sequence[Row], absent: Sequence[str] = ()) -> str:
    """The class: how the scores are spread, how hard each question was, what was said most often, what went wrong."""
    lines = []
    for theme in sorted({row.theme for row in rows if row.marks}):
        those = [row for row in rows if row.theme == theme and row.marks]
        lines.append(f"<h2>{escape(theme)}: {len(those)} submissions</h2>")
        shares = [row.score / row.worth for row in those if row.worth]
        if any(not row.final and waiting(row) for row in those):
            lines.append("<p>Scores leave out the questions that a person marks, until they are.</p>")
        lines.append(
            "<table class=narrow><thead><tr><th>Score</th><th class=n>Students</th><th></th></tr></thead><tbody>"
        )
        for low in range(0, 100, 10):
            last = low == 90
            count = sum(low <= 100 * share < low + 10 or (last and share >= 1) for share in shares)
            label = f"{low} to {100 if last else low + 9} %"
            lines.append(
                f"<tr><td>{label}</td><td class=n>{count}</td><td>{_bar(count / max(len(shares), 1))}</td></tr>"
            )
        lines.append("</tbody></table>")
        lines.append(
            "<table><thead><tr><th>Question</th><th class=n>Mean share</th><th></th><th>Said most often to answers that were "
            "not right</th></tr></thead><tbody>"
        )
        for question in [mark.question for mark in those[0].marks]:
            marks = [mark for row in those for mark in row.marks if mark.question == question]
            known = [mark.points / mark.worth for mark in marks if mark.points is not None]
            wait = len(marks) - len(known)  # what is not there is known to be worth nothing; the mean is not known yet
            mean = f"{wait} to mark" if wait else f"{100 * sum(known) / len(known):.0f} %"
            lost = [mark for mark in marks if mark.points is not None and mark.points < mark.worth]
            said = Counter(mark.comment for mark in lost if mark.comment != BY_HAND)
            often = "; ".join(f"{escape(text)} ({count})" for text, count in said.most_common(2))
            share = 0.0 if wait else sum(known) / len(known)
            lines.append(
                f"<tr><td>{escape(question)}</td><td class=n>{mean}</td><td>{_bar(share)}</td><td>{often}</td></tr>"
            )
        lines.append("</tbody></table>")
    odd = [row for row in rows if row.status != "marked"]
    if odd:
        lines.append("<h2>Look at these</h2><table><thead><tr><th>File</th><th>Status</th></tr></thead><tbody>")
        lines += [f"<tr><td>{escape(row.file)}</td><td>{escape(row.status)}</td></tr>" for row in odd]
        lines.append("</tbody></table>")
    if absent:
        lines.append(f"<h2>Nothing came in from</h2><p>{escape(', '.join(absent))}</p>")
    return "\n".join(lines) or "<p>Nothing was marked.</p>"


def grades(rows: Sequence[Row]) -> list[list[str]]:
    """The table of grades, its header first: file, student, theme, score, max, status, then a column per question."""
    questions = sorted({mark.question for row in rows for mark in row.marks}, key=_order)
    table = [["file", "student", "theme", "score", "max", "status", *questions]]
    for row in rows:
        points = {mark.question: written(mark.points) for mark in row.marks}
        table.append(
            [plain(row.file), row.student, row.theme, written(row.score), written(row.worth), row.status]
            + [points.get(question, "") for question in questions]
        )
    return table


def written(points: float | None) -> str:
    """Points as they are printed; nothing while a person has yet to give them."""
    return "" if points is None else f"{points:g}"


def _order(question: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in question.split(".")]


def _bar(share: float) -> str:
    return f'<span class="track"><span class="bar" style="width: {100 * share:.0f}%"></span></span>'
