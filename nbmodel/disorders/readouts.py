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
    """Startle response, relative to one without NE: it rises with alpha1 stimulation in target cells. An assumed map.

    `ne` is in nM; the antagonist stands as a multiple of its own dissociation constant.

    Examples
    --------
    >>> round(startle(6.0), 2)
    1.36
    """
    k1 = gain.affinities().a1
    held = receptors.competing_occupancy(ne, k1, antagonist=a1_antagonist)
    return 1 + parameters.load().value("gain_startle_a1", "dimensionless") * held


def energy(ne: Value, a1_antagonist: Value = 0.0, b1_antagonist: Value = 0.0) -> Value:
    """Energy and motivation: the mean share of alpha1 and beta receptors that is stimulated. An assumed map.

    `ne` is in nM; antagonists stand as multiples of their own dissociation constants. Beta receptors are given a functional
    constant by the same ratio to alpha2's as in binding, like alpha1's.
    """
    alpha = receptors.competing_occupancy(ne, gain.affinities().a1, antagonist=a1_antagonist)
    return (alpha + receptors.competing_occupancy(ne, k_beta(), antagonist=b1_antagonist)) / 2


def k_beta() -> float:
    """Functional constant of NE at beta1 receptors of target cells, nM."""
    return parameters.load().value("K_NE_b1", "nM")


# What each is, and in brackets what it is taken to stand for, which is an assumption.
READOUTS = {
    "sustained_attention": "alpha2 without alpha1 stimulation (attention)",
    "working_memory": "item held over a delay (working memory)",
    "choice_accuracy": "right choices in a two-choice model (decisions)",
    "response_speed": "speed in a two-choice model (response)",
    "startle": "gain by alpha1 stimulation (startle)",
    "energy": "alpha1 and beta stimulation (energy)",
}  # name: in words


def readout(name: str, ne: Array, e: Effects = NOTHING) -> Array:
    """Value of one readout at NE (nM), with the drug's own action at target receptors; arrays broadcast.

    A partial agonist counts as agonist by its efficacy and as antagonist by the rest of it.

    Parameters
    ----------
    name : str
        One of `READOUTS`.
    ne : array
        NE outside, nM.
    e : Effects
        Action of the drug; none by default.

    Raises
    ------
    KeyError
        For another name.

    Examples
    --------
    >>> [round(float(value), 2) for value in readout("startle", np.array([6.0, 12.0]))]
    [1.36, 1.67]
    """
    if name == "startle":
        return np.asarray(startle(ne, e.a1_antagonist))
    if name == "energy":
        return np.asarray(energy(ne, e.a1_antagonist, e.b1_antagonist))
    agonist, antagonist = at_alpha2(e)
    law = performance.READOUTS[name]
    return np.asarray(law(ne, a1_antagonist=e.a1_antagonist, a2_agonist=agonist, a2_antagonist=antagonist))


def at_alpha2(e: Effects) -> tuple[Value, Value]:
    """Agonist and antagonist that a drug amounts to at alpha2 receptors of target cells.

    It counts as a full agonist by its efficacy and as an antagonist by the rest of it; both are multiples of its constant.

    Examples
    --------
    >>> at_alpha2(Effects(a2_agonist=2.0, a2_efficacy=0.25))
    (0.5, 1.5)
    """
    return e.a2_efficacy * e.a2_agonist, e.a2_antagonist + (1 - e.a2_efficacy) * e.a2_agonist
