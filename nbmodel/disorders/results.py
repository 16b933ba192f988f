"""The numbers of a scenario of disorders: the case first, then what depends on nothing but basal norepinephrine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.quantities import Quantity, table
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.disorders import clinical_studies, treatment, virtual_patients
from nbmodel.disorders.case import exposure, occupied, of
from nbmodel.models import dialysis_protocols, norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import resting

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@remembered
def fold(rest: Network, net_activity: float) -> float:
    """Extracellular NE, as a multiple of rest, minutes after NET came to work at `net_activity` times its activity at rest.

    The store has not changed yet.
    """
    clamped = norepinephrine_terminal.with_store_clamped(rest)
    changed = norepinephrine_terminal.with_net_blocked(clamped, 1 - net_activity)
    return solve.steady_state(changed)["ne_e"] / rest["ne_e"]


def folds(rest: Network, occupancies: ArrayLike) -> Array:
    """Values of `fold` for each NET occupancy (0 to 1); of a single one, an array of one."""
    return np.array([fold(rest, 1 - float(occupancy)) for occupancy in np.atleast_1d(occupancies)])


def _in_general(rest: Network) -> dict[str, Quantity]:
    """Map results that depend on nothing but the terminal at rest to what computes each, and its unit."""
    density = parameters.load().value("NET_MDD", "dimensionless")
    return {
        "fold_net_density_mdd": (lambda: fold(rest, density), "of rest"),
        "mdd_overflow_of_healthy": (lambda: clinical_studies.overflow_in_mdd(rest), "of healthy"),
        "mdd_overflow_with_desipramine": (lambda: clinical_studies.overflow_with_desipramine(rest), "of healthy"),
        "ptsd_ne_of_healthy": (lambda: clinical_studies.ne_of("ptsd", rest), "of healthy"),
        "yohimbine_in_ptsd_tone_and_feedback": (lambda: clinical_studies.yohimbine_in("ptsd", rest), "sign"),
        "yohimbine_in_ptsd_tone_only": (
            lambda: clinical_studies.yohimbine_in("ptsd", rest, "raised tone only"),
            "sign",
        ),
        "startle_in_ptsd": (lambda: clinical_studies.startle_in_ptsd(rest), "sign"),
        "ptsd_startle_of_healthy": (lambda: clinical_studies.startle_of("ptsd", rest), "of healthy"),
        "yohimbine_on_startle_in_ptsd": (lambda: clinical_studies.yohimbine_on_startle(rest), "sign"),
        "methylphenidate_raises_ne": (lambda: clinical_studies.methylphenidate_raises_ne(rest), "sign"),
        "attention_on_methylphenidate": (lambda: clinical_studies.attention_on_methylphenidate(rest), "sign"),
        "depletion_on_ne_drug": (lambda: clinical_studies.depletion_on_ne_drug(rest), "sign"),
        "fold_high_dose_inhibitor": (lambda: dialysis_protocols.atomoxetine(rest), "of rest"),
    }


@remembered
def general(basal_ne: float) -> tuple[tuple[str, float, str], ...]:
    """Numbers that depend on nothing but basal NE (nM), as rows of `results`; a batch asks for them again and again."""
    return tuple((name, compute(), unit) for name, (compute, unit) in _in_general(resting(basal_ne)).items())


def results(case: Mapping[str, Any]) -> pd.DataFrame:
    """Numbers of the theme for a scenario: a table with columns name, value, unit.

    The case first, its key results at the top, then what does not depend on it but on `basal_ne`. Readouts are left out
    under a drug that withholds them.
    """
    return table(quantities(case))


def quantities(case: Mapping[str, Any]) -> dict[str, Quantity]:
    """Map each result of a scenario to the function that computes it alone, and its unit.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> compute, unit = quantities(scenario.make("disorders"))["occupancy_mean"]
    >>> 0 < compute() < 100, unit
    (True, '%')
    """
    who, basal_ne = of(case), float(case["basal_ne"])

    def patients(name: str, end: int) -> float:
        people = virtual_patients.cohort(who, int(case["patients"]), int(case["seed"]))
        return virtual_patients.interval(people[name])[end]

    def in_general(name: str) -> float:
        return next(value for known, value, _ in general(basal_ne) if known == name)

    found: dict[str, Quantity] = {
        name: (partial(float, value), unit) for name, value, unit in _of_the_person(who, treatment.treat(who))
    }
    for name, unit in (("untreated", "nM"), ("treated", "nM"), *((name, "of healthy") for name in who.readouts)):
        for end, which in enumerate(("median", "low", "high")):
            found[f"patients_{name}_{which}"] = (partial(patients, name, end), unit)
    alike = _in_general(resting(basal_ne))
    return found | {name: (partial(in_general, name), unit) for name, (_, unit) in alike.items()}


def _of_the_person(who: treatment.Patient, outcome: treatment.Outcome) -> list[tuple[str, float, str]]:
    """List name, value and unit of what becomes of the usual person of a scenario."""
    taken, (_, held) = exposure(who), occupied(outcome)
    unit = "of healthy"
    at_once = treatment.changes(who, outcome, "at once")
    rows = [
        ("occupancy_mean", 100 * float(held.mean()), "%"),
        ("ne_untreated_of_healthy", outcome.untreated / outcome.healthy, unit),
        ("ne_treated_of_healthy", outcome.treated / outcome.healthy, unit),
    ]
    for name, (before, after) in treatment.changes(who, outcome).items():
        rows += [(f"{name}_treated", after, unit), (f"{name}_untreated", before, unit)]
        rows.append((f"{name}_at_once", at_once[name][1], unit))
    return [
        *rows,
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
