"""What the pictures of this lesson share: states in their colours, and letters that a phone can show."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from nbmodel.figures.colours import COLOURS

Drawn = tuple[Any, str]  # a matplotlib Figure, and its description
MINUTE, LETTERS, TITLE = 60.0, 14, 15
TOP_RATE = 7.0  # Hz: above the fastest that the model's LC fires
FAINT = "#9aa2ab"  # a curve to compare with


def shade(ax: Any, times: Iterable[float], states: Iterable[str]) -> None:
    """Shade an axis by state: a stretch of each in its colour."""
    for state, stretch in groupby(zip(times, states, strict=True), key=lambda pair: pair[1]):
        moments = [time for time, _ in stretch]
        ax.axvspan(moments[0], moments[-1], color=COLOURS[state], alpha=0.28, linewidth=0)


def name_states(ax: Any, states: Iterable[str]) -> None:
    """Write the names of states above an axis, each in its colour."""
    for place, state in enumerate(dict.fromkeys(states)):
        ax.text(0.02 + 0.15 * place, 1.02, f"■ {state}", transform=ax.transAxes, color=COLOURS[state], fontsize=LETTERS)


def letters(*axes: Any) -> None:
    """Make ticks and labels of axes large enough for a phone."""
    for ax in axes:
        ax.tick_params(labelsize=LETTERS)
        ax.xaxis.label.set_size(LETTERS)
        ax.yaxis.label.set_size(LETTERS)
