"""Picture of what goes deeper: the full law of TH."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nbmodel.core.network import Network
from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED
from nbmodel.synthesis.plots.look import LETTERS, Picture, named, panels


def hydroxylase(terminal: Network, levels: Sequence[float]) -> Picture:
    """Rate of TH by the full law against tyrosine, for some levels of NE in the cytosol (uM)."""
    tyrosine = np.linspace(0.0, 400.0, 200)
    fig, ax = panels()
    said = []
    for ne, style in zip(levels, ("--", "-", ":"), strict=True):
        rate = terminal.curve("TH", tyrosine=tyrosine, ne_c=ne) / terminal.flux("TH")
        now = terminal.curve("TH", ne_c=ne) / terminal.flux("TH")
        ax.plot(tyrosine, rate, color=COLOURS["norepinephrine"], linestyle=style)
        ax.text(405, rate[-1], f"NE {ne:g} uM", va="center", fontsize=LETTERS, color=COLOURS["norepinephrine"])
        said.append(f"{now:.2f} with {ne:g} uM")
    ax.axvline(terminal["tyrosine"], color=FADED, linestyle=":")
    named(ax, "tyrosine in the terminal (uM)", "rate of TH (multiple of rest)", "Too much tyrosine slows TH a little")
    ax.set(xlim=(0, 400), ylim=(0, 1.7))
    return fig, (
        "Rate of TH against tyrosine, three curves that rise, flatten and fall slowly. At the "
        f"{terminal['tyrosine']:.0f} uM of the resting terminal, by NE in the cytosol, they stand at {', '.join(said)}."
    )
