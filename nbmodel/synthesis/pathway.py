"""The pathway in a terminal: its run over hours, its control, and the published dopamine terminal beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.models import dopamine_terminal, norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR

if TYPE_CHECKING:
    import pandas as pd

# The enzymes and transporters of the pathway, in its order, by the names of their reactions.
PATHWAY = ("tyrosine uptake", "TH", "BH4 recycling", "AADC", "VMAT2 dopamine", "DBH", "VMAT2 NE")


def terminal(case: Mapping[str, Any]) -> Network:
    """Terminal with the scenario's changes made to it, its state still that of rest."""
    rest = norepinephrine_terminal.network()
    return rest.replace(
        **{name: float(case[name]) for name in ("th_activity", "dbh_activity", "vmat_activity", "tyrosine_blood")},
        firing=float(case["firing_rate"]),
    )


@remembered
def course(network: Network, hours: float, points: int = 241) -> solve.Run:
    """Run of a terminal over `hours` (h) from its initial state, at `points` times (s).

    Examples
    --------
    >>> from nbmodel import norepinephrine_terminal
    >>> half = norepinephrine_terminal.network().replace(th_activity=0.5)
    >>> f"{100 * fold(course(half, 96.0), 'ne_v'):.0f} % of the store is left after four days at half of TH"
    '64 % of the store is left after four days at half of TH'
    """
    return solve.run(network, np.linspace(0.0, hours * SECONDS_PER_HOUR, points))


def fold(run: solve.Run, species: str) -> float:
    """Last value of a species as a multiple of its first."""
    return float(run[species][-1] / run[species][0])


def with_droxidopa(network: Network, share: float = 1.0) -> Network:
    """Terminal with droxidopa supplied at `share` times the rate at which a healthy one makes NE."""
    return network.replace(droxidopa_supply=share * norepinephrine_terminal.network().flux("DBH"))


@remembered
def with_cytosol(level: float) -> Network:
    """Terminal at rest with another NE in its cytosol (uM), which was not measured; the store turns over as before."""
    return with_number("NE_cytosol", level)


@remembered
def with_number(symbol: str, value: float) -> Network:
    """Terminal at rest with another value of one row of the table of parameters, in the row's unit.

    Examples
    --------
    >>> with_number("NE_cytosol", 2.0)["ne_c"]
    2.0
    """
    return norepinephrine_terminal.network(parameters.load().replace(**{symbol: value}))


@remembered
def what_it_decides(symbol: str, value: float) -> dict[str, float]:
    """Control and stores of a terminal with another value of one parameter; stores as shares of its own rest."""
    rest = with_number(symbol, value)
    one_gene = parameters.load().value("TH_one_gene", "dimensionless")
    of_step, stores = control_of_synthesis(rest), store_by_th(rest, (one_gene, 0.5, 2.0))
    return {
        "control of TH": of_step["TH"],
        "of MAO": of_step["MAO NE"] + of_step["MAO dopamine"],
        "of DBH": of_step["DBH"],
        "store, one gene of TH": float(stores[0]),
        "TH halved": float(stores[1]),
        "TH doubled": float(stores[2]),
        "DBH halved": solve.steady_state(rest.replace(dbh_activity=0.5))["ne_v"] / rest["ne_v"],
    }


@remembered
def control_of_synthesis(rest: Network | None = None) -> dict[str, float]:
    """Flux control coefficients over the DBH flux at rest, by the name of the reaction; together they make 1.

    Examples
    --------
    >>> round(sum(control_of_synthesis().values()), 6)
    1.0
    """
    rest = rest or norepinephrine_terminal.network()
    names = [reaction.name for reaction in rest.reactions]
    return dict(zip(names, solve.flux_control(rest)[names.index("DBH")].tolist(), strict=True))


@remembered
def store_by_th(rest: Network, shares: tuple[float, ...]) -> Array:
    """NE in vesicles at steady state as a share of rest, for each activity of TH (multiple of normal).

    Examples
    --------
    >>> store_by_th(norepinephrine_terminal.network(), (1.0, 2.0)).round(2).tolist()
    [1.0, 1.39]
    """
    return np.array([solve.steady_state(rest.replace(th_activity=share))["ne_v"] / rest["ne_v"] for share in shares])


def dopamine_response(**changes: float) -> dict[str, float]:
    """Steady state of the published dopamine terminal after `changes`, as multiples of its baseline: vda, eda, V_TH."""
    baseline = solve.steady_state(dopamine_terminal.network())
    changed = solve.steady_state(baseline.replace(**changes))
    ratios = {
        name: float(changed.initial[i] / baseline.initial[i])
        for name, i in baseline.index.items()
        if name in ("vda", "eda")
    }
    return {**ratios, "V_TH": changed.flux("TH") / baseline.flux("TH")}


def dopamine_comparison() -> pd.DataFrame:
    """Table of the published dopamine terminal after four changes, as multiples of its baseline: "ours / published"."""
    import pandas as pd

    best = parameters.published_model("best2009")
    changes = {
        "TH halved": ("th_half", {"vmax_TH": best["vmax_TH"] / 2}),
        "TH doubled": ("th_double", {"vmax_TH": best["vmax_TH"] * 2}),
        "firing doubled": ("fire_double", {"fire": best["fire"] * 2}),
        "no reuptake": ("dat_zero", {"vmax_DAT": 0.0}),
    }
    columns = {"vda": "dopamine in vesicles", "eda": "dopamine outside", "V_TH": "synthesis"}
    rows = []
    for name, (key, change) in changes.items():
        ours = dopamine_response(**change)
        pairs = {column: (ours[symbol], best[f"ratio_{key}_{symbol}"]) for symbol, column in columns.items()}
        rows.append({"change": name} | {column: f"{a:.2f} / {b:.2f}" for column, (a, b) in pairs.items()})
    return pd.DataFrame(rows)


def norepinephrine_turnover() -> float:
    """Share of the store made anew each hour at rest, 1/h."""
    rest = norepinephrine_terminal.network()
    return rest.flux("DBH") / (rest["ne_v"] + rest["ne_d"]) * SECONDS_PER_HOUR
