"""Pictures of the broadcast: few cells for many neurons, from their firing to NE in each region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nbmodel import figures
from nbmodel.core.network import Array
from nbmodel.lc_arousal.broadcast import Arrival
from nbmodel.lc_arousal.plots.look import NE, OUTSIDE, PALE, SIGNAL, Picture

if TYPE_CHECKING:
    import pandas as pd


def head_count(counts: pd.DataFrame) -> Picture:
    """Figure of LC cells and brain neurons, a line per count of `broadcast.cells`, with the neurons that share a cell.

    Examples
    --------
    >>> from nbmodel.lc_arousal import broadcast
    >>> "1.9 million neurons per LC cell" in head_count(broadcast.cells())[1]
    True
    """
    fig, ax = figures.panels(height=3.4)
    said = []
    for y, row in enumerate(counts.itertuples()):
        shared = f"{_many(float(row.neurons_per_lc_cell))} neurons per LC cell"
        ax.plot([row.lc_cells, row.brain_neurons], [y, y], color=PALE, zorder=1)
        ax.plot(row.lc_cells, y, "o", markersize=9, color=NE)
        ax.plot(row.brain_neurons, y, "o", markersize=9, color=SIGNAL)
        middle = float(np.sqrt(row.lc_cells * row.brain_neurons))
        ax.text(middle, y - 0.1, shared, ha="center", va="bottom", fontsize=12)
        said.append(f"{row.count}: {shared}")
    first = counts.iloc[0]
    ax.text(0.6 * first["lc_cells"], 0, "LC cells", ha="right", va="center", color=NE, fontsize=12)
    ax.text(1.7 * first["brain_neurons"], 0, "neurons of the brain", ha="left", va="center", color=SIGNAL, fontsize=12)
    ax.set(xscale="log", xlim=(100, 1e12), ylim=(len(counts) - 0.6, -0.6), xlabel="number (logarithmic axis)")
    ax.set_yticks(range(len(counts)), [str(name).replace(", ", ",\n") for name in counts["count"]])
    ax.set(title="One human LC cell serves over a million neurons")
    return fig, "LC cells and neurons of the brain on a logarithmic axis. " + "; ".join(said) + "."


def firing_to_ne(rates: Array, levels: Mapping[str, Array], rest_rate: float, basal: float, now: float) -> Picture:
    """Figure of NE against firing rate for several terminals, each with its name at its end, beside a straight line.

    Parameters
    ----------
    rates : array
        Firing rates, Hz.
    levels : Mapping of str to array
        NE (nM) at these rates by what the terminal is; the first is the whole one.
    rest_rate, basal : float
        Firing rate and NE at rest, through which all lines pass.
    now : float
        Firing rate of this scenario.
    """
    fig, ax = figures.panels(height=4.2)
    straight = basal * rates / rest_rate
    ax.plot(rates, straight, ":", color=PALE)
    ax.text(rates[-1] + 0.15, straight[-1], "in proportion", va="center", color="#59636e", fontsize=12)
    looks = ((NE, "-", 3.0), (NE, "--", 1.8), (SIGNAL, "-.", 1.8))
    below = -np.inf
    for (name, level), (colour, dash, width) in sorted(
        zip(levels.items(), looks, strict=True), key=lambda one: one[0][1][-1]
    ):
        ax.plot(rates, level, dash, color=colour, linewidth=width)
        below = max(level[-1], below + 0.07 * straight[-1])  # names keep apart where curves end close together
        ax.text(rates[-1] + 0.15, below, name, va="center", color=colour, fontsize=12)
    ax.plot(now, np.interp(now, rates, next(iter(levels.values()))), "o", color=NE, markersize=9)
    ax.set(xlabel="firing rate (Hz)", ylabel=OUTSIDE, xlim=(0, 1.38 * rates[-1]), ylim=(0, None))
    ax.set(title="Twice the firing gives less than twice the NE")
    ends = ", ".join(f"{name} {level[-1]:.0f} nM" for name, level in levels.items())
    return fig, (
        f"NE against firing rate; the dot is this scenario, {now:g} Hz. At {rates[-1]:g} Hz: {ends}; in proportion it would "
        f"be {straight[-1]:.0f} nM. At {rest_rate:g} Hz all stand at {basal:g} nM."
    )


def by_fibres(arrivals: Sequence[Arrival]) -> Picture:
    """Figure of NE at rest and at the peak of a burst against the density of fibres, a dot for each region."""
    fig, ax = figures.panels(height=4.2)
    order = sorted(arrivals, key=lambda one: one.region.density)
    density = [one.region.density for one in order]
    peak, basal = ([getattr(one, name) for one in order] for name in ("peak", "basal"))
    ax.vlines(density, basal, peak, color=PALE, linewidth=1)
    ax.plot(density, peak, "o-", color=NE, markersize=8)
    ax.plot(density, basal, "o-", color=SIGNAL, markersize=8)
    # Names stand above their dots, steeply, as two regions of the cortex have nearly as many fibres.
    for one in order:
        ax.annotate(one.region.name, (one.region.density, one.peak), (0, 10), textcoords="offset points",
                    rotation=45, ha="left", va="bottom", fontsize=11)  # fmt: skip
    ax.text(density[-1] + 0.05, peak[-1], "peak of\nthe burst", va="top", color=NE, fontsize=12)
    ax.text(density[-1] + 0.05, basal[-1], "at rest", va="center", color=SIGNAL, fontsize=12)
    ax.set(xlim=(0.6, 2.75), ylim=(0, 1.45 * max(*peak, *basal)), ylabel=OUTSIDE)
    ax.set(xlabel="density of LC fibres (cortex = 1)", title="More fibres: hardly more NE at rest, far more in a burst")
    said = "; ".join(f"{one.region.name} {one.basal:.1f} and {one.peak:.1f} nM" for one in order)
    return fig, f"NE at rest and at the peak of a burst in six regions of the rat, from few fibres to many: {said}."


def by_time(arrivals: Sequence[Arrival]) -> Picture:
    """Figure of a burst as each region receives it: NE over ten seconds, and its rise in the first half second."""
    fig, axes = figures.panels(2, 1, height=3.2)
    for one in arrivals:
        axes[0].plot(one.times, one.ne, label=one.region.name)
        axes[1].plot(one.times, one.ne - one.basal)
    axes[0].set(ylabel=OUTSIDE, title="NE by region", xlim=(-1, 10), ylim=(0, None))
    axes[1].set(ylabel="rise (nM)", title="The first half second", xlim=(-0.05, 0.5))
    axes[1].set(xlabel="time from the burst at the LC (s)")
    axes[0].legend(ncols=2)
    delays = ", ".join(f"{one.region.name} {one.region.delay:.0f} ms" for one in arrivals)
    return fig, f"A burst as six regions receive it, and its first half second. Delays: {delays}."


def _many(number: float) -> str:
    """Count in words.

    Examples
    --------
    >>> _many(60_864), _many(1_887_500)
    ('61,000', '1.9 million')
    """
    return f"{number / 1e6:.1f} million" if number >= 1e6 else f"{1e3 * round(number / 1e3):,.0f}"
