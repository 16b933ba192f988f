"""Published experiments on firing and norepinephrine, repeated on any terminal."""

from __future__ import annotations

import numpy as np

from nbmodel.core.network import Network
from nbmodel.core.protocol import protocol
from nbmodel.models.firing import hours_of_firing


def half_hour_at_10_hz(rest: Network) -> float:
    """NE after half an hour of LC stimulation at 10 Hz, as a multiple of before (Carter 2010: it falls)."""
    run = hours_of_firing(rest, 10.0, 1 / 2)
    return float(run["ne_e"][-1] / run["ne_e"][0])


@protocol
def half_hour_direction(rest: Network) -> float:
    """Direction in which half an hour at 10 Hz moves NE: 1 up, -1 down."""
    return float(np.sign(half_hour_at_10_hz(rest) - 1))
