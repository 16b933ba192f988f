"""Disorders and medicines: what a blocked or over-abundant transporter does to a system that regulates itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nbmodel import dialysis, norepinephrine_terminal, parameters, reuptake, solve
from nbmodel.network import Array, Network
from nbmodel.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


def fold(rest: Network, net_activity: float) -> float:
    """Extracellular NE as a multiple of rest, minutes after NET came to work at `net_activity` times its activity at rest.

    The store has not changed yet.
    """
    endless = norepinephrine_terminal.with_endless_store(rest)
    changed = norepinephrine_terminal.with_net_blocked(endless, 1 - net_activity)
    return solve.steady_state(changed)["ne_e"] / rest["ne_e"]


def folds(rest: Network, occupancies: Array) -> Array:
    """`fold` for each NET occupancy (0 to 1)."""
    return np.array([fold(rest, 1 - float(occupancy)) for occupancy in occupancies])


def block(rest: Network, occupancy: float, hours: float, points: int = 289) -> solve.Run:
    """The terminal over `hours` from the moment a drug blocks the share `occupancy` of NET, its store free to change."""
    return solve.run(
        norepinephrine_terminal.with_net_blocked(rest, occupancy),
        np.linspace(0.0, hours * SECONDS_PER_HOUR, points),
    )


def results(case: Scenario) -> pd.DataFrame:
    """The numbers of the theme for a scenario: a table with columns name, value, unit."""
    import pandas as pd

    rest = reuptake.resting(float(case["basal_ne"]))
    occupancy, density = float(case["net_occupancy"]), float(case["net_density"])
    firing = rest.parameters["firing"] * float(case["firing_factor"])
    condition = norepinephrine_terminal.with_endless_store(rest).replace(net_activity=density, firing=firing)
    untreated = solve.steady_state(condition)
    run = block(rest.replace(net_activity=density, firing=firing), occupancy, 24.0)
    hour = int(np.searchsorted(run.times, SECONDS_PER_HOUR))
    rows = [
        ("untreated_ne", 1e3 * untreated["ne_e"], "nM"),
        (
            "treated_ne",
            1e3 * solve.steady_state(condition.replace(net_activity=density * (1 - occupancy)))["ne_e"],
            "nM",
        ),
        ("fold", fold(rest, 1 - occupancy), "of rest"),
        (
            "fold_without_autoinhibition",
            fold(norepinephrine_terminal.without_autoinhibition(rest), 1 - occupancy),
            "of rest",
        ),
        ("fold_net_density_mdd", fold(rest, parameters.load().value("NET_MDD", "dimensionless")), "of rest"),
        ("fold_high_dose_inhibitor", dialysis.net_inhibitor(rest), "of rest"),
        ("fold_after_1h", float(run["ne_e"][hour]) * 1e3 / float(case["basal_ne"]), "of rest"),
        ("fold_after_24h", float(run["ne_e"][-1]) * 1e3 / float(case["basal_ne"]), "of rest"),
        ("store_after_24h", 100 * float(run["ne_v"][-1] / run["ne_v"][0]), "%"),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "unit"])


PROTOCOLS: dict[str, object] = {}
