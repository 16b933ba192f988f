"""Locus coeruleus and arousal: from spiking cells to norepinephrine in the tissue, and on to what a brain can do.

Several models stand side by side, each a module: `population` (spiking cells), `gilzenrat` (LC and decision),
`vigilance` (the same over a watch for rare targets), `sleep_wake`, `firing` (from rates to NE), `broadcast` (one rate to
many regions), `gain`, `detection` and `cocktail_party` (signal and noise), `performance` and `decision` (the inverted U),
`pupil` (a slow follower).
`chain` strings them together, from a cue to a readout.
Where NE is meant in nM it comes from the terminal, which firing drives.
"""

from nbmodel.lc_arousal.protocols import PROTOCOLS
from nbmodel.lc_arousal.results import results, terminal
from nbmodel.models.firing import hours_of_firing, tonic

__all__ = ["PROTOCOLS", "hours_of_firing", "results", "terminal", "tonic"]
