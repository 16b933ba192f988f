"""Published experiments on detection, decision and working memory, repeated on any terminal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nbmodel.core import roc
from nbmodel.core.network import Network
from nbmodel.core.protocol import protocol
from nbmodel.data import parameters
from nbmodel.drugs.pharmacodynamics import Action
from nbmodel.models import cell_variety, cocktail_party, dialysis_protocols, gain
from nbmodel.models.decision import choice_accuracy, reaction_time, response_speed
from nbmodel.models.detection import GAINS, expected_network, expected_sensitivity, single_unit, trials
from nbmodel.models.dialysis import saturating_clonidine
from nbmodel.models.firing import highest_tonic
from nbmodel.models.performance import Readout, best_level, performance, working_memory

if TYPE_CHECKING:
    import pandas as pd


def direction(after: float, before: float) -> float:
    """Return 1 for a rise, -1 for a fall, 0 for a change that is no more than the solver's noise."""
    return 0.0 if abs(after - before) < 1e-6 else float(np.sign(after - before))


@protocol
def gain_on_single_unit(_: Network) -> float:
    """Change of d'_a of one unit, as a share, when its gain goes from the lowest to the highest of the reference."""
    signal, noise = trials()
    low, high = (
        roc.sensitivity(roc.auc(single_unit(signal, g), single_unit(noise, g))) for g in (min(GAINS), max(GAINS))
    )
    return high / low - 1


@protocol
def gain_on_noisy_unit(_: Network) -> float:
    """Change of d'_a, as a share, of one unit with noise at its output at the same change of gain."""
    return expected_sensitivity(max(GAINS)) / expected_sensitivity(min(GAINS)) - 1


@protocol
def gain_on_two_layers(_: Network) -> float:
    """Direction in which the same change moves d'_a of a second layer that hears a first one, noise after each."""
    return direction(expected_network(max(GAINS)), expected_network(min(GAINS)))


def own_action(ne: float, drug: Action) -> float:
    """Full alpha2 agonist that stimulates target cells as much as a partial one does beside NE at `ne` (nM).

    `gain.occupancy` takes agonists as full ones, as multiples of their own dissociation constants.
    """
    by_ne = ne / gain.affinities().a2
    stimulated = (by_ne + drug.efficacy * drug.level) / (1 + by_ne + drug.level)
    return stimulated / (1 - stimulated) - by_ne


def under(drug: Callable[[Network], float], own: Callable[[], Action] | None, rest: Network) -> tuple[float, float]:
    """NE (nM) under a drug, and what the drug itself does to alpha2 receptors of target cells, as `a2_agonist` of `gain`.

    `drug` gives NE as a multiple of rest (`dialysis_protocols`), `own` the drug's action at alpha2 receptors, if it has one.
    """
    level = 1e3 * rest["ne_e"] * drug(rest)
    return level, own_action(level, own()) if own else 0.0


def clonidine_at_cells(rest: Network) -> pd.DataFrame:
    """Picking out a voice and deciding at rest, and under clonidine by its NE alone and with its action on target cells.

    Columns state, NE (nM), picked out (%), sensitivity (d'a) and reaction time (ms).
    """
    import pandas as pd

    level, own = under(dialysis_protocols.clonidine, saturating_clonidine, rest)
    states = (
        ("at rest", 1e3 * rest["ne_e"], 0.0),
        ("clonidine, by its NE alone", level, 0.0),
        ("clonidine, with its own action on the cells", level, own),
    )
    found = [(name, ne, agonist, cocktail_party.expected(ne, a2_agonist=agonist)) for name, ne, agonist in states]
    return pd.DataFrame(
        {
            "state": name,
            "NE (nM)": ne,
            "picked out (%)": 100 * heard["accuracy"],
            "sensitivity (d'a)": heard["sensitivity"],
            "reaction time (ms)": 1e3 * float(reaction_time(ne, a2_agonist=agonist)),
        }
        for name, ne, agonist, heard in found
    )


def drug_on_detection(
    measure: str, drug: Callable[[Network], float], rest: Network, own: Callable[[], Action] | None = None
) -> float:
    """Direction in which a drug moves a measure of `cocktail_party.expected`.

    In volunteers clonidine lowers and reboxetine raises the sensitivity of detection (gelbard2018), and clonidine makes it
    harder to tell target words from distractors at the two ears (clark1986). A drug acts through the NE level (`drug`), and
    where it binds alpha2 receptors on the target cells as well (`own`; see `under`). Clonidine stimulates them, which by
    itself helps (in kolta1987 it could raise the ratio of evoked to spontaneous firing) by more than the loss of NE costs.
    """
    before, (level, agonist) = 1e3 * rest["ne_e"], under(drug, own, rest)
    after = cocktail_party.expected(level, a2_agonist=agonist)[measure]
    return direction(after, cocktail_party.expected(before)[measure])


@protocol
def background_least_inside(rest: Network) -> float:
    """Return 1 if background firing is least at an NE level between none and that of the highest arousal (mcginley2015)."""
    return float(0 < gain.least_background() < highest_tonic(rest))


@protocol
def detection_best_inside(rest: Network) -> float:
    """Return 1 if detection is better halfway than at either end of the same range (mcginley2015).

    The cortical unit has no receptor that weakens the signal. With the parameters as they stand more NE is always better,
    however little; only where alpha1 adds more background than it strengthens the signal is there a best level.
    """
    top = highest_tonic(rest)
    at_none, halfway, at_top = (cocktail_party.expected(level)["sensitivity"] for level in (0.0, top / 2, top))
    return float(halfway > max(at_none, at_top))


def shares_of_cells() -> dict[str, float]:
    """Shares of `cell_variety` at the basal level of the table: what a tenfold NE does to cells of many sizes."""
    return cell_variety.variety(parameters.load().value("x0_ECF", "nM"))


@protocol
def largest_group(_: Network) -> float:
    """Largest of the shares of cells that respond more, less and as before (kasamatsu1982: about equal)."""
    found = shares_of_cells()
    return max(found["more"], found["less"], found["same"])


@protocol
def better_ratio(_: Network) -> float:
    """Share of cells with a better ratio among those whose response changes (kasamatsu1982: the majority)."""
    return shares_of_cells()["better"]


def best_inside(readout: Readout, rest: Network) -> float:
    """Return 1 if a readout is best at an NE level between none and that of the highest arousal (mcginley2015), else 0.

    Thalamic cells of awake rats, too, answered best at a middle rate of LC stimulation (devilbiss2006).
    """
    return float(0 < best_level(readout) < highest_tonic(rest))


def drug_on_readout(
    readout: Readout, drug: Callable[[Network], float], rest: Network, own: Callable[[], Action] | None = None
) -> float:
    """Direction in which a drug moves a readout, through the NE level and at target cells, as in `drug_on_detection`.

    Clonidine slows volunteers (clark1986; jakala1999 at its highest dose and hardest task, where guanfacine did not).
    """
    before, (level, agonist) = 1e3 * rest["ne_e"], under(drug, own, rest)
    return direction(float(readout(level, a2_agonist=agonist)), float(readout(before)))


def agonist_on_memory(receptor: str, rest: Network) -> float:
    """Direction in which a full agonist in the frontal cortex moves working memory; `receptor` is 'a1' or 'a2'."""
    level = 1e3 * rest["ne_e"]
    half = {"a1": partial(working_memory, a1_agonist=1.0), "a2": partial(working_memory, a2_agonist=1.0)}
    return direction(float(half[receptor](level)), float(working_memory(level)))


clonidine_on_detection = protocol(
    partial(drug_on_detection, "sensitivity", dialysis_protocols.clonidine, own=saturating_clonidine)
)
reboxetine_on_detection = protocol(partial(drug_on_detection, "sensitivity", dialysis_protocols.reboxetine))
clonidine_on_selection = protocol(
    partial(drug_on_detection, "accuracy", dialysis_protocols.clonidine, own=saturating_clonidine)
)
performance_best_inside = protocol(partial(best_inside, performance))
accuracy_best_inside = protocol(partial(best_inside, choice_accuracy))
clonidine_on_speed = protocol(
    partial(drug_on_readout, response_speed, dialysis_protocols.clonidine, own=saturating_clonidine)
)
phenylephrine_on_memory = protocol(partial(agonist_on_memory, "a1"))
guanfacine_on_memory = protocol(partial(agonist_on_memory, "a2"))


def signs_met(rest: Network) -> int:
    """Number of the three published signs of drugs on detection that the model has; two are those of clonidine."""
    signs = (clonidine_on_detection(rest) < 0, reboxetine_on_detection(rest) > 0, clonidine_on_selection(rest) < 0)
    return sum(signs)
