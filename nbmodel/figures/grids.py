"""Stored grids of slider demos: lines and numbers at a few settings of each slider, and what lies between them.

A demo is computed once and kept in `data/sliders`, so that its sliders move without the model, in a notebook and on a page
without a kernel alike. At the points of the grid stand the model's numbers; between them they are interpolated.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from math import ceil, log10
from typing import Any

import numpy as np

from nbmodel.data import sliders as kept
from nbmodel.data.tables import significant
from nbmodel.figures import moving
from nbmodel.figures.moving import Axis, Line

Computed = tuple[Sequence[Line], Mapping[str, float]]  # lines, and the numbers that the sentence tells
DIGITS = 4  # that are kept of a point of a line
SAID = 6  # digits that are kept of a number that is told, and rounded again when it is
FINEST = 2000  # parts of an axis, below which a line is rounded


@dataclass(frozen=True)
class Slider:
    """Slider with the settings that are stored, of which `start` is one; settings in words make it a choice.

    `step` is that of the handle; with that of the points nothing is ever interpolated.
    """

    label: str
    points: tuple[Any, ...]
    start: Any
    step: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a start that would not be the model's."""
        if self.start not in self.points:
            raise ValueError(f"slider {self.label}: the start {self.start} must be one of {self.points}")


@dataclass(frozen=True)
class Demo:
    """Demo of a lesson: what its sliders change, and how that is told.

    Parameters
    ----------
    name : str
        Name of the stored grid.
    compute : callable
        `compute(**values)` returns lines, each with the same number of points at any setting, and numbers by name.
    said : str
        Sentence with places for values and numbers, such as "{ne:.1f} nM".
    x, y : Axis
        Axes, which stay.
    sliders : Mapping of str to Slider
        By the names that `compute` knows.
    """

    name: str
    compute: Callable[..., Computed]
    said: str
    x: Axis
    y: Axis
    sliders: Mapping[str, Slider]


def made(demo: Demo) -> dict[str, Any]:
    """Grid of a demo, as it is stored: computed at all combinations of the settings.

    Examples
    --------
    >>> x, y = Axis("time (s)", 0, 1), Axis("NE (nM)", 0, 10)
    >>> rising = Demo("rising", lambda to: ([Line("NE", [0, 1], [6, to])], {"end": to}), "NE ends at {end:.1f} nM.", x, y,
    ...               {"to": Slider("end (nM)", (6.0, 9.0), 6.0, 0.1)})
    >>> made(rising)["lines"][0]["y"], at(made(rising), to=8.0)[1]
    ([[6.0, 6.0], [6.0, 9.0]], {'end': 8.0})
    """
    names = list(demo.sliders)
    runs = [demo.compute(**dict(zip(names, point, strict=True))) for point in _points(demo)]
    start = {name: one.start for name, one in demo.sliders.items()}
    lines, numbers = demo.compute(**start)
    sentence = demo.said.format(**start, **numbers)
    stored = []
    for same in zip(*(lines for lines, _ in runs), strict=True):
        look = {"name": same[0].name, "colour": same[0].colour, "dashed": same[0].dashed}
        stored.append(look | {"x": _rows([one.x for one in same], demo.x), "y": _rows([one.y for one in same], demo.y)})
    return {
        "said": demo.said,
        "sentence": sentence,
        "svg": moving.svg(lines, demo.x, demo.y, sentence),
        "frame": moving.FRAME,
        "edge": moving.EDGE,
        "least": moving.LEAST,
        "x": asdict(demo.x),
        "y": asdict(demo.y),
        "sliders": [{"name": name} | asdict(one) for name, one in demo.sliders.items()],
        "lines": stored,
        "numbers": {name: [_rounded(told[name], SAID) for _, told in runs] for name in numbers},
    }


def store(demo: Demo) -> None:
    """Compute a demo's grid and keep it where `figures.live` and reports find it."""
    kept.path(demo.name).write_text(
        json.dumps(made(demo), separators=(",", ":"), allow_nan=False) + "\n", encoding="utf-8"
    )


def at(grid: Mapping[str, Any], **values: Any) -> Computed:
    """Lines and numbers of a stored grid at any setting of its sliders, interpolated along each of them."""
    corners = [(0, 1.0)]
    for slider in grid["sliders"]:
        points, value = slider["points"], values[slider["name"]]
        if isinstance(value, str):
            i, part = points.index(value), 0.0
        else:
            i = min(max(bisect_right(points, value) - 1, 0), len(points) - 2)
            part = (value - points[i]) / (points[i + 1] - points[i])
        corners = [
            (len(points) * place + i + k, weight * share)
            for place, weight in corners
            for k, share in ((0, 1 - part), (1, part))
            if share
        ]

    def mixed(rows: Any) -> Any:
        return sum(weight * np.asarray(rows[place]) for place, weight in corners)

    lines = []
    for one in grid["lines"]:
        x, y = (mixed(one[along]) if isinstance(one[along][0], list) else one[along] for along in "xy")
        lines.append(Line(one["name"], x, y, one["colour"], one["dashed"]))
    return lines, {name: float(mixed(rows)) for name, rows in grid["numbers"].items()}


def _points(demo: Demo) -> product[tuple[Any, ...]]:
    return product(*(one.points for one in demo.sliders.values()))


def _rows(rows: Sequence[Any], axis: Axis) -> list[Any]:
    """Rows of a line, one per setting; a single one where all are the same."""
    places = 12 if axis.log else ceil(-log10((axis.high - axis.low) / FINEST))
    found = [[round(_rounded(value), places) + 0.0 for value in np.asarray(row, dtype=float)] for row in rows]
    return found[0] if all(row == found[0] for row in found) else found


def _rounded(value: float, digits: int = DIGITS) -> float:
    return float(significant(value, digits))
