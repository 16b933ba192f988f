"""One dose in a body: absorption by first order, or an infusion, then one or two exponentials. Closed forms only.

Linear kinetics: the levels of several doses add up (`plasma_levels`). Hours, litres, milligrams.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import lambertw

from nbmodel.core.network import Array


@dataclass(frozen=True, slots=True)
class Profile:
    """Kinetics of one substance in a body, by closed forms.

    1 mg in blood gives the sum of `amplitudes` (1/L) times exp(-`rates` (1/h) times time) mg/L.

    Parameters
    ----------
    bioavailability : float
        Share of a swallowed dose that enters blood.
    amplitudes, rates : tuple of float
        Amplitude (1/L) and rate (1/h) of each exponential.
    absorption : float
        Rate of absorption, 1/h.
    lag : float
        Time before absorption begins, h.

    Examples
    --------
    >>> drug = Profile(1.0, amplitudes=(0.02,), rates=(0.1,), absorption=1.0)
    >>> drug.clearance  # L/h
    5.0
    >>> level, area = drug.oral(np.array([2.5]))
    >>> round(float(level[0]), 4)  # mg/L of 1 mg, near its peak
    0.0155
    """

    bioavailability: float
    amplitudes: tuple[float, ...]
    rates: tuple[float, ...]
    absorption: float
    lag: float = 0.0

    @property
    def clearance(self) -> float:
        """Clearance (L/h): what has entered over its area under the level."""
        return 1 / sum(a / rate for a, rate in zip(self.amplitudes, self.rates, strict=True))

    def oral(self, since: Array) -> tuple[Array, Array]:
        """Level (mg/L) and area under it so far (mg h/L) of 1 mg swallowed `since` hours ago (zero before).

        Both have the shape of `since`.
        """
        time = np.maximum(since - self.lag, 0.0)
        entered = -np.expm1(-self.absorption * time)
        left = [bateman(time, self.absorption, rate) for rate in self.rates]
        level, area = self._added(entered, left)
        return self.bioavailability * level, self.bioavailability * area

    def infused(self, since: Array, length: float) -> tuple[Array, Array]:
        """Level (mg/L) and area so far (mg h/L) of 1 mg/h that flows into blood for `length` hours from the start on.

        `since` is the time since the start (h); both have its shape.
        """
        time = np.maximum(since, 0.0)
        on = np.minimum(time, length)
        return self._added(on, [-np.expm1(-rate * on) / rate * np.exp(-rate * (time - on)) for rate in self.rates])

    def _added(self, entered: Array, left: list[Array]) -> tuple[Array, Array]:
        """Level and area from what has entered and what each exponential has left of it: the rest has been cleared."""
        level, area = np.zeros_like(entered), np.zeros_like(entered)
        for amplitude, rate, here in zip(self.amplitudes, self.rates, left, strict=True):
            level += amplitude * here
            area += amplitude * (entered - here) / rate
        return level, area


def bateman(time: Array, absorption: float, elimination: float) -> Array:
    """Share of a dose that is in the body at `time` (h) after it was swallowed (Bateman 1910); equal rates need no limit.

    `absorption` and `elimination` are rates, 1/h.

    Examples
    --------
    >>> [round(float(share), 2) for share in bateman(np.array([0.0, 1.0, 10.0]), absorption=1.0, elimination=0.1)]
    [0.00, 0.60, 0.41]
    """
    slow, gap = min(absorption, elimination), abs(absorption - elimination) * time
    mean = np.divide(-np.expm1(-gap), gap, out=np.ones_like(gap), where=gap > 0)
    return np.asarray(absorption * time * np.exp(-slow * time) * mean)


def absorption_rate(elimination: float, tmax: float) -> float:
    """Rate of absorption (1/h) that puts the peak at `tmax` (h) when one exponential `elimination` (1/h) follows.

    The peak lies at ln(r) / (r - 1) times the time constant of elimination, r the ratio of the two rates; Lambert's W
    solves this for r. A peak later than that time constant needs absorption slower than elimination.

    Examples
    --------
    >>> round(absorption_rate(0.1, tmax=2.0), 2)
    1.43
    """
    x = elimination * tmax
    if abs(x - 1) < 1e-4:  # W loses half its digits where its branches meet; the first terms of the series do not
        return elimination * (3 - 2 * x)
    return float(-lambertw(-x * math.exp(-x), -1 if x < 1 else 0).real / tmax)


def two_compartments(
    clearance: float, volume: float, flow: float, peripheral: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Amplitudes (1/L) and rates (1/h) of the two exponentials of a drug in two compartments.

    Parameters
    ----------
    clearance, flow : float
        Clearance, and exchange between the compartments, L/h.
    volume, peripheral : float
        Volumes of the central and the peripheral compartment, L.

    Examples
    --------
    >>> amplitudes, rates = two_compartments(50.0, 100.0, 30.0, 60.0)
    >>> round(sum(amplitudes), 3)  # at once, 1 mg is in the central 100 L
    0.01
    """
    out, away, back = clearance / volume, flow / volume, flow / peripheral
    total = out + away + back
    fast = (total + math.sqrt(total**2 - 4 * out * back)) / 2
    slow = out * back / fast
    return ((fast - back) / (fast - slow) / volume, (back - slow) / (fast - slow) / volume), (fast, slow)
