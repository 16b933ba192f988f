"""The noradrenergic terminal and its synapse, drawn from the species and reactions of the network that runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nbmodel.core.network import Network
from nbmodel.core.runs import Run
from nbmodel.data import parameters, tables
from nbmodel.figures.colours import CELL, MEMBRANE
from nbmodel.models import norepinephrine_terminal, receptors
from nbmodel.schematics.canvas import (
    TITLE,
    WIDTH,
    Arrow,
    Canvas,
    Drawing,
    Part,
    Pill,
    Point,
    SchematicError,
    checked,
    draw,
)

HEIGHT = 1030
NOTE = 34  # height of the line on the unit of flows


@dataclass(frozen=True, kw_only=True)
class Pool(Part):
    """Readily releasable pool: two vesicles at the membrane, named beside."""

    at: Point

    def draw(self, canvas: Canvas, number: str) -> None:
        """Draw the vesicles, and the name with the number below it."""
        for middle, seed in ((455, 1), (527, 2)):
            canvas.vesicle((middle, 616), 29, 9, self.colour, self.name, seed=seed)
        weight = "bold" if canvas.lit and canvas.is_lit(self.name) else "normal"
        look = {"color": canvas.ink(self.name), "ha": "left"}
        x, y = self.at
        canvas.words((x, y - 13 if number else y), "readily\nreleasable", weight=weight, **look)
        if number:
            canvas.words((x, y + 32), number, gid=f"{self.name} number", **look)


PARTS: tuple[Part, ...] = (
    # from tyrosine to dopamine
    Arrow(name="tyrosine uptake", words="uptake of tyrosine", colour="tyrosine", path=((4, 140), (123, 140)), number_at=(60, 118)),
    Pill(name="tyrosine", words="tyrosine", colour="tyrosine", at=(185, 140), text="tyrosine", width=124),
    Arrow(
        name="TH", words="tyrosine hydroxylase (TH)", colour="tyrosine",
        path=((185, 168), (185, 234)), tag="TH", at=(185, 197), number_at=(218, 197), number_align="left",
    ),
    Pill(name="ldopa", words="L-DOPA", colour="tyrosine", at=(185, 262), text="L-DOPA", width=124),
    Arrow(
        name="AADC", words="AADC", colour="dopamine",
        path=((185, 290), (185, 356)), tag="AADC", at=(185, 319), number_at=(232, 319), number_align="left",
    ),
    Pill(name="da_c", words="dopamine in the cytosol", colour="dopamine", at=(185, 384), text="dopamine", width=148),
    # the vesicle
    Arrow(
        name="VMAT2 dopamine", words="VMAT2 with dopamine", colour="dopamine",
        path=((259, 384), (302, 384), (302, 265), (466, 265)), tag="VMAT2", at=(385, 265), number_at=(310, 243),
    ),
    Pill(name="da_v", words="dopamine in vesicles", colour="dopamine", at=(540, 265), text="dopamine", width=148),
    Arrow(
        name="DBH", words="dopamine beta-hydroxylase (DBH)",
        path=((540, 293), (540, 397)), tag="DBH", at=(540, 341), number_at=(580, 341), number_align="left",
    ),
    Pill(name="ne_v", words="NE in vesicles", at=(540, 425), text="NE"),
    Arrow(
        name="VMAT2 NE", words="VMAT2 with NE",
        path=((281, 528), (318, 528), (318, 425), (484, 425)), tag="VMAT2", at=(401, 425), number_at=(312, 470), number_align="right",
    ),
    Arrow(
        name="leak of NE", words="leak of NE from vesicles",
        path=((425, 462), (425, 553), (281, 553)), label="leak", label_at=(352, 576), number_at=(372, 533),
    ),
    Pill(name="ne_c", words="NE in the cytosol", at=(235, 540), text="NE", width=92),
    Arrow(name="docking of NE", words="docking of NE", path=((491, 500), (491, 592)), number_at=(502, 540), number_align="left"),
    Pool(name="ne_d", words="NE in the readily releasable pool", at=(572, 594)),
    # outside
    Arrow(
        name="impulses", words="impulses", colour="signal",
        path=((348, 6), (348, 72)), label="impulses", label_at=(420, 26), number_at=(420, 52),
    ),
    Arrow(
        name="release of NE", words="release of NE by impulses",
        path=((491, 652), (491, 737)), label="release", label_at=(552, 683), number_at=(552, 709),
    ),
    Arrow(name="alpha2", words="alpha2 autoreceptors", path=((435, 752), (350, 752), (350, 674)), tag="α2", at=(350, 652)),
    Arrow(
        name="gate", words="feedback of autoreceptors on release", colour="signal",
        path=((350, 630), (350, 612), (414, 612)), bar=True,
    ),
    Arrow(
        name="NET NE", words="uptake of NE by NET",
        path=((435, 778), (225, 778), (225, 568)), tag="NET", at=(225, 652), number_at=(238, 700), number_align="left",
    ),
    Arrow(
        name="diffusion of NE", words="diffusion of NE",
        path=((547, 765), (794, 765)), label="diffusion", label_at=(680, 744), number_at=(680, 788),
    ),
    Pill(name="ne_e", words="NE outside the cells", at=(491, 765), text="NE"),
    # metabolites
    Arrow(
        name="MAO NE", words="MAO on NE", colour="metabolites",
        path=((189, 540), (80, 540), (80, 717)), tag="MAO", at=(135, 540), number_at=(135, 574),
    ),
    Pill(name="dhpg", words="DHPG", colour="metabolites", at=(80, 745), text="DHPG"),
    Arrow(
        name="COMT on DHPG", words="COMT on DHPG", colour="metabolites",
        path=((80, 773), (80, 852)), tag="COMT", at=(80, 809), number_at=(132, 809), number_align="left",
    ),
    Pill(name="mhpg", words="MHPG", colour="metabolites", at=(80, 880), text="MHPG"),
    Arrow(
        name="uptake-2 and COMT, NE", words="uptake-2 and COMT on NE", colour="metabolites",
        path=((491, 793), (491, 880), (356, 880)), tag="COMT", at=(424, 880), label="uptake-2", label_at=(430, 842), number_at=(424, 914),
    ),
    Pill(name="nmn", words="normetanephrine", colour="metabolites", at=(300, 880), text="NMN"),
    Arrow(
        name="MAO on NMN", words="MAO on normetanephrine", colour="metabolites",
        path=((244, 880), (136, 880)), tag="MAO", at=(194, 880), number_at=(194, 914),
    ),
    # the cell that receives
    *(
        Arrow(
            name=name, words=f"{name.split()[0]} receptors of the target cell",
            path=path, tag=tag, at=at, number_at=(at[0], at[1] + 36), width=2.2,
        )
        for name, tag, path, at in (
            ("alpha1", "α1", ((512, 793), (566, 938)), (572, 964)),
            ("alpha2 on the target", "α2", ((528, 793), (640, 940)), (650, 967)),
            ("beta1", "β1", ((541, 790), (714, 944)), (728, 972)),
        )
    ),
)  # fmt: skip


def terminal(
    model: Network | Run | None = None,
    highlight: str | Iterable[str] = (),
    *,
    levels: bool = False,
    fluxes: bool = False,
) -> Drawing:
    """Schematic of the noradrenergic terminal and its synapse, from tyrosine to the receptors of the target cell.

    Parameters
    ----------
    model : Network or Run, optional
        Terminal whose numbers are written, in its initial state, or at the end of a run; the one at rest by default.
    highlight : str or iterable of str
        Species, reactions and receptors (`receptors.RECEPTORS`) that stand in colour, the others in grey; all if none is
        named.
    levels : bool
        True writes concentrations, impulses, and the share of the target's receptors that NE alone stimulates.
    fluxes : bool
        True writes the rate of each reaction, uM/s of the terminal's volume, so that they can be added up.

    Returns
    -------
    Drawing
        Figure and description, for `figures.show(*terminal())`.

    Raises
    ------
    SchematicError
        For a part that the drawing does not have, and for a network that lacks one.

    Examples
    --------
    >>> figure, said = terminal(highlight=("NET NE", "ne_e"), levels=True)
    >>> "In colour: uptake of NE by NET, NE outside the cells." in said, "NE outside the cells 6.0 nM" in said
    (True, True)
    """
    now = _now(model)
    canvas = Canvas(HEIGHT + NOTE * fluxes, checked(highlight, PARTS))
    _scenery(canvas)
    note = f"Numbers at arrows: µM/{now.time_unit} of the terminal's volume"
    if fluxes:
        canvas.words((WIDTH / 2, HEIGHT + NOTE / 2 - 4), note)
    numbers = {**(_levels(now) if levels else {}), **(_fluxes(now) if fluxes else {})}
    return draw(canvas, PARTS, numbers, f"{SAID} {note}." if fluxes else SAID)


SAID = (
    "Schematic of a noradrenergic terminal. In its cytosol tyrosine becomes L-DOPA and dopamine; VMAT2 takes dopamine into "
    "a vesicle, where DBH makes NE of it. Impulses release NE from the readily releasable pool. Outside, NE is taken back by "
    "NET, holds back its own release through alpha2 autoreceptors, reaches alpha1, alpha2 and beta1 receptors of a target "
    "cell, and is broken down by COMT; NE in the cytosol goes back into vesicles or is broken down by MAO."
)


def _now(model: Network | Run | None) -> Network:
    """Network in the state that is drawn: the initial one, or the last of a run under what ruled then."""
    end = model.stretches[-1][1].starting_at(model.final) if isinstance(model, Run) else model
    now = norepinephrine_terminal.network() if end is None else end
    had = {*now.index, *(reaction.name for reaction in now.reactions), *(rule.name for rule in now.rules)}
    had |= {receptor.name for receptor in receptors.RECEPTORS}
    if lacking := [part.name for part in PARTS if part.name not in had]:
        raise SchematicError(f"{now.name} lacks what is drawn: {', '.join(lacking)}")
    return now


def _levels(now: Network) -> dict[str, str]:
    """Levels as they are written: by species, of impulses, and shares of the target's receptors."""
    found = {part.name: concentration(now[part.name]) for part in PARTS if part.name in now.index}
    del found["alpha2"]  # a number of receptors, relative to rest
    found["impulses"] = f"{tables.significant(now.curve('impulses'), 2)} Hz"
    p = parameters.load()
    for receptor in receptors.RECEPTORS:
        share = receptors.competing_occupancy(1e3 * now["ne_e"], p.value(receptor.affinity, "nM"))
        found[receptor.name] = f"{tables.significant(100 * share, 2)} %"
    return found


def _fluxes(now: Network) -> dict[str, str]:
    """Rates as they are written, per volume of the terminal, so that what enters a place and what leaves it can be compared."""
    found = {}
    for part in PARTS:
        if any(reaction.name == part.name for reaction in now.reactions):
            place = now.reaction_compartment(now.reaction(part.name))
            amount = now.flux(part.name) * now.compartments[place] / now.compartments["terminal"]
            found[part.name] = tables.significant(amount, 2)
    return found


def concentration(micromolar: float) -> str:
    """Write a concentration with two digits and the unit that suits it.

    Examples
    --------
    >>> concentration(0.006), concentration(51.4), concentration(3022.0)
    ('6.0 nM', '51 µM', '3.0 mM')
    """
    for unit, size in (("mM", 1e3), ("µM", 1.0)):
        if micromolar >= 0.9995 * size:
            return f"{tables.significant(micromolar / size, 2)} {unit}"
    return f"{tables.significant(1e3 * micromolar, 2)} nM"


def _scenery(canvas: Canvas) -> None:
    """Draw what has no name in the model: the cells, the big vesicle, molecules."""
    axon = [
        (325, -20),
        (325, 55),
        (300, 78),
        (220, 84),
        (110, 92),
        (48, 140),
        (48, 240),
        (48, 300),
        (48, 440),
        (48, 520),
    ]
    bottom = [(48, 610), (100, 652), (190, 652), (300, 652), (500, 652), (610, 652), (700, 652), (752, 610), (752, 520)]
    back = [(752, 440), (752, 300), (752, 240), (752, 140), (690, 92), (580, 84), (500, 78), (475, 55), (475, -20)]
    outline = [*axon, *bottom, *back]
    cell = Path(outline, [Path.MOVETO, *[Path.CURVE4] * (len(outline) - 1)])
    target = Path([(-20, 1100), (-20, 992), (200, 954), (600, 954), (820, 992), (820, 1100)], [1, 2, 4, 4, 4, 2])
    for path in (cell, target):
        canvas.add(PathPatch(path, facecolor=CELL, edgecolor="none"), 0)
        canvas.line(path, MEMBRANE, 7, 1)
        canvas.line(path, "white", 2.5, 1.1)  # two leaflets
    canvas.vesicle((540, 345), 160, 0, "norepinephrine", "ne_v", "da_v", "DBH")
    around = [(600, 220), (645, 255), (668, 300), (680, 350), (668, 402), (640, 447), (598, 480), (548, 490)]
    inside = [(500, 478), (462, 458), (440, 340), (630, 392), (490, 370), (495, 325), (452, 380)]
    canvas.dots([*around, *inside], canvas.colour("norepinephrine", "ne_v"))
    canvas.dots([(470, 218), (508, 205), (555, 208), (430, 300)], canvas.colour("dopamine", "da_v"))
    canvas.words((668, 178), "vesicle", color=canvas.ink("ne_v", "da_v"))
    outside = [
        (440, 690),
        (400, 705),
        (462, 720),
        (395, 820),
        (583, 916),
        (622, 812),
        (300, 745),
        (690, 845),
        (655, 916),
    ]
    canvas.dots(outside, canvas.colour("norepinephrine", "ne_e"))
    canvas.words((20, 42), "noradrenergic\nterminal", ha="left", weight="bold", fontsize=TITLE)
    canvas.words((28, 1004), "target cell", ha="left", weight="bold", fontsize=TITLE)
