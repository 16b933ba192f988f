"""Pictures of clearance: what NET does of it, how fast it goes, and how far NE rises with a part of it blocked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nbmodel.core import kinetics
from nbmodel.core.network import Network
from nbmodel.core.solve import Run
from nbmodel.data import parameters
from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED, FADED_INK, INK
from nbmodel.models import transients
from nbmodel.reuptake.plots.look import LINES, SMALL, Picture, say, sheet

A_TENTH = 0.1  # of the rise is left: then a burst is called over


def share(rest: Network) -> Picture:
    """Picture of NET's share of all clearance (%) at any NE outside, in the brain and in a slice.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> share(network())[1].endswith("At rest: brain 95 %, slice 86 %.")
    True
    """
    p = parameters.load()
    top, half = p.value("Vmax_NET", "nM/s"), p.value("Km_NET_NE", "nM")
    basal, ne = 1e3 * rest["ne_e"], np.logspace(0, 4, 400)
    fig, ax = sheet(
        "NET clears most NE, until it saturates", "c, NE outside the cells (nM)", "NET's share of clearance (%)"
    )
    ax.axvline(basal, color=FADED_INK, linestyle=":")
    ax.axvline(half, ymax=0.5, color=FADED, linewidth=1)
    said = []
    for place, other, style in (
        ("brain", rest.parameters["k_uptake2"], "-"),
        ("slice", p.value("k_nonNET", "1/s"), "--"),
    ):

        def part(c: float | np.ndarray, k: float = other) -> float | np.ndarray:
            by_net = kinetics.michaelis_menten(c, top, half)
            return 100 * by_net / (by_net + k * c)

        ax.semilogx(ne, part(ne), style, color=COLOURS["norepinephrine"], linewidth=3 if style == "-" else 2)
        now = float(part(basal))
        ax.plot(basal, now, "o", color=COLOURS["norepinephrine"], zorder=3)
        above = place == "brain"
        say(
            ax,
            1.15 * basal,
            now + (1.5 if above else -2),
            f"{place} {now:.0f} %",
            COLOURS["norepinephrine"],
            va="bottom" if above else "top",
            weight="bold",
        )
        said.append(f"{place} {now:.0f} %")
    say(ax, basal * 0.9, 12, "rest", FADED_INK, ha="right")
    say(ax, half * 0.9, 12, "K: NET at\nhalf speed", FADED_INK, ha="right", va="center")
    ax.set(xlim=(1, 1e4), ylim=(0, 105))
    return fig, (
        "NET's share of clearance against NE on a logarithmic axis: a plateau that falls once NE nears 280 nM, in a slice "
        f"below the brain everywhere. At rest: {', '.join(said)}."
    )


def decays(brain: Mapping[str, Run], dish: Mapping[str, Run]) -> Picture:
    """Picture of NE as it falls from one peak, in the brain and in a slice.

    Parameters
    ----------
    brain, dish : Mapping
        Runs in the living brain and in a slice: without a drug first, then with a block, by what is blocked.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> found = {"no drug": transients.decay(network())}
    >>> decays(found, found)[1].startswith("NE falls from 310 nM")
    True
    """
    fig, ax = sheet("NET clears NE in seconds; without it NE lingers", "time (s)", "NE outside the cells (nM)")
    said: list[str] = []
    corner: dict[tuple[str, str], list[str]] = {}
    for runs, where, style in ((brain, "brain", "-"), (dish, "slice", "--")):
        for (name, run), colour in zip(runs.items(), (LINES[0], LINES[2], LINES[1])[: len(runs)], strict=True):
            half = transients.half_life(run)
            said.append(f"{where}, {name}, half-life {half:.1f} s")
            ax.plot(run.times, 1e3 * run["ne_e"], style, color=colour)
            if colour == LINES[2]:
                ax.plot(half, 500 * run["ne_e"][0], "o", color=colour)
                at = min(half, 44.0) + 1.2  # beyond that its word would leave the axis
                say(ax, at, 1030 * np.interp(at, run.times, run["ne_e"]), where, colour, weight="bold", va="bottom")
            # With NET the lines lie close together, and what is blocked besides lies anywhere: numbers stand in a corner.
            corner.setdefault((name, colour), []).append(f"{where} {half:.{0 if half >= 10 else 1}f} s")
    peak = 1e3 * next(iter(brain.values()))["ne_e"][0]
    ax.axhline(peak / 2, color=FADED, linewidth=1, zorder=0)
    if len(brain) == 2:  # what is blocked in part would run through the word
        say(ax, 8, 0.16 * peak, next(iter(brain)), LINES[0], weight="bold", va="bottom")
    say(ax, 59.5, 1.2 * peak, "half is gone after", FADED_INK, ha="right")
    for row, ((name, colour), words) in enumerate(corner.items()):
        say(ax, 59.5, peak * (1.1 - 0.1 * row), f"{name}: {', '.join(words)}", colour, ha="right")
    ax.set(xlim=(0, 60), ylim=(0, 1.32 * peak))
    return fig, f"NE falls from {peak:.0f} nM. Half-lives: {'; '.join(said)}."


def bursts(runs: Mapping[float, Run]) -> Picture:
    """Picture of what one burst adds to NE, in % of its peak, at several degrees of block (0 to 1) of NET.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> bursts({0.0: transients.burst(network(), 10.0, 0.4)})[1]
    'A burst. 0 % of NET blocked: from 6.0 to 9.6 nM, a tenth of the rise left after 5 s.'
    """
    fig, ax = sheet(
        "The more of NET is blocked, the longer it lasts", "time after the peak (s)", "rise that is left (%)"
    )
    said = []
    for row, (blocked, run) in enumerate(sorted(runs.items())):
        peak, back = transients.peak_and_return(run, A_TENTH)
        colour = LINES[0] if blocked == 0 else LINES[2] if blocked == max(runs) else LINES[1]
        above = 1e3 * (run["ne_e"] - run["ne_e"][0])
        start = int(np.argmax(np.abs(above)))
        ax.plot(run.times[start:] - run.times[start], 100 * above[start:] / above[start], color=colour)
        over = f"after {back:.0f} s" if np.isfinite(back) else "later than this run"
        added = peak - 1e3 * run["ne_e"][0]
        told = f"{back:.0f} s" if np.isfinite(back) else "longer"
        say(
            ax,
            59.5,
            92 - 9 * row,
            f"{100 * blocked:.0f} % blocked: +{added:.1f} nM, {told}",
            colour,
            ha="right",
            weight="bold",
        )
        if back < 60:
            ax.plot(back, 100 * A_TENTH, "o", color=colour, clip_on=False, zorder=3)
        said.append(
            f"{100 * blocked:.0f} % of NET blocked: from {1e3 * run['ne_e'][0]:.1f} to {peak:.1f} nM, a tenth of the rise left {over}"
        )
    ax.axhline(100 * A_TENTH, color=FADED, linewidth=1, zorder=0)
    ax.set(xlim=(0, 60), ylim=(0, 103))
    return fig, f"A burst. {'; '.join(said)}."


def rise(
    shares: Mapping[str, float], marked: Sequence[float] = (0.8, 0.95), seen: tuple[float, float] | None = None
) -> Picture:
    """Picture of how far NE rises by the balance rule, while release stays as it is, against the share of NET blocked.

    Parameters
    ----------
    shares : Mapping
        NET's share of clearance (0 to 1) by place, the brain first.
    marked : sequence of float
        Blocked shares (0 to 1) at which the brain's curve is labelled.
    seen : tuple of float, optional
        The least and the largest multiple that probes showed in rats, at the last of the shares.

    Examples
    --------
    >>> rise({"brain": 0.95, "slice": 0.86}, [0.8])[1]
    'NE as a multiple of rest against the share of NET blocked. brain: 4.2-fold at 80 %; slice: 3.2-fold at 80 %.'
    """
    fig, ax = sheet("The last few per cent of NET matter most", "NET blocked (%)", "NE, as a multiple of rest")
    blocked, colour, said = np.linspace(0, 1, 400), COLOURS["norepinephrine"], []
    for (place, net), style in zip(shares.items(), ("-", "--"), strict=False):
        ax.plot(100 * blocked, 1 / (1 - blocked * net), style, color=colour, linewidth=3 if style == "-" else 2)
        said.append(f"{place}: " + ", ".join(f"{1 / (1 - at * net):.1f}-fold at {100 * at:.0f} %" for at in marked))
    first = next(iter(shares.values()))
    for at in marked:
        ax.plot(100 * at, 1 / (1 - at * first), "o", color=colour)
        say(
            ax,
            100 * at - 2,
            1 / (1 - at * first) + 0.2,
            f"{100 * at:.0f} %: {1 / (1 - at * first):.1f}-fold",
            colour,
            ha="right",
            va="bottom",
        )
    if seen:
        at = 100 * marked[-1]
        ax.plot([at, at], seen, color=INK, linewidth=7, solid_capstyle="butt")
        say(ax, at + 1, seen[0] - 0.7, "rats, by a probe", INK, ha="right", va="center", fontsize=SMALL)
        said[0] += f"; seen in rats at high doses, {seen[0]:g} to {seen[1]:g}-fold"
    if len(shares) > 1:
        say(ax, 96.5, 14, "brain", colour, ha="right", weight="bold")
        say(ax, 101, 5.2, "slice", colour, ha="left", weight="bold")
    ax.set(xlim=(0, 112 if len(shares) > 1 else 103), ylim=(0, 20.5), xticks=range(0, 101, 20), yticks=range(0, 21, 5))
    return fig, f"NE as a multiple of rest against the share of NET blocked. {'; '.join(said)}."
