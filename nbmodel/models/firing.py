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
# s, the first point of a long run: points are close at first, as the readily releasable pool runs short in seconds.
SOONEST = 0.1


def tonic(rest: Network, rates: ArrayLike) -> Array:
    """NE outside (nM) that each steady firing rate leads to within minutes, before the store changes.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    rates : float or array-like
        Firing rates, Hz.

    Returns
    -------
    array, shape (rates,)
        nM.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> tonic(rest, [1.5]).round(1).tolist()
    [6.0]
    """
    clamped = norepinephrine_terminal.with_store_clamped(rest)
    wanted = np.atleast_1d(np.asarray(rates, dtype=float))
    return np.array([1e3 * solve.steady_state(clamped.replace(firing=float(rate)))["ne_e"] for rate in wanted])


def highest_tonic(rest: Network) -> float:
    """NE (nM) that firing at the rate of a burst would lead to if it went on for minutes: about the top of arousal."""
    return float(tonic(rest, parameters.load().value("r_LC_burst", "Hz"))[0])


def hours_of_firing(rest: Network, rate: float, hours: float, points: int = 241) -> solve.Run:
    """Run of a terminal when firing goes to a rate and stays there for hours.

    NE shoots up within seconds; then the readily releasable pool runs short and it sags. The store behind it hardly
    tires, as firing activates TH.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    rate : float
        Firing rate, Hz.
    hours : float
        Length of the run.
    points : int
        Times, evenly spaced in the logarithm.

    Returns
    -------
    Run
        Times in s.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> run = hours_of_firing(rest, 10.0, hours=0.1, points=21)
    >>> bool(run["ne_e"].max() > run["ne_e"][-1] > run["ne_e"][0])
    True
    """
    end = hours * norepinephrine_terminal.SECONDS_PER_HOUR
    return solve.run(rest.replace(firing=rate), np.append(0.0, np.geomspace(SOONEST, end, points)))


def following(rest: Network, starts: Iterable[float], rates: Iterable[float], times: Array, before: float) -> Array:
    """NE outside (nM) at `times` (s) when firing (Hz) takes each of `rates` from each of `starts` (s) on, the store clamped.

    It starts from what firing at `before` Hz leads to. Small changes of the rate are passed over (`RESOLUTION`, `FLOOR`).
    """
    firing, drive = before, []
    for at, rate in zip(starts, rates, strict=True):
        if abs(rate - firing) >= RESOLUTION * firing + FLOOR:
            firing = float(rate)
            drive.append(solve.Step(float(at), {"firing": firing}))
    clamped = norepinephrine_terminal.with_store_clamped(rest).replace(firing=before)
    return np.asarray(1e3 * solve.run(solve.steady_state(clamped), times, drive, rtol=TOLERANCE)["ne_e"])
