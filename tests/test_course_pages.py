"""What a lecturer meets: tables of any spreadsheet, marks by hand that stay with their answers, pages, refusals, Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import KEY, Book, caged, call, cell, made, table, tiny, with_answer

from nbmodel import collection
from nbmodel.course import answer_key, editions, files, source, spreadsheet
from nbmodel.course.files import CourseError
from nbmodel.data.spreadsheet import Table
from nbmodel.data.typed_rows import TableError
from nbmodel.grading import commands, feedback, handmarks, marking, marks, submissions
from nbmodel.grading.marks import Mark, Row
from nbmodel.sandbox.cage import Cage, RunResult, SandboxLimits

ESSAY = Mark("1.8", "essay", None, 4.0, marks.WAITING, "flux is not amount", "1 point for flux")
NUMBER = Mark("1.2", "number", 1.5, 3.0, "the unit is wrong", right="94.87 uM")
ADA = Row("in/ada.ipynb", "ada", "synthesis", "marked", (NUMBER, ESSAY), numbers="km = 50 uM")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a course key."""
    monkeypatch.chdir(tmp_path)
    Path("course.key").write_bytes(KEY)
    Path("course.key").chmod(0o600)
    return tmp_path


def put(name: str, book: Book) -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(book))


# -- tables ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_as_any_spreadsheet_writes_it(encoding: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    lines = [["File", "QUESTION", " Points ", "of"], ["in/Übung.ipynb", "1.8", "2", "4"], ["", "", "", ""]]
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    (one,) = spreadsheet.read(path, ("file", "question", "points")).rows()
    assert one == (2, {"file": "in/Übung.ipynb", "question": "1.8", "points": "2", "of": "4"})


def test_a_table_without_its_columns_is_refused_with_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    for data, said in (
        (b"", "is empty; its first line must name the columns"),
        (b"file,marks\n1,2\n", "no column 'points' in its first line, which has: 'file', 'marks'"),
        (b"\x00\xff\x01", "line 1: holds a NUL byte"),
    ):
        path.write_bytes(data)
        with pytest.raises(TableError, match=said):
            spreadsheet.read(path, ("points",))


# -- marks by hand -----------------------------------------------------------------------------------------------------


def filled(path: Path, points: str) -> Table:
    """The table, with points entered in every row that has none."""
    read = handmarks.read(path)
    at = read.columns.index("points")
    spreadsheet.write(path, [[*row[:at], row[at] or points, *row[at + 1 :]] for row in read.cells])
    return handmarks.read(path)


def test_points_stay_with_the_answer_they_were_given_for(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    assert handmarks.complete(path, None, [ADA], KEY) == 1
    once = filled(path, "3,5")
    assert handmarks.given(once, [ADA], KEY).points == {("in/ada.ipynb", "1.8"): 3.5}
    moved = replace(ADA, file="late/ada (1).ipynb")
    assert handmarks.given(once, [moved], KEY).points == {("late/ada (1).ipynb", "1.8"): 3.5}
    # Another text under the same name: the points do not count for it, and a row for it is added.
    other = replace(ADA, marks=(NUMBER, replace(ESSAY, shown="a second try")))
    stale = handmarks.given(once, [other], KEY)
    assert not stale.points and "line 2" in stale.stale[0] and "has changed since" in stale.stale[0]
    assert handmarks.complete(path, once, [other, ADA], KEY) == 1
    assert handmarks.complete(path, handmarks.read(path), [other, ADA], KEY) == 0
    twice = handmarks.read(path)
    assert [row["points"] for _, row in twice.rows()] == ["3,5", ""]
    both = handmarks.given(filled(path, "1"), [other], KEY)
    assert both.points == {("in/ada.ipynb", "1.8"): 1.0} and both.stale == []


def test_a_table_is_added_to_in_its_own_way_and_keeps_all_that_stands_in_it(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    path.write_text("file;question;points;of;remark\nin/ada.ipynb;1.8;2;4;weak on losses\n", "utf-8-sig")
    before = handmarks.read(path)
    bob = replace(ADA, file="in/bob.ipynb", student="bob")
    assert handmarks.complete(path, before, [ADA, bob], KEY) == 1
    text = path.read_text("utf-8-sig")
    assert "in/ada.ipynb;1.8;2;4;weak on losses" in text and "in/bob.ipynb;1.8;;4;" in text
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_points_that_cannot_be_are_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    path.write_text("file,question,points\nin/ada.ipynb,1.8,5\nin/ada.ipynb,1.8,x\nin/eve.ipynb,1.8,1\n")
    with pytest.raises(CourseError) as caught:
        handmarks.given(handmarks.read(path), [ADA], KEY)
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [f"hand.csv line {n}" for n in (2, 3, 4)]


def test_what_a_lecturer_writes_beside_the_points_reaches_the_student(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    handmarks.complete(path, None, [ADA], KEY)
    head, line = path.read_text().splitlines()
    assert head == "file,question,points,of,comment,answer"
    for points, total in (("", "1.5 of 3 points so far"), ("2", "3.5 of 7 points<")):
        path.write_text(f"{head}\n{line.replace(',,4,,', f',{points},4,the <losses> are missing,')}\n")
        given = handmarks.given(handmarks.read(path), [ADA], KEY)
        page = feedback.student(*handmarks.applied([ADA], given), "x")
        assert "<p>the &lt;losses&gt; are missing</p>" in page and total in page
    # A comment for nobody is told of like points for nobody.
    path.write_text("file,question,points,comment\nin/eve.ipynb,1.8,,lost\n")
    with pytest.raises(CourseError, match=r"line 2: no question 1\.8 of in/eve\.ipynb"):
        handmarks.given(handmarks.read(path), [ADA], KEY)


# -- work that is there ------------------------------------------------------------------------------------------------


def marked(course: Path, book: Book, cell_seconds: int = 30) -> dict[str, Mark]:
    """The marks of a notebook, run without a sandbox: it is ours."""
    put("in/ada.ipynb", book)
    cage = Cage("none", SandboxLimits(seconds=120, cell_seconds=cell_seconds))
    row = marking.Grader({"synthesis": source.find("synthesis")}, KEY, cage).mark(Path("in/ada.ipynb"))
    (course / "summary.html").write_text(feedback.summary([row]))
    return {mark.question: mark for mark in row.marks}


@pytest.mark.long
def test_work_from_which_no_answer_came_out_is_told_in_words_and_shown_to_a_person(course: Path) -> None:
    book = made("ada")
    with_answer("1.1", "def rate(s, vmax, km, ki):\n    print(vmax * s / (km + s + s**2 / ki))")(book)
    cell(book, "1-2-work").update(cell_type="markdown", source="The answer is 95 uM.")
    with_answer("1.3", "control = 0.7")(book)
    with_answer("1.4", "def change(state, *given):\n    while True: pass")(book)
    with_answer("1.5", "raise ValueError('no')")(book)
    with_answer("1.6", "while True: pass")(book)
    cell(book, "1-7")["source"] = "figure = None\nplt.plot([0, 24], [100, 60])\nplt.show()"
    found = marked(course, book, cell_seconds=6)
    said = {
        "1.1": "it returns nothing: hand the value back with return",
        "1.2": "your answer stands in a cell of text",
        "1.3": "leave it in the variable control_of_others",
        "1.4": "it reached the limit of time",
        "1.5": "its cell ended with an error",
        "1.6": "it reached the limit of time",
    }
    for question, words in said.items():
        assert words in found[question].comment and found[question].points == 0, found[question]
    assert "print(vmax" in found["1.1"].given and "95 uM" in found["1.2"].given
    # The figure that was drawn and not named is there to be marked by hand.
    assert found["1.7"].points is None and found["1.7"].shown.startswith("iVBOR")
    look = (course / "summary.html").read_text().partition("Look at these")[2]
    assert all(f"{question}: {found[question].comment}" in look for question in said)


@pytest.mark.long
@pytest.mark.parametrize(
    "code", ["figure = plt.plot([1, 2])", "figure = None\nplt.plot([1, 2]);", "plt.figure().add_subplot()"]
)
def test_a_figure_is_found_whatever_the_variable_holds(course: Path, code: str) -> None:
    book = made("ada", "student")
    cell(book, "1-7")["source"] = code
    assert marked(course, book)["1.7"].shown.startswith("iVBOR")


def test_a_figure_that_did_not_come_out_is_marked_by_hand_from_its_cell(course: Path) -> None:
    book = made("ada", "student")
    cell(book, "1-7").update(cell_type="markdown", source="`axes.plot(hours, store)`")
    found = marked(course, book)
    assert found["1.7"].points is None and "axes.plot(hours, store)" in found["1.7"].shown
    assert {found[f"1.{n}"].comment for n in (1, 2, 3, 4, 5, 6, 8)} == {"not tried yet"}


# -- pages -------------------------------------------------------------------------------------------------------------


def test_every_row_has_a_page_of_its_own_that_names_its_file(tmp_path: Path) -> None:
    rows = [
        replace(ADA, student=one, file=f"{one}{n}.ipynb") for n, one in enumerate(("team", "team", "team_2", "Team"))
    ]
    rows += [Row("in/summary.ipynb", "", "", "not a notebook"), Row("x/Hand.ipynb", "", "", "not a notebook")]
    assert feedback.write(tmp_path, rows) == []
    pages = {path.name: path.read_text() for path in tmp_path.glob("*.html")}
    assert len(pages) == len(rows) + 2 and len({name.lower() for name in pages}) == len(pages)
    for row in rows:
        assert sum(f"File: {row.file}" in page for page in pages.values()) == 1
    assert "Class summary" in pages["summary.html"] and "To mark by hand" in pages["hand.html"]


def test_a_page_that_cannot_be_made_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = feedback.student

    def failing(row: Row, name: str) -> str:
        if row.student == "eve":
            raise ValueError("a fault of ours")
        return real(row, name)

    monkeypatch.setattr(feedback, "student", failing)
    (problem,) = feedback.write(tmp_path, [replace(ADA, student="eve"), ADA])
    assert "synthesis_eve.html" in problem
    assert {path.name for path in tmp_path.iterdir()} == {"synthesis_ada.html", "summary.html", "hand.html"}


def test_text_that_no_file_can_hold_is_written_out(tmp_path: Path) -> None:
    files.write(tmp_path / "x", "half \ud800")
    assert (tmp_path / "x").read_text() == "half \\ud800"
    assert files.clean({"\udc80": ["a\ud83d", 1, None]}) == {"\\udc80": ["a\\ud83d", 1, None]}
    assert files.name(Path(os.fsdecode(b"\xdcbung"))) == "\\xdcbung"


def test_who_marks_sees_numbers_right_answers_and_the_model_answer_and_students_do_not(tmp_path: Path) -> None:
    feedback.write(tmp_path / "fb", [ADA], {"synthesis": {"1.8": "the model's words"}})
    page = (tmp_path / "fb" / "hand.html").read_text()
    for words in ("km = 50 uM", "1.2: 94.87 uM", "the model&#39;s words", "1 point for flux", "flux is not amount"):
        assert words in page
    assert f"--hand {tmp_path}/fb/hand.csv" in page
    own = (tmp_path / "fb" / "synthesis_ada.html").read_text()
    assert "94.87" not in own and "1 point for flux" not in own and "model" not in own


def test_the_page_of_a_student_adds_up_and_has_titles_answers_and_a_lesson_to_read_again(course: Path) -> None:
    found = marked(course, made("ada"))
    row = Row("in/ada.ipynb", "ada", "synthesis", "marked", tuple(found.values()))
    page = feedback.student(row, "x")
    assert "19 of 19 points so far</strong>; 7 wait for a person" in page
    assert "1.2 Where the rate is highest" in page and "best_tyrosine = " in page and "Control over a *flux*" in page
    assert "data:image/png;base64,iVBOR" in page and "prefers-color-scheme: dark" in page
    assert "01_synthesis.html#3.-What-does-twice-the-TH" in page  # beside what is not yet worth all its points
    feedback.write(course / "fb", [row])
    lesson = (course / "fb" / "01_synthesis.html").read_text()
    assert 'id="3.-What-does-twice-the-TH-do-to-the-store?"' in lesson and "<title>How is norepinephrine made" in lesson
    linked = set(re.findall(r'href="(\w+\.html)', lesson))
    assert linked == {"terms.html"} and (course / "fb" / "terms.html").exists()


def test_where_to_read_again_is_a_section_of_a_lesson_for_every_question() -> None:
    for theme in source.themes():
        told = source.find(theme).told
        assert set(told) == {name for name, _, _ in answer_key.questions_of(source.find(theme))}
        for one in told.values():
            name, _, place = one.lesson[1].partition(".html#")
            book = nbformat.read(collection.notebooks_folder() / f"{name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
            headings = re.findall(
                r"^## (.+)$", "\n".join(c.source for c in book.cells if c.cell_type == "markdown"), re.M
            )
            assert urllib.parse.unquote(place) in {heading.replace(" ", "-") for heading in headings}
            assert f"section {place.partition('.')[0]}" in one.lesson[0] and f"notebook {name[:2]}" in one.lesson[0]


def test_the_summary_lists_every_student_with_a_link_and_tells_the_mean() -> None:
    bob = replace(ADA, student="bob", file="in/bob.ipynb", marks=(replace(NUMBER, points=3.0), ESSAY))
    odd = Row("in/x y.ipynb", "", "", "not a notebook")
    page = feedback.summary([bob, ADA, odd])
    assert "Mean 75 %, median 75 %" in page
    students = page.partition("<h2>Students</h2>")[2]
    assert [
        students.index(link) for link in ('href="x_y.html"', 'href="synthesis_ada.html"', 'href="synthesis_bob.html"')
    ]
    assert "1.5 of 3" in students and "(+4 to mark)" in students
    assert "of 0" not in page + feedback.student(odd, "x_y")  # nothing was asked of a file that is none


def test_the_summary_has_no_mean_where_a_person_has_yet_to_mark() -> None:
    blank = replace(ADA, student="bob", marks=(NUMBER, replace(ESSAY, points=0.0, comment="not tried yet", shown="")))
    page = feedback.summary([ADA, blank], ["eve (synthesis)"])
    row = re.search(r"<tr><td>1.8</td><td class=n>(.*?)</td>", page)
    assert row and row[1] == "1 to mark"
    assert "Nothing came in from" in page and "eve (synthesis)" in page
    row = re.search(r"<tr><td>1.2</td><td class=n>(.*?)</td>", page)
    assert row and row[1] == "50 %"


# -- what is refused, and told -----------------------------------------------------------------------------------------


def test_every_fault_of_a_call_is_told_at_once_and_nothing_is_made(course: Path) -> None:
    Path("in").mkdir()
    put("in/a.ipynb", made("ada"))
    Path("afile").write_text("x")
    Path("adir").mkdir()
    Path("roster.csv").write_text("name\nada\n")
    Path("hand.csv").write_text("file,marks\n")
    before = sorted(course.rglob("*"))
    refused = call(
        "grade",
        "in",
        "nowhere",
        "-o",
        "adir",
        "--feedback",
        "afile",
        "--key",
        "no/course.key",
        "--roster",
        "roster.csv",
        "--hand",
        "hand.csv",
    )
    assert refused.exit_code == 2
    for words in (
        "adir is a folder",
        "afile is a file",
        "no course key no/course.key",
        "there is no nowhere",
        "no column 'student'",
        "no column 'points'",
    ):
        assert words in refused.output
    refused = call("assign", "synthesi", "--roster", "roster.csv", "-o", "afile", "--key", "adir")
    assert refused.exit_code == 2
    for words in ("did you mean", "no column 'student'", "afile is a file", "adir is a folder"):
        assert words in refused.output
    refused = call("assign", "synthesis", "--student", "ada", "-o", "afile/in")
    assert refused.exit_code == 2 and "afile is a file; afile/in cannot be made below it" in refused.output
    assert sorted(course.rglob("*")) == before


def test_a_roster_of_an_old_spreadsheet_is_read_and_a_key_gets_its_folder(course: Path) -> None:
    Path("roster.csv").write_bytes("Name;Student\nJürgen;juergen\n".encode("latin-1"))
    made_of = call("assign", "synthesis", "--roster", "roster.csv", "-o", "out", "--key", "secret/course.key")
    assert made_of.exit_code == 0, made_of.output
    assert Path("out/synthesis_juergen.ipynb").exists() and Path("secret/course.key").exists()


@caged
def test_a_key_of_another_course_is_noticed_before_anybody_is_blamed(course: Path) -> None:
    put("in/a.ipynb", made("ada"))
    put("in/b.ipynb", made("bob"))
    Path("other.key").write_text("another key, which is as long as it has to be")
    refused = call("grade", "in", "--key", "other.key")
    assert refused.exit_code == 2 and "is this the right course.key?" in refused.output
    assert not Path("grades.csv").exists()
    changed = made("eve")
    changed["metadata"]["nbmodel"]["student"] = "ada"
    put("in/c.ipynb", changed)
    assert submissions.strangers([Path("in/c.ipynb")], KEY) == 1
    assert submissions.strangers(sorted(Path("in").iterdir()), KEY) == 0


@caged
def test_the_roster_tells_who_is_missing_and_other_files_are_told_of(course: Path) -> None:
    folder = tiny(course / "source")
    put("in/a.IPYNB", made("ada", "student", "tiny", folder))
    put("in/z.ipynb", made("zoe", "student", "tiny", folder))
    Path("in/bob.zip").write_text("x")
    Path("roster.csv").write_text("student\nada\nbob\n")
    result = call("grade", "in", "--roster", "roster.csv", "--feedback", "fb", "--source", "source")
    assert result.exit_code == 0
    reason = "in/bob.zip: not a notebook: of no known kind"
    told = (
        "Not marked, not a notebook: of no known kind; ask for the notebook, a file that ends in .ipynb:\n  in/bob.zip"
    )
    for words in (told, "Perhaps among those not marked:\n  bob: in/bob.zip", "Not on the roster: zoe"):
        assert words in result.output, words
    assert "Nothing came in" not in result.output
    lines = Path("grades.csv").read_text().splitlines()
    assert any(line.startswith(f',bob,tiny,,,"perhaps {reason}') for line in lines) and len(lines) == 5
    assert "in/bob.zip" in Path("fb/summary.html").read_text()
    Path("in/bob.zip").unlink()
    result = call("grade", "in", "--roster", "roster.csv", "--feedback", "fb", "--source", "source")
    assert "Nothing came in from 1: bob" in result.output
    assert "Changed since grades.csv was written:\n  in/bob.zip: is not there any more" in result.output
    assert ",bob,tiny,,,not handed in," in Path("grades.csv").read_text().splitlines()
    assert "bob (tiny)" in Path("fb/summary.html").read_text()


def test_a_stray_file_of_another_assignment_makes_nobody_late() -> None:
    found = [replace(ADA, student=f"s{n}") for n in range(5)] + [replace(ADA, student="s0", theme="reuptake")]
    ids = dict.fromkeys([f"s{n}" for n in range(6)])
    assert marks.absent(ids, found) == [("s5", "synthesis")]
    two = [ADA, replace(ADA, theme="reuptake", student="bob")]
    assert marks.absent(dict.fromkeys(["ada", "bob"]), two) == [("ada", "reuptake"), ("bob", "synthesis")]


def test_what_a_course_leaves_in_a_clone_is_not_taken_into_git() -> None:
    ignored = (Path(__file__).parents[1] / ".gitignore").read_text().splitlines()
    for name in (
        "*.key",
        "/roster.csv",
        "/handout/",
        "/handed-in/",
        "/feedback/",
        "/grades.csv",
        "/grades_upload.csv",
        "*.csv.kept",
        "/private/",
    ):
        assert name in ignored


# -- kept marks --------------------------------------------------------------------------------------------------------


class Counting(Cage):
    """A cage that runs nothing, ends as told, and counts."""

    def run(self, *_: Any, **__: Any) -> RunResult:
        RUNS.append(1)
        return RunResult(({"done": True},) if ENDS[0] != "silent" else (), ENDS[0].replace("silent", "died"), 0.1)


RUNS: list[int] = []
ENDS = ["done"]


def test_marks_are_kept_while_nothing_they_hang_on_changes(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("in/a.ipynb", made("ada"))
    monkeypatch.setattr("nbmodel.sandbox.self_test.probe", lambda limits: (Counting("user", limits), []))
    monkeypatch.setattr("nbmodel.sandbox.isolation.exposed", lambda _: [])

    def runs(*more: str, ends: str = "done") -> int:
        ENDS[0] = ends
        RUNS.clear()
        assert call("grade", "in", *more).exit_code == 0
        return len(RUNS)

    assert [runs(), runs()] == [1, 0]
    assert [runs("--again", "odd"), runs("--again", "all")] == [0, 1]
    # Another version of the code, or of a library, may give other marks.
    monkeypatch.setattr(marking, "_code_of_grader", lambda: b"other")
    assert [runs(), runs()] == [1, 0]
    # The sandbox may not have started: that is nobody's mark for good.
    put("in/a.ipynb", made("bob"))
    assert [runs(ends="silent"), runs(), runs()] == [1, 1, 0]
    put("in/a.ipynb", made("cy"))
    assert [runs(ends="time limit"), runs(), runs("--again", "odd"), runs()] == [1, 0, 1, 0]


def test_the_code_of_the_grader_is_all_of_the_package_that_marks_hang_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = marking._code_of_grader.__wrapped__
    tmp_path = tmp_path / "report"  # a clone may lie anywhere
    for name in ("judge.py", "parameters.csv", "report/html.py", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(marking, "PACKAGE", tmp_path)
    first = real()
    (tmp_path / "report" / "html.py").write_text("2")
    assert real() == first
    for name in ("judge.py", "parameters.csv"):
        (tmp_path / name).write_text("2")
        assert real() != first
        (tmp_path / name).write_text("1")


def test_the_inputs_of_functions_are_others_for_each_file() -> None:
    grader = marking.Grader({"synthesis": source.find("synthesis")}, KEY, Cage("none", SandboxLimits()))
    one, other = (grader.questions("synthesis", "ada", data)[0].inputs for data in (b"a first try", b"a second one"))
    assert one != other and one == grader.questions("synthesis", "ada", b"a first try")[0].inputs


@pytest.mark.alone
@caged
def test_ctrl_c_ends_at_once_and_keeps_what_is_done(course: Path) -> None:
    folder = tiny(course / "source")
    put("in/a.ipynb", made("ada", "student", "tiny", folder))
    for student in ("bob", "cy", "dee", "eve"):
        book = made(student, "student", "tiny", folder)
        with_answer("1.1", "import time\ntime.sleep(300)")(book)
        put(f"in/{student}.ipynb", book)
    asked = ["grade", "in", "--seconds", "300", "--jobs", "2", "--source", "source"]
    command = [sys.executable, "-m", "nbmodel", *asked]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        kept, until = Path("grades.csv.kept"), time.monotonic() + 60
        while time.monotonic() < until and not (kept.exists() and '"status": "blank"' in kept.read_text()):
            time.sleep(0.1)
        time.sleep(0.5)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert process.returncode == 130 and b"the same command carries on" in said
    assert len(marks.restore(kept)) == 1 and not Path("grades.csv").exists()
    for name in ("bob", "cy", "dee", "eve"):
        put(f"in/{name}.ipynb", made(name, "student", "tiny", folder))
    assert call(*asked).exit_code == 0
    assert {row["status"] for row in table(Path("grades.csv")).values()} == {"blank"}


def test_a_link_into_the_collection_is_words_in_a_file_that_is_handed_out() -> None:
    for theme in source.themes():
        text = editions.text_of(made("ada", "student", theme))
        assert "](../" not in text and "of the collection)" in text


def test_every_option_of_grade_says_what_it_does() -> None:
    said = call("grade", "--help").output
    for option in commands.grade.params:
        assert option.param_type_name == "argument" or option.opts[0] in said
