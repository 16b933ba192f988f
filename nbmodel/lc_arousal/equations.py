"""The equations of this theme as a notebook prints them: each made from the very law that runs, with its symbols said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from nbmodel.lc_arousal import gain, gilzenrat, performance, population
from nbmodel.network import law_latex


class Equation(NamedTuple):
    """What an equation is, its left side, its law, and how each argument of the law is written."""

    meaning: str
    left: str
    law: Callable[..., Any]
    written: Mapping[str, str]


EQUATIONS = {
    "membrane": Equation(
        "Voltage of an LC cell between spikes (pA)", r"C\, \frac{dV}{dt}", population.membrane,
        {
            "v": "V", "pacemaker": r"I_{\text{pace}}", "given": "I", "leak": r"g_{\text{leak}}", "e_leak": r"E_{\text{leak}}",
            "ahp": r"g_{\text{AHP}}", "alpha2": r"g_{\alpha 2}", "g": "G", "e_potassium": "E_K", "gap": r"g_{\text{gap}}",
            "mean": r"\overline{V}",
        },
    ),
    "opening": Equation(
        "G protein of the alpha2 receptors", r"\tau_G\, \frac{dG}{dt}", population.opening,
        {"g": "G", "ne": "x", "half_effect": "x_{50}"},
    ),
    "logistic": Equation(
        "Unit with a gain", "y", gain.logistic, {"x": "s", "gain": "g", "bias": "b"},
    ),
    "strengthened": Equation("Signal, by alpha1", "g_s", gain.strengthened, {"a1": "a_1", "most": "m"}),
    "held_down": Equation(
        "Background, down by alpha2 and up by alpha1", "B", gain.held_down, {"a2": "a_2", "a1": "a_1", "down": "d", "up": "u"}
    ),
    "cortical": Equation(
        "Firing of the cortical unit (Hz)", "r", gain.cortical,
        {
            "signal": "S", "stronger": "g_s", "background": "B", "threshold": r"\theta", "softness": "w", "slope": "k",
        },
    ),
    "excitation": Equation(
        "Fast variable of the LC", r"\tau_v\, \frac{dv}{dt}", gilzenrat.excitation,
        {"v": "v", "u": "u", "a": "a", "weight": "w", "target": "f_1"},
    ),
    "activity": Equation("Activity of the LC", "h", gilzenrat.activity, {"v": "v", "coupling": "C", "d": "d"}),
    "release": Equation("NE", r"\tau_u\, \frac{du}{dt}", gilzenrat.release, {"u": "u", "h": "h"}),
    "gain_of": Equation("Gain of all units", "g", gilzenrat.gain_of, {"u": "u", "base": "G", "slope": "k"}),
    "output": Equation("Output of a unit", "f", gilzenrat.output, {"x": "X", "gain": "g", "bias": "b"}),
    "product": Equation("Product of the two receptors", "P", performance.product, {"a2": "a_2", "a1": "a_1"}),
    "accuracy": Equation("Right choices", r"p_{\text{right}}", performance.accuracy, {"drift": "v", "noise": "s"}),
    "mean_time": Equation(
        "Mean reaction time (s)", "T", performance.mean_time, {"drift": "v", "noise": "s", "rest": "T_0"}
    ),
}  # fmt: skip


def shown(name: str) -> tuple[str, str]:
    """What the equation of that name is, and its LaTeX: the two arguments of `figures.equation`."""
    one = EQUATIONS[name]
    return one.meaning, law_latex(one.left, one.law, one.written)
