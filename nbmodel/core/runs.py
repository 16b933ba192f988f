"""What happens in a run and what it gives: steps, doses, impulses, and the run itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from nbmodel.core.network import Array, Network, NetworkError
from nbmodel.data.typed_rows import did_you_mean

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Step:
    """Event from which, at time `at`, some parameters have other values."""

    at: float
    parameters: Mapping[str, float]


@dataclass(frozen=True)
class Dose:
    """Event that adds, at time `at`, `amount` (uM in the species' own compartment) to `species`."""

    at: float
    species: str
    amount: float


@dataclass(frozen=True)
class Impulse:
    """Event of one nerve impulse at time `at`: each of `reactions`, whose rate is proportional to `rate`, acts once.

    `rate` is the parameter that counts impulses per time unit. What a rate form releases per second at one impulse per
    second is what one impulse releases; so the same rate law serves hours of tonic firing and single impulses.
    """

    at: float
    reactions: tuple[str, ...]
    rate: str = "firing"


@dataclass(frozen=True)
class Run:
    """Result of `run`: `times` (n,), `states` (species, n) in uM, and per stretch the network that ruled it.

    `extents` (reactions, n) is how far each reaction has gone since the start, uM in the reaction's own compartment; it
    is there when `run` was asked for it, else it has no rows.
    At an event, times holds the moment once and states the values after it.
    """

    network: Network
    times: Array
    states: Array
    extents: Array
    stretches: tuple[tuple[int, Network], ...]

    def __getitem__(self, species: str) -> Array:
        """Course of one species, uM, shape (n,). Raises NetworkError, with the nearest name, when there is none."""
        if species not in self.network.index:
            raise NetworkError(
                f"{self.network.name}: no species {species!r}{did_you_mean(species, self.network.index)}"
            )
        return np.asarray(self.states[self.network.index[species]])

    @property
    def final(self) -> dict[str, float]:
        """Last state, species by species, uM."""
        return {name: float(self.states[i, -1]) for name, i in self.network.index.items()}

    @cached_property
    def rates(self) -> Array:
        """Rate of every reaction over time, shape (reactions, n), with the parameters that ruled at the time."""
        bounds = [start for start, _ in self.stretches] + [len(self.times)]
        pieces = [net.rates(self.states[:, a:b]) for (a, net), b in zip(self.stretches, bounds[1:], strict=True)]
        return np.concatenate(pieces, axis=1)

    def rate(self, reaction: str) -> Array:
        """Rate of one reaction over time, uM per time unit, shape (n,)."""
        return np.asarray(self.rates[self.network.reactions.index(self.network.reaction(reaction))])

    def frame(self) -> pd.DataFrame:
        """Table of the run: a column per species (uM), indexed by time."""
        import pandas as pd

        return pd.DataFrame(
            self.states.T,
            index=pd.Index(self.times, name=f"time_{self.network.time_unit}"),
            columns=list(self.network.index),
        )
