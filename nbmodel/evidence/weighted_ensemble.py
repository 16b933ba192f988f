"""The ensemble of the evidence: intervals of every counted row and a few plausible sets, computed by one command and kept.

`intervals` and `plausible_sets` in the folder of data are its output; `ensemble.json` says what they were made from. The key
there is made of the rows, the ranges and what the models give for the tables' own numbers: so it changes when a result does.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nbmodel.core import ensemble
from nbmodel.core.ensemble import Progress
from nbmodel.core.network import Array
from nbmodel.data import formulary, plausible
from nbmodel.data.parameters import FOLDER
from nbmodel.data.tables import significant
from nbmodel.data.typed_rows import csv_rows
from nbmodel.evidence import intervals, rows, sampling
from nbmodel.evidence.intervals import Interval
from nbmodel.evidence.scores import WHO

if TYPE_CHECKING:
    import pandas as pd

INTERVALS = FOLDER / "evidence_intervals.csv"
ABOUT = FOLDER / "ensemble.json"
DIGITS = 4  # of a number that is kept
FEW = 16  # plausible sets that are kept: what a report has time for
SEED = 1
# Row by which sets are ordered before a few are taken: how far NE rises under a NET inhibitor, which reports turn on.
ORDERED_BY = "model V7"


# Sentences that go with `skill`.
READ = (
    "Numbers: with the model's numbers anywhere in their ranges, weighted by the rows that calibrate. Structure: with a factor "
    "as well by which the model is off, estimated from the other studies. CRPS (less is better) and log score (more is better) "
    "weigh both, being right and being sure, in natural logarithms; an interval that is wide enough always holds the number, so "
    "coverage by itself says little. Sets: how many sets of equal weight would tell as much."
)


@dataclass(frozen=True)
class Ensemble:
    """Intervals of the rows, the plausible sets, and how many sets were tried and how many no terminal can rest with."""

    intervals: list[Interval]
    plausible: pd.DataFrame
    tried: int
    refused: int


def compute(count: int, *, seed: int = SEED, workers: int = -1, progress: Progress | None = None) -> Ensemble:
    """Ensemble of `count` sets of numbers, run on the model and both null models.

    Raises
    ------
    ValueError
        Where no terminal can rest with any of the sets.
    """
    tried = sampling.sets(sampling.symbols(), count, seed)
    values = ensemble.each(sampling.repeat, tried, workers=workers, progress=progress)
    there = values["model V1"].notna() if "model V1" in values else np.zeros(count, bool)
    if not np.any(there):
        raise ValueError(f"no terminal can rest with any of {count} sets; try more")
    kept, values = tried[there], values[there]
    order = values[ORDERED_BY].argsort()
    found = intervals.assess(values, sampling.sampled_rows())
    weight = intervals.weights(values, sampling.sampled_rows())
    few = kept.iloc[order].iloc[evenly(weight[order], FEW)]
    return Ensemble(found, few.reset_index(drop=True), count, count - len(kept))


def evenly(weight: Array, count: int) -> NDArray[np.int_]:
    """Places of `count` draws that stand evenly over the summed weights: so each stands for the same weight.

    Examples
    --------
    >>> evenly(np.array([0.5, 0.0, 0.25, 0.25]), 4).tolist()
    [0, 0, 2, 3]
    """
    return np.searchsorted(np.cumsum(weight), (np.arange(count) + 0.5) / count)


def key() -> str:
    """Content key of an ensemble made now: of the rows, the ranges, and what the models give for the tables' numbers."""
    names, table = sampling.symbols(), formulary.load()
    ranges = [(name, table[name].low, table[name].value, table[name].high) for name in names]
    counted = [
        (row.id, row.role, row.published, row.low, row.high, bool(row.contested)) for row in sampling.sampled_rows()
    ]
    values = [(name, significant(value, DIGITS)) for name, value in sampling.repeat({}).items()]
    return hashlib.sha256(json.dumps([ranges, counted, values]).encode()).hexdigest()[:16]


def store(found: Ensemble) -> None:
    """Write an ensemble into the folder of data, in place of the one that is there."""
    _write(INTERVALS, [field.name for field in fields(Interval)], map(astuple, found.intervals))
    sets = found.plausible.to_dict("records")
    numbers = [(i + 1, symbol, value) for i, values in enumerate(sets) for symbol, value in values.items()]
    _write(plausible.PATH, [field.name for field in fields(plausible.Number)], numbers)
    about = {"key": key(), "tried": found.tried, "refused": found.refused, "seed": SEED}
    ABOUT.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    kept.cache_clear()
    plausible.sets.cache_clear()


def _write(path: Any, heads: Sequence[str], lines: Any) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        for line in lines:
            writer.writerow([f"{cell:.{DIGITS}g}" if isinstance(cell, float) else cell for cell in line])


@cache
def kept() -> list[Interval]:
    """Return the intervals that are kept, a row per row of evidence and model.

    Examples
    --------
    >>> kept()[0].id, kept()[0].who
    ('V1', 'model')
    """
    return csv_rows(INTERVALS, Interval, unique=("id", "who"))


def about() -> dict[str, Any]:
    """Return what the kept ensemble was made from: `key`, `tried`, `refused` and `seed`."""
    found: dict[str, Any] = json.loads(ABOUT.read_text(encoding="utf-8"))
    return found


def frame(found: Sequence[Interval]) -> pd.DataFrame:
    """Table of intervals as a reader sees them: a line per row, the published number first, then the model's doubts."""
    import pandas as pd

    known = {row.id: row for row in rows()}
    lines = []
    for one in (one for one in found if one.who == "model"):
        row = known[one.id]
        lines.append(
            {
                "id": row.id,
                "observation": row.observation,
                "published": row.published,
                "unit": row.unit,
                "model": one.median,
                "90 % (numbers)": _ends(one.low, one.high),
                "90 % (and structure)": _ends(one.widest_low, one.widest_high),
                "inside": one.widest_low <= row.published <= one.widest_high,
                "role": row.role + (", contested" if row.contested else ""),
            }
        )
    return pd.DataFrame(lines)


def _ends(low: float, high: float) -> str:
    return f"{low:.3g} to {high:.3g}"


def skill(found: Sequence[Interval], apart: Sequence[str] = ()) -> pd.DataFrame:
    """Table of how well the intervals did: a line per model and kind of row, contested rows aside.

    Parameters
    ----------
    found : sequence of Interval
    apart : sequence of str
        Ids of the rows that tell the models apart, which are scored by themselves as well.

    Returns
    -------
    DataFrame
        Columns: rows, model, `in 90 % (numbers)` and `in 90 % (and structure)` (published numbers in the interval), width
        (median factor between its ends), CRPS and log score (means), discrepancy (median factor), sets (median).
    """
    import pandas as pd

    known = {row.id: row for row in rows()}
    counted = {name: row for name, row in known.items() if row.role == "prediction" and not row.contested}
    kinds = {"predictions": set(counted), "predictions that tell the models apart": set(counted) & set(apart)}
    lines = []
    for kind, ids in kinds.items():
        for who, name in WHO.items():
            those = [one for one in found if one.who == who and one.id in ids]
            if not those:
                continue
            published = np.array([known[one.id].published for one in those])
            column = {field.name: np.array([getattr(one, field.name) for one in those]) for field in fields(Interval)}
            inside = (column["low"] <= published) & (published <= column["high"])
            covered = (column["widest_low"] <= published) & (published <= column["widest_high"])
            lines.append(
                {
                    "rows": f"{kind} ({len(those)})",
                    "model": name,
                    "in 90 % (numbers)": int(inside.sum()),
                    "in 90 % (and structure)": int(covered.sum()),
                    "width": float(np.median(column["widest_high"] / column["widest_low"])),
                    "CRPS": float(column["crps"].mean()),
                    "log score": float(column["log_score"].mean()),
                    "discrepancy": float(np.median(column["discrepancy"])),
                    "sets": float(np.median(column["sets"])),
                }
            )
    return pd.DataFrame(lines)
