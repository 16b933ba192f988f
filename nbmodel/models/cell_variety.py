"""Many unlike cortical cells: what norepinephrine does to each when the assumed sizes of `gain` are drawn from their ranges."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nbmodel.core.kinetics import Value
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models import gain

ASSUMED = (
    "gain_signal_a1",
    "cut_background_a2",
    "rise_background_a1",
    "threshold_unit",
    "softness_unit",
    "slope_unit",
)
IONTOPHORESIS = 10.0  # times the basal level: what the pipette gives is not known, see `variety`
CHANGED = 0.1  # a rate counts as changed from a tenth on


def variety(
    basal: float, fold: float = IONTOPHORESIS, signal: float = 0.5, cells: int = 2000, seed: int = 0
) -> dict[str, float]:
    """Shares of cells that NE makes respond more, less or as before, their sizes drawn from the ranges.

    Sizes are drawn evenly between `low` and `high` of their rows, and independently. In cat visual cortex the three
    groups were about equal, and the ratio improved in the majority of the cells that changed (kasamatsu1982).

    Parameters
    ----------
    basal : float
        NE at rest, nM.
    fold : float
        NE during the experiment, as a multiple of `basal`.
    signal : float
        Strength of the signal in units of the background drive.
    cells : int
        How many cells are drawn.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    dict of str to float
        Shares, 0 to 1: `more`, `less` and `same` (the response changes by a tenth or not), `changed` (the first two
        together), `better` (the share of the changed cells whose ratio of evoked to spontaneous firing rises).

    References
    ----------
    Kasamatsu 1982, doi:10.1007/BF01249437

    Examples
    --------
    >>> found = variety(6.0, cells=200)
    >>> round(found["changed"], 1), round(found["better"], 1)
    (0.8, 0.9)
    """
    p, rng = parameters.load(), np.random.default_rng(seed)
    drawn = {name: rng.uniform(p[name].low, p[name].high, cells) for name in ASSUMED}

    def rates(ne: float) -> tuple[Value, Value]:
        held = gain.occupancy(ne, p)
        stronger = gain.strengthened(held.a1, drawn["gain_signal_a1"])
        behind = gain.held_down(held.a2, held.a1, drawn["cut_background_a2"], drawn["rise_background_a1"])
        shape = (drawn["threshold_unit"], drawn["softness_unit"], drawn["slope_unit"])
        return gain.cortical(signal, stronger, behind, *shape), gain.cortical(0.0, stronger, behind, *shape)

    (evoked, spontaneous), (evoked_after, spontaneous_after) = rates(basal), rates(fold * basal)
    change = evoked_after / evoked - 1
    changed = np.abs(change) > CHANGED
    better = evoked_after / spontaneous_after > evoked / spontaneous
    return {
        "more": float((change > CHANGED).mean()),
        "less": float((change < -CHANGED).mean()),
        "same": float((~changed).mean()),
        "changed": float(changed.mean()),
        "better": float(better[changed].mean()),
    }


def over_ranges(quantity: Callable[[Parameters], Value], sets: int = 400, seed: int = 0) -> tuple[Value, Value, Value]:
    """Median of a quantity over sets of the assumed sizes, and the ends between which 90 % of the sets put it.

    Sizes are drawn as in `variety`.

    Parameters
    ----------
    quantity : callable
        Number, or an array of several, for a table of parameters.
    sets : int
        How many sets are drawn.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    median, low, high : float or array
        50th, 5th and 95th percentile, of each number by itself.

    Examples
    --------
    >>> _, low, high = over_ranges(lambda p: float(gain.evoked_to_spontaneous(0.5, 6.0, p)), sets=50)
    >>> bool(low < gain.evoked_to_spontaneous(0.5, 6.0) < high)
    True
    """
    p, rng = parameters.load(), np.random.default_rng(seed)
    drawn = {name: rng.uniform(p[name].low, p[name].high, sets) for name in ASSUMED}
    values = [quantity(p.replace(**{name: float(of[i]) for name, of in drawn.items()})) for i in range(sets)]
    low, middle, high = np.percentile(values, (5, 50, 95), axis=0)
    return middle, low, high
