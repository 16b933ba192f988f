"""End of the signal: clearance by NET, uptake-2 and diffusion, and what becomes of what is taken back."""

from nbmodel.core.protocol import protocols_of
from nbmodel.models import cell_body_protocols, dialysis_protocols, tissue_protocols
from nbmodel.reuptake import protocols
from nbmodel.reuptake.fates import fates, ledger
from nbmodel.reuptake.protocols import heart_desipramine, slice_half_life
from nbmodel.reuptake.results import quantities, results, terminal

__all__ = [
    "BASAL_LEVELS",
    "PROTOCOLS",
    "fates",
    "heart_desipramine",
    "ledger",
    "quantities",
    "results",
    "slice_half_life",
    "terminal",
]

PROTOCOLS = protocols_of(protocols, dialysis_protocols, cell_body_protocols, tissue_protocols)

BASAL_LEVELS = (2.0, 6.0, 14.0)  # nM: what knock-outs want, the collection's own, what antagonists want
