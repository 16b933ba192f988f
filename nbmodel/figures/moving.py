"""Slider demos that follow the hand: lines redrawn while a slider is dragged, on axes that stay.

A picture drawn anew by matplotlib takes longer than a hand waits. These are lines as SVG, written by a few functions here, in
the colours of the page they stand on, light or dark. They need a running kernel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.core.network import Array
from nbmodel.figures.colours import COLOURS
from nbmodel.figures.sliders import Slider, announced, box

if TYPE_CHECKING:
    import ipywidgets

WIDE, HIGH = 900, 400  # of the view box, in its own units
LEFT, RIGHT, TOP, BOTTOM = 70, 200, 40, 55  # margins; labels of lines stand in the right one
LETTERS = 17  # height of letters
TICKS = 6


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
        f'<svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(said)}" style="width:100%;max-width:{WIDE}px" '
        f'font-family="inherit" font-size="{LETTERS}" fill="currentColor" stroke="none">'
    ]
    for axis, along in ((x, True), (y, False)):
        for tick in axis.ticks():
            at = float(axis.share(tick))
            place = LEFT + at * wide if along else TOP + (1 - at) * high
            ends = (place, TOP, place, TOP + high) if along else (LEFT, place, LEFT + wide, place)
            parts.append(_grid(ends))
            a, b, anchor = (place, TOP + high + 22, "middle") if along else (LEFT - 8, place + 6, "end")
            parts.append(_words(a, b, anchor, f"{tick:g}"))
    parts.append(_words(LEFT + wide / 2, HIGH - 8, "middle", x.label))
    parts.append(_words(LEFT - 50, TOP - 16, "start", y.label))
    courses = [_within(line, x, y) for line in lines]
    heights = _apart([float(up[-1]) if up.size else 0.0 for _, up in courses])
    for line, (along_x, along_y), height in zip(lines, courses, heights, strict=True):
        across, up = LEFT + along_x * wide, TOP + (1 - along_y) * high
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, up, strict=True))
        dash = ' stroke-dasharray="7 5" opacity=".7"' if line.dashed else ""
        parts.append(f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="3"{dash}/>')
        place = TOP + (1 - height) * high + 6
        parts.append(_words(LEFT + wide + 10, place, "start", line.name, line.colour))
    return "".join(parts) + "</svg>"


def _words(x: float, y: float, anchor: str, words: str, colour: str = "currentColor") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def _grid(ends: tuple[float, float, float, float]) -> str:
    x1, y1, x2, y2 = ends
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor" opacity=".15"/>'


def _within(line: Line, x: Axis, y: Axis) -> tuple[Array, Array]:
    """Places of a line's points, 0 to 1: those between the ends of the axis along; what is too high or low lies at the edge."""
    along = x.share(line.x)
    inside = (along >= -1e-9) & (along <= 1 + 1e-9)
    return along[inside], np.clip(y.share(line.y), 0, 1)[inside]


def _apart(heights: list[float]) -> list[float]:
    """Heights of the labels: those of the lines' ends, moved up where two would touch."""
    least, found = 1.15 * LETTERS / (HIGH - TOP - BOTTOM), [0.0] * len(heights)
    below = -math.inf
    for i in sorted(range(len(heights)), key=lambda i: heights[i]):
        below = found[i] = max(heights[i], below + least)
    return found


def live(compute: Callable[..., tuple[Sequence[Line], str]], /, x: Axis, y: Axis, **sliders: Slider) -> None:
    """Display a slider demo whose lines follow while a slider is dragged.

    On paper, in reports and without a kernel only a fixed text is left, so show a static figure of the same beside it.

    Parameters
    ----------
    compute : callable
        `compute(**values)` returns the lines, among them the one that others are compared with, and a sentence on what they
        show; a ValueError is shown in their place. It should take less than a twentieth of a second.
    x, y : Axis
        Axes, which stay.
    **sliders : tuple
        (low, high, start) or (low, high, start, "label with unit"); a start outside the range raises ValueError.
    """
    announced(view(compute, x, y, **sliders).model_id, sliders)


def view(compute: Callable[..., tuple[Sequence[Line], str]], /, x: Axis, y: Axis, **sliders: Slider) -> ipywidgets.VBox:
    """Box of sliders, sentence and lines that `live` displays."""
    import ipywidgets

    drawing = ipywidgets.HTML()

    def show(**values: float) -> str:
        lines, said = compute(**values)
        drawing.value = svg(lines, x, y, said)
        return said

    return box(show, drawing, "lines", sliders, follows=True)
