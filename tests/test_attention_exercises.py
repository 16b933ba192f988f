"""Exercises of the lesson on attention: each likely slip has a message of its own, and the right answer says why."""

import pytest

from nbmodel.exercises import questions
from nbmodel.models import gain, performance

OURS = ("5.1", "5.2", "5.3")


@pytest.mark.parametrize("name", OURS)
def test_each_slip_is_told_apart_and_the_right_answer_says_why(name, capsys):
    question = questions.EXERCISES[name]()
    said = []
    for slip in question.slips:
        assert questions.check(name, slip.values[0][0]) is not None  # a worked solution unfolds
        said.append(capsys.readouterr().out)
        assert slip.message in said[-1]
    assert len(set(said)) == len(question.slips) >= 4
    assert questions.check(name, question.expected[0][0]) is not None
    assert capsys.readouterr().out == f"Exercise {name}: right: {question.why}\n" and question.why


@pytest.mark.parametrize("name", OURS)
def test_the_worked_solution_gives_the_right_answer(name):
    question = questions.EXERCISES[name]()
    names = {"gain": gain}
    exec(question.solution, names)
    assert names["answer"] == pytest.approx(question.expected[0][0], rel=question.tolerance)


def test_swapped_constants_are_not_right_and_get_their_own_message(capsys):
    k, x = gain.affinities(), 12.0
    questions.check("5.2", x / (x + k.a1) * (1 - x / (x + k.a2)))
    assert "swapped" in capsys.readouterr().out
    questions.check("5.2", float(performance.performance(x)))
    assert "right: alpha2" in capsys.readouterr().out
    questions.check("5.2", 100 * float(performance.performance(x)))
    assert "the unit is not" in capsys.readouterr().out
