"""Pages about a marked class: one for each student, one for who marks by hand, one summary. No script, nothing fetched.

Text that comes from a submission is escaped, pictures are embedded as PNG, and the pages forbid the browser all else.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

from nbmodel.course.grading import Mark, Row
from nbmodel.course.source import SourceError

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc;
vertical-align: top } td.n, th.n { text-align: right; white-space: nowrap } pre { white-space: pre-wrap; background: #f4f4f4;
padding: .6rem } img { max-width: 100%; border: 1px solid #ccc } .bar { background: #1f5fa8; height: .9rem; display: inline-block }
section { border-top: 2px solid #888; margin-top: 2rem }
"""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(title: str, body: str) -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{POLICY}"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def write(folder: Path, rows: Sequence[Row]) -> None:
    """Write all the pages, and `hand.csv` for the points of a person where it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    names: Counter[str] = Counter()
    for row in rows:
        stem = f"{row.theme}_{row.student}" if row.student else re.sub(r"[^\w.-]", "_", Path(row.file).stem)[:80]
        names[stem] += 1
        name = stem if names[stem] == 1 else f"{stem}_{names[stem]}"
        (folder / f"{name}.html").write_text(
            page(f"{row.theme or 'Submission'}: {row.student or name}", student(row)), "utf-8"
        )
    (folder / "summary.html").write_text(page("Class summary", summary(rows)), "utf-8")
    (folder / "hand.html").write_text(page("To mark by hand", hand(rows)), "utf-8")
    table = folder / "hand.csv"
    if not table.exists():
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("file", "question", "points", "of"))
            for row in rows:
                writer.writerows((plain(row.file), mark.question, "", written(mark.worth)) for mark in waiting(row))


def waiting(row: Row) -> list[Mark]:
    """The questions of a submission that a person has to look at."""
    return [mark for mark in row.marks if mark.kind in ("figure", "essay") and mark.shown]


def read_hand(path: Path, rows: Sequence[Row]) -> dict[tuple[str, str], float]:
    """The points that a person gave, by (file, question); rows without points are passed over.

    Raises SourceError with every row that names no question that waits, or gives points it cannot have.
    """
    most = {(plain(row.file), mark.question): (row.file, mark.worth) for row in rows for mark in waiting(row)}
    given: dict[tuple[str, str], float] = {}
    problems = []
    with path.open(newline="", encoding="utf-8") as file:
        for line, one in enumerate(csv.DictReader(file), 2):
            place, points = (one.get("file") or "", one.get("question") or ""), (one.get("points") or "").strip()
            if not points:
                continue
            try:
                value = float(points)
            except ValueError:
                value = -1.0
            if place not in most:
                problems.append(f"{path.name} line {line}: no question {place[1]} of {place[0]} waits to be marked")
            elif not 0 <= value <= most[place][1]:
                problems.append(f"{path.name} line {line}: {points} must lie between 0 and {most[place][1]:g}")
            else:
                given[most[place][0], place[1]] = value
    if problems:
        raise SourceError(problems)
    return given


def student(row: Row) -> str:
    """What a student gets to read: points and reasons, question by question."""
    lines = [
        f"<p><strong>{written(row.score)} of {written(row.worth)} points</strong>"
        + ("" if row.final or not waiting(row) else " so far; some questions are still to be marked by a person")
        + f". Status: {escape(row.status)}.</p>"
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


def hand(rows: Sequence[Row]) -> str:
    """For who marks: question by question, each answer beside the note on how to mark it."""
    by_question: dict[tuple[str, str], list[tuple[Row, Mark]]] = {}
    for row in rows:
        for mark in waiting(row):
            by_question.setdefault((row.theme, mark.question), []).append((row, mark))
    if not by_question:
        return "<p>Nothing waits to be marked by a person.</p>"
    lines = [
        "<p>Enter points into the column <code>points</code> of <code>hand.csv</code>, beside this page, and grade again "
        "with <code>--hand hand.csv</code>: nothing is run twice.</p>"
    ]
    for (theme, question), found in sorted(by_question.items()):
        note = found[0][1].note
        lines.append(f"<h2>{escape(theme)} {escape(question)} ({written(found[0][1].worth)} points)</h2>")
        lines.append(f"<p><strong>How to mark:</strong> {escape(note)}</p>")
        for row, mark in found:
            given = "" if mark.points is None else f", {written(mark.points)} points"
            lines.append(f"<section><h3>{escape(row.file)}{given}</h3>")
            if mark.kind == "figure":
                lines.append(
                    f'<img alt="The figure of {escape(row.student)}" src="data:image/png;base64,{escape(mark.shown)}">'
                )
            else:
                lines.append(f"<pre>{escape(mark.shown)}</pre>")
            lines.append("</section>")
    return "\n".join(lines)


def summary(rows: Sequence[Row]) -> str:
    """The class: how the scores are spread, how hard each question was, what was said most often, what went wrong."""
    lines = []
    for theme in sorted({row.theme for row in rows if row.marks}):
        those = [row for row in rows if row.theme == theme and row.marks]
        lines.append(f"<h2>{escape(theme)}: {len(those)} submissions</h2>")
        shares = [row.score / row.worth for row in those if row.worth]
        lines.append("<table><thead><tr><th>Score</th><th class=n>Students</th><th></th></tr></thead><tbody>")
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
            mean = f"{100 * sum(known) / len(known):.0f} %" if known else "waits"
            said = Counter(mark.comment for mark in marks if mark.points is not None and mark.points < mark.worth)
            often = "; ".join(f"{escape(text)} ({count})" for text, count in said.most_common(2))
            share = sum(known) / len(known) if known else 0.0
            lines.append(
                f"<tr><td>{escape(question)}</td><td class=n>{mean}</td><td>{_bar(share)}</td><td>{often}</td></tr>"
            )
        lines.append("</tbody></table>")
    odd = [row for row in rows if row.status != "marked"]
    if odd:
        lines.append("<h2>Look at these</h2><table><thead><tr><th>File</th><th>Status</th></tr></thead><tbody>")
        lines += [f"<tr><td>{escape(row.file)}</td><td>{escape(row.status)}</td></tr>" for row in odd]
        lines.append("</tbody></table>")
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


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def written(points: float | None) -> str:
    """Points as they are printed; nothing while a person has yet to give them."""
    return "" if points is None else f"{points:g}"


def _order(question: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in question.split(".")]


def _bar(share: float) -> str:
    return f'<span class="bar" style="width: {12 * share:.1f}rem"></span>'
