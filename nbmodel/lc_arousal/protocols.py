"""Published experiments on the locus coeruleus and on arousal, from the modules that repeat them."""

from __future__ import annotations

from nbmodel.core.protocol import protocols_of
from nbmodel.lc_arousal import (
    attention_protocols,
    broadcast,
    gilzenrat_protocols,
    population_protocols,
    pupil,
    sleep_wake_protocols,
    vigilance,
)

PROTOCOLS = protocols_of(
    sleep_wake_protocols,
    attention_protocols,
    broadcast,
    gilzenrat_protocols,
    vigilance,
    population_protocols,
    pupil,
)
