"""The numbers of a scenario of reuptake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmodel.core.network import Network
from nbmodel.core.quantities import Quantity, table
from nbmodel.models import dialysis_protocols, receptors, tissue_protocols
from nbmodel.models.norepinephrine_terminal import resting, with_net_blocked
from nbmodel.models.transients import burst, clearance_half_life, peak_and_return
from nbmodel.reuptake.fates import fates
from nbmodel.reuptake.protocols import heart_desipramine, slice_desipramine

if TYPE_CHECKING:
    import pandas as pd


# s; with all of NET blocked and much NE outside it takes so long to be back.
LONG = 1200.0


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
    >>> found = results(scenario.make("reuptake", {"net_occupancy": 0.8})).set_index("name")["value"]
    >>> f"{found['half_life']:.1f} s without a drug, {found['half_life_with_block']:.1f} s with it"
    '3.0 s without a drug, 7.9 s with it'
    """
    return table(quantities(case))


def quantities(case: Mapping[str, Any]) -> dict[str, Quantity]:
    """Map each result of a scenario to the function that computes it alone, and its unit.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> compute, unit = quantities(scenario.make("reuptake", {"net_occupancy": 0.8}))["half_life_with_block"]
    >>> f"{compute():.1f} {unit}"
    '7.9 s'
    """
    rest, occupancy = resting(float(case["basal_ne"])), float(case["net_occupancy"])

    def peak_and_back(blocked: float) -> tuple[float, float]:
        return peak_and_return(burst(rest, case["burst_rate"], case["burst_duration"], blocked, LONG))

    def share(name: str) -> float:
        return 100 * fates(rest)[name]

    def alpha1_over_alpha2() -> float:
        return receptors.half_occupied("alpha1") / receptors.half_occupied("alpha2 on the target")

    return {
        "half_life": (lambda: clearance_half_life(rest), "s"),
        "half_life_with_block": (lambda: clearance_half_life(rest, occupancy, 120.0), "s"),
        "burst_peak": (lambda: peak_and_back(0.0)[0], "nM"),
        "burst_peak_with_block": (lambda: peak_and_back(occupancy)[0], "nM"),
        "burst_return": (lambda: peak_and_back(0.0)[1], "s"),
        "burst_return_with_block": (lambda: peak_and_back(occupancy)[1], "s"),
        # What only the basal level changes.
        "ne_with_alpha2_blocked": (lambda: 100 * dialysis_protocols.yohimbine(rest), "%"),
        "ne_with_inhibitor": (lambda: dialysis_protocols.atomoxetine(rest), "of rest"),
        "ne_with_inhibitor_and_idazoxan": (lambda: 100 * dialysis_protocols.reboxetine_idazoxan(rest), "%"),
        "half_life_with_desipramine": (lambda: slice_desipramine(rest), "of no drug"),
        "alpha1_over_alpha2_half_occupied": (alpha1_over_alpha2, "of alpha2"),
        "ne_without_mao": (lambda: tissue_protocols.mao_inhibitor(rest), "of rest"),
        "share_cleared_by_net": (lambda: share("net"), "%"),
        "heart_removal_with_desipramine": (lambda: 100 * heart_desipramine(rest), "%"),
        "share_stored_again": (lambda: share("stored_again"), "%"),
        "share_of_dhpg_from_leak": (lambda: share("dhpg_from_leak"), "%"),
    }
