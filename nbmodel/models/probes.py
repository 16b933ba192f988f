"""What an instrument reports of the terminal: a dialysis probe, a carbon fibre, a piece of tissue.

None of them reads norepinephrine (NE) outside the cells as such. A dialysis probe recovers more of it where the tissue
around it clears NE faster, so a drug that blocks NET makes it see less of the same level. A carbon fibre sees changes
only, against whatever was there before. A piece of tissue holds the store of all terminals in it, and next to nothing
else.
"""

from __future__ import annotations

import numpy as np

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.data import parameters


def extraction(net_at_work: Array | float, has_net: bool = True) -> Array:
    """Share of NE that a dialysis probe exchanges with the tissue, by the share of NET at work around it.

    Between the two levels that were measured it is taken to follow a straight line. Tissue without NET (`has_net` False)
    has nothing that a drug could block.

    Examples
    --------
    >>> extraction(np.array([1.0, 0.0])).tolist()
    [0.35, 0.26]
    """
    p = parameters.load()
    with_net, without = (p.value(name, "dimensionless") for name in ("extraction_NET", "extraction_no_NET"))
    return np.asarray(without + (with_net - without) * (net_at_work if has_net else np.zeros_like(net_at_work)))


def dialysate(run: solve.Run) -> Array:
    """NE that a dialysis probe brings up over a run, as a multiple of what it brings up at rest, shape (n,).

    Parameters
    ----------
    run : Run
        A run that starts at rest. Before it, all of the NET that there was is taken to have worked.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> blocked = solve.run(rest.replace(net_activity=0.0), [0.0, 0.01])
    >>> dialysate(blocked).round(2).tolist()  # at once the same level looks lower
    [0.74, 0.75]
    """
    bounds = [start for start, _ in run.stretches] + [len(run.times)]
    free = np.ones(len(run.times))
    for (start, network), end in zip(run.stretches, bounds[1:], strict=True):
        free[start:end] = network.parameters["net_activity"]
    has_net = run.network.parameters["Vmax_NET"] > 0
    seen = run["ne_e"] * extraction(free * run["net"], has_net)
    return np.asarray(seen / (run["ne_e"][0] * extraction(run["net"][0], has_net)))


def voltammogram(run: solve.Run, species: str = "ne_e") -> Array:
    """Change of NE (nM) that a carbon fibre sees over a run, shape (n,): what was there before is not seen.

    `species` is NE outside the terminals, or `ne_lc` around the cell bodies of the LC.
    """
    return np.asarray(1e3 * (run[species] - run[species][0]))


def tissue(found: Network | solve.Run) -> Array:
    """NE in a piece of tissue, per volume of terminals in it (uM): at a terminal's state, or over a run, shape (n,).

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> round(float(rest["ne_v"] / tissue(rest)), 2)  # next to all of it is stored
    0.98
    """
    network = found.network if isinstance(found, solve.Run) else found
    outside = found["ne_e"] * network.compartments["extracellular"]
    return np.asarray(found["ne_v"] + found["ne_d"] + found["ne_c"] + outside)
