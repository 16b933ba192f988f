"""The circuit of attention: what norepinephrine does to a signal, to a decision and to working memory, by which receptor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from matplotlib.patches import Circle
from matplotlib.path import Path

from nbmodel.data import parameters, tables
from nbmodel.figures.colours import COLOURS, MEMBRANE, tint
from nbmodel.models import decision, gain
from nbmodel.schematics.canvas import TITLE, Arrow, Canvas, Drawing, Part, Pill, Point, checked, draw

HEIGHT = 700


@dataclass(frozen=True, kw_only=True)
class Card(Part):
    """Unit that norepinephrine acts on: a field with a title and a small picture of what the unit does."""

    at: Point
    size: Point
    title: str
    lines: tuple[tuple[Point, ...], ...]
    faint: tuple[tuple[Point, ...], ...] = ()

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw the field, its title, and the picture as lines from its upper left corner."""
        x, y = self.at
        canvas.card(self.at, self.size, self.name)
        canvas.words(
            (x + 18, y + 27), self.title, ha="left", weight="bold", fontsize=TITLE, color=canvas.ink(self.name)
        )
        for lines, colour, width in ((self.faint, MEMBRANE, 1.6), (self.lines, COLOURS["signal"], 2.2)):
            for line in lines:
                path = Path([(x + a, y + b) for a, b in line])
                canvas.line(path, canvas.colour(colour, self.name), width, 2)


@dataclass(frozen=True, kw_only=True)
class Effect(Part):
    """Change that one receptor makes: its tag, and the quantity that it moves up or down."""

    at: Point
    receptor: str
    text: str
    change: str

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw the tag, then the words beside it, and which way the quantity goes, or by how much."""
        x, y = self.at
        canvas.tag((x + 22, y), self.receptor, self.name)
        look = {"ha": "left", "color": canvas.ink(self.name), "gid": f"{self.name} number" if number else ""}
        canvas.words((x + 54, y), f"{self.text} {number or self.change}", **look)


@dataclass(frozen=True, kw_only=True)
class Cells(Part):
    """Cells of the locus coeruleus, and the coupling between them."""

    at: Point

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw five cells, joined where they are coupled."""
        x, y = self.at
        places = [(x - 34, y - 14), (x, y - 34), (x + 34, y - 14), (x + 20, y + 26), (x - 20, y + 26)]
        canvas.line(Path([*places, places[0]]), canvas.colour(self.colour, self.name), 3.5, 4)
        colour = canvas.colour(self.colour, self.name, "gilzenrat.release")  # what they release may be lit by itself
        for place in places:
            canvas.add(Circle(place, 15, facecolor=tint(colour, 0.75), edgecolor="white", linewidth=2), 5)
        canvas.words((x, y - 82), "locus coeruleus", weight="bold", fontsize=TITLE)
        canvas.words((x - 60, y), "coupling", ha="right", color=canvas.ink(self.name))


def spikes(*runs: tuple[float, float, int], y: float) -> tuple[tuple[Point, ...], ...]:
    """Spikes as upright strokes: each run is from, to and how many."""
    return tuple(((x, y), (x, y - 30)) for start, end, count in runs for x in np.linspace(start, end, count))


def wander(start: Point, end: Point, seed: int, noise: float) -> tuple[Point, ...]:
    """Line that chance takes from one place to another."""
    x, steps = np.linspace(0, 1, 60), np.cumsum(np.random.default_rng(seed).standard_normal(60))
    astray = noise * (steps - steps[0] - (steps[-1] - steps[0]) * x)
    return tuple(
        (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]) + off)
        for share, off in zip(x.tolist(), astray.tolist(), strict=True)
    )


def until(height: float, line: tuple[Point, ...]) -> tuple[Point, ...]:
    """Line up to where it first comes as high as this."""
    before = tuple(takewhile(lambda place: place[1] > height, line))
    return (*before, (line[len(before)][0], height)) if len(before) < len(line) else line


UP, DOWN = 62.0, 122.0  # thresholds of the decision, below the upper edge of its card

PARTS: tuple[Part, ...] = (
    Card(
        name="gain.rate", words="the cortical unit", at=(196, 356), size=(304, 262), title="sensory cortex",
        lines=spikes((28, 100, 4), (122, 202, 15), (224, 272, 3), y=92), faint=(((16, 96), (288, 96)),),
    ),
    Effect(name="gain_signal_a1", words="signal by alpha1", at=(214, 482), receptor="α1", text="signal", change="↑"),
    Effect(name="cut_background_a2", words="background by alpha2", at=(214, 530), receptor="α2", text="background", change="↓"),
    Effect(name="rise_background_a1", words="background by alpha1", at=(214, 578), receptor="α1", text="background", change="↑"),
    Arrow(name="gain.signal_gain", words="the signal", colour="signal", path=((166, 440), (193, 440))),
    Pill(name="gain.signal_gain", words="the signal", colour="signal", at=(86, 440), text="signal", width=160),
    Arrow(name="gain.background", words="the background", colour="signal", path=((166, 530), (193, 530))),
    Pill(name="gain.background", words="the background", colour="signal", at=(86, 530), text="background", width=160),
    Card(
        name="decision.drift_and_noise", words="the decision by drift and noise", at=(548, 356), size=(242, 228), title="decision",
        lines=(until(UP, wander((18, 92), (226, 50), 1, 3.4)),), faint=(((16, UP), (226, UP)), ((16, DOWN), (226, DOWN))),
    ),
    Effect(name="gain_drift_a2", words="drift by alpha2", at=(566, 508), receptor="α2", text="drift", change="↑"),
    Effect(name="gain_noise_a1", words="noise by alpha1", at=(566, 554), receptor="α1", text="noise", change="↑"),
    Arrow(name="decision.reaction_time", words="the response", colour="signal", path=((669, 586), (669, 620))),
    Pill(name="decision.reaction_time", words="the response", colour="signal", at=(669, 648), text="response", width=134),
    Card(
        name="performance.working_memory", words="working memory", at=(10, 50), size=(280, 228), title="working memory",
        lines=(wander((18, 60), (262, 108), 3, 2.2),), faint=(((16, DOWN), (264, DOWN)),),
    ),
    Effect(name="cut_leak_a2", words="leak of memory by alpha2", at=(28, 202), receptor="α2", text="leak", change="↓"),
    Effect(name="gain_noise_a1", words="noise by alpha1", at=(28, 248), receptor="α1", text="noise", change="↑"),
    Cells(name="gilzenrat.coupling", words="the coupling of the locus coeruleus", at=(470, 112)),
    Arrow(
        name="gilzenrat.excitation", words="the push of a target on the locus coeruleus", colour="signal",
        path=((736, 355), (736, 112), (530, 112)), label="target", label_at=(630, 90),
    ),
    Arrow(name="gilzenrat.release", words="release of NE by the locus coeruleus", path=((470, 158), (470, 204))),
    Arrow(name="gain.occupancy", words="NE at receptors", path=((414, 234), (294, 234))),
    Arrow(name="gain.occupancy", words="NE at receptors", path=((440, 262), (440, 308), (348, 308), (348, 353))),
    Arrow(name="gain.occupancy", words="NE at receptors", path=((500, 262), (500, 308), (616, 308), (616, 353))),
    Pill(name="ne_e", words="NE outside the cells", at=(470, 234), text="NE"),
)  # fmt: skip

SAID = (
    "Schematic of the circuit of attention. The locus coeruleus releases NE, which acts on three separate models. In a unit of "
    "sensory cortex alpha1 receptors strengthen the signal, alpha2 receptors lower the background and alpha1 receptors raise "
    "it again. In a decision alpha2 receptors raise the drift of evidence and alpha1 receptors its noise. In working memory "
    "alpha2 receptors slow the leak and alpha1 receptors add noise. A target pushes the locus coeruleus, whose coupling makes it "
    "phasic or tonic."
)


def attention_circuit(highlight: str | Iterable[str] = (), *, ne: float | None = None) -> Drawing:
    """Schematic of attention: what the locus coeruleus listens to, and what its NE does to three models.

    Parameters
    ----------
    highlight : str or iterable of str
        Functions ("gain.rate", "decision.drift_and_noise") and sizes of effects ("gain_signal_a1") that stand in colour,
        the others in grey; all if none is named.
    ne : float, optional
        NE outside the cells (nM) at which each quantity is written as a multiple of what it is without NE.

    Returns
    -------
    Drawing
        Figure and description, for `figures.show(*attention_circuit())`.

    Raises
    ------
    SchematicError
        For a part that the drawing does not have.
    ValueError
        For NE below zero.

    Examples
    --------
    >>> figure, said = attention_circuit(("gain_signal_a1", "gain_drift_a2"), ne=20.0)
    >>> "In colour: signal by alpha1, drift by alpha2." in said
    True
    """
    canvas = Canvas(HEIGHT, checked(highlight, PARTS))
    return draw(canvas, PARTS, {} if ne is None else _numbers(ne), SAID)


def _numbers(ne: float) -> dict[str, str]:
    """Numbers at a level of NE: each quantity as a multiple of what it is without NE."""
    p, held = parameters.load(), gain.occupancy(ne)
    found = {"ne_e": f"{tables.significant(ne, 2)} nM"}
    for part in PARTS:
        if isinstance(part, Effect):
            size, share = p.value(part.name, "dimensionless"), held.a1 if part.receptor == "α1" else held.a2
            change = (-size if part.name.startswith("cut") else size) * float(share)
            found[part.name] = f"×{tables.significant(1 + change, 2)}"
    return found | {"decision.reaction_time": f"{tables.significant(1e3 * float(decision.reaction_time(ne)), 2)} ms"}
