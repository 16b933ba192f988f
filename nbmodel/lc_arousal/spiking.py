"""The loop that steps spiking cells: Euler's method on a fixed grid, for several populations side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nbmodel.core.network import Array
from nbmodel.lc_arousal.population import Population, clearance, opening, shared_input
from nbmodel.lc_arousal.spike_trains import Spikes

CHUNK = 250  # time steps for which noise is drawn at once


def simulate(cells: Population, seconds: float, seed: int, pulses: ArrayLike = (), settle: float = 4.0) -> Spikes:
    """Spikes of a population of cells.

    Euler's method on a fixed grid: a spike falls on a time step, so that rounding does not move it. The same seed gives
    the same spikes.

    Parameters
    ----------
    cells : Population
        From `population.population`.
    seconds : float
        Length of the run that is kept.
    seed : int
        Seed of the random numbers.
    pulses : array-like
        Times of the stimuli, s from the start of what is kept.
    settle : float
        Seconds ahead of that, which are thrown away.

    Returns
    -------
    Spikes

    Raises
    ------
    ValueError
        For a time that is not above zero or a pulse outside the run.

    Examples
    --------
    >>> from nbmodel.lc_arousal.population import population
    >>> spikes = simulate(population(cells=5), 0.5, seed=1, settle=0.0)
    >>> spikes.n_cells, spikes.seconds
    (5, 0.5)
    """
    return side_by_side([(cells, seed)], seconds, pulses, settle)[0]


def side_by_side(
    runs: Sequence[tuple[Population, int]], seconds: float, pulses: ArrayLike = (), settle: float = 4.0
) -> tuple[Spikes, ...]:
    """Spikes of several populations, each with its seed, in one loop: those of `simulate` in a fraction of the time.

    Each run is kept, as figures, results and protocols ask for the same ones.

    Parameters
    ----------
    runs : sequence of (Population, int)
        Each population with its seed; they may differ in drive and coupling only.
    seconds : float
        Length of the run that is kept.
    pulses : array-like
        Times of the stimuli, s from the start of what is kept.
    settle : float
        Seconds ahead of that, which are thrown away.

    Returns
    -------
    tuple of Spikes

    Raises
    ------
    ValueError
        When those that are computed differ in more, or as `simulate` does.

    Examples
    --------
    >>> from nbmodel.lc_arousal.population import population
    >>> cells = [population(cells=5, drive=drive) for drive in (0.0, 50.0)]
    >>> len(side_by_side([(one, 1) for one in cells], 0.5, settle=0.0))
    2
    """
    stimuli = np.atleast_1d(np.asarray(pulses, dtype=float))
    places = [_kept(cells, seed, seconds, tuple(stimuli.tolist()), settle) for cells, seed in runs]
    missing = [i for i, place in enumerate(places) if not place]
    if missing:
        for i, spikes in zip(missing, _simulated([runs[i] for i in missing], seconds, stimuli, settle), strict=True):
            places[i].append(spikes)
    return tuple(place[0] for place in places)


@lru_cache(maxsize=48)
def _kept(cells: Population, seed: int, seconds: float, pulses: tuple[float, ...], settle: float) -> list[Spikes]:
    """Place where a run is kept: an empty list until it has been simulated."""
    return []


def _simulated(
    runs: Sequence[tuple[Population, int]], seconds: float, stimuli: Array, settle: float
) -> tuple[Spikes, ...]:
    """Spikes of each run, without those while it settles."""
    if not seconds > 0 or settle < 0 or np.any((stimuli < 0) | (stimuli >= seconds)):
        raise ValueError(f"a run needs a length above zero with its pulses inside, not {seconds:g} s and {stimuli}")
    c = runs[0][0]
    if any(replace(other, drive=c.drive, coupling=c.coupling) != c for other, _ in runs):
        raise ValueError("populations that run side by side may differ in drive and coupling only")
    n, dt = c.cells, c.step
    shared = np.stack([shared_input(cells, seconds, stimuli, settle) for cells, _ in runs], axis=1)
    skipped = len(shared) - round(1e3 * seconds / dt)
    times, who, levels = _stepped(runs, shared)
    steps = np.repeat(np.array(times, dtype=int), [one.size for one in who]) - skipped
    names = np.concatenate([np.empty(0, int), *who])
    found = []
    for r in range(len(runs)):
        kept = (names // n == r) & (steps > 0)
        found.append(Spikes(steps[kept] * dt / 1e3, names[kept] % n, n, float(seconds), levels[skipped:, r]))
    return tuple(found)


def _stepped(runs: Sequence[tuple[Population, int]], shared: Array) -> tuple[list[int], list[NDArray[np.intp]], Array]:
    """Steps in which cells fired, which cells (counted through all runs), and NE (nM) after every step, by run."""
    c = runs[0][0]
    n, dt, each, total = c.cells, c.step, range(len(runs)), len(shared)
    # V is counted from E_K on, which saves a term in every conductance; `scale` turns conductances into change per step.
    threshold, reset, scale = c.threshold - c.e_potassium, c.reset - c.e_potassium, dt / c.capacitance
    opened, decay = scale * c.ahp, float(np.exp(-dt / c.tau_ahp))
    coupling = [cells.coupling for cells, _ in runs]
    pull = np.array([[scale * one / n] for one in coupling])
    kick = np.array([[one * c.spikelet / c.capacitance / n] for one in coupling])
    coupled = {r for r in each if coupling[r]}
    passive, pace = [c.leak + one for one in coupling], dt / c.tau_alpha2
    alpha2, half_effect, vmax, km, rest_clearance = c.alpha2, c.half_effect, c.vmax, c.km, c.rest_clearance

    seeds = [seed for _, seed in runs]
    generators = {seed: np.random.default_rng(seed) for seed in seeds}  # runs with the same seed get the same numbers
    starts = {
        seed: (rng.uniform(reset, threshold, n), opened * rng.uniform(size=n)) for seed, rng in generators.items()
    }
    v, ahp = (np.array([starts[seed][part] for seed in seeds]) for part in (0, 1))
    # One number for each run: Python's own are faster here than arrays of a few.
    ne, g_protein, conductance = [0.0] * len(runs), [0.0] * len(runs), np.empty((len(runs), 1))
    change, v_flat, ahp_flat = np.empty_like(v), v.reshape(-1), ahp.reshape(-1)
    times, who, levels = [], [], np.empty((total, len(runs)))
    for i in range(total):
        k = i % CHUNK
        if k == 0:
            given = _given(c, shared[i : i + CHUNK], generators, seeds)
        for r in each:
            conductance[r, 0] = scale * (passive[r] + alpha2 * g_protein[r])
            g_protein[r] += pace * opening(g_protein[r], ne[r], half_effect)
            ne[r] -= dt * clearance(ne[r], vmax, km, rest_clearance)
        np.add(ahp, conductance, out=change)
        change *= v
        if coupled:
            given[k] += pull * np.add.reduce(v, axis=1, keepdims=True)
        v -= change
        v += given[k]
        ahp *= decay
        if np.maximum.reduce(v, axis=None) >= threshold:
            where = np.flatnonzero(v >= threshold)
            counts = Counter((where // n).tolist())
            if coupled.intersection(counts):
                v += kick * np.array([counts[r] for r in each])[:, None]
            v_flat[where] = reset
            ahp_flat[where] += opened
            for r, count in counts.items():
                ne[r] += c.ne_impulse * count / n
            times.append(i + 1)
            who.append(where)
        levels[i] = ne
    return times, who, levels


def _given(c: Population, shared: Array, generators: dict[int, np.random.Generator], seeds: list[int]) -> Array:
    """Change that input, pacemaker and noise add to each cell's voltage in some steps (mV), shape (steps, runs, cells)."""
    dt, scale = c.step, c.step / c.capacitance
    # Private noise per step (mV): packets of charge arriving at random, and the membrane's own, of the given SD.
    own = 2 * dt * c.leak / c.capacitance * c.membrane_noise**2
    noise = np.sqrt(c.charge * np.abs(shared) * dt / c.capacitance**2 + own)
    drawn = {seed: rng.standard_normal((len(shared), c.cells)) for seed, rng in generators.items()}
    given = np.stack([drawn[seed] for seed in seeds], axis=1) * noise[:, :, None]
    given += scale * (c.pacemaker_current + c.leak * (c.e_leak - c.e_potassium)) + scale * shared[:, :, None]
    return np.asarray(given)
