"""Exercises of the lesson on attention: each likely slip has a message of its own, and the right answer says why."""

import pytest

from nbmodel.exercises import questions
from nbmodel.models import gain

OURS = ("5.1", "5.2")


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
