"""The numbers of a scenario of synthesis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmodel.core import solve
from nbmodel.core.quantities import Quantity, table
from nbmodel.core.runs import Run
from nbmodel.data import parameters
from nbmodel.models import circulation, norepinephrine_terminal
from nbmodel.synthesis.pathway import (
    control_of_synthesis,
    course,
    dopamine_response,
    fold,
    norepinephrine_turnover,
    store_by_th,
    terminal,
)
from nbmodel.synthesis.protocols import meal, one_th_gene, th_blocked_4h

if TYPE_CHECKING:
    import pandas as pd


def results(case: Mapping[str, Any]) -> pd.DataFrame:
    """Numbers of the theme for a scenario: a table with columns name, value, unit.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> results(scenario.make("synthesis", {"dbh_activity": 0.0})).loc[0, "name"]
    'vesicular_ne'
    """
    return table(quantities(case))


def quantities(case: Mapping[str, Any]) -> dict[str, Quantity]:
    """Map each result of a scenario to the function that computes it alone, and its unit.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> compute, unit = quantities(scenario.make("synthesis", {"dbh_activity": 0.0}))["extracellular_ne"]
    >>> f"{compute():.2f} {unit}"
    '0.01 nM'
    """
    rest, blood = norepinephrine_terminal.network(), circulation.network()

    def end() -> Run:
        return course(terminal(case), float(case["hours"]))

    def synthesis_at_double_th() -> float:
        return solve.steady_state(rest.replace(th_activity=2.0)).flux("TH") / rest.flux("TH")

    def response_of_the_dopamine_terminal() -> float:
        return dopamine_response(vmax_TH=2 * parameters.published_model("best2009")["vmax_TH"])["V_TH"]

    return {
        "vesicular_ne": (lambda: fold(end(), "ne_v"), "of rest"),
        "vesicular_dopamine": (lambda: fold(end(), "da_v"), "of rest"),
        "extracellular_ne": (lambda: 1e3 * float(end()["ne_e"][-1]), "nM"),
        "synthesis_rate": (lambda: float(end().rate("TH")[-1]) / rest.flux("TH"), "of rest"),
        # What no setting changes.
        "ne_without_dbh": (lambda: 100 * fold(course(rest.replace(dbh_activity=0.0), 48.0), "ne_v"), "%"),
        "plasma_half_life": (lambda: circulation.plasma_half_life(blood), "min"),
        "plasma_ne_standing": (lambda: circulation.standing(blood), "of lying"),
        "store_after_th_block": (lambda: 100 * th_blocked_4h(rest), "%"),
        "store_at_half_th": (lambda: 100 * float(store_by_th(rest, (0.5,))[0]), "%"),
        "store_with_one_th_gene": (lambda: 100 * one_th_gene(rest), "%"),
        "synthesis_at_double_th": (synthesis_at_double_th, "of rest"),
        "dopamine_terminal_store_at_double_tyrosine": (lambda: meal(rest), "of rest"),
        "infusion_to_threshold": (lambda: circulation.infusion_to_threshold(blood), "ug/min"),
        "turnover_at_rest": (norepinephrine_turnover, "1/h"),
        "control_of_th": (lambda: control_of_synthesis()["TH"], "coefficient"),
        "control_of_aadc": (lambda: control_of_synthesis()["AADC"], "coefficient"),
        "control_of_dbh": (lambda: control_of_synthesis()["DBH"], "coefficient"),
        "sum_of_control": (lambda: sum(control_of_synthesis().values()), "coefficient"),
        "dopamine_terminal_synthesis_at_double_th": (response_of_the_dopamine_terminal, "of rest"),
    }
