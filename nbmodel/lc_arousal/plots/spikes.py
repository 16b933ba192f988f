"""Pictures of spikes: the voltage of one cell, and a population in its modes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbmodel import figures
from nbmodel.core.network import Array
from nbmodel.lc_arousal import spike_trains
from nbmodel.lc_arousal.plots.look import LETTERS, PALE, SIGNAL, Picture, named, panels, spikes_in
from nbmodel.lc_arousal.spike_trains import Spikes


def one_cell(leaky: Array, slowed: Array, step: float = 0.1) -> Picture:
    """Figure of the voltage of a cell (mV above rest, every `step` ms) without and with its potassium current.

    Examples
    --------
    >>> one_cell(np.array([0.0, 4.0, -5.0]), np.array([0.0, 1.0, 2.0]))[1]
    'Voltage of one cell over 0 s. Only the leak: 1 spikes; with potassium channels: 0 spikes.'
    """
    fig, axes = panels(2, height=2.5, sharex=True, sharey=True)
    seconds = len(leaky) * step / 1e3
    fired = [len(spikes_in(course)) for course in (leaky, slowed)]
    names = ("Only the leak", "With potassium channels")
    for ax, course, name, count in zip(axes, (leaky, slowed), names, fired, strict=True):
        _voltage(ax, course, step, SIGNAL)
        rate = f": {count / seconds:.3g} spikes a second" if seconds >= 1 else ""
        named(ax, "", "V (mV\nabove rest)", name + rate)
    axes[1].set(xlim=(0, seconds), ylim=(-9, 8))
    axes[1].set_xlabel("time (s)", fontsize=LETTERS)
    return fig, (
        f"Voltage of one cell over {seconds:.0f} s. Only the leak: {fired[0]} spikes; "
        f"with potassium channels: {fired[1]} spikes."
    )


def _voltage(ax: Any, course: Array, step: float, colour: str) -> None:
    """Draw a voltage, its threshold, and a stroke where a spike would be."""
    at = step * np.arange(len(course)) / 1e3
    ax.plot(at, course, color=colour, linewidth=1.2)
    ax.vlines(at[spikes_in(course)], -5, 7.5, color=colour, linewidth=1.2)
    ax.axhline(5, color=PALE, linestyle=":", linewidth=1.5)


def modes(runs: Mapping[str, Spikes], stimuli: Sequence[float], seconds: float = 6.0) -> Picture:
    """Figure of the spikes of all cells in each mode, a panel each, with the population's rate above them."""
    told = {
        "silent": "Silent, under inhibition: hardly a spike",
        "phasic": "Phasic, weak drive: an answer, then a pause",
        "tonic": "Tonic, strong drive: a fast background",
    }
    fig, axes = panels(len(runs), height=2.5, sharex=True, sharey=True)
    said = []
    for ax, (mode, spikes) in zip(axes, runs.items(), strict=True):
        drawn = spikes.times < seconds
        ax.plot(spikes.times[drawn], spikes.cells[drawn], ".", markersize=3, color=SIGNAL)
        for at in stimuli:
            ax.axvline(at, color=figures.COLOURS["untreated"], linestyle="--", linewidth=1.5)
        ax.set(xlim=(0, seconds), ylim=(0, spikes.n_cells), yticks=[0, spikes.n_cells // 2, spikes.n_cells])
        named(ax, "", "cell", told[mode])
        together = np.nan_to_num(spike_trains.synchrony(spikes).value)  # cells that never fire have none
        said.append(f"{mode}: {spike_trains.rate(spikes).value:.1f} Hz, synchrony {round(together, 1) + 0.0:.1f}")
    axes[-1].set_xlabel("time (s); dashed: a stimulus to all cells", fontsize=LETTERS)
    return fig, (
        f"Spikes of {spikes.n_cells} cells over {seconds:g} s in three modes, with a stimulus every 2 s. "
        + "; ".join(said)
        + ". In phasic mode the cells answer each stimulus together and then fall silent."
    )


def drives_and_couplings(runs: Mapping[tuple[float, float], Spikes], columns: int = 3) -> Picture:
    """Figure of spikes at several drives (pA) and couplings (nS), a panel each."""
    fig, axes = figures.panels(len(runs) // columns, columns, height=2.2, sharex=True, sharey=True)
    said = []
    for ax, ((drive, coupling), spikes) in zip(axes.flat, runs.items(), strict=True):
        title = f"{drive:g} pA, {coupling:g} nS"
        ax.plot(spikes.times, spikes.cells, ".", markersize=2, color=SIGNAL)
        ax.set(xlim=(0, spikes.seconds), ylim=(0, spikes.n_cells), title=title)
        rate, together = spike_trains.rate(spikes), spike_trains.synchrony(spikes)
        said.append(f"{title}: {rate.value:.1f} Hz, synchrony {together.value:.2f}")
    for ax in axes[-1]:
        ax.set(xlabel="time (s)")
    for ax in axes[:, 0]:
        ax.set(ylabel="cell")
    return fig, "Spikes of cells at several drives and couplings, with a stimulus at 1 and 2 s. " + "; ".join(
        said
    ) + "."
