"""A watch for rare targets: what phasic and tonic firing do to it, and what its numbers rest on."""

import numpy as np
import pytest

from nbmodel.attention import gilzenrat, vigilance
from nbmodel.attention.gilzenrat import coupling


def watch(c, *task, **more) -> vigilance.Watch:
    """One watch alone."""
    return vigilance.watches([c], *task, **more)[0]


def test_the_burst_is_worth_hits_and_time() -> None:
    difference = vigilance.worth_of_burst(seed=3, watchers=150, stimuli=15)["difference"]
    assert difference.loc["hit rate", "low"] > 0
    assert difference.loc["reaction time", "high"] < 0


def test_watches_in_one_loop_are_the_watches_one_by_one() -> None:
    drifting = np.linspace(0.95, 0.5, 6)
    for frozen in (False, True):
        together = vigilance.watches([0.95, drifting], 5, 30, 6, frozen_gain=frozen)
        for run, c in zip(together, (0.95, drifting), strict=True):
            alone = watch(c, 5, 30, 6, frozen_gain=frozen)
            for name in ("target", "reaction", "burst"):
                np.testing.assert_array_equal(getattr(run, name), getattr(alone, name))


def test_over_a_watch_phasic_beats_tonic_in_hits_false_alarms_and_sensitivity() -> None:
    table = vigilance.phasic_against_tonic(seed=7, watchers=150, stimuli=15)["difference"]
    assert table.loc["hit rate", "low"] > 0
    assert table.loc["false-alarm rate", "high"] < 0
    assert table.loc["d'", "low"] > 0
    assert table.loc["spread of reaction times", "high"] < 0
    # Against the simple story: with noise, the mean reaction is not faster. Tonic mode adds early, lucky guesses.
    assert table.loc["reaction time", "low"] > 0


@pytest.mark.parametrize("stimulus", [2.0, 5.0])
def test_the_advantage_does_not_hang_on_how_long_a_stimulus_lasts(stimulus: float) -> None:
    phasic, tonic = (
        vigilance.score(watch(coupling(mode), 1, 100, 12, stimulus)).set_index("measure") for mode in gilzenrat.MODES
    )
    assert phasic.loc["d'", "value"] > tonic.loc["d'", "value"]
    assert phasic.loc["false-alarm rate", "high"] < tonic.loc["false-alarm rate", "low"]


def test_a_seed_fixes_everything_and_survives_a_nudge_in_the_twelfth_digit() -> None:
    first, again, nudged, other = (
        watch(c, seed, watchers=30, stimuli=6) for c, seed in ((0.95, 1), (0.95, 1), (0.95 + 1e-12, 1), (0.95, 2))
    )
    for run in (again, nudged):
        np.testing.assert_array_equal(run.target, first.target)
        np.testing.assert_array_equal(run.reaction, first.reaction)
    assert not np.array_equal(other.reaction, first.reaction, equal_nan=True)


def test_the_interval_of_a_rate_is_about_that_of_counted_events() -> None:
    run = watch(coupling("tonic"), 4, watchers=150, stimuli=10)
    row = vigilance.score(run).set_index("measure").loc["false-alarm rate"]
    expected = 1.96 * np.sqrt(row["value"] * (1 - row["value"]) / (~run.target).sum())
    assert (row["high"] - row["low"]) / 2 == pytest.approx(expected, rel=0.3)


def test_watchers_without_a_hit_have_no_reaction_time_rather_than_a_wrong_one() -> None:
    table = vigilance.score(watch(coupling("tonic"), 1, watchers=3, stimuli=2, targets=0.0))
    assert table.set_index("measure").loc[["hit rate", "reaction time"], "value"].isna().all()


def test_false_alarms_rise_as_the_answer_to_targets_fades_and_a_stimulus_must_end() -> None:
    assert vigilance.performance_and_burst(vigilance.drift(seed=2, watchers=100, stimuli=20)) < -0.5
    with pytest.raises(ValueError, match="less than the interval"):
        watch(0.95, 1, stimulus=15.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_with_more_patience_the_phasic_mode_is_the_faster_one_and_both_pay_in_false_alarms(seed: int) -> None:
    table = vigilance.phasic_against_tonic(seed, watchers=300, window=8.0)
    assert table["difference"].loc["reaction time", "high"] < 0
    assert table["difference"].loc["false-alarm rate", "high"] < 0
    short = vigilance.phasic_against_tonic(seed, watchers=300)
    for mode in gilzenrat.MODES:
        assert table[mode].loc["false-alarm rate", "low"] > short[mode].loc["false-alarm rate", "high"]
    with pytest.raises(ValueError, match="recorded for 8 time units; window = 9 is longer"):
        vigilance.phasic_against_tonic(seed, watchers=300, window=9.0)


def test_a_stricter_rule_on_the_same_watch_is_the_watch_by_that_rule() -> None:
    long, short = (watch(coupling("tonic"), 3, 40, 6, window=window) for window in (8.0, 3.0))
    np.testing.assert_array_equal(long.within(3.0).reaction, short.reaction)
    np.testing.assert_array_equal(long.burst, short.burst)
