"""Fates of norepinephrine at rest: cleared by what, stored again or broken down, and the ledger of all its fluxes."""

from __future__ import annotations

from nbmodel.core.network import Network
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.terminal_reactions import RELEASED


def fates(rest: Network) -> dict[str, float]:
    """Shares in which NE goes its ways at rest.

    Returns
    -------
    dict
        `net`: share of clearance from outside that NET does; `stored_again`: share of NE reaching the cytosol that is
        packed into vesicles; `dhpg_from_leak`: share of DHPG that stems from NE leaking out of vesicles.

    Examples
    --------
    >>> from nbmodel import norepinephrine_terminal
    >>> {name: round(share, 2) for name, share in fates(norepinephrine_terminal.network()).items()}
    {'net': 0.95, 'stored_again': 0.95, 'dhpg_from_leak': 0.77}
    """
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
    """Fluxes of NE and its metabolites at rest, by the name of their reaction, in % of the store per hour.

    What comes in (DBH) and what goes out (MAO, uptake-2, diffusion) balance.
    """
    volume, store = rest.compartments["extracellular"], rest["ne_v"] + rest["ne_d"]
    inside = ("DBH", "leak of NE", "VMAT2 NE", *RELEASED, "MAO NE")
    outside = ("NET NE", "uptake-2 and COMT, NE", "diffusion of NE", "COMT on DHPG", "MAO on NMN")
    rates = {name: rest.flux(name) for name in inside} | {name: rest.flux(name) * volume for name in outside}
    return {name: 100 * norepinephrine_terminal.SECONDS_PER_HOUR * rate / store for name, rate in rates.items()}
