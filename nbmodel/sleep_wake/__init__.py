"""Sleep and wake: a contest of cell groups with the locus coeruleus among them, and norepinephrine in each state.

`diniz_behn` is the published network, `simulated_nights` what is run and read off it, `protocols` what is done to its
locus coeruleus, `recorded_rates` norepinephrine at the rates of animals, `plots` how it is drawn. `models.firing` leads
from rates to norepinephrine.
"""

from nbmodel.core.protocol import protocols_of
from nbmodel.sleep_wake import protocols
from nbmodel.sleep_wake.diniz_behn import constants
from nbmodel.sleep_wake.protocols import RAPHE_CLOCK, awake, inhibition, waking
from nbmodel.sleep_wake.recorded_rates import ne_by_state
from nbmodel.sleep_wake.results import rates, results, terminal
from nbmodel.sleep_wake.simulated_nights import (
    INHIBITED,
    around_waking,
    by_state,
    clockwork,
    hypnogram,
    leads,
    nights,
    side_by_side,
    summary,
)

__all__ = [
    "INHIBITED",
    "PROTOCOLS",
    "RAPHE_CLOCK",
    "around_waking",
    "awake",
    "by_state",
    "clockwork",
    "constants",
    "hypnogram",
    "inhibition",
    "leads",
    "ne_by_state",
    "nights",
    "rates",
    "results",
    "side_by_side",
    "summary",
    "terminal",
    "waking",
]

PROTOCOLS = protocols_of(protocols)
