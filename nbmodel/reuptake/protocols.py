"""Published experiments on clearance, repeated on any terminal: what the evidence on reuptake is computed with."""

from __future__ import annotations

import numpy as np

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.protocol import protocol
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.models import circulation, norepinephrine_terminal, probes
from nbmodel.models.transients import clearance_half_life
from nbmodel.reuptake.fates import fates


@protocol
def slice_half_life(rest: Network) -> float:
    """Half-life of evoked NE in a slice without drug, s (Palij & Stamford 1994)."""
    return clearance_half_life(rest)


@protocol
def slice_desipramine(rest: Network) -> float:
    """Factor by which 50 nM desipramine in the bath prolongs that half-life (Palij & Stamford 1994)."""
    occupancy = parameters.load().value("occ_DMI_50nM", "dimensionless")
    return clearance_half_life(rest, occupancy, 120.0) / clearance_half_life(rest)


@protocol
def net_knock_out(rest: Network) -> float:
    """Factor by which clearance takes longer in a slice without NET at all (mice; Xu 2000)."""
    return clearance_half_life(rest, 1.0, 120.0) / clearance_half_life(rest)


@protocol
def recaptured_stored(rest: Network) -> float:
    """Share of recaptured NE that is stored again, not broken down (dog heart; Eisenhofer 1991)."""
    return fates(rest)["stored_again"]


@protocol
def leak_of_dhpg(rest: Network) -> float:
    """Share of resting DHPG that stems from NE leaking out of vesicles (dog heart; Eisenhofer 1991)."""
    return fates(rest)["dhpg_from_leak"]


@protocol
def heart_desipramine(rest: Network) -> float:
    """Share of arterial NE that a heart removes with desipramine, if NET's share is that of this terminal."""
    return circulation.heart_removal_desipramine(fates(rest)["net"])


@protocol
@remembered
def train_of_30(rest: Network) -> float:
    """Peak (uM) that a carbon fibre sees after 30 impulses at 100 Hz in a slice of the LC (Palij & Stamford 1994).

    All cells are driven; between the impulses they are silent.
    """
    silent = norepinephrine_terminal.in_slice(rest).replace(firing=0.0).starting_at({"ne_lc": 0.0})
    impulses = [solve.Impulse(0.01 * i, ("release at LC cell bodies",)) for i in range(30)]
    run = solve.run(silent, np.linspace(0.0, 1.0, 201), impulses)
    return float(np.max(probes.voltammogram(run, "ne_lc"))) / 1e3
