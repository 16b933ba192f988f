"""Microdialysis experiments, repeated: what drugs do to norepinephrine outside the cells, as published studies gave them.

Microdialysis draws fluid through a fine tube in the brain and measures NE in it, sample after sample. A drug given
through the tube acts on the terminals around it only (*local*). A drug given to the whole animal also acts on the cell
bodies of the locus coeruleus, where NE silences the cells (*systemic*).

Each protocol takes a resting terminal and returns one number as a multiple of the drug-free baseline. A sample collects
for 20 minutes, so what lasts seconds hardly shows in it; reported effects are the strongest of a series of samples.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.drugs import pharmacodynamics
from nbmodel.drugs.pharmacodynamics import Action
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR

# A dose that leaves no receptor free, as a multiple of the drug's own dissociation constant there.
SATURATING = 1e4
ANTAGONIST = Action("alpha2", SATURATING)
SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR
SAMPLE = 20 * 60.0  # s; studies collect for 15 to 20 minutes


def moments(hours: float) -> Array:
    """Times (s) of a run: every second of the first two minutes, in which docked vesicles run short, then every half minute."""
    return np.union1d(np.arange(0.0, 120.0), np.arange(0.0, hours * SECONDS_PER_HOUR + 1.0, 30.0))


@remembered
def local(rest: Network, *drugs: Action, hours: float = 2.0, **changes: float) -> solve.Run:
    """Drugs through the probe: the terminals change, the firing of the locus coeruleus does not."""
    return solve.run(pharmacodynamics.under(rest, *drugs).replace(**changes), moments(hours))


@remembered
def systemic(rest: Network, *drugs: Action, hours: float = 2.0) -> solve.Run:
    """Drugs to the whole animal: cell bodies feel them as terminals do."""
    return solve.run(pharmacodynamics.under(rest, *drugs, systemic=True), moments(hours))


def samples(run: solve.Run) -> Array:
    """NE outside in each whole sample of `SAMPLE` seconds since the start, as a multiple of before, shape (samples,)."""
    ne, times = run["ne_e"], run.times - run.times[0]
    area = np.concatenate([[0.0], np.cumsum(np.diff(times) * (ne[1:] + ne[:-1]) / 2)])
    ends = np.arange(0.0, times[-1] + 1e-6, SAMPLE)
    return np.asarray(np.diff(np.interp(ends, times, area)) / SAMPLE / ne[0])


def peak(run: solve.Run) -> float:
    """The strongest sample, as a multiple of before."""
    return float(np.max(samples(run)))


def trough(run: solve.Run) -> float:
    """The weakest sample, as a multiple of before."""
    return float(np.min(samples(run)))


def desipramine(micromolar: float) -> Action:
    """Desipramine (uM) at NET."""
    return Action("NET", micromolar / parameters.load().value("Kd_NET_desipramine", "uM"))


def inhibitor() -> Action:
    """A high systemic dose of a selective NET inhibitor."""
    return pharmacodynamics.blocking("NET", parameters.load().value("occ_NRI_high", "dimensionless"))


def firing_for(rest: Network, level: float) -> float:
    """The firing rate (Hz) that holds NE outside at `level` times rest within minutes: for a drive that is not known."""
    clamped = norepinephrine_terminal.with_store_clamped(rest)

    def excess(rate: float) -> float:
        return solve.steady_state(clamped.replace(firing=rate))["ne_e"] / rest["ne_e"] - level

    return float(brentq(excess, 1e-2, 50.0, xtol=1e-9))


@remembered
def under_halothane(rest: Network) -> Network:
    """The terminal under halothane: fires as much less as it takes to lower NE by as much as was measured."""
    left = 1 - parameters.load().value("halothane_fall", "dimensionless")
    slow = norepinephrine_terminal.with_store_clamped(rest).replace(firing=firing_for(rest, left))
    return solve.steady_state(slow).unclamped()


# -- protocols ---------------------------------------------------------------------------------------------------


def yohimbine(rest: Network) -> float:
    """Systemic yohimbine, a dose that blocks alpha2 receptors (Abercrombie 1988)."""
    return peak(systemic(rest, ANTAGONIST))


def clonidine(rest: Network) -> float:
    """Systemic clonidine, a high dose of a partial agonist at alpha2 receptors (Abercrombie 1988)."""
    efficacy = parameters.load().value("efficacy_clonidine", "dimensionless")
    return trough(systemic(rest, Action("alpha2", SATURATING, efficacy)))


def net_inhibitor(rest: Network) -> float:
    """A high systemic dose of a selective NET inhibitor (atomoxetine, Bymaster 2002; reboxetine, Sacchetti 1999)."""
    return peak(systemic(rest, inhibitor()))


@remembered
def net_inhibitor_idazoxan(rest: Network) -> float:
    """Idazoxan an hour after the same inhibitor (Sacchetti 1999): NE relative to before both."""
    course = [(0.0, [inhibitor()]), (SECONDS_PER_HOUR, [inhibitor(), ANTAGONIST])]
    events = pharmacodynamics.schedule(rest, course, systemic=True)
    times = np.union1d(moments(1.0), SECONDS_PER_HOUR + moments(2.0))
    return peak(solve.run(rest, times, events))


def idazoxan(rest: Network) -> float:
    """Idazoxan alone (Sacchetti 1999)."""
    return peak(systemic(rest, ANTAGONIST))


def desipramine_awake(rest: Network) -> float:
    """1 uM desipramine through the probe, awake (Abercrombie 1988)."""
    return peak(local(rest, desipramine(1.0)))


def idazoxan_on_desipramine(rest: Network) -> float:
    """Idazoxan added to desipramine, both through the probe: NE relative to desipramine alone (Thomas 1991)."""
    return peak(local(rest, desipramine(5.0), ANTAGONIST)) / peak(local(rest, desipramine(5.0)))


def desipramine_halothane(rest: Network) -> float:
    """5 uM desipramine through the probe under halothane."""
    return peak(local(under_halothane(rest), desipramine(5.0)))


@remembered
def tetrodotoxin_on_desipramine(rest: Network) -> float:
    """Tetrodotoxin, which stops impulses, on top of 5 uM desipramine: NE an hour later, relative to desipramine alone."""
    run = local(under_halothane(rest), desipramine(5.0))
    half = int(np.searchsorted(run.times, SECONDS_PER_HOUR))
    start = run.network.starting_at(dict(zip(run.network.index, run.states[:, half], strict=True)))
    return float(solve.run(start.replace(firing=0.0), [0.0, SECONDS_PER_HOUR])["ne_e"][-1] / start["ne_e"])


@remembered
def potassium_desipramine(rest: Network) -> float:
    """30 mM K+ with 1 uM desipramine, where K+ drives release as much as gives the rise measured with K+ alone."""
    rise = parameters.load().value("potassium_rise", "dimensionless")

    def excess(rate: float) -> float:
        return peak(local(rest, hours=1 / 3, firing=rate)) - rise

    top = 50.0
    drive = float(brentq(excess, rest.parameters["firing"], top, xtol=1e-6)) if excess(top) > 0 else top
    return peak(local(rest, desipramine(1.0), hours=1 / 3, firing=drive))


@remembered
def knock_out(rest: Network) -> Network:
    """A mouse that never had NET, at its own steady state."""
    return solve.steady_state(rest.replace(net_activity=0.0))


def knock_out_tissue(rest: Network) -> float:
    """NE in the tissue of NET knock-out mice, as a share of wild type (Xu 2000)."""
    return knock_out(rest)["ne_v"] / rest["ne_v"]


def knock_out_extracellular(rest: Network) -> float:
    """NE outside the cells in NET knock-out mice, as a multiple of wild type (Xu 2000)."""
    return knock_out(rest)["ne_e"] / rest["ne_e"]


@remembered
def mao_inhibitor(rest: Network) -> float:
    """Brain NE without MAO, as a multiple of before (Cases 1995)."""
    return solve.steady_state(rest.replace(mao_activity=0.0))["ne_v"] / rest["ne_v"]


def stimulated(rest: Network, rate: float) -> float:
    """NE while the LC is driven at `rate` (Hz) for 20 min under halothane, as a multiple of before (Florin-Lechner 1996)."""
    return peak(local(under_halothane(rest), hours=1 / 3, firing=rate))


def stimulated_5hz(rest: Network) -> float:
    """20 min of evenly spaced impulses at 5 Hz."""
    return stimulated(rest, 5.0)


def stimulated_10hz(rest: Network) -> float:
    """20 min of evenly spaced impulses at 10 Hz."""
    return stimulated(rest, 10.0)


def highest_firing(rest: Network) -> float:
    """NE while an awake animal's LC fires as fast as in a burst for 20 min: the most that a stressor could do."""
    return peak(local(rest, hours=1 / 3, firing=parameters.load().value("r_LC_burst", "Hz")))


def halothane(rest: Network) -> float:
    """NE under halothane: put in, through the firing rate that gives it (Kalen 1988)."""
    return under_halothane(rest)["ne_e"] / rest["ne_e"]


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
def inhibited_for(rest: Network, days: float) -> float:
    """NE after `days` of a NET inhibitor from a pump, as a multiple of before."""
    terminal = pharmacodynamics.under(rest, inhibitor(), systemic=True)
    return float(solve.run(terminal, [0.0, days * SECONDS_PER_DAY])["ne_e"][-1] / rest["ne_e"])


def reboxetine_2_days(rest: Network) -> float:
    """Reboxetine from a pump for 2 days (Invernizzi 2001)."""
    return inhibited_for(rest, 2.0)


def reboxetine_14_days(rest: Network) -> float:
    """Reboxetine from a pump for 14 days (Invernizzi 2001)."""
    return inhibited_for(rest, 14.0)


def desipramine_21_days(rest: Network) -> float:
    """Desipramine for 21 days, still there (Garcia 2004)."""
    return inhibited_for(rest, 21.0)


def reserpine(rest: Network, rate: float, times: Array) -> solve.Run:
    """Reserpine, which binds VMAT2 for good: for an hour it takes out VMAT2 at `rate` (1/h). Times in s."""
    course = [(0.0, [Action("VMAT2", destruction=rate / SECONDS_PER_HOUR)]), (SECONDS_PER_HOUR, [])]
    events = pharmacodynamics.schedule(rest, course, systemic=True)
    return solve.run(rest, np.union1d([0.0, SECONDS_PER_HOUR], times), events)


@remembered
def reserpine_dose(rest: Network) -> float:
    """The rate (1/h, for an hour) at which VMAT2 is lost that leaves as little NE as was measured at the lowest point.

    A null model whose store falls below that by itself gets the smallest dose.
    """
    lowest, day = parameters.load().value("reserpine_lowest", "dimensionless"), np.linspace(0.0, SECONDS_PER_DAY, 49)

    def excess(rate: float) -> float:
        return float(np.min(reserpine(rest, rate, day)["ne_v"]) / rest["ne_v"]) - lowest

    least, most = 0.1, 10.0
    return float(brentq(excess, least, most, xtol=1e-6)) if excess(least) > 0 else least


@remembered
def store_after_reserpine(rest: Network) -> tuple[Array, Array]:
    """Times (s, to 5 days) and the store as a share of rest, after `reserpine_dose`."""
    fine = np.append(np.linspace(0.0, 4 * SECONDS_PER_HOUR, 481), 5 * SECONDS_PER_DAY)
    run = reserpine(rest, reserpine_dose(rest), fine)
    return run.times, run["ne_v"] / rest["ne_v"]


def reserpine_2_hours(rest: Network) -> float:
    """NE left in the brain 2 h after reserpine."""
    times, store = store_after_reserpine(rest)
    return float(np.interp(2 * SECONDS_PER_HOUR, times, store))


def reserpine_5_days(rest: Network) -> float:
    """NE in the brain 5 days after reserpine."""
    return float(store_after_reserpine(rest)[1][-1])


def reserpine_half(rest: Network) -> float:
    """Minutes until reserpine has halved NE in the brain."""
    times, store = store_after_reserpine(rest)
    return float(np.interp(-0.5, -store[:-1], times[:-1]) / 60)


@remembered
def thirty_days(rest: Network) -> dict[str, solve.Run]:
    """A month (times in s) by drug: reserpine once, a MAO inhibitor that binds for good once, a NET inhibitor for two weeks.

    The first two act for an hour: reserpine at `reserpine_dose`, the other until next to no MAO is left.
    """
    once = {"reserpine (VMAT2)": ("VMAT2", reserpine_dose(rest)), "irreversible MAO inhibitor": ("MAO", 10.0)}
    courses = {
        drug: [(0.0, [Action(target, destruction=rate / SECONDS_PER_HOUR)]), (SECONDS_PER_HOUR, [])]
        for drug, (target, rate) in once.items()
    }
    courses["NET inhibitor for 14 days"] = [(0.0, [inhibitor()]), (14 * SECONDS_PER_DAY, [])]
    times = np.union1d(np.linspace(0.0, 30 * SECONDS_PER_DAY, 361), [SECONDS_PER_HOUR])
    return {
        drug: solve.run(rest, times, pharmacodynamics.schedule(rest, course, systemic=True))
        for drug, course in courses.items()
    }


def metabolite_after_desipramine(species: str) -> Callable[[Network], float]:
    """The direction in which a metabolite moves within two hours of desipramine, 0 where by less than a tenth (Elsworth 1983)."""

    def sign(rest: Network) -> float:
        change = systemic(rest, inhibitor()).final[species] / rest[species] - 1
        return float(np.sign(change)) if abs(change) > 0.1 else 0.0

    return sign


def dhpg_faster_than_mhpg(rest: Network) -> float:
    """1 where more DHPG is formed than MHPG at rest, else -1 (Karege & Gaillard, rat brain)."""
    volume = rest.compartments["extracellular"]
    mhpg = rest.flux("COMT on DHPG") * volume + rest.flux("MAO on NMN") * volume
    return float(np.sign(rest.flux("MAO NE") - mhpg))


PROTOCOLS = {
    "dhpg_after_desipramine": metabolite_after_desipramine("dhpg"),
    "mhpg_after_desipramine": metabolite_after_desipramine("mhpg"),
    "dhpg_faster_than_mhpg": dhpg_faster_than_mhpg,
} | {
    protocol.__name__: protocol
    for protocol in (
        yohimbine, clonidine, net_inhibitor, net_inhibitor_idazoxan, idazoxan, idazoxan_on_desipramine,
        desipramine_awake, desipramine_halothane,
        tetrodotoxin_on_desipramine, potassium_desipramine, knock_out_tissue, knock_out_extracellular, mao_inhibitor,
        highest_firing, halothane, stimulated_5hz, stimulated_10hz, fifth_stimulation,
        reboxetine_2_days, reboxetine_14_days, desipramine_21_days,
        reserpine_2_hours, reserpine_5_days, reserpine_half,
    )
}  # fmt: skip
