"""Pictures of the lesson's main line: one finding each, narrow enough for their letters to be read on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nbmodel.core.network import Array
from nbmodel.disorders.case import ratio
from nbmodel.disorders.readouts import READOUTS
from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED, FADED_INK, INK, tint
from nbmodel.figures.narrow import panels

STATES = {"untreated": COLOURS["untreated"], "treated": COLOURS["treated"]}
AT = 0.9  # share of NET at which the lines of `occupancy_to_ne` are read
PLAIN = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
LETTERS, SMALL, TITLE = 13, 12, 13.5  # points


def _named(ax: Any, x: str, y: str, title: str) -> None:
    ax.set_xlabel(x, fontsize=LETTERS)
    ax.set_ylabel(y, fontsize=LETTERS)
    ax.tick_params(labelsize=SMALL)
    if title:  # from the edge of the picture, as long names stand left of the axes
        ax.figure.suptitle(title, x=0.01, ha="left", fontsize=TITLE, weight="bold", color=INK)


def in_rats(rows: Mapping[str, tuple[float, float]]) -> tuple[Any, str]:
    """Figure of NE in rats on drugs that block NET, as multiples of rest: (published, model) by what was given."""
    fig, ax = panels(height=0.9 + 0.52 * len(rows))
    for y, (published, model) in enumerate(rows.values()):
        ax.plot([model, published], [y, y], color=FADED, linewidth=3, zorder=1)
        ax.plot(published, y, "o", color="white", markeredgecolor=INK, markeredgewidth=2, markersize=10)
        ax.plot(model, y, "o", color=STATES["treated"], markersize=10)
        ax.text(published + 0.28, y, ratio(published), va="center", fontsize=SMALL, color=INK)
        ax.text(model - 0.25, y, ratio(model), va="center", ha="right", fontsize=SMALL, color=STATES["treated"])
    published, model = next(iter(rows.values()))
    ax.text(published + 1.0, 0, "published", va="center", fontsize=LETTERS, color=INK)
    ax.text(model - 0.9, 0, "model", va="center", ha="right", fontsize=LETTERS, color=STATES["treated"])
    _named(ax, "NE by a probe (times rest)", "", "In rats NE rose more than the model says")
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set(ylim=(len(rows) - 0.5, -0.5), xlim=(-0.6, 9), xticks=range(0, 9, 2))
    ax.grid(visible=False)
    return fig, "NE in rats, times rest, published and by the model: " + "; ".join(
        f"{name.replace(chr(10), ' ')} {ratio(a)} and {ratio(b)}" for name, (a, b) in rows.items()
    ) + "."


def occupancy_to_ne(occupancy: Array, curves: Mapping[str, Array]) -> tuple[Any, str]:
    """Figure of NE, as a multiple of rest, against the occupied share of NET; each curve carries its name.

    Parameters
    ----------
    occupancy : array
        Shares, 0 to 1.
    curves : Mapping
        NE by name: the steps of the model, the most naive first and the whole model fourth; a fifth is drawn thin.
    """
    fig, ax = panels(height=5.2)
    colours = [*(COLOURS[name] for name in ("untreated", "tyrosine", "treated", "norepinephrine")), FADED_INK]
    lines = [("--", 2), ("-.", 2), ("-", 2), ("-", 3.5), (":", 1.5)]
    at = {name: float(np.interp(AT, occupancy, values)) for name, values in curves.items()}
    ax.axvline(100 * AT, color=FADED, zorder=0)
    # The corner above the curves is free: the names stand there, in the order of the points.
    ax.text(2, 10.3, f"at {100 * AT:.0f} %", va="center", fontsize=SMALL, color=INK, weight="bold")
    for k, ((name, values), colour, (dash, width)) in enumerate(zip(curves.items(), colours, lines, strict=False)):
        ax.plot(100 * occupancy, values, dash, color=colour, linewidth=width)
        ax.plot(100 * AT, at[name], "o", color=colour, markersize=6 if width > 1.5 else 4)
        for x, words in ((2, f"{at[name]:.1f}"), (11, name)):
            ax.text(x, 9.5 - 0.75 * k, words, va="center", fontsize=SMALL, color=colour, bbox=PLAIN)
    first, _, _, whole = list(at.values())[:4]
    title = f"With {100 * AT:.0f} % of NET blocked, NE is {whole:.1f} times rest, not {first:.0f}"
    _named(ax, "NET occupied by the drug (%)", "NE outside (times rest)", title)
    ax.set(ylim=(0, 10.9), xlim=(0, 92), xticks=range(0, 91, 10), yticks=range(0, 11, 2))
    said = ", ".join(f"{name} {value:.1f}" for name, value in at.items())
    return (
        fig,
        f"NE outside the cells against the occupied share of NET, as multiples of rest. At {100 * AT:.0f} %: {said}.",
    )


def depression(levels: Mapping[str, tuple[float, float]], drug: str, turnover: Mapping[str, float]) -> tuple[Any, str]:
    """Figure of NE in hypotheses of depression, (untreated, on a drug) by name, as multiples of healthy.

    For the drug "none" only the untreated person is drawn. `turnover`, where it was measured, is a hollow mark.
    """
    fig, ax = panels(height=3.6)
    shown = ["untreated"] if drug == "none" else ["untreated", "treated"]
    for y, both in enumerate(levels.values()):
        values = dict(zip(shown, both, strict=False))
        # A line from healthy, or from untreated to treated, says by how much.
        ax.plot([1.0, both[0]] if drug == "none" else both, [y, y], color=FADED, linewidth=3, zorder=1)
        for ink, value in values.items():
            ax.plot(value, y, "o", color=STATES[ink], markersize=11)
            ax.text(value, y + 0.2, ratio(value), ha="center", va="top", fontsize=SMALL, color=STATES[ink])
    for name, measured in turnover.items():
        y = list(levels).index(name)
        ax.plot(measured, y, "D", color=INK, markerfacecolor="white", markersize=9)
        ax.text(measured, y - 0.2, "turnover,\nmeasured", ha="center", va="bottom", fontsize=SMALL, color=INK)
    before, after = next(iter(levels.values()))
    ax.text(before + 0.04, -0.3, "untreated", ha="right", fontsize=LETTERS, color=STATES["untreated"])
    if drug != "none":
        ax.text(max(after, 1.1) - 0.04, -0.3, f"on {drug}", ha="left", fontsize=LETTERS, color=STATES["treated"])
    ax.axvline(1, color=COLOURS["healthy"], linestyle=":")
    ax.text(0.98, len(levels) - 0.5, "healthy", ha="right", fontsize=SMALL, color=COLOURS["healthy"])
    _named(ax, "NE outside the cells (of healthy)", "", "Much lower NE only where low release was put in")
    ax.set_yticks(range(len(levels)), list(levels))
    ax.set(
        ylim=(len(levels) - 0.35, -0.7),
        xlim=(0, 1.3 * max(after for _, after in levels.values())),
        xticks=(0, 0.5, 1, 1.5, 2),
    )
    ax.set_xlim(0, 1.3 * max(after for _, after in levels.values()))
    ax.grid(visible=False, axis="y")
    who = "untreated" if drug == "none" else f"untreated and on {drug}"
    return fig, f"NE of healthy, {who}: " + "; ".join(
        f"{name.replace(chr(10), ' ')} {' and '.join(ratio(value) for value in both[: len(shown)])}"
        for name, both in levels.items()
    ) + "".join(f"; turnover as measured {measured:.1f}" for measured in turnover.values()) + "."


def yohimbine(rises: Mapping[str, tuple[float, float, float]]) -> tuple[Any, str]:
    """Figure of how much yohimbine raises NE, as a multiple of its rise in health: (usual, smallest, largest) by hypothesis."""
    fig, ax = panels(height=1.5 + 0.65 * len(rises))
    end = 1.1 * max(high for _, _, high in rises.values())
    ax.axvspan(1, end, color=tint(FADED, 0.25), linewidth=0, zorder=0)
    ax.axvline(1, color=COLOURS["healthy"], linestyle=":")
    for y, (usual, low, high) in enumerate(rises.values()):
        colour = COLOURS["norepinephrine"] if usual >= 1 else COLOURS["untreated"]
        ax.plot([low, high], [y, y], color=tint(colour, 0.4), linewidth=8, solid_capstyle="butt", zorder=1)
        ax.plot(usual, y, "o", color=colour, markersize=11)
        ax.text(usual, y + 0.2, ratio(usual), ha="center", va="top", fontsize=LETTERS, color=colour, weight="bold")
    ax.text(0.97, -0.62, "less than in health", ha="right", fontsize=SMALL, color=INK)
    ax.text(1.03, -0.62, "more, as MHPG in PTSD", ha="left", fontsize=SMALL, color=INK)
    _named(
        ax, "rise of NE with yohimbine (of that in health)", "", "Weaker feedback alone gives the model no larger rise"
    )
    ax.set_yticks(range(len(rises)), [name.replace(" and ", "\nand ") for name in rises])
    ax.set(ylim=(len(rises) - 0.4, -0.95), xticks=(0, 0.5, 1, 1.5, 2))
    ax.set_xlim(0, end)  # after the ticks, which would widen it
    ax.grid(visible=False)
    said = "; ".join(
        f"{name} {ratio(rise)} ({ratio(low)} to {ratio(high)})" for name, (rise, low, high) in rises.items()
    )
    return fig, f"Rise of NE with yohimbine, of that in health, with its range: {said}. In PTSD it was larger."


def slope(
    ne: Array, curve: Array, top: float, people: Mapping[str, Mapping[str, tuple[float, float]]]
) -> tuple[Any, str]:
    """Figure of the readout of attention against NE, a hill for each person, and where doses put them on it.

    Parameters
    ----------
    ne, curve : array
        NE outside (nM), and the readout over it.
    top : float
        NE at which the readout is largest, nM.
    people : Mapping
        By name: (NE, readout as a multiple of healthy) by dose, the untreated person first.
    """
    fig, hills = panels(len(people), height=2.0, sharex=True, sharey=True)
    for ax, (name, of) in zip(hills, people.items(), strict=True):
        (before, first), *rest = of.values()
        ax.semilogx(ne, curve * first / np.interp(before, ne, curve), color=FADED, linewidth=3, zorder=1)
        ax.axvline(top, color=FADED, linestyle="--", linewidth=1.5, zorder=0)
        ax.axhline(1, color=COLOURS["healthy"], linestyle=":", linewidth=1.8, zorder=0)
        ax.grid(visible=False)
        ax.plot(before, first, "o", color=STATES["untreated"], markersize=9)
        for level, value in rest:
            face = "white" if value < first else STATES["treated"]
            look = {"color": face, "markeredgecolor": STATES["treated"], "markeredgewidth": 1.8, "markersize": 8.5}
            ax.plot(level, value, "o", **look)
        if any(value < first for _, value in rest):
            ax.text(2.1, 0.12, "hollow: below untreated", va="center", fontsize=11, color=STATES["treated"])
        for dose in (list(of)[1], list(of)[-1]):
            level, value = of[dose]
            look = {"va": "center", "ha": "center", "fontsize": 11, "color": STATES["treated"], "bbox": PLAIN}
            ax.text(level, value - 0.32, dose, **look)
        words = f"{name}: {first:.2f} → {rest[-1][1]:.2f}"
        ax.text(2.1, 1.5, words, va="center", fontsize=SMALL, color=INK, bbox=PLAIN)
        ax.tick_params(labelsize=SMALL)
    first_hill, (_, *names) = hills[0], next(iter(people.values()))
    _named(first_hill, "", "", "The same doses climb the hill, or cross its top")
    hills[len(hills) // 2].set_ylabel("attention, as a multiple of healthy", fontsize=SMALL)
    first_hill.text(top * 1.05, 0.12, "top", va="center", fontsize=SMALL, color=FADED_INK)
    hills[-1].text(98, 1.16, "healthy", va="center", ha="right", fontsize=SMALL, color=COLOURS["healthy"])
    first_hill.text(2.1, 0.12, "untreated", va="center", fontsize=SMALL, color=STATES["untreated"])
    words = ", ".join(name.removesuffix(" mg") for name in names)
    first_hill.text(4.1, 0.12, f"on {words} mg", va="center", fontsize=SMALL, color=STATES["treated"])
    hills[-1].set(xlabel="NE outside (nM)", xlim=(2, 100), ylim=(0, 1.7), yticks=(0, 0.5, 1, 1.5))
    hills[-1].set_xticks([2, 5, 10, 20, 50, 100], ["2", "5", "10", "20", "50", "100"])
    said = "; ".join(
        f"{name}: " + ", ".join(f"{dose} {y:.2f}" for dose, (_, y) in of.items()) for name, of in people.items()
    )
    return fig, f"The readout of attention against NE is an inverted U. Untreated and treated, of healthy: {said}."


def without_dbh(before_after: Mapping[str, tuple[float, float]], published: tuple[float, float]) -> tuple[Any, str]:
    """Figure of readouts without NE and on droxidopa, (untreated, treated) by name, and the band that patients lie in."""
    fig, ax = panels(height=4.0)
    ax.axvspan(*published, color=tint(COLOURS["tyrosine"], 0.3), zorder=0)
    ax.text(np.mean(published), -0.72, "patients", ha="center", fontsize=LETTERS, color=INK)
    for y, values in enumerate(before_after.values()):
        for k, (value, colour) in enumerate(zip(values, STATES.values(), strict=True)):
            at = y + 0.36 * k - 0.18
            ax.barh(at, value, 0.33, color=colour)
            words = f"{'no NE' if k == 0 else 'on droxidopa'}: {ratio(value)}"
            ink = "white" if value > 0.3 else colour
            ax.text(0.02, at, words, va="center", fontsize=SMALL, color=ink)
    names = [READOUTS[name].partition("(")[2].rstrip(")").replace(" ", "\n") for name in before_after]
    _named(ax, "readout (of healthy)", "", "Without NE the model cannot attend; people can")
    ax.set_yticks(range(len(names)), names)
    ax.set(ylim=(len(names) - 0.5, -0.95), xlim=(0, 1.3))
    ax.grid(visible=False)
    return fig, "Without NE and on droxidopa, of healthy: " + "; ".join(
        f"{READOUTS[name]} {ratio(a)} and {ratio(b)}" for name, (a, b) in before_after.items()
    ) + f". Patients off treatment lie between {published[0]} and {published[1]} in most tests."
