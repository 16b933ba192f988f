"""Disorders and medicines: what a condition does to norepinephrine, what a drug does about it, and what studies found.

`conditions` holds the conditions, `treatment` the chain from dose to function, `virtual_patients` many people at once,
`clinical_studies` the published observations that all this is held against; here are the numbers of a scenario.
"""

from nbmodel.core.protocol import protocols_of
from nbmodel.disorders import clinical_studies
from nbmodel.disorders.case import (
    METABOLISERS,
    described,
    exposure,
    names,
    occupied,
    of,
    others_of_its_kind,
    ratio,
    terminal,
    told,
    told_of_function,
    variant,
)
from nbmodel.disorders.case_ranges import ranges
from nbmodel.disorders.page import page
from nbmodel.disorders.results import fold, folds, general, quantities, results

__all__ = [
    "METABOLISERS",
    "PROTOCOLS",
    "described",
    "exposure",
    "fold",
    "folds",
    "general",
    "names",
    "occupied",
    "of",
    "others_of_its_kind",
    "page",
    "quantities",
    "ranges",
    "ratio",
    "results",
    "terminal",
    "told",
    "told_of_function",
    "variant",
]

PROTOCOLS = protocols_of(clinical_studies)
