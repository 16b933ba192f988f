"""Look of every picture and table in the notebooks; only this room imports matplotlib and seaborn.

Importing this module sets the style. `show` puts a figure out together with a short text that describes it: the text is
read aloud to people who cannot see the figure, and it is what nbval compares (nbval never looks at pixels). Numbers in
such texts must be rounded, or they differ from one machine to the next.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import seaborn as sns
from IPython.display import display
from matplotlib.figure import Figure as Figure
from matplotlib.patches import FancyArrowPatch

from nbmodel.data import tables
from nbmodel.figures.colours import COLOURS as COLOURS
from nbmodel.figures.grids import Demo as Demo
from nbmodel.figures.grids import Slider as Slider
from nbmodel.figures.moving import Axis as Axis
from nbmodel.figures.moving import Line as Line
from nbmodel.figures.picture import png as png
from nbmodel.figures.picture import width
from nbmodel.figures.sliders import live as live

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 9.0  # inches; at 100 pixels per inch a figure is 900 pixels of a page wide


def style() -> None:
    """Set the collection's look: white with a light grid, colours that colour-blind readers can tell apart."""
    plt.rcdefaults()  # whatever a matplotlibrc of the reader's says
    sns.set_theme(
        context="notebook",
        style="whitegrid",
        palette="colorblind",
        rc={
            "figure.figsize": (WIDTH, 3.8),
            "figure.dpi": 100,
            "savefig.dpi": "figure",
            "figure.constrained_layout.use": True,  # does the work of a tight bounding box at half its price
            "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters everywhere
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.titley": 1.0,  # else each drawing looks for ticks above the axes, for a quarter of its time
            "axes.labelsize": 11,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
            "legend.fontsize": 10,
            "legend.frameon": False,
            "lines.linewidth": 2,
            "grid.color": "#dddddd",
        },
    )


def panels(
    rows: int = 1, columns: int = 1, *, height: float = 3.8, width: float = WIDTH, **options: Any
) -> tuple[Figure, Any]:
    """Figure of the collection's width (inches) or another one, and its `rows` x `columns` axes, as `plt.subplots` would return them.

    Each row is `height` inches high. `options` go to `Figure.subplots` (sharex, sharey, width_ratios ...).

    Examples
    --------
    >>> fig, (left, right) = panels(columns=2)
    >>> float(fig.get_figwidth())
    9.0
    """
    # Not by pyplot, which keeps every figure until somebody closes it.
    fig = Figure(figsize=(width, height * rows))
    return fig, fig.subplots(rows, columns, **options)


def show(fig: Figure, alt: str, caption: str = "") -> None:
    """Display a figure with a description, and close it; a caption, where there is one, stands below it.

    Parameters
    ----------
    fig : Figure
    alt : str
        A sentence or two on what there is to see, with rounded numbers: "Extracellular NE against time. Without uptake it is
        still 80 % of its peak after 2 s; with uptake, 1 %."
    caption : str
        The one sentence that a reader of pictures takes away; its numbers must be rounded too.

    Raises
    ------
    ValueError
        When `alt` is empty.
    """
    description = _description(alt)
    # The picture has more dots than the page gives it pixels; JupyterLab, nbconvert and reports keep to this width.
    shown = {"alt": description, "width": width(fig)}
    data = {"image/png": base64.b64encode(png(fig)).decode("ascii"), "text/plain": description}
    display(data, metadata={"image/png": shown}, raw=True)
    if caption:
        said = " ".join(caption.split())
        display({"text/markdown": f"*{said}*", "text/plain": said}, raw=True)


def flows(
    places: Mapping[str, tuple[float, float]], moves: Sequence[tuple[str, str, float, str, float]], title: str
) -> Figure:
    """Figure of what goes where: arrows between named places, each as wide as what it carries.

    Parameters
    ----------
    places : Mapping
        Position of each place, both coordinates from 0 to 1.
    moves : Sequence
        Arrows as (from, to, amount, label, bend). A bend of 0 is straight; signs bend to opposite sides. The widest
        arrow is 36 points wide, none is narrower than 2.
    title : str
        What stands above.
    """
    fig, ax = panels(height=4.6)
    ax.set(xlim=(0, 1), ylim=(0, 1), title=title)
    ax.axis("off")
    most = max(amount for _, _, amount, _, _ in moves)
    for (start, end, amount, label, bend), colour in zip(moves, sns.color_palette(n_colors=len(moves)), strict=True):
        width = max(36 * amount / most, 2)
        (x, y), (u, v) = places[start], places[end]
        arrow = f"simple,tail_width={width},head_width={width + 12},head_length={8 + width / 3}"
        look = {"shrinkA": 34, "shrinkB": 34, "linewidth": 0, "color": colour, "alpha": 0.55}
        ax.add_patch(FancyArrowPatch((x, y), (u, v), arrowstyle=arrow, connectionstyle=f"arc3,rad={bend}", **look))
        # The middle of a bent arrow lies a quarter of the bend beside the straight line (in points: axes are not square).
        across = ax.transData.inverted().transform
        (a, b), (c, d) = ax.transData.transform([(x, y), (u, v)])
        at = across(((a + c) / 2 + bend / 2 * (d - b), (b + d) / 2 - bend / 2 * (c - a)))
        plain = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1}
        ax.text(*at, f"{label}\n{amount:.3g}", ha="center", va="center", fontsize=10, bbox=plain)
    for name, (x, y) in places.items():
        ax.text(
            x,
            y,
            name,
            ha="center",
            va="center",
            bbox={"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": "grey"},
        )
    return fig


def table(frame: pd.DataFrame, caption: str, digits: int = 3) -> None:
    """Display a DataFrame (its columns, not its index), numbers rounded to `digits` significant digits."""
    headers = [str(name) for name in frame.columns]
    rows = list(frame.itertuples(index=False, name=None))
    plain = f"{caption}\n{tables.text(headers, rows, digits)}"
    display({"text/html": tables.html(headers, rows, caption, digits), "text/plain": plain}, raw=True)


def equation(label: str, latex: str) -> None:
    """Display a formula under its name. `latex` goes without dollar signs; `formulas.latex` makes it of a rate law.

    Raises
    ------
    ValueError
        When `latex` is empty.
    """
    formula = latex.strip().strip("$").strip()
    if not formula:
        raise ValueError(f"the equation {label!r} is empty; pass its LaTeX, for instance r'v = V s / (K + s)'")
    display({"text/latex": f"{label}\n$$ {formula} $$", "text/plain": f"{label}: {formula}"}, raw=True)


def _description(alt: str) -> str:
    description = " ".join(alt.split())
    if not description:
        raise ValueError("figures.show needs alt: a sentence that says what there is to see, with rounded numbers")
    return description


style()
