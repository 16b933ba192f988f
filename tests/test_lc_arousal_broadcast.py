"""One rate to many regions: what distance and density change, and what they do not."""

import numpy as np
import pytest
from scipy.optimize import brentq

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.data import parameters
from nbmodel.lc_arousal import broadcast
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.terminal_reactions import RELEASED


@pytest.fixture(scope="module")
def rest() -> Network:
    return norepinephrine_terminal.network()


def test_a_region_of_the_reference_density_is_the_terminal_at_rest(rest: Network) -> None:
    assert broadcast.terminals(rest, 1.0)["ne_e"] == pytest.approx(rest["ne_e"], rel=1e-6)
    with pytest.raises(ValueError, match="above zero"):
        broadcast.terminals(rest, 0.0)


@pytest.mark.parametrize("density", [0.2, 3.0])
@pytest.mark.parametrize("uptake", [None, 1.0])
def test_without_feedback_the_level_is_where_release_meets_clearance(
    rest: Network, density: float, uptake: float | None
) -> None:
    free = norepinephrine_terminal.without_autoinhibition(rest)
    p, volume = free.parameters, free.compartments["extracellular"]
    capacity = p["Vmax_NET"] * (density if uptake is None else uptake)
    other = p["k_uptake2"] + p["k_diffusion"]

    def excess(x: float) -> float:
        released = sum(free.flux(name) for name in RELEASED)
        return density * released / volume - capacity * x / (p["Km_NET_NE"] + x) - other * x

    expected = 1e3 * brentq(excess, 1e-9, 1.0)
    # The sum here leaves out dopamine, which competes for NET a little.
    assert broadcast.level(free, density, uptake)[0] == pytest.approx(expected, rel=0.02)


def test_if_uptake_grows_with_release_density_hardly_shows_in_the_resting_level_else_it_does(rest: Network) -> None:
    densities = np.array([0.5, 1, 2, 4])
    together, release_only = broadcast.level(rest, densities), broadcast.level(rest, densities, 1.0)
    assert np.all(np.diff(together) > 0) and np.all(np.diff(release_only) > 0)
    assert together[-1] / together[0] < 1.5
    assert release_only[-1] / release_only[0] > 4


def test_a_burst_rises_higher_and_ends_sooner_where_terminals_are_dense(rest: Network) -> None:
    arrivals = sorted(broadcast.broadcast(rest, 10.0, 0.4), key=lambda arrival: arrival.region.density)
    assert np.all(np.diff([a.peak - a.basal for a in arrivals]) > 0)
    assert np.all(np.diff([a.returns for a in arrivals]) < 0)


def test_every_region_hears_the_burst_after_its_own_delay(rest: Network) -> None:
    rat, human = broadcast.regions("rat"), broadcast.regions("human")
    arrivals = broadcast.broadcast(rest, 10.0, 0.4, "human")
    for near, far, arrival in zip(rat, human, arrivals, strict=True):
        assert near.delay_low < near.delay < near.delay_high
        assert far.delay == pytest.approx(near.delay * parameters.load()["length_human_rat"].value)
        before = arrival.times <= far.delay / 1e3
        np.testing.assert_allclose(arrival.ne[before], arrival.basal, rtol=1e-5)
        assert arrival.ne[np.searchsorted(arrival.times, far.delay / 1e3 + 0.2)] > 1.05 * arrival.basal
    by_path = sorted(rat, key=lambda region: region.path)
    assert by_path == sorted(rat, key=lambda region: region.delay)


def test_the_store_of_a_dense_region_is_as_full_and_its_books_balance(rest: Network) -> None:
    region = broadcast.terminals(rest, 2.0)
    assert region["ne_v"] == rest["ne_v"]
    released = sum(region.flux(name) for name in RELEASED) / region.compartments["extracellular"]
    cleared = sum(region.flux(name) for name in ("NET NE", "uptake-2 and COMT, NE", "diffusion of NE"))
    assert released == pytest.approx(cleared, rel=1e-6)
    assert solve.steady_state(region)["ne_e"] == pytest.approx(region["ne_e"], rel=1e-9)


def test_a_few_thousand_cells_is_true_of_the_rat_and_not_of_the_human() -> None:
    table = broadcast.cells().set_index("count")
    assert 1000 < table.loc["rat, both sides", "lc_cells"] < 10_000
    assert (table.loc[["human, cells with pigment", "human, cells with TH"], "low"] > 10_000).all()
    assert (table["neurons_per_lc_cell"] > 10_000).all()
