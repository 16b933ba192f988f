"""Tables that people hand in, scenarios, classes and points by hand: one reader, which loses nothing in silence."""

import csv
import io
import time
from dataclasses import replace
from pathlib import Path

import pytest
from classroom import KEY, call
from click.testing import CliRunner, Result

from nbmodel.batch import plan
from nbmodel.cli import main
from nbmodel.course import spreadsheet
from nbmodel.course.files import CourseError
from nbmodel.data import spreadsheet as tables
from nbmodel.data.spreadsheet import MOST, WIDEST
from nbmodel.data.typed_rows import TableError
from nbmodel.grading import handmarks
from nbmodel.grading.marks import WAITING, Mark, Row

WORKBOOK = b"PK\x03\x04\x14\x00\x06\x00"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00"
ADA = Row("in/ada.ipynb", "ada", "synthesis", "marked", (Mark("1.8", "essay", None, 4.0, WAITING, "shown"),))


def batch(path: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["batch", str(path), "-o", str(path.parent / "out"), *more])


# -- as spreadsheets save them -----------------------------------------------------------------------------------------


# 'utf-16' has a byte-order mark, the two after it have none.
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize(("delimiter", "ends"), [(",", "\n"), (";", "\r\n"), ("\t", "\r")])
def test_a_batch_is_read_as_any_spreadsheet_saves_it(delimiter: str, ends: str, encoding: str, tmp_path: Path) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=ends).writerows(
        [
            ["Theme", " TITLE", "name\xa0", "Net_Occupancy", ""],
            ["reuptake", 'Für 5 µg; "half", or so', "", "0.5", ""],
            ["reuptake", "", "all", "100 %", ""],
            ["", "", "", "", ""],
        ]
    )
    path = tmp_path / "cases.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    found = plan.load(path)
    assert found.faults == []
    assert {name: (case.title[:16], case.changed) for name, case in found.cases.items()} == {
        "reuptake_net_occupancy-0.5": ('Für 5 µg; "half"', {"net_occupancy": 0.5}),
        "all": ("What ends the si", {"net_occupancy": 1.0}),
    }


@pytest.mark.parametrize("name", ["cases.csv", "CASES.CSV", "cases.tsv", "Unicode Text.txt"])
def test_excels_first_line_says_the_delimiter(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("sep=;\ntheme;name;net_occupancy\nreuptake;a,b;0.5\n")
    assert plan.load(path).faults[0].startswith(f"{name} line 3: the name 'a,b' cannot be a file name")
    # Points by hand keep it.
    path.write_text("sep=;\nfile;question;points\nin/ada.ipynb;1.8;3,5\n")
    before = handmarks.read(path)
    assert handmarks.given(before, [ADA], KEY).points == {("in/ada.ipynb", "1.8"): 3.5}
    assert handmarks.complete(path, before, [ADA, replace(ADA, file="in/bob.ipynb", student="bob")], KEY) == 1
    assert path.read_text().splitlines() == [
        "sep=;",
        "file;question;points",
        "in/ada.ipynb;1.8;3,5",
        "in/bob.ipynb;1.8;",
    ]


# -- what is refused, by every command alike ---------------------------------------------------------------------------

FAULTY = [
    (b"", "is empty; its first line must name the columns"),
    (b"\xef\xbb\xbf\r\n\r\n", "is empty; its first line must name the columns"),
    (WORKBOOK, "is a workbook, not text; open it in a spreadsheet and save it as CSV"),
    (OLD_WORKBOOK, "is a workbook, not text; open it in a spreadsheet and save it as CSV"),
    (b"key,Key \nada,ada\n", "line 1: the column 'key' stands twice; rename or remove one"),
    (b"key,x\nada,1\nbob\n", "line 3: has 1 cells; the first line has 2"),
    (b"key,x\nada,0,5\n", "line 2: has 3 cells; the first line has 2: write empty cells too, a point in numbers"),
    (b'key,x\nada,"A\nbob,B\n', "line 2: a quotation mark is not closed on this line"),
    (b'key,x\nada,"A\nbob,B"\n', "line 2: a quotation mark is not closed on this line"),
    (b'key,x\nada,"A"B\n', "line 2: a quotation mark is not closed on this line, or stands inside a cell"),
    (b'"key,x\nada,1\n', "line 1: a quotation mark is not closed"),
    (b"key,x\nada,1\n\nbob,2\n", "line 3: is empty; fill it in or remove it"),
    (b"key,x\nada,1\n,\n , \nbob,2\n", "line 4: is empty; fill it in or remove it"),
    (b"key,x\nada,1\nKey,X\nbob,2\n", "line 3: names the columns again; remove it"),
    (b"key,,x\nada,lost,1\n", "line 2: 'lost' stands in a column without a name"),
    (b"key,x\na\0da,1\n", "line 2: holds a NUL byte"),
    (b"key,x\nada,J\xc3\xbcrgen\nbob,J\xfcrgen\n", "line 3: is no text in UTF-8 or Windows-1252; save it as CSV UTF-8"),
    (b"key,x\nada,J\x81rgen\n", "line 2: is no text in UTF-8 or Windows-1252; save it as CSV UTF-8"),  # DOS
    (b"key,x\nada," + b"x" * WIDEST, f"line 2: has more than {WIDEST} characters"),
    (b"key,x\n" + b"\n" * (MOST + 1), f"has more than {MOST} lines below the first; split it"),
]


@pytest.mark.parametrize(("data", "words"), FAULTY, ids=[words[:50] for _, words in FAULTY])
def test_what_would_be_lost_or_misread_is_refused_with_its_line(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    try:
        found = tables.read(path).faults
    except TableError as error:
        found = error.problems
    assert [fault for fault in found if fault.startswith("table.csv ") and words in fault], found


def test_each_command_refuses_a_row_that_swallows_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a.ipynb").write_text("{}")
    Path("course.key").write_bytes(KEY)
    for name, head, command in (
        ("cases.csv", "theme,title", ("batch", "cases.csv", "-o", "out")),
        ("roster.csv", "student,grade", ("assign", "synthesis", "--roster", "roster.csv", "-o", "out")),
        ("roster.csv", "student,grade", ("grade", "in", "-o", "out", "--roster", "roster.csv")),
        ("hand.csv", "file,question,points", ("grade", "in", "-o", "out", "--hand", "hand.csv")),
    ):
        Path(name).write_text(f'{head}\nreuptake,"A\nreuptake,B"\n')
        refused = call(*command)
        assert refused.exit_code == 2 and not Path("out").exists()
        assert f"{name} line 2: a quotation mark is not closed on this line" in refused.output


def test_a_class_has_each_id_once_and_an_id_in_each_line(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("name;student\nAda;ada\nBob;bob\nCy;\nAda L.;ada\nBOB;Bob\n")
    with pytest.raises(CourseError) as caught:
        spreadsheet.people(path)
    assert caught.value.problems == [
        "roster.csv line 4: there is no student; fill it in or remove the line",
        "roster.csv line 5: 'ada' stands twice, first on line 2; remove or rename one",
        "roster.csv line 6: 'Bob' stands twice, first on line 3; remove or rename one",
    ]
    path.write_text("student\n")
    with pytest.raises(CourseError, match="names nobody below its first line"):
        spreadsheet.people(path)


def test_points_are_numbers_as_people_write_them_and_an_answer_has_them_once(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    here = "in/ada.ipynb;1.8"
    path.write_text(
        "file;question;points\n" + "".join(f"{here};{points}\n" for points in ("1_0", "٣", "nan", "infinity", "0x1"))
    )
    with pytest.raises(CourseError) as caught:
        handmarks.given(handmarks.read(path), [ADA], KEY)
    assert [problem.partition(" is not a number")[0] for problem in caught.value.problems] == [
        f"hand.csv line {line}: {points}"
        for line, points in enumerate(("'1_0'", "'٣'", "'nan'", "'infinity'", "'0x1'"), 2)
    ]
    path.write_text(f"file;question;points\n{here};3\n{here};\n{here};3.0\n{here};2\n")
    with pytest.raises(CourseError) as caught:
        handmarks.given(handmarks.read(path), [ADA], KEY)
    assert caught.value.problems == [
        "hand.csv line 5: 2 points for question 1.8 of in/ada.ipynb, but 3 on line 2; remove one of the two"
    ]


# -- batches -----------------------------------------------------------------------------------------------------------


def test_faults_of_lines_and_of_their_values_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("theme;name;net_occupancy\nreuptake;a;0,5\nreuptake;b\n\nreuptake;c;0.5\nreuptake;d;٣\n")
    refused = batch(path)
    assert refused.exit_code == 2 and not (tmp_path / "out").exists()
    for words in (
        "line 2: net_occupancy = '0,5' is not a plain number, such as 0; write 0.5",
        "line 3: has 2 cells; the first line has 3",
        "line 4: is empty; fill it in or remove it",
        "line 6: net_occupancy = '٣' is not a plain number",
    ):
        assert words in refused.stderr
    assert list(plan.load(path).cases) == ["c"]
    path.write_text("theme,hours\n")
    assert "cases.csv holds no scenario" in batch(path).stderr
    path.rename(tmp_path / "cases.xlsx")
    assert (
        "a batch is a .csv or a .yaml file; open a workbook in a spreadsheet and save it as CSV"
        in batch(tmp_path / "cases.xlsx").stderr
    )


def test_a_name_and_a_title_are_texts_and_nothing_is_none(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(
        "- {theme: reuptake, name: 012, title: 2024}\n- {theme: reuptake, name: on, title: }\n"
        "- {theme: reuptake, name: null, title: ~, parameters: {basal_ne: 07}}\n"
        "- {theme: reuptake, name: 1e3, parameters: }\n"
    )
    found = plan.load(path)
    assert found.faults == []
    question = found.cases["on"].title
    assert [(name, case.title) for name, case in found.cases.items()] == [
        ("012", "2024"),
        ("on", question),
        ("reuptake_basal_ne-7.0", question),
        ("1e3", question),
    ]


def test_the_theme_may_be_an_axis_of_a_grid(tmp_path: Path) -> None:
    path = tmp_path / "grid.yaml"
    path.write_text("grid: {theme: [reuptake, lc_arousal], parameters: {basal_ne: [5, 7 nM]}}")
    found = plan.load(path)
    assert found.faults == []
    assert [(case.theme, case["basal_ne"]) for case in found.cases.values()] == [
        ("reuptake", 5.0),
        ("reuptake", 7.0),
        ("lc_arousal", 5.0),
        ("lc_arousal", 7.0),
    ]
    path.write_text("grid: {theme: [reuptake, synthesis, reuptak, [a]], parameters: {basal_ne: 5}}")
    said = "\n".join(plan.load(path).faults)
    for words in (
        "row 2: synthesis has no parameter 'basal_ne'",
        "row 3: there is no theme 'reuptak'",
        "row 4: ['a'] is not a theme; it is one of synthesis",
    ):
        assert words in said


@pytest.mark.parametrize("part", ["1/99999999999999999999", "9" * 5000 + "/1", "٣/8", "0/3", "4/3", "1_0/20", "a", ""])
def test_a_part_that_cannot_be_is_refused_with_the_rule(part: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("theme\nreuptake\n")
    refused = batch(path, "--shard", part)
    assert refused.exit_code == 2
    assert "must be K/N with K from 1 to N, such as 3/8, in at most six digits each" in refused.stderr


@pytest.mark.alone
@pytest.mark.long
def test_a_table_as_large_as_may_be_is_read_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("student,group,remark\n" + "".join(f"s{n},{n},a remark of some words\n" for n in range(MOST)))
    started = time.process_time()
    assert len(spreadsheet.people(path)) == MOST
    assert time.process_time() - started < 10
