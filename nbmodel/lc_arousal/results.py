"""The numbers of a scenario of the locus coeruleus."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmodel.core.estimates import with_interval
from nbmodel.core.network import Network
from nbmodel.data import parameters
from nbmodel.lc_arousal import broadcast, chain, population_protocols
from nbmodel.models.firing import tonic
from nbmodel.models.norepinephrine_terminal import resting
from nbmodel.models.transients import burst, peak_and_return

if TYPE_CHECKING:
    import pandas as pd


def terminal(case: Mapping[str, Any]) -> Network:
    """Terminal of a scenario, which fires at its tonic rate."""
    return resting(float(case["basal_ne"])).replace(firing=float(case["tonic_rate"]))


def results(case: Mapping[str, Any]) -> pd.DataFrame:
    """Numbers of the theme for a scenario: a table with columns name, value, unit.

    Numbers from chance come with the ends of their 95 % interval (`_low`, `_high`), over three seeds from the scenario's on.
    What does not exist, such as the latency of cells that are silent, is left out.
    """
    import pandas as pd

    basal = float(case["basal_ne"])
    rest = resting(basal)
    level, at_5_hz, at_10_hz = tonic(rest, [float(case["tonic_rate"]), 5.0, 10.0])
    run = burst(rest.replace(firing=float(case["tonic_rate"])), case["burst_rate"], case["burst_duration"])
    peak, back = peak_and_return(run)
    spikes = population_protocols.experiments(
        drive=float(case["drive"]), coupling=float(case["coupling"]), seed=int(case["seed"])
    )
    cells, links = population_protocols.measures(spikes), chain.changes(rest, spikes)
    table = parameters.load()
    rows = [
        ("cells_rat_both_sides", 2 * table.value("N_LC_rat", "dimensionless"), "cells"),
        ("cells_human", table.value("N_LC_human", "dimensionless"), "cells"),
        ("delay_to_frontal_cortex_rat", broadcast.rat_frontal_delay(rest), "ms"),
        ("drug_effect_hippocampus_of_cortex", broadcast.hippocampus_of_cortex(rest), "fold"),
        *with_interval("lc_rate", cells["rate"], "Hz"),
        *with_interval("interval_variability", cells["variability"], "CV"),
        *with_interval("synchrony", cells["synchrony"], "correlation"),
        *with_interval("spikes_per_stimulus", cells["size"], "spikes per cell"),
        *with_interval("answer_latency", cells["latency"], "ms"),
        *with_interval("ne_rise_per_stimulus", links["ne"], "nM"),
        ("tonic_ne", float(level), "nM"),
        ("ne_at_5_hz", 100 * float(at_5_hz) / basal, "%"),
        ("ne_at_10_hz", 100 * float(at_10_hz) / basal, "%"),
        ("burst_peak", peak, "nM"),
        ("burst_rise", peak - 1e3 * float(run["ne_e"][0]), "nM"),
        ("burst_return", back, "s"),
    ]
    return pd.DataFrame([row for row in rows if math.isfinite(row[1])], columns=["name", "value", "unit"])
