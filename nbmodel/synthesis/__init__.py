"""Synthesis of norepinephrine: the pathway from tyrosine, the step that sets its pace, and the loss of an enzyme."""

from nbmodel.core.protocol import protocols_of
from nbmodel.synthesis import protocols
from nbmodel.synthesis.pathway import (
    PATHWAY,
    control_of_synthesis,
    course,
    dopamine_comparison,
    dopamine_response,
    fold,
    norepinephrine_turnover,
    store_by_th,
    terminal,
    what_it_decides,
    with_cytosol,
    with_droxidopa,
    with_number,
)
from nbmodel.synthesis.protocols import meal, one_th_gene, th_blocked_4h
from nbmodel.synthesis.results import quantities, results

__all__ = [
    "PATHWAY",
    "PROTOCOLS",
    "control_of_synthesis",
    "course",
    "dopamine_comparison",
    "dopamine_response",
    "fold",
    "meal",
    "norepinephrine_turnover",
    "one_th_gene",
    "quantities",
    "results",
    "store_by_th",
    "terminal",
    "th_blocked_4h",
    "what_it_decides",
    "with_cytosol",
    "with_droxidopa",
    "with_number",
]

PROTOCOLS = protocols_of(protocols)
