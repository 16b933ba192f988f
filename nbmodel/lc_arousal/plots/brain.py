"""Pictures of the broadcast: few cells for many neurons, from their firing to NE in each region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nbmodel import figures
from nbmodel.core.network import Array
from nbmodel.lc_arousal.broadcast import Arrival
from nbmodel.lc_arousal.plots.look import (
    FADED_INK,
    LETTERS,
    NE,
    OUTSIDE,
    PALE,
    PUBLISHED,
    SIGNAL,
    SMALL,
    Picture,
    named,
    panels,
)

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
    fig, ax = panels(height=1.6 + 0.8 * len(counts))
    said = []
    for y, row in enumerate(counts.itertuples()):
        shared = f"{_many(float(row.neurons_per_lc_cell))} neurons per LC cell"
        ax.plot([row.lc_cells, row.brain_neurons], [y, y], color=PALE, zorder=1)
        ax.plot([row.low, row.high], [y, y], color=NE, linewidth=5, alpha=0.4, solid_capstyle="butt", zorder=2)
        ax.plot(row.lc_cells, y, "o", markersize=9, color=NE)
        ax.plot(row.brain_neurons, y, "o", markersize=9, color=SIGNAL)
        middle = float(np.sqrt(row.lc_cells * row.brain_neurons))
        ax.text(middle, y + 0.1, shared, ha="center", va="top", fontsize=SMALL)
        if y:  # on this axis thirty times as many look like a third more
            times = float(row.neurons_per_lc_cell) / float(counts.iloc[0]["neurons_per_lc_cell"])
            words = {"ha": "center", "va": "top", "fontsize": LETTERS, "weight": "bold"}
            ax.text(middle, y + 0.34, f"{times:.0f} times as many", **words)
            shared += f", {times:.0f} times as many"
        ax.text(1.0e3, y - 0.12, str(row.count), ha="left", va="bottom", fontsize=LETTERS, weight="bold")
        said.append(f"{row.count}: {shared}")
    last = counts.iloc[-1]
    below = {"va": "top", "ha": "center", "fontsize": SMALL}
    ax.text(last["lc_cells"], len(counts) - 0.72, "LC cells", color=NE, **below)
    ax.text(last["brain_neurons"], len(counts) - 0.72, "neurons\nof the brain", color=SIGNAL, **below)
    ax.set(xscale="log", xlim=(8e2, 2e12), ylim=(len(counts) - 0.15, -0.55), yticks=[])
    ax.set_xticks([1e3, 1e6, 1e9, 1e12], ["1,000", "1 million", "a thousand\nmillion", "a million\nmillion"])
    named(ax, "number, each step 1,000 times more", title="Far more neurons share one LC cell in a human")
    ax.grid(visible=False)
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
    fig, ax = panels(height=4.8)
    straight = basal * rates / rest_rate
    looks = ((NE, "-", 3.0), (SIGNAL, "--", 2.2), (FADED_INK, "-.", 2.2))
    drawn = [(name, level, *look) for (name, level), look in zip(levels.items(), looks, strict=True)]
    below, apart = -np.inf, 0.125 * straight[-1]
    for name, level, colour, dash, width in sorted(
        [*drawn, ("in proportion", straight, PALE, ":", 2.2)], key=lambda one: float(one[1][-1])
    ):
        ax.plot(rates, level, dash, color=colour, linewidth=width)
        words = name.replace(" ", "\n", 1)
        # Names stand outside and keep apart where curves end close together.
        below = max(float(level[-1]) - 0.4 * apart * (below < 0), below + apart)
        words_colour = FADED_INK if colour == PALE else colour
        ax.text(1.03 * rates[-1], below, words, va="center", color=words_colour, fontsize=SMALL, linespacing=1.1)
    ax.plot(now, np.interp(now, rates, next(iter(levels.values()))), "o", color=NE, markersize=9)
    ax.set(xlim=(0, rates[-1]), ylim=(0, None))
    twice, raised = 2 * rest_rate, float(np.interp(2 * rest_rate, rates, next(iter(levels.values()))))
    ax.plot(twice, raised, "o", color=NE, markerfacecolor="white", markeredgewidth=2.2, markersize=9, zorder=3)
    told = f"{twice:g} Hz: {raised:.0f} nM,\n{raised / basal:.1f} times rest"
    ax.text(twice + 0.2, raised - 0.09 * straight[-1], told, va="top", color=NE, fontsize=SMALL, linespacing=1.1)
    named(ax, "firing rate (Hz)", OUTSIDE, "Twice the firing gives less than twice the NE")
    ends = ", ".join(f"{name} {level[-1]:.0f} nM" for name, level in levels.items())
    return fig, (
        f"NE against firing rate; the dot is this scenario, {now:g} Hz. At {twice:g} Hz {raised:.1f} nM, {raised / basal:.1f} "
        f"times rest. At {rates[-1]:g} Hz: {ends}; in proportion it would "
        f"be {straight[-1]:.0f} nM. At {rest_rate:g} Hz all stand at {basal:g} nM."
    )


def stimulated(rates: Sequence[float], published: Sequence[float], model: Sequence[float]) -> Picture:
    """Figure of NE while the LC is stimulated under anaesthesia, as a multiple of before: published beside the model.

    Examples
    --------
    >>> stimulated([10], [1.66], [7.2])[1]
    'NE while the LC of an anaesthetised animal is stimulated, as a multiple of before. 10 Hz: rats 1.7, model 7.2.'
    """
    fig, ax = panels(height=2.9)
    said = []
    for place, (rate, found, ours) in enumerate(zip(rates, published, model, strict=True)):
        for shift, level, colour, who in ((-0.18, found, PUBLISHED, "rats"), (0.18, ours, NE, "model")):
            ax.barh(place + shift, level, height=0.32, color=colour)
            ax.text(level + 0.1, place + shift, f"{who} {level:.1f}", va="center", color=colour, fontsize=LETTERS)
        said.append(f"{rate:g} Hz: rats {found:.1f}, model {ours:.1f}")
    ax.axvline(1, color=FADED_INK, linestyle=":", linewidth=1.5)
    ax.set_yticks(range(len(rates)), [f"{rate:g} Hz" for rate in rates])
    ax.set(ylim=(len(rates) - 0.5, -0.5), xlim=(0, 1.3 * max(*published, *model)))
    named(ax, "NE, as a multiple of before (dotted: no change)", "", "The model's NE rises far more than that of rats")
    ax.grid(visible=False, axis="y")
    told = "NE while the LC of an anaesthetised animal is stimulated, as a multiple of before. "
    return fig, told + "; ".join(said) + "."


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
        ax.annotate(
            one.region.name,
            (one.region.density, one.peak),
            (0, 10),
            textcoords="offset points",
            rotation=45,
            ha="left",
            va="bottom",
            fontsize=11,
        )
    ax.text(density[-1] + 0.05, peak[-1], "peak of\nthe burst", va="top", color=NE, fontsize=12)
    ax.text(density[-1] + 0.05, basal[-1], "at rest", va="center", color=SIGNAL, fontsize=12)
    ax.set(xlim=(0.6, 2.75), ylim=(0, 1.45 * max(*peak, *basal)), ylabel=OUTSIDE)
    ax.set(
        xlabel="density of LC fibres (cortex = 1)",
        title="In the model: hardly more NE at rest, a larger rise in a burst",
    )
    said = "; ".join(f"{one.region.name} {one.basal:.1f} and {one.peak:.1f} nM" for one in order)
    return fig, f"NE at rest and at the peak of a burst in six regions of the rat, from few fibres to many: {said}."


def _many(number: float) -> str:
    """Count in words.

    Examples
    --------
    >>> _many(60_864), _many(1_887_500)
    ('61,000', '1.9 million')
    """
    return f"{number / 1e6:.1f} million" if number >= 1e6 else f"{1e3 * round(number / 1e3):,.0f}"
