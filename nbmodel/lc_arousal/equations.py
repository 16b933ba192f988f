"""The equations of this theme as a notebook prints them: each made from the very law that runs, with its symbols said."""

from __future__ import annotations

from nbmodel.core.printed import Equation, Printed
from nbmodel.lc_arousal import population

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
}

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
}

_printed = Printed(EQUATIONS, CONSTANTS)
shown, constants = _printed.shown, _printed.constants
