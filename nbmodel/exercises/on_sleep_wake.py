"""Exercises of the lesson on sleep and wake."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nbmodel.exercises.judge import Question
from nbmodel.exercises.kinds import law, number

# Thresholds of the sleep drive and its time constants (s), as lesson 4 gives them.
LOW, HIGH, TAU_WAKE, TAU_SLEEP = 0.09, 0.43, 600.0, 320.0
HIGHER = 0.7  # the raised threshold of exercise 4.1


def _up(low: float, high: float, tau: float) -> float:
    """Time (s) that a sleep drive with an aim of 1 takes from the lower threshold to the upper one."""
    return tau * float(np.log((1 - low) / (1 - high)))


def _down(low: float, high: float, tau: float) -> float:
    """Time (s) that a sleep drive with an aim of 0 takes from the upper threshold to the lower one."""
    return tau * float(np.log(high / low))


def _share(wake: float, sleep: float) -> float:
    return wake / (wake + sleep)


def _share_awake(low: float, high: float, tau_wake: float, tau_sleep: float) -> float:
    return _share(_up(low, high, tau_wake), _down(low, high, tau_sleep))


def _in_steps(low: float, high: float, tau_wake: float, tau_sleep: float) -> float:
    """Share of time awake by the loop of the lesson, second by second: near the right one, and not it."""
    h, wake, sleep = low, 0, 0
    while h < high:
        h, wake = h + (1 - h) / tau_wake, wake + 1
    while h > low:
        h, sleep = h - h / tau_sleep, sleep + 1
    return _share(wake, sleep)


def _longer_bout() -> Question:
    """4.1: how long a bout of wake lasts with the raised threshold."""
    bout, old = _up(LOW, HIGHER, TAU_WAKE), _up(LOW, HIGH, TAU_WAKE)
    return number(
        bout,
        "s",
        0.02,
        {
            "that is the bout with the old threshold of 0.43": old,
            "that is with the time constant of sleep; in wake it is 600 s": _up(LOW, HIGHER, TAU_SLEEP),
            "that is how long the drive takes to fall from 0.7 to 0.09 by the time constant of wake; in wake it rises, towards 1": (
                _down(LOW, HIGHER, TAU_WAKE)
            ),
            "that would hold if the drive rose along a straight line; it slows down as it comes nearer to 1": (
                TAU_WAKE * (HIGHER - LOW)
            ),
            "that scales the old bout in proportion to the climb; the drive slows down as it comes nearer to 1": (
                old * (HIGHER - LOW) / (HIGH - LOW)
            ),
            "that is how much longer the bout becomes; how long is it?": bout - old,
            "the logarithm is to the base 10; a factor e asks for the natural one, math.log": bout / float(np.log(10)),
            "the fraction stands upside down: a time cannot be negative": -bout,
            "that is a whole cycle; leave the sleep out": bout + _down(LOW, HIGHER, TAU_SLEEP),
        },
        why="the drive has to climb further, and climbs more slowly the nearer it comes to its aim of 1",
        solution="""import math

# In wake the distance to the aim, 1 - h, shrinks by a factor e every 600 s.
# It shrinks from 1 - 0.09 to 1 - 0.7.
600 * math.log((1 - 0.09) / (1 - 0.7))""",
    )


def _law_of_the_share_awake() -> Question:
    """4.2: share of time awake, of thresholds and time constants."""
    return law(
        _share_awake,
        [(0.09, 0.43, 600.0, 320.0), (0.09, 0.6, 600.0, 320.0), (0.2, 0.5, 300.0, 400.0)],
        {
            "that is the share of sleep": lambda *given: 1 - _share_awake(*given),
            "that is wake as a multiple of sleep; the share is wake over the whole cycle": (
                lambda low, high, wake, sleep: _up(low, high, wake) / _down(low, high, sleep)
            ),
            "the two time constants have changed places": (
                lambda low, high, wake, sleep: _share_awake(low, high, sleep, wake)
            ),
            "the drive rises towards 1 in wake and falls towards 0 in sleep: the two logarithms have changed places": (
                lambda low, high, wake, sleep: _share(_down(low, high, wake), _up(low, high, sleep))
            ),
            "that is what two equal logarithms give, which cancel: the way up, towards 1, is not the way down, towards 0": (
                lambda low, high, wake, sleep: _share(wake, sleep)
            ),
            "one of the two fractions stands upside down, so one duration is negative: (1 - low) / (1 - high) and high / low": (
                lambda low, high, wake, sleep: _share(-_up(low, high, wake), _down(low, high, sleep))
            ),
            "that is the loop of section 1, which counts whole seconds: close, but here the formula with logarithms is asked for": (
                _in_steps
            ),
            "the logarithms are fine for the durations; then both time constants belong in front of theirs": (
                lambda low, high, wake, sleep: _share_awake(low, high, 1, 1)
            ),
            "right with the time constants of section 1 only: do you use all four arguments?": (
                lambda low, high, wake, sleep: _share_awake(low, high, TAU_WAKE, TAU_SLEEP)
            ),
            "that is a percentage; give the share, between 0 and 1": lambda *given: 100 * _share_awake(*given),
            "that is the duration of wake; divide it by the duration of the whole cycle": (
                lambda low, high, wake, sleep: _up(low, high, wake)
            ),
        },
        why="a share of time is one duration over the sum of both, so only the ratio of the time constants counts",
        solution="""import math

def share_awake(low, high, tau_wake, tau_sleep):
    wake = tau_wake * math.log((1 - low) / (1 - high))
    sleep = tau_sleep * math.log(high / low)
    return wake / (wake + sleep)""",
    )


EXERCISES: dict[str, Callable[[], Question]] = {"4.1": _longer_bout, "4.2": _law_of_the_share_awake}
