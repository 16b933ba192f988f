"""How norepinephrine is made: the pathway from tyrosine, the step that sets its pace, and what a missing enzyme does."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.drugs import pharmacodynamics
from nbmodel.drugs.pharmacodynamics import Action
from nbmodel.models import circulation, dialysis, dopamine_terminal, norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

# The enzymes and transporters of the pathway, in its order, by the names of their reactions.
PATHWAY = ("tyrosine uptake", "TH", "BH4 recycling", "AADC", "VMAT2 dopamine", "DBH", "VMAT2 NE")

# What a list of many reports shows of each.
KEY_RESULTS = ("vesicular_ne", "vesicular_dopamine", "extracellular_ne", "synthesis_rate")


def terminal(case: Scenario) -> Network:
    """The resting terminal with the scenario's changes made to it (its state still that of rest)."""
    rest = norepinephrine_terminal.network()
    return rest.replace(
        **{name: float(case[name]) for name in ("th_activity", "dbh_activity", "vmat_activity", "tyrosine_blood")},
        firing=float(case["firing_rate"]),
    )


@remembered
def course(network: Network, hours: float, points: int = 241) -> solve.Run:
    """The terminal over `hours` (h) from its initial state."""
    return solve.run(network, np.linspace(0.0, hours * SECONDS_PER_HOUR, points))


def fold(run: solve.Run, species: str) -> float:
    """The last value of a species as a multiple of its first."""
    return float(run[species][-1] / run[species][0])


def with_droxidopa(network: Network, share: float = 1.0) -> Network:
    """The terminal with droxidopa at `share` times the rate at which a healthy one makes NE."""
    return network.replace(droxidopa_supply=share * norepinephrine_terminal.network().flux("DBH"))


@remembered
def with_cytosol(level: float) -> Network:
    """The resting terminal with another NE in its cytosol (uM), MAO set so that it breaks down as much as by default.

    So the store turns over as measured, whatever the level, which was not measured.
    """
    p = parameters.load()
    return norepinephrine_terminal.network(
        p.replace(NE_cytosol=level, k_MAO=p["k_MAO"].value * p["NE_cytosol"].value / level)
    )


@remembered
def control_of_synthesis(rest: Network | None = None) -> dict[str, float]:
    """Flux control coefficients over the DBH flux at rest, reaction by reaction; together they make 1."""
    rest = rest or norepinephrine_terminal.network()
    names = [reaction.name for reaction in rest.reactions]
    return dict(zip(names, solve.flux_control(rest)[names.index("DBH")].tolist(), strict=True))


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
    """The published dopamine terminal after four changes, as multiples of its baseline: "ours / published" in each cell."""
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


@cache
def _whatever_the_scenario() -> list[tuple[str, float, str]]:
    """The rows that no setting changes: a batch asks for them again and again."""
    rest, blood = norepinephrine_terminal.network(), circulation.network()
    control = control_of_synthesis()
    best = parameters.published_model("best2009")
    double = solve.steady_state(rest.replace(th_activity=2.0))
    return [
        ("ne_without_dbh", 100 * fold(course(rest.replace(dbh_activity=0.0), 48.0), "ne_v"), "%"),
        ("plasma_half_life", circulation.plasma_half_life(blood), "min"),
        ("plasma_ne_standing", circulation.standing(blood), "of lying"),
        ("store_after_th_block", 100 * th_blocked_4h(rest), "%"),
        ("store_at_half_th", 100 * th_halved(rest), "%"),
        ("synthesis_at_double_th", double.flux("TH") / rest.flux("TH"), "of rest"),
        ("dopamine_terminal_store_at_double_tyrosine", meal(rest), "of rest"),
        ("infusion_to_threshold", circulation.infusion_to_threshold(blood), "ug/min"),
        ("turnover_at_rest", norepinephrine_turnover(), "1/h"),
        ("control_of_th", control["TH"], "coefficient"),
        ("control_of_aadc", control["AADC"], "coefficient"),
        ("control_of_dbh", control["DBH"], "coefficient"),
        ("sum_of_control", sum(control.values()), "coefficient"),
        ("dopamine_terminal_synthesis_at_double_th", dopamine_response(vmax_TH=2 * best["vmax_TH"])["V_TH"], "of rest"),
    ]


def results(case: Scenario) -> pd.DataFrame:
    """The numbers of the theme for a scenario: a table with columns name, value, unit."""
    import pandas as pd

    rest, network = norepinephrine_terminal.network(), terminal(case)
    run = course(network, float(case["hours"]))
    rows = [
        ("vesicular_ne", fold(run, "ne_v"), "of rest"),
        ("vesicular_dopamine", fold(run, "da_v"), "of rest"),
        ("extracellular_ne", 1e3 * float(run["ne_e"][-1]), "nM"),
        ("synthesis_rate", float(run.rate("TH")[-1]) / rest.flux("TH"), "of rest"),
        *_whatever_the_scenario(),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "unit"])


def norepinephrine_turnover() -> float:
    """Share of the store made anew each hour at rest, 1/h."""
    rest = norepinephrine_terminal.network()
    return rest.flux("DBH") / (rest["ne_v"] + rest["ne_d"]) * SECONDS_PER_HOUR


# -- protocols: published experiments, repeated on any terminal ----------------------------------------------------


@remembered
def th_blocked_4h(rest: Network) -> float:
    """NE left in the tissue 4 h after alpha-methyltyrosine has blocked 80 % of synthesis, as a share of before.

    What was measured is synthesis, not the enzyme: as its products fall TH works harder, so the share of TH left is the
    one with which a fifth of NE is made over the 4 h.
    """
    left = 1 - parameters.load().value("block_aMT", "dimensionless")

    def blocked(share: float) -> solve.Run:
        return course(rest.replace(th_activity=share), 4.0)

    def excess(share: float) -> float:
        return float(np.mean(blocked(share).rate("TH"))) / rest.flux("TH") - left

    return fold(blocked(float(brentq(excess, 0.0, 1.0, xtol=1e-6))), "ne_v")


def th_halved(rest: Network) -> float:
    """NE in tissue with half of TH for life, as in mice that carry one good copy of its gene; a share of before."""
    return solve.steady_state(rest.replace(th_activity=0.5))["ne_v"] / rest["ne_v"]


def meal(rest: Network) -> float:
    """Vesicular dopamine of the published dopamine terminal when blood tyrosine doubles, as a multiple of before."""
    return dopamine_response(btyr=2 * parameters.published_model("best2009")["btyr"])["vda"]


def droxidopa_on(species: str) -> Callable[[Network], float]:
    """The direction in which two days of droxidopa move a species of a terminal without DBH (Biaggioni & Robertson 1987).

    The terminal has been without DBH for two days before; the same days without droxidopa stand beside.
    """

    def sign(rest: Network) -> float:
        ill = rest.replace(dbh_activity=0.0)
        ill = ill.starting_at(course(ill, 48.0).final)
        treated, untreated = course(ill.replace(droxidopa_supply=rest.flux("DBH")), 48.0), course(ill, 48.0)
        return float(np.sign(treated[species][-1] - untreated[species][-1]))

    return sign


def clonidine_plasma(rest: Network) -> float:
    """Plasma NE after clonidine, as a share of before: sympathetic nerves release less, plasma follows in minutes."""
    efficacy = parameters.load().value("efficacy_clonidine", "dimensionless")
    drugged = pharmacodynamics.under(rest, Action("alpha2", dialysis.SATURATING, efficacy), systemic=True)
    steady = solve.steady_state(norepinephrine_terminal.with_endless_store(drugged))
    return steady.flux("release of NE") / rest.flux("release of NE")


def in_blood(protocol: Callable[[Network], float]) -> Callable[[Network], float]:
    """A protocol on blood alone: it is the same whatever the terminal."""
    return lambda _: protocol(circulation.network())


PROTOCOLS: dict[str, Callable[[Network], float]] = {
    "th_blocked_4h": th_blocked_4h,
    "th_halved": th_halved,
    "meal": meal,
    "clonidine_plasma": clonidine_plasma,
    "droxidopa_on_ne": droxidopa_on("ne_v"),
    "droxidopa_on_dopamine": droxidopa_on("da_e"),
    **{
        protocol.__name__: in_blood(protocol)
        for protocol in (
            circulation.plasma_half_life,
            circulation.standing,
            circulation.stress_interview,
            circulation.cardiac_arrest,
            circulation.infusion_high,
            circulation.infusion_low_fold,
        )
    },
}
