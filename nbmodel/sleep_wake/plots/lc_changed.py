"""Pictures of a sleeper whose LC is held back or driven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nbmodel.figures.colours import COLOURS, tint
from nbmodel.sleep_wake.plots.look import DARK, MINUTE, PUBLISHED, Drawn, letters, panels, titled

if TYPE_CHECKING:
    import pandas as pd

SMALL = 12.5


def held_back(table: pd.DataFrame) -> Drawn:
    """Mean bouts of being up, and shares of time, while the LC is held back, from untouched to none.

    Parameters
    ----------
    table : DataFrame
        As `sleep_wake.inhibition` gives it.

    Returns
    -------
    Figure and str
    """
    fig, (above, below) = panels(2, height=2.9, sharex=True)
    names = [f"{rate:.1f}" for rate in table["lc"].round(2)[:-1]] + ["none"]
    endless = ~np.isfinite(table["bout"].to_numpy())
    top = 1.3 * np.nanmax(table["bout"])
    heights = np.where(endless, 0, table["bout"])  # a bout without end has no bar
    above.bar(names, heights, color=tint(COLOURS["norepinephrine"], 0.8))
    for place, (bout, never) in enumerate(zip(table["bout"], endless, strict=True)):
        if never:
            words = "no end:\nnever\nasleep"
            above.text(place, 0.04 * top, words, ha="center", va="bottom", color=DARK["mixed"], fontsize=SMALL)
        else:
            above.text(place, bout + 0.02 * top, f"{bout:.0f} s", ha="center", va="bottom", fontsize=SMALL)
    above.set(ylabel="mean bout (s)", ylim=(0, top))
    titled(fig, "With less LC firing, shorter bouts; then no sleep")
    bottom = np.zeros(len(table))
    parts = (("wake", "wake", "wake"), ("mixed", "mixed", "mixed"), ("sleep", "NREM", "sleep"))
    for column, state, words in parts:
        share = 100 * table[column].to_numpy()
        below.bar(names, share, bottom=bottom, color=tint(COLOURS[state], 0.6))
        below.text(0, bottom[0] + share[0] / 2, words, ha="center", va="center", fontsize=SMALL)
        bottom += share
    below.set(xlabel="mean LC rate (Hz)", ylabel="share of time (%)", ylim=(0, 100), yticks=range(0, 101, 25))
    for ax in (above, below):
        ax.grid(axis="x", visible=False)
    letters(above, below)
    first, last = table.iloc[0], table.iloc[-1]
    bouts = ", ".join(f"{bout:.0f} s" if np.isfinite(bout) else "no end" for bout in table["bout"])
    return fig, (
        f"Mean bouts with an active raphe as the LC is held back: {bouts}. Untouched: wake {100 * first.wake:.0f} %, mixed "
        f"{100 * first.mixed:.0f} %, sleep {100 * first.sleep:.0f} %. Without the LC: sleep {100 * last.sleep:.0f} %, mixed "
        f"{100 * last.mixed:.0f} %."
    )


def driven(table: pd.DataFrame, other: pd.DataFrame, longest: float = 30.0) -> Drawn:
    """Time until the raphe of a sleeper fires, by how fast its LC is driven, with either clock; mice beside them.

    Parameters
    ----------
    table, other : DataFrame
        As `sleep_wake.waking` gives it, as published and with `sleep_wake.RAPHE_CLOCK`.
    longest : float
        How long was waited, min.

    Returns
    -------
    Figure and str
    """
    fig, ax = panels(height=1.8 + 0.9 * len(table))
    rates = [f"{rate:.2f} Hz" if rate < 0.1 else f"{rate:.1f} Hz" for rate in table["lc"]]
    names = [
        f"{rate}\n({given:+g})" if given else f"{rate}\n(none)"
        for rate, given in zip(rates, table["input"], strict=True)
    ]
    looks = ((table, -0.19, tint(COLOURS["signal"], 0.75)), (other, 0.19, tint(COLOURS["norepinephrine"], 0.6)))
    said = []
    for runs, aside, colour in looks:
        told = []
        for place, (seconds, by_lc) in enumerate(zip(runs["latency"], runs["by_lc"], strict=True)):
            late = not np.isfinite(seconds)
            minutes = longest if late else seconds / MINUTE
            ax.barh(place + aside, minutes, color=colour, height=0.34)
            words = "raphe silent for 30 min" if late else f"{minutes:.1f} min"
            ax.text(
                longest - 0.6 if late else minutes + 0.7,
                place + aside,
                words,
                ha="right" if late else "left",
                va="center",
                fontsize=SMALL,
                color="white" if late else "black",
            )
            ax.plot(by_lc / MINUTE, place + aside, "|", color="black", markersize=17, markeredgewidth=3)
            told.append(words)
        said.append("; ".join(f"LC {rate}: {text}" for rate, text in zip(rates, told, strict=True)))
    mice = len(table)
    ax.plot(0, mice, "D", color=PUBLISHED, markersize=9, clip_on=False)
    ax.plot(0, mice + 0.55, "|", color="black", markersize=17, markeredgewidth=3)
    ax.text(1.1, mice + 0.55, "here the LC passes 0.5 Hz", va="center", fontsize=SMALL)
    ax.text(1.1, mice, "mice, LC driven by light: at once", va="center", color=PUBLISHED, fontsize=SMALL)
    keys = (
        ("raphe and LC set the clock", tint(COLOURS["signal"], 0.9)),
        ("the raphe alone sets it", COLOURS["norepinephrine"]),
    )
    for row, (words, colour) in enumerate(keys):
        ax.text(14.3, -0.19 + 0.38 * row, words, va="center", fontsize=SMALL, color=colour)
    ax.set_yticks([*range(len(table)), mice], [*names, ""])
    ax.set(
        xlabel="time until the raphe fires (min; short: it wakes)",
        ylabel="LC within a minute (and input)",
        xlim=(-0.5, longest),
    )
    ax.set_ylim(mice + 0.9, -0.5)
    ax.grid(visible=False)
    titled(fig, "Who sets the clock decides whether a driven LC wakes")
    letters(ax)
    return fig, (
        "Time until the dorsal raphe fires when the LC is driven from one minute after sleep onset on. As published: "
        f"{said[0]}. With a clock that counts the raphe alone: {said[1]}. The two fastest LCs pass 0.5 Hz within seconds."
    )
