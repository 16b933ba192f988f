"""Published microdialysis experiments, repeated: what drugs and stimulation do to norepinephrine outside the cells.

Each protocol takes a resting terminal and returns one number as a multiple of the drug-free baseline. Those marked
`protocol` are held against a published observation.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.protocol import protocol
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.drugs import pharmacodynamics
from nbmodel.drugs.pharmacodynamics import Action
from nbmodel.models import dialysis, norepinephrine_terminal, probes
from nbmodel.models.dialysis import (
    ANTAGONIST,
    SATURATING,
    SECONDS_PER_DAY,
    desipramine,
    desipramine_injected,
    inhibitor,
    injected,
    local,
    moments,
    peak,
    saturating_clonidine,
    systemic,
    trough,
    under_halothane,
)
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR


@protocol
def yohimbine(rest: Network) -> float:
    """Strongest sample of NE after systemic yohimbine, at a dose that blocks alpha2 receptors.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.

    Returns
    -------
    float
        NE outside the cells as a multiple of before.

    References
    ----------
    Abercrombie 1988, doi:10.1016/0306-4522(88)90192-3
    """
    return peak(systemic(rest, ANTAGONIST))


@protocol
def clonidine(rest: Network) -> float:
    """Weakest sample of NE after systemic clonidine, a high dose of a partial agonist at alpha2 receptors.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.

    Returns
    -------
    float
        NE outside the cells as a multiple of before.

    References
    ----------
    Abercrombie 1988, doi:10.1016/0306-4522(88)90192-3
    """
    return trough(systemic(rest, saturating_clonidine()))


@protocol
def atomoxetine(rest: Network) -> float:
    """Strongest sample of NE after a high systemic dose of atomoxetine, as a multiple of before (Bymaster 2002)."""
    return peak(systemic(rest, inhibitor()))


@protocol
def dopamine_under_atomoxetine(rest: Network) -> float:
    """Strongest sample of dopamine after the same dose, as a multiple of before: in cortex NET clears it (Bymaster 2002).

    How NET changes the probe's extraction of dopamine was not read; it is left out.
    """
    run = systemic(rest, inhibitor())
    return float(np.max(dialysis.collected(run["da_e"], run.times)) / run["da_e"][0])


@protocol
def reboxetine(rest: Network) -> float:
    """Strongest sample of NE after reboxetine 15 mg/kg, as a multiple of before (Sacchetti 1999)."""
    return peak(systemic(rest, injected("reboxetine", 15.0)))


@protocol
@remembered
def reboxetine_idazoxan(rest: Network) -> float:
    """Strongest sample of NE after idazoxan 1 mg/kg, an hour after reboxetine, relative to before both (Sacchetti 1999)."""
    first, second = injected("reboxetine", 15.0), dialysis.idazoxan(1.0)
    course = [(0.0, [first]), (SECONDS_PER_HOUR, [first, second])]
    events = pharmacodynamics.schedule(rest, course, systemic=True)
    times = np.union1d(moments(1.0), SECONDS_PER_HOUR + moments(2.0))
    return peak(solve.run(rest, times, events))


@protocol
def idazoxan(rest: Network) -> float:
    """Strongest sample of NE after idazoxan 1 mg/kg alone (Sacchetti 1999)."""
    return peak(systemic(rest, dialysis.idazoxan(1.0)))


@protocol
def full_agonist_local(rest: Network) -> float:
    """Weakest sample of NE while a full alpha2 agonist comes through the probe (van Veldhuizen 1993)."""
    return trough(local(rest, Action("alpha2", SATURATING, 1.0)))


@protocol
def clonidine_local(rest: Network) -> float:
    """Weakest sample of NE while clonidine comes through the probe (van Veldhuizen 1993)."""
    return trough(local(rest, saturating_clonidine()))


@protocol
def desipramine_systemic_halothane(rest: Network) -> float:
    """Strongest sample of NE after desipramine 10 mg/kg under halothane, as a multiple of before (L'Heureux 1986)."""
    return peak(systemic(under_halothane(rest), desipramine_injected()))


@protocol
def desipramine_awake(rest: Network) -> float:
    """Strongest sample of NE with 1 uM desipramine through the probe, awake (Abercrombie 1988)."""
    return peak(local(rest, desipramine(1.0)))


@protocol
def idazoxan_on_desipramine(rest: Network) -> float:
    """Ratio of NE with idazoxan and desipramine through the probe to NE with desipramine alone (Thomas 1991)."""
    return peak(local(rest, desipramine(5.0), ANTAGONIST)) / peak(local(rest, desipramine(5.0)))


@protocol
def desipramine_halothane(rest: Network) -> float:
    """Strongest sample of NE with 5 uM desipramine through the probe under halothane."""
    return peak(local(under_halothane(rest), desipramine(5.0)))


@protocol
@remembered
def tetrodotoxin_on_desipramine(rest: Network) -> float:
    """Ratio of NE an hour after tetrodotoxin, which stops impulses, to NE with 5 uM desipramine alone."""
    run = local(under_halothane(rest), desipramine(5.0))
    half = int(np.searchsorted(run.times, SECONDS_PER_HOUR))
    start = run.network.starting_at(dict(zip(run.network.index, run.states[:, half], strict=True)))
    return float(solve.run(start.replace(firing=0.0), [0.0, SECONDS_PER_HOUR])["ne_e"][-1] / start["ne_e"])


@protocol
@remembered
def potassium_desipramine(rest: Network) -> float:
    """NE with 30 mM K+ and 1 uM desipramine, where K+ drives release as much as gives the rise measured with K+ alone."""
    rise = parameters.load().value("potassium_rise", "dimensionless")

    def excess(rate: float) -> float:
        return peak(local(rest, hours=1 / 3, firing=rate)) - rise

    top = 50.0
    drive = float(brentq(excess, rest.parameters["firing"], top, xtol=1e-6)) if excess(top) > 0 else top
    return peak(local(rest, desipramine(1.0), hours=1 / 3, firing=drive))


def stimulated(rest: Network, rate: float) -> float:
    """Strongest sample of NE while the LC is driven for 20 min under halothane.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    rate : float
        Rate of the impulses, Hz.

    Returns
    -------
    float
        As a multiple of before, under halothane.

    References
    ----------
    Florin-Lechner 1996.
    """
    return peak(local(under_halothane(rest), hours=1 / 3, firing=rate))


@protocol
def stimulated_5hz(rest: Network) -> float:
    """Strongest sample of NE in 20 min of evenly spaced impulses at 5 Hz."""
    return stimulated(rest, 5.0)


@protocol
def stimulated_10hz(rest: Network) -> float:
    """Strongest sample of NE in 20 min of evenly spaced impulses at 10 Hz."""
    return stimulated(rest, 10.0)


@protocol
def highest_firing(rest: Network) -> float:
    """NE while an awake animal's LC fires as fast as in a burst for 20 min: the most that a stressor could do."""
    return peak(local(rest, hours=1 / 3, firing=parameters.load().value("r_LC_burst", "Hz")))


@protocol
def highest_firing_hypothalamus(rest: Network) -> float:
    """The same in the hypothalamus, which other cell groups supply for the most part; they keep their rate."""
    return highest_firing(norepinephrine_terminal.in_region(rest, "hypothalamus"))


@protocol
def halothane(rest: Network) -> float:
    """NE under halothane: put in, through the firing rate that gives it (Kalen 1988)."""
    return under_halothane(rest)["ne_e"] / rest["ne_e"]


@protocol
@remembered
def fifth_stimulation(rest: Network) -> float:
    """Rise of NE in the fifth of five 20-min stimulations, 20 min apart, as a multiple of the first rise (Devoto 2005).

    The rate of stimulation was not read; 5 Hz is assumed.
    """
    third = SECONDS_PER_HOUR / 3
    events = [solve.Step(k * third, {"firing": 5.0 if k % 2 else rest.parameters["firing"]}) for k in range(1, 11)]
    run = solve.run(rest, np.linspace(0.0, 11 * third, 1321), events)
    rises = [np.mean(run["ne_e"][k * 120 : (k + 1) * 120]) - rest["ne_e"] for k in (1, 9)]
    return float(rises[1] / rises[0])


@remembered
def inhibited_for(rest: Network, drug: Action, days: float) -> float:
    """NE after `days` of a drug that is always there, as a multiple of before."""
    terminal = pharmacodynamics.under(rest, drug, systemic=True)
    return float(probes.dialysate(solve.run(terminal, [0.0, days * SECONDS_PER_DAY]))[-1])


@protocol
def reboxetine_2_days(rest: Network) -> float:
    """NE after two days of reboxetine from a pump.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.

    Returns
    -------
    float
        NE outside the cells as a multiple of before.

    References
    ----------
    Invernizzi 2001.
    """
    return inhibited_for(rest, inhibitor(), 2.0)


@protocol
def reboxetine_14_days(rest: Network) -> float:
    """NE after 14 days of reboxetine from a pump (Invernizzi 2001)."""
    return inhibited_for(rest, inhibitor(), 14.0)


@protocol
def desipramine_21_days(rest: Network) -> float:
    """NE after 21 days of desipramine, with the drug still there (Garcia 2004)."""
    return inhibited_for(rest, desipramine_injected(), 21.0)
