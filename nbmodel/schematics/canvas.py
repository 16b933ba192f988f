"""A sheet to draw schematics on, and their parts: pills, arrows, tags. Plain shapes, few words, large letters.

A drawing is a list of parts. A part is named as the model names it, so that a test finds one that the model no longer has,
and a call says which parts stand in colour and which numbers are written beside them. What has no name is scenery.

Places are (x, y) from the upper left corner, on a sheet that is `WIDTH` wide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Patch, PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from nbmodel.data.typed_rows import did_you_mean
from nbmodel.figures.colours import CELL, COLOURS, FADED, FADED_INK, INK, MEMBRANE, tint

WIDTH = 800
PAGE = 620  # pixels of a page that the sheet takes: as wide as the figures below it, its letters as large as the text
# Points. On a phone, 390 pixels wide, letters of 16 points stand 11 pixels high.
LETTERS, TITLE = 16.0, 18.0

Point = tuple[float, float]


class SchematicError(ValueError):
    """Raised for a part that a drawing does not have; the message names the nearest."""


class Drawing(NamedTuple):
    """A schematic and what it says to those who cannot see it: `figures.show(*drawing)` displays it."""

    figure: Figure
    alt: str


class Canvas:
    """Sheet of `WIDTH` x `height`; with names in `lit`, all other parts are drawn grey."""

    def __init__(self, height: float, lit: Collection[str] = ()) -> None:
        self.height, self.lit = height, frozenset(lit)
        self.figure = Figure(figsize=(WIDTH / 100, height / 100), dpi=100 * PAGE / WIDTH)
        self.figure.set_layout_engine("none")
        self.ax = self.figure.add_axes((0, 0, 1, 1))
        self.ax.set(xlim=(0, WIDTH), ylim=(height, 0))
        self.ax.axis("off")

    def is_lit(self, *names: str) -> bool:
        """True if one of these parts stands in colour."""
        return not self.lit or not self.lit.isdisjoint(names)

    def colour(self, colour: str, *names: str) -> str:
        """Colour of what belongs to these parts: as given, or grey. `colour` is one of `COLOURS` or a hex code."""
        return COLOURS.get(colour, colour) if self.is_lit(*names) else FADED

    def ink(self, *names: str) -> str:
        """Colour of words that belong to these parts."""
        return INK if self.is_lit(*names) else FADED_INK

    def add(self, patch: Patch, layer: float) -> None:
        """Put a shape on a layer; what has a higher one covers it."""
        patch.set_zorder(layer)
        self.ax.add_patch(patch)

    def words(self, at: Point, text: str, **look: Any) -> None:
        """Write words, centred on a place unless `ha` or `va` say otherwise."""
        x, y = at
        look = {"ha": "center", "fontsize": LETTERS, "color": INK, "zorder": 9, "linespacing": 1.15, **look}
        if "\n" not in text and "va" not in look:
            # Centred by what they are made of, words with a g would stand higher than those beside them without.
            look["va"], y = "baseline", y + 0.34 * look["fontsize"] * 100 / 72
        self.ax.text(x, y, text, **{"va": "center", **look})

    def shape(
        self, points: Sequence[Point], *, fill: str, edge: str = "none", line: float = 0, layer: float = 1
    ) -> None:
        """Draw a smooth closed outline through points."""
        self.add(PathPatch(smooth(points, closed=True), facecolor=fill, edgecolor=edge, linewidth=line), layer)

    def box(self, corner: Point, size: Point, radius: float, fill: str, edge: str = "none", layer: float = 3) -> None:
        """Draw a box with round corners from its upper left one."""
        style = f"round,pad=0,rounding_size={radius}"
        shape = FancyBboxPatch(corner, *size, boxstyle=style, facecolor=fill, edgecolor=edge, linewidth=2.5)
        self.add(shape, layer)

    def card(self, corner: Point, size: Point, name: str) -> None:
        """Draw a field on which a part has its picture."""
        self.box(corner, size, 16, CELL, MEMBRANE if self.is_lit(name) else FADED, 1)

    def line(self, path: Path, colour: str, width: float, layer: float = 2, **look: Any) -> None:
        """Draw a line along a path."""
        look = {"capstyle": "round", "joinstyle": "round", **look}
        self.add(PathPatch(path, facecolor="none", edgecolor=colour, linewidth=width, **look), layer)

    def arrow(self, path: Path, colour: str, width: float = 3.0, *, bar: bool = False) -> None:
        """Draw an arrow along a path; one that ends in a bar stands for inhibition."""
        style = "-[,widthB=0.55,lengthB=0" if bar else "-|>,head_length=0.55,head_width=0.28"
        arrow = FancyArrowPatch(path=path, arrowstyle=style, mutation_scale=19, linewidth=width, color=colour)
        arrow.set(capstyle="butt", joinstyle="miter")
        self.add(arrow, 5)

    def vesicle(self, at: Point, radius: float, dots: int, colour: str, *names: str, seed: int = 0) -> None:
        """Draw a vesicle with so many molecules in it."""
        edge = self.colour(colour, *names)
        self.add(Circle(at, radius, facecolor="white", edgecolor=tint(edge, 0.75), linewidth=3), 3)
        rng = np.random.default_rng(seed)
        angle = 2.39996 * np.arange(dots) + rng.uniform(0, 6)  # the golden angle: evenly, and not in rows
        away = (radius - 9) * np.sqrt((np.arange(dots) + 0.5) / dots)
        self.dots([(at[0] + r * np.cos(a), at[1] + r * np.sin(a)) for r, a in zip(away, angle, strict=True)], edge)

    def dots(self, places: Iterable[Point], colour: str, radius: float = 4.5) -> None:
        """Draw molecules."""
        for place in places:
            self.add(Circle(place, radius, facecolor=tint(colour, 0.8), edgecolor="none"), 3.5)

    def tag(self, at: Point, text: str, *names: str) -> None:
        """Write the name of a protein in white on a dark field, which is as high for all."""
        lit, (x, y), height = self.is_lit(*names), at, 34
        # As wide as its letters are, in pixels; a box that matplotlib fits to words is higher for a beta than for an alpha.
        wide = TextPath((0, 0), text, size=LETTERS * 100 / 72, prop=FontProperties(family="DejaVu Sans", weight="bold"))
        width = float(wide.get_extents().width) + 18
        fill = COLOURS["signal"] if lit else "#e6e9ec"
        self.box((x - width / 2, y - height / 2), (width, height), 9, fill, "white", layer=8)
        self.words(at, text, weight="bold", color="white" if lit else FADED_INK)


# -- parts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Part:
    """Part of a drawing: its `name` in the model, the `words` that say what it is, and its colour."""

    name: str
    words: str
    colour: str = "norepinephrine"

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw it, with a number beside it where there is one."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Pill(Part):
    """Amount of something: a name in a rounded box, with a number below it in the same box."""

    at: Point
    text: str
    width: float = 112

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw the box; it is as high without a number, so that arrows end at it either way."""
        (x, y), height = self.at, 56
        colour = canvas.colour(self.colour, self.name)
        canvas.box((x - self.width / 2, y - height / 2), (self.width, height), 21, tint(colour, 0.16), colour, 6)
        weight = "bold" if canvas.lit and canvas.is_lit(self.name) else "normal"
        canvas.words((x, y - 13 if number else y), self.text, weight=weight, color=canvas.ink(self.name))
        if number:
            canvas.words((x, y + 13), number, color=canvas.ink(self.name), gid=f"{self.name} number")


@dataclass(frozen=True, kw_only=True)
class Arrow(Part):
    """Process: an arrow along a path with round corners, a tag on it for the protein, and words and a number beside it."""

    path: tuple[Point, ...]
    tag: str = ""
    label: str = ""
    at: Point = (0, 0)
    label_at: Point = (0, 0)
    number_at: Point | None = None
    number_align: str = "center"
    bar: bool = False
    width: float = 3.0

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw the arrow, then its tag and number on top."""
        canvas.arrow(rounded(self.path), canvas.colour(self.colour, self.name), self.width, bar=self.bar)
        if self.tag:
            canvas.tag(self.at, self.tag, self.name)
        if self.label:
            canvas.words(self.label_at, self.label, color=canvas.ink(self.name))
        if number and self.number_at:
            look = {"ha": self.number_align, "color": canvas.ink(self.name), "gid": f"{self.name} number"}
            canvas.words(self.number_at, number, **look)


def draw(canvas: Canvas, parts: Sequence[Part], numbers: Mapping[str, str], title: str) -> Drawing:
    """Draw all parts and say what there is to see: what stands in colour, and the numbers."""
    for part in sorted(parts, key=lambda part: canvas.is_lit(part.name)):  # grey first: what is lit crosses over it
        part.draw(canvas, numbers.get(part.name, ""))
    said = [title]
    if canvas.lit:
        named = dict.fromkeys(part.words for part in parts if part.name in canvas.lit)
        said.append(f"In colour: {', '.join(named)}.")
    written = dict.fromkeys(
        f"{part.words} {' '.join(numbers[part.name].split())}" for part in parts if numbers.get(part.name)
    )
    if written:
        said.append("Numbers: " + ", ".join(written) + ".")
    return Drawing(canvas.figure, " ".join(said))


def checked(highlight: str | Iterable[str], parts: Sequence[Part]) -> frozenset[str]:
    """Names of the parts to stand in colour.

    Raises
    ------
    SchematicError
        For a name that the drawing does not have; the message names the nearest.
    """
    names, known = [highlight] if isinstance(highlight, str) else list(highlight), [part.name for part in parts]
    unknown = [f"no part {name!r}{did_you_mean(name, known)}" for name in names if name not in known]
    if unknown:
        raise SchematicError("the drawing has " + "; ".join(unknown))
    return frozenset(names)


# -- paths -----------------------------------------------------------------------------------------------------------


def rounded(points: Sequence[Point], radius: float = 22) -> Path:
    """Path from point to point with its corners rounded."""
    corners = np.asarray(points, dtype=float)
    vertices, codes = [corners[0]], [Path.MOVETO]
    for before, corner, after in zip(corners[:-2], corners[1:-1], corners[2:], strict=True):
        come, go = corner - before, after - corner
        r = min(radius, np.hypot(*come) / 2, np.hypot(*go) / 2)
        vertices += [corner - r * come / np.hypot(*come), corner, corner + r * go / np.hypot(*go)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*vertices, corners[-1]], [*codes, Path.LINETO])


def smooth(points: Sequence[Point], closed: bool = False) -> Path:
    """Smooth path through points (a Catmull-Rom spline)."""
    p = np.asarray(points, dtype=float)
    ring = np.vstack([p[-1], p, p[:2]]) if closed else np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    vertices, codes = [ring[1]], [Path.MOVETO]
    for a, b, c, d in zip(ring[:-3], ring[1:-2], ring[2:-1], ring[3:], strict=True):
        vertices += [b + (c - a) / 6, c - (d - b) / 6, c]
        codes += [Path.CURVE4] * 3
    return Path(vertices, codes)
