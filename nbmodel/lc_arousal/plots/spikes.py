"""Pictures of spikes: the voltage of one cell, and a population in its modes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbmodel import figures
from nbmodel.core.network import Array
from nbmodel.lc_arousal import population_protocols, spike_trains
from nbmodel.lc_arousal.plots.look import LETTERS, NE, PALE, SIGNAL, SMALL, Picture, named, panels, rate_of, spikes_in
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
        named(ax, "", "V (mV\nabove rest)", name + (f": {rate_of(course, step):.2g} Hz" if count > 1 else ""))
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


def modes(
    runs: Mapping[str, Spikes], stimuli: Sequence[float], extra: Mapping[str, float], seconds: float = 6.0
) -> Picture:
    """Figure of the spikes of all cells, a panel for each mode, with the extra spikes that a stimulus brings to a cell.

    Silent cells need little room. `extra` is by mode; silent cells have none.
    """
    told = {
        "silent": "Silent, under inhibition: hardly a spike",
        "phasic": "Phasic, weak drive: quiet, {:.1f} extra spikes",
        "tonic": "Tonic, strong drive: busy, {:.1f} extra spikes",
    }
    room = [0.4 if mode == "silent" else 1.0 for mode in runs]
    fig, axes = panels(len(runs), height=2.2, sharex=True, sharey=True, height_ratios=room)
    said = []
    for ax, (mode, spikes) in zip(axes, runs.items(), strict=True):
        drawn = spikes.times < seconds
        ax.plot(spikes.times[drawn], spikes.cells[drawn], ".", markersize=3, color=SIGNAL)
        for at in stimuli:
            ax.axvline(at, color=figures.COLOURS["untreated"], linestyle="--", linewidth=1.5)
        ax.set(xlim=(0, seconds), ylim=(0, spikes.n_cells), yticks=[0, spikes.n_cells // 2, spikes.n_cells])
        named(ax, "", "cell", told[mode].format(extra.get(mode, 0)))
        together = np.nan_to_num(spike_trains.synchrony(spikes).value)  # cells that never fire have none
        brought = f", {extra[mode]:.1f} extra spikes per cell and stimulus" if mode in extra else ""
        said.append(
            f"{mode}: {spike_trains.rate(spikes).value:.1f} Hz, synchrony {round(together, 1) + 0.0:.1f}{brought}"
        )
    axes[-1].set_xlabel("time (s); dashed: a stimulus to all cells", fontsize=LETTERS)
    return fig, (
        f"Spikes of {spikes.n_cells} cells over {seconds:g} s in three modes, with a stimulus every 2 s. "
        + "; ".join(said)
        + ". In phasic mode the cells answer each stimulus together and then fall silent."
    )


def answers(runs: Mapping[str, Sequence[Spikes]]) -> Picture:
    """Figure of the mean answer to a stimulus, a panel each: the background, what stands above it, and what is missing.

    Parameters
    ----------
    runs : Mapping of str to sequence of Spikes
        By what the panel is called, experiments with the stimuli of `population_protocols`.
    """
    fig, axes = panels(len(runs), height=2.3, sharex=True, sharey=True)
    missing, said = figures.COLOURS["untreated"], []
    for ax, (name, spikes) in zip(axes, runs.items(), strict=True):
        times, rates = population_protocols.mean_answer(spikes)
        found = population_protocols.measures(tuple(spikes))
        base, size = found["background"].value, found["size"].value
        # The last bin of the response ends where the next begins.
        counted = (times >= -1e-9) & (times <= population_protocols.RESPONSE + 1e-9)
        over = np.where(counted, rates - base, 0)[:-1]
        more = float(np.diff(times) @ np.maximum(over, 0))
        ax.fill_between(times, 0, np.minimum(rates, base), step="post", color=PALE, alpha=0.4, linewidth=0)
        ax.fill_between(
            times, base, np.maximum(rates, base), where=counted, step="post", color=NE, alpha=0.5, linewidth=0
        )
        ax.fill_between(times, np.minimum(rates, base), base, where=counted, step="post", color=missing, linewidth=0)
        ax.step(times, rates, where="post", color=SIGNAL, linewidth=2)
        ax.axvline(0, color=PALE, linestyle="--", linewidth=1.5)
        words = {"ha": "right", "va": "center", "fontsize": LETTERS}
        ax.text(0.98, 33, f"{more:.1f} spikes above", color=NE, **words)
        ax.text(0.98, 25, f"− {more - size:.1f} missing after", color=missing, **words)
        ax.text(0.98, 16, f"= {size:.1f} extra per cell", color=SIGNAL, weight="bold", **words)
        ax.text(-0.48, base + 1, f"background {base:.1f} Hz", color=SIGNAL, fontsize=SMALL, va="bottom")
        named(ax, "", "Hz per cell", f"{name}: {size:.1f} extra spikes")
        ax.grid(visible=False)
        said.append(
            f"{name}: {more:.1f} spikes per cell above a background of {base:.1f} Hz, less {more - size:.1f} that are missing "
            f"in the pause: {size:.1f} extra"
        )
    axes[-1].set(xlim=(-0.5, 1), ylim=(0, None))
    axes[-1].set_xlabel("time from the stimulus (s)", fontsize=LETTERS)
    return fig, "Mean answer of the cells to a stimulus. " + "; ".join(said) + "."
