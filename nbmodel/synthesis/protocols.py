"""Published experiments on synthesis and on NE in blood, repeated on any terminal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.protocol import protocol
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.drugs import pharmacodynamics
from nbmodel.models import circulation, dialysis, norepinephrine_terminal
from nbmodel.models.probes import tissue
from nbmodel.models.terminal_reactions import RELEASED
from nbmodel.synthesis.pathway import course, dopamine_response


@protocol
@remembered
def th_blocked_4h(rest: Network) -> float:
    """NE left in the tissue 4 h after alpha-methyltyrosine has blocked 80 % of synthesis, as a share of before.

    What was measured is synthesis, not the enzyme: as its products fall TH works harder, so the share of TH left is the
    one with which a fifth of NE is made over the 4 h.
    """
    left = 1 - parameters.load().value("block_aMT", "dimensionless")

    def blocked(share: float) -> solve.Run:
        return course(rest.replace(th_activity=share), 4.0)

    def excess(share: float) -> float:
        return float(np.mean(blocked(share).rate("TH"))) / rest.flux("TH") - left

    content = tissue(blocked(float(brentq(excess, 0.0, 1.0, xtol=1e-6))))
    return float(content[-1] / content[0])


@protocol
def one_th_gene(rest: Network) -> float:
    """NE in tissue with as much TH for life as mice have that carry one good copy of its gene; a share of before."""
    left = parameters.load().value("TH_one_gene", "dimensionless")
    return float(tissue(solve.steady_state(rest.replace(th_activity=left))) / tissue(rest))


@protocol
def meal(rest: Network) -> float:
    """Vesicular dopamine of the published dopamine terminal when blood tyrosine doubles, as a multiple of before."""
    return dopamine_response(btyr=2 * parameters.published_model("best2009")["btyr"])["vda"]


def droxidopa_on(species: str) -> Callable[[Network], float]:
    """Direction in which two days of droxidopa move a species of a terminal without DBH (Biaggioni & Robertson 1987).

    The terminal has been without DBH for two days before; the same days without droxidopa stand beside.
    """

    def sign(rest: Network) -> float:
        ill = rest.replace(dbh_activity=0.0)
        ill = ill.starting_at(course(ill, 48.0).final)
        treated, untreated = course(ill.replace(droxidopa_supply=rest.flux("DBH")), 48.0), course(ill, 48.0)
        return float(np.sign(treated[species][-1] - untreated[species][-1]))

    return sign


@protocol
def clonidine_plasma(rest: Network) -> float:
    """Plasma NE after clonidine, as a share of before: sympathetic nerves release less, plasma follows in minutes."""
    drugged = pharmacodynamics.under(rest, dialysis.saturating_clonidine(), systemic=True)
    steady = solve.steady_state(norepinephrine_terminal.with_store_clamped(drugged))
    released, before = (sum(one.flux(name) for name in RELEASED) for one in (steady, rest))
    return released / before


def in_blood(experiment: Callable[[Network], float]) -> Callable[[Network], float]:
    """Protocol of an experiment on blood alone: its number is the same whatever the terminal."""

    def measured(_: Network) -> float:
        return experiment(circulation.network())

    return protocol(measured)


droxidopa_on_ne = protocol(droxidopa_on("ne_v"))
droxidopa_on_dopamine = protocol(droxidopa_on("da_e"))
plasma_half_life = in_blood(circulation.plasma_half_life)
standing = in_blood(circulation.standing)
stress_interview = in_blood(circulation.stress_interview)
cardiac_arrest = in_blood(circulation.cardiac_arrest)
infusion_high = in_blood(circulation.infusion_high)
infusion_low_fold = in_blood(circulation.infusion_low_fold)
