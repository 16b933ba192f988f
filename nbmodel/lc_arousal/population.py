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

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters, convert
from nbmodel.models import norepinephrine_terminal

# -- the laws: plain arithmetic, for the page; the loop of `spiking` is the same in fewer steps (a test holds it to them) -


def membrane(
    v: Value,
    pacemaker: Value,
    given: Value,
    leak: Value,
    e_leak: Value,
    ahp: Value,
    alpha2: Value,
    g: Value,
    e_potassium: Value,
    gap: Value,
    mean: Value,
) -> Value:
    """C dV/dt (pA) between spikes: pacemaker and input currents (pA), leak, the two K+ conductances, gap junctions (nS)."""
    return pacemaker + given + leak * (e_leak - v) + (ahp + alpha2 * g) * (e_potassium - v) + gap * (mean - v)


def opening(g: Value, ne: Value, half_effect: Value) -> Value:
    """tau dG/dt of the G protein by which NE (nM) opens K+ channels, a share of what it can open."""
    return ne / (ne + half_effect) - g


def clearance(ne: Value, vmax: Value, km: Value, rest: Value) -> Value:
    """Rate at which NE around the cells goes (nM/ms): NET, and all else at a constant share `rest` (1/ms)."""
    return vmax * ne / (km + ne) + rest * ne


@dataclass(frozen=True)
class Population:
    """Cells, their coupling and their input. Times in ms, potentials mV, conductances nS, currents pA, NE nM.

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
        """Rate (Hz) that each cell's pacemaker is set to, shape (cells,)."""
        place = (np.arange(self.cells) + 0.5) / self.cells
        return np.asarray(self.slowest * (self.fastest / self.slowest) ** place)

    @property
    def pacemaker_current(self) -> Array:
        """Current (pA) that makes a cell alone fire at its pacemaker's rate, shape (cells,).

        It carries V to threshold just when the after-hyperpolarisation of all earlier spikes has decayed far enough; V
        follows at once in this formula, so fast cells come out a few per cent slower; membrane noise makes slow ones faster.
        """
        left = self.ahp / np.expm1(1e3 / self.pacemakers / self.tau_ahp)
        return left * (self.threshold - self.e_potassium) + self.leak * (self.threshold - self.e_leak)


def population(p: Parameters | None = None, /, **changes: float) -> Population:
    """Population of LC cells with the collection's parameters and some of its fields changed.

    `drive` is that of waking, and there is no coupling.

    Parameters
    ----------
    p (positional) : Parameters, optional
        Table to read instead of the collection's.
    **changes : float
        Fields of `Population`, in its units.

    Returns
    -------
    Population

    Raises
    ------
    ParameterError
        When rows are missing.
    TypeError
        For a field that does not exist.
    ValueError
        For fewer than two cells or a time step that is not above zero.

    Examples
    --------
    >>> population(cells=100, coupling=2.0).cells
    100
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
            rest_clearance=norepinephrine_terminal.network(p).parameters["k_uptake2"] / 1e3,  # 1/ms
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

    Parameters
    ----------
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    dict of str to dict
        By mode: `drive` in pA and `coupling` in nS.

    Examples
    --------
    >>> sorted(modes())
    ['phasic', 'silent', 'tonic']
    >>> modes()["phasic"]["coupling"] > 0
    True
    """
    p = p or parameters.load()
    return {
        "silent": {"drive": p.value("drive_LC_silent", "pA"), "coupling": 0.0},
        "phasic": {"drive": p.value("drive_LC_wake", "pA"), "coupling": p.value("g_gap_LC", "nS")},
        "tonic": {"drive": p.value("drive_LC_tonic", "pA"), "coupling": 0.0},
    }


def shared_input(cells: Population, seconds: float, pulses: ArrayLike = (), before: float = 0.0) -> Array:
    """Current (pA) that every cell receives at each time step: the drive, and a pulse for each stimulus.

    Stimuli are at the times `pulses` (s); `before` (s) comes ahead of time zero.
    """
    current = np.full(round(1e3 * (before + seconds) / cells.step), float(cells.drive))
    time = cells.step * np.arange(current.size) - 1e3 * before
    for pulse in np.atleast_1d(np.asarray(pulses, dtype=float)):
        since = np.maximum(time - (1e3 * pulse + cells.delay), 0.0) / cells.tau_pulse
        current += cells.pulse * since * np.exp(1 - since)
    return current
