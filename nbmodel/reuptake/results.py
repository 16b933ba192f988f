"""The numbers of a scenario of reuptake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmodel.core.network import Network
from nbmodel.core.solve import remembered
from nbmodel.models import dialysis_protocols, receptors, tissue_protocols
from nbmodel.models.norepinephrine_terminal import resting, with_net_blocked
from nbmodel.models.transients import burst, clearance_half_life, peak_and_return
from nbmodel.reuptake.fates import fates
from nbmodel.reuptake.protocols import heart_desipramine, slice_desipramine

if TYPE_CHECKING:
    import pandas as pd


# s; with all of NET blocked and much NE outside it takes so long to be back.
LONG = 1200.0


@remembered
def _without_the_drug(basal_ne: float) -> dict[str, tuple[float, str]]:
    """Results that only the basal level changes, name -> value and unit: a batch asks for them again and again."""
    rest = resting(basal_ne)
    shares = fates(rest)
    alpha1, alpha2 = (receptors.half_occupied(name) for name in ("alpha1", "alpha2 on the target"))
    return {
        "half_life": (clearance_half_life(rest), "s"),
        "ne_with_alpha2_blocked": (100 * dialysis_protocols.yohimbine(rest), "%"),
        "ne_with_inhibitor": (dialysis_protocols.atomoxetine(rest), "of rest"),
        "ne_with_inhibitor_and_idazoxan": (100 * dialysis_protocols.reboxetine_idazoxan(rest), "%"),
        "half_life_with_desipramine": (slice_desipramine(rest), "of no drug"),
        "alpha1_over_alpha2_half_occupied": (alpha1 / alpha2, "of alpha2"),
        "ne_without_mao": (tissue_protocols.mao_inhibitor(rest), "of rest"),
        "share_cleared_by_net": (100 * shares["net"], "%"),
        "heart_removal_with_desipramine": (100 * heart_desipramine(rest), "%"),
        "share_stored_again": (100 * shares["stored_again"], "%"),
        "share_of_dhpg_from_leak": (100 * shares["dhpg_from_leak"], "%"),
    }


def terminal(case: Mapping[str, Any]) -> Network:
    """Terminal of a scenario: at rest, then with the share of NET blocked."""
    return with_net_blocked(resting(float(case["basal_ne"])), float(case["net_occupancy"]))


def results(case: Mapping[str, Any]) -> pd.DataFrame:
    """Numbers of the theme for a scenario.

    Parameters
    ----------
    case : Mapping
        A value for each setting of the theme, such as `scenario.make("reuptake", {"net_occupancy": 0.8})`.

    Returns
    -------
    DataFrame
        Columns name, value, unit; a row per number.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> table = results(scenario.make("reuptake", {"net_occupancy": 0.8})).set_index("name")
    >>> f"{table['value']['half_life']:.1f} s without a drug, {table['value']['half_life_with_block']:.1f} s with it"
    '3.0 s without a drug, 7.9 s with it'
    """
    import pandas as pd

    rest = resting(float(case["basal_ne"]))
    occupancy = float(case["net_occupancy"])
    free_peak, free_back = peak_and_return(burst(rest, case["burst_rate"], case["burst_duration"], 0.0, LONG))
    peak, back = peak_and_return(burst(rest, case["burst_rate"], case["burst_duration"], occupancy, LONG))
    undrugged = [(name, *found) for name, found in _without_the_drug(float(case["basal_ne"])).items()]
    rows = [
        undrugged[0],
        ("half_life_with_block", clearance_half_life(rest, occupancy, 120.0), "s"),
        ("burst_peak", free_peak, "nM"),
        ("burst_peak_with_block", peak, "nM"),
        ("burst_return", free_back, "s"),
        ("burst_return_with_block", back, "s"),
        *undrugged[1:],
    ]
    return pd.DataFrame(rows, columns=["name", "value", "unit"])
