"""The one place where reaction networks are integrated: runs with steps and doses, and steady states.

A `Step` changes parameters at a moment (a burst of firing, a drug that arrives); a `Dose` adds to a species; an
`Impulse` is a single nerve impulse. The integrator stops at each and starts afresh, so no event is stepped over. It is
LSODA, which finds out by itself where a problem is stiff (here seconds and days meet); within `engine` it is another, such
as that of `cvode`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np
from scipy.integrate import solve_ivp

from nbmodel.core.network import Array, Network
from nbmodel.core.runs import Dose as Dose
from nbmodel.core.runs import Impulse as Impulse
from nbmodel.core.runs import Run as Run
from nbmodel.core.runs import Step as Step

# Callers find it here too.
from nbmodel.data.in_use import remembered as remembered

RELATIVE_TOLERANCE = 1e-8
# uM; far below any concentration that means something here (extracellular NE is 6e-3 uM).
ABSOLUTE_TOLERANCE = 1e-12
WATER = 5.5e7  # uM of water in water: what passes it is no concentration but a sum that grows without end
LONG = 2.0**30  # time units (30 years of seconds) in which everything comes to rest that ever will


class SolveError(RuntimeError):
    """Raised when the integrator gives up, or a concentration falls below zero by more than its tolerance."""


# States at some times after the start and at the end, (species, n + 1): of a network, from a state, over a stretch that
# lasts so long, at the relative and absolute tolerance.
Engine = Callable[[Network, Array, float, Array, float, float], Array]
_engine: ContextVar[Engine | None] = ContextVar("_engine", default=None)


@contextmanager
def engine(other: Engine | None) -> Iterator[None]:
    """Let another engine integrate all runs within the block, `None` our own; the events stay where they are."""
    before = _engine.set(other)
    try:
        yield
    finally:
        _engine.reset(before)


def run(
    network: Network,
    times: Array | Sequence[float],
    schedule: Sequence[Step | Dose | Impulse] = (),
    *,
    rtol: float | None = None,
    atol: float | None = None,
    extents: bool = False,
) -> Run:
    """Run of a network from its initial state over `times`, with the events of a schedule.

    Parameters
    ----------
    network : Network
    times : array, shape (n,)
        Increasing, in the network's time unit.
    schedule : sequence of Step, Dose and Impulse
        Events, applied in order of time; each must lie within `times`.
    rtol, atol : float, optional
        Tolerances (`atol` in uM); the module's unless given.
    extents : bool
        True to sum up how far each reaction goes, for a ledger (it takes about twice as long).

    Raises
    ------
    ValueError
        For times or events that cannot be.
    NetworkError
        For a name or a value that the network cannot have.
    SolveError
        When the integrator fails.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> found = run(norepinephrine_terminal.network(), [0.0, 10.0], [Step(0.0, {"firing": 6.0})])  # 10 s of fast firing
    >>> round(1e3 * found.final["ne_e"], 1)  # NE outside, nM; 6 at rest
    14.7
    """
    rtol = RELATIVE_TOLERANCE if rtol is None else rtol
    atol = ABSOLUTE_TOLERANCE if atol is None else atol
    times = np.asarray(times, dtype=float)
    if times.ndim != 1 or times.size < 2 or not np.all(np.isfinite(times)) or np.any(np.diff(times) <= 0):
        raise ValueError("times must be at least two finite numbers, each greater than the one before")
    outside = [
        f"{event} lies outside {times[0]:g} to {times[-1]:g}"
        for event in schedule
        if not times[0] <= event.at <= times[-1]
    ]
    if outside:
        raise ValueError("; ".join(outside))
    state = np.concatenate([network.initial, np.zeros(len(network.reactions) if extents else 0)])
    kept = np.empty((state.size, times.size))
    stretches: list[tuple[int, Network]] = []
    now, current = float(times[0]), network
    for moment in sorted({float(times[0]), float(times[-1]), *(event.at for event in schedule)}):
        if moment > now:
            inside = (times >= now) & (times < moment)
            kept[:, inside], state = _stretch(current, state, now, moment, times[inside], rtol, atol)
        for event in (event for event in schedule if event.at == moment):
            if isinstance(event, Step):
                current = current.replace(**event.parameters)
            elif isinstance(event, Impulse):
                which = [current.reactions.index(current.reaction(name)) for name in event.reactions]
                once = current.replace(**{event.rate: 1.0}).rates(state[: len(network.species)])[which]
                state[: len(network.species)] += current.stoichiometry[:, which] @ once
                if extents:
                    state[[len(network.species) + place for place in which]] += once
            else:
                after = state[network.index.get(event.species, 0)] + event.amount
                current = current.starting_at({event.species: after})  # refuses a species that is not there, or below 0
                state[network.index[event.species]] = after
        now = moment
        stretches.append((int(np.searchsorted(times, moment)), current))
    kept[:, -1] = state
    kept.setflags(write=False)  # a run may be shared by those who ask for the same one
    split = len(network.species)
    return Run(network, times, kept[:split], kept[split:], tuple(stretches))


def _stretch(
    network: Network, state: Array, start: float, end: float, inside: Array, rtol: float, atol: float
) -> tuple[Array, Array]:
    """States (and extents) at the times `inside` [start, end), and at `end`."""
    split = len(network.species)
    other = _engine.get()
    try:
        if other and state.size == split:
            found = other(network, state, end - start, inside - start, rtol, atol)
        else:
            found = _lsoda(network, state, end - start, inside - start, rtol, atol)
    except SolveError as error:
        raise SolveError(
            f"{network.name}: the integrator stopped between {start:g} and {end:g} {network.time_unit}: {error}"
        ) from None
    states = found[:split]
    # A state that has run out may end a rounding error below zero; more than that is a fault of the model.
    allowed = atol + rtol * np.max(np.abs(states), axis=1, keepdims=True)
    if np.any(states < -10 * allowed):
        worst = int(np.argmin(np.min(states / allowed, axis=1)))
        raise SolveError(
            f"{network.name}: {network.species[worst].name} fell to {states[worst].min():g} uM, below zero"
        )
    np.maximum(states, 0.0, out=states)
    return found[:, :-1], found[:, -1]


def _lsoda(network: Network, state: Array, length: float, inside: Array, rtol: float, atol: float) -> Array:
    """States, followed by extents where the state has them, at the times `inside` and at the end of a stretch."""
    split = len(network.species)

    def derivative(_: float, y: Array) -> Array:
        rates = network.rates(y[:split])
        change = network.stoichiometry @ rates
        return change if y.size == split else np.concatenate([change, rates])

    found = solve_ivp(
        derivative, (0.0, length), state, method="LSODA", t_eval=np.append(inside, length), rtol=rtol, atol=atol
    )
    if not found.success:
        raise SolveError(found.message)
    return np.asarray(found.y)


@remembered
def steady_state(network: Network) -> Network:
    """Network that starts at its steady state.

    Newton's method goes there from the initial state; its answer is taken only when no concentration is below zero and
    the state is stable (a small push dies out). Otherwise the network runs, for longer and longer, until Newton's method
    succeeds or nothing moves any more.

    Raises
    ------
    SolveError
        When there is no steady state within 2**40 time units, or a species gathers without end.

    Examples
    --------
    >>> from nbmodel.models import dopamine_terminal
    >>> round(steady_state(dopamine_terminal.network())["vda"], 1)  # dopamine in vesicles, uM
    81.0
    """
    span = 1.0
    if _engine.get():
        # A fast engine is there sooner than Newton's method, which takes the slopes one by one.
        network = _after(network, LONG)
        if _is_steady(network, network.initial):
            return network
    for _ in range(40):
        found = _newton(network)
        if found is not None:
            return network.starting_at(dict(zip(network.index, found, strict=True)))
        before = network.initial
        network = _after(network, span)
        if span > 100 and np.all(np.abs(network.initial - before) <= 1e-9 * np.abs(before) + ABSOLUTE_TOLERANCE):
            return network
        span *= 2
    raise SolveError(f"{network.name}: no steady state within {span:g} {network.time_unit}")


def _after(network: Network, span: float) -> Network:
    """Network that starts where it is after a span. Raises SolveError for a species that gathers without end."""
    final = run(network, [0.0, span]).final
    endless = [f"{name} to {level:.2g} uM" for name, level in final.items() if level > WATER]
    if endless:
        raise SolveError(f"{network.name}: no steady state, as there is no end to what gathers: {', '.join(endless)}")
    return network.starting_at(final)


def _slopes(network: Network, state: Array) -> Array:
    """Slopes d(rates)/d(state), shape (reactions, species), by complex steps: exact to rounding, as laws are plain arithmetic."""
    step = 1e-30
    return np.array([network.rates(state + 1j * step * unit).imag / step for unit in np.eye(state.size)]).T


def _conserved(network: Network) -> Array:
    """Combinations of species that no reaction changes (BH2 + BH4; whatever is clamped), shape (combinations, species)."""
    left, sizes, _ = np.linalg.svd(network.stoichiometry)
    return np.asarray(left[:, np.sum(sizes > 1e-10 * sizes[0]) :].T)


def _is_steady(network: Network, state: Array) -> bool:
    """True if no species changes by more than rounding, beside what flows through it."""
    throughput = np.abs(network.stoichiometry) @ np.abs(network.rates(state))
    return bool(np.all(np.abs(network.derivative(state)) <= 1e-9 * throughput + 1e-16))


def _newton(network: Network) -> Array | None:
    """Stable steady state near the initial one, or None when Newton's method finds none."""
    state, conserved = network.initial.copy(), _conserved(network)
    for _ in range(30):
        jacobian = network.stoichiometry @ _slopes(network, state)
        scale = np.where(state > 0, state, 1.0)
        target = np.concatenate([-network.derivative(state), conserved @ (network.initial - state)])
        move = np.linalg.lstsq(np.vstack([jacobian, conserved]) * scale, target, rcond=None)[0] * scale
        # A step that would go below zero stops at a tenth of where it stands; a rounding error below is zero.
        moved = np.where(state + move < -1e-9 * state, 0.1 * state, np.maximum(state + move, 0.0))
        done = bool(np.all(np.abs(moved - state) <= 1e-12 * state + 1e-16))
        state = moved
        if done:
            growth = np.linalg.eigvals(jacobian).real
            return state if _is_steady(network, state) and np.all(growth <= 1e-9 * np.max(np.abs(growth))) else None
    return None


def flux_control(network: Network) -> Array:
    """Flux control coefficients at the network's initial state, which must be steady: d ln(flux) / d ln(speed).

    Each row sums to 1 (the summation theorem), which checks both the state and the code.

    Returns
    -------
    array, shape (reactions, reactions)
        Row: the reaction whose flux is asked for; column: the reaction that is made a little faster; nan where there is no
        flux.

    Raises
    ------
    SolveError
        When the state is not steady.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> control = flux_control(norepinephrine_terminal.network())
    >>> bool(np.allclose(np.nansum(control[0]), 1))
    True
    """
    state, rates = network.initial, network.rates(network.initial)
    if np.any(np.abs(network.derivative(state)) > 1e-6 * (np.abs(network.stoichiometry) @ np.abs(rates)) + 1e-30):
        raise SolveError(f"{network.name}: flux control needs a steady state; call steady_state first")
    slopes, conserved = _slopes(network, state), _conserved(network)
    # A conserved total makes the balance equations dependent: it is added as a condition of its own.
    system = np.vstack([network.stoichiometry @ slopes, conserved])
    answer = np.vstack([-network.stoichiometry * rates, np.zeros((len(conserved), rates.size))])
    scale = np.where(state > 0, state, 1.0)
    moved = np.linalg.lstsq(system * scale, answer, rcond=None)[0] * scale[:, None]
    undefined = np.full(slopes.shape[:1] * 2, np.nan)
    return np.divide(slopes @ moved + np.diag(rates), rates[:, None], out=undefined, where=rates[:, None] != 0)
