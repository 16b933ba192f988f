"""Ensembles: other numbers for a while, many sets on any engine and any number of processes, and independent proof."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import solve_ivp

from nbmodel.core import cvode, ensemble, solve
from nbmodel.core.network import Array, Network, NetworkError
from nbmodel.core.runs import Dose, Impulse, Step
from nbmodel.data import what_if
from nbmodel.data.parameters import ParameterError
from nbmodel.evidence import sampling
from nbmodel.models import norepinephrine_terminal, transients
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.reuptake import slice_half_life

needs_engine = pytest.mark.skipif(not cvode.is_installed(), reason="libroadrunner has no wheels for this machine")

HANDLES = pd.DataFrame(
    {"net_activity": [1.0, 0.5, 0.2, 1.3], "firing": [1.5, 3.0, 0.5, 2.0], "mao_activity": [1.0, 0.3, 1.0, 2.0]}
)
DAY = np.linspace(0.0, 24 * SECONDS_PER_HOUR, 25)
EVENTS = [Step(3600.0, {"net_activity": 0.1}), Dose(7200.0, "ne_e", 0.02), Step(9000.0, {"net_activity": 1.0})]


# -- other numbers for a while ---------------------------------------------------------------------------------------


def test_other_numbers_reach_every_model_and_are_gone_afterwards() -> None:
    before = transients.clearance_half_life(norepinephrine_terminal.network())
    with what_if.using({"Vmax_NET": 0.05}):
        slow = slice_half_life(norepinephrine_terminal.network())
        with what_if.using({"k_nonNET": 0.09}):
            assert slice_half_life(norepinephrine_terminal.network()) < slow  # one block inside another adds to it
        assert slice_half_life(norepinephrine_terminal.network()) == slow > before
    assert slice_half_life(norepinephrine_terminal.network()) == before


def test_a_number_that_a_protocol_alone_reads_is_not_answered_from_memory() -> None:
    rest = norepinephrine_terminal.network()
    usual = transients.clearance_half_life(rest)
    with what_if.using({"k_nonNET": 0.03}):  # the terminal at rest in the brain is the same
        assert transients.clearance_half_life(rest) > usual


@pytest.mark.parametrize("values", [{"Vmax_NETT": 0.1}, {"Vmax_NET": float("nan")}])
def test_numbers_that_cannot_be_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ParameterError, match="Vmax_NET"), what_if.using(values):
        raise AssertionError


# -- many sets -------------------------------------------------------------------------------------------------------


def turnover(values: dict[str, float]) -> dict[str, float]:
    with what_if.using(values):
        rest = norepinephrine_terminal.network()
        return {"TH": rest.flux("TH"), "half_life": slice_half_life(rest)}


@pytest.mark.long
@needs_engine
def test_workers_and_engines_change_nothing() -> None:
    sets = sampling.sets(["Vmax_NET", "x0_ECF", "k_turn_NE"], count=9, seed=3)
    sets.index = pd.Index([f"p{i}" for i in range(9)])
    alone = ensemble.each(turnover, sets, workers=1, fast=True)
    assert list(alone.index) == list(sets.index)
    pd.testing.assert_frame_equal(alone, ensemble.each(turnover, sets, workers=2, fast=True), check_exact=True)
    pd.testing.assert_frame_equal(alone, ensemble.each(turnover, sets, workers=1, fast=False), rtol=1e-6)


def test_a_set_that_no_terminal_can_rest_with_gives_nan_and_the_others_their_numbers() -> None:
    sets = pd.DataFrame({"p_release": [0.01, 1e-6, 0.02]})
    found = ensemble.each(turnover, sets, workers=1, fast=False)
    assert found.isna().all(axis=1).tolist() == [False, True, False]


def test_all_that_is_wrong_with_sets_is_said_before_anything_runs() -> None:
    rest = norepinephrine_terminal.network()
    with pytest.raises(ValueError, match=r"'a' has 1 numbers that are not finite.*'b' holds object"):
        ensemble.each(turnover, pd.DataFrame({"a": [1.0, np.inf], "b": ["x", None]}, dtype=object).astype({"a": float}))
    with pytest.raises(ValueError, match="no sets"):
        ensemble.each(turnover, pd.DataFrame())
    with pytest.raises(
        NetworkError, match=r"no species 'ne_x'.*no parameter or species 'net_activty'; did you mean 'net_act"
    ):
        ensemble.run(rest, pd.DataFrame({"net_activty": [1.0]}), [0.0, 1.0], species=["ne_x"])


@needs_engine
def test_courses_are_those_of_single_runs() -> None:
    rest = norepinephrine_terminal.network()
    found = ensemble.run(rest, HANDLES, DAY, EVENTS, steady=True, workers=1, fast=True)
    assert found.shape == (4 * 25, len(rest.species))
    for subject, values in HANDLES.iterrows():
        start = solve.steady_state(rest.replace(**values.to_dict()))
        theirs = solve.run(start, DAY, EVENTS).frame()
        ours = found.xs(subject, level="subject")
        assert np.max(np.abs(ours - theirs) / theirs.max()).max() < 1e-6


def test_each_subject_can_have_events_of_its_own() -> None:
    def doses(values: object) -> Sequence[Dose]:
        return [Dose(1.0, "ne_e", values["dose"])]  # type: ignore[index]

    sets = pd.DataFrame({"dose": [0.0, 0.1], "ne_e": [0.006, 0.006]})
    found = ensemble.run(
        norepinephrine_terminal.network(), sets, [0.0, 1.0], doses, species=["ne_e"], workers=1, fast=False
    )
    assert found["ne_e"].xs(1.0, level="time_s").diff().iloc[1] == pytest.approx(0.1)


def test_without_the_engine_the_plain_solver_gives_the_numbers_and_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cvode, "is_installed", lambda: False)
    with pytest.warns(RuntimeWarning, match="libroadrunner is not installed: the plain solver gives the same numbers"):
        found = ensemble.each(turnover, pd.DataFrame({"x0_ECF": [6.0]}), workers=1)
    assert found.loc[0, "half_life"] == pytest.approx(slice_half_life(norepinephrine_terminal.network()), rel=1e-9)


@needs_engine
def test_the_engine_finds_the_steady_state_that_newton_finds() -> None:
    rest = norepinephrine_terminal.network()
    for values in HANDLES.to_dict("records"):
        for terminal in (rest.replace(**values), norepinephrine_terminal.with_store_clamped(rest).replace(**values)):
            ours = solve.steady_state(terminal).initial
            solve.steady_state.cache_clear()  # type: ignore[attr-defined]
            with solve.engine(cvode.stretch):
                theirs = solve.steady_state(terminal).initial
            solve.steady_state.cache_clear()  # type: ignore[attr-defined]
            assert theirs == pytest.approx(ours, rel=1e-7)


# -- independent proof -----------------------------------------------------------------------------------------------


def radau(network: Network, end: float, events: Sequence[Step | Dose | Impulse]) -> Array:
    """State at `end` by another method, with slopes by complex steps and events written for this test alone."""
    state, now = network.initial.copy(), 0.0
    unit = np.eye(state.size)

    def slopes(_: float, y: Array) -> Array:
        steps = network.rates(y[:, None] + 1e-30j * unit).imag / 1e-30
        return np.asarray(network.stoichiometry @ steps)

    # Events at one moment keep their order, as those of a schedule do.
    for event in [*sorted(events, key=lambda event: event.at), None]:
        until = end if event is None else event.at
        if until > now:
            found = solve_ivp(
                lambda _, y, network=network: network.derivative(y),
                (now, until), state, method="Radau", jac=slopes, rtol=1e-11, atol=1e-15,
            )  # fmt: skip
            assert found.success
            state, now = found.y[:, -1], until
        if isinstance(event, Step):
            network = network.replace(**event.parameters)
        elif isinstance(event, Dose):
            state[network.index[event.species]] += event.amount
        elif isinstance(event, Impulse):
            quanta = network.replace(firing=1.0).rates(state)
            for j, reaction in enumerate(network.reactions):
                if reaction.name in event.reactions:
                    state = state + network.stoichiometry[:, j] * quanta[j]
    return state


@needs_engine
@pytest.mark.long
def test_two_hundred_sets_run_the_same_by_our_solver_by_cvode_and_by_radau() -> None:
    names = sampling.doubtful(read_by_the_terminal())
    sets = sampling.sets(names, count=200, seed=11)
    rng = np.random.default_rng(11)
    times, compared = np.array([0.0, 300.0, 900.0]), 0
    for values in sets.to_dict("records"):
        with what_if.using(values):
            try:
                rest = norepinephrine_terminal.network()
            except ensemble.REFUSALS:
                continue
        events = [
            *norepinephrine_terminal.train([60.0, float(rng.uniform(61.0, 70.0))]),
            Step(60.0, {"net_activity": float(rng.uniform(0.1, 1.0)), "mao_activity": float(rng.uniform(0.1, 1.0))}),
            Dose(300.0, "ne_e", float(rng.uniform(0.0, 0.5))),
            Step(300.0, {"firing": float(rng.uniform(0.0, 8.0))}),
        ]
        ours = solve.run(rest, times, events)
        with solve.engine(cvode.stretch):
            theirs = solve.run(rest, times, events)
        exact = radau(rest, times[-1], events)
        scale = np.maximum(ours.states.max(axis=1), 1e-12)
        assert np.max(np.abs(ours.states - theirs.states) / scale[:, None]) < 1e-6
        assert np.max(np.abs(ours.states[:, -1] - exact) / scale) < 1e-6
        compared += 1
    assert compared > 150


def read_by_the_terminal() -> set[str]:
    with what_if.reading() as read:
        norepinephrine_terminal.network()
    return read
