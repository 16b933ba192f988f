"""Pictures of undisturbed sleep: its clock, a stretch of a night, NE by state, and one waking."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel import figures
from nbmodel.figures import COLOURS
from nbmodel.sleep_wake.plots.look import FAINT, LETTERS, MINUTE, TITLE, TOP_RATE, Drawn, letters, name_states, shade

if TYPE_CHECKING:
    import pandas as pd


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
    fig, ax = figures.panels(height=3.6)
    minutes = np.asarray(times, dtype=float) / MINUTE
    shade(ax, minutes.tolist(), ["wake" if state == "wake" else "NREM" for state in states])
    ax.plot(minutes, drive, color=COLOURS["signal"])
    for level, words in ((high, "falls asleep"), (low, "wakes up")):
        ax.axhline(level, color=FAINT, linestyle="--", linewidth=1.2)
        ax.text(minutes[-1], level + 0.01, words, ha="right", va="bottom", fontsize=LETTERS)
    ax.set(xlabel="time (min)", ylabel="sleep drive h", ylim=(0, 1.3 * high), xlim=(0, minutes[-1]))
    fig.suptitle("A sleep drive between two thresholds makes a clock", x=0.01, ha="left", weight="bold", fontsize=TITLE)
    for words, state, x in (("■ wake", "wake", 0.02), ("■ sleep", "NREM", 0.17)):
        ax.text(x, 1.02, words, transform=ax.transAxes, color=COLOURS[state], fontsize=LETTERS)
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
        As `sleep_wake.hypnogram` gives it.
    title : str
        What the picture shows.

    Returns
    -------
    Figure and str
    """
    fig, (above, below) = figures.panels(2, 1, height=2.3, sharex=True)
    minutes = MINUTE * (course["hour"] - course["hour"].iloc[0])
    for ax in (above, below):
        shade(ax, minutes.tolist(), course["state"])
    above.plot(minutes, course["lc_rate"], color=COLOURS["signal"])
    below.plot(minutes, course["ne_nM"], color=COLOURS["norepinephrine"])
    above.set(ylabel="LC (Hz)", ylim=(0, TOP_RATE), xlim=(0, minutes.iloc[-1]))
    below.set(ylabel="NE (nM)", xlabel="time (min)", ylim=(0, None))
    name_states(above, course["state"])
    fig.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=TITLE)
    letters(above, below)
    means = course.groupby("state")[["lc_rate", "ne_nM"]].mean()
    said = "; ".join(f"{state} {row.lc_rate:.2f} Hz and {row.ne_nM:.1f} nM" for state, row in means.iterrows())
    return fig, f"{title}. LC rate and NE over {minutes.iloc[-1]:.0f} minutes. Means by state: {said}."


def ne_by_state(alone: Mapping[str, float], others: Mapping[str, float], measured: Mapping[str, float]) -> Drawn:
    """NE by state as a share of active wake: LC as only source, with other cell groups, and by dialysis.

    Parameters
    ----------
    alone, others : Mapping
        NE by state as a share of active wake, as `sleep_wake.ne_by_state` gives it.
    measured : Mapping
        Published NE by state, % of active wake.

    Returns
    -------
    Figure and str

    Examples
    --------
    >>> _, said = ne_by_state({"a": 1.0, "b": 0.06}, {"a": 1.0, "b": 0.44}, {"a": 100, "b": 61})
    >>> "b: 6 %, 44 %, 61 %" in said
    True
    """
    fig, ax = figures.panels(height=4.0)
    states = list(measured)
    blue = COLOURS["norepinephrine"]
    lines: tuple[tuple[str, list[float], str, str], ...] = (
        ("measured in rats", [measured[state] for state in states], COLOURS["healthy"], "o--"),
        ("model, LC and others", [100 * others[state] for state in states], blue, "o-"),
        ("model, LC alone", [100 * alone[state] for state in states], FAINT, "o-"),
    )
    ends = _apart([values[-1] for _, values, _, _ in lines], 7.0)
    for (words, values, colour, look), end in zip(lines, ends, strict=True):
        ax.plot(range(len(states)), values, look, color=colour)
        ax.text(len(states) - 0.93, end, words, color=colour, va="center", fontsize=LETTERS)
    ax.set_xticks(range(len(states)), [state.replace(" ", "\n") for state in states])
    ax.set(ylabel="NE (% of active wake)", ylim=(0, 112), xlim=(-0.2, len(states) + 0.35))
    last = 100 * alone[states[-1]]
    ax.set_title(f"By the LC alone, NE falls to {last:.0f} % in {states[-1]}", fontsize=TITLE)
    letters(ax)
    said = "; ".join(
        f"{state}: {100 * alone[state]:.0f} %, {100 * others[state]:.0f} %, {measured[state]:.0f} %" for state in states
    )
    return (
        fig,
        f"NE by state as a share of active wake (model with the LC alone, with other cell groups, measured). {said}.",
    )


def _apart(values: list[float], least: float) -> list[float]:
    """Heights of labels beside values, from the highest down, each at least so far below the one before."""
    order = sorted(range(len(values)), key=lambda i: -values[i])
    placed, last = [0.0] * len(values), np.inf
    for i in order:
        last = placed[i] = min(values[i], last - least)
    return placed


def waking(course: pd.DataFrame, lead: float) -> Drawn:
    """One waking, second by second: the LC, the sleep cells and the cortex, each as a share of its highest level.

    Parameters
    ----------
    course : DataFrame
        As `sleep_wake.around_waking` gives it.
    lead : float
        How long the LC changes before the cortex, s.

    Returns
    -------
    Figure and str
    """
    fig, ax = figures.panels(height=4.0)
    looks = (
        ("sleep cells", COLOURS["NREM"], (-42, 88), "sleep cells"),
        ("LC", COLOURS["norepinephrine"], (22, 62), "LC"),
        ("cortex", COLOURS["wake"], (40, 70), "cortex\n(acetylcholine)"),
    )
    for name, colour, place, words in looks:
        ax.plot(course["second"], 100 * course[name] / course[name].max(), color=colour)
        ax.text(*place, words, color=colour, fontsize=LETTERS, va="top", ha="right" if name == "LC" else "left")
    for moment, words, side in ((0.0, "LC starts", "right"), (lead, "cortex wakes", "left")):
        ax.axvline(moment, color=FAINT, linestyle="--", linewidth=1.2)
        ax.text(moment + (1 if side == "left" else -1), 108, words, ha=side, va="center", fontsize=LETTERS)
    ax.set(xlabel="time from the start of the LC (s)", ylabel="% of highest level", ylim=(0, 116), xlim=(-60, 60))
    ax.set_title(f"In the model the LC starts {lead:.0f} s before the cortex wakes", fontsize=TITLE)
    letters(ax)
    return fig, (
        f"One waking of the model. The LC starts to fire, the sleep cells fall silent, and {lead:.0f} s after the LC the "
        "acetylcholine of the cortex has gone a tenth of its way to waking."
    )
