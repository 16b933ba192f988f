"""From firing to norepinephrine: tonic rates set a level, bursts rise above it, hours of fast firing tire the store."""

import numpy as np
import pytest

from nbmodel import lc_arousal, norepinephrine_terminal, parameters, scenario


def results(**values: object) -> dict[str, float]:
    table = lc_arousal.results(scenario.make("lc_arousal", values))
    return dict(zip(table["name"], table["value"], strict=True))


def test_faster_tonic_firing_means_more_ne_but_each_impulse_less() -> None:
    rates = np.array([0, 0.5, 1.5, 3, 6, 10])
    levels = lc_arousal.tonic(norepinephrine_terminal.network(), rates)
    assert levels[0] == pytest.approx(0, abs=1e-6)
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


def test_hours_of_fast_firing_use_up_docked_vesicles_so_ne_cannot_follow() -> None:
    rest = norepinephrine_terminal.network()
    run = lc_arousal.hours_of_firing(rest, 8.0, 24)
    assert np.all(run["ne_d"][1:] < 0.5 * rest["ne_d"])
    assert np.all(run["ne_e"] < 2.5 * rest["ne_e"])  # firing is 5.3 times as fast
    endless = lc_arousal.hours_of_firing(rest.hold("ne_d", "da_d"), 8.0, 1)
    assert endless["ne_e"][-1] > 1.2 * run["ne_e"].max()


def test_cell_numbers_are_those_of_both_sides_of_a_rat_and_of_a_human() -> None:
    found = results()
    assert found["cells_rat_both_sides"] == 2 * parameters.load()["N_LC_rat"].value
    assert found["cells_human"] > 5 * found["cells_rat_both_sides"]
