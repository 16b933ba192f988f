"""Published experiments on the locus coeruleus and on arousal, from the modules that repeat them."""

from __future__ import annotations

from nbmodel.attention import gilzenrat_protocols, vigilance
from nbmodel.attention import protocols as attention_protocols
from nbmodel.core.protocol import protocols_of
from nbmodel.lc_arousal import broadcast, population_protocols, pupil
from nbmodel.sleep_wake import protocols as sleep_wake_protocols

PROTOCOLS = protocols_of(
    sleep_wake_protocols,
    attention_protocols,
    broadcast,
    gilzenrat_protocols,
    vigilance,
    population_protocols,
    pupil,
)
