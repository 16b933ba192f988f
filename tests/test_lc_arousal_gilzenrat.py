"""Gilzenrat 2002: its numbers, a second engine, and what phasic and tonic firing do to a watch for rare targets."""

import csv
from pathlib import Path

import numpy as np
import pytest

from nbmodel import norepinephrine_terminal
from nbmodel.lc_arousal import gilzenrat
from nbmodel.lc_arousal.gilzenrat import State, coupling

ORACLE = Path(__file__).parent / "oracles" / "gilzenrat_psyneulink.csv"


def test_the_published_numbers_come_out_within_2_per_cent() -> None:
    table = gilzenrat.reference_table()
    assert len(table) == 10
    assert table["ratio"].between(0.98, 1.02).all(), table


@pytest.mark.parametrize(("mode", "h", "u"), [("phasic", 0.07, 0.14), ("tonic", 0.2, 0.2)])
def test_psyneulink_gives_the_same_course(mode: str, h: float, u: float) -> None:
    k, c = gilzenrat.constants(), coupling(mode)
    start = State(np.array([(h - (1 - c) * k["d"]) / c]), np.array([u]), np.zeros((3, 1)))
    run = gilzenrat.trial(c, start=start)
    with ORACLE.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["mode"] == mode]
    assert len(rows) == 100
    # PsyNeuLink updates one group after the other within a step, so its LC and its response are a step ahead of its
    # decision: that shifts a fast rise by dt, no more.
    step = np.array([int(row["step"]) for row in rows])
    for name, ours, ahead, tolerance in (
        ("target", run.out[:, 0, 0], 1, 2e-6), ("distractor", run.out[:, 1, 0], 1, 2e-6),
        ("response", run.out[:, 2, 0], 2, 4e-3), ("h", run.lc[:, 0], 2, 1e-3), ("u", run.ne[:, 0], 2, 5e-4),
    ):  # fmt: skip
        theirs = np.array([float(row[name]) for row in rows])
        assert np.max(np.abs(ours[step + ahead] - theirs)) < tolerance, name


@pytest.mark.parametrize("c", [0.55, 0.75, 0.95])
def test_at_rest_ne_equals_lc_activity_and_nothing_moves(c: float) -> None:
    rest = gilzenrat.settled(c)
    after, shown, _ = gilzenrat.advance(rest, c, np.zeros((3, 1)))
    assert shown == pytest.approx(rest.u, abs=1e-9)
    for now, then in zip(rest, after, strict=True):
        assert then == pytest.approx(now, abs=1e-9)


def test_coupled_cells_burst_at_a_target_and_uncoupled_ones_do_not_though_they_fire_faster() -> None:
    phasic, tonic = (gilzenrat.trial(coupling(mode)) for mode in gilzenrat.MODES)
    assert gilzenrat.burst(phasic) > 10 * gilzenrat.burst(tonic) > 0
    assert phasic.lc[0, 0] < tonic.lc[0, 0]
    # A distractor makes next to no burst.
    assert gilzenrat.burst(gilzenrat.trial(coupling("phasic"), distractor=True)) < gilzenrat.burst(phasic) / 20


def test_it_is_the_burst_that_speeds_the_response() -> None:
    felt, frozen = (gilzenrat.trial(coupling("phasic"), frozen_gain=frozen) for frozen in (False, True))
    np.testing.assert_allclose(frozen.lc[:500], felt.lc[:500], atol=1e-9)
    assert frozen.reaction[0] > 1.5 * felt.reaction[0]
    noisy = gilzenrat.worth_of_burst(seed=3, watchers=150, stimuli=15)["difference"]
    assert noisy.loc["hit rate", "low"] > 0
    assert noisy.loc["reaction time", "high"] < 0


def test_over_a_watch_phasic_beats_tonic_in_hits_false_alarms_and_sensitivity() -> None:
    table = gilzenrat.vigilance(seed=7, watchers=150, stimuli=15)["difference"]
    assert table.loc["hit rate", "low"] > 0
    assert table.loc["false-alarm rate", "high"] < 0
    assert table.loc["d'", "low"] > 0
    assert table.loc["spread of reaction times", "high"] < 0
    # Against the simple story: with noise, the mean reaction is not faster. Tonic mode adds early, lucky guesses.
    assert table.loc["reaction time", "low"] > 0


@pytest.mark.parametrize("stimulus", [2.0, 5.0])
def test_the_advantage_does_not_hang_on_how_long_a_stimulus_lasts(stimulus: float) -> None:
    phasic, tonic = (
        gilzenrat.score(gilzenrat.watch(coupling(mode), 1, 100, 12, stimulus)).set_index("measure")
        for mode in gilzenrat.MODES
    )
    assert phasic.loc["d'", "value"] > tonic.loc["d'", "value"]
    assert phasic.loc["false-alarm rate", "high"] < tonic.loc["false-alarm rate", "low"]


def test_a_seed_fixes_everything_and_survives_a_nudge_in_the_twelfth_digit() -> None:
    first, again, nudged, other = (
        gilzenrat.watch(c, seed, watchers=30, stimuli=6)
        for c, seed in ((0.95, 1), (0.95, 1), (0.95 + 1e-12, 1), (0.95, 2))
    )
    for run in (again, nudged):
        np.testing.assert_array_equal(run.target, first.target)
        np.testing.assert_array_equal(run.reaction, first.reaction)
    assert not np.array_equal(other.reaction, first.reaction, equal_nan=True)


def test_the_interval_of_a_rate_is_about_that_of_counted_events() -> None:
    run = gilzenrat.watch(coupling("tonic"), 4, watchers=150, stimuli=10)
    row = gilzenrat.score(run).set_index("measure").loc["false-alarm rate"]
    expected = 1.96 * np.sqrt(row["value"] * (1 - row["value"]) / (~run.target).sum())
    assert (row["high"] - row["low"]) / 2 == pytest.approx(expected, rel=0.3)


def test_watchers_without_a_hit_have_no_reaction_time_rather_than_a_wrong_one() -> None:
    table = gilzenrat.score(gilzenrat.watch(coupling("tonic"), 1, watchers=3, stimuli=2, targets=0.0))
    assert table.set_index("measure").loc[["hit rate", "reaction time"], "value"].isna().all()


def test_false_alarms_rise_as_the_answer_to_targets_fades_and_a_stimulus_must_end() -> None:
    assert gilzenrat.performance_and_burst(gilzenrat.drift(seed=2, watchers=100, stimuli=20)) < -0.5
    with pytest.raises(ValueError, match="less than the interval"):
        gilzenrat.watch(0.95, 1, stimulus=15.0)


def test_the_lc_answers_before_the_response_in_both_modes() -> None:
    for mode in gilzenrat.MODES:
        run = gilzenrat.trial(gilzenrat.coupling(mode))
        # The earlier a part of the rise is taken for its start, the longer the lead.
        assert 0 < gilzenrat.lead(run, 0.9) < gilzenrat.lead(run) < gilzenrat.lead(run, 0.1) < 1


def test_the_lc_answers_targets_and_hardly_distractors_and_its_latency_goes_with_the_response() -> None:
    rest = norepinephrine_terminal.network()
    assert 0 < gilzenrat.PROTOCOLS["distractor_of_target"](rest) < 0.1
    found = gilzenrat.timing()
    correlation = found["correlation"]
    assert 0 < correlation.low < 0.30 < correlation.high < 1  # Aston-Jones 1994 reports 0.30
    assert gilzenrat.PROTOCOLS["latency_with_response"](rest) == correlation.value
    assert gilzenrat.PROTOCOLS["closer_to_response"](rest) == (
        1 if found["response"].value < found["cue"].value else -1
    )
    lc, reaction = gilzenrat.latencies(seed=1)
    assert lc.size == reaction.size > 150 and (reaction > 0).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_with_more_patience_the_phasic_mode_is_the_faster_one_and_both_pay_in_false_alarms(seed: int) -> None:
    table = gilzenrat.vigilance(seed, watchers=300, window=8.0)
    assert table["difference"].loc["reaction time", "high"] < 0
    assert table["difference"].loc["false-alarm rate", "high"] < 0
    short = gilzenrat.vigilance(seed, watchers=300)
    for mode in gilzenrat.MODES:
        assert table[mode].loc["false-alarm rate", "low"] > short[mode].loc["false-alarm rate", "high"]
    with pytest.raises(ValueError, match="recorded for 8 time units; window = 9 is longer"):
        gilzenrat.vigilance(seed, watchers=300, window=9.0)


def test_a_stricter_rule_on_the_same_watch_is_the_watch_by_that_rule() -> None:
    long, short = (gilzenrat.watch(coupling("tonic"), 3, 40, 6, window=window) for window in (8.0, 3.0))
    np.testing.assert_array_equal(long.within(3.0).reaction, short.reaction)
    np.testing.assert_array_equal(long.burst, short.burst)
