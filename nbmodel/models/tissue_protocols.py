"""Published experiments on stores and metabolites, repeated: what reserpine, MAO inhibitors and a missing NET leave in tissue.

Each protocol takes a resting terminal and returns one number as a multiple of before, or a direction.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.protocol import protocol
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.drugs import pharmacodynamics
from nbmodel.drugs.pharmacodynamics import Action
from nbmodel.models.dialysis import ANTAGONIST, SECONDS_PER_DAY, desipramine_injected, inhibitor, local, systemic
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.models.probes import tissue


@remembered
def knock_out(rest: Network) -> Network:
    """Mouse that never had NET, at its own steady state."""
    return solve.steady_state(rest.replace(net_activity=0.0))


@protocol
def knock_out_tissue(rest: Network) -> float:
    """NE in the tissue of NET knock-out mice.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.

    Returns
    -------
    float
        As a share of wild type.

    References
    ----------
    Xu 2000, doi:10.1038/74839
    """
    return float(tissue(knock_out(rest)) / tissue(rest))


@protocol
def knock_out_extracellular(rest: Network) -> float:
    """NE outside the cells of NET knock-out mice.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.

    Returns
    -------
    float
        As a multiple of wild type.

    References
    ----------
    Xu 2000, doi:10.1038/74839
    """
    return knock_out(rest)["ne_e"] / rest["ne_e"]


@protocol
@remembered
def mao_inhibitor(rest: Network) -> float:
    """NE in the tissue at the steady state without MAO.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.

    Returns
    -------
    float
        NE in the tissue as a multiple of before.

    References
    ----------
    Cases 1995.
    """
    return float(tissue(solve.steady_state(rest.replace(mao_activity=0.0))) / tissue(rest))


def reserpine(rest: Network, rate: float, times: Array) -> solve.Run:
    """Run under reserpine, which binds VMAT2 for good: for an hour it takes out VMAT2 at `rate` (1/h). Times in s."""
    course = [(0.0, [Action("VMAT2", destruction=rate / SECONDS_PER_HOUR)]), (SECONDS_PER_HOUR, [])]
    events = pharmacodynamics.schedule(rest, course, systemic=True)
    return solve.run(rest, np.union1d([0.0, SECONDS_PER_HOUR], times), events)


@remembered
def reserpine_dose(rest: Network) -> float:
    """Rate (1/h, for an hour) at which VMAT2 is lost that leaves as little NE as was measured at the lowest point.

    A null model whose store falls below that by itself gets the smallest dose.
    """
    lowest, day = parameters.load().value("reserpine_lowest", "dimensionless"), np.linspace(0.0, SECONDS_PER_DAY, 49)

    def excess(rate: float) -> float:
        return float(np.min(tissue(reserpine(rest, rate, day))) / tissue(rest)) - lowest

    least, most = 0.1, 10.0
    return float(brentq(excess, least, most, xtol=1e-6)) if excess(least) > 0 else least


@remembered
def store_after_reserpine(rest: Network) -> tuple[Array, Array]:
    """Times (s, to 5 days) and the store as a share of rest, after `reserpine_dose`."""
    fine = np.append(np.linspace(0.0, 4 * SECONDS_PER_HOUR, 481), 5 * SECONDS_PER_DAY)
    run = reserpine(rest, reserpine_dose(rest), fine)
    return run.times, tissue(run) / tissue(rest)


@protocol
def reserpine_2_hours(rest: Network) -> float:
    """NE left in the brain 2 h after reserpine."""
    times, store = store_after_reserpine(rest)
    return float(np.interp(2 * SECONDS_PER_HOUR, times, store))


@protocol
def reserpine_5_days(rest: Network) -> float:
    """NE in the brain 5 days after reserpine."""
    return float(store_after_reserpine(rest)[1][-1])


@protocol
def reserpine_half(rest: Network) -> float:
    """Minutes until reserpine has halved NE in the brain."""
    times, store = store_after_reserpine(rest)
    return float(np.interp(-0.5, -store[:-1], times[:-1]) / 60)


@remembered
def thirty_days(rest: Network) -> dict[str, solve.Run]:
    """Runs of a month under three drugs: reserpine once, an irreversible MAO inhibitor once, a NET inhibitor for two weeks.

    The first two act for an hour: reserpine at `reserpine_dose`, the other until next to no MAO is left.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.

    Returns
    -------
    dict of str to Run
        By drug; times in s.
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


def direction(run: solve.Run, species: str) -> float:
    """Direction in which a species has moved by the end of a run that starts at rest, 0 where by less than a tenth."""
    change = run.final[species] / run[species][0] - 1
    return float(np.sign(change)) if abs(change) > 0.1 else 0.0


def metabolite_after(species: str, *drugs: Callable[[], Action]) -> Callable[[Network], float]:
    """Direction in which a metabolite moves within two hours of drugs given to the whole animal."""
    return lambda rest: direction(systemic(rest, *(drug() for drug in drugs)), species)


def metabolite_under_stimulation(species: str) -> Callable[[Network], float]:
    """Direction in which a metabolite moves while the LC is driven at 5 Hz for 20 min; the rate was not read (Li 1986)."""
    return lambda rest: direction(local(rest, hours=1 / 3, firing=5.0), species)


def antagonist() -> Action:
    """Action of an alpha2 antagonist that leaves no receptor free."""
    return ANTAGONIST


@protocol
def dhpg_faster_than_mhpg(rest: Network) -> float:
    """Return 1 if more DHPG is formed than MHPG at rest, else -1 (Karege & Gaillard, rat brain)."""
    volume = rest.compartments["extracellular"]
    mhpg = rest.flux("COMT on DHPG") * volume + rest.flux("MAO on NMN") * volume
    return float(np.sign(rest.flux("MAO NE") - mhpg))


dhpg_after_desipramine = protocol(metabolite_after("dhpg", desipramine_injected))
mhpg_after_desipramine = protocol(metabolite_after("mhpg", desipramine_injected))
dhpg_after_antagonist = protocol(metabolite_after("dhpg", antagonist))
mhpg_after_antagonist = protocol(metabolite_after("mhpg", antagonist))
dhpg_after_antagonist_and_desipramine = protocol(metabolite_after("dhpg", antagonist, desipramine_injected))
dhpg_under_stimulation = protocol(metabolite_under_stimulation("dhpg"))
mhpg_under_stimulation = protocol(metabolite_under_stimulation("mhpg"))
