"""The locus coeruleus and where it projects: a brain seen from the left side, with the regions of `broadcast`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Circle, Ellipse, Polygon
from matplotlib.path import Path

from nbmodel.core.network import Array
from nbmodel.data import tables
from nbmodel.figures.colours import CELL, COLOURS, MEMBRANE, tint
from nbmodel.lc_arousal import broadcast
from nbmodel.schematics.canvas import TITLE, Canvas, Drawing, Part, Point, checked, draw, smooth

HEIGHT = 670
LC = (520, 474)


@dataclass(frozen=True, kw_only=True)
class Projection(Part):
    """Region that the LC reaches: a fibre with varicosities, and the region's name where it ends."""

    way: tuple[Point, ...]
    text: str
    at: Point

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw the fibre, beaded as these axons are, and the region's name with the number below it."""
        colour, path = canvas.colour(self.colour, self.name), smooth((LC, *self.way))
        layer = 6.0 if canvas.is_lit(self.name) else 5.0
        canvas.line(path, colour, 2.6, layer)
        for place in beads(path, 30):
            canvas.add(Circle(place, 4.6, facecolor=colour, edgecolor="none"), layer + 0.1)
        canvas.add(Circle(self.way[-1], 9, facecolor=colour, edgecolor="white", linewidth=2), layer + 0.2)
        x, y = self.at
        weight = "bold" if canvas.lit and canvas.is_lit(self.name) else "normal"
        canvas.words((x, y - 13 if number else y), self.text, weight=weight, color=canvas.ink(self.name))
        if number:
            canvas.words((x, y + 13), number, color=canvas.ink(self.name), gid=f"{self.name} number")


@dataclass(frozen=True, kw_only=True)
class Nucleus(Part):
    """The locus coeruleus itself."""

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw it as a spot in the pons, with its name and a line that leads to it."""
        canvas.line(Path([(373, 556), LC]), COLOURS["signal"], 1.6, 6.4)
        canvas.add(Ellipse(LC, 30, 42, angle=-15, facecolor=COLOURS[self.colour], edgecolor="white", linewidth=2.5), 7)
        canvas.words((363, 559), "locus\ncoeruleus", ha="right", weight="bold", fontsize=TITLE)


PARTS: tuple[Part, ...] = (
    Projection(
        name="frontal", words="frontal cortex", text="frontal cortex", at=(222, 160),
        way=((498, 408), (453, 337), (359, 302), (241, 278), (146, 247), (97, 203)),
    ),
    Projection(
        name="occipital", words="occipital cortex", text="occipital cortex", at=(612, 274),
        way=((507, 408), (489, 323), (500, 229), (571, 158), (654, 146), (707, 194)),
    ),
    Projection(
        name="hippocampus", words="hippocampus", text="hippocampus", at=(337, 444),
        way=((496, 411), (463, 373), (420, 363)),
    ),
    Projection(
        name="thalamus", words="thalamus", text="thalamus", at=(404, 182), way=((500, 408), (474, 342), (430, 267)),
    ),
    Projection(
        name="cerebellum", words="cerebellum", text="cerebellum", at=(649, 484), way=((559, 439), (612, 424), (666, 432)),
    ),
    Projection(
        name="brainstem", words="brainstem", text="brainstem", at=(649, 595), way=((514, 524), (519, 565), (533, 607)),
    ),
    Nucleus(name="locus coeruleus", words="the locus coeruleus"),
)  # fmt: skip

SAID = (
    "Schematic of a human brain from the left side. From the locus coeruleus, a spot in the brainstem, fibres with "
    "varicosities run to frontal cortex, occipital cortex, hippocampus, thalamus, cerebellum and the brainstem itself."
)


def projections(highlight: str | Iterable[str] = (), *, delays: broadcast.Species | None = None) -> Drawing:
    """Schematic of the locus coeruleus and the regions to which it projects.

    Parameters
    ----------
    highlight : str or iterable of str
        Regions of `broadcast.REGIONS` that stand in colour, the others in grey; all if none is named.
    delays : {'rat', 'human'}, optional
        Whose paths decide how long an impulse takes to each region (ms); nothing is written if not given.

    Returns
    -------
    Drawing
        Figure and description, for `figures.show(*projections())`.

    Raises
    ------
    SchematicError
        For a part that the drawing does not have.

    Examples
    --------
    >>> figure, said = projections("frontal", delays="human")
    >>> "In colour: frontal cortex." in said
    True
    """
    canvas = Canvas(HEIGHT, checked(highlight, PARTS))
    _scenery(canvas)
    found = broadcast.regions(delays) if delays else ()
    numbers = {region.name: f"{tables.significant(region.delay, 1)} ms" for region in found}
    if delays:
        canvas.words((24, 640), f"times: estimates ({delays})", ha="left", weight="bold")
    said = f"{SAID} Numbers are the time that an impulse takes ({delays})." if delays else SAID
    return draw(canvas, PARTS, numbers, said)


def folded(canvas: Canvas, points: Sequence[Point], folds: int, depth: float, layer: float) -> None:
    """Draw a part of the brain as its folds: an outline of so many arcs, and a furrow between two of them."""
    line = flat(smooth(points, closed=True), 40 * folds)
    along = np.gradient(line, axis=0)
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.hypot(*along.T)[:, None]
    arcs = np.abs(np.sin(np.pi * np.arange(len(line)) / 40))[:, None]
    edge = line + depth * (np.sqrt(arcs) - 1) * outward
    canvas.add(Polygon(edge, facecolor=CELL, edgecolor=MEMBRANE, linewidth=3, joinstyle="round"), layer)
    for fold in range(0, 40 * folds, 40):
        inward, aside = -outward[fold], along[fold] / np.hypot(*along[fold])
        length = depth * (5.5, 2.5, 4.0)[fold // 40 % 3]
        if line[fold, 1] < points[0][1] + 60:  # below it stand words
            bend = [
                edge[fold],
                edge[fold] + 0.5 * length * inward + 3 * aside,
                edge[fold] + length * inward - 2 * aside,
            ]
            canvas.line(smooth(bend), tint(MEMBRANE, 0.6), 2.5, layer + 0.1)


def flat(path: Path, count: int) -> Array:
    """Points of a path at equal steps along it, shape (count, 2)."""
    line = np.asarray(path.to_polygons(closed_only=False)[0], dtype=float)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0, along[-1], count, endpoint=False)
    return np.stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])], axis=1)


def beads(path: Path, every: float) -> list[Point]:
    """Places along a path, `every` so many pixels, but not at its ends."""
    line = flat(path, 1000)
    along = np.cumsum(np.hypot(*np.diff(line, axis=0).T))
    at = np.searchsorted(along, np.arange(1.3 * every, along[-1] - 0.6 * every, every))
    return [(float(x), float(y)) for x, y in line[at]]


def _scenery(canvas: Canvas) -> None:
    """Draw the brain: stem, cerebellum, cerebrum with a few of its furrows, thalamus and hippocampus."""
    stem = [(439, 382), (425, 432), (411, 477), (420, 519), (453, 548), (479, 583), (493, 642), (500, 725),
            (562, 725), (557, 642), (552, 583), (545, 536), (548, 477), (538, 430), (533, 382)]  # fmt: skip
    cerebellum = [
        (533, 444), (548, 404), (607, 382), (689, 382), (746, 408), (760, 453), (736, 498), (677, 524), (607, 524), (552, 496),
    ]  # fmt: skip
    cerebrum = [
        (28, 278), (35, 211), (71, 142), (135, 85), (219, 45), (317, 24), (424, 19), (530, 33), (621, 66), (699, 120),
        (750, 189), (774, 260), (765, 321), (722, 359), (654, 375), (583, 387), (514, 413), (441, 455), (368, 484),
        (295, 486), (241, 460), (222, 418), (238, 380), (201, 373), (130, 359), (64, 328),
    ]  # fmt: skip
    canvas.shape(stem, fill=CELL, edge=MEMBRANE, line=3, layer=1)
    folded(canvas, cerebellum, folds=22, depth=4, layer=1.5)
    folded(canvas, cerebrum, folds=30, depth=7, layer=2)
    for furrow in (
        [(245, 378), (300, 352), (352, 336)],  # the lateral one
        [(417, 26), (412, 54), (394, 112), (352, 148)],  # the central one
    ):
        canvas.line(smooth(furrow), tint(MEMBRANE, 0.6), 3, 2.1)
    body = smooth([(326, 389), (373, 371), (422, 361), (467, 345), (500, 314)])
    edge, fill = _inner(canvas, "hippocampus")
    canvas.line(body, edge, 30, 4)
    canvas.line(body, fill, 26, 4.1)
    edge, fill = _inner(canvas, "thalamus")
    canvas.add(Ellipse((404, 260), 138, 74, angle=-12, facecolor=fill, edgecolor=edge, linewidth=2), 4)


def _inner(canvas: Canvas, name: str) -> tuple[str, str]:
    """Colours of edge and inside of a part that lies within the brain."""
    colour = canvas.colour("norepinephrine", name)
    return tint(colour, 0.6), tint(colour, 0.22) if canvas.is_lit(name) else CELL
