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
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nbmodel.core.estimates import from_error
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.firing import following, hours_of_firing, tonic

if TYPE_CHECKING:
    import pandas as pd

GROUPS = ("LC", "DR", "VLPO", "R", "WR")
TRANSMITTERS = ("N", "S", "G", "AR", "AWR")  # of the groups in turn; A is acetylcholine, from R and from WR
STATES = ("wake", "NREM", "REM", "mixed")
HOUR = norepinephrine_terminal.SECONDS_PER_HOUR
SAMPLE = 1.0  # s between the points that are kept
# Inputs to the LC, in the model's own unit (a kick is 8): what silences it for good, and what about halves its rate.
SILENCED, INHIBITED = -100.0, -2.0
INHIBITION = (0.0, -0.5, -1.0, INHIBITED, -4.0, SILENCED)
DRIVES = (0.0, 1.0, 2.0, 4.0, 8.0)  # what is put on in sleep to wake the animal
ASLEEP = 60.0  # s after sleep onset at which that happens


def constants() -> dict[str, float]:
    """The published constants from `models.csv`."""
    return parameters.published_model("diniz2010")


@dataclass(frozen=True, eq=False)
class Night:
    """Runs side by side: times (m,) in s; rates (5, m, n) in Hz and transmitters (5, m, n) by group; sleep drive (m, n)."""

    times: Array
    rates: Array
    transmitters: Array
    drive: Array

    def __getitem__(self, group: str) -> Array:
        """The rate of a group, Hz, shape (m, n)."""
        return np.asarray(self.rates[GROUPS.index(group)])

    @property
    def state(self) -> NDArray[np.int64]:
        """The scored state as a place in `STATES`, shape (m, n)."""
        threshold = constants()["score_threshold"]
        lc, rem = self["LC"] > threshold, self["R"] > threshold
        return np.where(lc, np.where(rem, 3, 0), np.where(rem, 2, 1))


def kicks(seed: int, seconds: float) -> Array:
    """When the random kicks come (s): a Poisson process, drawn before the run and so the same for every step size."""
    rng = np.random.default_rng(seed)
    return np.sort(rng.uniform(0.0, seconds, rng.poisson(constants()["kick_rate"] * seconds)))


def night(
    seeds: Sequence[int] = (),
    hours: float = 12.0,
    step: float = 0.5,
    nudge: float = 0.0,
    lc_input: ArrayLike = (0.0,),
    since: float = 0.0,
) -> Night:
    """A run for each seed, side by side; with no seed, runs without kicks. `step` in s, a share of `SAMPLE`.

    `lc_input` is added to what drives the LC, from `since` (s) on, in the model's own unit: one for all, or one per run
    side by side. `nudge` is added to the start, to see which digits survive it. Every group and transmitter relaxes towards a target;
    a step lets it relax exactly, with the target of half a step later held still (exponential midpoint). Raises
    ValueError for a step that is no whole share of `SAMPLE`.
    """
    if not np.isclose(SAMPLE / step, round(SAMPLE / step)):
        raise ValueError(f"the step must be a whole share of {SAMPLE:g} s")
    k = constants()
    weights, scale, floor, tau = _curves(k)
    given = np.atleast_1d(np.asarray(lc_input, dtype=float))
    lanes, steps, keep = max(len(seeds), given.size), round(hours * HOUR / step), round(SAMPLE / step)
    pushes = np.zeros((steps, lanes))
    for lane, seed in enumerate(seeds):
        at = kicks(seed, hours * HOUR)
        place = np.minimum((at / step).astype(int), steps - 1)
        np.add.at(pushes[:, lane], place, k["kick_size"] * np.exp(-k["kick_decay"] * ((place + 1) * step - at)))

    # Rows of y: five rates and five transmitters (counted so that all aim at a tanh), sleep drive, kick; input and 1.
    # Where it starts is forgotten within the first hour.
    y = np.zeros((14, lanes))
    y[:10] = (0.5 + nudge - floor) / scale
    y[10], y[13] = 0.5 + nudge, 1.0
    middle, kept = y.copy(), np.empty((steps // keep, 11, lanes))
    aim = np.zeros((12, lanes))  # of the first twelve rows; that of a kick is 0

    def left_after(part: float) -> tuple[Array, float, float]:
        """What is left of the way to the aim after a part of a step, by row; of that of the sleep drive in wake, in sleep."""
        rows = [*np.exp(-part * step / tau), 0.0, np.exp(-part * step * k["kick_decay"])]
        wake, sleep = (float(np.exp(-part * step / k[f"tau_h_{state}"])) for state in ("wake", "sleep"))
        return np.array(rows)[:, None].repeat(lanes, axis=1), wake, sleep

    # This is done some hundred thousand times a night, so it is done in place.
    groups, drive, moving = aim[:10], aim[10], y[:12]

    def moved(where: Array, into: Array, left: Array, wake: float, sleep: float) -> None:
        np.dot(weights, where, out=aim[:11])
        np.tanh(groups, out=groups)
        np.greater_equal(drive, 0.0, out=drive)  # the sleep drive aims at 1 in wake and at 0 in sleep
        np.multiply(drive, wake - sleep, out=left[10])
        left[10] += sleep
        np.subtract(moving, aim, out=into)
        np.multiply(into, left, out=into)
        np.add(into, aim, out=into)

    half, whole = left_after(0.5), left_after(1.0)
    comes_on, halfway = int(np.ceil(since / step)), middle[:12]
    for i in range(steps):
        if i % keep == 0:
            kept[i // keep] = y[:11]
        if i == comes_on:
            y[12] = middle[12] = given
        moved(y, halfway, *half)
        moved(middle, moving, *whole)
        y[11] += pushes[i]
    kept[:, :10] *= scale
    kept[:, :10] += floor
    kept = np.moveaxis(kept, 1, 0)
    times = np.arange(steps // keep, dtype=float) * SAMPLE
    return Night(times, kept[:5], kept[5:10], kept[10])


def _curves(k: Mapping[str, float]) -> tuple[Array, Array, Array, Array]:
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
    weights[10, :2], weights[10, 13] = 1.0, -k["h_switch"]
    half = np.array([k[f"fmax_{group}"] / 2 for group in GROUPS])
    tau = [k[f"tau_f_{group}"] for group in GROUPS] + [k[f"tau_c_{transmitter}"] for transmitter in TRANSMITTERS]
    scale, floor = np.append(half, np.ones(5)), np.append(half, np.zeros(5))
    weights[:, 13] += weights[:, :10] @ floor
    weights[:, :10] *= scale
    return weights, scale[:, None], floor[:, None], np.array(tau)


@lru_cache(maxsize=8)
def nights(seed: int) -> Night:
    """Twenty nights with random kicks, with the seeds from `seed` on."""
    return night(range(seed, seed + 20), step=1.0)


@cache
def _inhibited() -> Night:
    """Runs without kicks, one for each input of `INHIBITION`, of which the first is none."""
    return night(lc_input=INHIBITION)


@cache
def clockwork() -> Night:
    """The run without kicks, untouched; kept, as several protocols ask for it."""
    runs = _inhibited()
    return Night(runs.times, runs.rates[:, :, :1], runs.transmitters[:, :, :1], runs.drive[:, :1])


# -- what the LC does to sleep and wake: take it away, hold it back, drive it ----------------------------------------


def awake(run: Night) -> NDArray[np.bool_]:
    """Whether the animal is up, shape (m, n), by the dorsal raphe: scored by the LC it could not be told without an LC."""
    return run["DR"] > constants()["score_threshold"]


def inhibition() -> pd.DataFrame:
    """Holding the LC back, clock-like version: a row per input of `INHIBITION`.

    Columns: input, lc (Hz, mean), wake, sleep and mixed (shares of time; mixed is up with the cells of REM sleep active as
    well), bout (s, mean length of being up; nan where it never ends). The first hour is left out.
    """
    import pandas as pd

    run = _inhibited()
    later = run.times >= HOUR
    up, rem = awake(run)[later], run["R"][later] > constants()["score_threshold"]
    ends = (up[:-1] & ~up[1:]).sum(axis=0)
    lasting = np.divide(SAMPLE * up.sum(axis=0), ends, out=np.full(ends.shape, np.nan), where=ends > 0)
    return pd.DataFrame(
        {
            "input": INHIBITION, "lc": run["LC"][later].mean(axis=0), "wake": (up & ~rem).mean(axis=0),
            "sleep": (~up).mean(axis=0), "mixed": (up & rem).mean(axis=0), "bout": lasting,
        }
    )  # fmt: skip


@cache
def _driven() -> tuple[float, Night]:
    """When an input comes on, `ASLEEP` after the first sleep onset of the second hour (s), and the runs with `DRIVES`."""
    calm = clockwork()
    onset = np.flatnonzero((calm.times[1:] > HOUR) & awake(calm)[:-1, 0] & ~awake(calm)[1:, 0])[0]
    since = float(calm.times[1:][onset]) + ASLEEP
    return since, night(hours=since / HOUR + 1 / 2, lc_input=DRIVES, since=since)


def waking() -> pd.DataFrame:
    """Driving the LC in non-REM sleep, clock-like version: a row per input of `DRIVES`.

    Columns: input, lc (Hz, its highest within a minute) and latency (s until the animal is up; nan where that takes more
    than half an hour).
    """
    import pandas as pd

    since, run = _driven()
    after = run.times > since
    minute = after & (run.times <= since + ASLEEP)
    up = awake(run)[after]
    latency = np.where(up.any(axis=0), SAMPLE * (1 + np.argmax(up, axis=0)), np.nan)
    return pd.DataFrame({"input": DRIVES, "lc": run["LC"][minute].max(axis=0), "latency": latency})


# -- what is read off a night -----------------------------------------------------------------------------------


def by_state(run: Night) -> tuple[Array, Array]:
    """Shares of time, shape (4, n), and mean LC rates in Hz, (4, n; nan where there is none), of `STATES`; first hour left out."""
    later = run.times >= HOUR
    state, lc = run.state[later], run["LC"][later]
    here = np.array([state == i for i in range(len(STATES))])
    counts = here.sum(axis=1)
    rates = np.divide((here * lc).sum(axis=1), counts, out=np.full(counts.shape, np.nan), where=counts > 0)
    return counts / len(state), rates


@lru_cache(maxsize=8)
def summary(run: Night) -> pd.DataFrame:
    """Share of time and LC rate by state: a row for each, with the mean over nights and two 95 % intervals.

    `low` and `high` hold the mean, `night_low` and `night_high` one night more (both by Student's t, as nights are few and
    about normal); with a single night all four are nan.
    """
    import pandas as pd

    shares, rates = by_state(run)
    rows = []
    for what, unit, values in (("share of time", "dimensionless", shares), ("LC rate", "Hz", rates)):
        for state, nights in zip(STATES, values, strict=True):
            n, mean = nights.size, float(nights.mean())
            spread = float(nights.std(ddof=1)) if n > 1 else np.nan
            one, more = (from_error(mean, spread * np.sqrt(1 / n + whole), n) for whole in (0, 1))
            rows.append((what, state, *one, *more[1:], unit))
    return pd.DataFrame(rows, columns=["measure", "state", "mean", "low", "high", "night_low", "night_high", "unit"])


@remembered
def hypnogram(run: Night, rest: Network, start: float = 1.0, hours: float = 1.0, lane: int = 0) -> pd.DataFrame:
    """A stretch of one night: hour, state, LC rate (Hz), sleep drive, and NE outside (nM) of the terminal `rest`.

    The LC's rate drives the terminal, its store held, in small steps; a row is a second. The model's LC wakes at
    over 3 Hz where recordings have 1 to 3, so NE in its wake is above that of the terminal at rest.
    """
    import pandas as pd

    shown = (run.times >= start * HOUR) & (run.times <= (start + hours) * HOUR)
    times, lc = run.times[shown], run["LC"][shown, lane]
    ne = following(rest, times[1:], lc[1:], times, float(lc[0]))
    return pd.DataFrame(
        {
            "hour": times / HOUR, "state": np.array(STATES)[run.state[shown, lane]], "lc_rate": lc,
            "sleep_drive": run.drive[shown, lane], "ne_nM": ne,
        }
    )  # fmt: skip


def leads(run: Night, part: float = 0.1) -> dict[str, float]:
    """By how many seconds the LC changes before others do, at sleep onset and at waking (negative: after them); medians.

    The moment is when a level has gone `part` of the way from its old to its new one: sleep to wake and back, each taken
    as the median over scored non-REM sleep and wake. "Sleep cells" are VLPO. "Cortex" is the acetylcholine of WR cells,
    the model's nearest thing to an activated cortex. The first lane, without its first hour.
    """
    wake, asleep = run.state[:, 0] == STATES.index("wake"), run.state[:, 0] == STATES.index("NREM")
    courses = {
        "lc": run["LC"][:, 0],
        "sleep cells": run["VLPO"][:, 0],
        "cortex": run.transmitters[TRANSMITTERS.index("AWR"), :, 0],
    }
    found = {}
    for change, old, new in (("sleep onset", wake, asleep), ("waking", asleep, wake)):
        moments = {}
        for name, course in courses.items():
            before, after = np.median(course[old]), np.median(course[new])
            done = (course - before) / (after - before) > part
            starts = run.times[1:][done[1:] & ~done[:-1]]
            moments[name] = starts[starts > HOUR]
        for other in ("sleep cells", "cortex"):
            gaps = [others[np.argmin(np.abs(others - lc))] - lc for others in [moments[other]] for lc in moments["lc"]]
            found[f"{other}, {change}"] = float(np.median(gaps))
    return found


# -- through the terminal ----------------------------------------------------------------------------------------


RATES = {"active wake": "r_LC_AW", "quiet wake": "r_LC_QW", "slow-wave sleep": "r_LC_SWS", "REM sleep": "r_LC_REM"}


def ne_by_state(rest: Network) -> dict[str, float]:
    """NE outside at the firing rates of cats (`RATES`, as an introduction gives them), as a share of active wake."""
    table = parameters.load()
    levels = tonic(rest, [table.value(symbol, "Hz") for symbol in RATES.values()])
    return {state: float(level / levels[0]) for state, level in zip(RATES, levels, strict=True)}


# -- protocols: published observations, repeated ------------------------------------------------------------------


def ne_in(state: str) -> Callable[[Network], float]:
    """The protocol: NE in a state as a share of active waking (dialysis in the rat amygdala, 2002)."""
    return lambda rest: ne_by_state(rest)[state]


def half_hour_at_10_hz(rest: Network) -> float:
    """NE after half an hour of LC stimulation at 10 Hz, as a multiple of before (Carter 2010: it falls)."""
    run = hours_of_firing(rest, 10.0, 1 / 2)
    return float(run["ne_e"][-1] / run["ne_e"][0])


def bouts_with_half_the_lc(_: Network) -> float:
    """The direction in which holding the LC back to about half moves the length of being up (Carter 2010: shorter)."""
    by_input = inhibition().set_index("input")["bout"]
    return float(np.sign(by_input[INHIBITED] - by_input[0.0]))


def wake_without_lc(_: Network) -> float:
    """Share of wake without an LC, as a multiple of that with one (Blanco-Centurion 2007, rats: not changed)."""
    by_input = inhibition().set_index("input")["wake"]
    return float(by_input[SILENCED] / by_input[0.0])


def bouts_without_lc(_: Network) -> float:
    """The direction in which the loss of the LC moves the length of being up (Ouyang 2004, mice without NE: shorter).

    A bout that never ends counts as longer.
    """
    by_input = inhibition().set_index("input")["bout"]
    return float(np.sign(np.nan_to_num(by_input[SILENCED], nan=np.inf) - by_input[0.0]))


def drive_wakes(_: Network) -> float:
    """1 where the strongest drive to the LC in non-REM sleep wakes sooner than none (Carter 2010: at once), else -1."""
    latency = waking()["latency"]
    return 1.0 if latency.iloc[-1] < latency.iloc[0] else -1.0


def lc_rate(state: str, of: str) -> Callable[[Network], float]:
    """The protocol: LC rate in one state as a share of that in another, without kicks; no terminal takes part."""

    def ratio(_: Network) -> float:
        rates = by_state(clockwork())[1][:, 0]
        return float(rates[STATES.index(state)] / rates[STATES.index(of)])

    return ratio


def lc_leads(change: str) -> Callable[[Network], float]:
    """The protocol: 1 where the LC comes first (Takahashi 2010, mice: it does), else -1; no terminal takes part."""
    return lambda _: float(np.sign(leads(clockwork())[change]))


def half_hour_direction(rest: Network) -> float:
    """The direction in which half an hour at 10 Hz moves NE: 1 up, -1 down."""
    return float(np.sign(half_hour_at_10_hz(rest) - 1))


def rem_below_nrem(rest: Network) -> float:
    """1 where the LC fires no faster in REM than in NREM sleep, else -1."""
    return 1.0 if lc_rate("REM", of="NREM")(rest) <= 1 else -1.0


PROTOCOLS: dict[str, Callable[[Network], float]] = {
    "bouts_with_half_the_lc": bouts_with_half_the_lc,
    "bouts_without_lc": bouts_without_lc,
    "wake_without_lc": wake_without_lc,
    "drive_wakes": drive_wakes,
    "ne_quiet_wake": ne_in("quiet wake"),
    "ne_slow_wave_sleep": ne_in("slow-wave sleep"),
    "ne_rem_sleep": ne_in("REM sleep"),
    "half_hour_direction": half_hour_direction,
    "lc_nrem_of_wake": lc_rate("NREM", of="wake"),
    "lc_rem_of_wake": lc_rate("REM", of="wake"),
    "rem_below_nrem": rem_below_nrem,
    "lc_leads_cortex_at_sleep_onset": lc_leads("cortex, sleep onset"),
    "lc_leads_sleep_cells_at_sleep_onset": lc_leads("sleep cells, sleep onset"),
    "lc_leads_cortex_at_waking": lc_leads("cortex, waking"),
    "lc_leads_sleep_cells_at_waking": lc_leads("sleep cells, waking"),
}
