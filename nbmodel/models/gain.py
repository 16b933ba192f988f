"""Norepinephrine as a gain: what its receptors do to a cortical cell, and the unit on which the theory rests.

Two units stand side by side. The *sigmoid* of Servan-Schreiber, Printz & Cohen 1990 has one gain on everything it hears.
The *cortical unit* tells signal from background, as recordings do, and each answers to its own receptor:

- alpha1 strengthens the response to the signal;
- alpha2 holds the background down (Kolta 1987: alpha2 agonists lower firing in rat visual cortex and may raise the ratio);
- at high NE alpha1 depolarises the cell and the background comes back (Polack 2013: the tonic depolarisation of running
  mice needs NE, by which receptor was not told).

Who does what is assumed, as is the size of each effect: the direction of the curves is worth something, their height is not.
Recordings disagree. About equal numbers of cells in cat visual cortex respond more, less and as before, yet the ratio of
evoked to spontaneous firing rose in most that changed (kasamatsu1982); later work found no systematic change of it
(egostengel2002 in cat visual, manunta1997 in rat auditory cortex). Nor are the receptors agreed upon: in rat auditory
cortex it was alpha1 through which NE held cells down (manunta1997), and rats see contrast better by beta receptors
(mizuyama2016). In the frontal cortex the two receptors of this module trade places: see `performance`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from scipy.special import log_expit

from nbmodel.core.kinetics import Value
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models import receptors


class Affinities(NamedTuple):
    """NE's functional dissociation constants in target cells, nM."""

    a2: float
    a1: float


class Occupancy(NamedTuple):
    """Shares of receptors that are stimulated, 0 to 1; arrays where NE is one."""

    a2: Value
    a1: Value


def affinities(p: Parameters | None = None) -> Affinities:
    """Functional constants (nM) of NE at alpha2 and alpha1 receptors of target cells, those of `receptors`.

    Parameters
    ----------
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    Affinities
        Functional dissociation constants `a2` and `a1`, nM.

    Raises
    ------
    ParameterError
        When the table lacks a row.

    Examples
    --------
    >>> k = affinities()
    >>> round(k.a2, 1), round(k.a1, 1)
    (10.2, 60.1)
    """
    p = p or parameters.load()
    return Affinities(p.value("Kd_a2auto", "nM"), p.value("K_NE_a1", "nM"))


def occupancy(
    ne: Value,
    p: Parameters | None = None,
    *,
    a2_agonist: Value = 0.0,
    a2_antagonist: Value = 0.0,
    a1_agonist: Value = 0.0,
    a1_antagonist: Value = 0.0,
) -> Occupancy:
    """Shares of receptors that NE at `ne` (nM) and drugs stimulate; all broadcast.

    Drugs come as multiples of their own dissociation constants. Agonists are taken as full ones; an antagonist of
    `inf` removes the receptor. Raises ValueError for a concentration below zero or not a number, or a drug below zero.
    """
    if not np.all(np.isfinite(ne)) or np.any(np.asarray(ne) < 0):
        raise ValueError(f"NE must be a concentration in nM, 0 or more; found {ne}")
    drugs = {
        "a2_agonist": a2_agonist,
        "a2_antagonist": a2_antagonist,
        "a1_agonist": a1_agonist,
        "a1_antagonist": a1_antagonist,
    }
    if below := [name for name, value in drugs.items() if not np.all(np.asarray(value) >= 0)]:
        raise ValueError(f"{', '.join(below)} must be 0 or more, as a multiple of the drug's dissociation constant")
    k = affinities(p)
    return Occupancy(
        receptors.competing_occupancy(ne, k.a2, agonist=a2_agonist, antagonist=a2_antagonist),
        receptors.competing_occupancy(ne, k.a1, agonist=a1_agonist, antagonist=a1_antagonist),
    )


# -- the laws: plain arithmetic, so that what is printed is what runs ------------------------------------------------


def logistic(x: Value, gain: Value, bias: Value, exp: Callable[[Any], Any] = np.exp) -> Value:
    """Output, 0 to 1, of a unit that hears `x`: the higher the gain, the steeper (all without unit)."""
    return 1 / (1 + exp(-(gain * x + bias)))


def strengthened(a1: Value, most: Value) -> Value:
    """Strength of the signal, as a multiple, when a share `a1` of alpha1 receptors is stimulated; `most` is added at 1."""
    return 1 + most * a1


def held_down(a2: Value, a1: Value, down: Value, up: Value) -> Value:
    """Background relative to none of NE: alpha2 takes up to `down` of it away, alpha1 adds up to `up` of it."""
    return 1 - down * a2 + up * a1


_softplus = partial(np.logaddexp, 0.0)  # ln(1 + e^z), where e^z itself would overflow


def cortical(
    signal: Value,
    stronger: Value,
    background: Value,
    threshold: Value,
    softness: Value,
    slope: Value,
    softplus: Callable[[Any], Any] = _softplus,
) -> Value:
    """Firing (Hz) to a drive over a threshold whose corner is rounded; softplus(z) is ln(1 + e^z). `slope` in Hz."""
    return slope * softness * softplus((stronger * signal + background - threshold) / softness)


# -- the sigmoid -----------------------------------------------------------------------------------------------------


def sigmoid(x: Value, gain: float) -> Value:
    """Output 1 / (1 + exp(-(gain x + bias))) of the unit of Servan-Schreiber 1990, between 0 and 1."""
    return logistic(x, gain, parameters.published_model("servan1990")["bias"])


def log_sigmoid(x: Value, gain: float) -> Value:
    """Logarithm of the sigmoid's output. It ranks outputs as they are, where the output itself rounds to 1."""
    return log_expit(gain * x + parameters.published_model("servan1990")["bias"])


# -- the cortical unit -----------------------------------------------------------------------------------------------


def signal_gain(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Strength of the signal at the cell relative to none of NE, by alpha1; 1 at `ne` = 0."""
    p = p or parameters.load()
    return strengthened(occupancy(ne, p, **drugs).a1, p.value("gain_signal_a1", "dimensionless"))


def background(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Background drive relative to none of NE: alpha2 lowers it, alpha1 brings it back; 1 at `ne` = 0."""
    p = p or parameters.load()
    held = occupancy(ne, p, **drugs)
    down, up = (p.value(name, "dimensionless") for name in ("cut_background_a2", "rise_background_a1"))
    return held_down(held.a2, held.a1, down, up)


def rate(signal: Value, ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Firing rate (Hz) of the cortical unit for a signal.

    Drive above the threshold counts, drive below does not; the corner is rounded, as noise of the membrane rounds it,
    so that the rate rises strictly with the drive.

    Parameters
    ----------
    signal : float or array
        Strength of the signal in units of the background drive; 0 gives spontaneous firing.
    ne : float or array
        NE outside the cells, nM.
    p : Parameters, optional
        Table to read instead of the collection's.
    **drugs : float or array
        Drugs at the cell's receptors, relative to their own dissociation constants, as in `gain.occupancy`.

    Returns
    -------
    float or array
        Rate in Hz; the arguments broadcast.

    Raises
    ------
    ValueError
        For NE or a drug below zero.

    Examples
    --------
    >>> round(float(rate(0.5, 6.0)), 1), round(float(rate(0.0, 6.0)), 1)
    (13.1, 2.3)
    """
    p = p or parameters.load()
    threshold, softness = (p.value(name, "dimensionless") for name in ("threshold_unit", "softness_unit"))
    stronger, behind = signal_gain(ne, p, **drugs), background(ne, p, **drugs)
    return cortical(signal, stronger, behind, threshold, softness, p.value("slope_unit", "Hz"))


def evoked_to_spontaneous(signal: Value, ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Ratio of evoked to spontaneous firing, which physiologists call the signal-to-noise ratio.

    It says nothing of whether the signal can be detected better: see `detection`.

    Parameters
    ----------
    signal : float or array
        Strength of the signal in units of the background drive.
    ne : float or array
        NE outside the cells, nM.
    p : Parameters, optional
        Table to read instead of the collection's.
    **drugs : float or array
        Drugs at the cell's receptors, relative to their own dissociation constants, as in `gain.occupancy`.

    Returns
    -------
    float or array
        The rate with the signal over the rate without, without unit.

    Examples
    --------
    >>> round(float(evoked_to_spontaneous(0.5, 0.0)), 2), round(float(evoked_to_spontaneous(0.5, 6.0)), 2)
    (3.0, 5.68)
    """
    return rate(signal, ne, p, **drugs) / rate(0.0, ne, p, **drugs)


def least_background(p: Parameters | None = None) -> float:
    """NE (nM) at which the background is lowest: 0 where NE only raises it, infinite where it only lowers it."""
    p = p or parameters.load()
    k = affinities(p)
    down, up = (p.value(name, "dimensionless") for name in ("cut_background_a2", "rise_background_a1"))
    # Where the two slopes cancel: down k2 / (x + k2)^2 = up k1 / (x + k1)^2.
    steep, flat = np.sqrt(down * k.a2), np.sqrt(up * k.a1)
    if steep >= flat:
        return float("inf") if steep * k.a1 > flat * k.a2 else 0.0
    return max(0.0, float((steep * k.a1 - flat * k.a2) / (flat - steep)))
