"""Attention: what norepinephrine does to signal and noise, to detection, to a long watch, to memory and to decisions.

Several models stand side by side. Those that other themes ask as well are in `models`: `gain`, `detection`,
`cell_variety` and `cocktail_party` (signal and noise), `performance` and `decision` (the inverted U). Here are
`gilzenrat` (the locus coeruleus and a decision in one circuit) and `vigilance` (the same over a watch for rare targets).
"""

from nbmodel.attention import gilzenrat_protocols, protocols, vigilance
from nbmodel.attention.results import receptor_drugs, results, terminal
from nbmodel.core.protocol import protocols_of

__all__ = ["PROTOCOLS", "receptor_drugs", "results", "terminal"]

PROTOCOLS = protocols_of(protocols, gilzenrat_protocols, vigilance)
