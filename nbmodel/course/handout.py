"""Assignments for one student or a class, as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from nbmodel.course import answer_key, course_key, editions, files, source, spreadsheet
from nbmodel.course.files import CourseError, collecting


def hand_out(
    theme: str,
    students: Sequence[str],
    roster: Path | None,
    out: Path,
    edition: str,
    key_file: Path,
    folder: Path | None,
) -> None:
    """Write the edition of each of the `students` and of those on the roster, and say so.

    Raises CourseError with everything that is wrong before anything is written; no file that differs is overwritten.
    """
    made = [] if key_file.is_file() else [key_file]
    inputs = {folder or source.folder(): "the folder of the sources", **({roster: "the roster"} if roster else {})}
    problems = files.refuse_outputs(made, [out], inputs)
    chosen, ids, key = None, list(students), b""
    if not made:
        with collecting(problems):
            key = course_key.load(key_file)
    with collecting(problems):
        chosen = source.find(theme, folder)
        answer_key.questions(chosen, source.defaults(chosen), "")
    with collecting(problems):
        ids += spreadsheet.people(roster) if roster else ()
    problems += filter(None, map(course_key.refuse_id, students))
    if problems or chosen is None:
        raise CourseError(problems)
    if made:
        course_key.make(key_file)
        key = course_key.load(key_file)
    suffix = "" if edition == "student" else f"_{edition}"
    texts: dict[Path, str] = {}
    for one in ids:
        about = {"theme": theme, "student": one, "signature": course_key.signature(theme, one, key)}
        book = editions.edition(chosen, edition, editions.draw(chosen, one, key), about)
        if edition != "grader":
            numbers = next(cell for cell in book["cells"] if source.role(cell) == "numbers")
            numbers["source"] += "\n" + course_key.signed_line(theme, one, key)
        texts[out / f"{theme}_{one}{suffix}.ipynb"] = editions.text_of(book)
    changed = [path for path, text in texts.items() if path.exists() and path.read_bytes() != text.encode()]
    if changed:
        raise CourseError([f"{path} is there already and differs; move it away first" for path in changed])
    out.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        files.write(path, text)
    click.echo(f"{len(texts)} notebooks in {out}/" if len(texts) > 1 else f"{next(iter(texts))}")
