"""Pictures of the lesson on the locus coeruleus: each takes results and gives a figure with its description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nbmodel import figures
from nbmodel.core.network import Array
from nbmodel.core.solve import Run
from nbmodel.lc_arousal import spike_trains
from nbmodel.lc_arousal.broadcast import Arrival
from nbmodel.lc_arousal.spike_trains import Spikes
from nbmodel.models import transients

if TYPE_CHECKING:
    import pandas as pd

Picture = tuple[Any, str]  # a figure and its description, for `figures.show`
NE, SIGNAL, PALE = figures.COLOURS["norepinephrine"], figures.COLOURS["signal"], "#9aa3ad"
OUTSIDE = "NE outside the cells (nM)"


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


def one_cell(leaky: Array, slowed: Array, step: float = 0.1) -> Picture:
    """Figure of the voltage of a cell (mV above rest, every `step` ms) without and with its potassium current.

    Examples
    --------
    >>> one_cell(np.array([0.0, 4.0, -5.0]), np.array([0.0, 1.0, 2.0]))[1]
    'Voltage of one cell over 0 s. Only the leak: 1 spikes; with potassium channels: 0 spikes.'
    """
    fig, axes = figures.panels(2, 1, height=2.1, sharex=True, sharey=True)
    titles = (
        "Only the leak: spikes follow each other far too fast",
        "Each spike opens potassium channels: a few per second",
    )
    for ax, course, title in zip(axes, (leaky, slowed), titles, strict=True):
        _voltage(ax, course, step, SIGNAL)
        ax.set(title=title, ylabel="V (mV)")
    seconds = len(leaky) * step / 1e3
    axes[1].set(xlabel="time (s)", xlim=(0, seconds), ylim=(-9, 8))
    fired = [len(_spikes(course)) for course in (leaky, slowed)]
    return fig, (
        f"Voltage of one cell over {seconds:.0f} s. Only the leak: {fired[0]} spikes; "
        f"with potassium channels: {fired[1]} spikes."
    )


def one_cell_at(cell: Callable[..., Array], usual: float, step: float = 0.1) -> Callable[[float, float], Picture]:
    """Drawing for a slider: `cell(I, opens)` at a current, with its course at the usual current and 1 nS behind."""
    behind = cell(usual, 1.0)

    def draw(current: float, opens: float) -> Picture:
        course = cell(current, opens)
        fig, ax = figures.panels(height=3.0)
        _voltage(ax, behind, step, PALE)
        _voltage(ax, course, step, SIGNAL)
        seconds = len(course) * step / 1e3
        rate = len(_spikes(course)) / seconds
        ax.set(xlim=(0, seconds), ylim=(-9, 8), xlabel="time (s)", ylabel="V (mV)", title=f"{rate:.1f} Hz")
        return (
            fig,
            f"At {current:g} pA and {opens:g} nS per spike the cell fires at {rate:.1f} Hz; grey: {usual:g} pA, 1 nS.",
        )

    return draw


def _voltage(ax: Any, course: Array, step: float, colour: str) -> None:
    """Draw a voltage, its threshold, and a stroke where a spike would be."""
    at = step * np.arange(len(course)) / 1e3
    ax.plot(at, course, color=colour, linewidth=1.2)
    ax.vlines(at[_spikes(course)], -5, 7.5, color=colour, linewidth=1.2)
    ax.axhline(5, color=PALE, linestyle=":", linewidth=1.5)


def _spikes(course: Array) -> NDArray[np.intp]:
    """Places at which a voltage was set back, which is where the cell fired."""
    return np.flatnonzero(np.asarray(course) == -5.0)


def modes(runs: Mapping[str, Spikes], stimuli: Sequence[float], seconds: float = 6.0) -> Picture:
    """Figure of the spikes of all cells in each mode, a panel each, with the population's rate above them."""
    told = {
        "silent": "Silent: under inhibition hardly a cell fires",
        "phasic": "Phasic: a weak drive leaves room for an answer, then silence",
        "tonic": "Tonic: under a strong drive the answer drowns in the background",
    }
    fig, axes = figures.panels(len(runs), 1, height=2.3, sharex=True, sharey=True)
    said = []
    for ax, (mode, spikes) in zip(axes, runs.items(), strict=True):
        drawn = spikes.times < seconds
        ax.plot(spikes.times[drawn], spikes.cells[drawn], ".", markersize=3, color=SIGNAL)
        for at in stimuli:
            ax.axvline(at, color=figures.COLOURS["untreated"], linestyle="--", linewidth=1.5)
        ax.set(title=told[mode], ylabel="cell", xlim=(0, seconds), ylim=(0, spikes.n_cells))
        together = spike_trains.synchrony(spikes).value
        said.append(f"{mode}: {spike_trains.rate(spikes).value:.1f} Hz, synchrony {round(together, 1) + 0.0:.1f}")
    axes[-1].set(xlabel="time (s); dashed: a stimulus to all cells")
    return fig, (
        f"Spikes of {spikes.n_cells} cells over {seconds:g} s in three modes, with a stimulus every 2 s. "
        + "; ".join(said)
        + ". In phasic mode the cells answer each stimulus together and then fall silent."
    )


def rate_at(
    run_at: Callable[[float, float], Spikes], drive: float, coupling: float
) -> Callable[[float, float], Picture]:
    """Drawing for a slider: the population's rate at a drive and coupling, with that of the scenario behind."""
    usual = spike_trains.rate_course(run_at(drive, coupling), 0.05)

    def draw(drive_now: float, coupling_now: float) -> Picture:
        spikes = run_at(drive_now, coupling_now)
        fig, ax = figures.panels(height=3.0)
        ax.plot(*usual, color=PALE)
        ax.plot(*spike_trains.rate_course(spikes, 0.05), color=SIGNAL)
        title = f"{drive_now:g} pA, {coupling_now:g} nS: {spike_trains.rate(spikes).value:.1f} Hz"
        ax.set(xlim=(0, spikes.seconds), ylim=(0, 40), title=title)
        ax.set(xlabel="time (s)", ylabel="rate (Hz per cell)")
        return (
            fig,
            f"{title}, synchrony {spike_trains.synchrony(spikes).value:.2f}; grey: {drive:g} pA, {coupling:g} nS.",
        )

    return draw


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


def in_time(budget: pd.DataFrame) -> Picture:
    """Figure of the steps from a cue to a receptor beside the response, from the table of `decision.time_budget`."""
    fig, ax = figures.panels(height=3.4)
    start, steps = 0.0, budget.iloc[:3]
    for y, row in enumerate(steps.itertuples()):
        ax.barh(y, row.value, left=start, color=NE, height=0.5)
        start += row.value
        ax.text(start + 0.012, y, f"{row.step}: {1e3 * row.value:.0f} ms", va="center", fontsize=12)
    ends = []
    for y, row, colour in ((3, budget.iloc[3], NE), (4, budget.iloc[4], figures.COLOURS["untreated"])):
        ax.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=2)
        ax.plot(row["value"], y, "D", color=colour, markersize=9)
        said = f"{row['step']}: {row['value']:.2f} s ({row['low']:.2f} to {row['high']:.2f})"
        ax.text(row["value"], y - 0.2, said, color=colour, ha="left", va="bottom", fontsize=12)
        ends.append(said)
    ax.set(ylim=(4.5, -0.6), xlim=(0, 1.35), xlabel="time from the cue (s)", yticks=[])
    ax.set(title="NE may act only after the response is made")
    parts = ", ".join(f"{row.step} {1e3 * row.value:.0f} ms" for row in steps.itertuples())
    return fig, f"Steps from a cue to a receptor, one after the other: {parts}. Then {'; '.join(ends)}."


def burst(run: Run, rate: float, duration: float) -> Picture:
    """Figure of NE around a burst of so many Hz and seconds, from `transients.burst`."""
    peak, back = transients.peak_and_return(run)
    ne, at = 1e3 * run["ne_e"], run.times - transients.BURST_STARTS
    fig, ax = figures.panels(height=3.2)
    ax.axvspan(0, duration, color=SIGNAL, alpha=0.25, linewidth=0)
    ax.plot(at, ne, color=NE)
    ax.text(duration + 0.2, 0.06 * ne.max(), f"grey: the LC fires at {rate:g} Hz", color=SIGNAL, fontsize=12)
    ax.set(xlabel="time from the burst (s)", ylabel=OUTSIDE, xlim=(-2, 16), ylim=(0, None))
    ax.set(title="A burst raises NE in an instant; it takes seconds to fall")
    return fig, (
        f"NE around a burst. It stands at {ne[0]:.1f} nM, reaches {peak:.1f} nM and is back, "
        f"but for 5 % of the rise, {back:.1f} s later."
    )


def hours(runs: Mapping[float, Run], basal: float, pool: float, store: float) -> tuple[Any, str, list[str]]:
    """Figure of hours of fast firing by rate (Hz): NE, the readily releasable pool and the store; and what is to be said.

    `basal` is NE at rest (nM), `pool` and `store` what they hold at rest.
    """
    fig, axes = figures.panels(2, 1, height=3.2, sharex=True)
    said = []
    for (rate, run), dash in zip(runs.items(), ("-", "--"), strict=True):
        ne, late = 1e3 * run["ne_e"], run.times > 0
        ready, behind = 100 * run["ne_d"] / pool, 100 * run["ne_v"] / store
        axes[0].semilogx(run.times[late], ne[late], dash, color=NE, label=f"{rate:g} Hz")
        axes[1].semilogx(run.times[late], ready[late], dash, color=NE, label=f"pool, {rate:g} Hz")
        axes[1].semilogx(run.times[late], behind[late], dash, color=SIGNAL, label=f"store, {rate:g} Hz")
        said.append(
            f"At {rate:g} Hz NE peaks at {ne.max():.1f} nM after {run.times[ne.argmax()]:.0f} s, stands at "
            f"{np.interp(120, run.times, ne):.1f} nM after two minutes and ends at {ne[-1]:.1f} nM, with "
            f"{ready[-1]:.0f} % of the readily releasable pool and {behind[-1]:.0f} % of the store."
        )
    axes[0].axhline(basal, color=PALE, linestyle=":")
    axes[0].set(ylabel=OUTSIDE, title="NE overshoots and sags", ylim=(0, None))
    axes[1].set(xlabel="time (s)", ylabel="NE inside (% of rest)", title="The readily releasable pool runs short")
    axes[1].set(ylim=(0, None))
    for ax in axes:
        ax.legend()
    return fig, "A day of fast firing, time on a logarithmic axis. " + " ".join(said), said


def chain(courses: Mapping[str, pd.DataFrame], imposed: tuple[Array, Array]) -> Picture:
    """Figure of the chain from the LC to a decision around a stimulus, by mode; `imposed`: times and NE of a burst."""
    fig, axes = figures.panels(2, 2, height=2.8)
    parts = (
        ("rate", 1, "LC", "Hz per cell"), ("ne", 1, "NE; dotted: an imposed burst", "nM"),
        ("a2", 100, "alpha2 receptors", "% stimulated"), ("decision", 1e3, "A decision", "mean time (ms)"),
    )  # fmt: skip
    for ax, (name, scale, title, unit) in zip(axes.flat, parts, strict=True):
        for (mode, course), dash in zip(courses.items(), ("-", "--"), strict=True):
            ax.plot(course["time"], scale * course[name], dash, color=NE if name == "ne" else SIGNAL, label=mode)
        ax.set(title=title, ylabel=unit, xlabel="time (s)")
    axes[0, 1].plot(*imposed, ":", color=PALE)
    axes[0, 0].legend()
    rises = ", ".join(f"{course['ne'].max() - course['ne'].min():.1f} nM ({mode})" for mode, course in courses.items())
    return fig, f"The chain around a stimulus at 0 s: LC rate, NE, alpha2 receptors and a decision. NE spans {rises}."


def _many(number: float) -> str:
    """Count in words.

    Examples
    --------
    >>> _many(60_864), _many(1_887_500)
    ('61,000', '1.9 million')
    """
    return f"{number / 1e6:.1f} million" if number >= 1e6 else f"{1e3 * round(number / 1e3):,.0f}"
