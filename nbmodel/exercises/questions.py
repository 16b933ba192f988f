"""Exercises of the notebooks: the right answer (computed by the model), and what to say to a wrong one.

`check("1.2", answer)` never raises for a student's answer and never tells the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from nbmodel import disorders, drugs, lc_arousal, reuptake, sleep_wake, synthesis
from nbmodel.core import kinetics, solve
from nbmodel.core.network import Network
from nbmodel.data import parameters
from nbmodel.data.tables import significant
from nbmodel.exercises import answers, judge
from nbmodel.exercises.judge import NOT_TRIED, RIGHT, Question, Slip
from nbmodel.models import decision, gain, performance, transients
from nbmodel.models.norepinephrine_terminal import in_slice, network, without_autoinhibition


def _number(
    right: float,
    unit: str,
    tolerance: float = 0.02,
    slips: Mapping[str, float] | None = None,
    why: str = "",
    solution: str = "",
) -> Question:
    """Question for a number in `unit`.

    `slips` are known mistakes: what to say -> the number that the mistake gives. `why` is said with a right answer, and
    `solution`, code that works the answer out, unfolds after a try.
    """
    known = tuple(Slip(hint, 0.0, ((wrong,),)) for hint, wrong in (slips or {}).items())
    return Question(
        "",
        "number",
        "",
        1.0,
        unit=unit,
        tolerance=tolerance,
        expected=((right,),),
        slips=known,
        why=why,
        solution=solution,
    )


def _law(
    right: Callable[..., float],
    inputs: Sequence[tuple[float, ...]],
    slips: Mapping[str, Callable[..., float]] | None = None,
    why: str = "",
    solution: str = "",
) -> Question:
    """Question for a function, which is compared with `right` at each row of `inputs`; the rest is as for `_number`."""

    def values(law: Callable[..., float]) -> tuple[tuple[float, ...], ...]:
        return tuple((float(law(*row)),) for row in inputs)

    known = tuple(Slip(hint, 0.0, values(wrong)) for hint, wrong in (slips or {}).items())
    return Question(
        "", "function", "", 1.0, tolerance=1e-6, expected=values(right), inputs=tuple(inputs), slips=known,
        why=why, solution=solution,
    )  # fmt: skip


def _less_hydroxylase() -> Question:
    """TH at a quarter for a day: what is left of the store (%)."""
    rest = network()
    run, other = (synthesis.course(rest.replace(th_activity=share), 24.0) for share in (0.25, 0.75))
    left = 100 * synthesis.fold(run, "ne_v")
    return _number(
        left,
        "%",
        0.03,
        {
            "that is the share of TH: with less product the feedback on TH eases, so the store falls less": 25.0,
            "that is what is lost; the question is what is left": 100 - left,
            "you took a quarter of TH away; only a quarter of it is to be left": 100 * synthesis.fold(other, "ne_v"),
            "that is dopamine in the vesicles (da_v); NE is ne_v": 100 * synthesis.fold(run, "da_v"),
            "nothing has changed in your run: give `course` the terminal that `replace` returns": 100.0,
            "that is a concentration; divide it by the one at the start": float(run["ne_v"][-1]),
        },
        why="the store falls less than TH does, because fewer products in the cytosol hold TH back less",
        solution=(
            'run = synthesis.course(terminal.replace(th_activity=0.25), 24)\nanswer = 100 * run["ne_v"][-1] / run["ne_v"][0]'
        ),
    )


def _rival_at_a_transporter() -> Question:
    """Rate law of uptake while a rival competes for the site."""
    return _law(
        kinetics.competitive,
        [(1.0, 0.0, 10.0, 2.0, 3.0), (1.0, 3.0, 10.0, 2.0, 3.0), (5.0, 1.5, 4.0, 1.0, 0.5)],
        {
            "that is uptake without a rival: `rival` has no effect in your law": lambda s, rival, vmax, km, km_rival: (
                vmax * s / (km + s)
            ),
            "your rival lowers the top speed too; one that competes can be outdone by enough `s`, so it changes `km` alone": (
                lambda s, rival, vmax, km, km_rival: vmax * s / ((km + s) * (1 + rival / km_rival))
            ),
            "the rival counts in your law as if its constant were that of `s`; its own is `km_rival`": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km * (1 + rival / km) + s)
            ),
            "that is uptake of both together; the question is about that of `s` alone": (
                lambda s, rival, vmax, km, km_rival: vmax * (s + rival) / (km + s + rival)
            ),
            "your rival makes uptake faster: it should raise `km`, not lower it": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km / (1 + rival / km_rival) + s)
            ),
            "your rival acts on the transporter that already holds `s`; one that competes acts on the free one: on `km`": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km + s * (1 + rival / km_rival))
            ),
            "your factor is 0 without a rival; it must be 1 there: 1 + rival / km_rival": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km * rival / km_rival + s)
            ),
        },
        why="a rival raises the Michaelis constant and leaves the top speed, so enough of `s` still fills every transporter",
        solution=(
            "def competing_uptake(s, rival, vmax, km, km_rival):\n    return vmax * s / (km * (1 + rival / km_rival) + s)"
        ),
    )


def _half_of_dbh() -> Question:
    """Half of DBH for good: what is left of the store (%)."""
    rest = network()
    steady = solve.steady_state(rest.replace(dbh_activity=0.5))
    left = 100 * steady["ne_v"] / rest["ne_v"]
    less_th = 100 * solve.steady_state(rest.replace(th_activity=0.5))["ne_v"] / rest["ne_v"]
    return _number(
        left,
        "%",
        0.02,
        {
            "that is the share of DBH; look at its control in Figure 4, and at the dopamine that waits for it": 50.0,
            "that is what is lost; the question is what is left": 100 - left,
            "that is half of TH, which sets the pace; the question is about DBH": less_th,
            "that is dopamine in the vesicles (da_v); NE is ne_v": 100 * steady["da_v"] / rest["da_v"],
            "that is a terminal without any DBH; half of it is left": 0.0,
            "nothing has changed: ask `solve.steady_state` for the terminal that `replace` returns": 100.0,
            "that is a concentration; divide it by the one at rest": steady["ne_v"],
        },
        why=(
            "DBH has little control: dopamine rises to twice its level in the vesicles, until half of the enzyme makes "
            "nearly as much NE as before"
        ),
        solution=(
            "steady = solve.steady_state(terminal.replace(dbh_activity=0.5))\n"
            'answer = 100 * steady["ne_v"] / terminal["ne_v"]'
        ),
    )


def _firing_for_quarter_more() -> float:
    """Tonic rate (Hz) at which extracellular NE is one and a quarter times its resting level."""
    from scipy.optimize import brentq

    rest = network()

    def excess(rate: float) -> float:
        return float(lc_arousal.tonic(rest, np.array([rate]))[0]) - 1.25e3 * rest["ne_e"]

    return float(brentq(excess, 1.0, 10.0, xtol=1e-4))


def _firing_question() -> Question:
    """Ask for the tonic rate at which NE stands at one and a quarter times rest; both reasons are named, as in the text."""
    rest = network()
    usual, right = rest.parameters["firing"], _firing_for_quarter_more()
    return _number(
        right,
        "Hz",
        0.05,
        {
            "that would hold if NE followed firing in proportion; autoreceptors hold release back, and the readily "
            "releasable pool runs short": 1.25 * usual,
            "that is the level of NE, in nM; the rate that leads to it is asked for": 1.25e3 * rest["ne_e"],
            "that is a multiple of the resting rate; give the rate itself": right / usual,
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
    return _number(
        leak * above,
        "pA",
        0.02,
        {
            "that is threshold over leak; at a steady voltage I = g V, a product": above / leak,
            "the capacitance says how fast the voltage changes, not where it ends": capacitance * above,
            "V is counted from rest, not from 0 mV on the scale of electrodes": leak * abs(threshold),
            "start from rest, V = 0: the reset matters only after the first spike": leak * (threshold - reset),
        },
        why=(
            "with dV/dt = 0 the equation says I = g V, so V ends at I / g, and only a current that carries it to the "
            "threshold makes the cell fire"
        ),
        solution="""g, threshold = 5.0, 5.0  # nS; mV above rest
answer = g * threshold  # dV/dt = 0 at the threshold: I = g V, in pA""",
    )


def _burst_question() -> Question:
    """Ask for the rise of NE in a burst of 10 Hz that lasts twice as long as usual."""
    rest = network()
    basal = 1e3 * rest["ne_e"]
    peak, _ = transients.peak_and_return(transients.burst(rest, 10.0, 0.8))
    usual, _ = transients.peak_and_return(transients.burst(rest, 10.0, 0.4))
    return _number(
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
        },
        why="twice the burst gives less than twice the rise, as NET clears NE meanwhile and the pool runs short",
        solution="""from nbmodel import norepinephrine_terminal, transients

rest = norepinephrine_terminal.resting(6.0)
run = transients.burst(rest, rate=10.0, duration=0.8)
answer = 1e3 * (run["ne_e"].max() - run["ne_e"][0])  # uM to nM""",
    )


def _poisson_sensitivity(gain: float) -> float:
    """Sensitivity d'a to a signal that lifts a Poisson count from 2.5 to 5 on average, both times `gain`."""
    without, with_signal = 2.5 * gain, 5.0 * gain
    return (with_signal - without) / float(np.sqrt((without + with_signal) / 2))


def _half_life(blocked: float = 0.0, in_slice: bool = True) -> float:
    return transients.half_life(transients.decay(network(), blocked, in_slice=in_slice))


def _two_receptors(ne: float, swapped: bool = False) -> float:
    """Product of the two receptors at NE (nM), by the lesson's equation; `swapped` takes each constant for the other."""
    k = gain.affinities()
    k2, k1 = (k.a1, k.a2) if swapped else (k.a2, k.a1)
    return float(performance.product(ne / (ne + k2), ne / (ne + k1)))


def _steps() -> dict[str, float]:
    """Seconds of each step from a cue to a receptor's effect, and of the response."""
    budget = decision.time_budget()
    return dict(zip(budget["step"], budget["value"], strict=True))


def _time_left(without: str = "") -> float:
    """Time (s) that receptors may take for NE to act within the response; a slip leaves a step out."""
    steps = _steps()
    return steps["the response"] - sum(steps[s] for s in ("the LC fires", "its axons conduct") if s != without)


def _clearance_in_a_slice() -> Question:
    p = parameters.load()
    v, k = p.value("Vmax_NET", "nM/s"), p.value("Km_NET_NE", "nM")
    rate, of_the_brain = p.value("k_nonNET", "1/s"), network().parameters["k_uptake2"]
    return _law(
        lambda x: v * x / (k + x) + rate * x,
        [(6.0,), (100.0,), (1000.0,)],
        {
            "that is NET alone; in a slice NE also leaves by uptake-2 and diffusion": lambda x: v * x / (k + x),
            "that is what NET leaves to others; add what NET itself does": lambda x: rate * x,
            "the second term is a rate without its NE: multiply k_slice by x": lambda x: v * x / (k + x) + rate,
            "V and K have changed places: V is the top speed, and K stands below, beside x": (
                lambda x: k * x / (v + x) + rate * x
            ),
            "that is the living brain; a slice loses NE to the bath as well, so take k_slice": (
                lambda x: v * x / (k + x) + of_the_brain * x
            ),
            "your NET never saturates: below the line stands K + x": lambda x: v * x / k + rate * x,
            "x is missing above the line of the first term": lambda x: v / (k + x) + rate * x,
            "both ways remove NE, so their speeds add": lambda x: v * x / (k + x) - rate * x,
        },
        why="the ways work side by side, so their speeds add; only NET saturates",
        solution="def clearance(x):\n    return V * x / (K + x) + k_slice * x",
    )


def _half_life_with_half_of_net() -> Question:
    normal, none = _half_life(), _half_life(1.0)
    return _number(
        _half_life(0.5),
        "s",
        0.03,
        {
            "that is twice as long, as if NET were all of clearance; in a slice NE also diffuses away": 2 * normal,
            "that is the living brain; the question is about a slice": _half_life(0.5, in_slice=False),
            "that is without a block": normal,
            "that is without any NET": none,
            "that lies halfway between both half-lives; speeds of clearance add, times do not": (normal + none) / 2,
        },
        why="the part of NET takes twice as long, but uptake-2 and diffusion are not blocked: 1.6 times in all",
        solution="half_life(0.5, k_slice)\n# or, with the library's terminal:\n"
        "transients.half_life(transients.decay(rest, 0.5))",
    )


def _rise_at_constant_release() -> Question:
    blocked, rest = 0.8, network()
    net, in_dish = (round(reuptake.fates(place)["net"], 2) for place in (rest, in_slice(rest)))
    rise = 1 / (1 - blocked * net)
    return _number(
        rise,
        "multiples of rest",
        0.01,
        {
            "that would hold if NET were all of clearance; uptake-2 goes on": 1 / (1 - blocked),
            "that is what remains of clearance; NE rises by its inverse": 1 / rise,
            "that is all of NET blocked; here a fifth of it still works": 1 / (1 - net),
            "that is by how much NE rises; as a multiple of rest it is 1 more": rise - 1,
            "that is a slice; in the brain NET does 95 % of the clearance": 1 / (1 - blocked * in_dish),
            "NE does not rise by the share that is blocked: it rises until clearance equals release again": 1
            + blocked * net,
        },
        why="0.05 + 0.2 x 0.95 = 0.24 of clearance is left, so NE rises until 0.24 of it does the work of all",
        solution="net = 0.95  # share of clearance that NET does\nleft = (1 - net) + (1 - 0.8) * net\nanswer = 1 / left",
    )


def _occupancy_for_double(rest: Network | None = None) -> float:
    """Occupancy of NET (%) that doubles extracellular NE, at a terminal at rest."""
    from scipy.optimize import brentq

    start = rest or network()
    return float(brentq(lambda occupancy: 100 * (disorders.fold(start, 1 - occupancy) - 2), 0.1, 0.99, xtol=1e-4)) * 100


def _accumulation() -> Question:
    """6.1: how much more regular doses add up to in poor metabolisers of atomoxetine."""
    half_life, interval = 21.6, 24.0
    left = 2 ** (-interval / half_life)
    return _number(
        drugs.exposure_at_steady_state("atomoxetine", metaboliser="poor").accumulation,
        "no unit: it is a ratio",
        0.012,
        {
            "that is what the half-life of normal metabolisers gives, 5.2 h": drugs.exposure_at_steady_state(
                "atomoxetine"
            ).accumulation,
            "that is the number of half-lives in a day; ask what is left of a dose when the next one comes": interval
            / half_life,
            "that is what is left of one dose when the next one comes; the doses before it have left something too": left,
            "that is two doses, the last and what is left of the one before; go on to all the doses before": 1 + left,
            "a half-life halves: the share left is a power of 1/2, not of 1/e": 1 / (1 - np.exp(-interval / half_life)),
            "that is one over the share that is left; divide by the share that is gone within a day": 1 / left,
        },
        why="a day leaves 46 % of each dose, and the sum 1 + 0.46 + 0.46² + ... is 1 / (1 - 0.46). In normal metabolisers "
        "hardly anything is left after a day, so their levels do not accumulate",
        solution="left = 2 ** (-24 / 21.6)  # share of a dose when the next one comes\n"
        "answer = 1 / (1 - left)     # the sum of 1 + left + left**2 + ...",
    )


def _doubling() -> Question:
    """6.2: the occupancy of NET that doubles NE where only the feedback on terminals acts."""
    rest = network()
    return _number(
        _occupancy_for_double(rest),
        "%",
        0.02,
        {
            "that would hold without feedback and if NET were all of clearance": 50.0,
            "that would hold without feedback; release falls as NE rises": _occupancy_for_double(
                without_autoinhibition(rest)
            ),
            "that is the answer where the cell bodies' feedback acts too, as in a person; use `rest` as it is": (
                _occupancy_for_double(rest.replace(soma_feedback=1.0))
            ),
            "that is the share of NET that is left; the occupied share is wanted": 100 - _occupancy_for_double(rest),
        },
        why="without feedback half would nearly do. The feedback on release has to be overcome as well, so more of NET must be "
        "blocked",
        solution="shares = np.linspace(0.4, 0.9, 101)\n"
        "answer = 100 * np.interp(2, disorders.folds(rest, shares), shares)",
    )


def _best_ne() -> Question:
    """6.3: the NE at which alpha2 stimulated times alpha1 not stimulated is largest."""
    k = gain.affinities()
    return _number(
        performance.optimum(),
        "nM",
        0.03,
        {
            "that lies halfway on a plain axis; halve the distance on a logarithmic one": (k.a1 + k.a2) / 2,
            "that is K2, where half of the alpha2 receptors are stimulated; attention still rises there": k.a2,
            "that is K1, where half of the alpha1 receptors are stimulated; attention has long been falling": k.a1,
            "that is the product of the two constants; take its square root": k.a1 * k.a2,
        },
        why="the top lies at the square root of K1 K2: there one more per cent of NE gains as much by alpha2 as it loses by alpha1",
        solution="k = gain.affinities()\nx = np.geomspace(1, 100, 2001)\n"
        "attention = x / (x + k.a2) * k.a1 / (x + k.a1)\n"
        "answer = x[np.argmax(attention)]  # or np.sqrt(k.a1 * k.a2)",
    )


# Thresholds of the sleep drive and its time constants (s), as lesson 4 gives them.
LOW, HIGH, TAU_WAKE, TAU_SLEEP = 0.09, 0.43, 600.0, 320.0
HIGHER = 0.6  # the raised threshold of exercise 4.1


def _bout(low: float, high: float, tau: float, aim: float) -> float:
    """Time (s) that a sleep drive takes between two thresholds: upwards to an aim of 1, downwards to one of 0."""
    left, over = (1 - low, 1 - high) if aim else (high, low)
    return tau * float(np.log(left / over))


def _share_awake(low: float, high: float, tau_wake: float, tau_sleep: float) -> float:
    wake, sleep = _bout(low, high, tau_wake, 1), _bout(low, high, tau_sleep, 0)
    return wake / (wake + sleep)


def _ne_in_rem_sleep(others: float) -> float:
    """NE in REM sleep, % of active wake, where other cell groups supply a share of the terminals."""
    return 100 * sleep_wake.ne_by_state(network().replace(share_other_groups=others))["REM sleep"]


def _others_for_measured_ne() -> float:
    """Share of terminals (%) of other cell groups at which NE in REM sleep is what dialysis finds, 61 % of active wake."""
    from scipy.optimize import brentq

    return 100 * float(brentq(lambda others: _ne_in_rem_sleep(others) - 61, 0.1, 0.9, xtol=1e-4))


EXERCISES: dict[str, Callable[[], Question]] = {
    "1.1": _less_hydroxylase,
    "1.2": _rival_at_a_transporter,
    "1.3": _half_of_dbh,
    "2.1": _clearance_in_a_slice,
    "2.2": _half_life_with_half_of_net,
    "2.3": _rise_at_constant_release,
    "3.1": lambda: _firing_question(),
    "3.2": lambda: _drive_question(),
    "3.3": lambda: _burst_question(),
    "4.1": lambda: _number(
        _bout(LOW, HIGHER, TAU_WAKE, 1),
        "s",
        0.02,
        {
            "that is the bout with the old threshold of 0.43": _bout(LOW, HIGH, TAU_WAKE, 1),
            "that is with the time constant of sleep; in wake it is 600 s": _bout(LOW, HIGHER, TAU_SLEEP, 1),
            "that is how long the drive takes to fall from 0.6 to 0.09 by the time constant of wake; in wake it rises, towards 1": (
                _bout(LOW, HIGHER, TAU_WAKE, 0)
            ),
            "that would hold if the drive rose along a straight line; it slows down as it comes nearer to 1": (
                TAU_WAKE * (HIGHER - LOW)
            ),
            "that is how much longer the bout becomes; how long is it?": (
                _bout(LOW, HIGHER, TAU_WAKE, 1) - _bout(LOW, HIGH, TAU_WAKE, 1)
            ),
            "that is a whole cycle; leave the sleep out": (
                _bout(LOW, HIGHER, TAU_WAKE, 1) + _bout(LOW, HIGHER, TAU_SLEEP, 0)
            ),
        },
        why="the drive has to climb further, and climbs more slowly the nearer it comes to its aim of 1",
        solution="""import math

# In wake the distance to the aim, 1 - h, shrinks by a factor e every 600 s.
# It shrinks from 1 - 0.09 to 1 - 0.6.
600 * math.log((1 - 0.09) / (1 - 0.6))""",
    ),
    "4.2": lambda: _law(
        _share_awake,
        [(0.09, 0.43, 600.0, 320.0), (0.09, 0.6, 600.0, 320.0), (0.2, 0.5, 300.0, 400.0)],
        {
            "that is the share of sleep": lambda *given: 1 - _share_awake(*given),
            "that is wake as a multiple of sleep; the share is wake over the whole cycle": (
                lambda low, high, wake, sleep: _bout(low, high, wake, 1) / _bout(low, high, sleep, 0)
            ),
            "the two time constants have changed places": (
                lambda low, high, wake, sleep: _share_awake(low, high, sleep, wake)
            ),
            "the drive rises towards 1 in wake and falls towards 0 in sleep: the two logarithms have changed places": (
                lambda low, high, wake, sleep: (
                    _bout(low, high, wake, 0) / (_bout(low, high, wake, 0) + _bout(low, high, sleep, 1))
                )
            ),
            "the time constants alone do not give it: the way between the thresholds counts too": (
                lambda low, high, wake, sleep: wake / (wake + sleep)
            ),
            "that is a percentage; give the share, between 0 and 1": lambda *given: 100 * _share_awake(*given),
            "that is the duration of wake; divide it by the duration of the whole cycle": (
                lambda low, high, wake, sleep: _bout(low, high, wake, 1)
            ),
        },
        why="a share of time is one duration over the sum of both, so only the ratio of the time constants counts",
        solution="""import math

def share_awake(low, high, tau_wake, tau_sleep):
    wake = tau_wake * math.log((1 - low) / (1 - high))
    sleep = tau_sleep * math.log(high / low)
    return wake / (wake + sleep)""",
    ),
    "4.3": lambda: _number(
        _others_for_measured_ne(),
        "%",
        0.03,
        {
            "NE is not the share itself: terminals of the locus coeruleus leak a little, and autoreceptors answer to less NE": 61.0,
            "so it would be if NE were the sum of the two groups; with less NE outside, autoreceptors let the others release more": (
                100 * (61 - _ne_in_rem_sleep(0)) / (100 - _ne_in_rem_sleep(0))
            ),
            "that is the share that the lesson assumes, and it gives too little NE": 30.0,
            "that is the share of the locus coeruleus; what is left for the others?": 100 - _others_for_measured_ne(),
        },
        why="about half of the terminals would have to belong to other groups; nobody has counted them, so the share remains an "
        "assumption that can be set to meet the measurement",
        solution="""# Try shares until NE in REM sleep comes to 61 % of active wake.
for share in (0.40, 0.45, 0.48, 0.50):
    terminal = rest.replace(share_other_groups=share)
    print(share, sleep_wake.ne_by_state(terminal)["REM sleep"])""",
    ),
    "5.1": lambda: _number(
        _poisson_sensitivity(2.0) / _poisson_sensitivity(1.0),
        "no unit: it is a ratio",
        0.01,
        {
            "the difference of the means doubles, but so does the variance of a Poisson count": 2.0,
            "that comes of dividing by the variance: take its root; or of a unit without noise at its output, which a "
            "gain does not help, while here the count itself is noisy": 1.0,
            "that is upside down: divide the sensitivity with the gain by the one without": (
                _poisson_sensitivity(1.0) / _poisson_sensitivity(2.0)
            ),
            "that is the sensitivity with the gain; divide it by the one without": _poisson_sensitivity(2.0),
            "that is the sensitivity without the gain; the question is how many times it rises": _poisson_sensitivity(
                1.0
            ),
        },
        why="the difference doubles and its noise grows by the root of two, so a gain helps, and less than twofold",
        solution="def sensitivity(without, with_signal):\n"
        "    return (with_signal - without) / ((without + with_signal) / 2) ** 0.5\n\n"
        "answer = sensitivity(5, 10) / sensitivity(2.5, 5)",
    ),
    "5.2": lambda: _number(
        _two_receptors(12.0),
        "no unit: it is a share, 0 to 1",
        0.01,
        {
            "the two constants are swapped: K2, the smaller one, belongs to alpha2, and K1 to alpha1": (
                _two_receptors(12.0, swapped=True)
            ),
            "that is the share of alpha2 receptors alone; multiply it by the share of alpha1 receptors that stay free": (
                float(gain.occupancy(12.0).a2)
            ),
            "that is the share of alpha1 receptors that stay free; multiply it by the share of stimulated alpha2": (
                1 - float(gain.occupancy(12.0).a1)
            ),
            "that multiplies by the alpha1 receptors that are stimulated; P wants those that are not, 1 - a1": (
                float(gain.occupancy(12.0).a2 * gain.occupancy(12.0).a1)
            ),
            "that is P at 6 nM; the question is about 12 nM": _two_receptors(6.0),
            "that is how many times more P is than at 6 nM; the question is P itself": (
                _two_receptors(12.0) / _two_receptors(6.0)
            ),
        },
        why="alpha2 receptors gain more than alpha1 receptors take away, so P still rises, but to far less than twice its "
        "value at 6 nM",
        solution="K2, K1 = gain.affinities()\nx = 12\nanswer = x / (x + K2) * (1 - x / (x + K1))",
    ),
    "5.3": lambda: _number(
        1e3 * _time_left(),
        "ms",
        0.02,
        {
            "the axons are missing: the impulse also has to travel": 1e3 * _time_left(without="its axons conduct"),
            "the LC's own latency is missing: it does not fire at once": 1e3 * _time_left(without="the LC fires"),
            "that is how much the receptors would have to gain; the question is how long they may take": (
                1e3 * (_steps()["alpha2A receptors act"] - _time_left())
            ),
            "that is the whole time of the response; the LC and its axons need a part of it": 1e3
            * _steps()["the response"],
        },
        why="the receptors would have to act more than three times as fast as in the cultured cells in which they were timed",
        solution="# all in ms: the response, less the LC's latency, less the axons\nanswer = 291 - 91 - 100",
    ),
    "6.1": lambda: _accumulation(),
    "6.2": lambda: _doubling(),
    "6.3": lambda: _best_ne(),
}


class Solution:
    """Worked solution of an exercise, which a notebook shows folded."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __repr__(self) -> str:
        return "There is a worked solution: look at its .code"

    def _repr_html_(self) -> str:
        return f"<details><summary>Worked solution</summary><pre>{escape(self.code)}</pre></details>"


def predicted(guess: Any, found: float, unit: str = "") -> None:
    """Print a reader's guess beside what the model gives.

    Parameters
    ----------
    guess : number or ...
        What the reader wrote down before; ... while there is none.
    found : float
        What came out.
    unit : str

    Examples
    --------
    >>> predicted(6, 5.2, "s")
    Your guess: 6.00 s. The model: 5.20 s.
    >>> predicted(..., 5.2, "s")
    Your guess: none yet. The model: 5.20 s.
    """
    number = answers.number(guess)
    if isinstance(number, dict):
        print(f"Your guess is no number ({number['other']}): replace the ... by one. Then look again.")
        return
    ours = "none yet" if number is None else f"{significant(number)} {unit}".strip()
    print(f"Your guess: {ours}. The model: {significant(found)} {unit}".rstrip() + ".")


def check(exercise: str, answer: Any) -> Solution | None:
    """Print the comment on an answer: not tried yet, right and why, or which kind of slip; never the right answer.

    Parameters
    ----------
    exercise : str
        Number of the exercise, such as "1.2".
    answer : number, function or ...
        The student's answer; ... while there is none.

    Returns
    -------
    Solution or None
        After a try, the worked solution where there is one; a notebook shows it folded.

    Raises
    ------
    KeyError
        For an exercise that does not exist; it names those there are.

    Examples
    --------
    >>> check("2.2", ...)
    Exercise 2.2: not tried yet
    """
    if exercise not in EXERCISES:
        raise KeyError(f"there is no exercise {exercise!r}; there are {', '.join(EXERCISES)}")
    if answer is None or answer is ...:
        print(f"Exercise {exercise}: {NOT_TRIED}")
        return None
    question = EXERCISES[exercise]()
    comment = judge.judge(question, answers.answer(question.kind, answer, question.inputs)).comment
    why = f": {question.why}" if comment == RIGHT and question.why else ""
    print(f"Exercise {exercise}: {comment}{why}")
    return Solution(question.solution) if question.solution and comment != NOT_TRIED else None
