"""Sleep and wake as a contest of cell groups: Diniz Behn & Booth 2010 (doi:10.1152/jn.00795.2009), as published, for the rat.

Five groups fire at rates: LC and dorsal raphe (DR) in wake, VLPO in sleep, one group in REM sleep (R), one in wake and
REM sleep (WR). Each releases a transmitter that pushes or holds the others; a sleep drive h builds up in wake and
fades in sleep. Random kicks to LC and DR wake the animal now and then; without them it cycles like a clock.

States are scored as the public code of the model does: a group is active above 0.5 Hz. Wake is LC without R, REM sleep R
without LC, non-REM sleep neither. Both at once, about a tenth of the time, is no state of the textbook and kept apart.

What it is not: LC cells here are all but silent in non-REM sleep (as in mice; cats and rats show 0.3-0.7 Hz), wake has
one depth only, every waking without a kick passes through REM sleep, and there is no electroencephalogram in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nbmodel.core.network import Array
from nbmodel.data import parameters
from nbmodel.models import norepinephrine_terminal

GROUPS = ("LC", "DR", "VLPO", "R", "WR")
TRANSMITTERS = ("N", "S", "G", "AR", "AWR")  # of the groups in turn; A is acetylcholine, from R and from WR
STATES = ("wake", "NREM", "REM", "mixed")
HOUR = norepinephrine_terminal.SECONDS_PER_HOUR
SAMPLE = 1.0  # s between the points that are kept
CLOCK = ("LC", "DR")  # the groups whose rates tell the sleep drive that the animal is awake


def constants() -> dict[str, float]:
    """Published constants of the model, by symbol, from `models.csv`.

    Returns
    -------
    dict of str to float

    References
    ----------
    Diniz Behn and Booth 2010, doi:10.1152/jn.00795.2009

    Examples
    --------
    >>> constants()["score_threshold"]
    0.5
    """
    return parameters.published_model("diniz2010")


@dataclass(frozen=True, eq=False)
class Night:
    """Runs side by side: times (m,) in s; rates (5, m, n) in Hz and transmitters (5, m, n) by group; sleep drive (m, n)."""

    times: Array
    rates: Array
    transmitters: Array
    drive: Array

    def __getitem__(self, group: str) -> Array:
        """Rate of a group, Hz, shape (m, n)."""
        return np.asarray(self.rates[GROUPS.index(group)])

    @property
    def state(self) -> NDArray[np.int64]:
        """Scored state as a place in `STATES`, shape (m, n)."""
        threshold = constants()["score_threshold"]
        lc, rem = self["LC"] > threshold, self["R"] > threshold
        return np.where(lc, np.where(rem, 3, 0), np.where(rem, 2, 1))


def kicks(seed: int, seconds: float) -> Array:
    """Times of the random kicks (s): a Poisson process, drawn before the run and so the same for every step size."""
    rng = np.random.default_rng(seed)
    return np.sort(rng.uniform(0.0, seconds, rng.poisson(constants()["kick_rate"] * seconds)))


def night(
    seeds: Sequence[int] = (),
    hours: float = 12.0,
    step: float = 0.5,
    nudge: float = 0.0,
    lc_input: ArrayLike = (0.0,),
    since: float = 0.0,
    clock: Sequence[str] = CLOCK,
) -> Night:
    """Run for each seed, side by side; with no seed, runs without kicks. `step` in s, a share of `SAMPLE`.

    `lc_input` is added to what drives the LC, from `since` (s) on, in the model's own unit: one for all, or one per run
    side by side. The sleep drive builds up while the mean rate of the groups of `clock` is above half of the published
    switch, which is that of a sum of two; with ("DR",) a driven LC alone does not count as being awake. `nudge` is added
    to the start, to see which digits survive it. Every group and transmitter relaxes towards a target; a step lets it
    relax exactly, with the target of half a step later held still (exponential midpoint). Raises ValueError for a step
    that is no whole share of `SAMPLE`.
    """
    if not np.isclose(SAMPLE / step, round(SAMPLE / step)):
        raise ValueError(f"the step must be a whole share of {SAMPLE:g} s")
    weights, scale, floor, tau = _curves(constants(), clock)
    given = np.atleast_1d(np.asarray(lc_input, dtype=float))
    lanes, steps, keep = max(len(seeds), given.size), round(hours * HOUR / step), round(SAMPLE / step)
    pushes = _pushes(seeds, hours * HOUR, step, lanes)

    # Rows of y: five rates and five transmitters (counted so that all aim at a tanh), sleep drive, kick; input and 1.
    # Where it starts is forgotten within the first hour.
    y = np.zeros((14, lanes))
    y[:10] = (0.5 + nudge - floor) / scale
    y[10], y[13] = 0.5 + nudge, 1.0
    middle, kept = y.copy(), np.empty((steps // keep, 11, lanes))
    moving, halfway = y[:12], middle[:12]
    relax = _relaxation(weights, moving)
    half, whole = _left_after(step / 2, tau, lanes), _left_after(step, tau, lanes)
    comes_on = int(np.ceil(since / step))
    for i in range(steps):
        if i % keep == 0:
            kept[i // keep] = y[:11]
        if i == comes_on:
            y[12] = middle[12] = given
        relax(y, halfway, *half)
        relax(middle, moving, *whole)
        y[11] += pushes[i]
    kept[:, :10] *= scale
    kept[:, :10] += floor
    kept = np.moveaxis(kept, 1, 0)
    times = np.arange(steps // keep, dtype=float) * SAMPLE
    return Night(times, kept[:5], kept[5:10], kept[10])


def _pushes(seeds: Sequence[int], seconds: float, step: float, lanes: int) -> Array:
    """Push that the random kicks add at the end of each step, shape (steps, lanes)."""
    k, steps = constants(), round(seconds / step)
    pushes = np.zeros((steps, lanes))
    for lane, seed in enumerate(seeds):
        at = kicks(seed, seconds)
        place = np.minimum((at / step).astype(int), steps - 1)
        np.add.at(pushes[:, lane], place, k["kick_size"] * np.exp(-k["kick_decay"] * ((place + 1) * step - at)))
    return pushes


def _left_after(seconds: float, tau: Array, lanes: int) -> tuple[Array, float, float]:
    """Share that is left of the way to the aim after so many seconds, by row; of that of the sleep drive in wake, in sleep."""
    k = constants()
    rows = [*np.exp(-seconds / tau), 0.0, np.exp(-seconds * k["kick_decay"])]
    wake, sleep = (float(np.exp(-seconds / k[f"tau_h_{state}"])) for state in ("wake", "sleep"))
    return np.array(rows)[:, None].repeat(lanes, axis=1), wake, sleep


def _relaxation(weights: Array, moving: Array) -> Callable[[Array, Array, Array, float, float], None]:
    """Function that moves the rows `moving` towards the aim of a state; done some hundred thousand times, so in place."""
    aim = np.zeros_like(moving)  # that of a kick is 0
    groups, drive = aim[:10], aim[10]

    def relax(where: Array, into: Array, left: Array, wake: float, sleep: float) -> None:
        np.dot(weights, where, out=aim[:11])
        np.tanh(groups, out=groups)
        np.greater_equal(drive, 0.0, out=drive)  # the sleep drive aims at 1 in wake and at 0 in sleep
        np.multiply(drive, wake - sleep, out=left[10])
        left[10] += sleep
        np.subtract(moving, aim, out=into)
        np.multiply(into, left, out=into)
        np.add(into, aim, out=into)

    return relax


def _curves(k: Mapping[str, float], clock: Sequence[str] = CLOCK) -> tuple[Array, Array, Array, Array]:
    """Weights (11, 14), scale and floor (10, 1), time constants tau (10,) of rates and transmitters.

    They aim at floor + scale * tanh(weights @ y), where y, with the rows of `night`, is counted from that floor in units of
    that scale, and get there with tau. The last row of weights gives what the rates of wake are above the switch of the
    sleep drive.
    """
    weights = np.zeros((11, 14))
    for i, group in enumerate(GROUPS):
        alpha = k[f"alpha_{group}"]
        for j, transmitter in enumerate(TRANSMITTERS):
            letter = "A" if transmitter.startswith("A") else transmitter
            weights[i, 5 + j] = k.get(f"g_{group}_{letter}", 0) / alpha
        weights[i, 13] = -k.get(f"beta_{group}", 0) / alpha
        weights[5 + i, i] = 1 / k[f"gamma_{TRANSMITTERS[i]}"]
    weights[2, 10] = -k["beta_VLPO_h"] / k["alpha_VLPO"]
    weights[0, 11], weights[1, 11] = 1 / k["alpha_LC"], 1 / k["alpha_DR"]
    weights[0, 12] = 1 / k["alpha_LC"]
    for group in clock:
        weights[10, GROUPS.index(group)] = len(CLOCK) / len(clock)
    weights[10, 13] = -k["h_switch"]
    half = np.array([k[f"fmax_{group}"] / 2 for group in GROUPS])
    tau = [k[f"tau_f_{group}"] for group in GROUPS] + [k[f"tau_c_{transmitter}"] for transmitter in TRANSMITTERS]
    scale, floor = np.append(half, np.ones(5)), np.append(half, np.zeros(5))
    weights[:, 13] += weights[:, :10] @ floor
    weights[:, :10] *= scale
    return weights, scale[:, None], floor[:, None], np.array(tau)
