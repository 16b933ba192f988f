"""The chain from a cue to a readout: every link moves, in its order, and more in phasic than in tonic mode."""

import numpy as np
import pytest

from nbmodel.core.estimates import Estimate
from nbmodel.core.network import Network
from nbmodel.lc_arousal import chain, population, population_protocols
from nbmodel.models import decision, firing, norepinephrine_terminal, transients


@pytest.fixture(scope="module")
def rest() -> Network:
    return norepinephrine_terminal.network()


def in_mode(rest: Network, mode: str) -> dict[str, Estimate]:
    return chain.changes(rest, population_protocols.experiments(**population.modes()[mode], seed=1))


def test_a_stimulus_moves_every_link_in_turn(rest: Network) -> None:
    course = chain.answer(rest, population_protocols.experiments(**population.modes()["phasic"], seed=1)[0])
    assert course["time"].iloc[round(chain.BEFORE / chain.WIDTH)] == pytest.approx(0)
    peak = {name: course["time"][course[name].argmax()] for name in ("rate", "ne", "a2", "a1", "ratio")}
    assert 0 < peak["rate"] < peak["ne"] == peak["a2"] == peak["a1"] == peak["ratio"] < 0.5
    assert course["decision"].argmin() == course["ne"].argmax()
    np.testing.assert_allclose(course["decision"], decision.reaction_time(course["ne"].to_numpy()), rtol=1e-3)


def test_the_phasic_answer_is_the_larger_one_and_an_imposed_burst_is_larger_still(rest: Network) -> None:
    phasic, tonic = in_mode(rest, "phasic"), in_mode(rest, "tonic")
    assert phasic["ne"].low > 1.5 * tonic["ne"].high > 0
    assert phasic["decision"].high < tonic["decision"].low < 0
    burst = transients.burst(rest, 10.0, 0.4)
    assert 1e3 * (burst["ne_e"].max() - burst["ne_e"][0]) > 2 * phasic["ne"].high


def test_a_terminal_that_hears_a_steady_rate_stays_where_that_rate_leads(rest: Network) -> None:
    times = np.linspace(0, 10, 101)
    level = firing.following(rest, times, np.full(times.size, 3.0), times, 3.0)
    np.testing.assert_allclose(level, firing.tonic(rest, 3.0)[0], rtol=1e-6)
    # And one that hears a step goes from the one level to the other; docked vesicles take a minute.
    step = firing.following(rest, [1.0], [3.0], np.array([0.0, 1.0, 300.0]), 1.0)
    assert step == pytest.approx([*np.repeat(firing.tonic(rest, 1.0), 2), firing.tonic(rest, 3.0)[0]], rel=1e-3)


def test_a_course_without_stimuli_changes_nothing() -> None:
    assert chain.change(np.full(60, 2.5)) == 0
    moved = np.full(60, 2.5)
    moved[20] = 1.0
    assert chain.change(moved) == -1.5
