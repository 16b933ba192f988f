"""Reach of one vesicle: the norepinephrine it sets free spreads through brain tissue while NET removes it.

The source is a point and an instant, the tissue has no edge, and removal is first-order everywhere: valid where NE is
well below the Km of NET. Then (Nicholson; Rice & Cragg 2008), for N molecules at distance r and time t,

    C(r, t) = N / (alpha (4 pi D* t)^(3/2)) * exp(-r^2 / (4 D* t)) * exp(-k t),    D* = D / lambda^2

The constants of uptake in `parameters.csv` are per volume of extracellular fluid, and C is the concentration in that
fluid, so k = Vmax_NET / Km_NET_NE + k_uptake2 holds as it stands: no further alpha. `k_uptake2` is the terminal's, of the
living brain; the spread between cells is the formula's own. Close to the vesicle, where NE is far above
Km, NET is saturated and removes a smaller share than k says: uptake matters even less there than is computed here.

Distances are um, times s, concentrations nM above the basal level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from nbmodel.core.network import Array
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models import norepinephrine_terminal

if TYPE_CHECKING:
    import pandas as pd

DIMENSIONS = 3
# What a notebook asks about: at which NE concentration does something happen?
LEVELS = {
    "alpha2 autoreceptor half held": "Kd_a2auto",
    "alpha1 receptor half held": "K_NE_a1",
    "NET at half speed": "Km_NET_NE",
}


@dataclass(frozen=True, slots=True)
class Varicosity:
    """Release of one vesicle and the tissue around it.

    Parameters
    ----------
    molecules : float
        NE molecules that are set free.
    diffusion : float
        Effective diffusion coefficient D*, um^2/s.
    volume_fraction : float
        Share alpha of the tissue that is extracellular space.
    uptake, without_net : float
        Rate constant k of removal with NET and without it, 1/s.
    """

    molecules: float
    diffusion: float
    volume_fraction: float
    uptake: float
    without_net: float

    @property
    def amount(self) -> float:
        """Amount of NE, as the concentration (nM) that it would make in one um^3 of tissue."""
        return self.molecules * parameters.convert(1.0, "particle/um**3", "nM") / self.volume_fraction

    def concentration(self, r: ArrayLike, t: ArrayLike, uptake: bool = True) -> Array:
        """NE (nM, above the basal level) at distance `r` (um) and time `t` (s, > 0) after release, broadcast together.

        With `uptake` False, removal is left out.

        Raises
        ------
        ValueError
            For a time that is not above zero: at time zero everything is in one point.
        """
        distance, time = np.asarray(r, dtype=float), np.asarray(t, dtype=float)
        if np.any(time <= 0):
            raise ValueError("times must be above zero: at the moment of release all NE is in one point")
        spread = 4 * self.diffusion * time
        near = self.amount / (np.pi * spread) ** (DIMENSIONS / 2)
        return np.asarray(near * np.exp(-(distance**2) / spread - self.uptake * uptake * time))

    def time_of_peak(self, r: ArrayLike, uptake: bool = True) -> Array:
        """Time (s) at which NE is highest at distance `r` (um): where the slope of `concentration` is zero."""
        distance, k = np.asarray(r, dtype=float), self.uptake * uptake
        half = DIMENSIONS / 2
        return np.asarray(
            distance**2 / (2 * self.diffusion) / (half + np.sqrt(half**2 + k * distance**2 / self.diffusion))
        )

    def peak(self, r: ArrayLike, uptake: bool = True) -> Array:
        """Highest NE (nM) at distance `r` (um, > 0). Raises ValueError at zero distance, where it has no bound."""
        return self.concentration(r, self.time_of_peak(r, uptake), uptake)

    def reach(self, level: float, uptake: bool = True) -> float:
        """Distance (um) within which the peak exceeds `level` (nM, above zero)."""
        # Without uptake the peak is proportional to r^-3; uptake only lowers it, so this distance is the farthest.
        farthest = float((self.peak(1.0, uptake=False) / level) ** (1 / DIMENSIONS))
        if not uptake:
            return farthest
        return float(brentq(lambda r: float(self.peak(r)) / level - 1, farthest / 1e3, 2 * farthest, rtol=1e-12))

    def lasts(self, level: float, uptake: bool = True) -> float:
        """Time (s) for which NE is above `level` (nM, above zero) anywhere: it is so longest where it was released."""
        longest = float((self.amount / level) ** (2 / DIMENSIONS) / (4 * np.pi * self.diffusion))
        if not uptake:
            return longest
        return float(
            brentq(lambda t: float(self.concentration(0.0, t)) / level - 1, longest / 1e6, 2 * longest, rtol=1e-12)
        )

    def half_life(self, r: float, uptake: bool = True) -> float:
        """Time (s) from the peak at distance `r` (um, > 0) until half of it is left: dilution first of all.

        Examples
        --------
        >>> round(1e3 * varicosity().half_life(1.0), 1)  # ms
        1.5
        """
        top, highest = float(self.time_of_peak(r, uptake)), float(self.peak(r, uptake))
        end = 4 * float(self.time_of_peak(r, uptake=False))  # without uptake 39 % is left then, with it less
        return (
            float(brentq(lambda t: float(self.concentration(r, t, uptake)) / highest - 0.5, top, end, rtol=1e-12)) - top
        )

    def tissue_half_life(self, net: bool = True) -> float:
        """Half-life (s) of NE averaged over the tissue, where dilution is over and removal alone is left.

        Examples
        --------
        >>> round(varicosity().tissue_half_life(), 1)
        2.0
        """
        return float(np.log(2) / (self.uptake if net else self.without_net))

    def length(self, net: bool = True) -> float:
        """Distance (um) over which NE falls to 1/e around a place of steady release (beyond the 1/r of spreading)."""
        return float(np.sqrt(self.diffusion / (self.uptake if net else self.without_net)))


def varicosity(p: Parameters | None = None) -> Varicosity:
    """Release of one vesicle, with the tissue around it.

    Its methods tell how far and how long NE reaches: `concentration`, `peak`, `reach`, `lasts`, `half_life`.

    Parameters
    ----------
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    Varicosity

    Raises
    ------
    ParameterError
        When rows are missing.

    References
    ----------
    Rice and Cragg 2008 for the formula; see the head of this module.

    Examples
    --------
    >>> round(varicosity().reach(10.0), 1)  # um, at which the peak is still 10 nM
    8.4
    """
    p = p or parameters.load()
    rest = norepinephrine_terminal.network(p).parameters["k_uptake2"]
    return Varicosity(
        molecules=p.value("molecules_vesicle", "particle"),
        diffusion=p.value("D_free", "um**2/s") / p.value("lambda_ecs", "dimensionless") ** 2,
        volume_fraction=p.value("alpha_ecs", "dimensionless"),
        uptake=p.value("Vmax_NET", "uM/s") / p.value("Km_NET_NE", "uM") + rest,
        without_net=rest,
    )


def answers(p: Parameters | None = None) -> pd.DataFrame:
    """Table of how far and how long NE of one vesicle is above the concentrations of `LEVELS`.

    Parameters
    ----------
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    DataFrame
        A row per level: level_nM, reach_um and lasts_s, each with uptake and without any.

    Examples
    --------
    >>> [round(x) for x in answers()["level_nM"]]
    [10, 60, 280]
    """
    import pandas as pd

    p = p or parameters.load()
    one = varicosity(p)
    rows = []
    for what, symbol in LEVELS.items():
        level = p.value(symbol, "nM")
        rows.append(
            {
                "what": what,
                "level_nM": level,
                "reach_um": one.reach(level),
                "reach_without_uptake_um": one.reach(level, uptake=False),
                "lasts_s": one.lasts(level),
                "lasts_without_uptake_s": one.lasts(level, uptake=False),
            }
        )
    return pd.DataFrame(rows)
