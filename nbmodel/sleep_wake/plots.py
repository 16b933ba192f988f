"""How results of sleep and waking are drawn: each function takes results and returns a figure and its description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel import figures
from nbmodel.figures import COLOURS
from nbmodel.sleep_wake.diniz_behn import HOUR, Night
from nbmodel.sleep_wake.protocols import awake

if TYPE_CHECKING:
    import pandas as pd

Drawn = tuple[Any, str]  # a matplotlib Figure, and its description
MINUTE, LETTERS, TITLE = 60.0, 14, 15
TOP_RATE = 7.0  # Hz: above the fastest that the model's LC fires
FAINT = "#9aa2ab"  # a curve to compare with


def _shade(ax: Any, times: Iterable[float], states: Iterable[str]) -> None:
    """Shade an axis by state: a stretch of each in its colour."""
    for state, stretch in groupby(zip(times, states, strict=True), key=lambda pair: pair[1]):
        moments = [time for time, _ in stretch]
        ax.axvspan(moments[0], moments[-1], color=COLOURS[state], alpha=0.28, linewidth=0)


def _name_states(ax: Any, states: Iterable[str]) -> None:
    """Write the names of states above an axis, each in its colour."""
    for place, state in enumerate(dict.fromkeys(states)):
        ax.text(0.02 + 0.15 * place, 1.02, f"■ {state}", transform=ax.transAxes, color=COLOURS[state], fontsize=LETTERS)


def _letters(*axes: Any) -> None:
    for ax in axes:
        ax.tick_params(labelsize=LETTERS)
        ax.xaxis.label.set_size(LETTERS)
        ax.yaxis.label.set_size(LETTERS)


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
    _shade(ax, minutes.tolist(), ["wake" if state == "wake" else "NREM" for state in states])
    ax.plot(minutes, drive, color=COLOURS["signal"])
    for level, words in ((high, "falls asleep"), (low, "wakes up")):
        ax.axhline(level, color=FAINT, linestyle="--", linewidth=1.2)
        ax.text(minutes[-1], level + 0.01, words, ha="right", va="bottom", fontsize=LETTERS)
    ax.set(xlabel="time (min)", ylabel="sleep drive h", ylim=(0, 1.3 * high), xlim=(0, minutes[-1]))
    fig.suptitle("A sleep drive between two thresholds makes a clock", x=0.01, ha="left", weight="bold", fontsize=TITLE)
    for words, state, x in (("■ wake", "wake", 0.02), ("■ sleep", "NREM", 0.17)):
        ax.text(x, 1.02, words, transform=ax.transAxes, color=COLOURS[state], fontsize=LETTERS)
    _letters(ax)
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
        _shade(ax, minutes.tolist(), course["state"])
    above.plot(minutes, course["lc_rate"], color=COLOURS["signal"])
    below.plot(minutes, course["ne_nM"], color=COLOURS["norepinephrine"])
    above.set(ylabel="LC (Hz)", ylim=(0, TOP_RATE), xlim=(0, minutes.iloc[-1]))
    below.set(ylabel="NE (nM)", xlabel="time (min)", ylim=(0, None))
    _name_states(above, course["state"])
    fig.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=TITLE)
    _letters(above, below)
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
    _letters(ax)
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
    _letters(ax)
    return fig, (
        f"One waking of the model. The LC starts to fire, the sleep cells fall silent, and {lead:.0f} s after the LC the "
        "acetylcholine of the cortex has gone a tenth of its way to waking."
    )


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
    _letters(ax)
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
    _letters(ax)
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
    _letters(above, below)
    mean, share = runs["LC"][later, lane].mean(), 100 * up[:, lane].mean()
    return (
        fig,
        f"Input {given:+.1f}: the LC fires at {mean:.1f} Hz on average, and the model is up {share:.0f} % of the time.",
    )
