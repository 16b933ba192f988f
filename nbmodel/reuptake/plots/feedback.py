"""Pictures of receptors and of their feedback on release, in the model and beside what was published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED, FADED_INK, INK
from nbmodel.models import receptors as adrenergic
from nbmodel.reuptake.plots.look import SMALL, Picture, say, sheet


def occupied(terminal: tuple[float, float], cell_bodies: tuple[float, float]) -> Picture:
    """Picture of the shares of three kinds of receptors that NE occupies, at any level, at rest and with NET blocked.

    Parameters
    ----------
    terminal, cell_bodies : tuple of float
        NE (nM) at rest and with NET blocked, around terminals and around the cell bodies of the LC.

    Examples
    --------
    >>> said = occupied((6.0, 17.0), (31.0, 86.0))[1]
    >>> said[said.index("At rest"):]
    'At rest and with NET blocked: alpha2 on terminals 37 and 62 %; alpha2 on LC cell bodies 12 and 28 %. Alpha1 at rest: 9 %.'
    """
    kd = adrenergic.table()["kd"]
    level = np.logspace(-0.5, 4, 200)
    fig, ax = sheet("Assumed: NE acts on terminals first", "NE around the receptor (nM)", "receptors occupied (%)")
    drug, colour = COLOURS["treated"], COLOURS["signal"]
    looks = (
        ("alpha2,\nterminals", "alpha2 on the terminal", "-", colour, (3.6, 47, "right")),
        ("alpha1", "alpha1", "--", colour, (24.7, 50, "center")),
        ("alpha2,\nLC cell bodies", "alpha2 on the LC cell", "-", drug, (330, 45, "left")),
    )
    told = []
    for name, row, style, ink, (x, y, side) in looks:
        rest, raised = cell_bodies if ink == drug else terminal
        before, after = (100 * float(adrenergic.competing_occupancy(at, kd[row])) for at in (rest, raised))
        ax.semilogx(level, 100 * adrenergic.competing_occupancy(level, kd[row]), style, color=ink)
        ax.plot(rest, before, "o", color=ink, zorder=3)
        if name != "alpha1":
            ax.plot(raised, after, "o", color=ink, markerfacecolor="white", markeredgewidth=2, zorder=3)
        say(ax, x, y, name, ink, weight="bold", ha=side, va="center")
        told.append((before, after))
    say(ax, 0.42, 92, "dots: at rest\ncircles: 95 % of NET blocked", INK, va="top", fontsize=SMALL)
    ax.set(ylim=(0, 100), xlim=(level[0], level[-1]))
    ax.set_xticks([1, 10, 100, 1000, 10000], ["1", "10", "100", "1,000", "10,000"])
    (before, after), (alpha1, _), (lc_before, lc_after) = told
    return fig, (
        "Share of receptors occupied against NE, three S-shaped curves from left to right: alpha2 on terminals, alpha1, "
        f"alpha2 on cell bodies of the LC. At rest and with NET blocked: alpha2 on terminals {before:.0f} and {after:.0f} %; "
        f"alpha2 on LC cell bodies {lc_before:.0f} and {lc_after:.0f} %. Alpha1 at rest: {alpha1:.0f} %."
    )


def feedbacks(multiples: Mapping[str, float], published: Mapping[str, float]) -> Picture:
    """Picture of how far NE rises as one feedback after another is added, beside `published` multiples.

    The first of `multiples` is in the tissue, the others are what a probe reads there; the last two are in blue.

    Examples
    --------
    >>> feedbacks({"tissue": 11.0, "none": 7.7, "one": 4.5, "both": 2.1}, {"a drug": 3.0})[1]
    'Bars of NE as a multiple of rest: tissue 11.0; as a probe reads it: none 7.7, one 4.5, both 2.1. In rats: a drug 3.0.'
    """
    rows = {**multiples, **{f"rats:\n{name}": value for name, value in published.items()}}
    fig, ax = sheet(
        "Two feedbacks cut the rise to twofold", "NE, as a multiple of rest", "", height=0.75 * len(rows) + 1.2
    )
    blues = [*[FADED] * (len(multiples) - 2), "#8fb8d6", COLOURS["norepinephrine"]]
    gap = 0.35
    places = [0.0, *(gap + row for row in range(1, len(multiples)))]
    places += [len(multiples) + 2 * gap + row for row in range(len(published))]
    ax.barh(
        places,
        list(rows.values()),
        color=[*blues, *["white"] * len(published)],
        height=0.62,
        edgecolor=[*blues, *[INK] * len(published)],
        linewidth=1.8,
    )
    for y, multiple in zip(places, rows.values(), strict=True):
        say(ax, multiple + 0.12, y, f"{multiple:.1f}", va="center", weight="bold")
    ax.set_yticks(places, list(rows), fontsize=SMALL)
    longest = max(rows.values())
    ax.set(xlim=(0, 1.15 * longest), ylim=(places[-1] + 0.55, -0.55))
    ax.grid(visible=False, axis="y")
    first, last, side, tip = places[1] - 0.31, places[-1] + 0.31, 0.86 * longest, 0.83 * longest
    ax.plot([tip, side, side, tip], [first, first, last, last], color=INK, linewidth=1.5)
    say(ax, side + 0.4, (first + last) / 2, "as a probe reads it", va="center", ha="left", rotation=270)
    told, rats = (
        [f"{' '.join(name.split())} {value:.1f}" for name, value in kind.items()] for kind in (multiples, published)
    )
    return fig, (
        f"Bars of NE as a multiple of rest: {told[0]}; as a probe reads it: {', '.join(told[1:])}. In rats: {', '.join(rats)}."
    )


def beside_rats(found: Mapping[str, tuple[float, float, float, float]]) -> Picture:
    """Picture of published multiples of NE (or of firing) in rats beside those of the model, and what counts as met.

    Parameters
    ----------
    found : Mapping
        By experiment: the published multiple, the model's, and the ends of the band in which a size is met.

    Examples
    --------
    >>> beside_rats({"a drug": (3.0, 2.1, 2.2, 3.8)})[1]
    'Multiples of before, in rats, in the model and the band: a drug 3 and 2.1 (2.2 to 3.8, missed).'
    """
    fig, ax = sheet("Few sizes agree with rats", "multiple of before the drug", "", height=0.62 * len(found) + 1.35)
    rows = np.arange(len(found))
    rat, model, low, high = np.array(list(found.values())).T
    met = (low <= model) & (model <= high)
    ax.hlines(rows, low, high, color="#dcdcdc", linewidth=17, zorder=0.5)
    ax.hlines(rows, np.minimum(rat, model), np.maximum(rat, model), color=FADED_INK, linewidth=1.5, zorder=1)
    ax.plot(rat, rows, "o", markersize=11, markerfacecolor="white", markeredgecolor=INK, markeredgewidth=2)
    ax.plot(model, rows, "o", markersize=9, color=COLOURS["norepinephrine"])
    ax.axvline(1, color=FADED_INK, linestyle=":", zorder=0)
    apart = rat[0] < model[0]
    for x, words, ink, right in (
        (rat[0], "rats", INK, apart),
        (model[0], "model", COLOURS["norepinephrine"], not apart),
    ):
        say(
            ax,
            x * (0.77 if right else 1.3),
            0,
            words,
            ink,
            ha="right" if right else "left",
            va="center",
            weight="bold",
        )
    ax.set_xscale("log")
    ax.set_yticks(rows, list(found), fontsize=SMALL)
    ax.set_xticks([0.1, 0.3, 1, 3, 10], ["0.1", "0.3", "1", "3", "10"])
    ax.minorticks_off()
    ax.set(xlim=(0.05, 190), ylim=(len(found) - 0.5, -0.5))
    ax.grid(visible=False, axis="y")
    for y, good in zip(rows, met, strict=True):
        say(
            ax,
            175,
            float(y),
            "met" if good else "missed",
            INK if good else FADED_INK,
            ha="right",
            va="center",
            fontsize=SMALL,
            weight="bold" if good else "normal",
        )
    told = "; ".join(
        f"{' '.join(name.split())} {one:.2g} and {other:.2g} ({least:.2g} to {most:.2g}, {'met' if good else 'missed'})"
        for (name, (one, other, least, most)), good in zip(found.items(), met, strict=True)
    )
    return fig, f"Multiples of before, in rats, in the model and the band: {told}."
