"""Published experiments on the cell bodies of the locus coeruleus (LC), repeated: their firing, and what it does to cortex."""

from __future__ import annotations

from collections.abc import Sequence

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.protocol import protocol
from nbmodel.core.solve import remembered
from nbmodel.drugs import pharmacodynamics
from nbmodel.drugs.pharmacodynamics import Action
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.dialysis import ANTAGONIST, inhibitor, local, peak, trough


@remembered
def lc_rate(rest: Network, drugs: Sequence[Action]) -> float:
    """Firing rate of the LC (Hz) minutes after drugs have come to its cell bodies.

    Examples
    --------
    >>> lc_rate(norepinephrine_terminal.network(), ())
    1.5
    """
    drugged = pharmacodynamics.under(norepinephrine_terminal.with_store_clamped(rest), *drugs, systemic=True)
    return float(solve.steady_state(drugged).curve("lc_rate"))


@protocol
def lc_firing_under_reboxetine(rest: Network) -> float:
    """LC firing while reboxetine holds nearly all of NET, as a share of before (Szabo & Blier 2001)."""
    return lc_rate(rest, (inhibitor(),)) / rest.parameters["firing"]


@protocol
def antagonist_into_lc(rest: Network) -> float:
    """Strongest sample of cortical NE while an alpha2 antagonist acts on the cell bodies only (Fernandez-Pastor 2002)."""
    return peak(local(rest, firing=lc_rate(rest, (ANTAGONIST,))))


@protocol
def desipramine_into_lc(rest: Network) -> float:
    """Direction of cortical NE while desipramine acts on the cell bodies only, 0 where by less than a tenth (Mateo 1998)."""
    run = local(rest, firing=lc_rate(rest, (inhibitor(),)))
    return -1.0 if trough(run) < 0.9 else 1.0 if peak(run) > 1.1 else 0.0
