"""Pictures of the locus coeruleus in a task: its modes, and whether NE acts in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from nbmodel.attention.plots.look import LETTERS, NE, OF_MODE, WARM, Drawing, panels, tidy
from nbmodel.core.network import Array
from nbmodel.figures.colours import FADED, FADED_INK, INK

if TYPE_CHECKING:
    import pandas as pd

    from nbmodel.attention.gilzenrat import Trial


def modes(runs: Mapping[str, Trial], watched: pd.DataFrame) -> Drawing:
    """LC activity after a target in each mode, and hits and false alarms over a watch.

    Parameters
    ----------
    runs : Mapping
        Trials without noise by the name of the mode: phasic, tonic, and perhaps a scenario's own.
    watched : DataFrame
        As `vigilance.phasic_against_tonic` returns it.

    Returns
    -------
    figure, description

    Examples
    --------
    >>> from nbmodel.attention import gilzenrat, vigilance
    >>> runs = {mode: gilzenrat.noiseless(mode) for mode in gilzenrat.MODES}
    >>> _, said = modes(runs, vigilance.phasic_against_tonic(1, watchers=20))
    >>> said.startswith("Above: in phasic mode the LC bursts")
    True
    """
    fig, (left, right) = panels(2, height=3.9)
    for mode, run in runs.items():
        colour = OF_MODE.get(mode, FADED_INK)
        left.plot(run.times, run.lc[:, 0], color=colour, linewidth=3)
        at = int(np.argmax(run.lc[:, 0])) if mode == "phasic" else int(np.argmin(abs(run.times - 6)))
        left.text(run.times[at] + 0.3, run.lc[at, 0] + 0.05, mode, color=colour, fontsize=LETTERS, weight="bold")
    left.axvline(0, color=FADED, linewidth=1)
    left.set(xlabel="time from the target (model units)", ylabel="LC activity h", xlim=(-2, 8), ylim=(-0.15, 1.2))
    left.set_title("In phasic mode a target makes the LC burst")
    for place, measure in enumerate(("hit rate", "false-alarm rate")):
        for shift, (mode, colour) in zip((-0.2, 0.2), OF_MODE.items(), strict=True):
            value, low, high = (100 * float(watched.loc[measure, (mode, part)]) for part in ("value", "low", "high"))
            right.bar(place + shift, value, 0.38, color=colour, yerr=[[value - low], [high - value]])
            right.text(place + shift, high + 2, f"{value:.0f}", ha="center", fontsize=LETTERS, color=colour)
    right.set_xticks([0, 1], ["hits", "false alarms"])
    right.set(ylabel="of stimuli (%)", ylim=(0, 110), title="In phasic mode watchers err less")
    right.grid(axis="x", visible=False)
    tidy(left)
    tidy(right)
    told = {
        m: [100 * float(watched.loc[m, (mode, "value")]) for mode in OF_MODE] for m in ("hit rate", "false-alarm rate")
    }
    (hits, hits_tonic), (alarms, alarms_tonic) = told.values()
    return fig, (
        "Above: in phasic mode the LC bursts after a target, in tonic mode it hardly answers. Below: phasic against tonic, "
        f"hits {hits:.0f} and {hits_tonic:.0f} %, false alarms {alarms:.0f} and {alarms_tonic:.0f} %."
    )


def arrival(late: Array) -> Drawing:
    """When NE acts in many random draws of the times on its way, counted from the response.

    Parameters
    ----------
    late : array
        How long after the response NE acts, ms; below zero it is in time.

    Returns
    -------
    figure, description

    Examples
    --------
    >>> arrival(np.array([-50.0, 100.0, 200.0, 300.0]))[1]
    'NE acts before the response in 25 % of random draws and after it in 75 %; the median is 150 ms after it.'
    """
    fig, ax = panels(height=4.2)
    early = late <= 0
    edges = np.arange(-250.0, 1051.0, 50.0)
    for some, colour in ((late[early], NE), (late[~early], WARM)):
        ax.hist(some, edges, color=colour, weights=np.full(some.size, 100 / late.size), edgecolor="white")
    top = 1.35 * ax.get_ylim()[1]
    share = 100 * float(np.mean(early))
    ax.axvline(0, color=INK, linewidth=1.5)
    ax.text(12, 0.99 * top, "the response", fontsize=LETTERS, color=INK, va="top")
    ax.text(-18, 0.8 * top, f"in time:\n{share:.0f} %", fontsize=LETTERS, color=NE, weight="bold", ha="right", va="top")
    ax.text(430, 0.6 * top, f"too late: {100 - share:.0f} %", fontsize=LETTERS, color=WARM, weight="bold")
    ax.set(xlabel="when NE acts (ms after the response)", ylabel="share of draws (%)", xlim=(-250, 1050), ylim=(0, top))
    ax.set_title("In most draws NE acts too late" if share < 50 else "In most draws NE acts in time")
    tidy(ax)
    return fig, (
        f"NE acts before the response in {share:.0f} % of random draws and after it in {100 - share:.0f} %; the median is "
        f"{float(np.median(late)):.0f} ms after it."
    )
