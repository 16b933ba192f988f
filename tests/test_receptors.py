"""Receptors: occupancy is a share that rises with NE, drugs compete as Schild found, and the table says where and what."""

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from nbmodel.core import kinetics
from nbmodel.data import parameters
from nbmodel.models import receptors

level = st.floats(1e-3, 1e6)
dose = st.floats(0, 1e6)


@given(x=level, more=st.floats(1, 100), kd=level, agonist=dose, k_agonist=level, antagonist=dose, k_antagonist=level)
def test_occupancy_is_a_share_that_agonists_raise_and_an_antagonist_lowers(
    x: float, more: float, kd: float, agonist: float, k_agonist: float, antagonist: float, k_antagonist: float
) -> None:
    def share(x: float, agonist: float, antagonist: float) -> float:
        return receptors.competing_occupancy(x, kd, agonist, k_agonist, antagonist, k_antagonist)

    rest, slack = share(x, agonist, antagonist), 1 + 1e-12
    assert 0 <= rest <= 1
    assert rest <= share(more * x, agonist, antagonist) * slack
    assert rest <= share(x, more * agonist, antagonist) * slack
    assert share(x, agonist, more * antagonist) <= rest * slack
    assert share(x, 0.0, 0.0) == pytest.approx(kinetics.occupancy(x, kd))


@given(x=level, kd=level, antagonist=dose, k_antagonist=level)
def test_an_antagonist_is_overcome_by_the_dose_ratio(
    x: float, kd: float, antagonist: float, k_antagonist: float
) -> None:
    needed = x * receptors.dose_ratio(antagonist, k_antagonist)
    blocked = receptors.competing_occupancy(needed, kd, antagonist=antagonist, k_antagonist=k_antagonist)
    assert blocked == pytest.approx(receptors.competing_occupancy(x, kd))
    # Schild's plot: log(dose ratio - 1) against log dose is a straight line of slope one.
    doubled = receptors.dose_ratio(2 * antagonist, k_antagonist) - 1
    assert doubled == pytest.approx(2 * (receptors.dose_ratio(antagonist, k_antagonist) - 1))


def test_the_law_takes_symbols_quantities_and_arrays() -> None:
    names = ("x", "kd", "agonist", "k_agonist", "antagonist", "k_antagonist")
    values = dict(zip(names, (14.0, 10.0, 3.0, 31.0, 20.0, 22.0), strict=True))
    number = receptors.competing_occupancy(**values)
    symbols = {name: sympy.Symbol(name, positive=True) for name in names}
    formula = receptors.competing_occupancy(**symbols)
    assert float(formula.subs({symbols[name]: value for name, value in values.items()})) == pytest.approx(number)
    quantities = {name: parameters.units().Quantity(value, "nM") for name, value in values.items()}
    quantities["x"] = quantities["x"].to("uM")
    assert receptors.competing_occupancy(**quantities).to("").magnitude == pytest.approx(number)
    curve = receptors.competing_occupancy(**{**values, "x": np.array([0.0, 14.0])})
    assert curve[1] == pytest.approx(number)


def test_the_table_has_both_sides_of_the_synapse_and_both_signs() -> None:
    table = receptors.table()
    assert set(table["site"]) == {"presynaptic", "somatodendritic", "postsynaptic"}
    assert (table[table["site"] != "postsynaptic"]["action"] == "inhibits").all()
    assert set(table[table["site"] == "postsynaptic"]["action"]) == {"inhibits", "excites"}
    assert (table["low"] <= table["kd"]).all() and (table["kd"] <= table["high"]).all()
    # The order that reviews agree on: alpha2 answers to less NE than alpha1, alpha1 than beta1.
    targets = table[table["site"] == "postsynaptic"]
    assert targets["kd"].is_monotonic_increasing
    # The cell body needs far more than the terminal: both were measured.
    assert table.loc["alpha2 on the LC cell", "kd"] > 10 * table.loc["alpha2 on the terminal", "kd"]


def test_what_norepinephrine_holds_at_each_level() -> None:
    shares = receptors.occupancies()
    assert list(shares.columns) == [1.0, 5.0, 14.0, 50.0, 100.0]
    assert np.all(np.diff(shares.to_numpy(), axis=1) > 0)
    # Arithmetic at 14 nM with constants of 10.2, 10.2, 60.1 and 134.8 nM.
    at_14 = [
        100 * shares.loc[name, 14.0] for name in ("alpha2 on the terminal", "alpha2 on the target", "alpha1", "beta1")
    ]
    assert at_14 == pytest.approx([58, 58, 19, 9], abs=0.5)
    tighter = parameters.load().replace(K_NE_b1=100.0)
    assert receptors.occupancies([14.0], tighter).loc["beta1", 14.0] > shares.loc["beta1", 14.0]
