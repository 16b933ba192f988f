"""Disorders and medicines: feedback limits what a NET blocker does in minutes, the store what it does in a day."""

import numpy as np
import pytest

from nbmodel import disorders, norepinephrine_terminal, reuptake, scenario
from nbmodel.norepinephrine_terminal import SECONDS_PER_HOUR


def results(**values: object) -> dict[str, float]:
    table = disorders.results(scenario.make("disorders", values))
    return dict(zip(table["name"], table["value"], strict=True))


def test_more_occupancy_means_more_ne_and_feedback_keeps_it_in_bounds() -> None:
    occupancies = np.linspace(0, 1, 9)
    rest = norepinephrine_terminal.network()
    with_feedback = disorders.folds(rest, occupancies)
    without = disorders.folds(norepinephrine_terminal.without_autoinhibition(rest), occupancies)
    assert with_feedback[0] == without[0] == pytest.approx(1)
    assert np.all(np.diff(with_feedback) > 0)
    assert np.all(with_feedback[1:] < without[1:])
    # The last tenth of the transporters matters most.
    assert np.all(np.diff(with_feedback, 2) > 0)


def test_the_fold_depends_on_the_basal_level_that_is_disputed() -> None:
    folds = [disorders.fold(reuptake.resting(basal), 0.0) for basal in (1, 2, 6, 14)]
    assert np.all(np.diff(folds) < 0)


def test_a_lasting_block_empties_the_store_and_the_rise_fades() -> None:
    run = disorders.block(norepinephrine_terminal.network(), 0.8, 24)
    assert np.all(np.diff(run["ne_v"]) < 0)
    assert run["ne_e"][0] < run["ne_e"][-1] < run["ne_e"].max()
    found = results(net_occupancy=0.8)
    assert found["fold"] > found["fold_after_1h"] > found["fold_after_24h"] > 1
    assert found["store_after_24h"] == pytest.approx(100 * run["ne_v"][-1] / run["ne_v"][0], rel=1e-6)
    assert run.times[-1] == 24 * SECONDS_PER_HOUR


def test_more_transporters_or_less_firing_mean_less_ne_and_a_blocker_raises_it_again() -> None:
    healthy = results()
    for change in ({"net_density": 1.5}, {"firing_factor": 0.5}):
        found = results(**change)
        assert found["untreated_ne"] < healthy["untreated_ne"]
        assert found["treated_ne"] > found["untreated_ne"]


def test_nothing_changed_is_health() -> None:
    found = results(net_occupancy=0)
    assert found["untreated_ne"] == found["treated_ne"] == pytest.approx(6)
    for name in ("fold", "fold_without_autoinhibition", "fold_after_1h", "fold_after_24h"):
        assert found[name] == pytest.approx(1)
    assert found["store_after_24h"] == pytest.approx(100)
