"""The numbers of a scenario of attention."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmodel.attention import gilzenrat, gilzenrat_protocols, protocols
from nbmodel.core.estimates import with_interval
from nbmodel.core.network import Network
from nbmodel.models import cell_variety, cocktail_party, decision, detection, gain, performance
from nbmodel.models.norepinephrine_terminal import resting

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[str, float, str]
DRUGS = ("a1_antagonist", "a2_antagonist", "a2_agonist")


def terminal(case: Mapping[str, Any]) -> Network:
    """Terminal of a scenario, at rest."""
    return resting(float(case["basal_ne"]))


def receptor_drugs(case: Mapping[str, Any]) -> dict[str, float]:
    """Drugs at the receptors of target cells in a scenario, as multiples of their dissociation constants, by name.

    Examples
    --------
    >>> receptor_drugs({"a1_antagonist": 10.0, "a2_antagonist": 0.0, "a2_agonist": 0.0, "basal_ne": 6.0})
    {'a1_antagonist': 10.0, 'a2_antagonist': 0.0, 'a2_agonist': 0.0}
    """
    return {name: float(case[name]) for name in DRUGS}


def _signals(rest: Network, basal: float, drugs: Mapping[str, Any]) -> list[Row]:
    """Rows on signal and noise, in one cell and among four voices."""
    of_cells = cell_variety.variety(basal)
    return [
        ("evoked_over_spontaneous", float(gain.evoked_to_spontaneous(cocktail_party.TARGET, basal, **drugs)), "ratio"),
        ("cells_that_change", 100 * of_cells["changed"], "% of cells"),
        ("changed_cells_with_better_ratio", 100 * of_cells["better"], "% of cells that change"),
        ("sensitivity_at_gain_1", detection.expected_sensitivity(1.0), "d'a"),
        ("sensitivity_at_gain_4", detection.expected_sensitivity(4.0), "d'a"),
        ("two_layers_at_gain_1", detection.expected_network(1.0), "d'a"),
        ("two_layers_at_gain_4", detection.expected_network(4.0), "d'a"),
        ("target_picked_out", 100 * cocktail_party.expected(basal, **drugs)["accuracy"], "%"),
        ("detection_signs_met", protocols.signs_met(rest), "of 3 signs"),
    ]


def _task(rest: Network, coupling: float, seed: int) -> list[Row]:
    """Rows on the locus coeruleus in a task."""
    phasic, calm = gilzenrat.reference("phasic"), gilzenrat.reference("tonic")
    return [
        ("lc_answer_phasic", phasic["ref_phasic_h_peak"] - phasic["ref_phasic_h_before"], "model units"),
        ("lc_answer_tonic", calm["ref_tonic_h_peak"] - calm["ref_tonic_h_before"], "model units"),
        ("lc_answer_to_distractor", gilzenrat_protocols.distractor_of_target(rest), "of target"),
        ("response_time", float(gilzenrat.noiseless(coupling).reaction[0]), "model units"),
        ("response_time_phasic", phasic["ref_phasic_cross"], "model units"),
        ("response_phasic_over_tonic", phasic["ref_phasic_cross"] / calm["ref_tonic_cross"], "ratio"),
        ("lc_lead", gilzenrat_protocols.lead_of_lc_in_ms(rest), "ms"),
        *with_interval("lc_latency_with_response", gilzenrat_protocols.timing(seed)["correlation"], "correlation"),
    ]


def _performance(basal: float, drugs: Mapping[str, Any], seed: int) -> list[Row]:
    """Rows on memory and decisions, and on the inverted U."""
    middle, low, high = performance.optimum_interval(seed=seed)
    remembered, without = (performance.working_memory(level, **drugs) for level in (basal, 0.0))
    return [
        ("sustained_attention", float(performance.sustained_attention(basal, **drugs)), "of best"),
        ("working_memory", 100 * float(remembered), "%"),
        ("right_choices", 100 * float(decision.choice_accuracy(basal, **drugs)), "%"),
        ("reaction_time", float(decision.reaction_time(basal, **drugs)), "s"),
        ("memory_without_ne", float(without / remembered), "of basal"),
        ("best_over_basal", performance.optimum() / basal, "ratio"),
        *with_interval("best_over_basal_median", middle, "ratio"),
        ("best_over_basal_5th_percentile", low, "ratio"),
        ("best_over_basal_95th_percentile", high, "ratio"),
    ]


def results(case: Mapping[str, Any]) -> pd.DataFrame:
    """Numbers of the theme for a scenario: a table with columns name, value, unit.

    Numbers from chance come with the ends of their 95 % interval (`_low`, `_high`). A response that never comes is left
    out.

    Parameters
    ----------
    case : Mapping
        A value for each setting of the theme, such as `scenario.make("attention", {"a1_antagonist": 10})`.

    Returns
    -------
    DataFrame
        Columns name, value, unit; a row per number.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> usual, blocked = (
    ...     results(scenario.make("attention", {"a2_antagonist": drug})).set_index("name")["value"] for drug in (0, 10)
    ... )
    >>> bool(blocked["sustained_attention"] < usual["sustained_attention"])
    True
    """
    import pandas as pd

    basal, seed = float(case["basal_ne"]), int(case["seed"])
    rest, drugs = terminal(case), receptor_drugs(case)
    rows = [
        *_signals(rest, basal, drugs),
        *_task(rest, float(case["lc_coupling"]), seed),
        *_performance(basal, drugs, seed),
    ]
    return pd.DataFrame([row for row in rows if math.isfinite(row[1])], columns=["name", "value", "unit"])
