"""The LC population of `nbmodel.lc_arousal.population`, written independently for Brian2, and the numbers that it gives.

Usage, in an environment of its own (numpy<2.4, brian2, cython, pint), from the root of the repository:

    PYTHONPATH=. python tests/oracles/lc_population_brian2.py

It writes `lc_population_brian2.csv` beside itself (about five minutes). From the package it takes the parameter table
only: equations, units, integration (a time step of 0.1 ms), wiring (every gap junction by itself) and the measures are
its own.
"""

from __future__ import annotations

import csv
import importlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from nbmodel.data.parameters import load

CELLS, SECONDS, SETTLE, SEEDS, BIN = 100, 20.0, 4.0, range(10), 0.05
PULSES = [1.0 + 2.0 * i for i in range(10)]
# Condition -> tonic input, gap junctions, stimuli; symbols are rows of the parameter table.
CONDITIONS: dict[str, tuple[str, str | None, list[float]]] = {
    "tonic drive, uncoupled": ("drive_LC_tonic", None, []),
    "waking drive, coupled, stimuli": ("drive_LC_wake", "g_gap_LC", PULSES),
}

EQUATIONS = """
dv/dt = (I_pace + I_shared + g_leak*(E_leak - v) - (g_ahp + g_alpha2*G)*(v - E_K) + I_gap)/C
        + sqrt(charge*abs(I_shared)/C**2 + 2*g_leak/C*noise**2)*xi : volt
dg_ahp/dt = -g_ahp/tau_ahp : siemens
I_pace : amp
I_gap : amp
I_shared : amp (linked)
G : 1 (linked)
"""
INPUT = """
dI_pulse/dt = (e_pulse*s - I_pulse)/tau_pulse : amp
ds/dt = -s/tau_pulse : 1
I = drive + I_pulse : amp
"""
NE = """
dx/dt = -vmax*x/(km + x) - k_rest*x : mmolar
dG/dt = (x/(x + half) - G)/tau_alpha2 : 1
"""


def lost_outside(p: Any) -> float:
    """What COMT clears in the living brain (1/s): its share of the store's turnover, at the basal level outside."""
    stored = p.value("C_NE_cortex", "g/g") * p.value("rho_tissue", "g/L") / p.value("MW_NE", "g/umol")  # uM of tissue
    outside = p["share_lost_outside"].value * p.value("k_turn_NE", "1/s") * stored / p["alpha_ecs"].value
    return float(outside / p.value("x0_ECF", "uM"))


def run(b: Any, seed: int, drive: str, gap: str | None, pulses: list[float]) -> tuple[Any, Any]:
    """Spike times (s, after settling) and cells of one run."""
    p = load()

    def take(symbol: str, unit: str, brian_unit: Any) -> Any:
        return p.value(symbol, unit) * brian_unit

    b.start_scope()
    b.seed(seed)
    b.defaultclock.dt = 0.1 * b.ms
    names = {
        "C": take("C_LC", "pF", b.pF),
        "g_leak": take("g_leak_LC", "nS", b.nS),
        "E_leak": take("E_leak_LC", "mV", b.mV),
        "E_K": take("E_K_LC", "mV", b.mV),
        "V_th": take("V_threshold_LC", "mV", b.mV),
        "V_reset": take("V_reset_LC", "mV", b.mV),
        "ahp": take("g_AHP_LC", "nS", b.nS),
        "tau_ahp": take("tau_AHP_LC", "ms", b.ms),
        "noise": take("noise_LC", "mV", b.mV),
        "charge": take("charge_EPSC_LC", "fC", 1e-15 * b.coulomb),
        "g_alpha2": take("g_alpha2_LC", "nS", b.nS),
        "half": take("EC50_alpha2_LC", "nM", 1e-6 * b.mmolar),
        "tau_alpha2": take("tau_alpha2_LC", "ms", b.ms),
        "step_NE": take("NE_impulse_LC", "nM", 1e-6 * b.mmolar) / CELLS,
        "vmax": take("Vmax_NET", "uM/s", 1e-3 * b.mmolar / b.second),
        "km": take("Km_NET_NE", "uM", 1e-3 * b.mmolar),
        "k_rest": lost_outside(p) / b.second,
        "drive": take(drive, "pA", b.pA),
        "e_pulse": np.e * take("pulse_LC", "pA", b.pA),
        "tau_pulse": take("tau_pulse_LC", "ms", b.ms),
    }
    cells = b.NeuronGroup(
        CELLS, EQUATIONS, threshold="v >= V_th", reset="v = V_reset; g_ahp += ahp", method="euler", namespace=names
    )
    shared = b.NeuronGroup(1, INPUT, method="euler", namespace=names)
    fluid = b.NeuronGroup(1, NE, method="euler", namespace=names)
    cells.I_shared = b.linked_var(shared, "I")
    cells.G = b.linked_var(fluid, "G")

    # The pacemaker current from the rate wanted: the drive to threshold is what is left of the after-hyperpolarisation.
    slice_rate = p["r_LC_slice"]
    rates = np.exp(np.interp((np.arange(CELLS) + 0.5) / CELLS, [0, 1], np.log([slice_rate.low, slice_rate.high])))
    left = names["ahp"] / (np.exp(1 / (rates * b.Hz * names["tau_ahp"])) - 1)
    cells.I_pace = left * (names["V_th"] - names["E_K"]) + names["g_leak"] * (names["V_th"] - names["E_leak"])
    cells.v = "V_reset + rand()*(V_th - V_reset)"
    cells.g_ahp = "rand()*ahp"

    objects = [cells, shared, fluid]
    release = b.Synapses(cells, fluid, on_pre="x_post += step_NE", namespace=names)
    release.connect()
    objects.append(release)
    if pulses:
        delay = take("delay_LC_afferent", "ms", b.ms)
        arrivals = [(SETTLE + at) * b.second + delay for at in pulses]
        stimulus = b.SpikeGeneratorGroup(1, [0] * len(arrivals), arrivals)
        afferent = b.Synapses(stimulus, shared, on_pre="s_post += 1")
        afferent.connect()
        objects += [stimulus, afferent]
    if gap:
        names["g_pair"] = take(gap, "nS", b.nS) / CELLS
        names["kick"] = names["g_pair"] * take("spikelet_LC", "mV*ms", b.mV * b.ms) / names["C"]
        junctions = b.Synapses(
            cells,
            cells,
            "I_gap_post = g_pair*(v_pre - v_post) : amp (summed)",
            on_pre="v_post += kick",
            namespace=names,
        )
        junctions.connect()
        objects.append(junctions)
    monitor = b.SpikeMonitor(cells)
    network = b.Network(*objects, monitor)
    network.run((SETTLE + SECONDS) * b.second)
    times, who = np.asarray(monitor.t / b.second) - SETTLE, np.asarray(monitor.i)
    return times[times > 0], who[times > 0]


def measure(times: Any, who: Any, pulses: list[float]) -> dict[str, float]:
    """Rate (Hz), coefficient of variation, synchrony (correlation of counts), spikes evoked per cell and stimulus."""
    trains = [times[who == cell] for cell in range(CELLS)]
    gaps = [np.diff(train) for train in trains if len(train) > 5]
    edges = np.linspace(0, SECONDS, round(SECONDS / BIN) + 1)
    table = np.array([np.histogram(train, edges)[0] for train in trains])
    pairs = np.corrcoef(table[table.std(axis=1) > 0])[np.triu_indices(int((table.std(axis=1) > 0).sum()), 1)]
    per_second = len(times) / CELLS / SECONDS
    evoked = np.nan
    if pulses:
        after = np.mean([np.sum((times > at) & (times <= at + 0.3)) for at in pulses]) / CELLS
        before = np.mean([np.sum((times > at - 0.5) & (times <= at)) for at in pulses]) / CELLS
        evoked = float(after - before * 0.3 / 0.5)
    return {
        "rate": per_second,
        "cv": float(np.mean([gap.std() / gap.mean() for gap in gaps])),
        "synchrony": float(pairs.mean()),
        "evoked": evoked,
    }


def main() -> None:
    """Run every condition with every seed and store what is measured."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        b: Any = importlib.import_module("brian2")
    b.BrianLogger.log_level_error()
    with Path(__file__).with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["condition", "seed", "rate", "cv", "synchrony", "evoked"])
        for condition, (drive, gap, pulses) in CONDITIONS.items():
            for seed in SEEDS:
                found = measure(*run(b, seed, drive, gap, pulses), pulses)
                writer.writerow([condition, seed, *(f"{value:.5g}" for value in found.values())])
                file.flush()


if __name__ == "__main__":
    main()
