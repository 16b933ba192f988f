"""Pictures of a sleeper whose LC is held back or driven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nbmodel import figures
from nbmodel.figures import COLOURS
from nbmodel.sleep_wake.diniz_behn import HOUR, Night
from nbmodel.sleep_wake.plots.look import FAINT, LETTERS, MINUTE, TITLE, TOP_RATE, Drawn, letters
from nbmodel.sleep_wake.protocols import awake

if TYPE_CHECKING:
    import pandas as pd


def held_back(table: pd.DataFrame) -> Drawn:
    """Shares of time while the LC is held back, as bars from untouched to none.

    Parameters
    ----------
    table : DataFrame
        As `sleep_wake.inhibition` gives it.

    Returns
    -------
    Figure and str
    """
    fig, ax = figures.panels(height=4.0)
    names = [f"{rate:.1f}" for rate in table["lc"].round(2)[:-1]] + ["none"]
    bottom = np.zeros(len(table))
    for column, state, words in (("wake", "wake", "wake"), ("mixed", "mixed", "between"), ("sleep", "NREM", "sleep")):
        heights = 100 * table[column].to_numpy()
        ax.bar(names, heights, bottom=bottom, color=COLOURS[state], alpha=0.75)
        ax.text(0, bottom[0] + heights[0] / 2, words, ha="center", va="center", fontsize=LETTERS)
        bottom += heights
    for place, bout in enumerate(table["bout"]):
        ax.text(place, 102.5, f"{bout:.0f} s" if np.isfinite(bout) else "no end", ha="center", fontsize=LETTERS)
    ax.text(-0.45, 115, "mean bout of being up:", fontsize=LETTERS)
    ax.set(xlabel="mean LC rate (Hz)", ylabel="share of time (%)", ylim=(0, 126), yticks=range(0, 101, 25))
    ax.grid(axis="x", visible=False)
    ax.set_title("With less LC firing, shorter bouts; with very little, no sleep", fontsize=TITLE)
    letters(ax)
    first, last = table.iloc[0], table.iloc[-1]
    bouts = ", ".join(f"{bout:.0f} s" if np.isfinite(bout) else "no end" for bout in table["bout"])
    return fig, (
        f"Shares of time as the LC is held back. Untouched: wake {100 * first.wake:.0f} %, sleep {100 * first.sleep:.0f} %. "
        f"Without the LC: sleep {100 * last.sleep:.0f} %, between wake and REM sleep {100 * last.mixed:.0f} %. Mean bouts of "
        f"being up: {bouts}."
    )


def driven(table: pd.DataFrame, longest: float = 30.0) -> Drawn:
    """Time until the sleeper wakes, by the input to the LC, as bars.

    Parameters
    ----------
    table : DataFrame
        As `sleep_wake.waking` gives it.
    longest : float
        How long was waited, min.

    Returns
    -------
    Figure and str
    """
    fig, ax = figures.panels(height=3.8)
    minutes = (table["latency"] / MINUTE).to_numpy()
    never = ~np.isfinite(minutes)
    colours = [COLOURS["NREM"] if late else COLOURS["wake"] for late in never]
    names = [f"+{given:g}" if given else "none" for given in table["input"]]
    ax.barh(names, np.where(never, longest, minutes), color=colours, alpha=0.75)
    words = [
        "still asleep" if late else f"up after {found:.1f} min" for late, found in zip(never, minutes, strict=True)
    ]
    for place, (text, late, found) in enumerate(zip(words, never, minutes, strict=True)):
        ax.text(
            longest - 0.4 if late else found + 0.4,
            place,
            text,
            ha="right" if late else "left",
            va="center",
            fontsize=LETTERS,
        )
    ax.invert_yaxis()
    ax.set(xlabel="time from the start of the input (min)", ylabel="input to the LC", xlim=(0, longest))
    ax.grid(axis="y", visible=False)
    ax.set_title("Driving the LC in sleep does not wake the model", fontsize=TITLE)
    letters(ax)
    said = ", ".join(f"input {name}: {text}" for name, text in zip(names, words, strict=True))
    return fig, f"Time until the model is up when its LC is driven from one minute after sleep onset on. {said}."


def slider(runs: Night, inputs: tuple[float, ...], given: float) -> Drawn:
    """LC rate and who is up with one input to the LC, over the undisturbed course in grey; fixed axes.

    Parameters
    ----------
    runs : Night
        As `sleep_wake.side_by_side` gives it, a lane per input.
    inputs : tuple of float
        Inputs of the lanes; one of them is 0. The lane next to `given` is drawn.
    given : float
        Input to the LC.

    Returns
    -------
    Figure and str
    """
    lane = int(np.argmin(np.abs(np.array(inputs) - given)))
    resting = int(np.argmin(np.abs(np.array(inputs))))
    later = runs.times >= runs.times[-1] - HOUR
    minutes = (runs.times[later] - runs.times[later][0]) / MINUTE
    up = awake(runs)[later]
    fig, (above, below) = figures.panels(2, 1, height=1.9, sharex=True, height_ratios=(3, 1))
    for place, colour in ((resting, FAINT), (lane, COLOURS["norepinephrine"])):
        above.plot(minutes, runs["LC"][later, place], color=colour)
        below.plot(minutes, up[:, place].astype(int), color=colour, drawstyle="steps-post")
    above.set(ylabel="LC (Hz)", ylim=(0, TOP_RATE), xlim=(0, minutes[-1]))
    below.set(xlabel="time (min)", ylim=(-0.2, 1.2))
    below.set_yticks([0, 1], ["asleep", "up"])
    above.set_title("blue: with your input, grey: untouched", fontsize=LETTERS)
    letters(above, below)
    mean, share = runs["LC"][later, lane].mean(), 100 * up[:, lane].mean()
    return (
        fig,
        f"Input {given:+.1f}: the LC fires at {mean:.1f} Hz on average, and the model is up {share:.0f} % of the time.",
    )
