"""What NE does to a cortical cell: two receptors, a gain on the signal, a background that is least somewhere between."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmodel.core.formulas import law_latex
from nbmodel.core.network import NetworkError
from nbmodel.data import parameters
from nbmodel.models import cell_variety, gain

LEVELS = np.geomspace(0.01, 1e5, 4001)
share = st.floats(0.0, 1.0)


def test_alpha1_binds_less_tightly_than_alpha2_in_the_ratio_of_binding_studies() -> None:
    p = parameters.load()
    k = gain.affinities()
    assert k.a2 == p.value("Kd_a2auto", "nM")
    assert k.a1 / k.a2 == pytest.approx(p["Ki_NE_a1"].value / p["Ki_NE_a2"].value, rel=1e-3)
    assert p["K_NE_b1"].value / k.a2 == pytest.approx(p["Ki_NE_b1"].value / p["Ki_NE_a2"].value, rel=1e-3)
    held = gain.occupancy(k.a2)
    assert held.a2 == pytest.approx(0.5) and held.a1 < 0.5


def test_drugs_stimulate_free_and_remove_receptors() -> None:
    rest = gain.occupancy(6.0)
    assert gain.occupancy(6.0, a2_agonist=1.0).a2 > rest.a2 > gain.occupancy(6.0, a2_antagonist=1.0).a2
    assert gain.occupancy(6.0, a1_agonist=1.0).a2 == rest.a2
    assert gain.occupancy(6.0, a1_antagonist=math.inf) == (rest.a2, 0.0)


def test_a_concentration_or_a_dose_that_cannot_be_is_refused() -> None:
    for ne in (-1.0, math.nan, math.inf, np.array([1.0, -1.0])):
        with pytest.raises(ValueError, match="NE must be a concentration"):
            gain.occupancy(ne)
    with pytest.raises(ValueError, match="a1_agonist must be 0 or more"):
        gain.occupancy(1.0, a1_agonist=-0.1)


@given(down=share, up=share)
def test_the_background_is_least_where_the_formula_says(down: float, up: float) -> None:
    p = parameters.load().replace(cut_background_a2=down, rise_background_a1=up)
    least = gain.least_background(p)
    curve = gain.background(LEVELS, p)
    lowest = min(curve.min(), gain.background(0.0, p))
    if math.isinf(least):
        assert curve[-1] == pytest.approx(lowest)
    else:
        assert gain.background(least, p) <= lowest + 1e-12


def test_when_basal_ne_doubles_the_ratio_rises_although_the_evoked_rate_does_not() -> None:
    basal = parameters.load().value("x0_ECF", "nM")
    once, twice = (gain.rate(np.array([0.0, 0.5]), level) for level in (basal, 2 * basal))
    assert twice[0] < 0.8 * once[0]
    assert twice[1] == pytest.approx(once[1], rel=0.05)
    ratio = [gain.evoked_to_spontaneous(0.5, level) for level in (0.0, basal, 2 * basal)]
    assert ratio[0] < ratio[1] < ratio[2]


def test_printed_laws_are_those_that_run() -> None:
    assert gain.logistic(0.3, 2.0, -1.0, math.exp) == pytest.approx(gain.sigmoid(0.3, 2.0))
    p = parameters.load()
    plain = gain.cortical(
        0.5,
        gain.signal_gain(6.0),
        gain.background(6.0),
        p["threshold_unit"].value,
        p["softness_unit"].value,
        p["slope_unit"].value,
        softplus=lambda z: math.log(1 + math.exp(z)),
    )
    assert plain == pytest.approx(gain.rate(0.5, 6.0))
    written = law_latex("y", gain.logistic, {"x": "x", "gain": "G", "bias": "B"})
    assert written.startswith("y = ") and all(letter in written for letter in ("G", "B", "e^{"))
    with pytest.raises(NetworkError, match="the law has the arguments x, gain, bias"):
        law_latex("y", gain.logistic, {"x": "x"})


def test_unlike_cells_are_shared_out_and_without_a_change_of_ne_none_changes() -> None:
    found = cell_variety.variety(6.0)
    assert found["more"] + found["less"] + found["same"] == pytest.approx(1)
    assert found["changed"] == pytest.approx(found["more"] + found["less"])
    # What the pipette gives is not known: the share that changes hangs on it, that most of them improve does not.
    twice, hundred = cell_variety.variety(6.0, 2.0), cell_variety.variety(6.0, 100.0)
    assert twice["changed"] < 0.3 and hundred["changed"] > 0.9
    assert min(twice["better"], found["better"], hundred["better"]) > 0.5


def test_without_either_receptor_the_cell_does_not_know_ne() -> None:
    assert np.ptp(gain.rate(0.5, LEVELS, a1_antagonist=math.inf, a2_antagonist=math.inf)) == 0
    assert np.all(np.diff(gain.background(LEVELS, a1_antagonist=math.inf)) < 0)
    assert np.all(np.diff(gain.background(LEVELS, a2_antagonist=math.inf)) > 0)


@given(ne=st.floats(0.0, 1e3), softness=st.floats(1e-4, 0.1))
def test_the_rate_rises_strictly_with_the_signal_and_nears_the_rectified_unit(ne: float, softness: float) -> None:
    p = parameters.load().replace(softness_unit=softness)
    signal = np.linspace(-0.3, 1.0, 201)
    rates = gain.rate(signal, ne, p)
    assert np.all(rates >= 0) and np.all(np.diff(rates[rates > 1e-9]) > 0)
    drive = gain.signal_gain(ne, p) * signal + gain.background(ne, p) - p["threshold_unit"].value
    rectified = p["slope_unit"].value * np.maximum(drive, 0.0)
    # The corner is rounded by ln 2 of its width at most.
    assert np.max(np.abs(rates - rectified)) <= p["slope_unit"].value * softness * math.log(2) * (1 + 1e-9)
