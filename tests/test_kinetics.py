"""Rate laws: each has the unit of a rate, is one law for numbers, arrays and symbols, and has the limits it should."""

import inspect
import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from nbmodel.core import kinetics
from nbmodel.data import parameters

# Found by inspection, so that a new law cannot be forgotten.
LAWS = {name: law for name, law in inspect.getmembers(kinetics, inspect.isfunction) if not name.startswith("_")}
# Laws that give a share or a multiple; all others give a concentration per time.
FACTORS = {"dopamine_autoreceptor", "activity_factor", "occupancy", "stimulation", "autoinhibition", "at_cell_bodies"}
# Laws that give a firing rate.
FREQUENCIES = {"firing_under_feedback", "impulses_of_groups"}
# The unit of an argument, by its name. Units of one kind are mixed on purpose: uM and nM, seconds and hours.
UNITS = {
    "uM": "s bh2 nadph km km_bh2 km_bh4 km_tyrosine ki_tyrosine ki_catechol tyrosine x releasable reference",
    "nM": "rival km_rival bh4 nadp km_nadph km_nadp catechol extracellular kd",
    "uM/h": "rate vmax v_forward v_backward",
    "1/s": "k",
    "Hz": "firing firing_basal firing_half drive lc_rate",
    "dimensionless": (
        "activity activation gain weight power one floor tyrosine_factor per_impulse imax"
        " agonist efficacy antagonist gate soma amount ascorbate receptors stimulated"
        " stimulated_at_rest half others desensitisation"
    ),
}
UNIT = {name: unit for unit, names in UNITS.items() for name in names.split()}

positive = st.floats(1e-6, 1e6)
share = st.floats(0, 1)


def arguments(law: Callable[..., object]) -> dict[str, float]:
    """Different numbers for every argument of a law, so that mixing two of them up shows."""
    return {name: 0.3 + 0.41 * i for i, name in enumerate(inspect.signature(law).parameters)}


@pytest.mark.parametrize("name", LAWS)
def test_the_units_of_a_law_come_out_right(name: str) -> None:
    units = parameters.units()
    quantities = {argument: units.Quantity(value, UNIT[argument]) for argument, value in arguments(LAWS[name]).items()}
    found = LAWS[name](**quantities)
    kind = "" if name in FACTORS else "1 / [time]" if name in FREQUENCIES else "[concentration] / [time]"
    assert found.check(kind), found.units


@pytest.mark.parametrize("name", LAWS)
def test_a_law_gives_the_same_for_numbers_symbols_arrays_and_complex_steps(name: str) -> None:
    law, values = LAWS[name], arguments(LAWS[name])
    number = law(**values)

    symbols = {argument: sympy.Symbol(argument, positive=True) for argument in values}
    formula = law(**symbols)
    assert formula.free_symbols == set(symbols.values())
    assert float(formula.subs({symbols[a]: v for a, v in values.items()})) == pytest.approx(number, rel=1e-13)

    for argument, value in values.items():
        column = value * np.array([[0.5], [1.0], [2.0]])
        curve = law(**{**values, argument: column})
        each = [law(**{**values, argument: float(v)}) for v in column.ravel()]
        assert curve.shape == (3, 1)
        assert curve.ravel() == pytest.approx(each, rel=1e-13)

        slope = law(**{**values, argument: value + 1e-30j}).imag / 1e-30
        expected = sympy.diff(formula, symbols[argument]).subs({symbols[a]: v for a, v in values.items()})
        assert slope == pytest.approx(float(expected), rel=1e-12, abs=1e-14)

    table = law(**{argument: np.full((4, 3), value) for argument, value in values.items()})
    assert table.shape == (4, 3)
    assert table == pytest.approx(np.full((4, 3), number), rel=1e-13)


@given(vmax=positive, km=positive, s=positive)
def test_michaelis_menten_has_half_its_speed_at_km_and_saturates(vmax: float, km: float, s: float) -> None:
    assert kinetics.michaelis_menten(km, vmax, km) == pytest.approx(vmax / 2)
    assert kinetics.michaelis_menten(0.0, vmax, km) == 0
    assert kinetics.michaelis_menten(s, vmax, km) <= kinetics.michaelis_menten(2 * s, vmax, km) <= vmax * (1 + 1e-12)


@given(s=positive, rival=positive, vmax=positive, km=positive, km_rival=positive)
def test_a_rival_slows_transport_and_no_rival_leaves_michaelis_menten(
    s: float, rival: float, vmax: float, km: float, km_rival: float
) -> None:
    alone = kinetics.michaelis_menten(s, vmax, km)
    assert kinetics.competitive(s, 0.0, vmax, km, km_rival) == pytest.approx(alone)
    assert kinetics.competitive(s, rival, vmax, km, km_rival) <= alone * (1 + 1e-12)
    # Together two substrates never move faster than the transporter can.
    both = kinetics.competitive(s, rival, vmax, km, km_rival) + kinetics.competitive(rival, s, vmax, km_rival, km)
    assert both <= vmax * (1 + 1e-9)


@given(s=positive, rival=positive, vmax=positive, km=positive, activity=share)
def test_a_drug_scales_a_rate_by_the_share_it_leaves(
    s: float, rival: float, vmax: float, km: float, activity: float
) -> None:
    for scaled, plain, extra, amount in (
        (kinetics.scaled_competitive, kinetics.competitive, (rival, vmax, km, km), (1.0,)),
        (kinetics.dopamine_beta_hydroxylase, kinetics.michaelis_menten, (vmax, km), (1.0,)),
        (kinetics.scaled_first_order, kinetics.first_order, (km,), ()),
    ):
        assert scaled(s, *extra, *amount, activity) == pytest.approx(activity * plain(s, *extra))  # type: ignore[operator]


@given(tyrosine=positive, bh4=positive, catechol=positive, more=st.floats(1.1, 10))
def test_catechols_slow_tyrosine_hydroxylase_unless_the_cofactor_is_plenty(
    tyrosine: float, bh4: float, catechol: float, more: float
) -> None:
    def speed(tyrosine: float, bh4: float, catechol: float) -> float:
        return kinetics.tyrosine_hydroxylase(tyrosine, bh4, catechol, 1.0, 46.0, 60.0, 110.0, 160.0)

    assert speed(tyrosine, bh4, more * catechol) <= speed(tyrosine, bh4, catechol)
    assert speed(tyrosine, more * bh4, catechol) >= speed(tyrosine, bh4, catechol)
    # Competition, not poisoning: cofactor without end restores the speed.
    assert speed(tyrosine, 1e15, catechol) == pytest.approx(speed(tyrosine, 1e15, 0.0), rel=1e-3)


def test_tyrosine_in_excess_slows_its_own_enzyme() -> None:
    tyrosine = np.geomspace(1, 1e5, 400)
    speed = kinetics.tyrosine_hydroxylase(tyrosine, 300.0, 0.0, 1.0, 46.0, 60.0, 110.0, 160.0)
    best = int(np.argmax(speed))
    assert 0 < best < tyrosine.size - 1
    assert speed[-1] < 0.01 * speed[best]


@given(basal=positive, half=positive, gain=st.floats(0, 100), firing=positive)
def test_firing_activates_tyrosine_hydroxylase_and_changes_nothing_at_the_basal_rate(
    basal: float, half: float, gain: float, firing: float
) -> None:
    assert kinetics.activity_factor(basal, basal, gain, half) == pytest.approx(1)
    assert kinetics.activity_factor(2 * firing, basal, gain, half) >= kinetics.activity_factor(
        firing, basal, gain, half
    ) * (1 - 1e-12)


@given(x=positive, more=st.floats(1.01, 10), kd=positive, imax=share, drug=st.floats(0, 1e4), efficacy=share)
def test_alpha2_receptors_hold_back_release_and_drugs_act_through_them(
    x: float, more: float, kd: float, imax: float, drug: float, efficacy: float
) -> None:
    def gate(x: float, agonist: float = 0.0, antagonist: float = 0.0) -> float:
        return kinetics.autoinhibition(imax, 1.0, kinetics.stimulation(x, kd, agonist, efficacy, antagonist))

    close = 1 - 1e-9
    assert gate(more * x) * close <= gate(x) <= gate(0.0) == 1
    assert gate(x) >= (1 - imax) * close
    assert gate(kd) == pytest.approx(1 - imax / 2)
    assert gate(x, antagonist=drug) >= gate(x) * close
    # A partial agonist holds back less than NE itself where NE is plentiful, and more where there is none.
    assert gate(0.0, agonist=drug) <= 1
    assert gate(1e9 * kd, agonist=drug) == pytest.approx(1 - imax, abs=1e-4)


def test_the_soma_feels_the_feedback_only_where_it_is_told_to() -> None:
    # Drive, stimulated now and at rest, the share that halves firing and its power, whether the cell bodies feel it.
    assert kinetics.firing_under_feedback(1.5, 0.9, 0.05, 0.05, 2.0, 0.0) == 1.5
    assert kinetics.firing_under_feedback(1.5, 0.05, 0.05, 0.05, 2.0, 1.0) == pytest.approx(1.5)
    assert kinetics.firing_under_feedback(1.5, 0.0, 0.05, 0.05, 2.0, 1.0) == pytest.approx(3.0)
    assert kinetics.firing_under_feedback(1.5, 0.8, 0.05, 0.05, 2.0, 1.0) < 0.02
    assert kinetics.at_cell_bodies(0.2, 0.0) == 1 and kinetics.at_cell_bodies(0.2, 1.0) == pytest.approx(0.2)


@given(x=positive, reference=positive)
def test_the_dopamine_autoreceptor_factor_is_one_at_its_reference_and_falls(x: float, reference: float) -> None:
    b = parameters.published_model("best2009")

    def factor(x: float) -> float:
        return kinetics.dopamine_autoreceptor(
            x, reference, b["auto_max"], b["auto_weight"], b["auto_power"], b["auto_one"], b["auto_min"]
        )

    assert factor(reference) == pytest.approx(1)
    assert factor(2 * x) <= factor(x)
    assert math.isclose(factor(0.0), b["auto_max"] / b["auto_one"] + b["auto_min"])


def test_recycling_of_the_cofactor_stops_where_forward_and_backward_balance() -> None:
    b = parameters.published_model("best2009")
    constants = [b[k] for k in ("vf_DRR", "kf_bh2", "kf_nadph", "vb_DRR", "kb_bh4", "kb_nadp")]

    def net(bh2: float, bh4: float) -> float:
        return kinetics.two_substrate_exchange(bh2, bh4, b["nadph"], b["nadp"], *constants)

    assert net(360.0, 0.0) > 0 > net(0.0, 360.0)
    assert net(2.0, 100.0) < net(4.0, 100.0)
