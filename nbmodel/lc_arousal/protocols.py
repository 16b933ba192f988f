"""Published experiments on the locus coeruleus and on arousal, from the modules that repeat them."""

from __future__ import annotations

from collections.abc import Callable

from nbmodel.core.network import Network
from nbmodel.lc_arousal import broadcast, gilzenrat, population, pupil, sleep_wake, vigilance
from nbmodel.models import detection, performance

PROTOCOLS: dict[str, Callable[[Network], float]] = {
    **sleep_wake.PROTOCOLS,
    **detection.PROTOCOLS,
    **performance.PROTOCOLS,
    **broadcast.PROTOCOLS,
    **gilzenrat.PROTOCOLS,
    **vigilance.PROTOCOLS,
    **population.PROTOCOLS,
    **pupil.PROTOCOLS,
}
