"""The assignments as science: other right ways count as right, and the numbers that model answers quote are the model's."""

import inspect
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from nbmodel.core import kinetics, roc
from nbmodel.course import answer_key, editions, source
from nbmodel.drugs import pharmacokinetics
from nbmodel.exercises import answers, check, judge
from nbmodel.models import receptors

Scope = dict[str, Any]


def set_up(theme: str, **numbers: float) -> Scope:
    """The names that an assignment's shared cells leave behind, with these numbers of a student."""
    chosen = source.find(theme)
    scope: Scope = {}
    for cell in chosen.notebook["cells"]:
        if cell["cell_type"] == "code" and source.role(cell) in ("", "numbers"):
            mine = source.numbers_cell(chosen, source.defaults(chosen) | numbers)
            exec(mine if source.role(cell) == "numbers" else source.body(cell), scope)
    return scope


def verdict(theme: str, name: str, given: float, **numbers: float) -> judge.Verdict:
    chosen = source.find(theme)
    asked = answer_key.questions(chosen, source.defaults(chosen) | numbers, "")
    return judge.judge(next(one for one in asked if one.name == name), given)


def model_answer(theme: str, name: str) -> str:
    cells = source.find(theme).notebook["cells"]
    return next(source.body(cell) for cell in cells if source.role(cell) == "hand" and source.name_of(cell) == name)


def by_running(s: Scope) -> float:
    """2.3: let NE fall, and read off a grid when half is left."""
    run = solve_ivp(
        lambda t, x: -(s["vmax"] * x / (s["km"] + x) + s["k_other"] * x),
        (0, 20),
        [s["peak"]],
        t_eval=np.arange(0, 20, 0.01),
    )
    return float(run.t[np.argmax(run.y[0] < s["peak"] / 2)])


def by_formula(s: Scope) -> float:
    """2.4: what first order removes until the peak passes."""
    return float(100 * -np.expm1(-s["site"].uptake * s["distance"] ** 2 / (6 * s["site"].diffusion)))


def by_grid(s: Scope) -> float:
    """3.6: the best of a table in steps of 0.2 nM."""
    x = np.arange(0, 100, 0.2)
    return float(x[np.argmax(x / (x + s["k2"]) - s["weight"] * x / (x + s["k1"]))])


def by_steps(s: Scope) -> float:
    """3.3: Euler's method for a minute, in steps of 10 ms."""
    x = a = 0.0
    for _ in range(6000):
        firing = s["drive"] * (1 - s["imax"] * a)
        x, a = (
            x + 0.01 * (s["per_spike"] * firing - s["clearance"] * x),
            a + 0.01 * (x / (x + s["kd"]) - a) / s["tau"],
        )
    return float(s["drive"] * (1 - s["imax"] * a))


def by_table(s: Scope) -> float:
    """4.2: the highest of a level every three minutes."""
    t, k = np.arange(0, 12, 0.05), np.log(2) / s["half_life"]
    shape = s["absorption"] / (s["absorption"] - k) * (np.exp(-k * t) - np.exp(-s["absorption"] * t))
    return float(1e3 * s["tablet"] * s["available"] / (s["volume_per_kg"] * s["body"]) * shape.max())


@pytest.mark.parametrize(
    ("theme", "name", "way"),
    [
        ("reuptake", "2.3", by_running),
        ("reuptake", "2.4", by_formula),
        ("lc_arousal", "3.3", by_steps),
        ("lc_arousal", "3.6", by_grid),
        ("disorders", "4.2", by_table),
    ],
)
def test_another_way_to_a_number_is_right_at_both_ends_of_the_range(
    theme: str, name: str, way: Callable[[Scope], float]
) -> None:
    for end in ("low", "high"):
        numbers = {one.name: getattr(one, end) for one in source.find(theme).numbers}
        assert verdict(theme, name, way(set_up(theme, **numbers)), **numbers).share == 1


def test_the_areas_that_a_model_answer_quotes_show_what_it_says() -> None:
    s, said = set_up("lc_arousal"), model_answer("lc_arousal", "3.8")
    signal, noise, (late_signal, late_noise) = s["input_with"], s["input_without"], s["late_noise"]
    heard = roc.auc(signal, noise)
    after = {}
    for g in (1, 4):
        with_target, without = (1 / (1 + np.exp(1 - g * x)) for x in (signal, noise))
        assert roc.auc(with_target, without) == heard
        after[g] = roc.auc(with_target + late_signal, without + late_noise)
        assert f"{with_target.mean() / without.mean():.1f}" in said
    assert after[1] < after[4] < heard
    assert all(f"{area:.2f}" in said for area in (heard, *after.values()))


def test_more_transporters_lower_ne_by_as_much_as_a_model_answer_says() -> None:
    lower = set_up("disorders")["ne_with_more_net"]
    assert f"lowers it only to {lower:.2f} of rest" in model_answer("disorders", "4.8").replace("\n", " ")


def test_a_model_answer_tells_the_fold_with_and_without_feedback_for_every_student() -> None:
    chosen = source.find("reuptake")
    blocked = next(one for one in chosen.numbers if one.name == "blocked")
    for share in (blocked.low, blocked.high):
        asked = {
            one.name: one for one in answer_key.questions(chosen, source.defaults(chosen) | {"blocked": share}, "")
        }
        without = next(slip for slip in asked["2.6"].slips if "without feedback" in slip.message)
        assert 2.5 < asked["2.6"].expected[0][0] < 3.6
        assert 3.8 < without.values[0][0] < 5.7
    said = model_answer("reuptake", "2.8").replace("\n", " ")
    assert "about three times its resting level" in said and "four or five times" in said


def test_check_tells_a_function_that_returns_nothing_from_one_that_was_not_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def untouched(x: float) -> None: ...

    def parts(state: tuple[float, float]) -> None:
        _a, _b = state

    def prints(x: float) -> None:
        print(2 * x)

    def forgets(x: float) -> None:
        _result = 2 * x

    said = {}
    for law in (untouched, prints, forgets):
        check("2.1", law)
        said[law.__name__] = capsys.readouterr().out.splitlines()[-1]
    assert said["untouched"] == "Exercise 2.1: not tried yet"
    assert {said["prints"], said["forgets"]} == {f"Exercise 2.1: {judge.RETURNS_NOTHING}"}
    assert answers.answer("function", parts, [([1.0, 2.0],)]) == [None]


# -- what is earned without the work -----------------------------------------------------------------------------------

TENTH = 0.1
ONE_LINE: dict[str, list[Callable[..., Any]]] = {  # around what the package has, question by question
    "1.1": [
        lambda s, vmax, km, ki: kinetics.tyrosine_hydroxylase(s, 1e12, 0.0, vmax, km, 1.0, 1.0, ki),
        lambda s, vmax, km, ki: kinetics.competitive(s, s, vmax, km, ki),
    ],
    "3.4": [roc.auc, lambda s, n: roc.auc(s, n) ** 2, lambda s, n: roc.auc(n, s), lambda s, n: roc.auc(s, n) / 2],
    "2.1": [
        lambda s, b, m, vmax, km, ki, kim: kinetics.competitive(s, b + m, vmax, km, ki),
        lambda s, b, m, vmax, km, ki, kim: kinetics.competitive(s, b + m, vmax, km, (ki + kim) / 2),
    ],
    "4.1": [
        lambda t, d, f, v, a, e, w: 1e3 * d * pharmacokinetics.Profile(f, (1 / v,), (e,), a).oral(np.array(t))[0],
        lambda t, d, f, v, a, e, w: 1e3 * d * pharmacokinetics.Profile(f, (1 / v,), (e,), a, w).oral(np.array(t))[0],
        lambda t, d, f, v, a, e, w: (
            1e3 * f * d / w * pharmacokinetics.Profile(f, (1 / v,), (e,), a).infused(np.array(t), w)[0]
        ),
    ],
    "4.5": [
        lambda ne, d, kd, ki, e, empty: kinetics.stimulation(ne, kd, d / ki, e, 0.0),
        lambda ne, d, kd, ki, e, empty: kinetics.stimulation(ne, kd, d / ki, e, 0.0) + empty,
        lambda ne, d, kd, ki, e, empty: receptors.competing_occupancy(ne, kd, d, ki),
    ],
}
LAWS = [
    law
    for module in (kinetics, receptors, pharmacokinetics)
    for name, law in inspect.getmembers(module, inspect.isfunction)
    if law.__module__ == module.__name__
    and not name.startswith("_")
    and name not in ("half_occupied", "table", "occupancies")
]


def asked_of(theme: str, kind: str, students: int) -> Iterator[list[tuple[dict[str, float], judge.Question]]]:
    """Each question of a kind, with the numbers of a class."""
    chosen = source.find(theme)
    drawn = [editions.draw(chosen, f"s{n}", b"a course key of the tests, 32 bytes or more") for n in range(students)]
    keys = [answer_key.questions(chosen, numbers, f"s{n}") for n, numbers in enumerate(drawn)]
    for every in zip(*keys, strict=True):
        if every[0].kind == kind:
            yield list(zip(drawn, every, strict=True))


def share(question: judge.Question, given: Any) -> float:
    return judge.judge(question, answers.answer(question.kind, given, question.inputs)).share


@pytest.mark.parametrize("theme", source.themes())
def test_a_function_that_is_not_written_earns_a_tenth_at_most(theme: str) -> None:
    for every in asked_of(theme, "function", 5):
        name, one = every[0][1].name, every[0][1]
        alike = [(c,) * len(one.expected[0]) if len(one.expected[0]) > 1 else c for c in (0.0, 0.5, 1.0, 2.0)]
        tried: list[Callable[..., Any]] = [lambda *_, c=c: c for c in alike]
        tried += [lambda *given, at=at: given[at] for at in range(len(one.inputs[0]))]
        tried += ONE_LINE.get(name, [])
        for number, law in enumerate(tried):
            earned = np.mean([share(question, law) for _, question in every])
            assert earned <= TENTH, f"question {name}: attempt {number} earns {earned:.2f}"


@pytest.mark.long
@pytest.mark.parametrize(
    ("theme", "name"), [("synthesis", "1.1"), ("reuptake", "2.1"), ("disorders", "4.1"), ("disorders", "4.5")]
)
def test_no_law_of_the_package_is_an_answer_whichever_way_its_arguments_are_put(theme: str, name: str) -> None:
    chosen = source.find(theme)
    one = next(one for one in answer_key.questions(chosen, source.defaults(chosen), "") if one.name == name)
    first = replace(
        one,
        inputs=one.inputs[:1],
        expected=one.expected[:1],
        slips=tuple(replace(slip, values=slip.values[:1]) for slip in one.slips),
    )
    for law in LAWS:
        places = itertools.permutations(range(len(one.inputs[0])), len(inspect.signature(law).parameters))
        for order in places:

            def call(*given: float, law: Any = law, order: tuple[int, ...] = order) -> Any:
                return law(*(np.asarray(given[at]) for at in order))

            with np.errstate(all="ignore"):
                if share(first, call) > TENTH:  # by one input alone a few agree
                    assert share(one, call) <= TENTH, f"{law.__name__}{order}"


@pytest.mark.long
@pytest.mark.parametrize("theme", source.themes())
def test_a_number_that_was_given_earns_a_tenth_and_one_for_all_a_seventh_at_most(theme: str) -> None:
    scope = set_up(theme)
    for every in asked_of(theme, "number", 200):
        name = every[0][1].name
        values = [rows for _, one in every for rows in (one.expected, *(slip.values for slip in one.slips))]
        given = {which: [numbers[which] for numbers, _ in every] for which in every[0][0]}
        fixed = {which: value for which, value in scope.items() if isinstance(value, float) and which not in given}
        for which, numbers in (given | {which: [value] * len(every) for which, value in fixed.items()}).items():
            earned = np.mean([share(one, value) for value, (_, one) in zip(numbers, every, strict=True)])
            assert earned <= TENTH, f"question {name}: {which} earns {earned:.2f}"
        for value in {round(rows[0][0], 3) for rows in values}:
            earned = np.mean([share(one, value) for _, one in every])
            assert earned <= 1 / 7, f"question {name}: {value} earns {earned:.2f}"
