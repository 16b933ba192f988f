"""Pictures of norepinephrine in blood: whether it may act there, how fast it goes, and what an infusion does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nbmodel.core.network import Network
from nbmodel.core.runs import Run
from nbmodel.data import parameters
from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED, INK, tint
from nbmodel.models import circulation
from nbmodel.synthesis.plots.look import LETTERS, SMALL, Picture, line, named, panels, words


def hormone(resting: Network) -> Picture:
    """NE in venous plasma of a person who lies and who stands, beside the two published levels from which it acts.

    Examples
    --------
    >>> fig, said = hormone(circulation.network())
    >>> said
    'NE in plasma: lying 228 pg/mL, standing 580. By one study it acts from 1800 on, by another from 190 to 270.'
    """
    lying = float(circulation.in_pg_per_ml(resting["ne_plasma"]))
    standing = circulation.standing(resting) * lying
    high = circulation.hormone_threshold("thr_NE")
    venous = parameters.load()["thr_NE_venous"]
    low, top = (
        round(float(circulation.in_pg_per_ml(parameters.convert(level, venous.unit, "uM"))), -1)
        for level in (venous.low, venous.high)
    )
    fig, ax = panels()
    for at, level in enumerate((lying, standing)):
        ax.bar(at, level, 0.55, color=COLOURS["norepinephrine"], zorder=2)
        words(ax, at, level + 60, f"{level:.0f}", ha="center", va="bottom", weight="bold")
    ax.axhline(high, color=INK, linestyle="--", linewidth=1.5, zorder=3)
    # Behind the bars: it is no error of theirs.
    ax.axhspan(low, top, color=tint(COLOURS["untreated"], 0.35), zorder=0.5)
    for level, name in (
        (high, f"acts from {high:.0f},\nby one study"),
        ((low + top) / 2, f"from {low:.0f} to {top:.0f},\nby another"),
    ):
        ax.text(1.53, level, name, va="center", fontsize=SMALL, color=INK)
    passes = top < standing < high
    title = "Standing passes only one of two thresholds" if passes else "Standing and the two thresholds"
    named(ax, "", "NE in plasma (pg/mL)", title)
    ax.set_xticks((0, 1), ("lying", "standing"), fontsize=LETTERS)
    ax.grid(visible=False, axis="x")
    ax.set(xlim=(-0.5, 1.5), ylim=(0, 1.15 * high))
    return fig, (
        f"NE in plasma: lying {lying:.0f} pg/mL, standing {standing:.0f}. By one study it acts from {high:.0f} on, "
        f"by another from {low:.0f} to {top:.0f}."
    )


def plasma(run: Run, half_life: float, rate: float, stop: float) -> Picture:
    """NE in plasma under an infusion of `rate` ug/min until minute `stop`, with standing and the two published thresholds."""
    level = circulation.plasma(run)
    top = max(2200.0, 1.15 * float(level.max()))
    standing = circulation.standing(circulation.network()) * float(level[0])
    fig, ax = panels(height=4.2)
    line(ax, run.times, level, "norepinephrine")
    thresholds = [circulation.hormone_threshold(symbol) for symbol in ("thr_NE", "thr_NE_venous")]
    for height, name in (
        (thresholds[0], f"one threshold: {thresholds[0]:.0f}"),
        (standing, f"standing: {standing:.0f}"),
        (thresholds[1], f"another threshold,\nand rest: {thresholds[1]:.0f}"),
    ):
        ax.axhline(height, color=FADED, linestyle="--", linewidth=1.5, zorder=1)
        ax.text(1.02 * run.times[-1], height, name, va="center", fontsize=SMALL, color=INK)
    after, left = stop + half_life, float(np.interp(stop + half_life, run.times, level))
    ax.plot(after, left, "o", color=INK, markersize=9, zorder=6)
    words(ax, after + 2, left, f"half after\n{half_life:.1f} min", va="center", fontsize=SMALL)
    words(ax, stop / 2, 0.5 * float(level.max()), f"infusion of\n{rate:g} ug/min", ha="center", va="center")
    passes = thresholds[1] < standing < thresholds[0]
    named(
        ax,
        "time (min)",
        "NE in venous plasma (pg/mL)",
        "Standing passes only one threshold" if passes else f"Half of the added NE is gone in {half_life:.1f} min",
    )
    ax.set(xlim=(0, run.times[-1]), ylim=(0, top))
    return fig, (
        f"NE in plasma over {run.times[-1]:.0f} minutes. An infusion of {rate:.1f} ug per minute raises it from {level[0]:.0f} to "
        f"{level.max():.0f} pg/mL; after its end half of the rise is gone in {half_life:.1f} minutes. Standing reaches "
        f"{standing:.0f}, one published threshold is {thresholds[0]:.0f}, another {thresholds[1]:.0f}."
    )


def pressure(responses: Mapping[float, Any]) -> Picture:
    """Mean pressure under an infusion of NE, a line for each threshold (pg/mL) from which it acts."""
    fig, ax = panels(height=3.2)
    said = []
    for (threshold, body), style in zip(responses.items(), ("--", "-"), strict=True):
        values = body["pressure"]
        ax.plot(body.index, values, color=COLOURS["norepinephrine"], linestyle=style)
        ax.text(20, values.max(), f"{threshold:.0f} pg/mL", ha="center", va="bottom", fontsize=LETTERS)
        said.append(f"{values.iloc[0]:.0f} to {values.max():.0f} with a threshold of {threshold:.0f} pg/mL")
    named(ax, "time (min)", "mean pressure (mmHg)", "Infused NE raises pressure, by its threshold")
    ax.margins(y=0.2)
    return fig, f"The mean pressure under half an hour of infusion goes from {' and from '.join(said)}."
