"""From firing to norepinephrine (NE) outside the cells: steady rates, rates that change, and hours of fast firing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from nbmodel.core import solve
from nbmodel.core.network import Array, Network
from nbmodel.data import parameters
from nbmodel.models import norepinephrine_terminal

# A terminal that follows a rate is told of it when it has changed by this share, and by as many Hz more.
RESOLUTION, FLOOR = 0.1, 0.02
TOLERANCE = 1e-6  # of the integrator on such a course: far finer than that, and cheaper than the usual one by a third
SOONEST = (
    0.1  # s, the first point of a long run: points are close at first, as the docked vesicles run short in seconds
)


def tonic(rest: Network, rates: ArrayLike) -> Array:
    """NE outside (nM) that each steady firing rate (Hz) leads to within minutes, before the store changes."""
    clamped = norepinephrine_terminal.with_store_clamped(rest)
    wanted = np.atleast_1d(np.asarray(rates, dtype=float))
    return np.array([1e3 * solve.steady_state(clamped.replace(firing=float(rate)))["ne_e"] for rate in wanted])


def highest_tonic(rest: Network) -> float:
    """NE (nM) that firing at the rate of a burst would lead to if it went on for minutes: about the top of arousal."""
    return float(tonic(rest, parameters.load().value("r_LC_burst", "Hz"))[0])


def hours_of_firing(rest: Network, rate: float, hours: float, points: int = 241) -> solve.Run:
    """The terminal when firing goes to `rate` (Hz) and stays there for `hours`, at times (s) evenly spaced in the logarithm.

    NE shoots up within seconds; then the docked vesicles run short and it sags. The store behind them hardly tires, as
    firing activates TH.
    """
    end = hours * norepinephrine_terminal.SECONDS_PER_HOUR
    return solve.run(rest.replace(firing=rate), np.append(0.0, np.geomspace(SOONEST, end, points)))


def following(rest: Network, starts: Iterable[float], rates: Iterable[float], times: Array, before: float) -> Array:
    """NE outside (nM) at `times` (s) when firing (Hz) takes each of `rates` from each of `starts` (s) on, the store held.

    It starts from what firing at `before` Hz leads to. Small changes of the rate are passed over (`RESOLUTION`, `FLOOR`).
    """
    firing, drive = before, []
    for at, rate in zip(starts, rates, strict=True):
        if abs(rate - firing) >= RESOLUTION * firing + FLOOR:
            firing = float(rate)
            drive.append(solve.Step(float(at), {"firing": firing}))
    clamped = norepinephrine_terminal.with_store_clamped(rest).replace(firing=before)
    return np.asarray(1e3 * solve.run(solve.steady_state(clamped), times, drive, rtol=TOLERANCE)["ne_e"])
