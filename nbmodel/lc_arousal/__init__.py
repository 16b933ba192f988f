"""The locus coeruleus and arousal: from the firing of its cells to norepinephrine in the tissue, tonic and phasic.

Here firing is a rate that is given, not made. Rates set the terminal's release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nbmodel import norepinephrine_terminal, parameters, reuptake, solve
from nbmodel.network import Array, Network
from nbmodel.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


def tonic(rest: Network, rates: Array) -> Array:
    """Extracellular NE (nM) that each steady firing rate (Hz) leads to within minutes, before the store changes."""
    endless = norepinephrine_terminal.with_endless_store(rest)
    return np.array([1e3 * solve.steady_state(endless.replace(firing=float(rate)))["ne_e"] for rate in rates])


def hours_of_firing(rest: Network, rate: float, hours: float, points: int = 241) -> solve.Run:
    """The terminal when firing goes to `rate` (Hz) and stays there for `hours`: the store tires, synthesis follows."""
    return solve.run(
        rest.replace(firing=rate), np.linspace(0.0, hours * norepinephrine_terminal.SECONDS_PER_HOUR, points)
    )


def results(case: Scenario) -> pd.DataFrame:
    """The numbers of the theme for a scenario: a table with columns name, value, unit."""
    import pandas as pd

    rest = reuptake.resting(float(case["basal_ne"]))
    awake = rest.parameters["firing"]
    tonic_rate = float(case["tonic_rate"])
    level, doubled = tonic(rest, np.array([tonic_rate, 2 * awake]))
    start = rest.replace(firing=tonic_rate)
    run = reuptake.burst(start, case["burst_rate"], case["burst_duration"])
    peak, back = reuptake.peak_and_return(run)
    table = parameters.load()
    rows = [
        ("tonic_ne", float(level), "nM"),
        ("fold_when_firing_doubles", float(doubled) / float(case["basal_ne"]), "of rest"),
        ("burst_peak", peak, "nM"),
        ("burst_rise", peak - 1e3 * float(run["ne_e"][0]), "nM"),
        ("burst_return", back, "s"),
        ("cells_rat_both_sides", 2 * table.value("N_LC_rat", "dimensionless"), "cells"),
        ("cells_human", table.value("N_LC_human", "dimensionless"), "cells"),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "unit"])


PROTOCOLS: dict[str, object] = {}
