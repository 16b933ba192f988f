"""Pictures of the locus coeruleus in a task: its modes, and how long NE takes to act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.attention.plots.look import LETTERS, NE, OF_MODE, OTHER, SMALL, WARM, Drawing, panels, tidy
from nbmodel.figures.colours import COLOURS, FADED, FADED_INK, INK
from nbmodel.models import decision

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


def time_to_act(budget: pd.DataFrame, in_time: float | None = None) -> Drawing:
    """Way of NE from a cue to its effect, step after step, over the time that the response takes.

    Parameters
    ----------
    budget : DataFrame
        As `decision.time_budget` returns it.
    in_time : float, optional
        Share of random picks of the times, 0 to 1, in which NE acts before the response; written beside NE.

    Returns
    -------
    figure, description

    Examples
    --------
    >>> time_to_act(decision.time_budget())[1][:37]
    'From cue to effect: the LC fires 91 m'
    """
    rows = budget.set_index("step")
    steps = list(rows.index[:-2])
    names = ("LC fires\n(monkey)", "axons conduct\n(assumed)", "receptors act\n(cultured cells)")
    fig, ax = panels(height=4.8)
    start = 0.0
    for y, step, colour in zip((4, 3, 2), steps, (NE, COLOURS["metabolites"], OTHER), strict=True):
        width = 1e3 * float(rows.loc[step, "value"])
        ax.barh(y, width, 0.5, left=start, color=colour)
        start += width
        ax.text(start + 15, y, f"{width:.0f} ms", va="center", fontsize=LETTERS, color=colour, weight="bold")
    for y, step, colour in ((1, "NE acts", INK), (0, "the response", FADED_INK)):
        low, high, value = (1e3 * float(rows.loc[step, end]) for end in ("low", "high", "value"))
        ax.plot([low, high], [y, y], color=colour, linewidth=2.5, marker="|", markersize=12, markeredgewidth=2.5)
        ax.plot(value, y, "o", color=colour, markersize=10)
        ax.text(
            value, y + 0.24, f"{value:.0f} ms", ha="center", va="bottom", fontsize=LETTERS, color=colour, weight="bold"
        )
    if in_time is not None:
        ax.text(1290, 1.24, f"late in {100 * (1 - in_time):.0f} % of picks", ha="right", va="bottom", fontsize=LETTERS)
    answer = 1e3 * float(rows.loc["the response", "value"])
    ax.set(
        xlabel="time from the cue (ms)\nlines: from the fastest values to the slowest", xlim=(0, 1330), ylim=(-0.5, 4.5)
    )
    ax.set_yticks([4, 3, 2, 1, 0], [*names, "NE acts", "response\n(monkey)"])
    ax.grid(axis="y", visible=False)
    ax.set_title("With typical values NE acts after the response", loc="right")
    tidy(ax)
    told = ", ".join(f"{step} {1e3 * float(rows.loc[step, 'value']):.0f} ms" for step in steps)
    ends = (
        f"{1e3 * float(rows.loc[step, end]):.0f}" for step in ("NE acts", "the response") for end in ("low", "high")
    )
    return fig, (
        f"From cue to effect: {told}, together {start:.0f} ms ({next(ends)} to {next(ends)}). The response takes {answer:.0f} ms "
        f"({next(ends)} to {next(ends)})."
        + ("" if in_time is None else f" NE is late in {100 * (1 - in_time):.0f} % of random picks of the times.")
    )


def reaction_times(levels: Sequence[float], drugs: Mapping[str, Any]) -> Drawing:
    """Distributions of reaction times of right and wrong choices at some levels of NE.

    Examples
    --------
    >>> reaction_times((0.0, 6.0), {})[1]
    'Reaction times, right and wrong. 0 nM: 86 % right, 0.54 s on average; 6 nM: 89 % right, 0.49 s on average.'
    """
    times = np.linspace(0.05, 1.6, 200)
    fig, ax = panels(height=4.6)
    said = []
    for level, colour in zip(levels, (FADED_INK, NE, WARM), strict=False):
        right, wrong = decision.reaction_time_density(times, level, **drugs)
        ax.plot(times, right, color=colour, label=f"{level:g} nM, right")
        ax.plot(times, wrong, "--", color=colour, label=f"{level:g} nM, wrong")
        share, mean = decision.choice_accuracy(level, **drugs), decision.reaction_time(level, **drugs)
        said.append(f"{level:g} nM: {100 * float(share):.0f} % right, {float(mean):.2f} s on average")
    ax.set(xlabel="reaction time (s)", ylabel="density (1/s)", title="More NE: faster, in the end more errors")
    ax.legend(fontsize=SMALL)
    tidy(ax)
    return fig, "Reaction times, right and wrong. " + "; ".join(said) + "."
