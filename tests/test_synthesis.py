"""Synthesis: TH sets the pace, its products hold it back, and DBH makes the last step."""

import json
import re

import numpy as np
import pytest

from nbmodel import collection, scenario, solve, synthesis
from nbmodel.data import parameters
from nbmodel.exercises import check, questions
from nbmodel.models import norepinephrine_terminal
from nbmodel.synthesis import plots


def results(**values: object) -> dict[str, float]:
    table = synthesis.results(scenario.make("synthesis", values))
    return dict(zip(table["name"], table["value"], strict=True))


def test_at_rest_nothing_changes_in_a_day_and_turnover_is_the_published_one() -> None:
    found = results()
    assert [found[name] for name in ("vesicular_ne", "vesicular_dopamine", "synthesis_rate")] == pytest.approx(
        [1, 1, 1]
    )
    assert found["extracellular_ne"] == pytest.approx(parameters.load().value("x0_ECF", "nM"))
    published = parameters.load()["k_turn_NE"]
    assert published.low <= found["turnover_at_rest"] <= published.high


def test_tyrosine_hydroxylase_holds_most_control_and_all_control_sums_to_one() -> None:
    control = synthesis.control_of_synthesis()
    assert sum(control.values()) == pytest.approx(1, abs=1e-6)
    assert max(synthesis.PATHWAY, key=lambda step: control[step]) == "TH"
    assert control["TH"] > 0.5
    # Its products hold TH back: what packs them away sets it free. Without that feedback TH would have all control.
    assert control["VMAT2 NE"] > 0.02
    by_cytosol = [synthesis.control_of_synthesis(synthesis.with_cytosol(level))["TH"] for level in (0.01, 0.5, 1, 2)]
    assert by_cytosol[0] > 0.9 and np.all(np.diff(by_cytosol) < 0)
    assert abs(control["AADC"]) < 0.01


def test_more_enzyme_makes_more_ne_and_less_makes_less() -> None:
    found = [results(th_activity=activity) for activity in (0, 0.5, 1, 2, 4)]
    for name in ("synthesis_rate", "vesicular_ne", "extracellular_ne"):
        assert np.all(np.diff([row[name] for row in found]) > 0), name
    # The level outside moves less than the store: autoreceptors answer.
    assert found[1]["vesicular_ne"] < found[1]["extracellular_ne"] / 6 < 1


def test_with_one_gene_of_th_the_terminal_loses_more_than_mice_do_unless_its_cytosol_holds_more_ne() -> None:
    rest = norepinephrine_terminal.network()
    assert (
        synthesis.one_th_gene(rest)
        < 0.65
        < 0.73
        < synthesis.what_it_decides("NE_cytosol", 4.5)["store, one gene of TH"]
    )
    assert synthesis.store_by_th(rest, (0.0, 1.0)) == pytest.approx([0, 1], abs=1e-6)


def test_a_meal_of_tyrosine_hardly_changes_the_store() -> None:
    assert results(tyrosine_blood="194 uM")["vesicular_ne"] == pytest.approx(1, abs=0.1)
    assert synthesis.meal(norepinephrine_terminal.network()) == pytest.approx(0.99, abs=0.01)


def test_without_dbh_dopamine_fills_the_vesicles_and_ne_is_gone() -> None:
    found = results(dbh_activity=0, hours=48)
    assert found["vesicular_ne"] < 0.01
    assert found["vesicular_dopamine"] > 2
    assert found["extracellular_ne"] < 0.01 * parameters.load().value("x0_ECF", "nM")
    assert found["ne_without_dbh"] == pytest.approx(100 * found["vesicular_ne"], rel=1e-6)


def test_a_blocked_vesicle_transporter_empties_the_store_as_a_missing_dbh_does() -> None:
    found = results(vmat_activity=0, hours=48)
    assert found["vesicular_ne"] < 0.01
    assert found["vesicular_dopamine"] < 0.01


def test_lasting_fast_firing_raises_synthesis_yet_ne_no_further_than_docked_vesicles_allow() -> None:
    slow, fast, faster = (results(firing_rate=rate) for rate in (1, 4, 8))
    assert slow["synthesis_rate"] < 1 < fast["synthesis_rate"] < faster["synthesis_rate"]
    assert (
        slow["extracellular_ne"]
        < fast["extracellular_ne"]
        < faster["extracellular_ne"]
        < 1.5 * fast["extracellular_ne"]
    )


def test_the_store_falls_the_longer_synthesis_is_blocked() -> None:
    left = [results(th_activity=0.2, hours=hours)["vesicular_ne"] for hours in (1, 4, 12, 48)]
    assert np.all(np.diff(left) < 0)


def test_droxidopa_restores_the_store_without_dbh_but_only_floods_the_cytosol_without_vmat2() -> None:
    rest = norepinephrine_terminal.network()
    no_dbh = rest.replace(dbh_activity=0.0)
    empty = no_dbh.starting_at(synthesis.course(no_dbh, 48.0).final)
    assert empty["ne_v"] < 0.01 * rest["ne_v"]
    restored = synthesis.course(synthesis.with_droxidopa(empty), 48.0)
    assert restored["ne_v"][-1] > 0.8 * rest["ne_v"]
    no_vmat = synthesis.course(synthesis.with_droxidopa(rest.replace(vmat_activity=0.0)), 48.0)
    assert no_vmat["ne_v"][-1] < 0.01 * rest["ne_v"]
    assert no_vmat["ne_c"][-1] > 1.2 * rest["ne_c"]


# -- the lesson --------------------------------------------------------------------------------------------------------


def lesson_code() -> str:
    book = json.loads((collection.notebooks_folder() / "01_synthesis.ipynb").read_text(encoding="utf-8"))
    return "\n".join("".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code")


def test_the_numbers_that_the_lesson_types_in_are_those_of_the_terminal_and_its_short_law_is_the_full_one() -> None:
    rest, typed = norepinephrine_terminal.network(), dict(re.findall(r"^(\w+) = ([\d.]+)  # uM", lesson_code(), re.M))
    p = rest.parameters
    half_bh4 = p["K_BH4_TH"] * p["Km_tyr_TH"] / (p["Km_tyr_TH"] + rest["tyrosine"])
    expected = {"km": p["Km_tyr_TH"], "tyrosine": rest["tyrosine"], "bh4": rest["bh4"], "kb": half_bh4}
    expected |= {"ki": p["KD_DA_TH_low"], "product": rest["ne_c"] + rest["da_c"]}
    assert {name: float(typed[name]) for name in expected} == pytest.approx(expected, rel=5e-3)

    def held_back(products: float) -> float:
        return rest["bh4"] / (half_bh4 * (1 + products / p["KD_DA_TH_low"]) + rest["bh4"])

    halved = rest.curve("TH", ne_c=rest["ne_c"] / 2, da_c=rest["da_c"] / 2) / rest.flux("TH")
    assert held_back(expected["product"] / 2) / held_back(expected["product"]) == pytest.approx(float(halved))


def test_the_numbers_in_the_sentences_of_the_lesson_are_those_of_the_model() -> None:
    rest = norepinephrine_terminal.network()
    book = json.loads((collection.notebooks_folder() / "01_synthesis.ipynb").read_text(encoding="utf-8"))
    text = "\n".join("".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown")
    half, double = (solve.steady_state(rest.replace(th_activity=th))["ne_v"] / rest["ne_v"] for th in (0.5, 2.0))
    lost = synthesis.course(rest.replace(dbh_activity=0), 48)
    empty = rest.replace(dbh_activity=0).starting_at(lost.final)
    half_dosed, dosed = (synthesis.course(synthesis.with_droxidopa(empty, share), 48) for share in (0.5, 1.0))
    half_dose, dose = (run["ne_v"][-1] / rest["ne_v"] for run in (half_dosed, dosed))
    twice_the_tyrosine = rest.curve("TH", tyrosine=2 * rest["tyrosine"]) / rest.flux("TH")
    one_gene = synthesis.one_th_gene(rest)
    by_cytosol = [synthesis.what_it_decides("NE_cytosol", level)["control of TH"] for level in (0.5, 5.0, 20.0)]
    meal = synthesis.course(rest.replace(tyrosine_blood=2 * rest.parameters["tyrosine_blood"]), 48)
    made = solve.steady_state(rest.replace(th_activity=2.0)).flux("DBH") / rest.flux("DBH")
    tenth = synthesis.course(rest.replace(dbh_activity=0.1), 24)

    def speed(products: float) -> float:
        return 319 / (319 + 16.07 * (1 + products / 0.09))

    matching = synthesis.what_it_decides("Km_DBH", 60.0)
    tenth_matching = synthesis.course(synthesis.with_number("Km_DBH", 60.0).replace(dbh_activity=0.1), 24)
    by_bh4 = [synthesis.what_it_decides("K_BH4_TH", constant)["control of TH"] for constant in (5000.0, 10.0)]
    # The constant of the dopamine terminal in place of the measured one leaves TH nearly all of the control.
    assert synthesis.what_it_decides("KD_DA_TH_low", 110e3)["control of TH"] > 0.95
    left = f"and {100 * matching['DBH halved']:.0f} % is left"
    assert questions.EXERCISES["1.3"]().why.endswith(left)
    for said in (
        f"most of the control, **{synthesis.control_of_synthesis()['TH']:.2f}**",
        "with 0.5 uM TH has {:.2f}, with 5 uM {:.2f}, and with 20 uM {:.2f}".format(*by_cytosol),
        f"to only **{double:.2f} times**, and halving it leaves {100 * half:.0f} %",
        f"The model predicts {100 * one_gene:.0f} %, too low",
        f"together stay at {100 * (lost['ne_v'][-1] + lost['da_v'][-1]) / (rest['ne_v'] + rest['da_v']):.0f} %",
        f"1 % more TH makes synthesis {synthesis.control_of_synthesis()['TH']:.2f} % faster",
        f"NE is made {made:.2f} times as fast",
        f"TH keeps the largest share, {by_cytosol[1]:.2f}",
        f"DBH has only {synthesis.control_of_synthesis()['DBH']:.2f}",
        f"in section 2 it has {min(by_bh4):.2f} to nearly 1",
        f"{tenth_matching['ne_v'][-1] / 1e3:.1f} mM is left, and DBH has {matching['of DBH']:.2f} of the control",
        f"in place of {synthesis.control_of_synthesis()['DBH']:.2f}. Either way",
        f"A tenth of DBH still leaves {tenth['ne_v'][-1] / 1e3:.1f} of {rest['ne_v'] / 1e3:.1f} mM",
        f"= {100 * speed(1.13):.0f} % of $W$. Without products it would be {100 * speed(0):.0f} %",
        f"returns to **{100 * dose:.0f} %**",
        f"{100 * half_dose:.0f} % in place of {100 * dose:.0f} %",
        f"doubled tyrosine changes the rate to {twice_the_tyrosine:.2f} times",
        f"twice the tyrosine in blood raises the store by {100 * (synthesis.fold(meal, 'ne_v') - 1):.0f} %",
        f"dopamine only falls from {synthesis.fold(lost, 'da_v'):.0f} to {dosed['da_v'][-1] / rest['da_v']:.0f} times normal",
        f"would be {100 * matching['DBH halved']:.0f} % in place of",
    ):
        assert said in text, said


def test_every_slip_has_its_own_comment_and_a_right_answer_is_told_why(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("1.1", "1.3"):
        question = questions.EXERCISES[name]()
        comments = {}
        for slip in question.slips:
            check(name, slip.values[0][0])
            comments[slip.message] = capsys.readouterr().out.strip()
        assert all(comment == f"Exercise {name}: {message}" for message, comment in comments.items())
        solution = check(name, question.expected[0][0])
        assert capsys.readouterr().out.strip() == f"Exercise {name}: right: {question.why}" and question.why
        assert solution is not None and "answer = 100 * " in solution.code


@pytest.mark.parametrize(
    ("law", "said"),
    [
        (lambda s, rival, vmax, km, km_rival: vmax * s / (km + s), "without a rival"),
        (lambda s, rival, vmax, km, km_rival: vmax * s / ((km + s) * (1 + rival / km_rival)), "lowers the top speed"),
        (lambda s, rival, vmax, km, km_rival: vmax * s / (km * (1 + rival / km) + s), "its own is `km_rival`"),
        (lambda s, rival, vmax, km, km_rival: vmax * (s + rival) / (km + s + rival), "both together"),
        (lambda s, rival, vmax, km, km_rival: vmax * s / (km / (1 + rival / km_rival) + s), "faster"),
        (lambda s, rival, vmax, km, km_rival: vmax * s / (km + s * (1 + rival / km_rival)), "already holds"),
        (lambda s, rival, vmax, km, km_rival: vmax * s / (km * rival / km_rival + s), "0 without a rival"),
        (lambda s, rival, vmax, km, km_rival: vmax * s / km * (1 + rival / km_rival) + s, "pair of parentheses"),
        (lambda s, rival, vmax, km, km_rival: vmax * s / (km * (1 + km_rival / rival) + s), "stands upside down"),
        (lambda s, rival, vmax, km, km_rival: vmax * s / (km + rival / km_rival + s), "1 included"),
        (lambda s, rival, vmax, km, km_rival: vmax * s / (km * (1 + rival / km_rival) + s), "right: a rival raises"),
    ],
)
def test_each_slip_in_the_law_of_a_rival_is_named(law: object, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("1.2", law) is not None
    assert said in capsys.readouterr().out


def test_worked_solutions_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    for name, answer in (("1.1", "answer"), ("1.2", "competing_uptake"), ("1.3", "answer")):
        scope = {"terminal": norepinephrine_terminal.network(), "synthesis": synthesis, "solve": solve}
        exec(questions.EXERCISES[name]().solution, scope)
        check(name, scope[answer])
        assert f"Exercise {name}: right" in capsys.readouterr().out


def test_names_in_the_picture_of_the_feedback_never_lie_on_one_another() -> None:
    products = np.linspace(0, 3, 301)
    for ki, title in (
        (0.09, "Without products TH is only 1.60 times as fast"),
        (110.0, "TH hardly feels its products"),
    ):
        rate = 319 / (16.07 * (1 + products / ki) + 319)
        fig, _ = plots.feedback(products, rate / np.interp(1.13, products, rate), 1.13)
        (ax,) = fig.axes
        assert ax.get_title(loc="left") == title
        fig.canvas.draw()
        boxes = [text.get_window_extent() for text in ax.texts]
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_picture_of_the_store_says_what_became_of_it() -> None:
    rest = norepinephrine_terminal.network()
    titles = {
        "dbh_activity": "Dopamine takes the place of NE",
        "vmat_activity": "Both stores empty",
        "th_activity": "Both stores empty",
    }
    for handle, title in titles.items():
        fig, said = plots.store(synthesis.course(rest.replace(**{handle: 0.0}), 48.0), rest)
        (ax,) = fig.axes
        assert ax.get_title(loc="left") == title and "NE goes from 3.0 to 0.0 mM" in said
        assert ax.get_ylim() == (0, plots.MOST)
