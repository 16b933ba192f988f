"""A watch for rare targets: what the model of Gilzenrat 2002 (`gilzenrat`) does in phasic and in tonic mode, with noise.

The task is like that of monkeys in Aston-Jones 1994. Times are in the model's own unit, without unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nbmodel.attention import gilzenrat
from nbmodel.core.estimates import from_resampling
from nbmodel.core.network import Array, Network
from nbmodel.core.protocol import protocol

if TYPE_CHECKING:
    import pandas as pd

# A task like that of Aston-Jones et al. 1994, in which a target was 10-20 % of stimuli. Times in the model's unit.
STIMULUS, INTERVAL, TARGETS = 3.0, 15.0, 0.2
PATIENCE = 8.0  # how long after a stimulus responses are recorded


@dataclass(frozen=True)
class Watch:
    """Stimuli (m) of many watchers (n), each (m, n): was it a target, the reaction time (nan: none), the LC's burst."""

    target: NDArray[np.bool_]
    reaction: Array
    burst: Array

    def part(self, stimuli: slice) -> Watch:
        """Watch with some of the stimuli only."""
        return Watch(self.target[stimuli], self.reaction[stimuli], self.burst[stimuli])

    def within(self, window: float) -> Watch:
        """Watch by a stricter rule: a response counts within `window` of the stimulus."""
        return Watch(self.target, np.where(self.reaction < window, self.reaction, np.nan), self.burst)


def watches(
    each: Sequence[ArrayLike],
    seed: int,
    watchers: int = 200,
    stimuli: int = 20,
    stimulus: float = STIMULUS,
    interval: float = INTERVAL,
    targets: float = TARGETS,
    frozen_gain: bool = False,
    window: float | None = None,
) -> tuple[Watch, ...]:
    """Watches with noise, in one loop: a stimulus every `interval`, on for `stimulus`, a target with probability `targets`.

    `each` has a coupling for each watch, or one for each of its stimuli (a watch during which the mode drifts: the drift is
    put in, not found). A response counts when it begins within `window` of the stimulus (default: while it is on); one that
    was under way before answers nothing. The same seed gives the same stimuli and the same noise whatever the coupling.
    `frozen_gain` is as in `gilzenrat.trial`. Raises ValueError for a stimulus or a window that is as long as the interval.
    """
    window = stimulus if window is None else window
    if not 0 < stimulus < interval or not 0 < window < interval:
        raise ValueError("a stimulus must be on, and responses count, for less than the interval between stimuli")
    k = gilzenrat.constants()
    couplings = np.array([np.broadcast_to(np.asarray(c, dtype=float), stimuli) for c in each])
    rng = np.random.default_rng(seed)
    target = np.tile(rng.random((stimuli, watchers)) < targets, len(couplings))

    def rest(now: Array) -> gilzenrat.State:
        """State in which all watchers rest at the couplings of the moment."""
        parts = zip(*(gilzenrat.settled(float(c)) for c in now), strict=True)
        return gilzenrat.State(*(np.concatenate(part, axis=-1).repeat(watchers, axis=-1) for part in parts))

    state = rest(couplings[:, 0])
    steps, on, until = (round(time / k["dt"]) for time in (interval, stimulus, window))
    reaction, rise = np.full(target.shape, np.nan), np.zeros(target.shape)
    nothing = np.zeros((3, 1))
    for number in range(-1, stimuli):  # an interval without stimulus first, so that the noise is under way
        shown = gilzenrat.received(np.array([target[number], ~target[number]], dtype=float))
        now = couplings[:, max(number, 0)]
        c, ne = now.repeat(watchers), rest(now).u if frozen_gain else None
        noise = np.tile(gilzenrat.chance(rng, steps, 3, watchers), len(couplings))
        for i in range(steps):
            seen = number >= 0 and i < on
            state, lc, out = gilzenrat.advance(state, c, shown if seen else nothing, noise[i], ne)
            if number < 0 or i >= max(on, until):
                continue
            over = out[2] > k["response_threshold"]
            if i == 0:
                ready, lc_before = ~over, lc
            if i < until:
                first = ready & over & np.isnan(reaction[number])
                reaction[number, first] = i * k["dt"]
            if seen:
                rise[number] = np.maximum(rise[number], lc - lc_before)
    return tuple(
        Watch(*part) for part in zip(*(np.split(a, len(couplings), 1) for a in (target, reaction, rise)), strict=True)
    )


def _measures(counts: Mapping[str, Array]) -> dict[str, Array]:
    """Performance from sums over watchers. Half an event is added to each count, so that d' stays finite."""
    from scipy.special import ndtri

    def per(events: str, of: str) -> Array:
        """Events for each of the others; nan where there are none."""
        return np.divide(counts[events], counts[of], out=np.full(counts[of].shape, np.nan), where=counts[of] > 0)

    hits = (counts["hits"] + 0.5) / (counts["targets"] + 1)
    alarms = (counts["alarms"] + 0.5) / (counts["distractors"] + 1)
    time = per("time", "hits")
    return {
        "hit rate": per("hits", "targets"),
        "false-alarm rate": per("alarms", "distractors"),
        "d'": ndtri(hits) - ndtri(alarms),
        "reaction time": time,
        "spread of reaction times": np.sqrt(np.maximum(per("time2", "hits") - time**2, 0)),
        "burst at a target": per("burst", "targets"),
    }


def _resampled(run: Watch, seed: int, samples: int) -> dict[str, Array]:
    """Measures of the watch (first) and of `samples` draws of its watchers with replacement, shape (samples + 1,)."""
    answered, target = ~np.isnan(run.reaction), run.target
    per_watcher = {
        "targets": target.sum(axis=0),
        "distractors": (~target).sum(axis=0),
        "hits": (target & answered).sum(axis=0),
        "alarms": (~target & answered).sum(axis=0),
        "time": np.where(target & answered, run.reaction, 0).sum(axis=0),
        "time2": np.where(target & answered, run.reaction**2, 0).sum(axis=0),
        "burst": np.where(target, run.burst, 0).sum(axis=0),
    }
    people = target.shape[1]
    drawn = np.random.default_rng(seed).multinomial(people, np.full(people, 1 / people), samples)
    weights = np.vstack([np.ones(people), drawn])
    return _measures({name: weights @ counts for name, counts in per_watcher.items()})


def score(run: Watch, seed: int = 0, samples: int = 2000) -> pd.DataFrame:
    """Hit rate, false-alarm rate, d', mean reaction time to hits and LC burst, with 95 % intervals (bootstrap over watchers)."""
    import pandas as pd

    return pd.DataFrame(
        [(name, *from_resampling(values)) for name, values in _resampled(run, seed, samples).items()],
        columns=["measure", "value", "low", "high"],
    )


@lru_cache(maxsize=8)
def _watches(seed: int, watchers: int, stimuli: int) -> dict[str, Watch]:
    found = watches([gilzenrat.coupling(mode) for mode in gilzenrat.MODES], seed, watchers, stimuli, window=PATIENCE)
    return dict(zip(gilzenrat.MODES, found, strict=True))


@lru_cache(maxsize=8)
def phasic_against_tonic(seed: int, watchers: int = 200, stimuli: int = 20, window: float = STIMULUS) -> pd.DataFrame:
    """Phasic against tonic mode over the same watch: performance of each and the difference.

    Parameters
    ----------
    seed : int
        Seed of the random numbers.
    watchers : int
        How many watch, each with noise of their own.
    stimuli : int
        Stimuli that each of them sees.
    window : float
        How long after a stimulus, which is on for `STIMULUS`, a response counts; the model's own unit.

    Returns
    -------
    DataFrame
        A row per measure, with value, low and high (95 % interval) of each mode and of the difference.

    Raises
    ------
    ValueError
        For a window beyond `PATIENCE`.
    """
    if window > PATIENCE:
        raise ValueError(f"responses are recorded for {PATIENCE:g} time units; window = {window:g} is longer")
    return _compared({mode: run.within(window) for mode, run in _watches(seed, watchers, stimuli).items()}, seed)


def worth_of_burst(seed: int, watchers: int = 200, stimuli: int = 20) -> pd.DataFrame:
    """Phasic mode with and without the burst reaching the units, over the same watch: what the surge itself brings."""
    runs = {
        name: watches([gilzenrat.coupling("phasic")], seed, watchers, stimuli, frozen_gain=frozen)[0]
        for name, frozen in (("burst felt", False), ("gain frozen", True))
    }
    return _compared(runs, seed)


def _compared(runs: dict[str, Watch], seed: int, samples: int = 2000) -> pd.DataFrame:
    """Two watches of the same watchers side by side, and first minus second; watchers are resampled in pairs."""
    import pandas as pd

    found = {name: _resampled(run, seed, samples) for name, run in runs.items()}
    first, second = found.values()
    columns = {**found, "difference": {measure: first[measure] - second[measure] for measure in first}}
    return pd.DataFrame(
        {
            (name, part): {measure: from_resampling(values)[i] for measure, values in resampled.items()}
            for name, resampled in columns.items()
            for i, part in enumerate(("value", "low", "high"))
        }
    )


def drift(seed: int, blocks: int = 5, watchers: int = 200, stimuli: int = 30) -> pd.DataFrame:
    """Table of a watch that starts phasic and ends tonic: a row per block and measure, with 95 % intervals."""
    import pandas as pd

    couplings = np.repeat(
        np.linspace(gilzenrat.coupling("phasic"), gilzenrat.coupling("tonic"), blocks), stimuli // blocks
    )
    (run,) = watches([couplings], seed, watchers, couplings.size)
    size = stimuli // blocks
    tables = [
        score(run.part(slice(b * size, (b + 1) * size)), seed).assign(block=b + 1, coupling=couplings[b * size])
        for b in range(blocks)
    ]
    return pd.concat(tables, ignore_index=True)


# -- a protocol: a published observation, repeated; the terminal plays no part in it ----------------------------------


def performance_and_burst(course: pd.DataFrame) -> float:
    """Correlation, over the blocks of a `drift`, of false alarms with the LC's answer to targets."""
    by = course.pivot(index="block", columns="measure", values="value")
    return float(np.corrcoef(by["false-alarm rate"], by["burst at a target"])[0, 1])


@cache
def _default_drift() -> float:
    return performance_and_burst(drift(seed=0))


@protocol
def false_alarms_direction(_: Network) -> float:
    """Sign of that correlation (Aston-Jones 1994: the answer fades in epochs with many false alarms)."""
    return float(np.sign(_default_drift()))
