"""The numbers of a scenario of the locus coeruleus and arousal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmodel.attention import gilzenrat, gilzenrat_protocols
from nbmodel.attention import protocols as attention_protocols
from nbmodel.core.estimates import Estimate
from nbmodel.core.network import Network
from nbmodel.data import parameters
from nbmodel.lc_arousal import broadcast, chain, population_protocols
from nbmodel.models import cell_variety, cocktail_party, detection, gain, performance
from nbmodel.models.firing import tonic
from nbmodel.models.norepinephrine_terminal import resting
from nbmodel.models.transients import burst, peak_and_return
from nbmodel.sleep_wake import protocols as sleep_wake_protocols
from nbmodel.sleep_wake import simulated_nights as sleep_wake

if TYPE_CHECKING:
    import pandas as pd


Row = tuple[str, float, str]


def terminal(case: Mapping[str, Any]) -> Network:
    """Terminal of a scenario, which fires at its tonic rate."""
    return resting(float(case["basal_ne"])).replace(firing=float(case["tonic_rate"]))


def _with_interval(name: str, found: Estimate, unit: str) -> list[Row]:
    """Three rows: the value, and the ends of its 95 % interval."""
    return [(name, found.value, unit), (f"{name}_low", found.low, unit), (f"{name}_high", found.high, unit)]


def _firing_and_ne(case: Mapping[str, Any], rest: Network) -> list[Row]:
    """Rows on cells, their spikes, and the NE that they lead to."""
    basal = float(case["basal_ne"])
    level, at_5_hz, at_10_hz = tonic(rest, [float(case["tonic_rate"]), 5.0, 10.0])
    run = burst(rest.replace(firing=float(case["tonic_rate"])), case["burst_rate"], case["burst_duration"])
    peak, back = peak_and_return(run)
    spikes = population_protocols.experiments(
        drive=float(case["drive"]), coupling=float(case["coupling"]), seed=int(case["seed"])
    )
    cells, links = population_protocols.measures(spikes), chain.changes(rest, spikes)
    table = parameters.load()
    return [
        ("cells_rat_both_sides", 2 * table.value("N_LC_rat", "dimensionless"), "cells"),
        ("cells_human", table.value("N_LC_human", "dimensionless"), "cells"),
        ("delay_to_frontal_cortex_rat", broadcast.rat_frontal_delay(rest), "ms"),
        ("drug_effect_hippocampus_of_cortex", broadcast.hippocampus_of_cortex(rest), "fold"),
        *_with_interval("lc_rate", cells["rate"], "Hz"),
        *_with_interval("interval_variability", cells["variability"], "CV"),
        *_with_interval("synchrony", cells["synchrony"], "correlation"),
        *_with_interval("spikes_per_stimulus", cells["size"], "spikes per cell"),
        *_with_interval("answer_latency", cells["latency"], "ms"),
        *_with_interval("ne_rise_per_stimulus", links["ne"], "nM"),
        ("tonic_ne", float(level), "nM"),
        ("ne_at_5_hz", 100 * float(at_5_hz) / basal, "%"),
        ("ne_at_10_hz", 100 * float(at_10_hz) / basal, "%"),
        ("burst_peak", peak, "nM"),
        ("burst_rise", peak - 1e3 * float(run["ne_e"][0]), "nM"),
        ("burst_return", back, "s"),
    ]


def _states_and_signals(rest: Network, basal: float) -> list[Row]:
    """Rows on sleep and waking, and on signal and noise."""
    shares, rates = (part[:, 0] for part in sleep_wake.by_state(sleep_wake.clockwork()))
    of_cells = cell_variety.variety(basal)
    return [
        ("lc_wake", float(rates[0]), "Hz"),
        ("share_awake", 100 * float(shares[0]), "%"),
        ("ne_quiet_wake", 100 * sleep_wake.ne_by_state(rest)["quiet wake"], "%"),
        ("wake_bouts_with_half_the_lc", sleep_wake_protocols.bouts_with_half_the_lc(rest), "sign"),
        ("evoked_over_spontaneous", float(gain.evoked_to_spontaneous(cocktail_party.TARGET, basal)), "ratio"),
        ("cells_that_change", 100 * of_cells["changed"], "% of cells"),
        ("changed_cells_with_better_ratio", 100 * of_cells["better"], "% of cells that change"),
        ("sensitivity_at_gain_1", detection.expected_sensitivity(1.0), "d'a"),
        ("sensitivity_at_gain_4", detection.expected_sensitivity(4.0), "d'a"),
        ("two_layers_at_gain_1", detection.expected_network(1.0), "d'a"),
        ("two_layers_at_gain_4", detection.expected_network(4.0), "d'a"),
        ("target_picked_out", 100 * cocktail_party.expected(basal)["accuracy"], "%"),
        ("detection_signs_met", attention_protocols.signs_met(rest), "of 3 signs"),
    ]


def _decisions(rest: Network, basal: float, seed: int) -> list[Row]:
    """Rows on the LC in a decision, and on the inverted U."""
    phasic, calm = gilzenrat.reference("phasic"), gilzenrat.reference("tonic")
    middle, low, high = performance.optimum_interval(seed=seed)
    return [
        ("lc_answer_phasic", phasic["ref_phasic_h_peak"] - phasic["ref_phasic_h_before"], "model units"),
        ("lc_answer_tonic", calm["ref_tonic_h_peak"] - calm["ref_tonic_h_before"], "model units"),
        ("lc_answer_to_distractor", gilzenrat_protocols.distractor_of_target(rest), "of target"),
        ("response_time_phasic", phasic["ref_phasic_cross"], "model units"),
        ("response_phasic_over_tonic", phasic["ref_phasic_cross"] / calm["ref_tonic_cross"], "ratio"),
        ("lc_lead", gilzenrat_protocols.lead_of_lc_in_ms(rest), "ms"),
        *_with_interval("lc_latency_with_response", gilzenrat_protocols.timing(seed)["correlation"], "correlation"),
        ("memory_without_ne", float(performance.working_memory(0.0) / performance.working_memory(basal)), "of basal"),
        ("best_over_basal", performance.optimum() / basal, "ratio"),
        *_with_interval("best_over_basal_median", middle, "ratio"),
        ("best_over_basal_5th_percentile", low, "ratio"),
        ("best_over_basal_95th_percentile", high, "ratio"),
    ]


def results(case: Mapping[str, Any]) -> pd.DataFrame:
    """Numbers of the theme for a scenario: a table with columns name, value, unit.

    Numbers from chance come with the ends of their 95 % interval (`_low`, `_high`), over three seeds from the scenario's on.
    What does not exist, such as the latency of cells that are silent, is left out.
    """
    import pandas as pd

    basal = float(case["basal_ne"])
    rest = resting(basal)
    rows = [
        *_firing_and_ne(case, rest),
        *_states_and_signals(rest, basal),
        *_decisions(rest, basal, int(case["seed"])),
    ]
    return pd.DataFrame([row for row in rows if math.isfinite(row[1])], columns=["name", "value", "unit"])
