"""Pictures of signal and noise: one cell, circuits with a gain, a voice among voices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.attention.plots.look import LETTERS, NE, OTHER, SMALL, WARM, Drawing, panels, tidy
from nbmodel.core import roc
from nbmodel.figures.colours import FADED_INK, INK
from nbmodel.models import detection, gain

if TYPE_CHECKING:
    import pandas as pd


def signal_and_background(basal: float, drugs: Mapping[str, Any]) -> Drawing:
    """Firing with and without a signal against NE, and their ratio at none, basal and twice basal NE.

    Parameters
    ----------
    basal : float
        NE outside the cells at rest, nM.
    drugs : Mapping
        Drugs at the receptors, as `attention.receptor_drugs` gives them.

    Returns
    -------
    figure, description

    Examples
    --------
    >>> _, said = signal_and_background(6.0, {})
    >>> said.endswith("The ratio is 3.0 at 0 nM, 5.7 at 6 nM and 8.6 at 12 nM.")
    True
    """
    most, marks = max(18.0, 2.6 * basal), (0.0, basal, 2 * basal)
    levels = np.linspace(0, most, 121)
    fig, ax = panels(height=4.2)
    for signal, name, colour in ((0.5, "with the signal", NE), (0.0, "background", WARM)):
        rates = gain.rate(signal, levels, **drugs)
        ax.plot(levels, rates, color=colour, linewidth=3)
        ax.text(
            most,
            float(rates[-1]) + (-1.0 if signal else 0.5),
            name,
            color=colour,
            fontsize=LETTERS,
            ha="right",
            va="top" if signal else "bottom",
            weight="bold",
        )
    ratios = [float(gain.evoked_to_spontaneous(0.5, ne, **drugs)) for ne in marks]
    for ne, ratio in zip(marks, ratios, strict=True):
        high, low = (float(gain.rate(signal, ne, **drugs)) for signal in (0.5, 0.0))
        ax.plot([ne, ne], [low, high], ":", color=FADED_INK, linewidth=1.5, zorder=1)
        ax.plot(ne, high, "o", color=NE, markersize=7)
        ax.plot(ne, low, "o", color=WARM, markersize=7)
        ax.text(
            ne,
            high + 0.8,
            f"{high:.1f} / {low:.1f}\n= {ratio:.1f}",
            fontsize=LETTERS,
            color=INK,
            ha="left" if ne == 0 else "center",
            va="bottom",
        )
    found = (
        "NE lowers the background, so the ratio rises"
        if ratios[2] > ratios[1]
        else "More NE does not raise the ratio here"
    )
    ax.set(
        xlabel="NE outside the cells (nM)", ylabel="firing r (Hz)", title=found, xlim=(-0.4, most + 0.2), ylim=(0, 20)
    )
    ax.set_xticks(np.arange(0.0, most + 0.1, basal * max(1, round(most / basal / 4))))
    ax.set_yticks(range(0, 21, 5))
    tidy(ax)
    told = ", ".join(f"{ratio:.1f} at {ne:g} nM" for ne, ratio in zip(marks[:2], ratios[:2], strict=True))
    return fig, (
        "Firing of a cortical cell against NE, with a signal and without. "
        f"The ratio is {told} and {ratios[2]:.1f} at {marks[2]:g} nM."
    )


def detection_by_gain(table: pd.DataFrame) -> Drawing:
    """Sensitivity against gain for the circuits of `detection.by_gain`, each named at its line.

    Parameters
    ----------
    table : DataFrame
        As `detection.by_gain` returns it.

    Returns
    -------
    figure, description

    Examples
    --------
    >>> _, said = detection_by_gain(detection.by_gain((0.5, 4.0), number=200))
    >>> "does not depend on the gain" in said
    True
    """
    # Each name stands at the line's point at one of the gains, above or below it.
    names = {
        "single unit": ("no noise after the gain", INK, 0.5, 0.07),
        "single unit, noise at its output": ("noise at the output", NE, 4.0, -0.09),
        "single unit, Poisson spikes": ("chance of spikes", OTHER, 1.0, 0.14),
        "two layers, noise after each": ("one unit hears another,\nnoise after each", WARM, 4.0, -0.6),
    }
    fig, ax = panels(height=4.4)
    ends = []
    for name, (words, colour, place, shift) in names.items():
        rows = table[table["circuit"] == name]
        spread = (rows["value"] - rows["low"], rows["high"] - rows["value"])
        ax.errorbar(rows["gain"], rows["value"], yerr=spread, marker="o", color=colour, linewidth=2.5)
        ends.append(f"{' '.join(words.split())} {rows['value'].iloc[0]:.1f} to {rows['value'].iloc[-1]:.1f}")
        near = int((rows["gain"] - place).abs().to_numpy().argmin())
        wide = float(rows["gain"].iloc[near])
        past = float(rows["high"].iloc[near]) if shift > 0 else float(rows["low"].iloc[near])
        ax.text(
            wide,
            past + shift / 3,
            words,
            color=colour,
            fontsize=LETTERS,
            ha="left" if place < 1 else "right",
            va="bottom" if shift > 0 else "top",
        )
    ax.set(xscale="log", xlim=(0.45, 4.5), ylim=(-0.08, 1.25), xlabel="gain G", ylabel="sensitivity d'a")
    ax.set_xticks([0.5, 1, 2, 4], ["0.5", "1", "2", "4"])
    ax.minorticks_off()
    ax.set_title("A gain helps only where noise comes after it")
    tidy(ax)
    return fig, (
        "Sensitivity against gain. Without noise after the gain it does not depend on the gain; elsewhere it rises: "
        + "; ".join(ends[1:])
        + f". From the lowest to the highest gain, 95 % intervals as bars; {ends[0]}."
    )


def roc_curves(with_signal: detection.Trials, without: detection.Trials) -> Drawing:
    """ROC curves of one unit at two gains, without noise of its own and with noise at its output.

    Examples
    --------
    >>> roc_curves(*detection.trials(50))[1].startswith("ROC curves")
    True
    """
    fig, ax = panels(height=4.6)
    for (name, circuit), style in zip(list(detection.CIRCUITS.items())[:2], ("-", "--"), strict=True):
        for g, colour, width in ((0.5, NE, 5.0), (4.0, WARM, 1.8)):
            false_alarms, hits = roc.curve(circuit(with_signal, g), circuit(without, g))
            ax.plot(false_alarms, hits, style, color=colour, linewidth=width, label=f"{name}, gain {g:g}")
    ax.set(xlabel="false alarms", ylabel="hits", title="Without noise of its own: one curve")
    ax.legend(fontsize=SMALL, loc="lower right")
    tidy(ax)
    return fig, (
        "ROC curves: the single unit's two curves lie on each other; with noise at its output the higher gain lies above."
    )


def voices(
    levels: Sequence[float], shares: Sequence[float], basal: float, gained: tuple[float, float], ceiling: float
) -> Drawing:
    """Share of trials in which the target voice is the loudest of four, against NE.

    Parameters
    ----------
    levels : sequence of float
        NE, nM, from none upwards.
    shares : sequence of float
        Share of trials at each level, 0 to 1.
    basal : float
        NE at rest, nM.
    gained : (float, float)
        Ends between which 90 % of random draws of the assumed sizes put what NE at rest adds, 0 to 1. No band is drawn: the
        draws move the share without NE as well.
    ceiling : float
        Share of trials if each cell fired exactly its rate, 0 to 1.

    Returns
    -------
    figure, description

    Examples
    --------
    >>> voices([0.0, 6.0], [0.64, 0.66], 6.0, (0.01, 0.05), 0.75)[1].split('25 %. ')[1]
    'At rest NE adds 2.0 points, in 90 % of draws 1.0 to 5.0. If each cell fired exactly its rate, it were 75 % at any NE.'
    """
    percent, most = 100 * np.asarray(shares), max(levels)
    none, top, at_rest = percent[0], 100 * ceiling, float(np.interp(basal, levels, percent))
    fig, ax = panels(height=4.6)
    ax.axhline(top, color=FADED_INK, linestyle="--", linewidth=1.5)
    ax.text(0, top + 0.4, "if each cell fired exactly its rate", fontsize=LETTERS, color=FADED_INK)
    ax.plot([0, 1.07 * most], [none, none], ":", color=FADED_INK, linewidth=1.5, zorder=1)
    low, high = (100 * end for end in gained)
    ax.text(
        basal,
        at_rest + 2,
        f"{at_rest - none:.1f} points won at rest\n(90 % of draws: {low:.1f} to {high:.1f})",
        fontsize=LETTERS,
        color=NE,
        ha="center" if basal > most / 6 else "left",
        va="bottom",
    )
    ax.plot(levels, percent, marker="o", color=NE, linewidth=3, markersize=8)
    ax.text(0, none - 0.5, f"{none:.0f} % without NE", fontsize=LETTERS, va="top", color=NE)
    ax.text(most, percent[-1] + 0.6, f"{percent[-1]:.0f} %", fontsize=LETTERS, ha="center", va="bottom", color=NE)
    for x, end in ((basal, at_rest), (1.07 * most, top)):
        ax.annotate("", (x, end), (x, none), arrowprops={"arrowstyle": "<->", "color": INK, "shrinkA": 0, "shrinkB": 0})
    ax.text(
        1.05 * most,
        (top + percent[-1]) / 2 + 1.2,
        f"{top - none:.0f} points\nlost to chance",
        fontsize=LETTERS,
        color=INK,
        ha="right",
        va="center",
    )
    won = percent[-1] - percent[0]
    ax.set_title(
        "NE helps the listener, by a few points only"
        if 0.5 < won < 10
        else "NE helps the listener"
        if won > 0.5
        else "NE does not help this listener"
    )
    bottom = min(60.0, float(percent.min()) - 4)
    ax.set_yticks(range(5 * int(bottom // 5), 80, 5))
    ax.set(
        xlabel="NE outside the cells (nM)",
        ylabel="name picked out (%)",
        ylim=(bottom, 78),
        xlim=(-0.8, 1.12 * most),
    )
    tidy(ax)
    told = ", ".join(f"{share:.0f} % at {ne:g} nM" for ne, share in zip(levels, percent, strict=True))
    return fig, (
        f"Share of trials in which the target is the loudest of four voices, against NE: {told}. Chance is 25 %. At rest NE adds "
        f"{at_rest - none:.1f} points, in 90 % of draws {low:.1f} to {high:.1f}. If each cell fired exactly its rate, it were "
        f"{top:.0f} % at any NE."
    )
