"""Integration: exact where that is known, conserving and never negative over every range, steady if it says so."""

import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import ranges
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmodel.core import kinetics, solve
from nbmodel.core.network import Network, NetworkError
from nbmodel.core.reactions import Reaction, Species
from nbmodel.core.solve import Dose, SolveError, Step
from nbmodel.data.parameters import Parameters
from nbmodel.models import dopamine_terminal, norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.models.terminal_reactions import HANDLES

BIOPTERIN = ("bh2", "bh4")


@functools.cache
def terminal() -> Network:
    return norepinephrine_terminal.network()


def pool(supply: float = 0.0, k: float = 0.5, initial: float = 4.0) -> Network:
    """One substance, supplied at a constant rate and lost in proportion: its course is known in closed form."""
    return Network(
        "pool",
        (Species("s", "room", "a substance", "s", initial),),
        (
            Reaction("supply", "-> s", kinetics.constant, {"rate": "supply"}),
            Reaction("loss", "s ->", kinetics.first_order),
        ),
        {"supply": supply, "k": k},
        {"room": 1.0},
        "s",
    )


def exact(t: np.ndarray, start: float, supply: float, k: float) -> np.ndarray:
    return supply / k + (start - supply / k) * np.exp(-k * t)


def test_decay_is_exponential() -> None:
    t = np.linspace(0, 12, 101)  # nine half-lives
    assert solve.run(pool(), t)["s"] == pytest.approx(exact(t, 4.0, 0.0, 0.5), rel=1e-7)


def test_a_dose_and_a_step_fall_where_they_should() -> None:
    # Neither event is one of the times asked for; two of them share a moment.
    t = np.linspace(0, 20, 78)
    found = solve.run(
        pool(1.0), t, [Step(9.0, {"k": 0.25}), Dose(5.0, "s", 3.0), Step(5.0, {"supply": 2.0})], extents=True
    )
    at_5 = float(exact(np.array(5.0), 4.0, 1.0, 0.5)) + 3.0
    at_9 = float(exact(np.array(4.0), at_5, 2.0, 0.5))
    expected = np.where(
        t < 5, exact(t, 4.0, 1.0, 0.5), np.where(t < 9, exact(t - 5, at_5, 2.0, 0.5), exact(t - 9, at_9, 2.0, 0.25))
    )
    assert found["s"] == pytest.approx(expected, rel=1e-7)
    assert found.rate("supply").tolist() == np.where(t < 5, 1.0, 2.0).tolist()
    assert found.rate("loss") == pytest.approx(np.where(t < 9, 0.5, 0.25) * expected, rel=1e-7)
    # How far the supply has gone: its rate times the time.
    assert found.extents[0] == pytest.approx(np.where(t < 5, t, 5 + 2 * (t - 5)), rel=1e-7, abs=1e-12)


def test_an_event_at_the_first_or_last_moment_counts_and_times_state_the_values_after_it() -> None:
    found = solve.run(pool(k=0.5), [1.0, 2.0, 3.0], [Dose(1.0, "s", 1.0), Dose(2.0, "s", 1.0), Dose(3.0, "s", 1.0)])
    values = [5.0]
    for _ in range(2):
        values.append(values[-1] * np.exp(-0.5) + 1.0)
    assert found["s"].tolist() == pytest.approx(values, rel=1e-7)
    assert found.final["s"] == found.frame()["s"].iloc[-1] == found["s"][-1]


def test_a_pulse_far_shorter_than_the_run_is_not_stepped_over() -> None:
    day = 24 * SECONDS_PER_HOUR
    pulse = [Step(day / 3, {"supply": 1e3}), Step(day / 3 + 0.01, {"supply": 0.0})]
    found = solve.run(pool(0.0, k=0.0, initial=0.0), [0.0, day], pulse)
    assert found.final["s"] == pytest.approx(10.0, rel=1e-7)


@pytest.mark.parametrize(
    ("times", "events", "error", "words"),
    [
        ([0, 10], [Dose(11, "s", 1)], ValueError, "lies outside 0 to 10"),
        ([0, 10], [Step(-1, {"k": 1}), Dose(float("nan"), "s", 1)], ValueError, "Step.*; .*nan"),
        ([0, 10], [Dose(5, "t", 1)], NetworkError, "no species 't'"),
        ([0, 10], [Dose(10, "s", -9)], NetworkError, "s cannot start at -"),
        ([0, 10], [Dose(5, "s", float("nan"))], NetworkError, "s cannot start at nan"),
        ([0, 10], [Step(5, {"k": float("inf")})], NetworkError, "k = inf is not a finite number"),
        ([0, 10], [Step(5, {"kk": 1})], NetworkError, "no parameter 'kk'; did you mean 'k'"),
        ([0, 0], [], ValueError, "each greater"),
        ([0], [], ValueError, "at least two"),
        ([0, float("inf")], [], ValueError, "finite"),
    ],
)
def test_times_and_events_that_cannot_be_are_refused(
    times: list[float], events: list[Step | Dose], error: type, words: str
) -> None:
    with pytest.raises(error, match=words):
        solve.run(pool(), times, events)


def test_a_substance_that_goes_below_zero_is_a_fault_and_not_a_result() -> None:
    drain = replace(
        pool(k=0.0), reactions=(*pool().reactions, Reaction("drain", "s ->", kinetics.constant, {"rate": "supply"}))
    )
    with pytest.raises(SolveError, match=r"s fell to -.* below zero"):
        solve.run(replace(drain, reactions=drain.reactions[1:]).replace(supply=1.0), [0.0, 10.0])


def test_a_tenfold_tighter_tolerance_changes_nothing_a_reader_sees() -> None:
    t = np.union1d(np.linspace(0, 6 * SECONDS_PER_HOUR, 101), np.linspace(600, 660, 61))
    burst = [Step(600.0, {"firing": 10.0}), Step(600.4, {"firing": 1.5}), Dose(7200.0, "ldopa", 5.0)]
    blocked = terminal().replace(net_activity=0.2)
    found = solve.run(blocked, t, burst)
    for tighter in (solve.RELATIVE_TOLERANCE / 2, solve.RELATIVE_TOLERANCE / 10):
        assert solve.run(blocked, t, burst, rtol=tighter).states == pytest.approx(found.states, rel=1e-6)


any_condition = st.fixed_dictionaries({**{handle: st.floats(0, 2) for handle in HANDLES}, "firing": st.floats(0, 10)})


def amounts(run: solve.Run, names: list[str]) -> np.ndarray:
    """The sum of some species over time, as an amount: concentration times volume."""
    return sum(
        run[name] * run.network.compartments[run.network.species[run.network.index[name]].compartment] for name in names
    )


@pytest.mark.long
@settings(max_examples=25, deadline=None, derandomize=True)
@given(table=ranges.tables(norepinephrine_terminal.network), condition=any_condition)
def test_what_goes_in_less_what_goes_out_is_the_change_of_the_store(
    table: Parameters, condition: dict[str, float]
) -> None:
    rest = norepinephrine_terminal.network(table)
    hours = np.linspace(0, 24, 25) * SECONDS_PER_HOUR
    run = solve.run(rest.replace(**condition), hours, [Dose(hours[12] + 1.0, "ldopa", 10.0)], extents=True)

    # Every molecule of the chain carries one ring of tyrosine; cofactors do not.
    carriers = [name for name in rest.index if name not in BIOPTERIN]
    moved = np.where(hours > hours[12], 10.0 * rest.compartments["terminal"], 0.0)
    for reaction, extent in zip(rest.reactions, run.extents, strict=True):
        rings = [[name for name in side if name in carriers] for side in (reaction.consumed, reaction.produced)]
        moved = (
            moved + (len(rings[1]) - len(rings[0])) * extent * rest.compartments[rest.reaction_compartment(reaction)]
        )
    held = amounts(run, carriers)
    throughput = held.max() + np.abs(moved).max()
    assert held - held[0] == pytest.approx(moved, abs=1e-6 * throughput)
    # In each species by itself, too: nothing is lost between two of them.
    change = rest.stoichiometry @ run.extents
    change[rest.index["ldopa"]] += np.where(hours > hours[12], 10.0, 0.0)
    passed = np.abs(rest.stoichiometry) @ np.abs(run.extents)
    assert np.all(np.abs(run.states - run.states[:, :1] - change) <= 1e-6 * (passed + run.states))

    biopterin = amounts(run, list(BIOPTERIN))
    assert biopterin == pytest.approx(np.full(biopterin.shape, biopterin[0]), rel=1e-6)
    assert np.all(run.states >= 0)


@pytest.mark.parametrize(
    "network",
    [
        dopamine_terminal.network(),
        dopamine_terminal.network().replace(vmax_DAT=0.0),
        terminal().replace(net_activity=0.2),
        terminal().replace(firing=5.0, mao_activity=0.0),
        norepinephrine_terminal.with_store_clamped(terminal()).replace(net_activity=0.0),
    ],
    ids=["dopamine", "dopamine without DAT", "NET blocked", "fast firing, MAO blocked", "endless store"],
)
def test_a_steady_state_is_steady_and_is_where_a_long_run_ends(network: Network) -> None:
    steady = solve.steady_state(network)
    throughput = np.abs(steady.stoichiometry) @ np.abs(steady.rates(steady.initial))
    assert np.all(np.abs(steady.derivative(steady.initial)) <= 1e-8 * throughput + 1e-16)

    day = 24 * (SECONDS_PER_HOUR if network.time_unit == "s" else 1.0)
    afterwards = solve.run(network, [0.0, 100 * day]).final
    assert afterwards == pytest.approx({name: steady[name] for name in steady.index}, rel=1e-5)


def test_what_never_settles_has_no_steady_state() -> None:
    with pytest.raises(SolveError, match=r"no steady state, as there is no end to what gathers: s to .* uM"):
        solve.steady_state(pool(supply=1.0, k=0.0))


def faster(network: Network, place: int, factor: float) -> Network:
    """The network with one of its reactions made `factor` times as fast."""
    law = network.reactions[place].law

    @functools.wraps(law)
    def scaled(*arguments: float) -> float:
        return factor * law(*arguments)

    return replace(
        network, reactions=tuple(replace(r, law=scaled) if i == place else r for i, r in enumerate(network.reactions))
    )


@pytest.mark.parametrize(
    "make", [dopamine_terminal.network, norepinephrine_terminal.network], ids=["dopamine", "norepinephrine"]
)
def test_flux_control_sums_to_one_and_is_what_a_slightly_faster_step_does(make: Callable[[], Network]) -> None:
    steady = solve.steady_state(make())
    steady = replace(
        steady,
        reactions=tuple(r for r in steady.reactions if steady.flux(r.name)),
        parameters={
            name: value for name, value in steady.parameters.items() if name not in ("droxidopa_supply", "k_diffusion")
        },
    )
    control = solve.flux_control(steady)
    assert control.sum(axis=1) == pytest.approx(np.ones(len(control)), abs=1e-6)

    step = 1e-3
    for place in range(len(steady.reactions)):
        up, down = (solve.steady_state(faster(steady, place, f)).initial for f in (1 + step, 1 - step))
        logs = [np.log(faster(steady, place, f).rates(state)) for f, state in ((1 + step, up), (1 - step, down))]
        measured = (logs[0] - logs[1]) / (np.log(1 + step) - np.log(1 - step))
        assert control[:, place] == pytest.approx(measured, abs=1e-4), steady.reactions[place].name


def test_a_step_that_stands_still_has_no_control_and_there_is_none_over_it() -> None:
    blocked = solve.steady_state(terminal().replace(net_activity=0.0))
    control = solve.flux_control(blocked)
    still = blocked.rates(blocked.initial) == 0
    # Both transports by NET, droxidopa that nobody has given, and diffusion out of a brain that has no bath (three).
    assert still.sum() == 6
    assert np.all(np.isnan(control[still]))
    assert np.all(control[~still][:, still] == 0)
    assert control[~still].sum(axis=1) == pytest.approx(np.ones(control.shape[0] - 6), abs=1e-6)


def test_flux_control_of_a_state_that_is_not_steady_is_refused() -> None:
    with pytest.raises(SolveError, match="call steady_state first"):
        solve.flux_control(terminal().replace(firing=3.0))
