"""Exercises of the lesson on reuptake."""

from __future__ import annotations

from collections.abc import Callable

from nbmodel import reuptake
from nbmodel.data import parameters
from nbmodel.exercises.judge import Question
from nbmodel.exercises.kinds import law, number
from nbmodel.models import transients
from nbmodel.models.norepinephrine_terminal import in_slice, network


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
            "both ways remove NE, so their speeds add": lambda x: v * x / (k + x) - rate * x,
        },
        why="the ways work side by side, so their speeds add; only NET saturates",
        solution="def clearance(x):\n    return V * x / (K + x) + k_slice * x",
    )


def _half_life_with_half_of_net() -> Question:
    normal, none = _half_life(), _half_life(1.0)
    return number(
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
    return number(
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


EXERCISES: dict[str, Callable[[], Question]] = {
    "2.1": _clearance_in_a_slice,
    "2.2": _half_life_with_half_of_net,
    "2.3": _rise_at_constant_release,
}
