"""How sure a prediction is: proper scores, honest weights, the kept ensemble, and which numbers decide a result."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.integrate import quad

from nbmodel import evidence, scenario
from nbmodel.cli import main
from nbmodel.core import cvode, sobol
from nbmodel.data import formulary, plausible
from nbmodel.evidence import intervals, picture, sampling, sensitivity, weighted_ensemble
from nbmodel.evidence.intervals import Prediction
from nbmodel.evidence.sensitivity import SensitivityError
from nbmodel.models import norepinephrine_terminal

SAID = Prediction(np.array([-0.3, 0.1, 0.4]), np.array([0.2, 0.5, 0.3]), 0.4)

# -- scores ----------------------------------------------------------------------------------------------------------


def test_a_density_is_one_in_all_and_its_interval_holds_nine_tenths() -> None:
    assert quad(lambda at: np.exp(SAID.log_score(at)), -30, 30)[0] == pytest.approx(1, abs=1e-4)
    low, high = SAID.interval()
    assert (SAID.below(np.array([high])) - SAID.below(np.array([low])))[0] == pytest.approx(0.9, abs=1e-3)


def test_the_crps_of_somebody_sure_is_how_far_off_they_are_and_doubt_that_is_right_helps() -> None:
    sure = Prediction(np.array([0.5]), np.array([1.0]), 1e-3)
    assert sure.crps() == pytest.approx(0.5, abs=0.02)
    assert Prediction(np.array([0.5]), np.array([1.0]), 0.4).crps() < sure.crps()
    assert Prediction(np.array([0.5]), np.array([1.0]), 5.0).crps() > sure.crps()


# -- weights and discrepancy, on rows whose answer is known ------------------------------------------------------------


def rows_like(*roles: str) -> list[evidence.Observation]:
    one = next(row for row in evidence.rows() if row.id == "V1")
    return [
        dataclasses.replace(one, id=f"T{i}", role=role, published=2.0, low=1.6, high=2.5, source=(f"study{i}",))
        for i, role in enumerate(roles)
    ]


def drawn(rows: list[evidence.Observation], off: dict[str, float], spread: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    shared = rng.normal(0.0, 1.0, 100)
    return pd.DataFrame(
        {
            f"{who} {row.id}": row.published * np.exp(off.get(row.id, 0.0) + spread * shared)
            for who in ("model", "no_feedback", "no_net")
            for row in rows
        }
    )


def test_calibration_narrows_what_shares_its_doubt_and_a_study_never_helps_itself() -> None:
    rows = rows_like("calibration", "calibration", "prediction")
    found = {one.id: one for one in intervals.assess(drawn(rows, {}, spread=1.0), rows) if one.who == "model"}
    width = {name: np.log(one.high / one.low) for name, one in found.items()}
    assert width["T2"] < 0.5 < 3.29  # 3.29 is 90 % of the draws as they came
    assert found["T0"].sets > found["T2"].sets  # by the other row alone


def test_the_discrepancy_is_how_far_the_other_studies_are_off() -> None:
    rows = rows_like(*["prediction"] * 9)
    exact = intervals.assess(drawn(rows, {}), rows)
    wrong = intervals.assess(drawn(rows, {f"T{i}": (-1) ** i * 0.7 for i in range(9)}), rows)
    assert all(one.discrepancy < 1.1 for one in exact)
    assert all(1.5 < one.discrepancy < 2.5 for one in wrong)
    alone = intervals.assess(drawn(rows, {"T4": 2.0}), rows)
    assert next(one for one in alone if one.id == "T4").discrepancy < 1.1  # its own miss is not in what is said of it


def test_what_a_model_cannot_answer_counts_as_far_off() -> None:
    rows = rows_like("prediction", "prediction")
    values = drawn(rows, {})
    values["no_net T0"], values["no_feedback T0"] = np.nan, 0.0
    found = {(one.who, one.id): one for one in intervals.assess(values, rows)}
    assert found["no_net", "T0"].crps == found["no_feedback", "T0"].crps > 3 > found["model", "T0"].crps


# -- the sets, and the ensemble that is kept -----------------------------------------------------------------------------


def test_sets_lie_in_their_ranges_with_the_tables_value_in_the_middle() -> None:
    table = formulary.load()
    names = [name for name in table if table[name].low < table[name].high]
    found = sampling.sets(names, count=101, seed=4)
    for name in names:
        row = table[name]
        assert found[name].between(row.low * (1 - 1e-9) - 1e-12, row.high * (1 + 1e-9) + 1e-12).all()
        if row.low < row.value < row.high:
            assert (found[name] < row.value).mean() == pytest.approx(0.5, abs=0.02)


def test_the_kept_ensemble_is_of_the_rows_and_its_sets_can_rest() -> None:
    sized = [row.id for row in sampling.sampled_rows() if row.unit != "sign"]
    assert {one.id for one in weighted_ensemble.kept()} == set(sized) and len(weighted_ensemble.kept()) == 3 * len(
        sized
    )
    assert len(plausible.sets()) == weighted_ensemble.FEW
    low, high = plausible.band(lambda: norepinephrine_terminal.network().flux("TH"))
    assert low < norepinephrine_terminal.network().flux("TH") < high


@pytest.mark.long
def test_the_kept_ensemble_is_of_the_model_as_it_is() -> None:
    assert weighted_ensemble.about()["key"] == weighted_ensemble.key(), (
        "compute it anew: nbmodel evidence --ensemble 500 --store"
    )


@pytest.mark.long
@pytest.mark.skipif(not cvode.is_installed(), reason="libroadrunner has no wheels for this machine")
def test_a_plausible_set_is_one_of_those_that_were_tried_and_an_ensemble_comes_out_again() -> None:
    about = weighted_ensemble.about()
    tried = sampling.sets(sampling.symbols(), about["tried"], about["seed"])
    for values in plausible.sets():
        near = np.isclose(tried[list(values)], list(values.values()), rtol=1e-3, atol=1e-12).all(axis=1)
        assert near.sum() == 1
    first, again = (weighted_ensemble.compute(6, seed=5) for _ in range(2))
    assert first.intervals == again.intervals and first.tried == 6


# -- which numbers decide ------------------------------------------------------------------------------------------------


def test_sobol_indices_of_ishigami_are_those_worked_out_by_hand() -> None:
    even = {name: lambda share: np.pi * (2 * share - 1) for name in ("x1", "x2", "x3")}

    def ishigami(sets: pd.DataFrame) -> pd.Series:
        return np.sin(sets.x1) + 7 * np.sin(sets.x2) ** 2 + 0.1 * sets.x3**4 * np.sin(sets.x1)

    found = sobol.indices(ishigami, even, count=4096, seed=2).set_index("number")
    exact = {"x1": (0.3139, 0.5576), "x2": (0.4424, 0.4424), "x3": (0.0, 0.2437)}
    for name, (first, total) in exact.items():
        row = found.loc[name]
        assert row["first"] == pytest.approx(first, abs=0.02) and row["total"] == pytest.approx(total, abs=0.02)
        assert row["first_low"] <= row["first"] <= row["first_high"]


def test_sobol_indices_need_results_that_are_there_and_differ() -> None:
    even = {"a": lambda share: share, "b": lambda share: share}
    with pytest.raises(ValueError, match="100 samples are no power of two, which the method needs; take 128"):
        sobol.indices(lambda sets: sets["a"], even, count=100, seed=1)
    with pytest.raises(ValueError, match="name two or more"):
        sobol.indices(lambda sets: sets["a"], {"a": even["a"]}, count=16, seed=1)
    with pytest.raises(ValueError, match="there is no result for 16 of 16 sets"):
        sobol.indices(lambda sets: sets["a"] * np.nan, even, count=16, seed=1)
    with pytest.raises(ValueError, match="none of them matters"):
        sobol.indices(lambda sets: 0 * sets["a"], even, count=16, seed=1)


def test_net_decides_how_fast_a_signal_ends_in_a_slice_and_basal_ne_does_not() -> None:
    numbers = ["Vmax_NET", "Km_NET_NE", "x0_ECF"]
    found = sensitivity.of("reuptake", scenario.make("reuptake"), "half_life", samples=32, numbers=numbers, workers=1)
    assert found.value == pytest.approx(2.963, abs=1e-3) and found.unit == "s"
    assert found.indices["number"].tolist() == numbers and found.rest == ""
    assert found.indices["total"].iloc[0] > 0.3 and found.indices["total"].iloc[2] < 0.01


def test_a_setting_moves_with_its_number_unless_it_was_set() -> None:
    usual, set_by_hand = (
        sensitivity._result("reuptake", scenario.make("reuptake", given), "burst_peak", {"x0_ECF": 12.0})["result"]
        for given in ({}, {"basal_ne": 5.0})
    )
    assert usual > 2 * set_by_hand
    with pytest.raises(SensitivityError, match="rests on no number 'x0_EC'; did you mean 'x0_ECF'"):
        sensitivity.of("reuptake", scenario.make("reuptake"), "burst_peak", numbers=["x0_EC"], samples=16, workers=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("sensitivity reuptake --result half_lif", "has no result 'half_lif'; did you mean 'half_life'?"),
        ("sensitivity lc_arousal --result lc_rate", "results of lc_arousal come from chance"),
        ("sensitivity reuptake --result half_life --samples 100", "no power of two, which the method needs; take 128"),
        ("evidence --store", "--store goes with --ensemble"),
        ("evidence --ensemble --picture nowhere/x.png", "is no name of a picture in a folder that is there"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(words: str, said: str) -> None:
    done = CliRunner().invoke(main, words.split())
    assert done.exit_code == 2 and said in done.output


def test_intervals_are_printed_and_drawn(tmp_path) -> None:
    done = CliRunner().invoke(main, ["evidence", "--ensemble", "--theme", "reuptake", "--json"])
    rows = json.loads(done.output)
    assert {row["who"] for row in rows} == {"model", "no_feedback", "no_net"}
    one = next(row for row in rows if row["id"] == "V1" and row["who"] == "model")
    assert one["low"] < 2.93 < one["high"] and one["widest_low"] < one["low"]
    picture.save(weighted_ensemble.kept()[:9], tmp_path / "sure.png")
    assert (tmp_path / "sure.png").read_bytes().startswith(b"\x89PNG")
