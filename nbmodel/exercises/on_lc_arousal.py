"""Exercises of the lesson on the locus coeruleus."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nbmodel import lc_arousal
from nbmodel.data import parameters
from nbmodel.exercises.judge import Question
from nbmodel.exercises.kinds import number
from nbmodel.models import transients
from nbmodel.models.norepinephrine_terminal import network


def _firing_question() -> Question:
    """Ask for the tonic rate at which NE stands at one and a quarter times rest; both reasons are named, as in the text."""
    from scipy.optimize import brentq

    rest = network()
    usual, level = rest.parameters["firing"], 1.25e3 * rest["ne_e"]

    def excess(rate: float) -> float:
        return float(lc_arousal.tonic(rest, np.array([rate]))[0]) - level

    right = float(brentq(excess, 1.0, 10.0, xtol=1e-4))
    return number(
        right,
        "Hz",
        0.05,
        {
            "that would hold if NE followed firing in proportion; autoreceptors hold release back, and the readily "
            "releasable pool runs short": 1.25 * usual,
            "that is the level of NE, in nM; the rate that leads to it is asked for": level,
            "that is a multiple of the resting rate; give the rate itself": right / usual,
            "that is twice the firing, which gives about one and a half times the NE; here one and a quarter times is asked "
            "for": 2 * usual,
            "that is close, but at 2 Hz NE still stands below 7.5 nM: take a finer grid from there on": 2.0,
        },
        why=(
            "NE rises less than in proportion, as autoreceptors hold release back and the readily releasable pool runs "
            "short, so a quarter more NE needs more than a quarter more firing"
        ),
        solution="""import numpy as np
from nbmodel import lc_arousal, norepinephrine_terminal

rest = norepinephrine_terminal.resting(6.0)
rates = np.linspace(1.5, 5, 71)  # Hz
levels = lc_arousal.tonic(rest, rates)  # nM
answer = np.interp(1.25 * 6.0, levels, rates)""",
    )


def _drive_question() -> Question:
    """Ask for the smallest current that makes the leaky cell of the lesson fire, from two rows of the table and one of its own."""
    table = parameters.load()
    leak, capacitance = table.value("g_leak_LC", "nS"), table.value("C_LC", "pF")
    threshold, rest = table.value("V_threshold_LC", "mV"), table.value("E_leak_LC", "mV")
    above, reset = threshold - rest, table.value("V_reset_LC", "mV")
    right = leak * above
    return number(
        right,
        "pA",
        0.02,
        {
            "that is threshold over leak; at a steady voltage I = g V, a product": above / leak,
            "that is the voltage of the threshold, in mV (or the leak, in nS); the current that leads there is asked for": (
                above
            ),
            "the capacitance says how fast the voltage changes, not where it ends": capacitance * above,
            "V is counted from rest, not from 0 mV on the scale of electrodes": leak * abs(threshold),
            "start from rest, V = 0: the reset matters only after the first spike": leak * (threshold - reset),
            "the slider moves in steps of 5 pA, so the smallest current lies between its last silent setting and its "
            "first that fires; ask where V ends at a steady current": 1.2 * right,
            "whole numbers of pA are too coarse; ask at which current V would end just at the threshold": right + 1.0,
        },
        why=(
            "with dV/dt = 0 the equation says I = g V, so V ends at I / g, and only a current that carries it to the "
            "threshold makes the cell fire"
        ),
        solution="""g, threshold = 5.0, 5.0  # nS; mV above rest
answer = g * threshold  # dV/dt = 0 at the threshold: I = g V, in pA""",
    )


def _burst_question() -> Question:
    """Ask for the rise of NE above rest in a burst of 10 Hz that lasts twice as long as usual."""
    rest = network()
    basal = 1e3 * rest["ne_e"]
    peak, _ = transients.peak_and_return(transients.burst(rest, 10.0, 0.8))
    usual, _ = transients.peak_and_return(transients.burst(rest, 10.0, 0.4))
    return number(
        peak - basal,
        "nM",
        0.03,
        {
            "that is the peak; take away the level at rest to get the rise": peak,
            "that is twice the rise of the short burst; NET clears NE while the burst lasts, and the pool runs short": (
                2 * (usual - basal)
            ),
            "that is the rise of a burst of 0.4 s; this one lasts 0.8 s": usual - basal,
            "that is a multiple of the resting level; the rise in nM is asked for": peak / basal,
            "that is by how much more NE rises than in a burst of 0.4 s; the rise above rest is asked for": peak
            - usual,
            "that is the peak, and in uM: take away the level at rest, and turn uM into nM": 1e-3 * peak,
        },
        why="twice the burst gives less than twice the rise, as NET clears NE meanwhile and the pool runs short",
        solution="""from nbmodel import norepinephrine_terminal, transients

rest = norepinephrine_terminal.resting(6.0)
run = transients.burst(rest, rate=10.0, duration=0.8)
answer = 1e3 * (run["ne_e"].max() - run["ne_e"][0])  # uM to nM""",
    )


EXERCISES: dict[str, Callable[[], Question]] = {"3.1": _firing_question, "3.2": _drive_question, "3.3": _burst_question}
