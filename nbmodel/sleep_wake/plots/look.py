"""What the pictures of this lesson share: states in their colours, and letters that a phone can show."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from nbmodel.figures.colours import COLOURS, tint
from nbmodel.figures.narrow import LETTERS as LETTERS
from nbmodel.figures.narrow import TITLE as TITLE
from nbmodel.figures.narrow import panels as panels

# The parts of the map with which the lesson begins: not the cells of REM sleep, and what they do and suffer.
MAP = ("LC", "DR", "VLPO", "g_VLPO_N", "g_LC_G", "tau_h_wake", "beta_VLPO_h", "h_switch")
Drawn = tuple[Any, str]  # a matplotlib Figure, and its description
MINUTE = 60.0  # s
TOP_RATE = 7.0  # Hz: above the fastest that the model's LC fires
FAINT = "#9aa2ab"  # a line to compare with
PUBLISHED = COLOURS["untreated"]  # what was measured, beside what the model gives
DARK = {"wake": "#8a6800", "NREM": "#5546ad", "REM": "#3f7010", "mixed": "#6d4c41"}  # words of a state, on white
DARK["awake"] = DARK["wake"]  # awake by the dorsal raphe: wake and mixed together
PALE = {state: tint(COLOURS["wake" if state == "awake" else state], 0.38) for state in DARK}  # behind curves


def shade(ax: Any, times: Iterable[float], states: Iterable[str], strip: float = 0.0) -> None:
    """Shade an axis by state: a stretch of each in its colour, up to where the next begins.

    From `strip` on, a share of the height, in full colour: short stretches are lost in pale ones.
    """
    stretches = [
        (state, [at for at, _ in part]) for state, part in groupby(zip(times, states, strict=True), lambda p: p[1])
    ]
    ends = [moments[0] for _, moments in stretches[1:]] + [stretches[-1][1][-1]]
    for (state, moments), end in zip(stretches, ends, strict=True):
        ax.axvspan(moments[0], end, ymin=strip, color=(DARK if strip else PALE)[state], linewidth=0)


def name_states(ax: Any, states: Iterable[str], words: dict[str, str] | None = None) -> None:
    """Write the names of states above an axis, each in its colour."""
    x = 0.0
    for state in dict.fromkeys(states):
        said = (words or {}).get(state, state)
        ax.text(x, 1.03, f"■ {said}", transform=ax.transAxes, color=DARK[state], fontsize=LETTERS)
        x += 0.085 + 0.03 * len(said)


def titled(fig: Any, title: str) -> None:
    """Say the finding above a figure."""
    fig.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=TITLE)


def letters(*axes: Any) -> None:
    """Make ticks and labels of axes large enough for a phone."""
    for ax in axes:
        ax.tick_params(labelsize=LETTERS)
        ax.xaxis.label.set_size(LETTERS)
        ax.yaxis.label.set_size(LETTERS)
