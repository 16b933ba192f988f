"""The network of sleep and waking: five groups of cells, who excites and who inhibits whom, and the sleep drive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nbmodel.data import tables
from nbmodel.schematics.canvas import TITLE, Arrow, Canvas, Drawing, Part, Pill, Point, checked, draw
from nbmodel.sleep_wake import simulated_nights
from nbmodel.sleep_wake.diniz_behn import GROUPS, HOUR, STATES

HEIGHT = 620


@dataclass(frozen=True, kw_only=True)
class Field(Part):
    """Field for the groups of one state, with the state's name."""

    at: Point
    size: Point
    title: str
    aside: float = 0.0  # of the title, from the middle

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw the field and its title."""
        canvas.card(self.at, self.size, self.name)
        x, y = self.at
        look = {"weight": "bold", "fontsize": TITLE, "color": canvas.ink(self.name)}
        canvas.words((x + self.size[0] / 2 + self.aside, y + 25), self.title, **look)


PARTS: tuple[Part, ...] = (
    Field(name="LC", words="the locus coeruleus", title="wake", at=(15, 15), size=(250, 208)),
    Pill(name="LC", words="the locus coeruleus", at=(140, 90), text="locus coeruleus", width=214),
    Pill(name="DR", words="the dorsal raphe", colour="wake", at=(140, 172), text="dorsal raphe", width=214),
    Field(name="VLPO", words="the sleep cells", title="sleep", at=(535, 15), size=(250, 146)),
    Pill(name="VLPO", words="the sleep cells", colour="NREM", at=(660, 98), text="sleep cells", width=190),
    Field(
        name="R", words="the REM cells", title="REM, wake", at=(15, 396), size=(250, 208), aside=25,
    ),
    Pill(name="R", words="the REM cells", colour="REM", at=(140, 471), text="REM cells", width=214),
    Pill(name="WR", words="the wake-REM cells", colour="mixed", at=(140, 553), text="wake-REM cells", width=214),
    Arrow(
        name="g_VLPO_N", words="NE and serotonin, which inhibit the sleep cells", path=((270, 56), (530, 56)), bar=True,
        label="NE, serotonin", label_at=(400, 32),
    ),
    Arrow(
        name="g_LC_G", words="GABA, which inhibits the cells of wake", colour="NREM", path=((530, 124), (270, 124)), bar=True,
        label="GABA", label_at=(400, 150),
    ),
    Arrow(
        name="g_R_N", words="NE and serotonin, which inhibit the REM cells", path=((46, 228), (46, 436)), bar=True,
        label="NE,\nserotonin", label_at=(104, 312),
    ),
    Arrow(
        name="g_LC_A", words="acetylcholine, which excites the cells of wake", colour="REM", path=((212, 391), (212, 228)),
        label="acetylcholine\nexcites", label_at=(292, 312),
    ),
    Arrow(
        name="g_WR_G", words="GABA, which inhibits the cells of REM sleep", colour="NREM",
        path=((560, 166), (560, 500), (270, 500)), bar=True, label="GABA", label_at=(440, 476),
    ),
    Pill(name="tau_h_wake", words="the sleep drive", colour="signal", at=(690, 388), text="sleep drive h", width=178),
    Arrow(
        name="beta_VLPO_h", words="the sleep drive, which excites the sleep cells", colour="signal",
        path=((690, 356), (690, 166)), label="excites", label_at=(735, 262),
    ),
    Arrow(
        name="h_switch", words="the rule that lets the sleep drive grow: locus coeruleus and dorsal raphe together above 3 Hz",
        colour="signal", path=((270, 200), (628, 200), (628, 356)), label="LC + raphe above 3 Hz:\nsleep drive grows",
        label_at=(416, 246),
    ),
)  # fmt: skip

SAID = (
    "Schematic of the network of sleep and waking. The locus coeruleus and the dorsal raphe, active in wake, inhibit the sleep "
    "cells by NE and serotonin, and the REM cells too. The sleep cells inhibit the cells of wake and these two groups by "
    "GABA. REM cells and wake-REM cells excite the cells of wake by acetylcholine. A sleep drive, h, which grows while locus coeruleus and "
    "dorsal raphe together fire above 3 Hz, excites the sleep cells. The locus coeruleus excites no group of cells. Not drawn: "
    "what the groups do to themselves, and that acetylcholine also excites the REM cells and the wake-REM cells."
)


def sleep_circuit(highlight: str | Iterable[str] = (), *, state: str = "") -> Drawing:
    """Schematic of the groups of cells that make sleep and waking, and of what each does to the others.

    Parameters
    ----------
    highlight : str or iterable of str
        Groups of `diniz_behn.GROUPS` and constants of the model (such as "g_VLPO_N", the weight of NE on sleep cells)
        that stand in colour, the others in grey; all if none is named.
    state : str, optional
        A state of `diniz_behn.STATES`, whose mean rates (Hz, undisturbed night) are written in the groups.

    Returns
    -------
    Drawing
        Figure and description, for `figures.show(*sleep_circuit())`.

    Raises
    ------
    SchematicError
        For a part that the drawing does not have.

    Examples
    --------
    >>> figure, said = sleep_circuit("LC", state="wake")
    >>> "In colour: the locus coeruleus." in said
    True
    """
    canvas = Canvas(HEIGHT, checked(highlight, PARTS))
    canvas.words((430, 580), "bar: inhibits, arrow: excites", ha="left")
    numbers = {}
    if state:
        run = simulated_nights.clockwork()
        here = (run.times >= HOUR) & (run.state[:, 0] == STATES.index(state))
        means = run.rates[:, here, 0].mean(axis=1)
        numbers = {g: f"{tables.significant(max(m, 0.01), 2)} Hz" for g, m in zip(GROUPS, means.tolist(), strict=True)}
    return draw(canvas, PARTS, numbers, f"{SAID} Numbers are mean rates in {state}." if state else SAID)
