"""The pupil: slow, behind the spikes, and by as much as its answer to one input says."""

import numpy as np
import pytest

from nbmodel.data import parameters
from nbmodel.lc_arousal import pupil
from nbmodel.lc_arousal.spike_trains import Spikes


def test_it_is_widest_when_the_table_says_and_still_before_the_input() -> None:
    times = np.linspace(-1, 5, 6001)
    width = pupil.response(times)
    assert times[width.argmax()] == pytest.approx(parameters.load().value("t_peak_pupil", "s"), abs=1e-3)
    assert width.max() == pytest.approx(1) and (width[times <= 0] == 0).all()


def test_the_lag_is_that_of_the_response_whatever_the_spikes() -> None:
    rng = np.random.default_rng(3)
    times = np.sort(rng.uniform(0, 60, 900))
    spikes = Spikes(times, rng.integers(0, 20, times.size), 20, 60.0, np.empty(0))
    assert pupil.lag(spikes) == pytest.approx(parameters.load().value("t_peak_pupil", "s"), abs=0.1)
