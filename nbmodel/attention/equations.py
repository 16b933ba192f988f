"""The equations of this theme as a notebook prints them: each made from the very law that runs, with its symbols said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbmodel.attention import gilzenrat
from nbmodel.core.printed import Equation, Printed
from nbmodel.data import parameters
from nbmodel.models import decision, gain, performance

if TYPE_CHECKING:
    import pandas as pd

EQUATIONS = {
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

# The constants of each block of equations: how it writes them, and their rows in `parameters.csv`.
CONSTANTS: dict[str, dict[str, str]] = {
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

_printed = Printed(EQUATIONS, CONSTANTS)
shown, constants = _printed.shown, _printed.constants


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
