"""Sleep and wake: a contest of cell groups with the locus coeruleus among them, and norepinephrine in each state.

`diniz_behn` is the published network, `simulated_nights` what is run and read off it, `protocols` what is done to its
locus coeruleus. `models.firing` leads from rates to norepinephrine.
"""

from nbmodel.core.protocol import protocols_of
from nbmodel.sleep_wake import protocols
from nbmodel.sleep_wake.diniz_behn import constants
from nbmodel.sleep_wake.protocols import inhibition, waking
from nbmodel.sleep_wake.results import rates, results, terminal
from nbmodel.sleep_wake.simulated_nights import (
    INHIBITED,
    by_state,
    clockwork,
    hypnogram,
    ne_by_state,
    nights,
    summary,
)

__all__ = [
    "INHIBITED",
    "PROTOCOLS",
    "by_state",
    "clockwork",
    "constants",
    "hypnogram",
    "inhibition",
    "ne_by_state",
    "nights",
    "rates",
    "results",
    "summary",
    "terminal",
    "waking",
]

PROTOCOLS = protocols_of(protocols)
