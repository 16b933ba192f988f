"""The equations of this theme as a notebook prints them: each made from the very law that runs, with its symbols said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from nbmodel.attention import gilzenrat
from nbmodel.core.formulas import law_latex
from nbmodel.data import parameters
from nbmodel.lc_arousal import population
from nbmodel.models import decision, gain, performance

if TYPE_CHECKING:
    import pandas as pd


class Equation(NamedTuple):
    """Equation for the page: what it is, its left side, its law, and how each argument of the law is written."""

    meaning: str
    left: str
    law: Callable[..., Any]
    written: Mapping[str, str]


EQUATIONS = {
    "membrane": Equation(
        "Voltage of an LC cell between spikes (pA)",
        r"C\, \frac{dV}{dt}",
        population.membrane,
        {
            "v": "V",
            "pacemaker": r"I_{\text{pace}}",
            "given": "I",
            "leak": r"g_{\text{leak}}",
            "e_leak": r"E_{\text{leak}}",
            "ahp": r"g_{\text{AHP}}",
            "alpha2": r"g_{\alpha 2}",
            "g": "G",
            "e_potassium": "E_K",
            "gap": r"g_{\text{gap}}",
            "mean": r"\overline{V}",
        },
    ),
    "opening": Equation(
        "G protein of the alpha2 receptors",
        r"\tau_G\, \frac{dG}{dt}",
        population.opening,
        {"g": "G", "ne": "x", "half_effect": "x_{50}"},
    ),
    "logistic": Equation(
        "Unit with a gain",
        "y",
        gain.logistic,
        {"x": "s", "gain": "g", "bias": "b"},
    ),
    "strengthened": Equation("Signal, by alpha1", "g_s", gain.strengthened, {"a1": "a_1", "most": "m"}),
    "held_down": Equation(
        "Background, down by alpha2 and up by alpha1",
        "B",
        gain.held_down,
        {"a2": "a_2", "a1": "a_1", "down": "d", "up": "u"},
    ),
    "cortical": Equation(
        "Firing of the cortical unit (Hz)",
        "r",
        gain.cortical,
        {
            "signal": "S",
            "stronger": "g_s",
            "background": "B",
            "threshold": r"\theta",
            "softness": "w",
            "slope": "k",
        },
    ),
    "excitation": Equation(
        "Fast variable of the LC",
        r"\tau_v\, \frac{dv}{dt}",
        gilzenrat.excitation,
        {"v": "v", "u": "u", "a": "a", "weight": "w", "target": "f_1"},
    ),
    "activity": Equation("Activity of the LC", "h", gilzenrat.activity, {"v": "v", "coupling": "C", "d": "d"}),
    "release": Equation("NE", r"\tau_u\, \frac{du}{dt}", gilzenrat.release, {"u": "u", "h": "h"}),
    "gain_of": Equation("Gain of all units", "g", gilzenrat.gain_of, {"u": "u", "base": "G", "slope": "k"}),
    "output": Equation("Output of a unit", "f", gilzenrat.output, {"x": "X", "gain": "g", "bias": "b"}),
    "product": Equation("Product of the two receptors", "P", performance.product, {"a2": "a_2", "a1": "a_1"}),
    "accuracy": Equation("Right choices", r"p_{\text{right}}", decision.accuracy, {"drift": "v", "noise": "s"}),
    "mean_time": Equation(
        "Mean reaction time (s)", "T", decision.mean_time, {"drift": "v", "noise": "s", "rest": "T_0"}
    ),
}


def shown(name: str) -> tuple[str, str]:
    """Meaning and LaTeX of an equation: the two arguments of `figures.equation`.

    Parameters
    ----------
    name : str
        One of `EQUATIONS`.

    Returns
    -------
    tuple of str

    Raises
    ------
    KeyError
        For another name.

    Examples
    --------
    >>> shown("product")[0]
    'Product of the two receptors'
    """
    one = EQUATIONS[name]
    return one.meaning, law_latex(one.left, one.law, one.written)


# The constants of each block of equations: how it writes them, and their rows in `parameters.csv`.
CONSTANTS: dict[str, dict[str, str]] = {
    "cells": {
        "C": "C_LC",
        "g_leak": "g_leak_LC",
        "E_leak": "E_leak_LC",
        "E_K": "E_K_LC",
        "threshold": "V_threshold_LC",
        "reset": "V_reset_LC",
        "g_AHP, per spike": "g_AHP_LC",
        "its decay": "tau_AHP_LC",
        "g_alpha2": "g_alpha2_LC",
        "x_50": "EC50_alpha2_LC",
        "tau_G": "tau_alpha2_LC",
        "NE of an impulse": "NE_impulse_LC",
        "g_gap": "g_gap_LC",
        "spikelet": "spikelet_LC",
        "I, waking": "drive_LC_wake",
        "I, tonic mode": "drive_LC_tonic",
        "I, silent": "drive_LC_silent",
        "pulse": "pulse_LC",
        "its rise": "tau_pulse_LC",
        "its delay": "delay_LC_afferent",
        "noise, membrane": "noise_LC",
        "noise, input": "charge_EPSC_LC",
    },
    "cortex": {
        "m": "gain_signal_a1",
        "d": "cut_background_a2",
        "u": "rise_background_a1",
        "theta": "threshold_unit",
        "w": "softness_unit",
        "k": "slope_unit",
    },
    "decision": {
        "K_2": "Kd_a2auto",
        "K_1": "K_NE_a1",
        "v without NE": "ddm_drift",
        "v, added by alpha2": "gain_drift_a2",
        "s without NE": "ddm_noise",
        "s, added by alpha1": "gain_noise_a1",
        "T_0": "t_nondecision",
    },
}


def constants(block: str) -> pd.DataFrame:
    """Constants of a block of equations, as a table.

    Parameters
    ----------
    block : str
        One of `CONSTANTS`.

    Returns
    -------
    DataFrame
        Columns written, meaning, value, range, unit, status and source.

    Raises
    ------
    KeyError
        For another block.

    Examples
    --------
    >>> constants("cortex")["written"].tolist()
    ['m', 'd', 'u', 'theta', 'w', 'k']
    """
    import pandas as pd

    table = parameters.load()
    found = [(written, table[symbol]) for written, symbol in CONSTANTS[block].items()]
    return pd.DataFrame(
        {
            "written": written,
            "meaning": row.name,
            "value": row.value,
            "range": f"{row.low:g} to {row.high:g}",
            "unit": "" if row.unit == "dimensionless" else row.unit,
            "status": row.status,
            "source": ", ".join(row.source),
        }
        for written, row in found
    )


def published(model: str) -> pd.DataFrame:
    """Constants of a published model as `models.csv` has them, but for its reference numbers.

    Parameters
    ----------
    model : str
        Key of the paper, such as 'gilzenrat2002'.

    Returns
    -------
    DataFrame
        Columns symbol, meaning and value.

    Examples
    --------
    >>> len(published("gilzenrat2002")) > 10
    True
    """
    import pandas as pd

    rows = [row for row in parameters.model_rows(model) if not row.symbol.startswith("ref_")]
    return pd.DataFrame([(row.symbol, row.name, row.value) for row in rows], columns=["symbol", "meaning", "value"])
