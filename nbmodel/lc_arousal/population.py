"""A population of spiking locus coeruleus (LC) cells: what its input and coupling make of its own slow pacemaker.

Each cell is a leaky integrate-and-fire cell with an after-hyperpolarisation, a slow K+ conductance that every spike opens:

    C dV/dt = g_leak (E_leak - V) + I_pace + I_input(t) - (g_ahp + g_alpha2 G) (V - E_K) + g_gap (mean V - V) + noise

- Pacemaker: the persistent inward current of LC cells, lumped into a constant `I_pace` that differs from cell to cell.
- Collateral inhibition: an impulse of the whole population raises norepinephrine (NE) around the cells by a fixed step;
  NET and diffusion clear it. NE opens the K+ conductance of alpha2 receptors (law of mass action with the half-effect
  measured in LC cells) through a slow filter G, the G protein.
- Gap junctions: every cell to every other, weakly. Current flows between the potentials, and each spike, which an
  integrate-and-fire cell does not draw, passes its area on (a spikelet).
- Input: a tonic current, excitatory or (below zero) inhibitory, and pulses that all cells share. It arrives in packets
  of one postsynaptic charge, so that each cell has private noise whose strength follows from the current.

Nothing is switched between modes: they are what the same cells do under other input and coupling (`modes`).

Two things are fitted: `I_pace`, so that cells alone fire at 1-5 Hz (Williams 1984), and the drive of waking, so that the
population fires at about the rate of waking. The afferent delay is put in, so the latency of a response is for the
most part input. What is left out: the A-type current, unequal and local wiring (adult gap junctions join small groups),
unequal reach and arrival of a stimulus, uneven NE. So responses come out more synchronous than recorded ones: in
anaesthetised rats a noxious stimulus synchronises about 16 % of cells (Totah 2018).

Coupling as the switch between modes is the idea of Usher et al. 1999. In slices of adult rats a current that slows the
cells makes them more synchronous (Alvarez et al. 2002). Here the default coupling gives no synchrony without a stimulus,
at any drive; twice as much gives it near no drive at all, so that finding is neither met nor refuted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
from numpy.typing import ArrayLike

from nbmodel.core.estimates import Estimate, estimate
from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array, Network
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters, convert
from nbmodel.lc_arousal.spike_trains import Spikes, evoked, rate, synchrony, variability

CHUNK = 250  # time steps for which noise is drawn at once


# -- the laws: plain arithmetic, for the page; the loop of `simulate` is the same in fewer steps (a test holds it to them) -


def membrane(
    v: Value, pacemaker: Value, given: Value, leak: Value, e_leak: Value, ahp: Value, alpha2: Value, g: Value,
    e_potassium: Value, gap: Value, mean: Value,
) -> Value:  # fmt: skip
    """C dV/dt (pA) between spikes: pacemaker and input currents (pA), leak, the two K+ conductances, gap junctions (nS)."""
    return pacemaker + given + leak * (e_leak - v) + (ahp + alpha2 * g) * (e_potassium - v) + gap * (mean - v)


def opening(g: Value, ne: Value, half_effect: Value) -> Value:
    """tau dG/dt of the G protein by which NE (nM) opens K+ channels, a share of what it can open."""
    return ne / (ne + half_effect) - g


def clearance(ne: Value, vmax: Value, km: Value, rest: Value) -> Value:
    """How fast NE around the cells goes (nM/ms): NET, and all else at a constant share `rest` (1/ms)."""
    return vmax * ne / (km + ne) + rest * ne


@dataclass(frozen=True)
class Population:
    """The cells, their coupling and their input. Times in ms, potentials mV, conductances nS, currents pA, NE nM.

    `slowest` and `fastest` (Hz) bound the pacemakers, spread evenly on a logarithmic scale (cell 0 is the slowest);
    `charge` (fC) is that of one postsynaptic current; `spikelet` (mV ms) the area of a spike as a neighbour sees it;
    `coupling` the sum of a cell's gap junctions; `ne_impulse` the NE that one impulse of all cells adds; NE is cleared
    by `vmax` (nM/ms), `km` (nM) and `rest_clearance` (1/ms). `drive` is the tonic input; a pulse reaches the cells
    `delay` after the stimulus as an alpha function that peaks at `pulse` after `tau_pulse`. `step` is the time step.
    """

    slowest: float
    fastest: float
    capacitance: float
    leak: float
    e_leak: float
    e_potassium: float
    threshold: float
    reset: float
    ahp: float
    tau_ahp: float
    membrane_noise: float
    charge: float
    alpha2: float
    half_effect: float
    tau_alpha2: float
    ne_impulse: float
    vmax: float
    km: float
    rest_clearance: float
    spikelet: float
    coupling: float
    drive: float
    pulse: float
    tau_pulse: float
    delay: float
    cells: int = 200
    step: float = 0.25

    @property
    def pacemakers(self) -> Array:
        """The rate (Hz) that each cell's pacemaker is set to, shape (cells,)."""
        place = (np.arange(self.cells) + 0.5) / self.cells
        return np.asarray(self.slowest * (self.fastest / self.slowest) ** place)

    @property
    def pacemaker_current(self) -> Array:
        """The current (pA) that makes a cell alone fire at its pacemaker's rate, shape (cells,).

        It carries V to threshold just when the after-hyperpolarisation of all earlier spikes has decayed far enough; V
        follows at once in this formula, so fast cells come out a few per cent slower; membrane noise makes slow ones faster.
        """
        left = self.ahp / np.expm1(1e3 / self.pacemakers / self.tau_ahp)
        return left * (self.threshold - self.e_potassium) + self.leak * (self.threshold - self.e_leak)


def population(p: Parameters | None = None, /, **changes: float) -> Population:
    """The population with the collection's parameters, or those of `p`; `changes` are fields of `Population`.

    `drive` is that of waking, and there is no coupling. Raises ParameterError for missing rows, TypeError for
    a field that does not exist, ValueError for fewer than two cells or a time step that is not above zero.
    """
    p = p or parameters.load()
    slice_rate = p["r_LC_slice"]
    made = replace(
        Population(
            slowest=convert(slice_rate.low, slice_rate.unit, "Hz"),
            fastest=convert(slice_rate.high, slice_rate.unit, "Hz"),
            capacitance=p.value("C_LC", "pF"),
            leak=p.value("g_leak_LC", "nS"),
            e_leak=p.value("E_leak_LC", "mV"),
            e_potassium=p.value("E_K_LC", "mV"),
            threshold=p.value("V_threshold_LC", "mV"),
            reset=p.value("V_reset_LC", "mV"),
            ahp=p.value("g_AHP_LC", "nS"),
            tau_ahp=p.value("tau_AHP_LC", "ms"),
            membrane_noise=p.value("noise_LC", "mV"),
            charge=p.value("charge_EPSC_LC", "fC"),
            alpha2=p.value("g_alpha2_LC", "nS"),
            half_effect=p.value("EC50_alpha2_LC", "nM"),
            tau_alpha2=p.value("tau_alpha2_LC", "ms"),
            ne_impulse=p.value("NE_impulse_LC", "nM"),
            vmax=p.value("Vmax_NET", "nM/ms"),
            km=p.value("Km_NET_NE", "nM"),
            rest_clearance=p.value("k_nonNET", "1/ms"),
            spikelet=p.value("spikelet_LC", "mV*ms"),
            coupling=0.0,
            drive=p.value("drive_LC_wake", "pA"),
            pulse=p.value("pulse_LC", "pA"),
            tau_pulse=p.value("tau_pulse_LC", "ms"),
            delay=p.value("delay_LC_afferent", "ms"),
        ),
        **changes,  # type: ignore[arg-type]
    )
    if made.cells < 2 or made.step <= 0:
        raise ValueError(f"a population needs two cells and a time step above zero, not {made.cells} and {made.step:g}")
    return made


def modes(p: Parameters | None = None) -> dict[str, dict[str, float]]:
    """Input and coupling for three modes, as `changes` of `population`.

    *silent*: inhibitory input, as GABA gives it in REM sleep; *phasic*: the drive of waking, cells coupled; *tonic*:
    strong drive, cells not coupled.
    """
    p = p or parameters.load()
    return {
        "silent": {"drive": p.value("drive_LC_silent", "pA"), "coupling": 0.0},
        "phasic": {"drive": p.value("drive_LC_wake", "pA"), "coupling": p.value("g_gap_LC", "nS")},
        "tonic": {"drive": p.value("drive_LC_tonic", "pA"), "coupling": 0.0},
    }


def shared_input(cells: Population, seconds: float, pulses: ArrayLike = (), before: float = 0.0) -> Array:
    """The current (pA) that every cell receives at each time step: the drive, and a pulse for each stimulus.

    Stimuli are at the times `pulses` (s); `before` (s) comes ahead of time zero.
    """
    current = np.full(round(1e3 * (before + seconds) / cells.step), float(cells.drive))
    time = cells.step * np.arange(current.size) - 1e3 * before
    for pulse in np.atleast_1d(np.asarray(pulses, dtype=float)):
        since = np.maximum(time - (1e3 * pulse + cells.delay), 0.0) / cells.tau_pulse
        current += cells.pulse * since * np.exp(1 - since)
    return current


def simulate(cells: Population, seconds: float, seed: int, pulses: ArrayLike = (), settle: float = 4.0) -> Spikes:
    """The spikes of `seconds`, with stimuli at the times `pulses` (s), after `settle` seconds that are thrown away.

    Euler's method on a fixed grid: a spike falls on a time step, so that rounding does not move it. The same seed gives
    the same spikes. Raises ValueError for a time that is not above zero or a pulse outside the run.
    """
    return side_by_side([(cells, seed)], seconds, pulses, settle)[0]


def side_by_side(
    runs: Sequence[tuple[Population, int]], seconds: float, pulses: ArrayLike = (), settle: float = 4.0
) -> tuple[Spikes, ...]:
    """`simulate` for several populations, each with its seed, in one loop: the same spikes in a fraction of the time.

    The populations may differ in drive and coupling only. Raises ValueError when those that are computed differ in more.
    Each run is kept, as figures, results and protocols ask for the same ones.
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
    """Where a run is kept: an empty list until it has been simulated."""
    return []


def _simulated(
    runs: Sequence[tuple[Population, int]], seconds: float, stimuli: Array, settle: float
) -> tuple[Spikes, ...]:
    if not seconds > 0 or settle < 0 or np.any((stimuli < 0) | (stimuli >= seconds)):
        raise ValueError(f"a run needs a length above zero with its pulses inside, not {seconds:g} s and {stimuli}")
    c = runs[0][0]
    if any(replace(other, drive=c.drive, coupling=c.coupling) != c for other, _ in runs):
        raise ValueError("populations that run side by side may differ in drive and coupling only")
    n, dt = c.cells, c.step
    generators = {seed: np.random.default_rng(seed) for _, seed in runs}  # runs with the same seed get the same numbers
    shared = np.stack([shared_input(cells, seconds, stimuli, settle) for cells, _ in runs], axis=1)
    total = len(shared)
    skipped = total - round(1e3 * seconds / dt)
    # Private noise per step (mV): packets of charge arriving at random, and the membrane's own, of the given SD.
    own = 2 * dt * c.leak / c.capacitance * c.membrane_noise**2
    noise = np.sqrt(c.charge * np.abs(shared) * dt / c.capacitance**2 + own)
    # V is counted from E_K on, which saves a term in every conductance; `scale` turns conductances into change per step.
    threshold, reset = c.threshold - c.e_potassium, c.reset - c.e_potassium
    scale = dt / c.capacitance
    constant = scale * (c.pacemaker_current + c.leak * (c.e_leak - c.e_potassium))
    each = range(len(runs))
    coupling = [cells.coupling for cells, _ in runs]
    pull = np.array([[scale * one / n] for one in coupling])
    kick = np.array([[one * c.spikelet / c.capacitance / n] for one in coupling])
    coupled = {r for r in each if coupling[r]}
    passive, pace = [c.leak + one for one in coupling], dt / c.tau_alpha2
    alpha2, half_effect, vmax, km, rest_clearance = c.alpha2, c.half_effect, c.vmax, c.km, c.rest_clearance
    opened, decay = scale * c.ahp, float(np.exp(-dt / c.tau_ahp))

    starts = {
        seed: (rng.uniform(reset, threshold, n), opened * rng.uniform(size=n)) for seed, rng in generators.items()
    }
    v, ahp = (np.array([starts[seed][part] for _, seed in runs]) for part in (0, 1))
    # One number for each run: Python's own are faster here than arrays of a few.
    ne, g_protein, conductance = [0.0] * len(runs), [0.0] * len(runs), np.empty((len(runs), 1))
    change, v_flat, ahp_flat = np.empty_like(v), v.reshape(-1), ahp.reshape(-1)
    times, who, levels = [], [], np.empty((total, len(runs)))
    for i in range(total):
        k = i % CHUNK
        if k == 0:
            piece = slice(i, i + CHUNK)
            drawn = {seed: rng.standard_normal((len(shared[piece]), n)) for seed, rng in generators.items()}
            given = np.stack([drawn[seed] for _, seed in runs], axis=1) * noise[piece, :, None]
            given += constant + scale * shared[piece, :, None]
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
    steps = np.repeat(np.array(times, dtype=int), [one.size for one in who]) - skipped
    names = np.concatenate([np.empty(0, int), *who])
    found = []
    for r in each:
        kept = (names // n == r) & (steps > 0)
        found.append(Spikes(steps[kept] * dt / 1e3, names[kept] % n, n, float(seconds), levels[skipped:, r]))
    return tuple(found)


STIMULI = np.arange(1.0, 14.0, 2.0)  # s, of the experiments below


SEEDS = (1, 2, 3)  # of the protocols; a scenario's seed is the first of its own three


def experiments(drive: float, coupling: float, seed: int) -> tuple[Spikes, ...]:
    """The spikes of 100 cells with seven stimuli, 2 s apart, with three seeds of which the first is `seed`."""
    return _experiments([(drive, coupling)], seed)[0]


def crossed(seed: int) -> dict[tuple[str, str], tuple[Spikes, ...]]:
    """Those experiments with the drive and with the coupling of phasic and tonic mode: by mode of drive and of coupling.

    All in one loop, which takes half the time of one after the other.
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
    """What is read off experiments with `STIMULI`, each with its interval over seeds; nan where there are too few spikes.

    `rate` and `background` (before a stimulus) in Hz per cell, `variability` (CV of intervals), `synchrony` over all time and
    `between` stimuli, `size` (spikes per cell and stimulus beyond the background), `latency` (ms) until half of the answer's
    height: the afferent delay, which is put in, and what the cells add to it.
    """
    answers = [evoked(run, STIMULI) for run in runs]
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


@cache
def in_mode(mode: str) -> dict[str, Estimate]:
    """Those measures of one of the `modes`, for the seeds of the protocols."""
    return measures(crossed(SEEDS[0])[mode, mode])


def tonic_over_phasic_response(_: Network) -> float:
    """Spikes evoked in the tonic mode, as a multiple of those in the phasic mode (Aston-Jones 1994: fewer)."""
    return in_mode("tonic")["size"].value / in_mode("phasic")["size"].value


PROTOCOLS: dict[str, Callable[[Network], float]] = {
    "phasic_latency": lambda _: in_mode("phasic")["latency"].value,
    "phasic_exceeds_tonic": lambda rest: 1.0 if tonic_over_phasic_response(rest) < 1 else -1.0,
}
