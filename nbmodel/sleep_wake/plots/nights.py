"""Pictures of undisturbed sleep: its clock, a stretch of a night, NE by state, and one waking."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.figures.colours import COLOURS
from nbmodel.sleep_wake.plots.look import (
    DARK,
    FAINT,
    LETTERS,
    MINUTE,
    PUBLISHED,
    TOP_RATE,
    Drawn,
    letters,
    name_states,
    panels,
    shade,
    titled,
)

if TYPE_CHECKING:
    import pandas as pd

ACTIVE = 0.5  # Hz: above it a group is active, as states are scored


def clock(times: Any, drive: Any, states: list[str], low: float, high: float) -> Drawn:
    """Sleep drive of a clock against time, with its two thresholds.

    Parameters
    ----------
    times : array
        Times in s.
    drive : array
        Sleep drive, 0 to 1.
    states : list of str
        "wake" or "NREM" at each time.
    low, high : float
        Thresholds at which the sleeper wakes and falls asleep.

    Returns
    -------
    Figure and str

    Examples
    --------
    >>> _, said = clock([0, 60, 120], [0.2, 0.3, 0.2], ["wake", "wake", "NREM"], 0.1, 0.4)
    >>> "0.10 and 0.40" in said
    True
    """
    fig, ax = panels(height=3.8)
    minutes = np.asarray(times, dtype=float) / MINUTE
    shown = ["awake" if state == "wake" else "NREM" for state in states]
    shade(ax, minutes.tolist(), shown)
    ax.plot(minutes, drive, color=COLOURS["signal"])
    for level, words, side, aside in ((high, "falls asleep", "bottom", 0.015), (low, "wakes up", "top", -0.015)):
        ax.axhline(level, color=COLOURS["signal"], linestyle="--", linewidth=1.2)
        ax.text(0.99 * minutes[-1], level + aside * high / 0.43, words, ha="right", va=side, fontsize=LETTERS)
    ax.set(xlabel="time (min)", ylabel="sleep drive h", ylim=(0, 1.2 * high), xlim=(0, minutes[-1]))
    titled(fig, "A sleep drive between two thresholds makes a clock")
    name_states(ax, sorted(set(shown), reverse=True), {"NREM": "asleep"})
    letters(ax)
    falls = sum(a == "wake" and b != "wake" for a, b in pairwise(states))
    return fig, (
        f"Sleep drive against time, between the thresholds {low:.2f} and {high:.2f}: it rises in wake and falls in sleep. "
        f"The sleeper falls asleep {falls} times in {minutes[-1]:.0f} minutes."
    )


def night(course: pd.DataFrame, title: str) -> Drawn:
    """LC rate and NE through a stretch of a night, with the states behind.

    Parameters
    ----------
    course : DataFrame
        As `sleep_wake.hypnogram` gives it; the states may be "awake", "NREM" and "REM" as well.
    title : str
        What the picture shows.

    Returns
    -------
    Figure and str
    """
    fig, (above, below) = panels(2, height=2.4, sharex=True)
    minutes = MINUTE * (course["hour"] - course["hour"].iloc[0])
    for ax in (above, below):
        shade(ax, minutes.tolist(), course["state"])
        ax.grid(visible=False)
    shade(above, minutes.tolist(), course["state"], strip=0.93)
    above.plot(minutes, course["lc_rate"], color=COLOURS["signal"])
    below.plot(minutes, course["ne_nM"], color=COLOURS["norepinephrine"])
    above.set(ylabel="LC (Hz)", ylim=(0, TOP_RATE), xlim=(0, minutes.iloc[-1]))
    below.set(ylabel="NE (nM)", xlabel="time (min)", ylim=(0, None))
    name_states(above, course["state"])
    titled(fig, title)
    letters(above, below)
    means = course.groupby("state")[["lc_rate", "ne_nM"]].mean()
    said = "; ".join(f"{state} {row.lc_rate:.2f} Hz and {row.ne_nM:.1f} nM" for state, row in means.iterrows())
    return fig, f"{title}. LC rate and NE over {minutes.iloc[-1]:.0f} minutes. Means by state: {said}."


def ne_by_state(
    alone: Mapping[str, float],
    others: Mapping[str, float],
    measured: Mapping[str, float],
    ends: tuple[Mapping[str, float], Mapping[str, float]],
    share: float = 0.3,
) -> Drawn:
    """NE by state as a share of active wake: LC as only source, with other cell groups, and by dialysis.

    Parameters
    ----------
    alone, others : Mapping
        NE by state as a share of active wake, as `sleep_wake.ne_by_state` gives it.
    measured : Mapping
        Published NE by state, % of active wake.
    ends : tuple of two Mappings
        As `others`, with the least and the largest share that is plausible.
    share : float
        Share of the terminals that other cell groups own in `others`.

    Returns
    -------
    Figure and str

    Examples
    --------
    >>> ends = {"a": 1.0, "b": 0.2}, {"a": 1.0, "b": 0.8}
    >>> _, said = ne_by_state({"a": 1.0, "b": 0.06}, {"a": 1.0, "b": 0.44}, {"a": 100, "b": 61}, ends)
    >>> "b: 6 %, 44 % (20 to 80 %), 61 %" in said
    True
    """
    fig, ax = panels(height=4.2)
    states, least, most = list(measured), *ends
    blue, dark = COLOURS["norepinephrine"], COLOURS["signal"]
    said = []
    for place, state in enumerate(states):
        low, high = 100 * least[state], 100 * most[state]
        ax.plot([place, place], [low, high], color=blue, linewidth=9, alpha=0.3, solid_capstyle="butt")
        ax.plot(place, 100 * others[state], "o", color=blue, markersize=9)
        ax.plot(place - 0.22, 100 * alone[state], "s", color=dark, markersize=9)
        ax.plot(place + 0.22, measured[state], "D", color=PUBLISHED, markersize=9)
        said.append(
            f"{state}: {100 * alone[state]:.0f} %, {100 * others[state]:.0f} % ({low:.0f} to {high:.0f} %), "
            f"{measured[state]:.0f} %"
        )
    keys = (
        ("◆ dialysis, rats", PUBLISHED, 0.19),
        (f"● model, others {100 * share:.0f} %, assumed (bar: 10 to 70 %)", blue, 0.11),
        ("■ model, LC alone", dark, 0.03),
    )
    for words, colour, y in keys:
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        ax.text(0.02, y, words, transform=ax.transAxes, color=colour, fontsize=LETTERS - 1, bbox=box)
    ax.set_xticks(range(len(states)), [state.replace(" ", "\n") for state in states])
    ax.set(ylabel="NE (% of active wake)", ylim=(0, 109), xlim=(-0.5, len(states) - 0.5))
    ax.grid(axis="x", visible=False)
    last = 100 * alone[states[-1]]
    titled(fig, f"By the LC alone, {last:.0f} % of NE is left in {states[-1]}")
    letters(ax)
    return fig, (
        "NE by state as a share of active wake (model with the LC alone; with other cell groups, and the range of their "
        f"assumed share; measured). {'; '.join(said)}."
    )


def waking(course: pd.DataFrame) -> Drawn:
    """One waking, second by second: the rates of REM cells, LC and sleep cells; awake is wake and mixed together.

    Parameters
    ----------
    course : DataFrame
        As `sleep_wake.around_waking` gives it.

    Returns
    -------
    Figure and str
    """
    fig, ax = panels(height=4.4)
    second = course["second"]
    states = ["awake" if state in ("wake", "mixed") else state for state in course["state"]]
    shade(ax, second.tolist(), states)
    looks = (
        ("REM cells", DARK["REM"], (-16.5, 2.6), "REM\ncells"),
        ("LC", COLOURS["norepinephrine"], (33, 6.2), "LC and\nraphe"),
        ("wake-REM cells", DARK["mixed"], (31, 2.6), "wake-REM\ncells"),
        ("sleep cells", DARK["NREM"], (-58, 5.2), "sleep cells"),
    )
    starts = {}
    for name, colour, (x, y), words in looks:
        ax.plot(second, course[name], color=colour, linewidth=2.6)
        ax.text(x, y, words, color=colour, fontsize=LETTERS, va="center", ha="left")
        over = course.loc[course[name] > ACTIVE, "second"]
        starts[name] = float(over.iloc[0]) if len(over) else np.nan
    ax.axhline(ACTIVE, color=FAINT, linestyle="--", linewidth=1.2)
    ax.text(-58, ACTIVE + 0.08, "active: 0.5 Hz", fontsize=LETTERS - 1, va="bottom", ha="left")
    ax.set(xlabel="time from waking (s)", ylabel="firing rate (Hz)", ylim=(0, 7), xlim=(-60, 60))
    ax.grid(visible=False)
    name_states(ax, states)
    titled(fig, f"The REM cells start {-starts['REM cells']:.0f} s before the LC")
    letters(ax)
    return fig, (
        f"One waking of the model. The REM cells become active {-starts['REM cells']:.0f} s before LC and raphe, and the sleep "
        "cells fall silent after them."
    )
