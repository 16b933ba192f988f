"""NE outside the cells at the firing rates that were recorded in sleep and wake; no night of the model is needed."""

from __future__ import annotations

from nbmodel.core.network import Network
from nbmodel.data import parameters
from nbmodel.models.firing import tonic

# Firing rates of cats, as an introduction gives them.
RATES = {"active wake": "r_LC_AW", "quiet wake": "r_LC_QW", "slow-wave sleep": "r_LC_SWS", "REM sleep": "r_LC_REM"}


def ne_by_state(rest: Network, **rates: float) -> dict[str, float]:
    """NE outside at the firing rates of cats, as a share of active wake.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    **rates : float
        Other firing rates (Hz), by the symbols that `RATES` names.

    Returns
    -------
    dict of str to float
        By state of `RATES`.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> rest = norepinephrine_terminal.network()
    >>> found = ne_by_state(rest)
    >>> found["active wake"], found["quiet wake"] < 1
    (1.0, True)
    """
    table = parameters.load()
    levels = tonic(rest, [rates.get(symbol, table.value(symbol, "Hz")) for symbol in RATES.values()])
    return {state: float(level / levels[0]) for state, level in zip(RATES, levels, strict=True)}
