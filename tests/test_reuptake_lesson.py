"""The lesson on reuptake: each slip of an exercise gets a message of its own, and what its summary says stays true."""

import re

import nbformat
import pytest

from nbmodel import collection, evidence, scores
from nbmodel.exercises import check, questions
from nbmodel.models import norepinephrine_terminal, transients
from nbmodel.reuptake import plots

V, K, SLICE = 92, 280, 0.0514
BRAIN = norepinephrine_terminal.network().parameters["k_uptake2"]


def said(capsys, exercise, answer):
    solution = check(exercise, answer)
    return capsys.readouterr().out, solution


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda x: V * x / (K + x), "NET alone"),
        (lambda x: SLICE * x, "leaves to others"),
        (lambda x: V * x / (K + x) + SLICE, "multiply k_slice by x"),
        (lambda x: K * x / (V + x) + SLICE * x, "changed places"),
        (lambda x: V * x / (K + x) + BRAIN * x, "living brain"),
        (lambda x: V * x / K + SLICE * x, "never saturates"),
        (lambda x: V / (K + x) + SLICE * x, "missing above the line"),
        (lambda x: V * x / (K + x) - SLICE * x, "their speeds add"),
        (lambda x: None, "not tried yet"),
        (lambda x: V * x / (K + x) + SLICE * x, "right: the ways work side by side"),
    ],
)
def test_each_slip_in_the_law_of_clearance_is_named(capsys, slip, words):
    text, _ = said(capsys, "2.1", slip)
    assert words in text


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        ("2.2", 5.93, "twice as long"),
        ("2.2", 6.43, "living brain"),
        ("2.2", 2.96, "without a block"),
        ("2.2", 13.6, "without any NET"),
        ("2.2", 8.29, "times do not"),
        ("2.2", 4860, "the unit is not"),
        ("2.2", 4.9, "right: the part of NET takes twice as long"),
        ("2.3", 5, "uptake-2 goes on"),
        ("2.3", 0.24, "by its inverse"),
        ("2.3", 20, "a fifth of it still works"),
        ("2.3", 3.17, "1 more"),
        ("2.3", 3.22, "that is a slice"),
        ("2.3", 1.76, "until clearance equals release again"),
        ("2.3", 4.17, "right: 0.05 + 0.2 x 0.95"),
    ],
)
def test_each_slip_in_a_number_is_named_and_a_solution_unfolds(capsys, exercise, answer, words):
    text, solution = said(capsys, exercise, answer)
    assert words in text
    assert "<details>" in solution._repr_html_()


def test_no_two_slips_of_an_exercise_are_answered_alike():
    for exercise in ("2.1", "2.2", "2.3"):
        question = questions.EXERCISES[exercise]()
        assert question.why and question.solution
        assert len({slip.message for slip in question.slips}) == len(question.slips) >= 5


def lesson():
    notebook = nbformat.read(collection.notebooks_folder() / "02_reuptake.ipynb", as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_the_summary_tells_the_score_of_the_theme():
    board = scores.board(evidence.table("reuptake")).set_index("what")["model"]
    rows = scores.board(evidence.table("reuptake")).set_index("what")["rows"]
    words = {3: "three", 6: "six", 12: "twelve"}
    told = [
        f"{words[board[kind]]} of {words[rows[kind]]}"
        for kind in ("directions that tell the models apart", "predictions that tell the models apart")
    ]
    assert f"this one meets {told[0]} directions and {told[1]} sizes" in lesson()


def test_idazoxan_is_told_as_a_difference_of_dose():
    (paragraph,) = re.findall(r"\*\*Idazoxan.*", lesson())
    assert "different doses" in paragraph and "1 to 10 mg/kg" in paragraph and "1 mg/kg alone" in paragraph


def test_slice_and_brain_agree_with_net_and_part_without():
    rest = norepinephrine_terminal.network()
    half = {
        (place, share): transients.half_life(transients.decay(rest, share, 120.0, in_slice=place == "slice"))
        for place in ("slice", "brain")
        for share in (0.0, 1.0)
    }
    assert half["slice", 0.0] == pytest.approx(half["brain", 0.0], rel=0.2)
    assert half["brain", 1.0] > 2.5 * half["slice", 1.0]
    runs = [{"no NET": transients.decay(rest, 1.0, 120.0, in_slice=place)} for place in (False, True)]
    _, alt = plots.decays(*runs)
    assert f"brain, no NET, half-life {half['brain', 1.0]:.1f} s" in alt


def test_a_burst_that_outlasts_its_run_is_told_so():
    run = transients.burst(norepinephrine_terminal.network(), 10.0, 0.4, 1.0, 60.0)
    assert "later than this run" in plots.bursts({1.0: run})[1]
