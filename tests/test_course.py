"""Assignments: one source and its editions, numbers of one's own, and what an answer is worth."""

import contextlib
import io
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest

import nbmodel.core.solve
from nbmodel.course import answer_key, course_key, editions, source, student_check
from nbmodel.course.files import CourseError
from nbmodel.exercises import answers as answer_values
from nbmodel.exercises import judge
from nbmodel.exercises.judge import Question, Slip

matplotlib.use("agg")
KEY = b"a course key of the tests, 32 bytes or more"
THEMES = list(source.themes())
everywhere = pytest.mark.parametrize("theme", THEMES)
ABOUT = {"theme": "t", "student": "s", "signature": "x"}


def edition(theme: str, kind: str, student: str = "ada") -> dict[str, Any]:
    chosen = source.find(theme)
    return editions.edition(chosen, kind, editions.draw(chosen, student, KEY), ABOUT)


def key_of(theme: str, student: str) -> tuple[Question, ...]:
    chosen = source.find(theme)
    return answer_key.questions(
        chosen, editions.draw(chosen, student, KEY), course_key.secret(KEY, "inputs", theme, student)
    )


def answers(theme: str, kind: str, student: str) -> dict[str, Any]:
    """What an edition answers, its cells run here: they are ours."""
    scope: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in edition(theme, kind, student)["cells"]:
            if cell["cell_type"] == "code" and source.role(cell) != "hand":
                exec(cell["source"], scope)
    return {
        one.name: answer_values.answer(one.kind, scope.get(one.variable), one.inputs)
        for one in key_of(theme, student)
        if not one.by_hand
    }


def points(theme: str, student: str, given: dict[str, Any]) -> dict[str, float]:
    return {
        one.name: one.points * judge.judge(one, given[one.name]).share
        for one in key_of(theme, student)
        if not one.by_hand
    }


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(student_check.GRADING, "1")


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs of the model are made once for each network and time: a thousand students share a few hundred of them."""

    def remembering(real: Callable[..., Any]) -> Callable[..., Any]:
        known: dict[Any, Any] = {}

        def once(network: Any, *rest: Any, **more: Any) -> Any:
            place = (
                tuple(network.parameters.items()),
                network.initial.tobytes(),
                network.clamped,
                repr(rest),
                repr(more),
            )
            if place not in known:
                known[place] = real(network, *rest, **more)
            return known[place]

        return once

    for name in ("run", "steady_state"):
        monkeypatch.setattr(nbmodel.solve, name, remembering(getattr(nbmodel.solve, name)))
    yield


# -- editions --------------------------------------------------------------------------------------------------------


@everywhere
def test_stub_and_solution_agree_apart_from_the_answers(theme: str) -> None:
    stubs, solutions = edition(theme, "student")["cells"], edition(theme, "solution")["cells"]
    assert len(stubs) == len(solutions)
    for stub, solution in zip(stubs, solutions, strict=True):
        if source.role(stub) not in ("work", "hand"):
            assert stub == solution
            continue
        assert {**stub, "source": ""} == {**solution, "source": ""}
        if stub["cell_type"] == "code":
            before, _, after = stub["source"].partition(editions.STUB)
            assert solution["source"].startswith(before.rstrip(" ")) and solution["source"].endswith(after)
            assert editions.STUB not in solution["source"]
        else:
            assert stub["source"] == editions.TEXT_STUB != solution["source"]


def secrets_of(theme: str) -> set[str]:
    """Every line of the source that students must not see."""
    lines = set()
    for cell in source.find(theme).notebook["cells"]:
        inside = source.role(cell) == "key" or (source.role(cell) == "hand" and cell["cell_type"] != "code")
        for line in source.body(cell).splitlines():
            inside = inside or line.strip() == source.BEGIN
            lines |= {line.strip()} if inside else set()
            inside = inside and line.strip() != source.END
    return {line for line in lines if len(line) > 3}


@everywhere
def test_no_line_of_a_solution_key_or_note_reaches_a_student(theme: str) -> None:
    text = "\n".join(cell["source"] for cell in edition(theme, "student")["cells"])
    assert len(secrets_of(theme)) > 40
    assert [line for line in secrets_of(theme) if line in text.splitlines() or (len(line) > 25 and line in text)] == []
    assert "key." not in text and "HIDDEN" not in text and "SOLUTION" not in text and source.NOTE not in text
    solution = "\n".join(cell["source"] for cell in edition(theme, "solution")["cells"])
    assert "HIDDEN" not in solution and source.NOTE not in solution


def test_nothing_hidden_in_outputs_attachments_or_metadata_reaches_a_student() -> None:
    book = source.find("synthesis").notebook
    book["metadata"]["canary"] = "canary"
    for cell in book["cells"]:
        cell["metadata"]["canary"] = {"deep": "canary"}
        cell["attachments"] = {"canary.png": {"image/png": "canary"}}
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "canary"}]
        if source.role(cell) == "hand" and cell["cell_type"] == "markdown":
            cell["source"] = "canary ![](attachment:canary.png)"
    chosen = source.parse("synthesis", json.dumps(book))
    for kind in ("student", "solution"):
        made = editions.edition(chosen, kind, source.defaults(chosen), ABOUT)
        assert ("canary" in editions.text_of(made)) == (kind == "solution")
        assert all(cell.get("outputs", []) == [] and cell.get("execution_count") is None for cell in made["cells"])
        assert {name for cell in made["cells"] for name in cell["metadata"]} == {"nbgrader", "tags"}


@everywhere
def test_an_edition_is_a_valid_notebook_and_the_grader_edition_is_a_source_again(theme: str) -> None:
    import nbformat

    for kind in editions.EDITIONS:
        nbformat.validate(nbformat.from_dict(edition(theme, kind)))  # type: ignore[no-untyped-call]
    asked = answer_key.questions_of(source.find(theme))
    assert 5 <= len(asked) <= 8
    assert {kind for _, kind, _ in asked} == {"number", "figure", "essay"}
    assert {one.kind for one in key_of(theme, "ada")} == {"number", "function", "figure", "essay"}
    assert all(one.note for one in key_of(theme, "ada")), "every question has a note for who marks"
    hints = editions.text_of(edition(theme, "student"))
    assert hints.count("Hint 1") == hints.count("Hint 2") == sum(kind == "number" for _, kind, _ in asked)


def test_all_faults_of_a_source_are_told_at_once() -> None:
    book = source.find("synthesis").notebook
    by_name = {c["metadata"].get("nbgrader", {}).get("grade_id"): c for c in book["cells"]}
    by_name["1-1"]["metadata"]["nbgrader"]["points"] = 0
    by_name["1-2-work"]["source"] = "best_tyrosine = 1"
    by_name["1-3-work"]["metadata"]["nbgrader"]["grade_id"] = "1-3"
    by_name["numbers"]["source"] = (
        "km = 50.0  # uM: no range\nki = 181.0  # uM, 140 to 220 by 5: not on the grid\n"
        "kx = 5.0  # uM, 5 to 1٠5 by 5: 15 or 105?\nky = 5.0  # uM, 5 to 1.0.5 by 5: no number"
    )
    with pytest.raises(CourseError) as caught:
        source.parse("synthesis", json.dumps(book))
    for words in (
        "1.1 has no points",
        "1.2 is not marked",
        "'1-3' stands twice",
        "no range",
        "ki: 181 must be",
        "15 or 105",
        "no number",
    ):
        assert words in str(caught.value)
    for text in ("", "[]", "{}", '{"cells": [1]}'):
        with pytest.raises(CourseError, match="not a notebook"):
            source.parse("x", text)


# -- numbers of one's own ----------------------------------------------------------------------------------------------


@everywhere
def test_numbers_follow_from_id_and_key_alone(theme: str) -> None:
    chosen = source.find(theme)
    ada = editions.draw(chosen, "ada", KEY)
    assert ada == editions.draw(chosen, "ada", KEY)
    others = [
        editions.draw(chosen, "bob", KEY),
        editions.draw(chosen, "ada", KEY + b"!"),
        editions.draw(chosen, "Ada", KEY),
    ]
    assert all(ada != other for other in others)


@everywhere
def test_a_thousand_students_get_numbers_spread_evenly_and_apart_from_each_other(theme: str) -> None:
    chosen = source.find(theme)
    drawn = [editions.draw(chosen, f"student{i}", KEY) for i in range(1000)]
    for one in chosen.numbers:
        counts = np.array([sum(numbers[one.name] == value for numbers in drawn) for value in one.values])
        expected = 1000 / len(counts)
        squares = float(np.sum((counts - expected) ** 2 / expected))
        freedom = len(counts) - 1
        assert squares < freedom + 5 * (2 * freedom) ** 0.5, f"{one.name} is drawn unevenly"
    table = np.array([list(numbers.values()) for numbers in drawn])
    together = np.corrcoef(table.T) - np.eye(table.shape[1])
    assert np.max(np.abs(together)) < 5 / 1000**0.5, "two numbers go together"
    assert len({tuple(row) for row in table.tolist()}) > 900


@pytest.mark.long
@everywhere
def test_the_task_is_as_hard_for_each_of_a_thousand_students(theme: str, remembered: None) -> None:
    chosen = source.find(theme)
    ids = [f"student{i}" for i in range(1000)]
    asked = {student: answer_key.questions(chosen, editions.draw(chosen, student, KEY), student) for student in ids}
    for place, first in enumerate(asked[ids[0]]):
        if first.by_hand:
            continue
        every = [questions[place] for questions in asked.values()]
        for one in every:
            for slip in one.slips:
                # Whoever makes a mistake is told which: it never happens to give the right answer.
                wrong = list(slip.values) if one.kind == "function" else slip.values[0][0]
                given: Any = [list(row) for row in slip.values] if one.kind == "function" else wrong
                another_way = slip.message.startswith(f"{judge.RIGHT}:")
                assert judge.judge(one, given).share == slip.share, (one.name, slip.message)
                assert slip.share < 1 or another_way, (one.name, slip.message)
        if first.kind == "number":
            right = np.array([one.expected[0][0] for one in every])
            assert np.all(right > 0) or np.all(right < 0)
            assert np.max(np.abs(right)) < 4 * np.min(np.abs(right)), f"{first.name} is of another size for some"


def test_ids_that_could_do_harm_in_a_file_name_or_a_table_are_refused() -> None:
    for bad in ("", "../x", "a/b", "=1+1", "-x", "@x", "a b", "a\n", "x" * 65, "é"):
        assert course_key.refuse_id(bad)
    for good in ("ada", "s1234567", "ada.lovelace@uni.example", "A-1_b"):
        assert not course_key.refuse_id(good)


# -- marks -----------------------------------------------------------------------------------------------------------


@everywhere
def test_the_model_solution_gets_everything_and_the_stub_nothing(theme: str) -> None:
    for student in ("ada", "bob"):
        worth = {one.name: one.points for one in key_of(theme, student) if not one.by_hand}
        assert points(theme, student, answers(theme, "solution", student)) == worth
        assert set(points(theme, student, answers(theme, "student", student)).values()) == {0.0}


@pytest.mark.long
@everywhere
def test_the_model_solution_gets_everything_and_the_stub_nothing_for_fifty_students(theme: str) -> None:
    for student in (f"student{i}" for i in range(50)):
        worth = {one.name: one.points for one in key_of(theme, student) if not one.by_hand}
        assert points(theme, student, answers(theme, "solution", student)) == worth
        asked = [one for one in key_of(theme, student) if not one.by_hand]
        stub = answers(theme, "student", student)
        assert {judge.judge(one, stub[one.name]) for one in asked} == {judge.Verdict(0.0, judge.NOT_TRIED)}


@everywhere
@pytest.mark.parametrize("student", ["ada", "bob", "cy"])
def test_a_single_slip_loses_its_own_points_and_no_others(theme: str, student: str) -> None:
    right = answers(theme, "solution", student)
    asked = key_of(theme, student)

    def points_of(given: dict[str, Any]) -> dict[str, float]:
        return {one.name: one.points * judge.judge(one, given[one.name]).share for one in asked if not one.by_hand}

    full = points_of(right)
    for one in asked:
        if one.by_hand:
            continue
        rows = [list(row) for row in one.expected]
        planted = [(slip.values, slip.share) for slip in one.slips]
        planted += [(tuple(tuple(-v for v in row) for row in rows), judge.WRONG_SIGN), (((None,),) * len(rows), 0.0)]
        planted += [(tuple(tuple(1e3 * v for v in row) for row in rows), judge.WRONG_UNIT)]
        for values, share in planted:
            wrong: Any = [list(row) for row in values] if one.kind == "function" else values[0][0]
            marked = points_of(right | {one.name: wrong})
            assert marked == full | {one.name: pytest.approx(one.points * share)}


def number(given: Any, right: float = 6.0, slips: tuple[Slip, ...] = ()) -> judge.Verdict:
    return judge.number(right, given, "nM", 0.02, slips)


def test_what_a_number_is_worth_and_what_is_said_to_it() -> None:
    assert number(6.1) == judge.Verdict(1.0, "right")
    assert number(6e-3).comment == "the figures are right, the unit is not: the answer is wanted in nM"
    assert (number(6e-3).share, number(-6).share, number(7).share) == (0.5, 0.5, 0.0)
    assert "sign" in number(-6).comment and "sign" in number(-9).comment
    assert number(-9).share == 0
    assert "order of magnitude" in number(1e-9).comment
    assert ("close" in number(6.6).comment, "too large" in number(7).comment) == (True, True)
    assert "too small" in number(2).comment and "not zero" in number(0).comment
    slip = (Slip("a known slip", 0.25, ((7.0,),)),)
    assert number(7, slips=slip) == judge.Verdict(0.25, "a known slip")
    hints = tuple(Slip(f"took {value}", 0.0, ((value,),)) for value in (7.0, 7.2))
    assert number(7.15, slips=hints).comment == "took 7.2"  # the nearest, though not to the last digit
    assert number(None).comment == judge.NOT_TRIED


@pytest.mark.parametrize(
    "given",
    [
        True,
        "6",
        [7],
        {"other": "str"},
        {},
        float("nan"),
        float("inf"),
        10**400,
        -(10**400),
        5e-324,
        0,
        {"other": {"x": 1}},
    ],
)
def test_nothing_that_json_can_hold_upsets_the_comparison_or_is_taken_for_right(given: Any) -> None:
    function = Question("1", "function", "f", 1.0, expected=((6.0,),), inputs=((1.0,),))
    for verdict in (number(given), judge.function(function, given), judge.function(function, [given])):
        assert 0 <= verdict.share < 1 and len(verdict.comment) < 200
    assert number(5e-13, right=0.0).share == number(5e-13, right=5e-13).share == 1.0
    assert number(0.0, right=5e-13).share == number(1.1e-12, right=1e-12).share == 0.0
    assert number(given, right=0.0).share == (1.0 if given in (0, 5e-324) else 0.0)


def test_a_function_is_judged_by_what_it_returns() -> None:
    one = Question(
        "1",
        "function",
        "f",
        1.0,
        tolerance=1e-6,
        expected=((1.0,), (4.0,), (9.0,), (16.0,)),
        inputs=((1,), (2,), (3,), (4,)),
    )
    one = replace(one, slips=(Slip("doubled", 0.5, ((2.0,), (4.0,), (6.0,), (8.0,))),))

    def judged(law: Any) -> judge.Verdict:
        return judge.function(one, answer_values.answer("function", law, one.inputs))

    assert judged(lambda x: x**2).share == 1
    assert judged(lambda x: np.float64(x**2)).share == 1
    assert judged(lambda x: 2 * x) == judge.Verdict(0.5, "doubled")
    assert judged(lambda x: -(x**2)).share == judge.WRONG_SIGN
    assert judged(lambda x: 60 * x**2).share == judge.WRONG_UNIT
    assert judged(lambda x: x**2 if x < 4 else 0).share == pytest.approx(0.5 * 3 / 4)
    assert judged(lambda x: 1).share == 0
    assert judged(lambda x: [x**2, 0]).share == 0
    assert judged(lambda x: ...) == judge.Verdict(0.0, judge.NOT_TRIED)
    assert "ZeroDivisionError" in judged(lambda x: 1 / 0).comment
    assert judged(3.0).share == 0


@everywhere
def test_check_says_which_kind_of_mistake_and_never_the_answer(
    theme: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(student_check.GRADING)
    chosen = source.find(theme)
    numbers = editions.draw(chosen, "ada", KEY)
    check = student_check.assignment(theme, numbers | {source.VERSION: chosen.version})
    for one in answer_key.questions(chosen, numbers, "check"):
        check(one.name, ...)
        if one.kind == "number":
            right = one.expected[0][0]
            known = [slip.values[0][0] for slip in one.slips]
            kinds = {
                1.1 * right: "close to the right size",
                1.5 * right: f"too {'large' if right > 0 else 'small'}",
                -right: "the sign is wrong, the rest is right",
                -1.7 * right: "the sign is wrong\n",
                1e3 * right: "the unit is not",
                right / 60: "the unit is not",
                3e7 * right: "order of magnitude",
                math.nan: "finite",
                "x": "give a single number",
                0.0: "not right yet",
            }
            for given, kind in (*kinds.items(), *((slip.values[0][0], slip.message) for slip in one.slips)):
                check(one.name, given)
                said = capsys.readouterr().out
                by_chance = kind in kinds.values() and any(slip.message in said for slip in one.slips)
                assert kind in said or by_chance, (one.name, given)
                assert f"{right:.3g}" not in said.partition(":")[2].replace("10 %", "")
            assert all(value != right for value in known)
            check(one.name, right)
            assert ": right" in capsys.readouterr().out
    check("99", 1)
    assert "no such question" in capsys.readouterr().out


def test_a_private_assignment_cannot_be_checked_by_students(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(student_check.GRADING)
    student_check.assignment("private", {})("1.1", 3.0)
    assert "your lecturer marks" in capsys.readouterr().out


def run_here(book: dict[str, Any]) -> dict[str, Any]:
    """The names that a notebook of ours leaves behind."""
    scope: dict[str, Any] = {}
    for one in book["cells"]:
        if one["cell_type"] == "code" and source.role(one) in ("", "numbers"):
            exec(one["source"], scope)
    return scope


def test_an_assignment_that_a_lecturer_changed_is_not_judged_by_the_published_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(student_check.GRADING)
    original = source.find("synthesis")
    prose = source.parse("synthesis", original.text.replace("Who sets the pace?", "Who sets it?"))
    changed = source.parse("synthesis", original.text.replace("(km * ki) ** 0.5", "(km * ki) ** 0.25"))
    for chosen, words in ((original, ": right"), (prose, ": right"), (changed, "another version of this assignment")):
        numbers = editions.draw(chosen, "ada", KEY)
        scope = run_here(editions.edition(chosen, "student", numbers, ABOUT))
        scope["check"]("1.2", (numbers["km"] * numbers["ki"]) ** 0.5)
        assert words in capsys.readouterr().out


def test_check_never_raises_and_keeps_to_the_numbers_that_were_handed_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(student_check.GRADING)

    def leaves(*_: Any) -> None:
        raise SystemExit

    class Odd:
        def __float__(self) -> float:
            raise SystemExit

    right = answers("synthesis", "solution", "ada")["1.5"]
    for name, value in (("hours", np.linspace(0, 24, 5)), ("km", "x"), ("hours", None), ("terminal", 3), ("np", 3)):
        scope = run_here(edition("synthesis", "student"))
        scope[name] = value
        scope["check"]("1.5", right)
        assert ": right" in capsys.readouterr().out, name
    for given in (Odd(), leaves, np.complex64(right), np.bool_(True), [right], object(), "\ud800"):
        for question in ("1.1", "1.5", "1.7", "9"):
            scope["check"](question, given)
    assert ": right" not in capsys.readouterr().out
    book = edition("synthesis", "student")
    next(one for one in book["cells"] if source.role(one) == "numbers")["source"] += "\nkm = 'x'"
    run_here(book)["check"]("1.2", 1.0)
    assert "the cell of your numbers was changed" in capsys.readouterr().out


def test_a_private_source_in_another_folder_is_used_like_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.ipynb").write_text(source.find("synthesis").text, encoding="utf-8")
    chosen = source.find("mine", tmp_path)
    assert len(answer_key.questions(chosen, source.defaults(chosen), "")) == len(answer_key.questions_of(chosen))
    with pytest.raises(CourseError, match="did you mean 'mine'"):
        source.find("mien", tmp_path)
