"""The locus coeruleus and arousal: from spiking cells to norepinephrine in the tissue, and on to what a brain can do.

Several models stand side by side, each a module: `population` (spiking cells), `gilzenrat` (LC and decision),
`sleep_wake`, `broadcast` (one rate to many regions), `gain` and `detection` (signal and noise), `performance` (the
inverted U), `pupil` (a slow follower). Where NE is meant in nM it comes from the terminal, which firing drives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from nbmodel import norepinephrine_terminal, parameters, reuptake, solve
from nbmodel.lc_arousal import broadcast, detection, gain, gilzenrat, performance, population, pupil, sleep_wake
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

    basal = float(case["basal_ne"])
    rest = reuptake.resting(basal)
    level, at_5_hz, at_10_hz = tonic(rest, np.array([float(case["tonic_rate"]), 5.0, 10.0]))
    run = reuptake.burst(rest.replace(firing=float(case["tonic_rate"])), case["burst_rate"], case["burst_duration"])
    peak, back = reuptake.peak_and_return(run)
    phasic, calm = gilzenrat.reference("phasic"), gilzenrat.reference("tonic")
    shares, rates = (part[:, 0] for part in sleep_wake.by_state(sleep_wake.clockwork()))
    middle, low, high = performance.optimum_interval(seed=int(case["seed"]))
    table = parameters.load()
    rows = [
        ("cells_rat_both_sides", 2 * table.value("N_LC_rat", "dimensionless"), "cells"),
        ("cells_human", table.value("N_LC_human", "dimensionless"), "cells"),
        ("delay_to_frontal_cortex_rat", broadcast.rat_frontal_delay(rest), "ms"),
        ("drug_effect_hippocampus_of_cortex", broadcast.hippocampus_of_cortex(rest), "fold"),
        ("tonic_ne", float(level), "nM"),
        ("ne_at_5_hz", 100 * float(at_5_hz) / basal, "%"),
        ("ne_at_10_hz", 100 * float(at_10_hz) / basal, "%"),
        ("answer_latency", population.latency().value, "ms"),
        ("burst_peak", peak, "nM"),
        ("burst_rise", peak - 1e3 * float(run["ne_e"][0]), "nM"),
        ("burst_return", back, "s"),
        ("lc_wake", float(rates[0]), "Hz"),
        ("share_awake", 100 * float(shares[0]), "%"),
        ("ne_quiet_wake", 100 * sleep_wake.ne_by_state(rest)["quiet wake"], "%"),
        ("evoked_over_spontaneous", float(gain.evoked_to_spontaneous(detection.TARGET, basal)), "ratio"),
        ("sensitivity_at_gain_1", detection.expected_sensitivity(1.0), "d'a"),
        ("sensitivity_at_gain_4", detection.expected_sensitivity(4.0), "d'a"),
        ("target_picked_out", 100 * detection.expected_party(basal)["accuracy"], "%"),
        ("detection_with_reboxetine", detection.PROTOCOLS["reboxetine_on_detection"](rest), "sign"),
        ("lc_answer_phasic", phasic["ref_phasic_h_peak"] - phasic["ref_phasic_h_before"], "model units"),
        ("lc_answer_tonic", calm["ref_tonic_h_peak"] - calm["ref_tonic_h_before"], "model units"),
        ("response_time_phasic", phasic["ref_phasic_cross"], "model units"),
        ("response_phasic_over_tonic", phasic["ref_phasic_cross"] / calm["ref_tonic_cross"], "ratio"),
        ("memory_with_alpha2_agonist", performance.PROTOCOLS["guanfacine_on_memory"](rest), "sign"),
        ("best_over_basal", performance.optimum() / basal, "ratio"),
        ("best_over_basal_median", middle, "ratio"),
        ("best_over_basal_5th_percentile", low, "ratio"),
        ("best_over_basal_95th_percentile", high, "ratio"),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "unit"])


PROTOCOLS: dict[str, Callable[[Network], float]] = {
    **sleep_wake.PROTOCOLS,
    **detection.PROTOCOLS,
    **performance.PROTOCOLS,
    **broadcast.PROTOCOLS,
    **gilzenrat.PROTOCOLS,
    **population.PROTOCOLS,
    **pupil.PROTOCOLS,
}
