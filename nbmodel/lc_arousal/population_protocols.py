"""Experiments on the spiking cells: seven stimuli, three seeds, and what is read off the spikes in each mode."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from nbmodel.core.estimates import Estimate, estimate
from nbmodel.core.network import Array, Network
from nbmodel.core.protocol import protocol
from nbmodel.data.in_use import remembered
from nbmodel.lc_arousal.population import modes, population
from nbmodel.lc_arousal.spike_trains import Spikes, evoked, rate, rate_course, synchrony, variability
from nbmodel.lc_arousal.spiking import side_by_side

STIMULI = np.arange(1.0, 14.0, 2.0)  # s
BEFORE, RESPONSE = 0.5, 0.3  # s: over which the background is taken, and spikes count as an answer
SEEDS = (1, 2, 3)  # of the protocols; a scenario's seed is the first of its own three


def experiments(drive: float, coupling: float, seed: int) -> tuple[Spikes, ...]:
    """Spikes of 100 cells with seven stimuli, 2 s apart, for three seeds.

    Parameters
    ----------
    drive : float
        Tonic input, pA.
    coupling : float
        Sum of a cell's gap junctions, nS.
    seed : int
        The first of the three seeds.

    Returns
    -------
    tuple of Spikes
        One for each seed.
    """
    return _experiments([(drive, coupling)], seed)[0]


def crossed(seed: int) -> dict[tuple[str, str], tuple[Spikes, ...]]:
    """Spikes of those experiments with the drive and with the coupling of phasic and tonic mode.

    All in one loop, which takes half the time of one after the other.

    Parameters
    ----------
    seed : int
        The first of the three seeds.

    Returns
    -------
    dict of (str, str) to tuple of Spikes
        By mode of the drive and mode of the coupling.
    """
    of = {mode: modes()[mode] for mode in ("phasic", "tonic")}
    pairs = [(drive, coupling) for drive in of for coupling in of]
    runs = _experiments([(of[drive]["drive"], of[coupling]["coupling"]) for drive, coupling in pairs], seed)
    return dict(zip(pairs, runs, strict=True))


def _experiments(settings: Sequence[tuple[float, float]], seed: int) -> list[tuple[Spikes, ...]]:
    """For each drive (pA) and coupling (nS), the runs with all seeds."""
    cells = [population(cells=100, drive=drive, coupling=coupling) for drive, coupling in settings]
    runs = [(one, seed + i) for one in cells for i in range(len(SEEDS))]
    found = side_by_side(runs, float(STIMULI[-1]) + 1, STIMULI, settle=2.0)
    return [found[i : i + len(SEEDS)] for i in range(0, len(found), len(SEEDS))]


@lru_cache(maxsize=32)
def measures(runs: tuple[Spikes, ...]) -> dict[str, Estimate]:
    """Rate, regularity, synchrony and response of experiments with `STIMULI`, with intervals over seeds.

    Parameters
    ----------
    runs : tuple of Spikes
        As `experiments` gives them.

    Returns
    -------
    dict of str to Estimate
        `rate` and `background` (before a stimulus) in Hz per cell, `variability` (CV of intervals), `synchrony` over
        all time and `between` stimuli, `size` (spikes per cell and stimulus beyond the background), `latency` (ms)
        until half of the answer's height: the afferent delay, which is put in, and what the cells add to it. Nan where
        there are too few spikes.
    """
    answers = [evoked(run, STIMULI, before=BEFORE, response=RESPONSE) for run in runs]
    found = {
        "rate": [rate(run).value for run in runs],
        "variability": [variability(run).value for run in runs],
        "synchrony": [synchrony(run).value for run in runs],
        "between": [synchrony(run, pulses=STIMULI).value for run in runs],
        "background": [answer.baseline.value for answer in answers],
        "size": [answer.size.value for answer in answers],
        "latency": [1e3 * answer.latency.value for answer in answers],
    }
    return {name: estimate(values) for name, values in found.items()}


def mean_answer(runs: Sequence[Spikes], width: float = 0.025, after: float = 1.0) -> tuple[Array, Array]:
    """Rate around a stimulus, mean over `STIMULI` and runs, for what `measures` counts as background and answer.

    Parameters
    ----------
    runs : sequence of Spikes
        As `experiments` gives them.
    width, after : float
        Width of a bin, and how long after the stimulus, s.

    Returns
    -------
    starts : array, shape (bins,)
        Start of every bin, from the stimulus, s.
    rates : array, shape (bins,)
        Hz per cell.
    """
    bins = round((BEFORE + after) / width)
    first = np.round((STIMULI - BEFORE) / width).astype(int)
    places = first[:, None] + np.arange(bins)
    rates = np.mean([rate_course(run, width)[1][places].mean(axis=0) for run in runs], axis=0)
    return width * np.arange(bins, dtype=float) - BEFORE, np.asarray(rates, dtype=float)


@remembered
def in_mode(mode: str) -> dict[str, Estimate]:
    """Measures of one of the `modes`, for the seeds of the protocols."""
    return measures(crossed(SEEDS[0])[mode, mode])


def tonic_over_phasic_response(_: Network) -> float:
    """Spikes evoked in the tonic mode, as a multiple of those in the phasic mode (Aston-Jones 1994: fewer)."""
    return in_mode("tonic")["size"].value / in_mode("phasic")["size"].value


@protocol
def phasic_latency(_: Network) -> float:
    """Delay (ms) with which cells in the phasic mode answer a stimulus."""
    return in_mode("phasic")["latency"].value


@protocol
def phasic_exceeds_tonic(rest: Network) -> float:
    """Return 1 if cells in the phasic mode answer a stimulus more strongly than in the tonic mode, else -1."""
    return 1.0 if tonic_over_phasic_response(rest) < 1 else -1.0
