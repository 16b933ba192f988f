"""Readouts of function at a level of NE: how well one attends, remembers, chooses, responds, startles and has energy.

They are a teaching device: attention, working memory, choices and speed are those of `models.performance`; startle and
energy are simple assumed maps. Right choices were meant to stand for impulse control and do not: too little NE slows the
evidence, too much adds noise, but the readout hardly moves. None is a clinical scale. Not for clinical use.
"""

from __future__ import annotations

import numpy as np

from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array
from nbmodel.data import parameters
from nbmodel.disorders.clamped_balance import NOTHING, Effects
from nbmodel.models import gain, performance, receptors


def startle(ne: Value, a1_antagonist: Value = 0.0) -> Value:
    """How strongly one startles: it rises with alpha1 stimulation in target cells. An assumed map."""
    k1 = gain.affinities().a1
    held = receptors.competing_occupancy(ne, k1, antagonist=a1_antagonist)
    return 1 + parameters.load().value("gain_startle_a1", "dimensionless") * held


def energy(ne: Value, a1_antagonist: Value = 0.0, b1_antagonist: Value = 0.0) -> Value:
    """Energy and motivation: the mean share of alpha1 and beta receptors that is stimulated. An assumed map.

    Beta receptors are given a functional constant by the same ratio to alpha2's as in binding, like alpha1's.
    """
    alpha = receptors.competing_occupancy(ne, gain.affinities().a1, antagonist=a1_antagonist)
    return (alpha + receptors.competing_occupancy(ne, k_beta(), antagonist=b1_antagonist)) / 2


def k_beta() -> float:
    """NE's functional constant at beta1 receptors of target cells, nM: none was measured, see `energy`."""
    p = parameters.load()
    return gain.affinities().a2 * p.value("Ki_NE_b1", "nM") / p.value("Ki_NE_a2", "nM")


READOUTS = {
    "sustained_attention": "sustained attention",
    "working_memory": "working memory",
    "choice_accuracy": "right choices (two-choice task)",
    "response_speed": "speed of response",
    "startle": "startle",
    "energy": "energy, motivation",
}  # name: in words


def readout(name: str, ne: Array, e: Effects = NOTHING) -> Array:
    """One of `READOUTS` at NE (nM) with the drug's own action at target receptors; arrays broadcast.

    A partial agonist counts as agonist by its efficacy and as antagonist by the rest of it.
    """
    if name == "startle":
        return np.asarray(startle(ne, e.a1_antagonist))
    if name == "energy":
        return np.asarray(energy(ne, e.a1_antagonist, e.b1_antagonist))
    agonist, antagonist = at_alpha2(e)
    law = performance.READOUTS[name]
    return np.asarray(law(ne, a1_antagonist=e.a1_antagonist, a2_agonist=agonist, a2_antagonist=antagonist))


def at_alpha2(e: Effects) -> tuple[Value, Value]:
    """A drug at alpha2 receptors of target cells: as a full agonist by its efficacy, as an antagonist by the rest of it."""
    return e.a2_efficacy * e.a2_agonist, e.a2_antagonist + (1 - e.a2_efficacy) * e.a2_agonist
