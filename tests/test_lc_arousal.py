"""From firing to norepinephrine: tonic rates set a level, bursts rise above it, fast firing overshoots and sags."""

import numpy as np
import pytest

from nbmodel import lc_arousal, scenario
from nbmodel.data import parameters
from nbmodel.models import norepinephrine_terminal


def results(**values: object) -> dict[str, float]:
    table = lc_arousal.results(scenario.make("lc_arousal", values))
    return dict(zip(table["name"], table["value"], strict=True))


def test_faster_tonic_firing_means_more_ne_but_each_impulse_less() -> None:
    rates = np.array([0, 0.5, 1.5, 3, 6, 10])
    levels = lc_arousal.tonic(norepinephrine_terminal.network(), rates)
    assert 0 < levels[0] < 0.1 * levels[2]  # what needs no impulse
    assert np.all(np.diff(levels) > 0)
    # Autoinhibition bends the curve: doubling the rate does not double the level.
    assert np.all(np.diff(levels[1:] / rates[1:]) < 0)
    assert 100 < results()["ne_at_5_hz"] < results()["ne_at_10_hz"] < 1000


def test_at_the_resting_rate_ne_is_basal_whatever_basal_is() -> None:
    for basal in (1, 6, 14):
        assert results(basal_ne=basal)["tonic_ne"] == pytest.approx(basal)


def test_a_burst_rises_higher_the_longer_it_lasts_and_is_over_in_seconds() -> None:
    found = [results(burst_duration=duration) for duration in (0.1, 0.4, 1.5, 5)]
    assert np.all(np.diff([row["burst_peak"] for row in found]) > 0)
    assert np.all(np.diff([row["burst_rise"] for row in found]) > 0)
    assert all(1 < row["burst_return"] < 30 for row in found)


def test_the_same_burst_adds_less_to_a_high_tonic_level() -> None:
    assert results(tonic_rate=4)["burst_rise"] < results(tonic_rate=0.5)["burst_rise"]


def test_fast_firing_overshoots_within_seconds_and_sags_as_the_pool_runs_short_not_the_store() -> None:
    rest = norepinephrine_terminal.network()
    run = lc_arousal.hours_of_firing(rest, 10.0, 24)
    peak = int(run["ne_e"].argmax())
    assert 2 < run.times[peak] < 15
    assert 3 < run["ne_e"][peak] / rest["ne_e"] < 4
    late = run.times > 120
    assert np.all(run["ne_e"][late] < 0.85 * run["ne_e"].max()) and np.all(run["ne_e"][late] > 2 * rest["ne_e"])
    assert np.all(run["ne_d"][late] < 0.7 * rest["ne_d"])
    assert np.all(run["ne_v"] > 0.8 * rest["ne_v"])
    # With a pool that never runs short it stays up.
    endless = lc_arousal.hours_of_firing(rest.clamp("ne_d", "da_d"), 10.0, 1)
    assert endless["ne_e"][-1] > 0.95 * endless["ne_e"].max() > run["ne_e"].max()


def test_the_peak_is_that_of_a_finer_grid() -> None:
    rest = norepinephrine_terminal.network()
    coarse, fine = (lc_arousal.hours_of_firing(rest, 10.0, 24, points)["ne_e"].max() for points in (241, 2001))
    assert coarse == pytest.approx(fine, rel=1e-3)


@pytest.mark.long
def test_results_follow_the_drive_the_coupling_and_the_seed() -> None:
    usual, fast, uncoupled, other = (results(), results(drive=120.0), results(coupling=0.0), results(seed=5))
    assert fast["lc_rate_low"] > 2 * usual["lc_rate_high"]
    assert fast["ne_rise_per_stimulus_high"] < usual["ne_rise_per_stimulus_low"]
    assert uncoupled["spikes_per_stimulus"] < usual["spikes_per_stimulus"]
    for name in ("lc_rate", "synchrony", "answer_latency", "ne_rise_per_stimulus"):
        assert usual[f"{name}_low"] < usual[name] < usual[f"{name}_high"]
        assert other[name] != usual[name]
        assert usual[f"{name}_low"] < other[f"{name}_high"] and other[f"{name}_low"] < usual[f"{name}_high"]
    assert "answer_latency" not in results(drive=-200.0)  # silent cells answer nothing


def test_cell_numbers_are_those_of_both_sides_of_a_rat_and_of_a_human() -> None:
    found, p = results(), parameters.load()
    assert found["cells_rat_both_sides"] == 2 * p["N_LC_rat"].value
    assert (
        found["cells_human"] == p["N_LC_human"].high == 45_562
    )  # the youngest brain of German 1988; the oldest had 18,940
    assert p["N_LC_human"].low == 18_940


def test_as_many_impulses_raise_ne_alike_in_bursts_and_evenly_where_in_rats_bursts_raised_it_more() -> None:
    from nbmodel.lc_arousal import protocols
    from nbmodel.models import norepinephrine_terminal

    bursts, evenly = protocols.in_bursts_and_evenly(norepinephrine_terminal.network())
    assert evenly > 2 and bursts == pytest.approx(evenly, rel=0.02)
