"""What readers see of observations: a line per observation, what is missed, and numbers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.data.tables import significant

if TYPE_CHECKING:
    import pandas as pd

# How a sign reads.
SIGNS = {-1.0: "falls", 0.0: "no change", 1.0: "rises"}


def said(value: float, unit: str) -> str:
    """Value with its unit, to two digits; a sign in words."""
    if unit == "sign":
        return SIGNS[float(np.sign(value))]
    return f"{significant(value, 2)} {unit}" if unit != "fold" else f"{significant(value, 2)} times"


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Table of the rows of `table` as a reader sees them: a line per observation, the null models last."""
    import pandas as pd

    return pd.DataFrame(
        {
            "id": row["id"],
            "observation": f"{row['observation']} [{row['source'].replace(';', ', ')}]",
            "published": row["published"],
            "band": _band(row),
            "unit": row["unit"],
            "model": row["model"],
            "met": row["met"],
            "role": row["role"] + (", contested" if row["contested"] else ""),
            "tells apart": row["discriminates"],
            "without feedback": row["no_feedback"],
            "without NET": row["no_net"],
        }
        for row in rows
    )


def misses(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Table of the rows of `table` that are missed, each with its reason, as a reader sees them."""
    import pandas as pd

    missed = [row for row in rows if not row["met"]]
    return pd.DataFrame(
        [(row["id"], row["observation"], _band(row), row["model"], row["unit"], row["reason"]) for row in missed],
        columns=["id", "observation", "band", "model", "unit", "why"],
    )


def _band(row: dict[str, Any]) -> str:
    return f"{row['low']:g}" if row["low"] == row["high"] else f"{row['low']:g} to {row['high']:g}"
