"""Pictures of the lesson's main line: one finding each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from nbmodel.core.network import Array
from nbmodel.disorders.case import ratio
from nbmodel.disorders.readouts import READOUTS
from nbmodel.figures import COLOURS, panels
from nbmodel.figures.colours import FADED, FADED_INK, INK, tint

STATES = {"untreated": COLOURS["untreated"], "treated": COLOURS["treated"]}
AT = 0.7  # share of NET at which the lines of `occupancy_to_ne` are read


def occupancy_to_ne(occupancy: Array, curves: Mapping[str, Array]) -> tuple[Any, str]:
    """Figure of NE, as a multiple of rest, against the occupied share of NET; each curve carries its name.

    Parameters
    ----------
    occupancy : array
        Shares, 0 to 1.
    curves : Mapping
        NE by name, the most naive first and the whole model last.
    """
    fig, ax = panels(height=4.4)
    colours = [FADED_INK, COLOURS["signal"], COLOURS["untreated"], COLOURS["norepinephrine"]]
    at = {}
    for (name, values), colour in zip(curves.items(), colours[-len(curves) :], strict=True):
        ax.plot(100 * occupancy, values, color=colour, linewidth=3 if name == list(curves)[-1] else 2)
        at[name] = float(np.interp(AT, occupancy, values))
        ax.plot(100 * AT, at[name], "o", color=colour)
    ax.axvline(100 * AT, color=FADED, linewidth=1, zorder=0)
    spread = _apart(list(at.values()), 0.3)
    for k, ((name, value), place, colour) in enumerate(zip(at.items(), spread, colours[-len(curves) :], strict=True)):
        said = f"{name}: {value:.1f}"
        if k < len(at) - 2:
            ax.text(67, place, said, ha="right", va="center", fontsize=11, color=colour)
        else:  # the lower curves leave no room above them on the left
            ax.text(100 * occupancy[-1] + 1.5, curves[name][-1], said, va="center", fontsize=11, color=colour)
    first, last = (list(at.values())[i] for i in (0, -1))
    ax.set(
        xlabel="NET occupied by the drug (%)",
        ylabel="NE outside the cells (multiple of rest)",
        title=f"Blocking 70 % of NET raises NE to {last:.1f} times rest, not to {first:.1f} times",
        ylim=(0.8, 5),
        xlim=(0, 128),
        xticks=range(0, 101, 20),
    )
    return fig, "NE outside the cells against the occupied share of NET. At 70 %: " + ", ".join(
        f"{name} {value:.1f} times rest" for name, value in at.items()
    ) + "."


def _apart(places: Sequence[float], least: float) -> list[float]:
    """Heights of labels near `places`, none closer to another than `least`."""
    order = np.argsort(places)
    moved = np.array(places, dtype=float)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + least)
    return [float(place) for place in moved]


def depression(levels: Mapping[str, tuple[float, float]]) -> tuple[Any, str]:
    """Figure of NE in hypotheses of depression, (untreated, on desipramine) by name, as multiples of healthy."""
    fig, ax = panels(height=3.8)
    for y, (before, after) in enumerate(levels.values()):
        ax.plot([before, after], [y, y], color=FADED, linewidth=3, zorder=1)
        ax.plot(before, y, "o", color=STATES["untreated"], markersize=11)
        ax.plot(after, y, "o", color=STATES["treated"], markersize=11)
        for value, ink in ((before, STATES["untreated"]), (after, STATES["treated"])):
            ax.text(value, y - 0.3, ratio(value), ha="center", fontsize=11, color=ink)
    before, after = next(iter(levels.values()))
    ax.text(before, -0.66, "untreated", ha="right", fontsize=11, color=STATES["untreated"])
    ax.text(after, -0.66, "desipramine, two weeks", ha="center", fontsize=11, color=STATES["treated"])
    ax.axvline(1, color=COLOURS["healthy"], linestyle=":")
    ax.text(1.02, len(levels) - 0.55, "healthy", fontsize=11, color=COLOURS["healthy"])
    ax.set(
        yticks=range(len(levels)),
        yticklabels=list(levels),
        ylim=(len(levels) - 0.4, -1.0),
        xlim=(0, 1.15 * max(after for _, after in levels.values())),
        xlabel="NE outside the cells (multiple of healthy)",
        title="Only one of three hypotheses of depression is a large deficit of NE",
    )
    ax.tick_params(axis="y", labelsize=11)
    ax.grid(visible=False, axis="y")
    return fig, "NE of healthy, untreated and on desipramine: " + "; ".join(
        f"{name.replace(chr(10), ' ')} {ratio(a)} and {ratio(b)}" for name, (a, b) in levels.items()
    ) + "."


def yohimbine(rises: Mapping[str, float]) -> tuple[Any, str]:
    """Figure of how much yohimbine raises NE, as a multiple of its rise in health, by hypothesis."""
    fig, ax = panels(height=3.6)
    for y, rise in enumerate(rises.values()):
        colour = COLOURS["norepinephrine"] if rise >= 1 else COLOURS["untreated"]
        ax.barh(y, rise, 0.6, color=tint(colour, 0.75))
        ax.text(rise + 0.02, y, ratio(rise), va="center", fontsize=11)
    ax.axvline(1, color=COLOURS["healthy"], linestyle=":")
    ax.set(
        yticks=range(len(rises)),
        yticklabels=list(rises),
        ylim=(len(rises) - 0.4, -0.6),
        xlim=(0, 1.25 * max(rises.values())),
        xlabel="rise of NE with yohimbine (multiple of healthy)",
        title="Weaker feedback answers yohimbine less, a raised tone more",
    )
    ax.tick_params(axis="y", labelsize=11)
    ax.grid(visible=False, axis="y")
    return fig, "Rise of NE with yohimbine, of that in health: " + ", ".join(
        f"{name.replace(chr(10), ' ')} {ratio(rise)}" for name, rise in rises.items()
    ) + "."


def slope(
    ne: Array, curves: Mapping[str, Array], people: Mapping[str, Mapping[str, tuple[float, float]]]
) -> tuple[Any, str]:
    """Figure of the readout of attention against NE, and where doses put a person on it, for some basal levels.

    Parameters
    ----------
    ne : array
        NE outside, nM.
    curves : Mapping
        The readout over `ne`, of healthy, by the name of the basal level.
    people : Mapping
        By the same names: (NE, readout) by dose, the untreated person first.
    """
    fig, axes = panels(1, len(curves), height=4.0, sharey=True)
    for ax, (title, curve) in zip(np.atleast_1d(axes), curves.items(), strict=True):
        ax.semilogx(ne, curve, color=FADED_INK)
        ax.axhline(1, color=COLOURS["healthy"], linestyle=":")
        doses = list(people[title].items())
        for k, (dose, (x, y)) in enumerate(doses):
            colour = STATES["untreated" if k == 0 else "treated"]
            ax.plot(x, y, "o", color=colour, markersize=8)
            if k in (0, 1, len(doses) - 1):
                across, up, side = ((0.9, -0.05, "right"), (1.0, -0.14, "left"), (1.0, 0.12, "left"))[min(k, 2)]
                ax.text(x * across, y + up, dose, ha=side, va="center", fontsize=11, color=colour)
        ax.set_xticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
        ax.set(xlabel="NE outside (nM)", title=title, ylim=(0, 1.65), xlim=(1, 100))
    np.atleast_1d(axes)[0].set_ylabel("attention readout (multiple of healthy)")
    said = "; ".join(
        f"{title}: " + ", ".join(f"{dose} {ratio(y)}" for dose, (_, y) in of.items()) for title, of in people.items()
    )
    return fig, f"The readout of attention against NE is an inverted U. Untreated and treated, of healthy: {said}."


def without_dbh(before_after: Mapping[str, tuple[float, float]], published: tuple[float, float]) -> tuple[Any, str]:
    """Figure of readouts without NE and on droxidopa, (untreated, treated) by name, and the band that patients lie in."""
    fig, ax = panels(height=3.8)
    ax.axvspan(*published, color=tint(COLOURS["tyrosine"], 0.3), zorder=0)
    ax.text(np.mean(published), -0.72, "patients", ha="center", fontsize=11, color=INK)
    for y, values in enumerate(before_after.values()):
        for k, (value, colour) in enumerate(zip(values, STATES.values(), strict=True)):
            ax.barh(y + 0.34 * k - 0.17, value, 0.3, color=colour)
            words = "no NE" if k == 0 else "on droxidopa"
            ax.text(
                value + 0.02, y + 0.34 * k - 0.17, f"{words}: {ratio(value)}", va="center", fontsize=11, color=colour
            )
    names = [READOUTS[name].replace(" (", "\n(") for name in before_after]
    ax.set(
        yticks=range(len(names)),
        yticklabels=names,
        ylim=(len(names) - 0.4, -0.95),
        xlim=(0, 1.6),
        xlabel="multiple of healthy",
        title="Without NE the model cannot attend; people can",
    )
    ax.grid(visible=False, axis="y")
    return fig, "Without NE and on droxidopa, of healthy: " + "; ".join(
        f"{READOUTS[name]} {ratio(a)} and {ratio(b)}" for name, (a, b) in before_after.items()
    ) + f". Patients off treatment lie between {published[0]} and {published[1]} in most tests."
