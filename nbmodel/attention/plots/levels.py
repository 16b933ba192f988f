"""Pictures of performance against the level of NE: where the best level lies, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel import figures
from nbmodel.attention.plots.look import LETTERS, NE, OTHER, WARM, Drawing, tidy
from nbmodel.core.network import Array
from nbmodel.figures.colours import FADED, FADED_INK, INK
from nbmodel.models import performance

if TYPE_CHECKING:
    pass


def product(ne: Array, k2: float, k1: float) -> Array:
    """Product of the two receptors, x/(x + K2) times K1/(x + K1), for any two constants in nM.

    Examples
    --------
    >>> product(np.array([10.0]), 10.0, 60.0).round(2).tolist()
    [0.43]
    """
    return np.asarray(performance.product(ne / (ne + k2), ne / (ne + k1)))


def inverted_u(basal: float, reach: float, drugs: Mapping[str, Any], spread: tuple[float, float]) -> Drawing:
    """Product of the two receptors against NE, with each receptor blocked, and where its best level may lie.

    Parameters
    ----------
    basal : float
        NE at rest, nM.
    reach : float
        NE that steady firing at 10 Hz holds, nM.
    drugs : Mapping
        Drugs at the receptors, as `attention.receptor_drugs` gives them.
    spread : (float, float)
        Ends of the range of the best level, as multiples of basal NE (`performance.optimum_interval`).

    Returns
    -------
    figure, description

    Examples
    --------
    >>> "best at 25 nM" in inverted_u(6.0, 16.5, {}, (1.0, 69.0))[1]
    True
    """
    ne = np.logspace(-0.5, 3.3, 200)
    fig, ax = figures.panels(height=4.6)
    ax.axvspan(0.3, reach, color=FADED, alpha=0.25, linewidth=0)
    ax.text(0.34, 1.0, "steady firing\nreaches this", fontsize=LETTERS, color=FADED_INK, va="top")
    curves: list[tuple[str, dict[str, Any], str, float]] = [
        ("both receptors", {}, NE, 0.37),
        ("alpha1 blocked: it only rises", {"a1_antagonist": np.inf}, OTHER, 0.83),
        ("alpha2 blocked: nothing is left", {"a2_antagonist": np.inf}, WARM, 0.04),
    ]
    if any(drugs.values()):
        curves.append(("this scenario's drugs", dict(drugs), INK, 0.6))
    for name, given, colour, at in curves:
        values = np.asarray(performance.performance(ne, **given))
        ax.semilogx(ne, values, color=colour, linewidth=3)
        ax.text(110, at, name, fontsize=LETTERS, color=colour)
    ax.axvline(basal, color=FADED_INK, linestyle=":")
    ax.text(basal * 1.05, 1.06, "at rest", fontsize=LETTERS, color=FADED_INK)
    low, high = (end * basal for end in spread)
    ax.plot([low, high], [-0.1, -0.1], color=NE, linewidth=8, solid_capstyle="butt")
    ax.text(
        np.sqrt(low * high),
        -0.17,
        "90 % of draws put the best level here",
        fontsize=LETTERS,
        color=NE,
        ha="center",
        va="top",
    )
    ax.set(xlabel="NE outside the cells (nM)", ylabel="product P", xlim=(0.3, 2000), ylim=(-0.27, 1.12))
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.set_title("Two opposed receptors make a best level, but not a known one")
    tidy(ax)
    best = performance.optimum()
    return fig, (
        f"The product of the two receptors rises and falls, best at {best:.0f} nM; without alpha2 it is zero, without alpha1 it only "
        f"rises. Steady firing reaches {reach:.0f} nM. Over the ranges of the constants the best level lies between "
        f"{spread[0]:.1f} and {spread[1]:.0f} times basal NE."
    )


def answers_against_ne(basal: float, drugs: Mapping[str, Any]) -> Drawing:
    """Right answers of a decision and of working memory against NE.

    Examples
    --------
    >>> "working memory 81 %" in answers_against_ne(6.0, {})[1]
    True
    """
    ne = np.logspace(-0.5, 3, 141)
    fig, ax = figures.panels(height=3.8)
    said = []
    for name, colour in (("choice_accuracy", NE), ("working_memory", OTHER)):
        readout, words = performance.READOUTS[name], {"choice_accuracy": "decision"}.get(name, "working memory")
        ax.semilogx(ne, 100 * np.asarray(readout(ne, **drugs)), color=colour, linewidth=3)
        ax.text(0.35, 100 * float(readout(0.0, **drugs)) + 1.5, words, color=colour, fontsize=LETTERS)
        said.append(
            f"{words} {100 * float(readout(0.0, **drugs)):.0f} % without NE and {100 * float(readout(basal, **drugs)):.0f} % at rest"
        )
    ax.axvline(basal, color=FADED_INK, linestyle=":")
    ax.set(xlabel="NE outside the cells (nM)", ylabel="right answers (%)", xlim=(0.3, 1000), ylim=(50, 100))
    ax.set_title("A decision and an item held in mind change little with NE")
    tidy(ax)
    return fig, "Right answers against NE: " + "; ".join(said) + "."
