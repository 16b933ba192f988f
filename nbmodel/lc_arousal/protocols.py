"""Published experiments on the locus coeruleus and on arousal, from the modules that repeat them."""

from __future__ import annotations

from collections.abc import Callable

from nbmodel.core.network import Network
from nbmodel.lc_arousal import (
    attention_protocols,
    broadcast,
    gilzenrat_protocols,
    population_protocols,
    pupil,
    sleep_wake_protocols,
    vigilance,
)

PROTOCOLS: dict[str, Callable[[Network], float]] = {
    **sleep_wake_protocols.PROTOCOLS,
    **attention_protocols.PROTOCOLS,
    **broadcast.PROTOCOLS,
    **gilzenrat_protocols.PROTOCOLS,
    **vigilance.PROTOCOLS,
    **population_protocols.PROTOCOLS,
    **pupil.PROTOCOLS,
}
