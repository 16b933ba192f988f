"""Microdialysis: how norepinephrine outside the cells is sampled while a drug acts on the terminals or on the whole animal.

Microdialysis draws fluid through a fine tube in the brain and measures NE in it, sample after sample. A drug given
through the tube acts on the terminals around it only (*local*). A drug given to the whole animal also acts on the cell
bodies of the locus coeruleus, where NE silences the cells (*systemic*). A sample collects for 20 minutes, so what lasts
seconds hardly shows in it; reported effects are the strongest of a series of samples.

The published experiments stand in `dialysis_protocols`.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.data import formulary, parameters
from nbmodel.drugs import pharmacodynamics
from nbmodel.drugs.pharmacodynamics import Action
from nbmodel.models import norepinephrine_terminal, probes
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR

# A dose that leaves no receptor free, as a multiple of the drug's own dissociation constant there.
SATURATING = 1e4
ANTAGONIST = Action("alpha2", SATURATING)
SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR
HALVINGS = 8  # of a firing rate, or doublings, within which a search for one gives up
SAMPLE = 20 * 60.0  # s; studies collect for 15 to 20 minutes


def moments(hours: float) -> Array:
    """Times (s) of a run: every second of the first two minutes, in which the readily releasable pool runs short, then every 30 s."""
    return np.union1d(np.arange(0.0, 120.0), np.arange(0.0, hours * SECONDS_PER_HOUR + 1.0, 30.0))


@remembered
def local(rest: Network, *drugs: Action, hours: float = 2.0, **changes: float) -> solve.Run:
    """Run of a terminal while drugs come through the probe: the firing of the locus coeruleus does not change.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    *drugs : Action
        Drugs and their levels at their targets.
    hours : float
        Length of the run.
    **changes : float
        Parameters of the terminal that change as well.

    Returns
    -------
    Run

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> bool(peak(local(rest, ANTAGONIST, hours=0.5)) > 1)
    True
    """
    return solve.run(pharmacodynamics.under(rest, *drugs).replace(**changes), moments(hours))


@remembered
def systemic(rest: Network, *drugs: Action, hours: float = 2.0) -> solve.Run:
    """Run of a terminal while drugs act on the whole animal: cell bodies feel them as terminals do.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    *drugs : Action
        Drugs and their levels at their targets.
    hours : float
        Length of the run.

    Returns
    -------
    Run

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> peak(systemic(rest, ANTAGONIST, hours=0.5)) > peak(local(rest, ANTAGONIST, hours=0.5))
    True
    """
    return solve.run(pharmacodynamics.under(rest, *drugs, systemic=True), moments(hours))


def samples(run: solve.Run) -> Array:
    """NE in each whole sample since the start, as the probe brings it up (`probes`), a multiple of before.

    Parameters
    ----------
    run : Run
        A run that starts at rest.

    Returns
    -------
    array, shape (samples,)

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> samples(local(rest, hours=1.0)).round(3).tolist()
    [1.0, 1.0, 1.0]
    """
    return collected(probes.dialysate(run), run.times - run.times[0])


def collected(course: Array, times: Array) -> Array:
    """Mean of a course in each whole sample of `SAMPLE` seconds; `times` (s) start at 0."""
    area = np.concatenate([[0.0], np.cumsum(np.diff(times) * (course[1:] + course[:-1]) / 2)])
    ends = np.arange(0.0, times[-1] + 1e-6, SAMPLE)
    return np.asarray(np.diff(np.interp(ends, times, area)) / SAMPLE)


def peak(run: solve.Run) -> float:
    """Strongest sample of a run, as a multiple of before.

    Parameters
    ----------
    run : Run
        A run of 20 minutes or more that starts at rest.

    Returns
    -------
    float

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> round(peak(local(rest, hours=0.5)), 3)  # no drug, no change
    1.0
    """
    return float(np.max(samples(run)))


def trough(run: solve.Run) -> float:
    """Weakest sample, as a multiple of before."""
    return float(np.min(samples(run)))


def desipramine(micromolar: float) -> Action:
    """Action of desipramine (uM) at NET."""
    return Action("NET", micromolar / formulary.load().value("Kd_NET_desipramine", "uM"))


def inhibitor() -> Action:
    """Action at NET of a high systemic dose of a selective inhibitor, for which no relation of dose and occupancy was read.

    Examples
    --------
    >>> inhibitor().target
    'NET'
    """
    return pharmacodynamics.blocking("NET", parameters.load().value("occ_NRI_high", "dimensionless"))


def injected(drug: str, dose: float) -> Action:
    """Action at NET of a dose (mg/kg i.p., rat): its level is the dose over the one that has half of the effect.

    Parameters
    ----------
    drug : str
        'reboxetine' or 'desipramine'.
    dose : float
        mg/kg.

    Raises
    ------
    ParameterError
        For a drug without a row in the table.

    Examples
    --------
    >>> injected("reboxetine", 1.2).level  # the dose with half of the effect
    1.0
    """
    return Action("NET", dose / parameters.load().value(f"ED50_NET_{drug}", "mg/kg"))


def desipramine_injected() -> Action:
    """Action at NET of desipramine 10 mg/kg, which studies give; where a dose was not read it is taken to be this one."""
    return injected("desipramine", 10.0)


def idazoxan(dose: float) -> Action:
    """Action of idazoxan (mg/kg s.c., rat) at alpha2 receptors."""
    return Action("alpha2", dose * parameters.load().value("level_idazoxan", "kg/mg"))


def saturating_clonidine() -> Action:
    """Action of clonidine, a partial agonist, at a dose that leaves no alpha2 receptor free."""
    return Action("alpha2", SATURATING, formulary.load().value("efficacy_clonidine", "dimensionless"))


def firing_for(rest: Network, level: float) -> float:
    """Firing rate (Hz) that holds NE outside at `level` times rest within minutes: for a drive that is not known.

    Raises
    ------
    ValueError
        When no rate does, as release without impulses keeps NE above the level, or what limits release keeps it below.
    """
    clamped = norepinephrine_terminal.with_store_clamped(rest)

    def excess(rate: float) -> float:
        return solve.steady_state(clamped.replace(firing=rate))["ne_e"] / rest["ne_e"] - level

    # From the rate at rest towards the level: far above it, MAO may not keep up with an endless store.
    known = rest.parameters["firing"]
    farther = 0.5 if excess(known) > 0 else 2.0
    for _ in range(HALVINGS):
        known, before = known * farther, known
        if (excess(known) > 0) != (farther < 1):
            return float(brentq(excess, min(known, before), max(known, before), xtol=1e-9))
    raise ValueError(f"no firing rate to {known:.2g} Hz holds NE at {level:g} times rest")


@remembered
def under_halothane(rest: Network) -> Network:
    """Terminal under halothane: an impulse releases less, and there are as many fewer as it takes to lower NE as measured."""
    p = parameters.load()
    left = p.value("halothane_release", "dimensionless")
    weak = rest.replace(**{name: left * rest.parameters[name] for name in ("per_impulse", "NE_impulse_LC")})
    rate = firing_for(weak, 1 - p.value("halothane_fall", "dimensionless"))
    asleep = solve.steady_state(norepinephrine_terminal.with_store_clamped(weak).replace(firing=rate)).unclamped()
    # What alpha2 receptors of the cell bodies feel under halothane is from now on what their rate refers to.
    return asleep.replace(stimulated_lc_at_rest=float(asleep.curve("stimulated_lc")))
