"""Lines that follow a slider, as SVG on axes that stay, in the colours of the page they stand on, light or dark.

A picture drawn anew by matplotlib takes longer than a hand waits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from nbmodel.core.network import Array
from nbmodel.figures.colours import COLOURS

WIDE, HIGH = 600, 400  # of the view box, in its own units
LEFT, RIGHT, TOP, BOTTOM = 66, 160, 42, 62  # margins; labels of lines stand in the right one
LETTERS = 20  # height of letters
TICKS = 6
FRAME = (LEFT, TOP, WIDE - LEFT - RIGHT, HIGH - TOP - BOTTOM)  # where lines are drawn: left, top, width, height
LEAST = 1.15 * LETTERS  # from one name to the next
# Names of lines stand out from what they cross, on the ground of a notebook, a report or any other page.
HALO = ' style="paint-order:stroke;stroke:var(--jp-layout-color1,var(--page,Canvas));stroke-width:5px"'
FAINT = ' opacity=".8" font-style="italic"'  # of the name of what others are compared with
EDGE = 0.95  # of the axis: what ends behind it ends at the edge


@dataclass(frozen=True)
class Axis:
    """Axis that stays as it is while sliders move: its label with the unit, its ends, and whether it is logarithmic."""

    label: str
    low: float
    high: float
    log: bool = False

    def share(self, values: Any) -> Any:
        """Place of values between the ends, 0 to 1 within them."""
        low, high = self.low, self.high
        if self.log:
            values, low, high = np.log(np.maximum(values, 1e-300)), math.log(low), math.log(high)
        return (np.asarray(values, dtype=float) - low) / (high - low)

    def ticks(self) -> list[float]:
        """Round numbers along the axis."""
        if self.log:
            powers = range(math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9) + 1)
            return [10.0**power for power in powers]
        rough = (self.high - self.low) / TICKS
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * m for m in (1, 2, 5, 10) if size * m >= rough)
        return [step * n for n in range(math.ceil(self.low / step), math.floor(self.high / step + 1e-9) + 1)]


@dataclass(frozen=True)
class Line:
    """Line of a live figure, with the name that stands at its end; `dashed` for what others are compared with."""

    name: str
    x: Any
    y: Any
    colour: str = COLOURS["norepinephrine"]
    dashed: bool = False


def svg(lines: Sequence[Line], x: Axis, y: Axis, said: str) -> str:
    """SVG of some lines on fixed axes, with `said` as its description.

    Examples
    --------
    >>> text = svg([Line("NE", [0, 1], [6, 9])], Axis("time (s)", 0, 1), Axis("NE (nM)", 0, 10), "NE rises to 9 nM.")
    >>> text.count("<polyline"), "NE rises to 9 nM." in text
    (1, True)
    """
    wide, high = WIDE - LEFT - RIGHT, HIGH - TOP - BOTTOM
    parts = [
        f'<svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(said)}" style="width:100%;max-width:{WIDE}px;overflow:visible" '
        f'font-family="inherit" font-size="{LETTERS}" fill="currentColor" stroke="none">'
    ]
    for axis, along in ((x, True), (y, False)):
        for tick in axis.ticks():
            at = float(axis.share(tick))
            place = LEFT + at * wide if along else TOP + (1 - at) * high
            ends = (place, TOP, place, TOP + high) if along else (LEFT, place, LEFT + wide, place)
            parts.append(_grid(ends))
            a, b, anchor = (place, TOP + high + 24, "middle") if along else (LEFT - 8, place + 6, "end")
            parts.append(_words(a, b, anchor, f"{tick:g}"))
    parts.append(_words(LEFT + wide / 2, HIGH - 8, "middle", x.label))
    parts.append(_words(LEFT - 50, TOP - 16, "start", y.label))
    courses = [_within(line, x, y) for line in lines]
    # A line that ends at the right edge is named in the margin, another one above its end.
    tips = [(float(across[-1]), float(up[-1])) if up.size else (-1.0, 0.0) for across, up in courses]
    for line, (across, up), (tip, _), height in zip(lines, courses, tips, _apart(tips), strict=True):
        points = " ".join(f"{LEFT + a * wide:.1f},{TOP + (1 - b) * high:.1f}" for a, b in zip(across, up, strict=True))
        dash, look = (' stroke-dasharray="7 5" opacity=".75"', FAINT) if line.dashed else ("", "")
        parts.append(f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="3"{dash}/>')
        place, down, anchor = (wide + 10, 6, "start") if tip > EDGE else (tip * wide, -10, "middle")
        parts.append(_words(LEFT + place, TOP + (1 - height) * high + down, anchor, line.name, HALO + look))
    return "".join(parts) + "</svg>"


def _words(x: float, y: float, anchor: str, words: str, look: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{look}>{escape(words)}</text>'


def _grid(ends: tuple[float, float, float, float]) -> str:
    x1, y1, x2, y2 = ends
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor" opacity=".15"/>'


def _within(line: Line, x: Axis, y: Axis) -> tuple[Array, Array]:
    """Places of a line's points, 0 to 1: those between the ends of the axis along; what is too high or low lies at the edge."""
    along = x.share(line.x)
    inside = (along >= -1e-9) & (along <= 1 + 1e-9)
    return along[inside], np.clip(y.share(line.y), 0, 1)[inside]


def _apart(ends: list[tuple[float, float]]) -> list[float]:
    """Heights of names beside the ends of lines, moved up where two in the margin, or two within the axes, would touch."""
    found = [height for _, height in ends]
    for edge in (True, False):
        below = -math.inf
        for height, i in sorted((height, i) for i, (x, height) in enumerate(ends) if (x > EDGE) == edge):
            below = found[i] = max(height, below + LEAST / FRAME[3])
    return found
