"""Pictures of signal and noise: one cell, circuits with a gain, a voice among voices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel import figures
from nbmodel.attention.plots.look import LETTERS, NE, OTHER, WARM, Drawing, tidy
from nbmodel.core import roc
from nbmodel.figures.colours import FADED, FADED_INK, INK
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
    levels, marks = np.linspace(0, 30, 121), (0.0, basal, 2 * basal)
    fig, ax = figures.panels(height=4.2)
    for signal, name, colour in ((0.5, "with the signal, S = 0.5", NE), (0.0, "background alone, S = 0", WARM)):
        rates = gain.rate(signal, levels, **drugs)
        ax.plot(levels, rates, color=colour, linewidth=3)
        ax.text(30, float(rates[-1]) + 0.6, name, color=colour, fontsize=LETTERS, ha="right", weight="bold")
    ratios = [float(gain.evoked_to_spontaneous(0.5, ne, **drugs)) for ne in marks]
    for ne, ratio in zip(marks, ratios, strict=True):
        high, low = (float(gain.rate(signal, ne, **drugs)) for signal in (0.5, 0.0))
        ax.annotate("", (ne, high), (ne, low), arrowprops={"arrowstyle": "<->", "color": FADED_INK})
        ax.text(ne + 0.4, (high + low) / 2, f"ratio {ratio:.1f}", fontsize=LETTERS, color=INK, va="center")
    found = (
        "NE lowers the background, so the ratio rises"
        if ratios[2] > ratios[1]
        else "More NE does not raise the ratio here"
    )
    ax.set(xlabel="NE outside the cells (nM)", ylabel="firing r (Hz)", title=found, xlim=(-0.5, 30.5), ylim=(0, 20))
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
    names = {
        "single unit": ("no noise after the gain", INK),
        "single unit, noise at its output": ("noise at the output", NE),
        "single unit, Poisson spikes": ("spikes are counted", OTHER),
        "two layers, noise after each": ("two layers, noise after each", WARM),
    }
    fig, ax = figures.panels(height=4.2)
    ends = []
    for name, (words, colour) in names.items():
        rows = table[table["circuit"] == name]
        spread = (rows["value"] - rows["low"], rows["high"] - rows["value"])
        ax.errorbar(rows["gain"], rows["value"], yerr=spread, marker="o", color=colour, linewidth=2.5)
        ends.append(f"{words} {rows['value'].iloc[0]:.1f} to {rows['value'].iloc[-1]:.1f}")
        at = float(rows["value"].iloc[-1])
        ax.text(float(rows["gain"].iloc[-1]) * 1.06, at, words, color=colour, fontsize=LETTERS, va="center")
    ax.set(xscale="log", xlim=(0.45, 11), ylim=(-0.05, 1.25), xlabel="gain g", ylabel="sensitivity d'a")
    ax.set_xticks([0.5, 1, 2, 4], ["0.5", "1", "2", "4"])
    ax.set_title("A gain helps only against noise that comes after it")
    tidy(ax)
    return fig, (
        "Sensitivity against gain. Without noise after the gain it does not depend on the gain; elsewhere it rises: "
        + "; ".join(ends[1:]) + f". From the lowest to the highest gain, 95 % intervals as bars; {ends[0]}."
    )  # fmt: skip


def roc_curves(with_signal: detection.Trials, without: detection.Trials) -> Drawing:
    """ROC curves of one unit at two gains, without noise of its own and with noise at its output.

    Examples
    --------
    >>> roc_curves(*detection.trials(50))[1].startswith("ROC curves")
    True
    """
    fig, ax = figures.panels(height=4.2)
    for (name, circuit), style in zip(list(detection.CIRCUITS.items())[:2], ("-", "--"), strict=True):
        for g, colour, width in ((0.5, NE, 5.0), (4.0, WARM, 1.8)):
            false_alarms, hits = roc.curve(circuit(with_signal, g), circuit(without, g))
            ax.plot(false_alarms, hits, style, color=colour, linewidth=width, label=f"{name}, gain {g:g}")
    ax.set(xlabel="false alarms", ylabel="hits", title="Without noise of its own a unit's two curves are one")
    ax.legend(fontsize=11, loc="lower right")
    tidy(ax)
    return fig, (
        "ROC curves: the single unit's two curves lie on each other; with noise at its output the higher gain lies above."
    )


def voices(levels: Sequence[float], shares: Sequence[float], basal: float) -> Drawing:
    """Share of trials in which the target voice is the loudest of four, against NE.

    Parameters
    ----------
    levels : sequence of float
        NE, nM.
    shares : sequence of float
        Share of trials at each level, 0 to 1.
    basal : float
        NE at rest, nM.

    Returns
    -------
    figure, description

    Examples
    --------
    >>> voices([0.0, 6.0], [0.64, 0.66], 6.0)[1]
    'Share of trials in which the target is the loudest of four voices, against NE: 64 % at 0 nM, 66 % at 6 nM. Chance is 25 %.'
    """
    percent = 100 * np.asarray(shares)
    fig, ax = figures.panels(height=3.6)
    ax.plot(levels, percent, marker="o", color=NE, linewidth=3)
    for ne, share in zip(levels, percent, strict=True):
        ax.text(ne, share + 4, f"{share:.0f} %", fontsize=LETTERS, ha="center", color=NE)
    ax.axhline(25, color=FADED_INK, linestyle=":")
    ax.text(max(levels), 27, "guessing among four", fontsize=LETTERS, ha="right", color=FADED_INK)
    ax.axvline(basal, color=FADED, linewidth=1)
    ax.text(basal, 4, " at rest", fontsize=LETTERS, color=FADED_INK)
    gained = percent[-1] - percent[0]
    ax.set_title(
        "NE helps the listener, by a few points only" if 0.5 < gained < 10
        else "NE helps the listener" if gained > 0.5 else "NE does not help this listener"
    )  # fmt: skip
    ax.set(xlabel="NE outside the cells (nM)", ylabel="name picked out (%)", ylim=(0, 100))
    tidy(ax)
    told = ", ".join(f"{share:.0f} % at {ne:g} nM" for ne, share in zip(levels, percent, strict=True))
    return (
        fig,
        f"Share of trials in which the target is the loudest of four voices, against NE: {told}. Chance is 25 %.",
    )
