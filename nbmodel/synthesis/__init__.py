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
    terminal,
    with_cytosol,
    with_droxidopa,
)
from nbmodel.synthesis.protocols import meal, th_blocked_4h, th_halved
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
    "quantities",
    "results",
    "terminal",
    "th_blocked_4h",
    "th_halved",
    "with_cytosol",
    "with_droxidopa",
]

PROTOCOLS = protocols_of(protocols)
