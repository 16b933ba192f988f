"""What ends the signal: clearance by NET, uptake-2 and diffusion, and what becomes of what is taken back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.models import circulation, dialysis, norepinephrine_terminal, receptors
from nbmodel.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

BURST_STARTS = 2.0  # s after the start of a picture, so that the resting level is seen first

BASAL_LEVELS = (2.0, 6.0, 14.0)  # nM: what knock-outs want, the collection's own, what antagonists want

# What a list of many reports shows of each.
KEY_RESULTS = ("half_life", "half_life_with_block", "burst_peak_with_block", "burst_return_with_block")


@remembered
def resting(basal_ne: float) -> Network:
    """The terminal at rest with another basal extracellular NE (nM): the number least well known of all."""
    return norepinephrine_terminal.network(parameters.load().replace(x0_ECF=basal_ne))


@lru_cache(maxsize=32)
def burst(rest: Network, rate: float, duration: float, net_occupancy: float = 0.0, seconds: float = 60.0) -> solve.Run:
    """A burst of firing (`rate` Hz for `duration` s) on top of rest, with a share of NET blocked.

    The burst starts from the steady state that the block leads to within minutes, the store held: a signal's fate, not
    the store's, is the question here. Times in s from `BURST_STARTS` before the burst.
    """
    endless = norepinephrine_terminal.with_endless_store(rest)
    start = solve.steady_state(norepinephrine_terminal.with_net_blocked(endless, net_occupancy))
    events = (
        solve.Step(BURST_STARTS, {"firing": rate}),
        solve.Step(BURST_STARTS + duration, {"firing": rest.parameters["firing"]}),
    )
    times = np.union1d(np.linspace(0.0, seconds, 601), [event.at for event in events])
    return solve.run(start, times, events)


def peak_and_return(run: solve.Run) -> tuple[float, float]:
    """The peak of extracellular NE (nM), and the time (s) from that peak until 95 % of the excursion is over.

    For a pause in firing, the trough and the time from there.
    """
    ne = 1e3 * run["ne_e"]
    excursion = np.abs(ne - ne[0])
    top = int(np.argmax(excursion))
    # What is smaller than 1e-6 nM is the solver's noise: a "burst" at the resting rate has no excursion.
    back = np.flatnonzero(excursion[top:] <= 0.05 * excursion[top] + 1e-6)
    return float(ne[top]), float(run.times[top + back[0]] - run.times[top]) if back.size else float("nan")


@lru_cache(maxsize=32)
def decay(rest: Network, net_occupancy: float = 0.0, seconds: float = 60.0) -> solve.Run:
    """Extracellular NE after a train has raised it to the peak of Palij & Stamford 1994, and firing has stopped.

    A slice has no tonic firing, so nothing is released while it decays and no feedback takes part.
    """
    peak = parameters.load().value("peak_30p", "uM")
    blocked = norepinephrine_terminal.with_net_blocked(rest, net_occupancy)
    start = blocked.replace(firing=0.0).starting_at({"ne_e": peak, "da_e": 0.0})
    return solve.run(start, np.linspace(0.0, seconds, 1201))


def half_life(run: solve.Run) -> float:
    """The time (s) at which extracellular NE has fallen to half of where it started."""
    ne: Array = run["ne_e"] / run["ne_e"][0]
    return float(np.interp(-0.5, -ne, run.times))


@remembered
def clearance_half_life(rest: Network, net_occupancy: float = 0.0, seconds: float = 60.0) -> float:
    """The half-life (s) of `decay`."""
    return half_life(decay(rest, net_occupancy, seconds))


def fates(rest: Network) -> dict[str, float]:
    """Where NE goes at rest, as shares (of clearance, of what reaches the cytosol, of DHPG)."""
    volume = rest.compartments["extracellular"]
    taken_back, leaked = rest.flux("NET NE") * volume, rest.flux("leak of NE")
    lost = (rest.flux("uptake-2 and COMT, NE") + rest.flux("diffusion of NE")) * volume
    stored, broken_down = rest.flux("VMAT2 NE"), rest.flux("MAO NE")
    return {
        "net": taken_back / (taken_back + lost),
        "stored_again": stored / (stored + broken_down),
        "dhpg_from_leak": leaked / (leaked + taken_back),
    }


def ledger(rest: Network) -> dict[str, float]:
    """The fluxes of NE and its metabolites at rest, in % of the store per hour; what comes in and what goes out balance."""
    volume, store = rest.compartments["extracellular"], rest["ne_v"] + rest["ne_d"]
    inside = ("DBH", "leak of NE", "VMAT2 NE", "release of NE", "MAO NE")
    outside = ("NET NE", "uptake-2 and COMT, NE", "diffusion of NE", "COMT on DHPG", "MAO on NMN")
    rates = {name: rest.flux(name) for name in inside} | {name: rest.flux(name) * volume for name in outside}
    return {name: 100 * norepinephrine_terminal.SECONDS_PER_HOUR * rate / store for name, rate in rates.items()}


@remembered
def _without_the_drug(basal_ne: float) -> dict[str, tuple[float, str]]:
    """What no setting but the basal level changes, name -> value and unit: a batch asks for it again and again."""
    rest = resting(basal_ne)
    shares = fates(rest)
    alpha1, alpha2 = (receptors.half_occupied(name) for name in ("alpha1", "alpha2 on the target"))
    return {
        "half_life": (clearance_half_life(rest), "s"),
        "ne_with_alpha2_blocked": (100 * dialysis.yohimbine(rest), "%"),
        "ne_with_inhibitor": (dialysis.net_inhibitor(rest), "of rest"),
        "ne_with_inhibitor_and_idazoxan": (100 * dialysis.net_inhibitor_idazoxan(rest), "%"),
        "half_life_with_desipramine": (slice_desipramine(rest), "of no drug"),
        "alpha1_over_alpha2_half_occupied": (alpha1 / alpha2, "of alpha2"),
        "ne_without_mao": (dialysis.mao_inhibitor(rest), "of rest"),
        "share_cleared_by_net": (100 * shares["net"], "%"),
        "heart_removal_with_desipramine": (100 * heart_desipramine(rest), "%"),
        "share_stored_again": (100 * shares["stored_again"], "%"),
        "share_of_dhpg_from_leak": (100 * shares["dhpg_from_leak"], "%"),
    }


def results(case: Scenario) -> pd.DataFrame:
    """The numbers of the theme for a scenario: a table with columns name, value, unit."""
    import pandas as pd

    rest = resting(float(case["basal_ne"]))
    occupancy = float(case["net_occupancy"])
    free_peak, free_back = peak_and_return(burst(rest, case["burst_rate"], case["burst_duration"], 0.0, 300.0))
    peak, back = peak_and_return(burst(rest, case["burst_rate"], case["burst_duration"], occupancy, 300.0))
    undrugged = [(name, *found) for name, found in _without_the_drug(float(case["basal_ne"])).items()]
    rows = [
        undrugged[0],
        ("half_life_with_block", clearance_half_life(rest, occupancy, 120.0), "s"),
        ("burst_peak", free_peak, "nM"),
        ("burst_peak_with_block", peak, "nM"),
        ("burst_return", free_back, "s"),
        ("burst_return_with_block", back, "s"),
        *undrugged[1:],
    ]
    return pd.DataFrame(rows, columns=["name", "value", "unit"])


# -- protocols: published experiments, repeated on any terminal ----------------------------------------------------


def slice_half_life(rest: Network) -> float:
    """Half-life of evoked NE in a slice without drug, s (Palij & Stamford 1994)."""
    return clearance_half_life(rest)


def slice_desipramine(rest: Network) -> float:
    """How many times longer that half-life is with 50 nM desipramine in the bath (Palij & Stamford 1994)."""
    occupancy = parameters.load().value("occ_DMI_50nM", "dimensionless")
    return clearance_half_life(rest, occupancy, 120.0) / clearance_half_life(rest)


def net_knock_out(rest: Network) -> float:
    """How many times longer clearance takes in a slice without NET at all (mice; Xu 2000)."""
    return clearance_half_life(rest, 1.0, 120.0) / clearance_half_life(rest)


def recaptured_stored(rest: Network) -> float:
    """Share of recaptured NE that is stored again, not broken down (dog heart; Eisenhofer 1991)."""
    return fates(rest)["stored_again"]


def leak_of_dhpg(rest: Network) -> float:
    """Share of resting DHPG that stems from NE leaking out of vesicles (dog heart; Eisenhofer 1991)."""
    return fates(rest)["dhpg_from_leak"]


def heart_desipramine(rest: Network) -> float:
    """Share of arterial NE that a heart removes with desipramine, if NET's share is that of this terminal."""
    return circulation.heart_removal_desipramine(fates(rest)["net"])


PROTOCOLS = {
    "slice_half_life": slice_half_life,
    "slice_desipramine": slice_desipramine,
    "net_knock_out": net_knock_out,
    "recaptured_stored": recaptured_stored,
    "leak_of_dhpg": leak_of_dhpg,
    "heart_desipramine": heart_desipramine,
    **dialysis.PROTOCOLS,
}
