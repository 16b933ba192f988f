"""Locus coeruleus: from spiking cells to norepinephrine in the tissue, region by region.

Several models stand side by side, each a module: `population` and `spiking` (cells), `spike_trains` (what is read off
them), `broadcast` (one rate to many regions), `pupil` (a slow follower); `models.firing` leads from rates to NE.
`chain` strings them together, from a cue to a readout.
Where NE is meant in nM it comes from the terminal, which firing drives.
"""

from nbmodel.core.protocol import protocols_of
from nbmodel.lc_arousal import broadcast, population_protocols, protocols, pupil
from nbmodel.lc_arousal.results import results, terminal
from nbmodel.models.firing import hours_of_firing, tonic

__all__ = ["PROTOCOLS", "hours_of_firing", "results", "terminal", "tonic"]

PROTOCOLS = protocols_of(protocols, broadcast, population_protocols, pupil)
