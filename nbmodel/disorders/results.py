"""The numbers of a scenario of disorders: the case first, then what depends on nothing but basal norepinephrine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.disorders import clinical_studies, treatment, virtual_patients
from nbmodel.disorders.case import exposure, occupied, of
from nbmodel.models import dialysis_protocols, norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import resting

if TYPE_CHECKING:
    import pandas as pd


@remembered
def fold(rest: Network, net_activity: float) -> float:
    """Extracellular NE, as a multiple of rest, minutes after NET came to work at `net_activity` times its activity at rest.

    The store has not changed yet.
    """
    clamped = norepinephrine_terminal.with_store_clamped(rest)
    changed = norepinephrine_terminal.with_net_blocked(clamped, 1 - net_activity)
    return solve.steady_state(changed)["ne_e"] / rest["ne_e"]


def folds(rest: Network, occupancies: Array) -> Array:
    """Values of `fold` for each NET occupancy (0 to 1)."""
    return np.array([fold(rest, 1 - float(occupancy)) for occupancy in occupancies])


@cache
def general(basal_ne: float) -> tuple[tuple[str, float, str], ...]:
    """Numbers that depend on nothing but basal NE (nM), as rows of `results`."""
    rest = resting(basal_ne)
    return (
        ("fold_net_density_mdd", fold(rest, parameters.load().value("NET_MDD", "dimensionless")), "of rest"),
        ("mdd_overflow_of_healthy", clinical_studies.overflow_in_mdd(rest), "of healthy"),
        ("mdd_overflow_with_desipramine", clinical_studies.overflow_with_desipramine(rest), "of healthy"),
        ("ptsd_ne_of_healthy", clinical_studies.ne_of("ptsd", rest), "of healthy"),
        ("yohimbine_in_ptsd_tone_and_brake", clinical_studies.yohimbine_in("ptsd", rest), "sign"),
        ("yohimbine_in_ptsd_tone_only", clinical_studies.yohimbine_in("ptsd", rest, "raised tone only"), "sign"),
        ("startle_in_ptsd", clinical_studies.startle_in_ptsd(rest), "sign"),
        ("ptsd_startle_of_healthy", clinical_studies.startle_of("ptsd", rest), "of healthy"),
        ("yohimbine_on_startle_in_ptsd", clinical_studies.yohimbine_on_startle(rest), "sign"),
        ("methylphenidate_raises_ne", clinical_studies.methylphenidate_raises_ne(rest), "sign"),
        ("attention_on_methylphenidate", clinical_studies.attention_on_methylphenidate(rest), "sign"),
        ("depletion_on_ne_drug", clinical_studies.depletion_on_ne_drug(rest), "sign"),
        ("fold_high_dose_inhibitor", dialysis_protocols.atomoxetine(rest), "of rest"),
    )


def results(case: Mapping[str, Any]) -> pd.DataFrame:
    """Numbers of the theme for a scenario: a table with columns name, value, unit.

    The case first, its key results at the top, then what does not depend on it but on `basal_ne`. Readouts are left out
    under a drug that withholds them.
    """
    import pandas as pd

    who = of(case)
    outcome, people = treatment.treat(who), virtual_patients.cohort(who, int(case["patients"]), int(case["seed"]))
    taken, (_, held) = exposure(who), occupied(outcome)
    unit = "of healthy"
    function, at_once = treatment.changes(who, outcome), treatment.changes(who, outcome, "at once")
    rows: list[tuple[str, float, str]] = [
        ("occupancy_mean", 100 * float(held.mean()), "%"),
        ("ne_untreated_of_healthy", outcome.untreated / outcome.healthy, unit),
        ("ne_treated_of_healthy", outcome.treated / outcome.healthy, unit),
    ]
    for name, (before, after) in function.items():
        rows += [(f"{name}_treated", after, unit), (f"{name}_untreated", before, unit)]
        rows.append((f"{name}_at_once", at_once[name][1], unit))
    rows += [
        ("occupancy_peak", 100 * float(held.max()), "%"),
        ("occupancy_trough", 100 * float(held.min()), "%"),
        ("plasma_peak", taken.peak, "ng/mL"),
        ("plasma_trough", taken.trough, "ng/mL"),
        ("plasma_mean", taken.mean, "ng/mL"),
        ("time_to_peak", taken.time_to_peak, "h"),
        ("accumulation", taken.accumulation, "ratio"),
        ("healthy_ne", outcome.healthy, "nM"),
        ("untreated_ne", outcome.untreated, "nM"),
        ("treated_ne", outcome.treated, "nM"),
        ("ne_at_once", outcome.minutes, "nM"),
        ("store_after_weeks", 100 * outcome.store, "%"),
    ]
    for name, of_what in (("untreated", "nM"), ("treated", "nM"), *((name, unit) for name in who.readouts)):
        middle, low, high = virtual_patients.interval(people[name])
        rows += [
            (f"patients_{name}_{end}", value, of_what)
            for end, value in (("median", middle), ("low", low), ("high", high))
        ]
    rows += general(float(case["basal_ne"]))
    return pd.DataFrame(rows, columns=["name", "value", "unit"])
