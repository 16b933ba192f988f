"""Experiments on sleep and wake, repeated: the LC taken away, held back and driven, and what was published of its firing.

Whether the animal is up is scored by the dorsal raphe here: by the LC it could not be told without an LC.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nbmodel.core.network import Array, Network
from nbmodel.core.protocol import protocol
from nbmodel.models import norepinephrine_terminal
from nbmodel.sleep_wake.diniz_behn import CLOCK, HOUR, SAMPLE, STATES, Night, constants, night
from nbmodel.sleep_wake.recorded_rates import ne_by_state
from nbmodel.sleep_wake.simulated_nights import (
    INHIBITED,
    INHIBITION,
    SILENCED,
    by_state,
    clockwork,
    inhibited,
    leads,
)

if TYPE_CHECKING:
    import pandas as pd

DRIVES = (0.0, 1.0, 2.0, 4.0, 8.0)  # what is put on in sleep to wake the animal
ASLEEP = 60.0  # s after sleep onset at which that happens
LATER = 120.0  # s after that, when the sleep cells are looked at
RAPHE_CLOCK = ("DR",)  # what if a driven LC alone did not count as being awake


def awake(run: Night) -> NDArray[np.bool_]:
    """True while the animal is up, shape (m, n), by the dorsal raphe: scored by the LC it could not be told without an LC."""
    return run["DR"] > constants()["score_threshold"]


def mean_bout(up: NDArray[np.bool_]) -> Array:
    """Mean length of being up (s), shape (n,), from `awake`; nan where it never ends."""
    ends = (up[:-1] & ~up[1:]).sum(axis=0)
    return np.divide(SAMPLE * up.sum(axis=0), ends, out=np.full(ends.shape, np.nan), where=ends > 0)


def inhibition() -> pd.DataFrame:
    """Sleep and wake while the LC is held back, in the clock-like version; the first hour is left out.

    Returns
    -------
    DataFrame
        A row per input of `INHIBITION`. Columns: input, lc (Hz, mean), wake, sleep and mixed (shares of time; mixed is
        up with the cells of REM sleep active as well), bout (s, mean length of being up; nan where it never ends),
        highest (the sleep drive at which sleep begins to win: its highest level).
    """
    import pandas as pd

    run = inhibited()
    later = run.times >= HOUR
    up, rem = awake(run)[later], run["R"][later] > constants()["score_threshold"]
    return pd.DataFrame(
        {
            "input": INHIBITION,
            "lc": run["LC"][later].mean(axis=0),
            "wake": (up & ~rem).mean(axis=0),
            "sleep": (~up).mean(axis=0),
            "mixed": (up & rem).mean(axis=0),
            "bout": mean_bout(up),
            "highest": run.drive[later].max(axis=0),
        }
    )


@cache
def _driven(clock: Sequence[str] = CLOCK) -> tuple[float, Night]:
    """Time at which an input comes on, `ASLEEP` after the first sleep onset of the second hour (s), and the runs with `DRIVES`.

    Untouched, LC and dorsal raphe fire alike, so that time is the same with either `clock`.
    """
    calm = clockwork()
    onset = np.flatnonzero((calm.times[1:] > HOUR) & awake(calm)[:-1, 0] & ~awake(calm)[1:, 0])[0]
    since = float(calm.times[1:][onset]) + ASLEEP
    return since, night(hours=since / HOUR + 1 / 2, lc_input=DRIVES, since=since, clock=clock)


def waking(clock: Sequence[str] = CLOCK) -> pd.DataFrame:
    """Waking by a drive to the LC in non-REM sleep, in the clock-like version.

    Parameters
    ----------
    clock : sequence of str
        Groups whose firing builds up the sleep drive: LC and DR as published, or `RAPHE_CLOCK`.

    Returns
    -------
    DataFrame
        A row per input of `DRIVES`. Columns: input, lc (Hz, its highest within a minute), sleep_cells (Hz, after two
        minutes), by_lc (s until the LC fires above the threshold of scoring, so that the animal is awake by the LC) and
        latency (s until it is up by the dorsal raphe); nan where either takes more than half an hour.

    Examples
    --------
    >>> published, other = waking()["latency"], waking(RAPHE_CLOCK)["latency"]
    >>> published.isna().tolist(), other.isna().any()
    ([False, False, False, True, True], np.False_)
    """
    import pandas as pd

    since, run = _driven(clock)
    after = run.times > since
    minute = after & (run.times <= since + ASLEEP)
    by_raphe, by_lc = (
        np.where(up.any(axis=0), SAMPLE * (1 + np.argmax(up, axis=0)), np.nan)
        for up in (awake(run)[after], run["LC"][after] > constants()["score_threshold"])
    )
    return pd.DataFrame(
        {
            "input": DRIVES,
            "lc": run["LC"][minute].max(axis=0),
            "sleep_cells": run["VLPO"][np.searchsorted(run.times, since + LATER)],
            "by_lc": by_lc,
            "latency": by_raphe,
        }
    )


# -- published observations, repeated --------------------------------------------------------------------------------


def ne_in(state: str) -> Callable[[Network], float]:
    """Protocol: NE in a state as a share of active waking (dialysis in the rat amygdala, 2002)."""
    return lambda rest: ne_by_state(norepinephrine_terminal.in_region(rest, "amygdala"))[state]


@protocol
def bouts_with_half_the_lc(_: Network) -> float:
    """Direction in which holding the LC back to about half moves the length of being up (Carter 2010: shorter)."""
    by_input = inhibition().set_index("input")["bout"]
    return float(np.sign(by_input[INHIBITED] - by_input[0.0]))


@protocol
def wake_without_lc(_: Network) -> float:
    """Share of wake without an LC, as a multiple of that with one (Blanco-Centurion 2007, rats: not changed)."""
    by_input = inhibition().set_index("input")["wake"]
    return float(by_input[SILENCED] / by_input[0.0])


@protocol
def bouts_without_lc(_: Network) -> float:
    """Direction in which the loss of the LC moves the length of being up (Ouyang 2004, mice without NE: shorter).

    A bout that never ends counts as longer.
    """
    by_input = inhibition().set_index("input")["bout"]
    return float(np.sign(np.nan_to_num(by_input[SILENCED], nan=np.inf) - by_input[0.0]))


@protocol
def drive_wakes(_: Network) -> float:
    """Return 1 if the strongest drive to the LC in non-REM sleep wakes sooner than none (Carter 2010: at once), else -1."""
    latency = waking()["latency"]
    return 1.0 if latency.iloc[-1] < latency.iloc[0] else -1.0


def lc_rate(state: str, of: str) -> Callable[[Network], float]:
    """Protocol: LC rate in one state as a share of that in another, without kicks; no terminal takes part."""

    def ratio(_: Network) -> float:
        rates = by_state(clockwork())[1][:, 0]
        return float(rates[STATES.index(state)] / rates[STATES.index(of)])

    return ratio


def lc_leads(change: str) -> Callable[[Network], float]:
    """Protocol: 1 where the LC comes first (Takahashi 2010, mice: it does), else -1; no terminal takes part."""
    return lambda _: float(np.sign(leads(clockwork())[change]))


@protocol
def rem_below_nrem(rest: Network) -> float:
    """Return 1 if the LC fires no faster in REM than in NREM sleep, else -1."""
    return 1.0 if lc_rate("REM", of="NREM")(rest) <= 1 else -1.0


ne_quiet_wake = protocol(ne_in("quiet wake"))
ne_slow_wave_sleep = protocol(ne_in("slow-wave sleep"))
ne_rem_sleep = protocol(ne_in("REM sleep"))
lc_nrem_of_wake = protocol(lc_rate("NREM", of="wake"))
lc_rem_of_wake = protocol(lc_rate("REM", of="wake"))
lc_leads_cortex_at_sleep_onset = protocol(lc_leads("cortex, sleep onset"))
lc_leads_sleep_cells_at_sleep_onset = protocol(lc_leads("sleep cells, sleep onset"))
lc_leads_cortex_at_waking = protocol(lc_leads("cortex, waking"))
lc_leads_sleep_cells_at_waking = protocol(lc_leads("sleep cells, waking"))
