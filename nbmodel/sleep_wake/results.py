"""The numbers of a scenario of sleep and wake."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmodel.core.network import Network
from nbmodel.models.norepinephrine_terminal import resting
from nbmodel.sleep_wake import protocols
from nbmodel.sleep_wake.diniz_behn import HOUR, STATES
from nbmodel.sleep_wake.recorded_rates import ne_by_state
from nbmodel.sleep_wake.simulated_nights import by_state, clockwork, nights

if TYPE_CHECKING:
    import pandas as pd


def terminal(case: Mapping[str, Any]) -> Network:
    """Terminal of a scenario, at rest, in a region that other cell groups than the locus coeruleus supply as well."""
    return resting(float(case["basal_ne"])).replace(share_other_groups=float(case["other_groups"]))


def rates(case: Mapping[str, Any]) -> dict[str, float]:
    """Firing rates (Hz) of a scenario in sleep, by symbol: what `ne_by_state` takes.

    Examples
    --------
    >>> rates({"nrem_rate": 0.3, "rem_rate": 0.0})
    {'r_LC_SWS': 0.3, 'r_LC_REM': 0.0}
    """
    return {"r_LC_SWS": float(case["nrem_rate"]), "r_LC_REM": float(case["rem_rate"])}


def results(case: Mapping[str, Any]) -> pd.DataFrame:
    """Numbers of the theme for a scenario.

    States are scored by the LC's own rate; `share_up` alone is scored by the dorsal raphe, which is there without an LC too.
    What does not exist, such as the rate in a state that does not occur, is left out.

    Parameters
    ----------
    case : Mapping
        A value for each setting of the theme, such as `scenario.make("sleep_wake", {"lc_input": -2})`.

    Returns
    -------
    DataFrame
        Columns name, value, unit; a row per number.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> usual, held = (
    ...     results(scenario.make("sleep_wake", {"lc_input": given})).set_index("name")["value"] for given in (0, -2)
    ... )
    >>> bool(held["lc_wake"] < usual["lc_wake"])
    True
    """
    import pandas as pd

    rest, asked = resting(float(case["basal_ne"])), rates(case)
    lc_input = float(case["lc_input"])
    run = clockwork(lc_input)
    shares, firing = (part[:, 0] for part in by_state(run))
    with_kicks = by_state(nights(int(case["seed"]), lc_input))[0].mean(axis=1)
    alone, among_others = ne_by_state(rest, **asked), ne_by_state(terminal(case), **asked)
    names = dict(zip(STATES, ("wake", "nrem", "rem", "mixed"), strict=True))
    ne = {"quiet wake": "ne_quiet_wake", "slow-wave sleep": "ne_slow_wave_sleep", "REM sleep": "ne_rem_sleep"}
    rows = [
        *((f"lc_{names[state]}", float(rate), "Hz") for state, rate in zip(STATES, firing, strict=True)),
        ("share_awake", 100 * float(shares[0]), "%"),
        *((f"share_{names[state]}", 100 * float(shares[i]), "%") for i, state in enumerate(STATES) if i),
        ("share_up", 100 * float(protocols.awake(run)[run.times >= HOUR, 0].mean()), "%"),
        ("share_awake_with_kicks", 100 * float(with_kicks[0]), "%"),
        *((name, 100 * alone[state], "%") for state, name in ne.items()),
        *((f"{name}_with_others", 100 * among_others[state], "%") for state, name in ne.items()),
        ("wake_bouts_with_half_the_lc", protocols.bouts_with_half_the_lc(rest), "sign"),
    ]
    return pd.DataFrame([row for row in rows if math.isfinite(row[1])], columns=["name", "value", "unit"])
