"""A class comes back: as learning platforms export it, under any names, and nothing is lost or written over."""

import csv
import io
import json
import os
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from classroom import KEY, MEGA, Book, caged, call, cell, made, tiny, with_answer

from nbmodel.course.files import CourseError
from nbmodel.grading import archives, feedback, handmarks, marks, submissions
from nbmodel.grading.marks import Mark, Row

SOURCE = ("--source", "source")
ESSAY = Mark("1.2", "essay", None, 3.0, marks.WAITING, "my words")
ADA = Row("in/ada.ipynb", "ada", "tiny", "marked", (ESSAY,))


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a course key, and a small assignment: a number for two points, an argument for three."""
    monkeypatch.chdir(tmp_path)
    Path("course.key").write_bytes(KEY)
    Path("course.key").chmod(0o600)
    path = tiny(tmp_path / "source") / "tiny.ipynb"
    book = json.loads(path.read_text())
    about = {"grade_id": "1-2", "grade": True, "solution": True, "points": 3, "schema_version": 3, "locked": False}
    book["cells"].append({"cell_type": "markdown", "metadata": {"nbgrader": about}, "source": "A model argument."})
    path.write_text(json.dumps(book))
    Path("in").mkdir()
    return tmp_path


def edition(student: str, kind: str = "student", essay: str = "") -> Book:
    book = made(student, kind, "tiny", Path("source"))
    cell(book, "1-2")["source"] = essay or "*Your answer here.*"
    return book


def put(name: str | Path, book: Book) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(json.dumps(book))


def rows(path: str = "grades.csv") -> list[dict[str, str]]:
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def tree(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


# -- outputs -----------------------------------------------------------------------------------------------------------


def test_no_output_is_an_input_or_a_file_that_is_not_ours(course: Path) -> None:
    put("in/ada.ipynb", edition("ada"))
    Path("roster.csv").write_text("student\nada\n")
    Path("hand.csv").write_text("file,question,points\n")
    Path("thesis.txt").write_text("three years of work")
    Path("site").mkdir()
    Path("site/summary.html").write_text("my own page")
    Path("linked").hardlink_to("course.key")
    Path("other.csv").write_text("student,file\nada,x\n")
    Path("taken.csv.kept").write_text("not marks")
    before = tree(course)
    more = ("--roster", "roster.csv", "--hand", "hand.csv", *SOURCE)
    for arguments, said in (
        (("-o", "course.key"), "course.key is the course key"),
        (("-o", "linked"), "linked is the course key"),
        (("-o", "roster.csv"), "roster.csv is the roster"),
        (("-o", "hand.csv"), "hand.csv is the table of points by hand"),
        (("-o", "in/ada.ipynb"), "in/ada.ipynb is there already and is no table of grades"),
        (("-o", "source/tiny.ipynb"), "source/tiny.ipynb is a source"),
        (("-o", "thesis.txt"), "thesis.txt is there already and is no table of grades"),
        (("-o", "other.csv"), "other.csv is there already and is no table of grades"),
        (("-o", "taken.csv"), "taken.csv.kept is there already and holds no marks"),
        (("--feedback", "in"), "in is a submission"),
        (("--feedback", "source"), "source is the folder of the sources"),
        (("--feedback", "site"), "site has files that are not ours"),
    ):
        refused = call("grade", "in", *arguments, *more)
        assert refused.exit_code == 2 and said in refused.output, (arguments, refused.output)
    refused = call("assign", "tiny", "--student", "bob", "-o", "source", *SOURCE)
    assert refused.exit_code == 2 and "source is the folder of the sources" in refused.output
    assert tree(course) == before


# -- what came in ------------------------------------------------------------------------------------------------------


def unsigned(book: Book) -> None:
    del book["metadata"]


def odd_cells(book: Book) -> None:
    book["cells"][1:1] = [{"cell_type": "code", "metadata": {"nbgrader": None}, "source": "x = 1"}, {"source": [1]}, 5]


def large_outputs(book: Book) -> None:
    book["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 25 * MEGA}]


@caged
def test_an_answer_counts_under_any_name_and_whatever_a_program_did_to_its_file(course: Path) -> None:
    assert call("assign", "tiny", "--student", "lost", "--edition", "solution", "-o", "out", *SOURCE).exit_code == 0
    changes: dict[str, tuple[str, Callable[[Book], None]]] = {
        "large": ("large.ipynb", large_outputs),
        "odd": ("odd.ipynb", odd_cells),
        "text": ("a b (1).ipynb.txt", lambda book: None),
        "json": ("c.ipynb.json", lambda book: None),
        "hidden": (".ipynb", lambda book: None),
        "plain": ("no ending", lambda book: None),
        "lost": ("lost.ipynb", unsigned),
    }
    for student, (name, change) in changes.items():
        book = edition(student, "solution")
        if student == "lost":
            book = json.loads(Path("out/tiny_lost_solution.ipynb").read_text())
        change(book)
        put(f"in/{name}", book)
    result = call("grade", "in", *SOURCE)
    assert result.exit_code == 0, result.output
    assert {row["student"]: (row["1.1"], row["status"]) for row in rows()} == dict.fromkeys(changes, ("2", "marked"))
    # A signature is believed in a cell as little as in the metadata.
    book = json.loads(Path("in/lost.ipynb").read_text())
    numbers = cell(book, "numbers")
    numbers["source"] = numbers["source"].replace(" for lost:", " for eve:")
    with pytest.raises(submissions.Refused, match="id changed"):
        submissions.identify(submissions.open_notebook(json.dumps(book).encode()), KEY)


@caged
def test_what_cannot_be_marked_is_named_with_what_it_is_and_nobody_is_missing_for_it(course: Path) -> None:
    put("in/ada.ipynb", edition("ada"))
    lost = edition("bob")
    del lost["metadata"]
    put("in/tiny_bob.ipynb", lost)
    Path("in/s03").mkdir()
    Path("in/s03/work.ipynb").write_bytes(b'{"cells": [], "x": "' + b"x" * 101 * MEGA + b'"}')
    Path("in/Zoë Ess-Ay_77.pdf").write_bytes(b"%PDF-1.7")
    Path("in/text.html").write_text("<html>")
    with zipfile.ZipFile("in/work.zip", "w") as archive:
        archive.writestr("a.ipynb", "{}")
    Path("in/.hidden").mkdir()
    put("in/.hidden/eve.ipynb", edition("eve"))
    Path("in/elsewhere").symlink_to(course / "source")
    Path("in/.DS_Store").write_text("x")
    Path("in/closed").mkdir()
    Path("in/closed").chmod(0)
    Path("roster.csv").write_text("student,name\nada,A\nbob,B\ns03,C\ncy,Page\ndee,Zoë Ess-Ay\n", "utf-8")
    result = call("grade", "in", *SOURCE, "--roster", "roster.csv", "--feedback", "fb")
    Path("in/closed").chmod(0o700)
    assert result.exit_code == 0, result.output
    expected = {
        "in/tiny_bob.ipynb": "not an assignment: nothing in it says whose it is; ask for",
        "in/s03/work.ipynb": "too large: more than 100 MB; ask for it without its outputs",
        "in/Zoë Ess-Ay_77.pdf": "not a notebook: a PDF; ask for",
        "in/text.html": "not a notebook: a web page; ask for",
        "in/work.zip": "an archive, or a document: to mark what is in an archive, name it",
        "in/.hidden": "a hidden folder, not looked into: rename it",
        "in/elsewhere": "not a file: a link or a device",
    }
    if os.geteuid() != 0:
        expected["in/closed"] = "cannot be read: mend its permissions"
    told = {row["file"]: row["status"] for row in rows() if row["file"] and not row["student"]}
    summary = Path("fb/summary.html").read_text()
    assert told.keys() == expected.keys()
    for name, status in expected.items():
        assert told[name].startswith(status) and name in summary
        assert f"Not marked, {told[name]}:\n  {name}\n" in result.output
    assert "Nothing came in from 1: cy\n" in result.output
    missing = {row["student"]: row["status"] for row in rows() if not row["file"]}
    assert missing["cy"] == "not handed in"
    assert missing["s03"].startswith("perhaps in/s03/work.ipynb: too large")
    assert missing["bob"].startswith("perhaps in/tiny_bob.ipynb: not an assignment")
    assert missing["dee"].startswith("perhaps in/Zoë Ess-Ay_77.pdf: not a notebook: a PDF")  # by the name on the roster


def test_names_of_files_do_nothing_to_a_terminal_or_a_page_and_each_has_a_page(course: Path) -> None:
    put("in/ada.ipynb", edition("ada"))
    for name in ("\x1b[2J\x1b]0;owned\x07.ipynb", "marks\u202egnp.ipynb", "two\nlines.ipynb", "\u2066a\u2069.ipynb"):
        Path("in", name).write_text("{}")
    Path("in", "名" * 80 + ".ipynb").write_text("{}")
    found = submissions.collect([Path("in")])
    graded = [Row(submissions.files.name(path), "", "", "not a notebook") for path in found]
    assert feedback.write(Path("fb"), graded) == []
    assert len(list(Path("fb").glob("*.html"))) == len(found) + 2
    text = "".join(path.read_text() for path in Path("fb").iterdir()) + str(marks.grades(graded))
    assert [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf") and letter != "\n"] == []
    assert "two\\nlines.ipynb" in text and "\\u202egnp" in text and "名" * 80 in text
    refused = call("grade", "in", "\x1b[2Jnowhere", *SOURCE)
    assert refused.exit_code == 2 and "there is no \\x1b[2Jnowhere" in refused.output


# -- archives ----------------------------------------------------------------------------------------------------------


def zipped(path: str, *files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, method)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@caged
def test_the_archive_of_a_platform_is_marked_without_being_unpacked(course: Path) -> None:
    def text(student: str) -> bytes:
        return json.dumps(edition(student, "solution")).encode()

    folder = "Zoë Müller-O'Neill_1234567_assignsubmission_file_"
    zipped(
        "Course-Tiny assignment-42.zip",
        (f"{folder}/tiny zoe.ipynb", text("zoe")),
        (f"{folder}/onlinetext.html", b"<p>See my file"),
        ("../../escaped.ipynb", text("ada")),
        (f"{course}/course.key", text("bob")),
        ("lovelaceada_LATE_77_991_same-1.ipynb", text("cy")),
        ("lovelaceada_LATE_77_991_same-1.ipynb", text("dee")),
        ("__MACOSX/._x.ipynb", b"x"),
    )
    before = tree(course)
    result = call("grade", "Course-Tiny assignment-42.zip", "-o", "out/grades.csv", *SOURCE)
    assert result.exit_code == 0, result.output
    assert {row["student"]: row["1.1"] for row in rows("out/grades.csv")} == {
        "zoe": "2",
        "ada": "2",
        "bob": "2",
        "cy": "2",
        "dee": "2",
        "": "",
    }
    assert all(row["file"].startswith("Course-Tiny assignment-42.zip/") for row in rows("out/grades.csv"))
    assert {path for path in tree(course) if "out" not in path.parts} == set(before)


def test_an_archive_that_could_do_harm_is_refused_or_costs_little(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def status(path: str) -> str:
        (member,) = submissions.collect([Path(path)])
        with pytest.raises(submissions.Refused) as caught:
            submissions.load(member)
        return caught.value.status

    zipped("bomb.zip", ("a.ipynb", bytes(101 * MEGA)))
    assert Path("bomb.zip").stat().st_size < MEGA and status("bomb.zip").startswith("too large")
    zipped("bz2.zip", ("a.ipynb", bytes(MEGA)), method=zipfile.ZIP_BZIP2)
    assert status("bz2.zip").startswith("cannot be read: it is packed in an unusual way")
    zipped("cut.zip", ("a.ipynb", os.urandom(9000)))
    data = bytearray(Path("cut.zip").read_bytes())
    data[5000] ^= 1
    Path("cut.zip").write_bytes(data)
    assert status("cut.zip").startswith("cannot be read: its archive is damaged")
    zipped("locked.zip", ("a.ipynb", b"x" * 99))
    data = bytearray(Path("locked.zip").read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    Path("locked.zip").write_bytes(data)
    assert status("locked.zip") == "cannot be read: it is locked with a password"
    # zipfile reads the whole list of members at once.
    monkeypatch.setattr(archives, "MEMBERS", 1)
    monkeypatch.setattr(archives, "LISTING", 1000)
    zipped("many.zip", ("a", b""), ("b", b""))
    zipped("long.zip", ("a" * 2000, b""))
    for name, said in (
        ("long.zip", "cannot be read as an archive (its list of files is too long)"),
        ("many.zip", "holds 2 files, 0 MB; split it"),
    ):
        refused = call("grade", name, *SOURCE)
        assert refused.exit_code == 2 and f"{name} {said}" in refused.output, refused.output


# -- points by hand ----------------------------------------------------------------------------------------------------


def test_an_answer_is_known_by_128_bits_that_only_who_has_the_key_can_make(tmp_path: Path) -> None:
    known = handmarks.stamp(ADA, ESSAY, KEY)
    assert re.fullmatch("a[0-9a-f]{32}", known)
    other = replace(ESSAY, shown="other words")
    others = {handmarks.stamp(ADA, other, KEY), handmarks.stamp(ADA, ESSAY, KEY + b"!")}
    others.add(handmarks.stamp(replace(ADA, student="bob"), ESSAY, KEY))
    assert len(others | {known}) == 4
    # Two files that look alike in a table: points for one of them are given by its stamp, not by its name.
    alike = [ADA, Row(ADA.file, "bob", "tiny", "marked", (ESSAY,))]
    path = tmp_path / "hand.csv"
    path.write_text("file,question,points\nin/ada.ipynb,1.2,3\n")
    with pytest.raises(CourseError, match=r"line 2: 2 files with an answer to 1\.2 are called in/ada\.ipynb"):
        handmarks.given(handmarks.read(path), alike, KEY)
    path.write_text(f"file,question,points,answer\nin/ada.ipynb,1.2,3,{known}\nx,1.2,1,a0123456789a\n")
    found = handmarks.given(handmarks.read(path), [ADA], KEY)
    assert found.points == {("in/ada.ipynb", "1.2"): 3.0} and "empty its cell 'answer'" in found.stale[0]


def test_an_answer_has_one_mark_and_one_comment_and_the_student_gets_both(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    twice = [ADA, replace(ADA, file="in/copy.ipynb")]
    assert handmarks.complete(path, None, twice, KEY) == 1
    known = handmarks.stamp(ADA, ESSAY, KEY)
    path.write_text(
        f"file,question,points,comment,answer\nin/ada.ipynb,1.2,2,say why,{known}\nin/copy.ipynb,1.2,1,no,\n"
    )
    with pytest.raises(CourseError) as caught:
        handmarks.given(handmarks.read(path), twice, KEY)
    assert caught.value.problems == [
        "hand.csv line 3: 1 points for question 1.2 of in/copy.ipynb, but 2 on line 2; remove one of the two",
        "hand.csv line 3: the comment 'no' for question 1.2 of in/copy.ipynb, but 'say why' on line 2; remove one of the two",
    ]
    path.write_text(path.read_text().replace("in/copy.ipynb,1.2,1,no,\n", ""))
    for row in handmarks.applied(twice, handmarks.given(handmarks.read(path), twice, KEY)):
        assert (row.marks[0].points, row.marks[0].comment, row.final) == (2.0, "say why", True)


# -- platforms ---------------------------------------------------------------------------------------------------------

MOODLE = """Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade",\
"Grade can be changed","Last modified (submission)","Last modified (grade)"
"Participant 11","Zoë ""Z"" Müller",,zoe@uni.example,"Submitted for grading",,100.00,Yes,"Thursday, 3 December 2026, 11:58 PM",-
"Participant 12","Müller, Zoë",,bob@uni.example,"Submitted for grading",,100.00,Yes,"Friday, 4 December 2026, 1:30 AM",-
"Participant 13",=cmd,,cy@uni.example,"No submission",7.5,100.00,Yes,-,-
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Tiny (4711),Essay (4712),Current Score
"    Points Possible",,,,,10,20,(read only)
"Müller, Zoë",901,zoe,zm77,Monday,,19,x
"bob",902,cy,cy77,Monday,3,1,x
"Lovelace, Bob",903,bob,bl77,Monday,,18,x
"""


def read_back(path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(Path(path).read_text("utf-8"))))


@caged
def test_gradebooks_come_back_as_they_were_with_the_grades_of_whoever_has_one(course: Path) -> None:
    put("in/z.ipynb", edition("zoe", "solution"))  # the argument is blank: 2 of 5 points
    put("in/b.ipynb", edition("bob", "solution", "my own words"))
    Path("roster.csv").write_text(
        "student,email address\nzoe,zoe@uni.example\nbob,BOB@uni.example\ncy,cy@uni.example\n", "utf-8"
    )
    Path("moodle.csv").write_text(MOODLE, "utf-8-sig")
    Path("canvas.csv").write_text(CANVAS, "utf-8")
    more = ("in", "--roster", "roster.csv", *SOURCE)
    result = call("grade", *more, "--gradebook", "moodle.csv")
    assert result.exit_code == 0, result.output
    assert "left as it was: bob: 1 answers wait to be marked by a person" in result.output
    sent = read_back("moodle.csv")
    sent[0][0] = "Identifier"
    sent[1][5] = "40"
    assert read_back("grades_upload.csv") == sent

    Path("grades_upload.csv").unlink()
    Path("hand.csv").write_text("file,question,points\nin/b.ipynb,1.2,1.5\n")
    result = call("grade", *more, "--gradebook", "canvas.csv", "--hand", "hand.csv")
    assert result.exit_code == 0 and "zoe" not in result.output, result.output
    sent = read_back("canvas.csv")
    sent[2][5], sent[4][5] = "4", "7"  # of ten; the row of who calls himself "bob" is cy's
    assert read_back("grades_upload.csv") == sent

    # Who was excused stays so, also where names come in two columns; what came with semicolons goes back with them.
    excused = CANVAS.replace("Student,ID", "LastName,FirstName,ID").replace("Monday,,19", "Monday,EX,19")
    excused = "".join(
        re.sub(r'^("[^"]*"|)', r"\1,", line) if n else line for n, line in enumerate(excused.splitlines(True))
    )
    Path("canvas.csv").write_text(
        excused.replace('"Müller, Zoë"', "Müller").replace('"Lovelace, Bob"', "L").replace(",", ";"), "utf-8"
    )
    result = call("grade", *more, "--gradebook", "canvas.csv", "--hand", "hand.csv")
    assert result.exit_code == 0 and "left as it was: zoe: has EX there" in result.output, result.output
    back = [line.split(";") for line in Path("grades_upload.csv").read_text("utf-8").splitlines()]
    assert [line[6] for line in back] == ["Tiny (4711)", "10", "EX", "3", "7"]

    # Without a column for the assignment one is added, which Canvas asks about.
    Path("canvas.csv").write_text(CANVAS.replace("Tiny (4711)", "Other (4711)"), "utf-8")
    assert call("grade", *more, "--gradebook", "canvas.csv", "--hand", "hand.csv").exit_code == 0
    back = read_back("grades_upload.csv")
    assert [row[8] for row in back] == ["tiny", "5", "2", "", "3.5"]

    Path("canvas.csv").write_text(CANVAS + '"Twice",904,zoe,zm78,Monday,,1,x\n', "utf-8")
    Path("twin.csv").write_text("name,grade\n")
    for name, said in (
        ("canvas.csv", "canvas.csv line 6 is of zoe, and so is line 3"),
        ("twin.csv", "twin.csv is no gradebook"),
    ):
        refused = call("grade", *more, "--gradebook", name)
        assert refused.exit_code == 2 and said in refused.output, refused.output


@caged
def test_who_was_late_follows_from_a_table_of_times_and_from_extensions(course: Path) -> None:
    for student in ("zoe", "bob", "cy", "dee"):
        put(f"in/{student}.ipynb", edition(student))
    Path("roster.csv").write_text(
        "student,email address,extension\n"
        + "".join(
            f"{one},{one}@uni.example,{until}\n" for one, until in (("zoe", ""), ("bob", ""), ("cy", ""), ("dee", ""))
        )
    )
    Path("times.csv").write_text(MOODLE, "utf-8-sig")
    more = ("in", "--roster", "roster.csv", *SOURCE, "--times", "times.csv")
    result = call("grade", *more, "--due", "2026-12-03 23:59")
    assert result.exit_code == 0, result.output
    assert {row["student"]: row["status"] for row in rows()} == {
        "zoe": "blank",
        "bob": "blank; late by 1 h 31 min",
        "cy": "blank; no time known",
        "dee": "blank; no time known",
    }
    assert "Late:\n  bob: blank; late by 1 h 31 min" in result.output
    Path("roster.csv").write_text(
        Path("roster.csv").read_text().replace("bob@uni.example,", "bob@uni.example,2026-12-05T12:00")
    )
    result = call("grade", *more, "--due", "2026-12-03 23:59")
    assert {row["status"] for row in rows()} == {"blank", "blank; no time known"}
    assert "bob tiny: status blank; late by 1 h 31 min -> blank" in result.output
    Path("roster.csv").write_text(Path("roster.csv").read_text().replace("2026-12-05T12:00", "Saturday"))
    Path("times.csv").write_text("student,time\nzoe,2026-12-03T23:00+01:00\nbob,2026-12-03\n")
    refused = call("grade", *more, "--due", "2026-12-03 23:59")
    assert refused.exit_code == 2
    for said in (
        "times.csv line 2: '2026-12-03T23:00+01:00' and --due '2026-12-03 23:59': write a time zone with both",
        "times.csv line 3: '2026-12-03' is no date and time of day",
        "the roster's extension of bob: 'Saturday' is no date and time of day",
    ):
        assert said in refused.output, refused.output
    assert "--due and --times go together" in call("grade", "in", *SOURCE, "--due", "2026-12-03 23:59").output
    assert "--due: '3 Dec' is no date" in call("grade", *more, "--due", "3 Dec").output


@caged
def test_grading_again_says_what_has_changed(course: Path) -> None:
    for student in ("ada", "bob", "cy"):
        put(f"in/{student}.ipynb", edition(student, "solution"))
    first = call("grade", "in", *SOURCE)
    assert first.exit_code == 0 and "Changed" not in first.output
    assert "Changed" not in call("grade", "in", *SOURCE).output
    book = edition("ada", "solution")
    with_answer("1.1", "twice = km")(book)
    put("in/ada.ipynb", book)
    Path("in/cy.ipynb").unlink()
    put("in/dee.ipynb", edition("dee"))
    again = call("grade", "in", *SOURCE)
    changed = again.output.partition("Changed since grades.csv was written:\n")[2].splitlines()
    assert changed[:2] == ["  ada tiny: 1.1 2 -> 0", "  cy tiny: is not there any more; it had 2 points"]
    assert "dee" not in "".join(changed)
