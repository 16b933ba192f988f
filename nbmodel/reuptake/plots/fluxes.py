"""Pictures of where NE goes at rest, and of courses in one panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbmodel.core.network import Array
from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED_INK, tint
from nbmodel.reuptake.plots.look import LETTERS, SMALL, Picture, say, sheet

PLACES = {
    "vesicles": (0.36, 0.8),
    "outside\nthe cells": (0.83, 0.8),
    "cytosol": (0.36, 0.3),
    "DHPG": (0.05, 0.3),
    "NMN": (0.83, 0.3),
}


def circle(moves: Mapping[str, float]) -> Picture:
    """Picture of where NE goes at rest; `moves` as `reuptake.ledger` gives them, in % of the store per hour.

    What enzymes make of DHPG and NMN is left out: it is no NE any more.

    Examples
    --------
    >>> from nbmodel import reuptake
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> "VMAT2 NE 366" in circle(reuptake.ledger(network()))[1]
    True
    """
    fig, ax = sheet("Most NE goes round in a circle", "", "", height=4.4)
    ax.set(xlim=(-0.06, 1.02), ylim=(0.1, 1.0))
    ax.axis("off")
    released = moves["release of NE"] + moves["NE without impulses"]
    most = max(moves.values())
    ne, gone = COLOURS["norepinephrine"], COLOURS["metabolites"]
    # from, to, amount, name, where the words stand, colour; starts and ends are moved so that two arrows run side by side
    arrows = (
        ((0.49, 0.8), (0.7, 0.8), released, "release", (0.595, 0.9), ne),
        ((0.75, 0.7), (0.47, 0.36), moves["NET NE"], "NET", (0.7, 0.5), ne),
        ((0.43, 0.73), (0.43, 0.38), moves["leak of NE"], "leak", (0.525, 0.7), ne),
        ((0.29, 0.38), (0.29, 0.73), moves["VMAT2 NE"], "VMAT2", (0.17, 0.56), ne),
        ((0.02, 0.8), (0.24, 0.8), moves["DBH"], "made: DBH", (0.1, 0.89), ne),
        ((0.25, 0.3), (0.13, 0.3), moves["MAO NE"], "MAO", (0.19, 0.2), gone),
        ((0.88, 0.7), (0.88, 0.38), moves["uptake-2 and COMT, NE"], "COMT", (0.96, 0.55), gone),
    )
    for start, end, amount, _, _, colour in arrows:
        width = max(34 * amount / most, 2)
        shape = f"simple,tail_width={width},head_width={width + 12},head_length={8 + width / 3}"
        look = {
            "arrowstyle": shape,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 1,
            "linewidth": 0,
            "color": tint(colour, 0.6),
        }
        ax.annotate("", xy=end, xytext=start, arrowprops=look)
    for _, _, amount, words, at, _ in arrows:
        say(ax, *at, f"{words}\n{amount:.3g}", ha="center", va="center", fontsize=SMALL)
    say(ax, 1.02, 0.15, "numbers: % of the store per hour", FADED_INK, ha="right", fontsize=SMALL)
    for name, (x, y) in PLACES.items():
        box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": "grey"}
        ax.text(x, y, name, ha="center", va="center", fontsize=LETTERS, bbox=box)
    told = ", ".join(f"{name} {amount:.3g}" for name, amount in moves.items() if amount > 0)
    return fig, f"Arrows of NE fluxes at rest, the thinnest not to scale, in % of the store per hour: {told}."


def courses(
    runs: Mapping[str, tuple[Array, Array]],
    words: tuple[str, str, str],
    limits: tuple[float, float] | None = None,
    logarithmic: bool = False,
) -> Any:
    """Figure of several curves of one panel: (x, y) by name, and `words` for the title and both axes.

    Examples
    --------
    >>> import numpy as np
    >>> courses({"a line": (np.arange(3.0), np.arange(3.0))}, ("A title", "x", "y")).axes[0].get_title(loc="left")
    'A title'
    """
    fig, ax = sheet(*words)
    for name, (x, y) in runs.items():
        ax.plot(x, y, label=name)
    if logarithmic:
        ax.set(xscale="log")
    if limits:
        ax.set(xlim=limits)
    ax.set(ylim=(0, None))
    ax.legend(fontsize=SMALL)
    return fig
