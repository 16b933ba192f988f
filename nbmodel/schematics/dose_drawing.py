"""The chain from a dose to function: body, target, NE outside the cells, receptors, readout."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle, Wedge
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from nbmodel.data import tables
from nbmodel.data.typed_rows import did_you_mean
from nbmodel.disorders import readouts, treatment
from nbmodel.figures.colours import MEMBRANE, tint
from nbmodel.schematics.canvas import TITLE, Arrow, Canvas, Drawing, Part, Point, SchematicError, checked, draw

if TYPE_CHECKING:
    from nbmodel.disorders.treatment import Outcome

HEIGHT = 572
SIZE = (236.0, 248.0)
COLUMNS, ROWS = (6.0, 282.0, 558.0), (6.0, 318.0)


@dataclass(frozen=True, kw_only=True)
class Station(Part):
    """Link of the chain: a field with a title, room for a picture, and up to three lines of numbers."""

    at: Point
    title: str
    columns: bool = False

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw the field with what is written in it."""
        x, y = self.at
        canvas.card(self.at, SIZE, self.name)
        middle, ink = x + SIZE[0] / 2, canvas.ink(self.name)
        canvas.words((middle, y + 28), self.title, weight="bold", fontsize=TITLE, color=ink)
        lines = number.split("\n") if number else []
        for i, line in enumerate(lines):
            words = line.split(", ") if self.columns else [line]
            for k, word in enumerate(words):
                place = (middle + 76 * (k - (len(words) - 1) / 2), y + 198 + 26 * (i - (len(lines) - 1) / 2))
                canvas.words(place, word, color=ink, gid=f"{self.name} number")


def _place(column: int, row: int) -> Point:
    return COLUMNS[column], ROWS[row]


PARTS: tuple[Part, ...] = (
    Station(name="given", words="dose", at=_place(0, 0), title="dose"),
    Arrow(name="drugs.plasma", words="the way of the drug into blood", colour="treated", path=((244, 130), (279, 130))),
    Station(name="plasma", words="level in plasma", at=_place(1, 0), title="plasma"),
    Arrow(name="drugs.occupancy", words="binding of the drug", colour="treated", path=((520, 130), (555, 130))),
    Station(name="occupancy", words="occupancy of the target", at=_place(2, 0), title="occupancy"),
    Arrow(
        name="readouts.at_alpha2", words="action of the drug at the receptors themselves", colour="treated",
        path=((600, 256), (600, 282), (440, 282), (440, 315)),
    ),
    Arrow(name="clamped_balance.level", words="balance of release and clearance", path=((700, 256), (700, 315))),
    Station(name="NE", words="NE outside the cells", at=_place(2, 1), title="NE outside"),
    Arrow(name="receptors.competing_occupancy", words="binding of NE", path=((556, 442), (521, 442))),
    Station(name="stimulated", words="receptors that are stimulated", at=_place(1, 1), title="receptors", columns=True),
    Arrow(name="readouts.readout", words="what receptors do", colour="signal", path=((280, 442), (245, 442))),
    Station(name="readouts", words="function relative to healthy", at=_place(0, 1), title="function"),
)  # fmt: skip

SAID = (
    "Schematic of the chain from a dose to function. The dose sets the level in plasma, the level the occupancy of the target, "
    "and the occupancy NE outside the cells. NE, with the drug where it binds there, stimulates alpha2, alpha1 and beta1 receptors, "
    "and from these follows a readout of function."
)


def dose_to_function(
    outcome: Outcome | None = None, highlight: str | Iterable[str] = (), *, readout: str = "sustained_attention"
) -> Drawing:
    """Schematic of the chain from a dose to function, with the numbers of a treatment where there is one.

    Parameters
    ----------
    outcome : Outcome, optional
        What `treatment.treat` gives; the mean of the last day is written, after the untreated value.
    highlight : str or iterable of str
        Links ("plasma", "NE") and functions ("clamped_balance.level") that stand in colour, the others in grey; all if
        none is named.
    readout : str
        One of `readouts.READOUTS`, for the last link.

    Returns
    -------
    Drawing
        Figure and description, for `figures.show(*dose_to_function())`.

    Raises
    ------
    SchematicError
        For a part or a readout that there is not.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> treated = treatment.treat(treatment.patient(network(), "adhd", "atomoxetine"))
    >>> figure, said = dose_to_function(treated, "NE")
    >>> "In colour: NE outside the cells." in said, "NE outside the cells 4.8 → 9.3 nM" in said
    (True, True)
    """
    if readout not in readouts.READOUTS:
        raise SchematicError(f"there is no readout {readout!r}{did_you_mean(readout, readouts.READOUTS)}")
    canvas = Canvas(HEIGHT, checked(highlight, PARTS))
    shown = {} if outcome is None else _numbers(outcome, readout)
    # A drug that does not bind to receptors does not reach them but through NE.
    direct = outcome is None or _site(outcome) in ("alpha1", "alpha2", "beta1")
    parts = [part for part in PARTS if direct or part.name != "readouts.at_alpha2"]
    _tablet(canvas, outcome)
    _curve(canvas, outcome)
    _ring(canvas, outcome)
    _molecules(canvas, outcome)
    _receptors(canvas, outcome)
    _bars(canvas, outcome, readout)
    return draw(canvas, parts, shown, SAID)


# -- numbers ---------------------------------------------------------------------------------------------------------


def _numbers(outcome: Outcome, readout: str) -> dict[str, str]:
    """Numbers of a treatment by link: means of the last day, what changes after its untreated value."""
    mean, who = outcome.day.mean(), outcome.who
    found = {
        "NE": f"{_two(outcome.untreated)} → {_two(outcome.treated)} nM",
        "stimulated": ", ".join(f"{_two(100 * share)} %" for share in _stimulated(outcome)),
    }
    if who.given is not None:
        first_day = [intake for intake in who.given.intakes if intake[0] < 24]
        _, amount, length = who.given.intakes[-1]
        often = f"{len(first_day)} a day" if len(first_day) > 1 else "once a day"
        found["given"] = f"{who.drug}\n" + (f"{amount:g} µg/kg/h" if length else f"{amount:g} mg, {often}")
        found["plasma"] = f"{_two(mean[f'plasma {who.drug}'])} ng/mL"
    if site := _site(outcome):
        found["occupancy"] = f"{_two(100 * mean[f'occupancy {site}'])} %"
    if readout in who.readouts:
        before, after = treatment.changes(who, outcome)[readout]
        words = textwrap.fill(readouts.READOUTS[readout].partition("(")[2].rstrip(")") + " readout", 16)
        found["readouts"] = f"{words}\n×{_two(before)} → ×{_two(after)}"
    return found


def _two(value: float) -> str:
    return tables.significant(value, 2)


def _stimulated(outcome: Outcome | None) -> list[float]:
    """Shares of alpha2, alpha1 and beta1 receptors that are stimulated, or shares to draw where there is no treatment."""
    names = ("alpha2", "alpha1", "beta1")
    return [0.6, 0.35, 0.2] if outcome is None else [float(outcome.day[f"{name} stimulated"].mean()) for name in names]


def _site(outcome: Outcome | None) -> str:
    """Target whose occupancy is known, if one."""
    columns = [] if outcome is None else list(outcome.day)
    return next((name.removeprefix("occupancy ") for name in columns if name.startswith("occupancy ")), "")


# -- pictures --------------------------------------------------------------------------------------------------------


def _middle(column: int, row: int, outcome: Outcome | None) -> Point:
    """Middle of a link's picture: higher where numbers stand below it."""
    x, y = _place(column, row)
    return x + SIZE[0] / 2, y + (104 if outcome else 140)


def _tablet(canvas: Canvas, outcome: Outcome | None) -> None:
    x, y = _middle(0, 0, outcome)
    colour = canvas.colour("treated", "given")
    turned = Affine2D().rotate_deg_around(x, y, -28) + canvas.ax.transData
    shell = FancyBboxPatch((x - 50, y - 22), 100, 44, boxstyle="round,pad=0,rounding_size=22", transform=turned)
    shell.set(facecolor="white", edgecolor=colour, linewidth=3)
    half = Rectangle((x - 55, y - 30), 55, 60, facecolor=colour, edgecolor="none", transform=turned)
    canvas.add(shell, 3)
    canvas.add(half, 3.1)
    half.set_clip_path(shell)


def _curve(canvas: Canvas, outcome: Outcome | None) -> None:
    x, y = _middle(1, 0, outcome)
    hours = np.linspace(0, 24, 97)
    level = np.exp(-hours / 8) - np.exp(-hours / 1.2)
    if outcome is not None and outcome.who.given is not None:
        day = outcome.day[f"plasma {outcome.who.drug}"]
        hours, level = np.asarray(day.index, dtype=float), day.to_numpy()
    elif outcome is not None:
        level = 0 * hours
    places = np.stack([x - 78 + 156 * hours / hours[-1], y + 40 - 76 * level / max(level.max(), 1e-9)], axis=1)
    canvas.line(Path([(x - 80, y - 44), (x - 80, y + 42), (x + 82, y + 42)]), canvas.colour(MEMBRANE, "plasma"), 2, 3)
    canvas.line(Path(places), canvas.colour("treated", "plasma"), 3.5, 3.1)


def _ring(canvas: Canvas, outcome: Outcome | None) -> None:
    x, y = _middle(2, 0, outcome)
    site = _site(outcome)
    share = 0.75 if outcome is None else float(outcome.day[f"occupancy {site}"].mean()) if site else 0.0
    colour = canvas.colour("treated", "occupancy")
    canvas.add(Wedge((x, y), 50, 0, 360, width=17, facecolor=tint(colour, 0.3), edgecolor="none"), 3)
    # The y axis points down, so angles run clockwise; the ring fills from its top.
    canvas.add(Wedge((x, y), 50, -90, -90 + 360 * share, width=17, facecolor=colour, edgecolor="none"), 3.1)
    name = {"alpha1": "α1", "alpha2": "α2", "beta1": "β1"}.get(site, site) or "–"
    canvas.words((x, y), name if outcome else "", weight="bold", color=canvas.ink("occupancy"))


def _molecules(canvas: Canvas, outcome: Outcome | None) -> None:
    """Draw NE outside: two molecules for each nM, so that more is seen to be more."""
    x, y = _middle(2, 1, outcome)
    places = [(x + 26 * i + (13 if j % 2 else 0) - 84, y + 22 * j - 44) for j in range(5) for i in range(7)]
    order = np.random.default_rng(5).permutation(len(places))
    count = 14 if outcome is None else min(round(2 * outcome.treated), len(places))
    canvas.dots([places[k] for k in order[:count]], canvas.colour("norepinephrine", "NE"), 6)


def _receptors(canvas: Canvas, outcome: Outcome | None) -> None:
    x, y = _middle(1, 1, outcome)
    colour = canvas.colour("norepinephrine", "stimulated")
    for side, tag, share in zip((-76, 0, 76), ("α2", "α1", "β1"), _stimulated(outcome), strict=True):
        canvas.box((x + side - 13, y - 48), (26, 56), 3, tint(colour, 0.22))
        canvas.add(
            Rectangle((x + side - 13, y + 8 - 56 * share), 26, 56 * share, facecolor=colour, edgecolor="none"), 3.1
        )
        canvas.tag((x + side, y + 34), tag, "stimulated")


def _bars(canvas: Canvas, outcome: Outcome | None, readout: str) -> None:
    x, y = _middle(0, 1, outcome)
    shown = (0.8, 1.15)
    if outcome is not None:
        shown = treatment.changes(outcome.who, outcome).get(readout, (0.0, 0.0))
    floor, one = y + 46, 60.0
    for side, state, value in zip((-34, 34), ("untreated", "treated"), shown, strict=True):
        height = one * min(value, 1.6)
        colour = canvas.colour(state, "readouts")
        canvas.add(Rectangle((x + side - 22, floor - height), 44, height, facecolor=colour, edgecolor="none"), 3)
    canvas.line(Path([(x - 80, floor), (x + 80, floor)]), canvas.colour(MEMBRANE, "readouts"), 2, 3.1)
    look = {"linestyle": (0, (4, 3)), "capstyle": "butt"}
    canvas.line(
        Path([(x - 80, floor - one), (x + 80, floor - one)]), canvas.colour("healthy", "readouts"), 2, 3.2, **look
    )
