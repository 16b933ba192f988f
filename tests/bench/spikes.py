"""How long the spiking cells take: 200 cells, 10 s of model time, with stimuli, in CPU seconds (the plan allows 10)."""

import statistics
import time
from typing import Any

from nbmodel.lc_arousal import population, spiking

RUNS = 3


def measure() -> list[dict[str, Any]]:
    """The median of some runs, and their range."""
    cells = population.population(cells=200, **population.modes()["phasic"])
    spent = []
    for seed in range(RUNS):
        began = time.process_time()
        spiking.simulate(cells, 10.0, seed, [1.0, 3.0, 5.0, 7.0, 9.0], settle=0.0)
        spent.append(time.process_time() - began)
    detail = f"{min(spent):.2f} to {max(spent):.2f} s in {RUNS} runs"
    return [{"name": "lc_population_200_cells_10_s", "value": statistics.median(spent), "unit": "s", "detail": detail}]
