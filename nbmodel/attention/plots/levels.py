"""Pictures of performance against the level of NE: where the best level lies, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.attention.plots.look import LETTERS, NE, OTHER, SMALL, WARM, Drawing, panels, tidy
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


def inverted_u(basal: float, reach: float, drugs: Mapping[str, Any], ratios: Array) -> Drawing:
    """Product of the two receptors against NE, with each receptor blocked, and below where its best level may lie.

    Parameters
    ----------
    basal : float
        NE at rest, nM.
    reach : float
        NE that steady firing at 10 Hz holds, nM.
    drugs : Mapping
        Drugs at the receptors, as `attention.receptor_drugs` gives them.
    ratios : array
        Best level over basal NE in many random draws of the constants (`performance.optimum_ratios`).

    Returns
    -------
    figure, description

    Examples
    --------
    >>> "best at 25 nM" in inverted_u(6.0, 16.5, {}, performance.optimum_ratios(2000))[1]
    True
    """
    ne, best = np.logspace(-0.5, 3.0, 200), performance.optimum()
    fig, (ax, below) = panels(2, height=3.9, height_ratios=(4, 3))
    ax.axvspan(0.3, reach, color=FADED, alpha=0.25, linewidth=0)
    ax.text(0.36, 1.13, "reached by steady\nfiring of the LC", fontsize=LETTERS, color=FADED_INK, va="top")
    curves: list[tuple[str, dict[str, Any], str, float]] = [
        ("both receptors", {}, NE, 0.40),
        ("alpha1 blocked", {"a1_antagonist": np.inf}, OTHER, 1.02),
        ("alpha2 blocked", {"a2_antagonist": np.inf}, WARM, 0.025),
    ]
    if any(drugs.values()):
        curves.append(("this scenario's drugs", dict(drugs), INK, 0.62))
    for name, given, colour, at in curves:
        ax.semilogx(ne, np.asarray(performance.performance(ne, **given)), color=colour, linewidth=3)
        right = name == "alpha1 blocked"
        place = 900 if right else 75 if name != "alpha2 blocked" else 22
        ax.text(place, at, name, fontsize=LETTERS, color=colour, ha="right" if right else "left", va="bottom")
    ax.plot(best, float(performance.performance(best)), "o", color=NE, markersize=9)
    ax.text(
        best,
        float(performance.performance(best)) + 0.03,
        f"{best:.0f} nM",
        fontsize=LETTERS,
        color=NE,
        ha="center",
        va="bottom",
    )
    ax.axvline(basal, color=FADED_INK, linestyle=":", ymax=0.78)
    ax.text(basal * 0.93, 0.02, "at rest", fontsize=LETTERS, color=FADED_INK, ha="right", va="bottom")
    ax.set(xlabel="NE outside the cells (nM)", ylabel="product P", xlim=(0.3, 1000), ylim=(-0.03, 1.16))
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    ax.set_yticks([0, 0.5, 1])
    ax.set_title("Two opposed receptors make a best level ...")
    tidy(ax)
    low, middle, high = np.percentile(ratios, (5, 50, 95))
    below.hist(ratios, np.logspace(-1, 3, 61), color=NE, alpha=0.35, weights=np.full(ratios.size, 100 / ratios.size))
    top = below.get_ylim()[1]
    below.plot([low, high], [1.12 * top, 1.12 * top], color=NE, linewidth=8, solid_capstyle="butt")
    below.text(np.sqrt(low * high), 1.2 * top, "90 % of draws", fontsize=LETTERS, color=NE, ha="center", va="bottom")
    for value, words, colour, side in (
        (best / basal, f"{best:.0f} nM: {best / basal:.0f}×", INK, "right"),
        (middle, f"median: {middle:.0f}×", NE, "left"),
    ):
        below.axvline(value, color=colour, linewidth=2, ymax=0.72)
        below.text(
            value * (0.88 if side == "right" else 1.14), 0.06 * top, words, fontsize=LETTERS, color=colour, ha=side
        )
    below.set(
        xscale="log",
        xlabel="best level, in multiples of the level at rest",
        ylabel="share of\ndraws (%)",
        xlim=(0.1, 1000),
        ylim=(0, 1.5 * top),
    )
    below.set_xticks([0.1, 1, 10, 100, 1000], ["0.1×", "1×", "10×", "100×", "1000×"])
    below.set_title("... but where it lies is not known")
    tidy(below)
    return fig, (
        f"Above: the product of the two receptors rises and falls, best at {best:.0f} nM; without alpha2 it is zero, without alpha1 it "
        f"only rises. Steady firing holds up to {reach:.1f} nM. Below: over the ranges of the constants 90 % of draws put the best "
        f"level between {low:.1f} and {high:.0f} times basal NE, half of them above {middle:.0f} times."
    )


def without_ne(basal: float, drugs: Mapping[str, Any]) -> Drawing:
    """Three accounts of performance from no NE to rest, as shares of rest, and people without NE in words.

    Memory and decisions are counted above guessing; the product has no such level.

    Examples
    --------
    >>> without_ne(6.0, {})[1][:103]
    'Without NE the product of two receptors is at 0 %, working memory at 86 % and decisions at 92 % of rest'
    """
    ne = np.linspace(0, basal, 121)
    # Name, chance, and where the name stands: from which share of rest on, and above its curve or below.
    curves: list[tuple[str, Any, float, str, float, bool]] = [
        ("product P", performance.performance, 0.0, WARM, 0.48, False),
        ("memory", performance.working_memory, 0.5, OTHER, 0.05, False),
        ("decision", performance.READOUTS["choice_accuracy"], 0.5, NE, 0.05, True),
    ]
    fig, ax = panels(height=4.6)
    lost = []
    for name, readout, chance, colour, at, above in curves:
        right, at_rest = 100 * np.asarray(readout(ne, **drugs)), 100 * float(readout(basal, **drugs))
        share = 100 * (right - 100 * chance) / (at_rest - 100 * chance)
        found = f"keeps {share[0]:.0f} % of its lead\n({right[0]:.0f} % right, at rest {at_rest:.0f} %)"
        ax.plot(ne, share, color=colour, linewidth=3, clip_on=False)
        ax.plot(0, share[0], "o", color=colour, markersize=9, clip_on=False)
        lost.append(float(share[0]))
        ax.text(
            at * basal,
            float(share.max()) + 2 if above else float(np.interp(at * basal, ne, share)) - 4,
            f"{name} {found}" if chance else f"{name} without NE: {share[0]:.0f}",
            fontsize=LETTERS,
            color=colour,
            ha="left",
            va="bottom" if above else "top",
        )
    ax.text(
        0.03 * basal,
        137,
        "people born without NE: like others in\nmost tasks (no number to draw)",
        fontsize=SMALL,
        color=INK,
        va="top",
    )
    ax.text(basal, 104, "at rest", fontsize=LETTERS, color=FADED_INK, ha="right", va="bottom")
    ax.plot(basal, 100, "o", color=FADED_INK, markersize=9, clip_on=False, zorder=5)
    ax.set(
        xlabel="NE outside the cells (nM)",
        ylabel="lead over guessing (% of rest)",
        xlim=(0, basal),
        ylim=(0, 140),
    )
    ax.set_yticks([0, 50, 100])
    ax.set_title(
        "Without NE the product is zero, memory is not"
        if lost[0] < 1 and lost[1] > 70
        else "Without NE the product falls to zero; people do not"
    )
    tidy(ax)
    return fig, (
        f"Without NE the product of two receptors is at {lost[0]:.0f} %, working memory at {lost[1]:.0f} % and decisions at "
        f"{lost[2]:.0f} % of rest, the last two counted above guessing. People born without NE were like others in most tasks."
    )


def answers_against_ne(basal: float, drugs: Mapping[str, Any]) -> Drawing:
    """Right answers of a decision and of working memory against NE.

    Examples
    --------
    >>> "working memory 81 %" in answers_against_ne(6.0, {})[1]
    True
    """
    ne = np.logspace(-0.5, 3, 141)
    fig, ax = panels(height=4.2)
    said = []
    for name, colour in (("choice_accuracy", NE), ("working_memory", OTHER)):
        readout, words = performance.READOUTS[name], {"choice_accuracy": "decision"}.get(name, "working memory")
        ax.semilogx(ne, 100 * np.asarray(readout(ne, **drugs)), color=colour, linewidth=3)
        ax.text(
            0.35,
            100 * float(readout(0.0, **drugs)) + (3.5 if words == "decision" else -4),
            words,
            color=colour,
            fontsize=LETTERS,
        )
        said.append(
            f"{words} {100 * float(readout(0.0, **drugs)):.0f} % without NE and {100 * float(readout(basal, **drugs)):.0f} % at rest"
        )
    ax.axvline(basal, color=FADED_INK, linestyle=":")
    ax.set(xlabel="NE outside the cells (nM)", ylabel="right answers (%)", xlim=(0.3, 1000), ylim=(50, 100))
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    ax.set_title("Memory and decision change little with NE")
    tidy(ax)
    return fig, "Right answers against NE: " + "; ".join(said) + "."
