"""Drugs at their targets: they compete, add up, come and go, and reach cell bodies only when given to the whole animal."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.data.parameters import load
from nbmodel.drugs import pharmacodynamics
from nbmodel.drugs.pharmacodynamics import Action, DrugActionError, blocking, under
from nbmodel.models import norepinephrine_terminal, receptors

level = st.floats(0.0, 1e3)


@functools.cache
def rest() -> Network:
    return norepinephrine_terminal.network()


@given(a=level, b=level)
def test_two_drugs_at_one_transporter_compete(a: float, b: float) -> None:
    both = pharmacodynamics.free_share("NET", [Action("NET", a), Action("NET", b)])
    assert both == pytest.approx(pharmacodynamics.free_share("NET", [Action("NET", a + b)]))
    # They hold more than either alone, and less than they would one after the other.
    alone = [pharmacodynamics.free_share("NET", [Action("NET", x)]) for x in (a, b)]
    assert alone[0] * alone[1] * (1 - 1e-9) <= both <= min(alone) * (1 + 1e-9)


@settings(deadline=None)  # the first example loads the tables
@given(share=st.floats(0, 0.999))
def test_a_drug_that_blocks_a_share_leaves_the_rest(share: float) -> None:
    assert under(rest(), blocking("MAO", share)).parameters["mao_activity"] == pytest.approx(1 - share)


@given(ne=st.floats(0.1, 1e4), agonist=level, efficacy=st.floats(0.05, 1), antagonist=level)
def test_at_a_receptor_agonists_antagonists_and_ne_compete(
    ne: float, agonist: float, efficacy: float, antagonist: float
) -> None:
    alone = pharmacodynamics.stimulated("beta1", ne)
    assert alone == pytest.approx(receptors.competing_occupancy(ne, load().value("K_NE_b1", "nM")))
    blocked = pharmacodynamics.stimulated("beta1", ne, [Action("beta1", antagonist)])
    assert blocked <= alone
    # Enough NE overcomes an antagonist: this many times more (Schild).
    overcome = ne * receptors.dose_ratio(antagonist, 1.0)
    assert pharmacodynamics.stimulated("beta1", overcome, [Action("beta1", antagonist)]) == pytest.approx(alone)
    drugs = [Action("beta1", agonist, efficacy), Action("beta1", antagonist), Action("alpha1", 100.0)]
    assert 0 < pharmacodynamics.stimulated("beta1", ne, drugs) < 1


def test_what_is_gone_stays_gone_under_a_drug() -> None:
    knocked_out = rest().replace(net_activity=0.0)
    assert under(knocked_out, Action("COMT", 1.0)).parameters["net_activity"] == 0


def test_a_systemic_block_slows_the_cells_and_raises_ne_less_than_a_local_one() -> None:
    times = np.linspace(0, 3600, 61)
    local, systemic = (
        solve.run(under(rest(), blocking("NET", 0.8), systemic=where), times)["ne_e"][-1] for where in (False, True)
    )
    assert rest()["ne_e"] < systemic < local


def test_a_schedule_brings_drugs_and_takes_them_away() -> None:
    course = [(600.0, [blocking("NET", 0.9), Action("alpha2", 10.0)]), (1200.0, [Action("alpha2", 10.0)]), (1800.0, [])]
    run = solve.run(rest(), np.linspace(0.0, 7200.0, 721), pharmacodynamics.schedule(rest(), course))
    fold = run["ne_e"] / rest()["ne_e"]
    assert fold[59] == pytest.approx(1, rel=1e-6)
    assert fold[119] > fold[179] > 1.02
    assert 0.9 < fold[-1] < 1  # what was lost meanwhile is not yet made anew


def test_reserpine_empties_the_store_at_once_and_it_fills_again_only_with_new_vesicles() -> None:
    hour, day = 3600.0, 86400.0
    course = [(0.0, [Action("VMAT2", destruction=10 / hour)]), (hour, [])]
    run = solve.run(
        rest(), np.array([0.0, hour, 4 * hour, 2 * day, 60 * day]), pharmacodynamics.schedule(rest(), course)
    )
    store = run["ne_v"] / rest()["ne_v"]
    assert store[2] < 0.1
    assert store[2] < store[3] < 0.6
    assert store[4] > 0.9


def test_drugs_at_many_targets_together_go_through_the_solver() -> None:
    everything = [blocking(target, 0.5) for target in pharmacodynamics.BLOCKED] + [
        Action("alpha2", 1.0, 0.5),
        Action("alpha2", 1.0),
    ]
    run = solve.run(under(rest(), *everything, systemic=True), np.linspace(0, 86400, 25))
    assert np.all(run.states >= 0)


def test_every_fault_of_every_action_is_named_at_once() -> None:
    faulty = [
        Action("NETT", 1.0),
        Action("MAO", 1.0, efficacy=0.5),
        Action("DBH", -1.0),
        Action("TH", destruction=1.0),
        Action("alpha2", 1.0, 2.0),
    ]
    with pytest.raises(DrugActionError) as error:
        under(rest(), *faulty)
    assert len(error.value.problems) == 5
    assert "NET" in str(error.value)
    with pytest.raises(DrugActionError, match="share 1"):
        blocking("NET", 1.0)
    with pytest.raises(DrugActionError, match="alpha1"):
        pharmacodynamics.stimulated("alpha11", 1.0)
