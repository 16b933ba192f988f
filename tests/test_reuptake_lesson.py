"""The lesson on reuptake: each slip of an exercise gets a message of its own, and what its summary says stays true."""

import re

import nbformat
import pytest

from nbmodel import collection
from nbmodel.data import parameters
from nbmodel.drugs import pharmacodynamics
from nbmodel.exercises import check, questions
from nbmodel.models import cell_body_protocols, dialysis, dialysis_protocols, norepinephrine_terminal, transients
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
        (lambda x: V * x / K + x + SLICE * x, "brackets are missing"),
        (lambda x: V * x / (K + x) / (V * x / (K + x) + SLICE * x), "that is a share"),
        (lambda x: None, "not tried yet"),
        (lambda x: V * x / (K + x) + SLICE * x, "right: the ways work side by side"),
        (lambda x: V * x / (K + x) + 0.051 * x, "right: the ways work side by side"),
        (lambda x: V * x / (K + x) + 0.017 * x, "living brain"),
    ],
)
def test_each_slip_in_the_law_of_clearance_is_named(capsys, slip, words):
    text, _ = said(capsys, "2.1", slip)
    assert words in text


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        ("2.2", 50, "uptake-2 and diffusion go on"),
        ("2.2", 54.5, "living brain"),
        ("2.2", 58, "holds near rest"),
        ("2.2", 36, "still works"),
        ("2.2", 100, "less of a block"),
        ("2.2", 0.64, "the unit is not"),
        ("2.2", 0.5, "such as 50 for a half"),
        ("2.2", 66.7, "as NE falls it does more"),
        ("2.2", 64, "right: NET, half saturated"),
        ("2.3", 5, "uptake-2 goes on"),
        ("2.3", 0.24, "by its inverse"),
        ("2.3", 20, "a fifth of it still works"),
        ("2.3", 3.17, "1 more"),
        ("2.3", 4, "a little less"),
        ("2.3", 3.22, "that is a slice"),
        ("2.3", 1.76, "until clearance equals release again"),
        ("2.3", 5.26, "add 0.05"),
        ("2.3", 317, "not a percentage"),
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
        assert len({slip.message for slip in question.slips}) == len(question.slips) >= 4


def lesson():
    notebook = nbformat.read(collection.notebooks_folder() / "02_reuptake.ipynb", as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


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


def test_rise_by_the_balance_rule_and_what_the_assumptions_leave_of_it():
    parameters_of = parameters.load()

    def risen(basal, lost, blocked):
        place = norepinephrine_terminal.network(parameters_of.replace(x0_ECF=basal, share_lost_outside=lost))
        drug = pharmacodynamics.blocking("NET", blocked)
        run = dialysis.systemic(norepinephrine_terminal.without_autoinhibition(place), drug)
        return run["ne_e"] / run["ne_e"][0]

    assert f"{1 / (0.05 + 0.05 * 0.95):.1f}-fold" in lesson()
    usual = risen(6.0, 0.2, 0.95)
    assert usual.max() == pytest.approx(11, rel=0.02) and usual[-1] == pytest.approx(6, abs=0.5)
    ends = f"NE rises {risen(1.0, 0.34, 0.9).max():.0f}- to {risen(15.0, 0.05, 0.99).max():.0f}-fold"
    assert ends in lesson()


def test_three_quarters_blocked_would_do_without_feedback():
    free = norepinephrine_terminal.without_autoinhibition(norepinephrine_terminal.network())
    seen = [dialysis.peak(dialysis.systemic(free, pharmacodynamics.blocking("NET", share))) for share in (0.75, 0.78)]
    assert seen[0] < 3 < seen[1]


def test_what_both_feedbacks_leave_of_release_follows_from_the_numbers_that_are_told():
    rest, drug = norepinephrine_terminal.network(), dialysis.inhibitor()
    firing = cell_body_protocols.lc_rate(rest, (drug,)) / rest.parameters["firing"]
    run = dialysis.systemic(rest, drug)
    top = run["ne_e"].argmax()
    state = {one.name: run[one.name][top] for one in run.network.species}
    released = run.network.curve("release of NE", **state) / rest.curve("release of NE")
    assert firing == pytest.approx(0.26, abs=0.01) and released / firing == pytest.approx(0.82, abs=0.01)
    left = 0.95 * 0.26 * 0.82 + 0.05
    none = dialysis.peak(dialysis.systemic(norepinephrine_terminal.without_autoinhibition(rest), drug))
    assert none == pytest.approx(7.7, abs=0.05) and dialysis.peak(run) == pytest.approx(left * none, rel=0.1)
    assert "26 % of rest. Each impulse releases 82 %" in lesson()


def test_weaker_feedback_on_the_lc_moves_each_row_as_the_lesson_says():
    rest, drug = norepinephrine_terminal.network(), dialysis.inhibitor()

    def told(place):
        dp = dialysis_protocols
        return [
            *(
                float(run(place))
                for run in (dp.atomoxetine, dp.reboxetine, dp.idazoxan, dp.yohimbine, dp.reboxetine_idazoxan)
            ),
            *(
                100 * dp.clonidine(place),
                100 * cell_body_protocols.lc_rate(place, (drug,)) / place.parameters["firing"],
            ),
        ]

    weak = rest.replace(half_alpha2_LC=2 * rest.parameters["half_alpha2_LC"])
    ways = "(2.1 to 2.4) (1.9 to 2.2) (2.3 to 1.6) (2.5 to 1.7) (7.8 to 7.4) (8 to 9 %) (26 to 33 %"
    for before, after, (one, other) in zip(
        told(rest), told(weak), re.findall(r"\(([\d.]+) to ([\d.]+)", ways), strict=True
    ):
        digits = 1 if "." in one else 0
        assert (f"{before:.{digits}f}", f"{after:.{digits}f}") == (one, other)
    assert all(way in lesson() for way in re.findall(r"\([^(]+", ways.replace(") (", ")(")))
    for_clonidine = rest.replace(half_alpha2_LC=1.0)
    assert dialysis_protocols.clonidine(for_clonidine) == pytest.approx(0.3, abs=0.03)
    assert told(for_clonidine)[-1] == pytest.approx(75, abs=3)
