"""How well the model does on the published observations, beside two null models: what is met, how near, and with what skill.

A row says something about the model only where the null models come out differently. So rows that *discriminate*, where
the model differs from a null model by more than half the width of the row's band, are scored apart. A *contested* row,
whose opposite another study found, is shown and not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

# Who is scored: the key in a row of `evidence.table`, and the name for a reader.
WHO = {"model": "model", "no_feedback": "without feedback", "no_net": "without NET"}
COUNTED = {"prediction": "predictions", "direction": "directions"}


def within(row: Mapping[str, Any], value: float) -> bool:
    """Return True if a number lies in the band of a row of `evidence.table`.

    Examples
    --------
    >>> within({"low": 1.5, "high": 3.0}, 2.0)
    True
    """
    return bool(row["low"] <= value <= row["high"])


def discriminates(low: float, high: float, model: float, nulls: Iterable[float | None]) -> bool:
    """Return True if the model differs from a null model by more than half the width of the band.

    Examples
    --------
    >>> discriminates(2.0, 4.0, model=3.0, nulls=[2.5, 1.0])
    True
    """
    return any(null is not None and abs(model - null) > (high - low) / 2 for null in nulls)


def met(rows: Iterable[Mapping[str, Any]], who: str = "model") -> int:
    """Return the number of rows of `evidence.table` that the model, or a null model (a key of `WHO`), meets."""
    return sum(row[who] is not None and within(row, row[who]) for row in rows)


def distance(rows: Iterable[Mapping[str, Any]], who: str = "model") -> float:
    """Return the median factor between predictions and the published numbers, up or down, 10 at most; nan without any.

    It needs no band, so nobody's choice of bands enters.

    Parameters
    ----------
    rows : iterable of dict
        As `evidence.table` gives them.
    who : str
        A key of `WHO`.

    Examples
    --------
    >>> distance([{"role": "prediction", "published": 2.0, "model": 4.0}])
    2.0
    """
    pairs = [(row[who], row["published"]) for row in rows if row["role"] == "prediction" and row["published"] > 0]
    factors = [min(max(ours / theirs, theirs / ours if ours > 0 else np.inf), 10.0) for ours, theirs in pairs]
    return float(np.median(factors)) if factors else float("nan")


def board(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the scoreboard of some rows of `evidence.table`: a line per kind of row, counts met beside the null models.

    Parameters
    ----------
    rows : list of dict
        As `evidence.table` gives them.

    Returns
    -------
    DataFrame
        Columns: what is counted, rows, and those met by each of `WHO`.

    Examples
    --------
    >>> row = {"role": "direction", "low": 1, "high": 1, "model": 1, "no_feedback": 1, "no_net": -1}
    >>> row |= {"discriminates": True, "contested": False, "blind": False}
    >>> board([row])["model"].tolist()
    [1, 1]
    """
    import pandas as pd

    counted = [row for row in rows if not row["contested"]]
    lines: dict[str, list[dict[str, Any]]] = {}
    for role, name in COUNTED.items():
        of_role = [row for row in counted if row["role"] == role]
        lines[name] = of_role
        lines[f"{name} that tell the models apart"] = [row for row in of_role if row["discriminates"]]
        lines[f"{name} with bands set before the run"] = [row for row in of_role if row["blind"]]
    lines |= {role: [row for row in rows if row["role"] == role] for role in ("calibration", "identity")}
    return pd.DataFrame(
        [
            (name, len(of), *(None if name == "identity" and who != "model" else met(of, who) for who in WHO))
            for name, of in lines.items()
            if of
        ],
        columns=["what", "rows", *WHO.values()],
        dtype=object,  # whole numbers stay whole beside the null models that have none
    )


def told(rows: list[dict[str, Any]]) -> list[str]:
    """Return sentences that go with `board`: how near the predictions are, and what is shown and not counted."""
    apart = [row for row in rows if row["role"] == "prediction" and row["discriminates"] and not row["contested"]]
    said = []
    if apart:
        near = [f"{distance(apart, who):.2f}{'' if who == 'model' else f' {name}'}" for who, name in WHO.items()]
        said.append(
            "Median factor between model and published number, over predictions that tell the models apart: "
            f"{near[0]} ({', '.join(near[1:])})."
        )
    if any(row["blind"] for row in rows):
        said.append(
            "The structure of the terminal was chosen with the older rows in sight; bands set before the run were written down "
            "after it, and before the model was run on their rows."
        )
    shown = [row["id"] for row in rows if row["contested"]]
    if shown:
        counting = [
            f"{name} {met(of)} of {len(of)}"
            for role, name in COUNTED.items()
            if (of := [row for row in rows if row["role"] == role])
        ]
        said.append(f"Contested, shown and not counted: {', '.join(shown)}. With them: {', '.join(counting)}.")
    return said
