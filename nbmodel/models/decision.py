"""A decision under norepinephrine (drift-diffusion), and how long NE takes to reach it.

Alpha2 raises the drift of evidence, alpha1 its noise; both are assumed (see `performance`). NE is in nM, a number or an
array; so are results. `drugs` are those of `gain.occupancy`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.core.kinetics import Value
from nbmodel.core.network import Network
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models import gain, transients

if TYPE_CHECKING:
    import pandas as pd

# -- the laws: plain arithmetic, so that what is printed is what runs ------------------------------------------------


def raised(without: Value, most: Value, share: Value) -> Value:
    """Quantity that a receptor raises by up to `most` times itself when a `share` of it is stimulated."""
    return without * (1 + most * share)


def accuracy(drift: Value, noise: Value, exp: Callable[[Any], Any] = np.exp) -> Value:
    """Share of right choices with thresholds at 1 and -1; `drift` in 1/s, `noise` in 1/sqrt(s) (bogacz2006)."""
    return 1 / (1 + exp(-(2 * drift / noise**2)))


def mean_time(drift: Value, noise: Value, rest: Value, tanh: Callable[[Any], Any] = np.tanh) -> Value:
    """Mean reaction time (s): the decision, and `rest` (s) to see and to move (bogacz2006)."""
    return tanh(drift / noise**2) / drift + rest


# -- the decision -----------------------------------------------------------------------------------------------------


def drift_and_noise(ne: Value, p: Parameters | None = None, **drugs: float) -> tuple[Value, Value]:
    """Drift of evidence (1/s) and its noise (1/sqrt(s)), with the thresholds at 1 and -1.

    Alpha2 raises the drift, alpha1 the noise; the thresholds, that is how careful one is, do not change with NE.
    """
    p = p or parameters.load()
    held = gain.occupancy(ne, p, **drugs)
    drift = raised(p.value("ddm_drift", "1/s"), p.value("gain_drift_a2", "dimensionless"), held.a2)
    noise = raised(p.value("ddm_noise", "1/s**0.5"), p.value("gain_noise_a1", "dimensionless"), held.a1)
    return drift, noise


def choice_accuracy(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Share of right choices of the drift-diffusion model, in closed form.

    Parameters
    ----------
    ne : float or array
        NE outside the cells, nM.
    p : Parameters, optional
        Table to read instead of the collection's.
    **drugs : float or array
        Drugs at the cell's receptors, relative to their own dissociation constants, as in `gain.occupancy`.

    Returns
    -------
    float or array
        0.5 (chance) to 1.

    References
    ----------
    Bogacz 2006, doi:10.1037/0033-295X.113.4.700

    Examples
    --------
    >>> round(float(choice_accuracy(6.0)), 2)
    0.89
    """
    return accuracy(*drift_and_noise(ne, p, **drugs))


def reaction_time(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Mean reaction time (s), right or wrong: time to decide, and time to see and to move.

    Parameters
    ----------
    ne : float or array
        NE outside the cells, nM.
    p : Parameters, optional
        Table to read instead of the collection's.
    **drugs : float or array
        Drugs at the cell's receptors, relative to their own dissociation constants, as in `gain.occupancy`.

    Returns
    -------
    float or array
        Seconds.

    References
    ----------
    Bogacz 2006, doi:10.1037/0033-295X.113.4.700

    Examples
    --------
    >>> round(float(reaction_time(6.0)), 2)
    0.49
    """
    p = p or parameters.load()
    return mean_time(*drift_and_noise(ne, p, **drugs), p.value("t_nondecision", "s"))


def response_speed(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Responses per second: 1 / `reaction_time`.

    It rises with NE at every level, at high ones by haste: accuracy falls there, as it does in the network of
    eckhoff2009 ("impulsive, inaccurate choices").
    """
    return 1 / reaction_time(ne, p, **drugs)


# -- a sudden challenge, and how long the way of NE is -----------------------------------------------------------------


def challenge(rest: Network, p: Parameters | None = None) -> dict[str, float]:
    """NE and reaction time before and at the peak of an LC burst on top of rest.

    The peak comes at the end of the burst, later than a fast response: what it can speed up are the responses of the
    seconds after (`time_budget`).

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    dict of str to float
        `ne_before` and `ne_peak` (nM), `reaction_time_before` and `reaction_time_at_peak` (s).

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> found = challenge(rest)
    >>> found["ne_peak"] > found["ne_before"]
    True
    """
    p = p or parameters.load()
    run = transients.burst(rest, p.value("r_LC_burst", "Hz"), p.value("duration_LC_burst", "s"))
    before, (peak, _) = 1e3 * float(run["ne_e"][0]), transients.peak_and_return(run)
    return {
        "ne_before": before,
        "ne_peak": peak,
        "reaction_time_before": float(reaction_time(before, p)),
        "reaction_time_at_peak": float(reaction_time(peak, p)),
    }


def time_budget(p: Parameters | None = None) -> pd.DataFrame:
    """Time from a cue by the LC to a receptor's effect, step by step, against that of the response.

    The steps of a monkey: the LC fires, its axons conduct, receptors act through G proteins (release and diffusion take
    milliseconds). The last rows are their sum and the reaction time, each end from the ends of its parts.

    With the values as they stand the sum is longer than the reaction time, so a phasic burst would come too late for
    the response that it precedes; models in which NE acts at once (gilzenrat2002) leave this out. With the shortest
    steps it would be in time. The question is open: the lag is that of a cell line.

    Parameters
    ----------
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    DataFrame
        Columns step, value, low, high (s) and source.

    Examples
    --------
    >>> time_budget()["step"].tolist()[-2:]
    ['NE acts', 'the response']
    """
    import pandas as pd

    p = p or parameters.load()

    def row(symbol: str) -> tuple[float, float, float]:
        found = p[symbol]
        value, low, high = (parameters.convert(end, found.unit, "s") for end in (found.value, found.low, found.high))
        return value, low, high

    path, speed = p["path_LC_cortex"], p["v_axon"]
    axon = (path.value / speed.value, path.low / speed.high, path.high / speed.low)  # m and m/s, as the table has them
    fires, lead, lag = row("lat_LC_monkey"), row("lead_LC_monkey"), row("lag_a2A")

    def total(*parts: tuple[float, float, float]) -> tuple[float, float, float]:
        value, low, high = (sum(ends) for ends in zip(*parts, strict=True))
        return value, low, high

    def sources(*symbols: str) -> str:
        return ", ".join(dict.fromkeys(key for symbol in symbols for key in p[symbol].source))

    rows = [
        ("the LC fires", *fires, sources("lat_LC_monkey")),
        ("its axons conduct", *axon, sources("path_LC_cortex", "v_axon")),
        ("alpha2A receptors act", *lag, sources("lag_a2A")),
        ("NE acts", *total(fires, axon, lag), ""),
        ("the response", *total(fires, lead), sources("lat_LC_monkey", "lead_LC_monkey")),
    ]
    return pd.DataFrame(rows, columns=["step", "value", "low", "high", "source"])
