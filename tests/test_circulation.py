"""Blood: the published numbers come back out, nothing gets lost, the brain stays out of it, and the baroreflex buffers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ranges import tables

from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models import circulation

REST = circulation.network()
LATER_STUDY = circulation.hormone_threshold("thr_NE_venous")


@settings(max_examples=25, deadline=None)
@given(tables(circulation.network))
def test_rest_is_steady_and_clearance_carries_what_appears(p: Parameters) -> None:
    rest = circulation.network(p)
    turnover = rest.flux("clearance")
    assert np.max(np.abs(rest.derivative(rest.initial))) <= 1e-9 * turnover
    assert rest.flux("overflow from nerves") + rest.flux("adrenal secretion") == pytest.approx(turnover)
    assert rest.flux("adrenal secretion") == pytest.approx(turnover * p["adrenal_share_NE"].value)
    litres = rest.compartments["plasma"]
    assert turnover * litres * p.value("MW_NE", "ug/umol") == pytest.approx(p.value("S0_NE", "ug/min"))


def test_the_resting_level_and_the_half_life_are_the_published_ones() -> None:
    # 0.7 ug/min over 3070 mL/min: 228 pg/mL, which another study measured in 60 people.
    measured = parameters.load()["C0_NE"]
    assert float(circulation.in_pg_per_ml(REST["ne_plasma"])) == pytest.approx(measured.value, abs=1)
    assert 1e3 * REST["ne_plasma"] == pytest.approx(1.35, abs=0.01)  # nM
    assert circulation.plasma_half_life(REST) == pytest.approx(2.4, rel=1e-3)
    assert circulation.time_to_90_percent(REST) == pytest.approx(2.4 * np.log2(10), rel=1e-3)


@settings(max_examples=20, deadline=None)
@given(goal=st.floats(300, 20_000))
def test_an_infusion_for_a_level_reaches_that_level_and_goes_again(goal: float) -> None:
    rate = circulation.infusion_for(REST, goal)
    course = circulation.plasma(circulation.infuse(REST, [(5.0, rate), (65.0, 0.0)], 125.0))
    assert course.max() == pytest.approx(goal, rel=1e-6)
    assert course[0] == pytest.approx(course[-1], rel=1e-5)


def test_the_hormonal_threshold_takes_eight_times_the_resting_production_or_next_to_none() -> None:
    assert circulation.infusion_to_threshold(REST) == pytest.approx(4.8, abs=0.05)
    assert circulation.infusion_to_threshold(REST) / parameters.load().value("S0_NE", "ug/min") > 6
    # The later study puts the venous threshold at the resting level of others.
    assert circulation.infusion_for(REST, LATER_STUDY) < 0.01
    with pytest.raises(ValueError, match="below the resting level"):
        circulation.infusion_for(REST, 100.0)


def test_nothing_of_it_reaches_the_brain_and_at_the_upper_bound_next_to_nothing() -> None:
    flooded = circulation.infuse(REST, [(0.0, 50.0)], 60.0)
    assert np.all(flooded["ne_brain"] == 0)
    leaky = circulation.network(parameters.load().replace(PS_bbb_NE=parameters.load()["PS_bbb_NE"].high))
    at_threshold = circulation.infuse(leaky, [(0.0, circulation.infusion_to_threshold(leaky))], 60.0)
    assert 0 < at_threshold.final["ne_brain"] < 0.02 * parameters.load().value("x0_ECF", "uM")


def test_below_the_threshold_nothing_happens_and_above_it_the_baroreflex_buffers() -> None:
    p = parameters.load()
    run = circulation.infuse(REST, [(0.0, circulation.infusion_for(REST, 1000.0))], 60.0)
    below = circulation.response(run, circulation.hormone_threshold())
    assert below["pressure"].nunique() == 1 and below["heart_rate"].nunique() == 1
    with_reflex = circulation.response(run, LATER_STUDY)
    without = circulation.response(run, LATER_STUDY, baroreflex=False)
    # In the end the rise is the slope times what plasma is above the threshold, and larger by the buffering without it.
    expected = p.value("pressor_slope", "mmHg*mL/pg") * (1000.0 - LATER_STUDY)
    rises = [table["pressure"].iloc[-1] - table["pressure"].iloc[0] for table in (with_reflex, without)]
    assert rises[0] == pytest.approx(expected, rel=1e-4)
    assert rises[1] == pytest.approx(rises[0] * p["baroreflex_buffering"].value, rel=1e-4)
    longer = 60_000 / with_reflex["heart_rate"].iloc[-1] - 60_000 / with_reflex["heart_rate"].iloc[0]  # ms
    assert longer == pytest.approx(p["baroreflex_RR"].value * rises[0])
    assert without["heart_rate"].nunique() == 1
    # The loop is faster than the vessel alone.
    halfway = [
        int(np.argmax(t["pressure"] > (t["pressure"].iloc[0] + t["pressure"].iloc[-1]) / 2))
        for t in (with_reflex, without)
    ]
    assert halfway[0] < halfway[1]


def test_the_response_does_not_depend_on_how_finely_it_is_sampled() -> None:
    run = circulation.infuse(REST, [(0.0, 5.0), (20.0, 0.0)], 40.0)
    more_events = circulation.infuse(REST, [(float(at), 5.0) for at in np.linspace(0, 19, 977)] + [(20.0, 0.0)], 40.0)
    at = np.array([1.0, 5.0, 20.5, 30.0])
    found = [
        np.interp(at, t.index, t["pressure"])
        for t in (circulation.response(r, LATER_STUDY) for r in (run, more_events))
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-4)


def test_standing_and_stress_raise_plasma_by_what_drives_them() -> None:
    # Both numbers come from one study; their ratio is what plasma tends to.
    assert circulation.standing(REST) == pytest.approx(1.8 / 0.7, rel=0.02)
    assert circulation.stress_interview(REST, 1.0) == pytest.approx(1.0)
    assert 1 < circulation.stress_interview(REST) < parameters.load()["spillover_stress"].value
    assert circulation.stress_interview(REST, 2.0) > 1.7


@given(removal=st.floats(0.01, 0.99), net=st.floats(0, 1), blocked=st.floats(0, 1), mixed=st.booleans())
def test_blocking_net_lowers_removal_and_blocking_what_is_not_there_does_nothing(
    removal: float, net: float, blocked: float, mixed: bool
) -> None:
    left = circulation.removal_with_block(removal, net, blocked, mixed)
    assert -1e-12 <= left <= removal + 1e-12
    assert circulation.removal_with_block(removal, 0.0, blocked, mixed) == pytest.approx(removal)
    assert circulation.removal_with_block(removal, 1.0, 1.0, mixed) == pytest.approx(0, abs=1e-12)
    # A stirred bath holds on to more than capillaries do, from the same start.
    assert (
        circulation.removal_with_block(removal, net, blocked, mixed=True)
        >= circulation.removal_with_block(removal, net, blocked) - 1e-12
    )


def test_the_heart_under_desipramine_removes_little_and_without_net_all_as_before() -> None:
    assert circulation.heart_removal_desipramine() < 0.3 < circulation.heart_removal_desipramine(mixed=True) < 0.4
    assert circulation.heart_removal_desipramine(0.0) == pytest.approx(circulation.heart_removal())


def test_organs_share_the_spillover() -> None:
    table = circulation.organs()
    assert table["share"].sum() < 1
    assert table.loc["heart", "reaches_blood"] == pytest.approx(1 / 20)
    assert table["reaches_blood"].max() == table.loc["kidneys", "reaches_blood"]
