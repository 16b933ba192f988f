"""Exercises of the lesson on the locus coeruleus: each likely slip has words of its own, and a right answer its why."""

import pytest

from nbmodel.exercises import check, questions
from nbmodel.lc_arousal.plots import head_count

SLIPS = {
    "3.1": {
        1.875: "readily releasable pool",
        7.5: "level of NE",
        1.43: "multiple of the resting rate",
        3.0: "one and a half times",
        2148.0: "the unit is not",
    },
    "3.2": {
        1.0: "a product",
        5.0: "voltage of the threshold",
        500.0: "capacitance",
        275.0: "counted from rest",
        50.0: "reset",
    },
    "3.3": {
        12.3: "the peak;",
        7.28: "twice the rise",
        3.64: "that is the rise of a burst of 0.4 s",
        2.04: "multiple of the resting level",
        2.62: "how much more",
        0.0123: "in uM",
    },
}
RIGHT = {"3.1": 2.15, "3.2": 25.0, "3.3": 6.26}


@pytest.mark.parametrize("exercise", SLIPS)
def test_each_slip_is_named_by_itself(exercise: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for answer, words in SLIPS[exercise].items():
        assert check(exercise, answer) is not None  # the worked solution unfolds after a try
        said.append(capsys.readouterr().out)
        assert words in said[-1]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(("exercise", "answer"), RIGHT.items())
def test_a_right_answer_is_told_why(exercise: str, answer: float, capsys: pytest.CaptureFixture[str]) -> None:
    check(exercise, answer)
    assert f"Exercise {exercise}: right: " in capsys.readouterr().out


@pytest.mark.parametrize("exercise", SLIPS)
def test_the_worked_solution_gives_the_right_answer(exercise: str) -> None:
    question = questions.EXERCISES[exercise]()
    names: dict[str, float] = {}
    exec(question.solution, names)
    assert names["answer"] == pytest.approx(question.expected[0][0], rel=0.01)


def test_the_feedback_on_proportion_names_both_reasons_as_the_text_does(capsys: pytest.CaptureFixture[str]) -> None:
    check("3.1", 1.875)
    said = capsys.readouterr().out
    assert "autoreceptors" in said and "pool" in said


def test_pictures_say_what_they_show() -> None:
    from nbmodel.lc_arousal import broadcast

    assert "1.6 million neurons per LC cell" in head_count(broadcast.cells())[1]
