"""Picture of how sure the models are of published numbers: a bar for each model, and a dot for what was published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nbmodel.evidence import Observation, rows
from nbmodel.evidence.intervals import Interval
from nbmodel.figures import COLOURS, panels, png
from nbmodel.figures.colours import FADED, FADED_INK, INK, tint

# Whose bar lies how far below the row's line, how thick it is (points), and in which colour.
BARS = {
    "model": (0.0, 9.0, COLOURS["norepinephrine"]),
    "no_feedback": (0.2, 4.0, tint(COLOURS["signal"], 0.55)),
    "no_net": (0.32, 4.0, tint(COLOURS["signal"], 0.3)),
}
EDGE = 30.0  # times the published number, either way, beyond which a bar is cut off
INCH = 0.62  # height of a row


def drawn(found: Sequence[Interval]) -> Any:
    """Figure of intervals: a block per row of evidence, all as multiples of the published number.

    The bar holds 90 % by the model's numbers alone, the line around it 90 % with the discrepancy of its structure; the two
    thin bars are those of the null models. The dot is the published number: black where the line reaches it. Words in grey: contested.
    """
    known = {row.id: row for row in rows()}
    ids = list(dict.fromkeys(one.id for one in found))
    fig, ax = panels(height=1.1 + INCH * len(ids))
    for y, name in enumerate(ids):
        for one in (one for one in found if one.id == name):
            _bar(ax, y, known[name], one)
    ax.axvline(1, color=INK, linewidth=1, zorder=0)
    ax.set(xscale="log", xlim=(1 / EDGE, EDGE), ylim=(len(ids) - 0.3, -0.75), yticks=[])
    ax.set_xticks([0.1, 0.3, 1, 3, 10], ["a tenth", "a third", "as published", "3 times", "10 times"])
    ax.tick_params(labeltop=True)
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    looks: dict[str, dict[str, Any]] = {
        "published": {"marker": "o", "color": INK, "linewidth": 0, "markersize": 8},
        "published, out of reach": {"marker": "o", "color": COLOURS["untreated"], "linewidth": 0, "markersize": 8},
        "model, by its numbers": {"color": BARS["model"][2], "linewidth": 9},
        "and its structure": {"color": BARS["model"][2], "linewidth": 1.5},
        "without feedback": {"color": BARS["no_feedback"][2], "linewidth": 4},
        "without NET": {"color": BARS["no_net"][2], "linewidth": 4},
    }
    handles = [ax.plot([], [], label=name, **look)[0] for name, look in looks.items()]
    fig.legend(handles=handles, loc="outside upper center", ncols=3)
    return fig


def _bar(ax: Any, y: int, row: Observation, one: Interval) -> None:
    """Draw what one model says of a row, and for the model the row itself."""
    below, thick, colour = BARS[one.who]
    low, high, widest_low, widest_high = (
        float(np.clip(end / row.published, 1 / EDGE, EDGE))
        for end in (one.low, one.high, one.widest_low, one.widest_high)
    )
    # A bar without a width is still seen.
    ax.plot([low, max(high, low * 1.02)], [y + below] * 2, color=colour, linewidth=thick, solid_capstyle="butt")
    if one.who == "model":
        ax.plot([widest_low, widest_high], [y] * 2, color=colour, linewidth=1.5)
        inside = one.widest_low <= row.published <= one.widest_high
        ax.plot(1, y, "o", color=INK if inside else COLOURS["untreated"], markersize=8, markeredgecolor="white")
        said = f"{row.id}  {row.observation}"
        told = f"{said[:88].rsplit(' ', 1)[0]} …" if len(said) > 88 else said
        ax.text(1.1 / EDGE, y - 0.32, told, fontsize=10, color=FADED_INK if row.contested else INK, va="center")
        ax.axhline(y + 0.5, color=FADED, linewidth=0.5)


def save(found: Sequence[Interval], path: Path) -> None:
    """Write the picture of `drawn` into a PNG file."""
    path.write_bytes(png(drawn(found)))
