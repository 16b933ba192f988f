"""Published observations of LC cells in a task, repeated on the model of Gilzenrat 2002; the terminal plays no part in them."""

from __future__ import annotations

from functools import cache

import numpy as np

from nbmodel.attention import gilzenrat
from nbmodel.core.estimates import Estimate, estimate
from nbmodel.core.network import Array, Network
from nbmodel.core.protocol import protocol
from nbmodel.data import parameters

TIMING = 8  # seeds, of `timing`


@protocol
def lead_of_lc(_: Network) -> float:
    """Lead in phasic mode, by half of the answer's height (Aston-Jones 1994: about 200 of 291 ms)."""
    return gilzenrat.lead(gilzenrat.noiseless("phasic"))


@protocol
def lead_of_lc_in_ms(rest: Network) -> float:
    """Lead of the LC in ms, the model's time unit set so that its response takes as long as the monkey's.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it. It plays no part.

    Returns
    -------
    float

    References
    ----------
    Aston-Jones 1994 for the response of the monkey.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> 0 < lead_of_lc_in_ms(rest) < 300
    True
    """
    p = parameters.load()
    response = p.value("lat_LC_monkey", "ms") + p.value("lead_LC_monkey", "ms")
    return lead_of_lc(rest) * response


@protocol
def distractor_of_target(_: Network) -> float:
    """Response of the LC to a distractor as a share of that to a target (Aston-Jones 1994: none that is consistent)."""
    target, other = (gilzenrat.burst(gilzenrat.noiseless("phasic", distractor=kind)) for kind in (False, True))
    return other / target


def latencies(seed: int, trials: int = 200, height: float = 0.5) -> tuple[Array, Array]:
    """Single noisy trials in phasic mode: when the LC's answer is half up, and when the response comes (both from the cue).

    Trials in which the response does not come, or came before the cue, are left out.
    """
    run = gilzenrat.trial(gilzenrat.coupling("phasic"), seed=seed, trials=trials)
    at = int(np.argmax(run.times >= 0))
    rise = run.lc[at:] - run.lc[at]
    half = run.times[at:][(rise >= height * rise.max(axis=0)).argmax(axis=0)]
    reaction = run.reaction
    answered = reaction > 0
    return half[answered], reaction[answered]


@cache
def timing(seed: int = 1) -> dict[str, Estimate]:
    """Spread and correlation of LC and response latencies over single trials, with intervals over `TIMING` seeds.

    Parameters
    ----------
    seed : int
        The first seed.

    Returns
    -------
    dict of str to Estimate
        `correlation` of the two latencies (Aston-Jones 1994: 0.30); `cue` and `response`, how much the LC's answer
        jitters from each (SD, model units; in monkeys it followed the response more closely, Clayton 2004).
    """
    found = [latencies(seed + i) for i in range(TIMING)]
    return {
        "correlation": estimate(float(np.corrcoef(lc, reaction)[0, 1]) for lc, reaction in found),
        "cue": estimate(float(lc.std(ddof=1)) for lc, _ in found),
        "response": estimate(float((reaction - lc).std(ddof=1)) for lc, reaction in found),
    }


@protocol
def closer_to_response(_: Network) -> float:
    """Return 1 if the LC's answer follows the response more closely than the cue (Clayton 2004: it does), else -1."""
    return 1.0 if timing()["response"].value < timing()["cue"].value else -1.0


@protocol
def latency_with_response(_: Network) -> float:
    """Correlation of the delay of the LC's answer with that of the response."""
    return timing()["correlation"].value
