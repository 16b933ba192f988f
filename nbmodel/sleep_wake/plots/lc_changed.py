"""Pictures of a sleeper whose LC is held back or driven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nbmodel import figures
from nbmodel.figures import COLOURS
from nbmodel.sleep_wake.plots.look import LETTERS, MINUTE, TITLE, Drawn, letters

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
