"""Nights of the sleep-wake model (`diniz_behn`): runs with and without kicks, and what is read off them."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nbmodel.core.estimates import from_error
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.models.firing import following
from nbmodel.sleep_wake.diniz_behn import HOUR, STATES, TRANSMITTERS, Night, constants, night

if TYPE_CHECKING:
    import pandas as pd

# Inputs to the LC, in the model's own unit (a kick is 8): what silences it for good, and what about halves its rate.
SILENCED, INHIBITED = -100.0, -2.0
INHIBITION = (0.0, -1.0, INHIBITED, -3.0, -3.8, -4.0, SILENCED)


@lru_cache(maxsize=8)
def nights(seed: int, lc_input: float = 0.0) -> Night:
    """Twenty nights with random kicks, with the seeds from `seed` on.

    Parameters
    ----------
    seed : int
        The first seed.
    lc_input : float
        What is added to the input of the LC all night, in the model's own unit.

    Returns
    -------
    Night
        Twelve hours, twenty lanes.

    References
    ----------
    Diniz Behn and Booth 2010, doi:10.1152/jn.00795.2009
    """
    return night(range(seed, seed + 20), step=1.0, lc_input=lc_input)


@cache
def inhibited() -> Night:
    """Runs without kicks, one for each input of `INHIBITION`, of which the first is none."""
    return night(lc_input=INHIBITION)


@lru_cache(maxsize=8)
def clockwork(lc_input: float = 0.0) -> Night:
    """Run without kicks: it cycles like a clock.

    It is kept, as several protocols ask for it.

    Parameters
    ----------
    lc_input : float
        What is added to the input of the LC all night, in the model's own unit; 0 leaves it untouched.

    Returns
    -------
    Night
        Twelve hours, one lane.

    References
    ----------
    Diniz Behn and Booth 2010, doi:10.1152/jn.00795.2009
    """
    if lc_input:
        return night(lc_input=lc_input)
    runs = inhibited()
    return Night(runs.times, runs.rates[:, :, :1], runs.transmitters[:, :, :1], runs.drive[:, :1])


@lru_cache(maxsize=2)
def side_by_side(inputs: tuple[float, ...], hours: float = 2.0, step: float = 1.0) -> Night:
    """Run without kicks, one lane for each input to the LC; in steps of a second, where it is for looking at.

    Parameters
    ----------
    inputs : tuple of float
        What is added to the input of the LC all the time, in the model's own unit.
    hours : float
        Length of the run.
    step : float
        Step in s, as in `night`, whose own makes the nights of the experiments.

    Returns
    -------
    Night
        A lane per input.

    Examples
    --------
    >>> side_by_side((0.0, INHIBITED), hours=0.1)["LC"].shape
    (360, 2)
    """
    return night(hours=hours, step=step, lc_input=inputs)


def by_state(run: Night) -> tuple[Array, Array]:
    """Shares of time and mean LC rates in each of `STATES`; the first hour is left out.

    Parameters
    ----------
    run : Night
        One or several nights.

    Returns
    -------
    shares : array, shape (4, n)
        Shares of time, 0 to 1.
    rates : array, shape (4, n)
        LC rate in Hz; nan where a state does not occur.
    """
    later = run.times >= HOUR
    state, lc = run.state[later], run["LC"][later]
    here = np.array([state == i for i in range(len(STATES))])
    counts = here.sum(axis=1)
    rates = np.divide((here * lc).sum(axis=1), counts, out=np.full(counts.shape, np.nan), where=counts > 0)
    return counts / len(state), rates


@lru_cache(maxsize=8)
def summary(run: Night) -> pd.DataFrame:
    """Share of time and LC rate by state, as mean over nights with two 95 % intervals.

    Both by Student's t, as nights are few and about normal; with a single night all four ends are nan.

    Parameters
    ----------
    run : Night
        One or several nights.

    Returns
    -------
    DataFrame
        Columns measure, state, mean, low and high (hold the mean), night_low and night_high (hold one night more),
        unit.
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
    """Stretch of one night, second by second, with NE outside the cells of a terminal.

    The LC's rate drives the terminal, its store clamped, in small steps. The model's LC wakes at over 3 Hz where
    recordings have 1 to 3, so NE in its wake is above that of the terminal at rest.

    Parameters
    ----------
    run : Night
        One or several nights.
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    start : float
        Where the stretch begins, h.
    hours : float
        Its length.
    lane : int
        Which of the nights.

    Returns
    -------
    DataFrame
        Columns hour, state, lc_rate (Hz), sleep_drive and ne_nM; a row is a second.
    """
    import pandas as pd

    shown = (run.times >= start * HOUR) & (run.times <= (start + hours) * HOUR)
    times, lc = run.times[shown], run["LC"][shown, lane]
    ne = following(rest, times[1:], lc[1:], times, float(lc[0]))
    return pd.DataFrame(
        {
            "hour": times / HOUR,
            "state": np.array(STATES)[run.state[shown, lane]],
            "lc_rate": lc,
            "sleep_drive": run.drive[shown, lane],
            "ne_nM": ne,
        }
    )


def leads(run: Night, part: float = 0.1) -> dict[str, float]:
    """Lead (s) of the LC over others at sleep onset and at waking (negative: it changes after them); medians.

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


def around_waking(run: Night, before: float = 60.0, after: float = 60.0) -> pd.DataFrame:
    """Course of one waking, the first after an hour in which the sleeper was in non-REM sleep; the first lane.

    Parameters
    ----------
    run : Night
        One or several nights in which the LC wakes.
    before, after : float
        How much of it, s; 0 s is the moment at which the LC becomes active: above the threshold of scoring.

    Returns
    -------
    DataFrame
        Columns second, LC, sleep cells, REM cells, wake-REM cells (Hz), state (of `STATES`) and cortex (acetylcholine of
        WR cells, 0 to 1); a row per second.

    Raises
    ------
    ValueError
        If the LC does not wake after the first hour.

    Examples
    --------
    >>> course = around_waking(clockwork())
    >>> float(course["second"].iloc[0])
    -60.0
    """
    import pandas as pd

    lc, state = run["LC"][:, 0], run.state[:, 0]
    done = lc > constants()["score_threshold"]
    starts = np.flatnonzero(done[1:] & ~done[:-1] & (run.times[1:] > HOUR)) + 1
    if not (starts.size and {STATES.index("NREM"), STATES.index("wake")} <= set(state.tolist())):
        raise ValueError("the LC does not wake in this night")
    here = (run.times >= run.times[starts[0]] - before) & (run.times <= run.times[starts[0]] + after)
    return pd.DataFrame(
        {
            "second": run.times[here] - run.times[starts[0]],
            "LC": lc[here],
            "sleep cells": run["VLPO"][here, 0],
            "REM cells": run["R"][here, 0],
            "wake-REM cells": run["WR"][here, 0],
            "state": np.array(STATES)[state[here]],
            "cortex": run.transmitters[TRANSMITTERS.index("AWR"), here, 0],
        }
    )
