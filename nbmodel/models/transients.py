"""Norepinephrine outside the cells in the seconds after firing changes: a burst, what is left of it, a decay.

Clearance by NET, uptake-2 and diffusion ends each of them; every theme asks for them.
"""

from __future__ import annotations

import numpy as np

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.models import norepinephrine_terminal

FINE = 60.0  # s; to here a run has a point every 0.1 s
BURST_STARTS = 2.0  # s after the start of a picture, so that the resting level is seen first


@remembered(maxsize=32)
def burst(rest: Network, rate: float, duration: float, net_occupancy: float = 0.0, seconds: float = 60.0) -> solve.Run:
    """Run of a burst of firing on top of rest, with a share of NET blocked.

    The burst starts from the steady state that the block leads to within minutes, the store clamped: a signal's fate,
    not the store's, is the question here.

    Parameters
    ----------
    rest : Network
        A terminal at rest.
    rate, duration : float
        Firing rate within the burst (Hz) and how long it lasts (s).
    net_occupancy : float
        Share of NET that a drug blocks, 0 to 1.
    seconds : float
        Length of the run (s). The burst begins `BURST_STARTS` after its start.

    Returns
    -------
    Run
        Concentrations in uM at about 600 times in s.

    Examples
    --------
    >>> from nbmodel import norepinephrine_terminal
    >>> peak, back = peak_and_return(burst(norepinephrine_terminal.network(), rate=10.0, duration=0.4))
    >>> f"NE peaks at {peak:.1f} nM and is back within {back:.0f} s"
    'NE peaks at 9.6 nM and is back within 6 s'
    """
    clamped = norepinephrine_terminal.with_store_clamped(rest)
    start = solve.steady_state(norepinephrine_terminal.with_net_blocked(clamped, net_occupancy))
    events = (
        solve.Step(BURST_STARTS, {"firing": rate}),
        solve.Step(BURST_STARTS + duration, {"firing": rest.parameters["firing"]}),
    )
    # A long run is as fine as a short one while the burst is on its way.
    grids = (np.linspace(0.0, min(seconds, FINE), 601), np.linspace(0.0, seconds, 601))
    times = np.union1d(np.concatenate(grids), [event.at for event in events])
    return solve.run(start, times, events)


def peak_and_return(run: solve.Run, left: float = 0.05) -> tuple[float, float]:
    """Peak of extracellular NE (nM), and the time (s) from that peak until the share `left` of the excursion is left.

    For a pause in firing, the trough and the time from there; nan where the run ends before.
    """
    ne = 1e3 * run["ne_e"]
    excursion = np.abs(ne - ne[0])
    top = int(np.argmax(excursion))
    # What is smaller than 1e-6 nM is the solver's noise: a "burst" at the resting rate has no excursion.
    back = np.flatnonzero(excursion[top:] <= left * excursion[top] + 1e-6)
    return float(ne[top]), float(run.times[top + back[0]] - run.times[top]) if back.size else float("nan")


@remembered(maxsize=32)
def decay(rest: Network, net_occupancy: float = 0.0, seconds: float = 60.0, *, in_slice: bool = True) -> solve.Run:
    """Run of extracellular NE after a train has raised it to a published peak, and firing has stopped.

    A slice has no tonic firing, so nothing is released while it decays and no feedback takes part. With `in_slice` False
    the same happens in the living brain, where nothing is lost to a bath.

    References
    ----------
    The peak is that of Palij & Stamford 1994 (`palij1994` in references.bib).

    Examples
    --------
    >>> from nbmodel import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> f"{half_life(decay(rest)):.1f} s, and {half_life(decay(rest, 0.9)):.1f} s with 90 % of NET blocked"
    '3.0 s, and 10.0 s with 90 % of NET blocked'
    """
    peak = parameters.load().value("peak_30p", "uM")
    place = norepinephrine_terminal.in_slice(rest) if in_slice else rest
    blocked = norepinephrine_terminal.with_net_blocked(place, net_occupancy)
    start = blocked.replace(firing=0.0).starting_at({"ne_e": peak, "da_e": 0.0})
    return solve.run(start, np.linspace(0.0, seconds, 1201))


def half_life(run: solve.Run) -> float:
    """Time (s) at which extracellular NE has fallen to half of where it started."""
    ne: Array = run["ne_e"] / run["ne_e"][0]
    return float(np.interp(-0.5, -ne, run.times))


@remembered
def clearance_half_life(rest: Network, net_occupancy: float = 0.0, seconds: float = 60.0) -> float:
    """Half-life (s) of `decay`."""
    return half_life(decay(rest, net_occupancy, seconds))
