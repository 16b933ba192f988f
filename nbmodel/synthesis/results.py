"""The numbers of a scenario of synthesis."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from nbmodel.core import solve
from nbmodel.data import parameters
from nbmodel.models import circulation, norepinephrine_terminal
from nbmodel.synthesis.pathway import (
    control_of_synthesis,
    course,
    dopamine_response,
    fold,
    norepinephrine_turnover,
    terminal,
)
from nbmodel.synthesis.protocols import meal, th_blocked_4h, th_halved

if TYPE_CHECKING:
    import pandas as pd


@cache
def _whatever_the_scenario() -> list[tuple[str, float, str]]:
    """Rows that no setting changes: a batch asks for them again and again."""
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


def results(case: Mapping[str, Any]) -> pd.DataFrame:
    """Numbers of the theme for a scenario: a table with columns name, value, unit.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> results(scenario.make("synthesis", {"dbh_activity": 0.0})).loc[0, "name"]
    'vesicular_ne'
    """
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
