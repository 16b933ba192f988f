"""The pupil as a slow follower of LC firing: what its lag can and cannot tell.

Each spike widens the pupil a little, with the time course that brief attention has: a gamma function (Hoeks & Levelt
1993). That the pupil comes after the spikes is thereby put in, not found. The pupil follows other nuclei as well
(Joshi and others 2016), so it is no measure of the LC.
"""

from __future__ import annotations

import numpy as np

from nbmodel.core.network import Array, Network
from nbmodel.core.protocol import protocol
from nbmodel.data import parameters
from nbmodel.data.in_use import remembered
from nbmodel.lc_arousal import population_protocols
from nbmodel.lc_arousal.spike_trains import Spikes, rate_course

WIDTH = 0.05  # s, of a bin


def response(time: Array) -> Array:
    """Width of the pupil at `time` (s) after a brief input, as a share of its largest; 0 before the input."""
    p = parameters.load()
    power, peak = p.value("n_pupil", "dimensionless"), p.value("t_peak_pupil", "s")
    scaled = np.maximum(time, 0.0) / peak
    return np.asarray(scaled**power * np.exp(power * (1 - scaled)))


def diameter(spikes: Spikes) -> tuple[Array, Array]:
    """Times (s) and the pupil's width, of arbitrary unit, that the population's rate leads to."""
    times, rate = rate_course(spikes, WIDTH)
    return times, np.convolve(rate, response(times))[: times.size]


def lag(spikes: Spikes) -> float:
    """Time (s) by which the pupil follows the LC: where their correlation is largest, up to 1 s either way.

    Stimuli come every 2 s, so that a lag and that lag less 2 s look alike: further apart it could not be told.
    """
    times, width = diameter(spikes)
    _, rate = rate_course(spikes, WIDTH)
    half = times.size // 2  # the first half, in which the pupil has no past yet, is left out
    most = round(1.0 / WIDTH)
    shifts = np.arange(-most, most + 1)
    inside = slice(half, times.size - most)
    found = [np.corrcoef(rate[half - s : times.size - most - s], width[inside])[0, 1] for s in shifts]
    return float(WIDTH * shifts[int(np.argmax(found))])


@remembered
def lag_in_tonic_mode() -> float:
    """Lag for the cells of `population_protocols.experiments` in tonic mode."""
    return lag(population_protocols.crossed(population_protocols.SEEDS[0])["tonic", "tonic"][0])


@protocol
def pupil_follows(_: Network) -> float:
    """Sign of that lag (Joshi 2016: LC spikes come before dilation)."""
    return float(np.sign(lag_in_tonic_mode()))
