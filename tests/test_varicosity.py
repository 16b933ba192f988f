"""One vesicle in tissue: nothing is lost but what uptake takes, and a numerical solution agrees with the formula."""

import numpy as np
import pytest
from hypothesis import given, settings
from ranges import tables
from scipy.integrate import quad, solve_ivp

from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models.varicosity import Varicosity, answers, varicosity


@pytest.mark.parametrize("uptake", [True, False])
def test_what_is_in_space_is_what_was_released_less_what_uptake_took(uptake: bool) -> None:
    one = varicosity()
    for t in (1e-3, 0.1, 3.0):
        far = 20 * np.sqrt(one.diffusion * t)
        shell, _ = quad(lambda r, t=t: 4 * np.pi * r**2 * float(one.concentration(r, t, uptake)), 0, far, epsrel=1e-9)
        found = one.volume_fraction * shell / parameters.convert(1.0, "particle/um**3", "nM")
        assert found == pytest.approx(one.molecules * np.exp(-one.uptake * uptake * t), rel=1e-6)


def test_without_uptake_the_formula_is_that_of_free_diffusion() -> None:
    one = varicosity()
    still = Varicosity(one.molecules, one.diffusion, one.volume_fraction, 0.0, 0.0)
    r, t = np.array([[0.5], [3.0], [20.0]]), np.array([1e-4, 1e-2, 1.0])
    assert one.concentration(r, t, uptake=False) == pytest.approx(still.concentration(r, t), rel=1e-12)
    assert one.concentration(r, t, uptake=False).shape == (3, 3)
    assert float(one.time_of_peak(2.0, uptake=False)) == pytest.approx(4.0 / (6 * one.diffusion), rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(tables(varicosity))
def test_peak_reach_and_duration_are_what_their_names_say(p: Parameters) -> None:
    one = varicosity(p)
    for uptake in (True, False):
        for r in (0.3, 3.0, 30.0):
            top = float(one.time_of_peak(r, uptake))
            around = one.concentration(r, top * np.array([0.999, 1.0, 1.001]), uptake)
            assert around.argmax() == 1
            after = one.half_life(r, uptake)
            assert float(one.concentration(r, top + after, uptake)) == pytest.approx(float(one.peak(r, uptake)) / 2)
        for level in (1.0, 10.0, 300.0):
            assert float(one.peak(one.reach(level, uptake), uptake)) == pytest.approx(level)
            assert float(one.concentration(0.0, one.lasts(level, uptake), uptake)) == pytest.approx(level)
    assert one.reach(10.0) < one.reach(1.0) < one.reach(1.0, uptake=False)


def test_uptake_does_not_touch_the_first_micrometre_but_decides_the_seconds() -> None:
    one = varicosity()
    r = np.array([0.1, 0.3, 1.0])
    assert np.all(one.peak(r) / one.peak(r, uptake=False) > 0.99)
    # The first micrometre is over in milliseconds, with uptake or without.
    assert one.half_life(1.0) < 0.01
    assert one.half_life(1.0) == pytest.approx(one.half_life(1.0, uptake=False), rel=0.01)
    # Averaged over the tissue, the signal lives for seconds, several times longer without NET.
    assert 1 < one.tissue_half_life() < 4 < one.tissue_half_life(net=False)
    assert one.length() < one.length(net=False)
    assert np.all(answers()["lasts_s"] < answers()["lasts_without_uptake_s"])


def numerical(one: Varicosity, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Radial finite volumes with saturable uptake, started from the formula at an early time: distances, NE."""
    p = parameters.load()
    vmax, km = p.value("Vmax_NET", "nM/s"), p.value("Km_NET_NE", "nM")
    # Cells are fine where NE starts and coarse far away; nothing flows through the outer wall.
    edges = np.concatenate([[0.0], np.geomspace(0.2, 300.0, 400)])
    centres = (edges[1:] + edges[:-1]) / 2
    volumes = (edges[1:] ** 3 - edges[:-1] ** 3) / 3
    between = one.diffusion * edges[1:-1] ** 2 / np.diff(centres)

    def slope(_: float, c: np.ndarray) -> np.ndarray:
        flow = np.concatenate([[0.0], between * np.diff(c), [0.0]])
        return np.diff(flow) / volumes - vmax * c / (km + c) - one.without_net * c

    start = 0.02
    first = one.concentration(centres, start)
    span = (start, times[-1])
    found = solve_ivp(slope, span, first, method="LSODA", t_eval=times, rtol=1e-7, atol=1e-12, lband=1, uband=1)
    return centres, found.y.T


def test_a_numerical_solution_with_saturable_uptake_agrees_at_low_concentration() -> None:
    one, times = varicosity(), np.array([0.1, 1.0, 5.0])
    few = Varicosity(20.0, one.diffusion, one.volume_fraction, one.uptake, one.without_net)
    r, found = numerical(few, times)
    for ne, t in zip(found, times, strict=True):
        exact = few.concentration(r, t)
        assert np.max(np.abs(ne - exact)) < 0.005 * exact.max()
    # A whole vesicle saturates NET where it opens: uptake then takes less than the formula says, never more.
    r, found = numerical(one, times)
    for ne, t in zip(found, times, strict=True):
        near = r < 20
        assert np.all(ne[near] > 0.999 * one.concentration(r[near], t))
        assert np.all(ne[near] < 1.001 * one.concentration(r[near], t, uptake=False))


def test_release_has_no_concentration_at_time_zero() -> None:
    with pytest.raises(ValueError, match="above zero"):
        varicosity().concentration(1.0, [0.0, 1.0])
