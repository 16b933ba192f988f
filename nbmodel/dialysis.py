"""Microdialysis experiments, repeated: what drugs do to norepinephrine outside the cells, as published studies gave them.

Microdialysis draws fluid through a fine tube in the brain and measures NE in it, sample after sample. A drug given
through the tube acts on the terminals around it only (*local*). A drug given to the whole animal also acts on the cell
bodies of the locus coeruleus, where NE silences the cells (*systemic*).

Each protocol takes a resting terminal and returns one number as a multiple of the drug-free baseline. Reported effects
are the strongest of a series of samples, so protocols take the peak of two hours.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from nbmodel import norepinephrine_terminal, parameters, solve
from nbmodel.network import Network
from nbmodel.norepinephrine_terminal import SECONDS_PER_HOUR

# A dose that leaves no receptor free, as a multiple of the drug's own dissociation constant there.
SATURATING = 1e4


def local(rest: Network, hours: float = 2.0, **changes: float) -> solve.Run:
    """A drug through the probe: the terminals change, the firing of the locus coeruleus does not."""
    return solve.run(rest.replace(**changes), np.linspace(0.0, hours * SECONDS_PER_HOUR, 121))


def systemic(rest: Network, hours: float = 2.0, **changes: float) -> solve.Run:
    """A drug to the whole animal: cell bodies feel it as terminals do."""
    return local(rest.replace(soma_feedback=1.0), hours, **changes)


def peak(run: solve.Run) -> float:
    """The highest level outside, as a multiple of the first."""
    return float(np.max(run["ne_e"]) / run["ne_e"][0])


def trough(run: solve.Run) -> float:
    """The lowest level outside, as a multiple of the first."""
    return float(np.min(run["ne_e"]) / run["ne_e"][0])


def desipramine(rest: Network, micromolar: float) -> Network:
    """The terminal with desipramine (uM) at its NET, by the drug's affinity."""
    affinity = parameters.load().value("Kd_NET_desipramine", "uM")
    return norepinephrine_terminal.with_net_blocked(rest, micromolar / (micromolar + affinity))


def inhibited(rest: Network) -> Network:
    """The terminal with a high systemic dose of a selective NET inhibitor."""
    return norepinephrine_terminal.with_net_blocked(rest, parameters.load().value("occ_NRI_high", "dimensionless"))


def firing_for(rest: Network, level: float) -> float:
    """The firing rate (Hz) that holds NE outside at `level` times rest within minutes: for a drive that is not known."""
    endless = norepinephrine_terminal.with_endless_store(rest)

    def excess(rate: float) -> float:
        return solve.steady_state(endless.replace(firing=rate))["ne_e"] / rest["ne_e"] - level

    return float(brentq(excess, 1e-2, 50.0, xtol=1e-9))


def under_halothane(rest: Network) -> Network:
    """The terminal under halothane: fires as much less as it takes to lower NE by as much as was measured."""
    left = 1 - parameters.load().value("halothane_fall", "dimensionless")
    slow = norepinephrine_terminal.with_endless_store(rest).replace(firing=firing_for(rest, left))
    return solve.steady_state(slow).free()


# -- protocols ---------------------------------------------------------------------------------------------------


def yohimbine(rest: Network) -> float:
    """Systemic yohimbine, a dose that blocks alpha2 receptors (Abercrombie 1988)."""
    return peak(systemic(rest, a2_antagonist=SATURATING))


def clonidine(rest: Network) -> float:
    """Systemic clonidine, a high dose of a partial agonist at alpha2 receptors (Abercrombie 1988)."""
    efficacy = parameters.load().value("efficacy_clonidine", "dimensionless")
    return trough(systemic(rest, a2_agonist=SATURATING, a2_efficacy=efficacy))


def net_inhibitor(rest: Network) -> float:
    """A high systemic dose of a selective NET inhibitor (atomoxetine, Bymaster 2002; reboxetine, Sacchetti 1999)."""
    return peak(systemic(inhibited(rest)))


def net_inhibitor_idazoxan(rest: Network) -> float:
    """The same with alpha2 receptors blocked by idazoxan (Sacchetti 1999)."""
    return peak(systemic(inhibited(rest), a2_antagonist=SATURATING))


def idazoxan(rest: Network) -> float:
    """Idazoxan alone (Sacchetti 1999)."""
    return peak(systemic(rest, a2_antagonist=SATURATING))


def desipramine_awake(rest: Network) -> float:
    """1 uM desipramine through the probe, awake (Abercrombie 1988)."""
    return peak(local(desipramine(rest, 1.0)))


def idazoxan_on_desipramine(rest: Network) -> float:
    """Idazoxan added to desipramine, both through the probe: NE relative to desipramine alone (Thomas 1991)."""
    alone = local(desipramine(rest, 5.0))
    return peak(local(desipramine(rest, 5.0), a2_antagonist=SATURATING)) / peak(alone)


def desipramine_halothane(rest: Network) -> float:
    """5 uM desipramine through the probe under halothane."""
    return peak(local(desipramine(under_halothane(rest), 5.0)))


def tetrodotoxin_on_desipramine(rest: Network) -> float:
    """Tetrodotoxin, which stops impulses, on top of 5 uM desipramine: NE an hour later, relative to desipramine alone."""
    run = local(desipramine(under_halothane(rest), 5.0))
    half = int(np.searchsorted(run.times, SECONDS_PER_HOUR))
    start = run.network.starting_at(dict(zip(run.network.index, run.states[:, half], strict=True)))
    return trough(local(start, 1.0, firing=0.0))


def potassium_desipramine(rest: Network) -> float:
    """30 mM K+ with 1 uM desipramine, where K+ drives release as much as gives the rise measured with K+ alone."""
    drive = firing_for(rest, parameters.load().value("potassium_rise", "dimensionless"))
    return peak(local(desipramine(rest, 1.0), firing=drive))


def knock_out(rest: Network) -> Network:
    """A mouse that never had NET, at its own steady state."""
    return solve.steady_state(rest.replace(net_activity=0.0))


def knock_out_tissue(rest: Network) -> float:
    """NE in the tissue of NET knock-out mice, as a share of wild type (Xu 2000)."""
    return knock_out(rest)["ne_v"] / rest["ne_v"]


def knock_out_extracellular(rest: Network) -> float:
    """NE outside the cells in NET knock-out mice, as a multiple of wild type (Xu 2000)."""
    return knock_out(rest)["ne_e"] / rest["ne_e"]


def mao_inhibitor(rest: Network) -> float:
    """Brain NE without MAO, as a multiple of before (Cases 1995)."""
    return solve.steady_state(rest.replace(mao_activity=0.0))["ne_v"] / rest["ne_v"]


PROTOCOLS = {
    protocol.__name__: protocol
    for protocol in (
        yohimbine, clonidine, net_inhibitor, net_inhibitor_idazoxan, idazoxan, idazoxan_on_desipramine,
        desipramine_awake, desipramine_halothane,
        tetrodotoxin_on_desipramine, potassium_desipramine, knock_out_tissue, knock_out_extracellular, mao_inhibitor,
    )
}  # fmt: skip
