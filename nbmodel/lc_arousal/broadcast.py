"""One rate, many places: how the firing of a few thousand cells becomes norepinephrine in each region of the brain.

Every region gets the same impulses. Regions differ in how far away they are and in how densely terminals stand; a
region is the terminal of `norepinephrine_terminal` with more or fewer of them in the same tissue. Density is read from the
NE content of the tissue, as nearly all NE lies in terminals. Of the regions below, only the contents of the cortex were
read at a source; paths are guesses by the size of the brain.

The hypothalamus is left out: its nuclei hold 3 to 20 times as much NE as the cortex, but mostly from cell groups A1 and
A2, which the LC does not speak for. That LC cells all say the same is itself a simplification: they project in part to
different places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.protocol import protocol
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.models import dialysis_protocols, norepinephrine_terminal, transients

if TYPE_CHECKING:
    import pandas as pd

REGIONS = ("frontal", "occipital", "hippocampus", "thalamus", "cerebellum", "brainstem")
Species = Literal["rat", "human"]


@dataclass(frozen=True)
class Region:
    """Place that the LC reaches: terminals per tissue relative to the reference cortex, path (mm), delay (ms) and its bounds."""

    name: str
    density: float
    path: float
    delay: float
    delay_low: float
    delay_high: float


def regions(species: Species = "rat") -> tuple[Region, ...]:
    """List of the regions of `REGIONS`. Human paths are rat paths times the length of the brain; densities are those of the rat.

    The bounds of a delay take the shortest path at the fastest velocity and the longest at the slowest.
    """
    table = parameters.load()
    scale = table["length_human_rat"].value if species == "human" else 1.0
    speed = table["v_axon"]  # m/s, which is mm/ms
    found = []
    for name in REGIONS:
        path = table[f"path_{name}"]
        density = table.value(f"C_NE_{name}", "ug/g") / table.value("C_NE_cortex", "ug/g")
        ends = (path.value / speed.value, path.low / speed.high, path.high / speed.low)
        found.append(Region(name, density, scale * path.value, *(scale * end for end in ends)))
    return tuple(found)


@remembered
def terminals(rest: Network, density: float, uptake: float | None = None) -> Network:
    """Region with `density` times as many terminals per tissue as `rest`, within minutes at rest: its store is clamped.

    Release per tissue grows with their number, and so does NET, unless `uptake` says how many times as much NET the tissue
    has. Diffusion and uptake-2 belong to the tissue and stay as they are. Raises ValueError for a density not above zero.
    """
    if density <= 0:
        raise ValueError("a region needs some terminals: the density must be above zero")
    volumes = {**rest.compartments, "extracellular": rest.compartments["extracellular"] / density}
    capacity = rest.parameters["Vmax_NET"] * (density if uptake is None else uptake)
    region = replace(rest, compartments=volumes).replace(Vmax_NET=capacity)
    return solve.steady_state(norepinephrine_terminal.with_store_clamped(region))


def level(rest: Network, densities: ArrayLike, uptake: float | None = None) -> Array:
    """NE outside at rest (nM) for each density, with NET in proportion to it or at `uptake` times the reference."""
    return np.array([1e3 * terminals(rest, float(d), uptake)["ne_e"] for d in np.atleast_1d(densities)])


@dataclass(frozen=True)
class Arrival:
    """Burst as a region receives it: times (s) from the burst's first impulse at the LC, and NE outside (nM)."""

    region: Region
    times: Array
    ne: Array
    peak: float
    returns: float

    @property
    def basal(self) -> float:
        """NE before the burst arrives, nM."""
        return float(self.ne[0])


def broadcast(
    rest: Network, rate: float, duration: float, species: Species = "rat", same_uptake: bool = False
) -> list[Arrival]:
    """Burst of the LC as it arrives in every region.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    rate : float
        Rate of the burst, Hz.
    duration : float
        Its length, s.
    species : {'rat', 'human'}
        Whose paths the impulses take.
    same_uptake : bool
        True leaves NET as in the reference cortex everywhere.

    Returns
    -------
    list of Arrival
        One for each of `REGIONS`.
    """
    found = []
    for region in regions(species):
        local = terminals(rest, region.density, 1.0 if same_uptake else None)
        run = transients.burst(local, rate, duration)
        peak, returns = transients.peak_and_return(run)
        times = run.times - transients.BURST_STARTS + region.delay / 1e3
        found.append(Arrival(region, times, 1e3 * run["ne_e"], peak, returns))
    return found


def table(rest: Network, rate: float, duration: float, species: Species = "rat") -> pd.DataFrame:
    """Table of what a burst does in every region, with NET in proportion to terminals and (`same_uptake`) without.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    rate : float
        Rate of the burst, Hz.
    duration : float
        Its length, s.
    species : {'rat', 'human'}
        Whose paths the impulses take.

    Returns
    -------
    DataFrame
        A row per region: density, path, delays (ms), NE before and at its peak (nM), and time until it is back (s).
    """
    import pandas as pd

    rows = []
    for scaled, same in zip(
        broadcast(rest, rate, duration, species), broadcast(rest, rate, duration, species, True), strict=True
    ):
        region = scaled.region
        rows.append(
            {
                "region": region.name,
                "density": region.density,
                "path_mm": region.path,
                "delay_ms": region.delay,
                "delay_low_ms": region.delay_low,
                "delay_high_ms": region.delay_high,
                "basal_nM": scaled.basal,
                "peak_nM": scaled.peak,
                "rise_nM": scaled.peak - scaled.basal,
                "returns_s": scaled.returns,
                "basal_same_uptake_nM": same.basal,
                "peak_same_uptake_nM": same.peak,
            }
        )
    return pd.DataFrame(rows)


def cells() -> pd.DataFrame:
    """LC cells on both sides, brain neurons, and brain neurons for each LC cell.

    Returns
    -------
    DataFrame
        A row per count, with its bounds and what they are.

    Examples
    --------
    >>> cells()["count"].tolist()[0]
    'rat, both sides'
    """
    import pandas as pd

    p = parameters.load()
    rows = []
    for count, species, symbol, sides, bounds in (
        ("rat, both sides", "rat", "N_LC_rat", 2, "standard error of the mean"),
        ("human, cells with pigment", "human", "N_LC_human", 1, "oldest and youngest of five brains"),
        ("human, cells with TH", "human", "N_LC_human_TH", 1, "if the count is both sides, or one"),
    ):
        lc, brain = p[symbol], p[f"N_brain_{species}"]
        rows.append(
            {
                "count": count,
                "lc_cells": sides * lc.value,
                "low": sides * lc.low,
                "high": sides * lc.high,
                "bounds": bounds,
                "brain_neurons": brain.value,
                "neurons_per_lc_cell": brain.value / (sides * lc.value),
            }
        )
    return pd.DataFrame(rows)


# -- protocols: published observations, repeated ------------------------------------------------------------------


@protocol
def rat_frontal_delay(_: Network) -> float:
    """Time that an impulse takes from LC to frontal cortex in the rat, ms (antidromic latency of one cell: 60)."""
    return regions("rat")[REGIONS.index("frontal")].delay


@protocol
def hippocampus_of_cortex(rest: Network) -> float:
    """Effect of reboxetine on NE in hippocampus, as a share of that in frontal cortex (Sacchetti 1999)."""
    found = {region.name: dialysis_protocols.reboxetine(terminals(rest, region.density)) for region in regions("rat")}
    return found["hippocampus"] / found["frontal"]
