"""The inverted U from two receptors, a decision and a memory that follow from it, and the time that NE takes to act."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmodel.attention import protocols
from nbmodel.core.network import Array
from nbmodel.data import parameters
from nbmodel.models import decision, gain, norepinephrine_terminal, performance

U_SHAPED = {name: readout for name, readout in performance.READOUTS.items() if name != "response_speed"}


@given(k2=st.floats(5, 20), k1=st.floats(20, 600))
def test_the_best_level_is_the_geometric_mean_of_the_two_affinities(k2: float, k1: float) -> None:
    p = parameters.load().replace(Kd_a2auto=k2, K_NE_a1=k1)
    best = performance.optimum(p)
    assert best == pytest.approx(math.sqrt(k2 * k1))
    assert performance.best_level(performance.performance, p) == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("name", U_SHAPED)
def test_there_is_a_best_level_between_and_none_without_either_receptor(name: str) -> None:
    readout = U_SHAPED[name]
    best = performance.best_level(readout)
    assert 0 < best < math.inf
    assert readout(best) > max(readout(best / 3), readout(3 * best), readout(0.0), readout(1e5))
    assert performance.best_level(readout, a1_antagonist=math.inf) == math.inf
    assert performance.best_level(readout, a2_antagonist=math.inf) == 0


def test_the_readings_of_the_same_two_receptors_differ_in_where_the_best_level_lies() -> None:
    decision, memory = (performance.best_level(U_SHAPED[name]) for name in ("choice_accuracy", "working_memory"))
    assert decision < 0.5 * memory


def test_best_over_basal_is_hardly_known() -> None:
    p = parameters.load()

    def middle(symbol: str) -> float:
        return math.sqrt(p[symbol].low * p[symbol].high)

    (median, *sampled), low, high = performance.optimum_interval()
    expected = middle("Kd_a2auto") * math.sqrt(middle("Ki_NE_a1") / middle("Ki_NE_a2")) / middle("x0_ECF")
    assert median == pytest.approx(expected, rel=0.02)
    assert sampled[0] < median < sampled[1] < 1.02 * sampled[0]
    assert low < 2 and high > 20
    ratios = performance.optimum_ratios()
    assert np.array_equal(ratios, performance.optimum_ratios()) and not np.array_equal(
        ratios, performance.optimum_ratios(seed=1)
    )


def test_little_ne_is_slow_and_much_is_hasty() -> None:
    best = performance.best_level(decision.choice_accuracy)
    little, much = 0.0, 20 * best
    assert decision.response_speed(little) < decision.response_speed(best) < decision.response_speed(much)
    for level in (little, much):
        assert decision.choice_accuracy(level) < decision.choice_accuracy(best)


def simulated_choices(ne: float, number: int = 10_000, step: float = 2e-3) -> tuple[np.ndarray, np.ndarray]:
    """Right or wrong, and the time of decision, of paths walked step by step; thresholds may be touched within a step."""
    drift, noise = decision.drift_and_noise(ne)
    rng = np.random.default_rng(0)
    x, time = np.zeros(number), np.full(number, np.nan)
    right = np.zeros(number, dtype=bool)
    now = 0.0
    while np.isnan(time).any():
        open_ = np.flatnonzero(np.isnan(time))
        old = x[open_]
        new = old + drift * step + noise * math.sqrt(step) * rng.standard_normal(open_.size)
        # The chance that a Brownian bridge between two points below a threshold has touched it.
        up, down = (
            (side * new >= 1)
            | (
                rng.random(open_.size)
                < np.exp(-2 * np.maximum((1 - side * old) * (1 - side * new), 0) / (noise**2 * step))
            )
            for side in (1, -1)
        )
        done = up | down
        x[open_] = new
        right[open_[done]] = up[done]
        time[open_[done]] = now + step / 2
        now += step
    return right, time


def densities(grid: Array, ne: float, terms: int = 200) -> tuple[Array, Array]:
    """Densities (1/s) of the reaction times (s) of right and of wrong choices: the series of the first passage (Bogacz 2006).

    From a start halfway between the thresholds wrong choices take as long as right ones, in mean and in shape.
    """
    drift, noise = decision.drift_and_noise(ne)
    late = grid - parameters.load().value("t_nondecision", "s")
    # In units of the time to diffuse from one threshold to the other; before 1/200 of it next to nothing arrives, and the
    # series, made for later times, would need ever more terms.
    tau = late * noise**2 / 4
    begun = np.where(tau > 0.005, tau, np.inf)[..., None]
    odd = 2 * np.arange(terms) + 1
    series = np.sum((-1.0) ** np.arange(terms) * odd * np.exp(-((odd * np.pi) ** 2) * begun / 2), axis=-1)
    shape = np.pi * noise**2 / 4 * series * np.exp(-np.where(tau > 0.005, late, 0.0) * drift**2 / (2 * noise**2))
    return shape * np.exp(drift / noise**2), shape * np.exp(-drift / noise**2)


@pytest.mark.parametrize("ne", [0.0, 50.0])
def test_a_simulation_agrees_with_the_closed_forms_and_with_the_distribution(ne: float) -> None:
    right, time = simulated_choices(ne)
    rest = parameters.load().value("t_nondecision", "s")
    error = 4 / math.sqrt(right.size)
    assert right.mean() == pytest.approx(decision.choice_accuracy(ne), abs=0.5 * error)
    assert time.mean() + rest == pytest.approx(decision.reaction_time(ne), abs=error * time.std())
    grid = np.linspace(0, 8, 8001)
    of_right, of_wrong = densities(grid, ne)
    both = of_right + of_wrong
    reached = np.concatenate([[0.0], np.cumsum((both[1:] + both[:-1]) / 2 * np.diff(grid))])
    share = np.searchsorted(np.sort(time + rest), grid) / time.size
    # 1.63 / sqrt(n) is the 99 % bound of Kolmogorov and Smirnov; half a step of the walk comes on top.
    assert np.max(np.abs(share - reached)) < 1.63 / math.sqrt(time.size) + 1e-3 * both.max()


@pytest.mark.parametrize("ne", [0.0, 6.0, 200.0])
def test_the_densities_hold_all_choices_and_their_mean(ne: float) -> None:
    grid = np.linspace(0, 10, 20_001)
    right, wrong = densities(grid, ne)
    assert np.all(right >= -1e-9) and np.all(wrong >= -1e-9)
    assert np.trapezoid(right, grid) == pytest.approx(decision.choice_accuracy(ne), abs=1e-6)
    assert np.trapezoid(wrong, grid) == pytest.approx(1 - decision.choice_accuracy(ne), abs=1e-6)
    assert np.trapezoid((right + wrong) * grid, grid) == pytest.approx(decision.reaction_time(ne), abs=1e-6)


def test_a_held_item_leaks_and_wanders_as_walked_step_by_step() -> None:
    p = parameters.load()
    held = gain.occupancy(20.0)
    leak = p["leak_memory"].value * (1 - p["cut_leak_a2"].value * held.a2)
    noise = p["noise_memory"].value * (1 + p["gain_noise_a1"].value * held.a1)
    rng, step = np.random.default_rng(0), 0.01
    x = np.ones(20_000)
    for _ in range(500):
        x += -leak * x * step + noise * math.sqrt(step) * rng.standard_normal(x.size)
    assert np.mean(x > 0) == pytest.approx(performance.working_memory(20.0, delay=5.0), abs=0.008)


def test_memory_is_sure_at_once_and_gone_in_the_end() -> None:
    assert performance.working_memory(6.0, delay=1e-3) == pytest.approx(1)
    assert performance.working_memory(6.0, delay=1e3) == pytest.approx(0.5)
    # Drugs show more the longer the delay, up to a few seconds (mao1999: delay-dependent).
    harm = [
        performance.working_memory(6.0, delay=d) - performance.working_memory(6.0, delay=d, a1_agonist=1.0)
        for d in (1, 3)
    ]
    assert 0 < harm[0] < harm[1]
    with pytest.raises(ValueError, match="delay must be above 0"):
        performance.working_memory(6.0, delay=0.0)


def test_attention_is_best_at_the_optimum_and_none_without_ne() -> None:
    assert performance.sustained_attention(performance.optimum()) == pytest.approx(1)
    assert performance.sustained_attention(0.0) == 0


def test_a_burst_raises_ne_and_shortens_reactions_by_a_little() -> None:
    found = decision.challenge(norepinephrine_terminal.network())
    assert found["ne_peak"] > 1.2 * found["ne_before"]
    assert 0.9 < found["reaction_time_at_peak"] / found["reaction_time_before"] < 1


def test_the_way_of_ne_is_longer_than_the_reaction_unless_every_step_is_at_its_shortest() -> None:
    table = decision.time_budget().set_index("step")
    parts = table.iloc[:3][["value", "low", "high"]].sum()
    assert np.allclose(parts, table.loc["NE acts", ["value", "low", "high"]].astype(float))
    assert table.loc["NE acts", "value"] > table.loc["the response", "value"]
    assert table.loc["NE acts", "low"] < table.loc["the response", "low"]


def test_where_the_best_level_lies_within_reach_depends_on_basal_ne() -> None:
    protocol = protocols.performance_best_inside
    at_6, at_14 = (norepinephrine_terminal.network(parameters.load().replace(x0_ECF=basal)) for basal in (6.0, 14.0))
    assert (protocol(at_6), protocol(at_14)) == (0, 1)
    assert protocols.accuracy_best_inside(at_6) == 1


def test_agonists_move_memory_as_in_monkeys_and_clonidine_does_not_slow() -> None:
    rest = norepinephrine_terminal.network()
    assert protocols.phenylephrine_on_memory(rest) == -1
    assert protocols.guanfacine_on_memory(rest) == 1
    # Published: -1. Its own action on target cells outweighs the NE that it takes away (V61, a miss).
    assert protocols.clonidine_on_speed(rest) == 1
