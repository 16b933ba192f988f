"""Conditions as changes of the terminal: what is changed, by how much, who says so, and who does not.

`conditions.csv` holds a row per change: condition, variant, parameter of the terminal, factor on it with a range, source,
status, what is contested, and a note. Where studies disagree a condition has several variants; the first stands for it.
No variant is a patient, and most factors are assumed: the direction was read somewhere, the size was not.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.solve import remembered
from nbmodel.data import parameters
from nbmodel.data.parameters import STATUSES, ParameterError, did_you_mean
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.scenario import clinical_case

# Conditions in words; callers find them here too.
from nbmodel.scenario.clinical_case import CONDITIONS as CONDITIONS

if TYPE_CHECKING:
    import pandas as pd

# Parameters that conditions change, in words.
WORDS = {
    "net_activity": "NET", "firing": "firing of the locus coeruleus", "Imax_a2auto": "strength of the autoreceptor brake",
    "dbh_activity": "DBH",
}  # fmt: skip
MONTH = 28 * 24 * SECONDS_PER_HOUR
WITHOUT_DBH = ("ne_c", "ne_v", "ne_d", "ne_e", "dhpg", "mhpg", "nmn")


class ConditionError(ValueError):
    """A condition or variant that there is not; the message names those there are."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the terminal's `parameter` times `factor`, which lies in [`low`, `high`]. `contested` says by what."""

    condition: str
    variant: str
    parameter: str
    factor: float
    low: float
    high: float
    source: tuple[str, ...]
    status: str
    contested: str
    note: str


@cache
def rows() -> tuple[Change, ...]:
    """Every row of `conditions.csv`. Raises ParameterError with every fault: status, range, unknown condition."""
    found, problems = [], []
    with (parameters.FOLDER / "conditions.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            factor, low, high = (float(row[key]) for key in ("factor", "low", "high"))
            if row["condition"] not in CONDITIONS or row["status"] not in STATUSES or not low <= factor <= high:
                problems.append(f"conditions.csv, {row['condition']}, {row['variant']}: condition, status or range")
            texts = {key: row[key] for key in ("condition", "variant", "parameter", "status", "contested", "note")}
            found.append(Change(factor=factor, low=low, high=high, source=tuple(row["source"].split(";")), **texts))
    if problems:
        raise ParameterError("\n".join(problems))
    return tuple(found)


def variants(condition: str) -> tuple[str, ...]:
    """The readings of a condition, the one that stands for it first. Raises ConditionError with the nearest name."""
    if condition not in CONDITIONS:
        raise ConditionError(
            f"there is no condition {condition!r}; they are {', '.join(CONDITIONS)}{did_you_mean(condition, CONDITIONS)}"
        )
    return clinical_case.readings()[condition] or ("as it is",)


def changes(condition: str, variant: str | None = None) -> tuple[Change, ...]:
    """What one reading of a condition changes (healthy: nothing). Raises ConditionError for one that there is not."""
    known = variants(condition)
    if variant is not None and variant not in known:
        raise ConditionError(f"{condition} has no variant {variant!r}; it has {', '.join(known)}")
    return tuple(row for row in rows() if (row.condition, row.variant) == (condition, variant or known[0]))


def terminal(
    rest: Network, condition: str, variant: str | None = None, factors: Mapping[str, float] | None = None
) -> Network:
    """The terminal of a person who has long had the condition: `rest` changed, at its own steady state, untreated.

    The cell bodies of the LC feel NE as terminals do (the whole animal). `factors` stand in for those of the table, by
    parameter. Raises ConditionError.
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
    """No NE at all from the start: Newton's method does not go there, a month of time does."""
    empty = changed.starting_at(dict.fromkeys(WITHOUT_DBH, 0.0))
    return changed.starting_at(solve.run(empty, [0.0, MONTH], rtol=1e-6, atol=1e-10).final)


def with_tone(rest: Network, tone: float) -> Network:
    """The terminal of a person whose locus coeruleus has long fired `tone` times as often, at its own steady state."""
    return solve.steady_state(rest.replace(firing=tone * rest.parameters["firing"], soma_feedback=1.0))


def table(condition: str | None = None) -> pd.DataFrame:
    """The changes of one condition, or of all, as a reader sees them: a row each."""
    import pandas as pd

    return pd.DataFrame(
        {
            "condition": CONDITIONS[row.condition], "reading": row.variant, "changed": WORDS[row.parameter], "factor": row.factor,
            "range": f"{row.low:g} to {row.high:g}", "status": row.status, "source": ", ".join(row.source),
            "contested": row.contested,
        }
        for row in rows() if condition in (None, row.condition)
    )  # fmt: skip


def caveats(condition: str, variant: str | None = None) -> list[str]:
    """What is assumed or contested about a condition, in sentences for a report; none for a healthy person.

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
            f"{name}, {row.variant} ({which}): {WORDS[row.parameter]} x {row.factor:g} {known}. Contested: {row.contested}."
        )
    return said
