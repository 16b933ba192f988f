"""The assignments as science: other right ways count as right, and the numbers that model answers quote are the model's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from nbmodel.core import roc
from nbmodel.course import answer_key, source
from nbmodel.exercises import judge

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
    """3.3: let NE fall, and read off a grid when half is left."""
    run = solve_ivp(
        lambda t, x: -(s["vmax"] * x / (s["km"] + x) + s["k_other"] * x),
        (0, 20),
        [s["peak"]],
        t_eval=np.arange(0, 20, 0.01),
    )
    return float(run.t[np.argmax(run.y[0] < s["peak"] / 2)])


def by_formula(s: Scope) -> float:
    """3.4: what first order removes until the peak passes."""
    return float(100 * -np.expm1(-s["site"].uptake * s["distance"] ** 2 / (6 * s["site"].diffusion)))


def by_grid(s: Scope) -> float:
    """2.6: the best of a table in steps of 0.2 nM."""
    x = np.arange(0, 100, 0.2)
    return float(x[np.argmax(x / (x + s["k2"]) - s["weight"] * x / (x + s["k1"]))])


def by_steps(s: Scope) -> float:
    """2.3: Euler's method for a minute, in steps of 10 ms."""
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
    return float(1e3 * 40 * s["available"] / (s["volume_per_kg"] * s["body"]) * shape.max())


@pytest.mark.parametrize(
    ("theme", "name", "way"),
    [
        ("reuptake", "3.3", by_running),
        ("reuptake", "3.4", by_formula),
        ("lc_arousal", "2.3", by_steps),
        ("lc_arousal", "2.6", by_grid),
        ("disorders", "4.2", by_table),
    ],
)
def test_another_way_to_a_number_is_right_at_both_ends_of_the_range(
    theme: str, name: str, way: Callable[[Scope], float]
) -> None:
    for end in ("low", "high"):
        numbers = {one.name: getattr(one, end) for one in source.find(theme).numbers}
        assert verdict(theme, name, way(set_up(theme, **numbers)), **numbers) == judge.Verdict(1.0, judge.RIGHT)


def test_the_areas_that_a_model_answer_quotes_show_what_it_says() -> None:
    s, said = set_up("lc_arousal"), model_answer("lc_arousal", "2.8")
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


def test_a_model_answer_tells_the_fold_with_and_without_the_brake_for_every_student() -> None:
    chosen = source.find("reuptake")
    blocked = next(one for one in chosen.numbers if one.name == "blocked")
    for share in (blocked.low, blocked.high):
        asked = {
            one.name: one for one in answer_key.questions(chosen, source.defaults(chosen) | {"blocked": share}, "")
        }
        without = next(slip for slip in asked["3.6"].slips if "without the brake" in slip.message)
        assert 2.5 < asked["3.6"].expected[0][0] < 3.6
        assert 3.8 < without.values[0][0] < 5.7
    said = model_answer("reuptake", "3.8").replace("\n", " ")
    assert "about three times its resting level" in said and "four or five times" in said
