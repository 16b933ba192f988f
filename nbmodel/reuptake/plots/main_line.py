"""Pictures of the lesson on reuptake: each function takes results and returns a figure with the text that describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nbmodel.core import kinetics
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import Run
from nbmodel.data import parameters
from nbmodel.figures import COLOURS, flows, panels
from nbmodel.figures.colours import FADED, FADED_INK, INK
from nbmodel.models import receptors as adrenergic
from nbmodel.models import transients

Picture = tuple[Any, str]
LETTERS = 13  # points: what is written beside a line can be read on a phone
LINES = (COLOURS["healthy"], "#cf7bb6", COLOURS["treated"])  # no drug, some of NET blocked, most of it


def _sheet(title: str, xlabel: str, ylabel: str, height: float = 4.2) -> tuple[Any, Any]:
    """Figure and axes of one panel, with large letters."""
    fig, ax = panels(height=height)
    ax.set_title(title, fontsize=LETTERS + 1)
    ax.set_xlabel(xlabel, fontsize=LETTERS)
    ax.set_ylabel(ylabel, fontsize=LETTERS)
    ax.tick_params(labelsize=LETTERS - 1)
    return fig, ax


def _say(ax: Any, x: float, y: float, words: str, colour: str = INK, **look: Any) -> None:
    """Write a label beside a line, in the line's colour."""
    plain = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
    ax.text(x, y, words, color=colour, fontsize=look.pop("fontsize", LETTERS), bbox=plain, **look)


def clearance(rest: Network) -> Picture:
    """Picture of what each way of clearance removes (nM/s), at any NE outside: NET, uptake-2, and all but NET in a slice.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> clearance(network())[1].startswith("Clearance against NE")
    True
    """
    p = parameters.load()
    top, half = p.value("Vmax_NET", "nM/s"), p.value("Km_NET_NE", "nM")
    ne = np.logspace(0, 4, 400)
    net = kinetics.michaelis_menten(ne, top, half)
    brain, dish = rest.parameters["k_uptake2"] * ne, p.value("k_nonNET", "1/s") * ne
    fig, ax = _sheet("NET leads until it saturates", "c, NE outside the cells (nM)", "clearance (nM per s)")
    ax.loglog(ne, net, color=COLOURS["norepinephrine"], linewidth=3)
    ax.loglog(ne, brain, color=COLOURS["metabolites"])
    ax.loglog(ne, dish, color=COLOURS["signal"], linestyle="--")
    ax.axhline(top, color=FADED, linewidth=1)
    ax.axvline(half, color=FADED, linewidth=1)
    ax.axvline(1e3 * rest["ne_e"], color=FADED_INK, linestyle=":")
    _say(ax, 7.5, top * 1.15, "V, top speed of NET", FADED_INK)
    _say(ax, half * 1.12, 0.02, "K, half of V", FADED_INK)
    _say(ax, 1e3 * rest["ne_e"] * 1.1, 0.02, "rest", FADED_INK)
    _say(ax, 12, 9, "NET", COLOURS["norepinephrine"], weight="bold")
    _say(ax, 1500, 9, "brain: uptake-2", COLOURS["metabolites"])
    _say(ax, 420, 330, "slice: uptake-2\nand diffusion", COLOURS["signal"], ha="left", va="center")
    ax.set(xlim=(1, 1e4), ylim=(0.012, 800))
    crossing = [float(ne[np.argmax(line > net)]) / 1000 for line in (brain, dish)]
    return fig, (
        "Clearance against NE, both axes logarithmic. NET, which saturates, lies above uptake-2 until about "
        f"{crossing[0]:.1f} uM, and in a slice above uptake-2 and diffusion together until about {crossing[1]:.1f} uM."
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
    fig, ax = _sheet("With NET, slice and brain agree; without it they part", "time (s)", "NE outside the cells (nM)")
    said = []
    for runs, where, style in ((brain, "brain", "-"), (dish, "slice", "--")):
        for (name, run), colour in zip(runs.items(), (LINES[0], LINES[2], LINES[1])[: len(runs)], strict=True):
            half = transients.half_life(run)
            told = f"{where}, {name}: {half:.0f} s"
            # What a reader adds lies anywhere: its words stand in a corner.
            ax.plot(run.times, 1e3 * run["ne_e"], style, color=colour, label=told if colour == LINES[1] else None)
            said.append(f"{where}, {name}, half-life {half:.1f} s")
            if colour == LINES[2]:
                ax.plot(half, 500 * run["ne_e"][0], "o", color=colour)
                inside = half < 44  # else its words would stand beyond the axis
                at = (
                    (half + 0.8, 515 * run["ne_e"][0]) if inside else (59, 1040 * np.interp(59, run.times, run["ne_e"]))
                )
                _say(ax, at[0], at[1], told, colour, ha="left" if inside else "right")
    peak = 1e3 * next(iter(brain.values()))["ne_e"][0]
    ax.axhline(peak / 2, color=FADED, linewidth=1, zorder=0)
    _say(ax, 11.5, 29, "no drug: slice and brain", LINES[0])
    ax.set(xlim=(0, 60), ylim=(0, None))
    if len(brain) > 2:
        ax.legend(loc="upper right", fontsize=LETTERS)
    return fig, f"NE falls from {peak:.0f} nM. Half-lives: {'; '.join(said)}."


def bursts(runs: Mapping[float, Run]) -> Picture:
    """Picture of one burst at several degrees of block (0 to 1) of NET.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> bursts({0.0: transients.burst(network(), 10.0, 0.4)})[1]
    'A burst. 0 % of NET blocked: peak 9.6 nM, 95 % of the rise over after 6 s.'
    """
    fig, ax = _sheet("The more of NET is blocked, the longer a burst lasts", "time (s)", "NE outside the cells (nM)")
    said, top = [], 1e3 * max(run["ne_e"].max() for run in runs.values())
    beside = -top
    for share, run in runs.items():
        peak, back = transients.peak_and_return(run)
        colour = LINES[0] if share == 0 else LINES[2] if share == max(runs) else LINES[1]
        ax.plot(run.times, 1e3 * run["ne_e"], color=colour)
        beside = max(1e3 * run["ne_e"][0] + 0.04 * top, beside + 0.08 * top)  # words never on words
        _say(ax, 42, beside, f"{100 * share:.0f} % blocked", colour, va="bottom")
        over = f"after {back:.0f} s" if np.isfinite(back) else "later than this run"
        said.append(f"{100 * share:.0f} % of NET blocked: peak {peak:.1f} nM, 95 % of the rise over {over}")
    ax.set(xlim=(0, 60), ylim=(0, 1.15 * top))
    return fig, f"A burst. {'; '.join(said)}."


def occupied(basal: float) -> Picture:
    """Picture of the share of each family of receptors that NE occupies, at any level, and at rest (`basal`, nM).

    Examples
    --------
    >>> occupied(6.0)[1].endswith("At rest: alpha2 37 %, alpha1 9 %, beta1 4 %.")
    True
    """
    kd = adrenergic.table()["kd"]
    level = np.logspace(-0.5, 4, 200)
    fig, ax = _sheet("NE reaches alpha2 receptors first", "NE outside the cells (nM)", "receptors occupied (%)")
    looks = (("alpha2", "alpha2 on the terminal", "-"), ("alpha1", "alpha1", "--"), ("beta1", "beta1", "-."))
    said, colour = [], COLOURS["signal"]
    for name, row, style in looks:
        ax.semilogx(level, 100 * adrenergic.competing_occupancy(level, kd[row]), style, color=colour)
        now = 100 * adrenergic.competing_occupancy(basal, kd[row])
        ax.plot(basal, now, "o", color=colour, zorder=3)
        said.append(f"{name} {now:.0f} %")
    ax.axvline(basal, color=FADED_INK, linestyle=":")
    for (name, _, _), x, y, side in zip(looks, (11, 50, 170), (64, 58, 48), ("right", "right", "left"), strict=True):
        _say(ax, x, y, name, colour, weight="bold", ha=side)
    _say(ax, basal * 0.93, 92, "rest", FADED_INK, ha="right")
    ax.set(ylim=(0, 100), xlim=(level[0], level[-1]))
    return fig, (
        "Share of receptors occupied against NE, three S-shaped curves from left to right: alpha2, alpha1, beta1. "
        f"At rest: {', '.join(said)}."
    )


def feedbacks(multiples: Mapping[str, float], published: float) -> Picture:
    """Picture of how far NE rises as one feedback after another is added, beside the `published` multiple.

    Examples
    --------
    >>> feedbacks({"none": 11.0, "both": 2.8}, 3.0)[1]
    'Bars of NE as a multiple of rest: none 11.0, both 2.8. Published: about 3.'
    """
    most = max(multiples.values())
    fig, ax = _sheet(f"Feedback keeps NE from rising {most:.0f}-fold", "NE, as a multiple of rest", "", height=3.8)
    rows = np.arange(len(multiples))
    colours = [FADED, "#8fb8d6", COLOURS["norepinephrine"], COLOURS["treated"]][: len(multiples)]
    ax.barh(rows, list(multiples.values()), color=colours, height=0.62)
    for y, multiple in zip(rows, multiples.values(), strict=True):
        inside = multiple < published < multiple + 1.2  # else the number would lie on the published line
        at, side = (multiple - 0.15, "right") if inside else (multiple + 0.15, "left")
        ax.text(
            at,
            y,
            f"{multiple:.1f}",
            va="center",
            ha=side,
            weight="bold",
            fontsize=LETTERS,
            color="white" if inside else INK,
        )
    ax.axvline(published, color=INK, linestyle="--", linewidth=1.5)
    _say(ax, published + 0.12, len(multiples) - 0.42, f"measured in rats: {published:.0f}", va="center")
    ax.set_yticks(rows, list(multiples), fontsize=LETTERS)
    ax.set(xlim=(0, 1.12 * max(most, published)), ylim=(len(multiples) - 0.2, -0.55))
    ax.grid(visible=False, axis="y")
    told = ", ".join(f"{' '.join(name.split())} {multiple:.1f}" for name, multiple in multiples.items())
    return fig, f"Bars of NE as a multiple of rest: {told}. Published: about {published:.0f}."


def circle(moves: Mapping[str, float]) -> Picture:
    """Picture of where NE goes at rest; `moves` as `reuptake.ledger` gives them, in % of the store per hour.

    Examples
    --------
    >>> from nbmodel import reuptake
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> "VMAT2 NE 366" in circle(reuptake.ledger(network()))[1]
    True
    """
    places = {
        "made from\ndopamine": (0.07, 0.85),
        "vesicles": (0.36, 0.85),
        "outside\nthe cells": (0.68, 0.85),
        "cytosol": (0.36, 0.3),
        "DHPG": (0.07, 0.3),
        "NMN": (0.94, 0.85),
        "MHPG": (0.94, 0.08),
    }
    released = moves["release of NE"] + moves["NE without impulses"]
    figure = flows(
        places,
        [
            ("made from\ndopamine", "vesicles", moves["DBH"], "DBH", 0.0),
            ("vesicles", "outside\nthe cells", released, "release", 0.0),
            ("outside\nthe cells", "cytosol", moves["NET NE"], "NET", -0.1),
            ("vesicles", "cytosol", moves["leak of NE"], "leak", 0.3),
            ("cytosol", "vesicles", moves["VMAT2 NE"], "VMAT2", 0.3),
            ("cytosol", "DHPG", moves["MAO NE"], "MAO", 0.0),
            ("outside\nthe cells", "NMN", moves["uptake-2 and COMT, NE"], "COMT", 0.0),
            ("DHPG", "MHPG", moves["COMT on DHPG"], "COMT", 0.12),
            ("NMN", "MHPG", moves["MAO on NMN"], "MAO", 0.0),
        ],
        "Most NE goes round in a circle (% of the store per hour)",
    )
    for word in figure.axes[0].texts:
        word.set_fontsize(LETTERS)
    for arrow, colour in zip(figure.axes[0].patches, ["norepinephrine"] * 5 + ["metabolites"] * 4, strict=True):
        arrow.set_color(COLOURS[colour])
    told = ", ".join(f"{name} {amount:.3g}" for name, amount in moves.items() if amount > 0)
    return figure, f"Arrows of NE fluxes at rest, as wide as what they carry, in % of the store per hour: {told}."


def courses(
    runs: Mapping[str, tuple[Array, Array]],
    words: tuple[str, str, str],
    limits: tuple[float, float] | None = None,
    logarithmic: bool = False,
) -> Any:
    """Figure of several curves of one panel: (x, y) by name, and `words` for the title and both axes.

    Examples
    --------
    >>> courses({"a line": (np.arange(3.0), np.arange(3.0))}, ("A title", "x", "y")).axes[0].get_title(loc="left")
    'A title'
    """
    fig, ax = _sheet(*words)
    for name, (x, y) in runs.items():
        ax.plot(x, y, label=name)
    if logarithmic:
        ax.set(xscale="log")
    if limits:
        ax.set(xlim=limits)
    ax.set(ylim=(0, None))
    ax.legend(fontsize=LETTERS - 1)
    return fig
