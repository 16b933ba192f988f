"""Exercises of the lesson on reuptake."""

from __future__ import annotations

from collections.abc import Callable

from nbmodel.data import parameters
from nbmodel.exercises.judge import Question
from nbmodel.exercises.kinds import law, number
from nbmodel.models import transients
from nbmodel.models.norepinephrine_terminal import in_slice, network
from nbmodel.reuptake import fates


def _half_life(blocked: float = 0.0, in_slice: bool = True) -> float:
    return transients.half_life(transients.decay(network(), blocked, in_slice=in_slice))


def _clearance_in_a_slice() -> Question:
    p = parameters.load()
    v, k = p.value("Vmax_NET", "nM/s"), p.value("Km_NET_NE", "nM")
    rate, of_the_brain = p.value("k_nonNET", "1/s"), network().parameters["k_uptake2"]
    return law(
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
            "brackets are missing below the line: divide by all of (K + x)": lambda x: v * x / k + x + rate * x,
            "that is a share, clearance by NET over all of it; add the two speeds": (
                lambda x: v * x / (k + x) / (v * x / (k + x) + rate * x)
            ),
            "that stays the same whatever x is: c is the NE of the cell above; write x in its place": (
                lambda x: v * 6 / (k + 6) + rate * 6 + 0 * x
            ),
            "both ways remove NE, so their speeds add": lambda x: v * x / (k + x) - rate * x,
        },
        why="the ways work side by side, so their speeds add; only NET saturates",
        solution="def clearance(x):\n    return V * x / (K + x) + k_slice * x",
        tolerance=0.01,  # 0.051 and 0.017 serve as well: so they are printed
    )


def _block_that_doubles_the_half_life() -> Question:
    in_dish = round(fates(in_slice(network()))["net"], 2)
    blocked = _doubling()
    return number(
        100 * blocked,
        "%",
        0.03,
        {
            "that would do if NET were all of clearance; uptake-2 and diffusion go on, so more of NET must be blocked": 50.0,
            "that is the living brain, where NET does more of the clearance; the question is about a slice": (
                100 * _doubling(in_slice=False)
            ),
            "that holds near rest, where NET does 86 % of the clearance; at 310 nM it is half saturated and does less": (
                50 / in_dish
            ),
            "that is the share of NET that still works; the question is which share is blocked": 100 * (1 - blocked),
            "with all of NET blocked the half-life is more than four times as long; less of a block doubles it": 100.0,
            "that holds at 310 nM, where NET does 75 % of the clearance; as NE falls it does more, so a little less will do": (
                100 / 1.5
            ),
            "wanted is a percentage, such as 50 for a half; and a half would do only if NET were all of clearance": 0.5,
        },
        why="NET, half saturated, does 75 to 80 % of the clearance while NE falls from 310 to 155 nM, so a block of 64 % "
        "takes half of it all",
        solution="for blocked in (0.5, 0.6, 0.65, 0.7):\n    print(blocked, half_life(blocked, k_slice) / half_life(0, k_slice))\n"
        "answer = 64",
    )


def _doubling(in_slice: bool = True) -> float:
    """Share of NET whose block doubles the half-life."""
    from scipy.optimize import brentq

    normal = _half_life(in_slice=in_slice)
    return float(brentq(lambda blocked: _half_life(blocked, in_slice) - 2 * normal, 0.2, 0.9, xtol=1e-4))


def _rise_at_constant_release() -> Question:
    blocked, rest = 0.8, network()
    net, in_dish = (round(fates(place)["net"], 2) for place in (rest, in_slice(rest)))
    rise = 1 / (1 - blocked * net)
    return number(
        rise,
        "multiples of rest",
        0.01,
        {
            "that would hold if NET were all of clearance; uptake-2 goes on": 1 / (1 - blocked),
            "that is the fifth of NET that is left, without the twentieth that uptake-2 clears: add 0.05": 1
            / ((1 - blocked) * net),
            "wanted is a multiple of rest, not a percentage above it: raised by 100 % means twofold": 100 * (rise - 1),
            "that is what remains of clearance; NE rises by its inverse": 1 / rise,
            "NE rises by the inverse of what is left of clearance, not of what is blocked": 1 / blocked,
            "that is all of NET blocked; here a fifth of it still works": 1 / (1 - net),
            "that is by how much NE rises, and a multiple of rest is 1 more": rise - 1,
            "that is a quarter left of clearance; 0.05 + 0.2 x 0.95 is a little less": 4.0,
            "that is a slice; in the brain NET does 95 % of the clearance": 1 / (1 - blocked * in_dish),
            "NE does not rise by the share that is blocked: it rises until clearance equals release again": 1
            + blocked * net,
        },
        why="0.05 + 0.2 x 0.95 = 0.24 of clearance is left, so NE rises until 0.24 of it does the work of all",
        solution="net = 0.95  # share of clearance that NET does\nleft = (1 - net) + (1 - 0.8) * net\nanswer = 1 / left",
    )


EXERCISES: dict[str, Callable[[], Question]] = {
    "2.1": _clearance_in_a_slice,
    "2.2": _block_that_doubles_the_half_life,
    "2.3": _rise_at_constant_release,
}
