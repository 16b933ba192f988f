"""Conditions as changes of the terminal: what is changed, by how much, who says so, and who does not.

`conditions.toml` holds each change: reading, parameter of the terminal, factor on it with a range, source, status, what is
contested, and a note. Where studies disagree a condition has several variants (readings); the first stands for it.
No variant is a patient, and most factors are assumed: the direction was read somewhere, the size was not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.solve import remembered
from nbmodel.data import condition_table
from nbmodel.data.condition_table import Change
from nbmodel.data.typed_rows import did_you_mean
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR

if TYPE_CHECKING:
    import pandas as pd

CONDITIONS = {key: condition.name for key, condition in condition_table.conditions().items()}  # in words
MONTH = 28 * 24 * SECONDS_PER_HOUR
WITHOUT_DBH = ("ne_c", "ne_v", "ne_d", "ne_e", "dhpg", "mhpg", "nmn")


class ConditionError(ValueError):
    """Raised for a condition or variant that there is not; the message names those there are."""


def rows() -> tuple[Change, ...]:
    """Return the changes of all conditions, in the order of `conditions.toml`."""
    return tuple(change for condition in condition_table.conditions().values() for change in condition.changes)


def variants(condition: str) -> tuple[str, ...]:
    """Return the readings of a condition, the one that stands for it first.

    Raises
    ------
    ConditionError
        For a condition that there is not, with the nearest name.

    Examples
    --------
    >>> variants("mdd")
    ('more transporters', 'little release')
    """
    if condition not in CONDITIONS:
        raise ConditionError(
            f"there is no condition {condition!r}; they are {', '.join(CONDITIONS)}{did_you_mean(condition, CONDITIONS)}"
        )
    return condition_table.conditions()[condition].readings or ("as it is",)


def changes(condition: str, variant: str | None = None) -> tuple[Change, ...]:
    """Return what one reading of a condition changes (healthy: nothing).

    Without a `variant` it is the reading that stands for the condition.

    Raises
    ------
    ConditionError
        For a condition or reading that there is not.

    Examples
    --------
    >>> [(change.parameter, change.factor) for change in changes("adhd")]
    [('firing', 0.5)]
    """
    known = variants(condition)
    if variant is not None and variant not in known:
        raise ConditionError(f"{condition} has no variant {variant!r}; it has {', '.join(known)}")
    return tuple(row for row in rows() if (row.condition, row.reading) == (condition, variant or known[0]))


def terminal(
    rest: Network, condition: str, variant: str | None = None, factors: Mapping[str, float] | None = None
) -> Network:
    """Return the terminal of a person who has long had the condition: `rest` changed, at its own steady state, untreated.

    The cell bodies of the LC feel NE as terminals do (the whole animal).

    Parameters
    ----------
    rest : Network
        Terminal of a healthy person at rest.
    condition : str
        One of `CONDITIONS`.
    variant : str, optional
        Reading of it; the one that stands for it if not given.
    factors : Mapping, optional
        Factors that stand in for those of the table, by parameter.

    Raises
    ------
    ConditionError
        For a condition or reading that there is not.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> round(1e3 * terminal(network(), "adhd")["ne_e"], 1)  # NE outside, nM; 6 in health
    4.8
    """
    found = {
        row.parameter: rest.parameters[row.parameter] * (factors or {}).get(row.parameter, row.factor)
        for row in changes(condition, variant)
    }
    changed = rest.replace(**found, soma_feedback=1.0)
    if changed.parameters["dbh_activity"] > 0:
        return solve.steady_state(changed)
    return _born_without_dbh(changed)


@remembered
def _born_without_dbh(changed: Network) -> Network:
    """Terminal without any NE from the start: Newton's method does not go there, a month of time does."""
    empty = changed.starting_at(dict.fromkeys(WITHOUT_DBH, 0.0))
    return changed.starting_at(solve.run(empty, [0.0, MONTH], rtol=1e-6, atol=1e-10).final)


def with_tone(rest: Network, tone: float) -> Network:
    """Return the terminal of a person whose locus coeruleus has long fired `tone` times as often, at its own steady state.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> round(1e3 * with_tone(network(), 2.0)["ne_e"], 1)  # NE outside, nM; 6 at rest
    7.2
    """
    return solve.steady_state(rest.replace(firing=tone * rest.parameters["firing"], soma_feedback=1.0))


def table(condition: str | None = None) -> pd.DataFrame:
    """Return the changes of one condition, or of all, as a reader sees them: a row each."""
    import pandas as pd

    return pd.DataFrame(
        {
            "condition": CONDITIONS[row.condition],
            "reading": row.reading,
            "changed": row.changed,
            "factor": row.factor,
            "range": f"{row.low:g} to {row.high:g}",
            "status": row.status,
            "source": ", ".join(row.source),
            "contested": row.contested,
        }
        for row in rows()
        if condition in (None, row.condition)
    )


def caveats(condition: str, variant: str | None = None) -> list[str]:
    """Return what is assumed or contested about a condition, in sentences for a report; nothing for a healthy person.

    The reading that is used comes first, the others after it.
    """
    said, used = [], changes(condition, variant)
    for row in (*used, *(row for row in rows() if row.condition == condition and row not in used)):
        known = {"verified": "was read at its source", "to confirm": "was not read at its source"}.get(
            row.status, f"is {row.status}"
        )
        name = CONDITIONS[condition][0].upper() + CONDITIONS[condition][1:]
        which = "used here" if row in used else "another reading"
        said.append(
            f"{name}, {row.reading} ({which}): {row.changed} x {row.factor:g} {known}. Contested: {row.contested}."
        )
    return said
