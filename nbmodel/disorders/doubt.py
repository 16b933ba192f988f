"""Doubt about the numbers of the model, drawn on a case: the band in which its day lies with plausible sets of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.data import parameters, plausible
from nbmodel.disorders import case as cases
from nbmodel.disorders import treatment
from nbmodel.disorders.readouts import readout

if TYPE_CHECKING:
    import pandas as pd

    from nbmodel.core.network import Array


def day(case: Mapping[str, Any]) -> pd.DataFrame:
    """Band of the last day of a case with other plausible numbers: NE, occupancy and readouts.

    The sets are those of `plausible`; the numbers of the condition, the drug's own and the person stay as they are. Basal NE
    moves with them where the scenario has it at its default.

    Parameters
    ----------
    case : Mapping
        A value for each setting of the theme.

    Returns
    -------
    DataFrame
        A row per moment of the last day (index: h since its start), with `... low` and `... high` of NE and each readout as
        multiples of the same model's healthy person; between them lie nine in ten sets.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> band = day(scenario.make("disorders"))
    >>> bool((band["NE low"] < band["NE high"]).all())
    True
    """
    import pandas as pd

    usual = treatment.treat(cases.of(case))
    names = ["NE", *usual.who.readouts]
    moves = case["basal_ne"] == parameters.load().value("x0_ECF", "nM")

    def courses() -> Array:
        basal_ne = parameters.load().value("x0_ECF", "nM") if moves else case["basal_ne"]
        found = treatment.treat(cases.of({**case, "basal_ne": basal_ne}), coarse=True)
        healthy = np.array([found.healthy])
        scales = [found.healthy, *(float(readout(name, healthy)[0]) for name in names[1:])]
        return np.array([found.day[name].to_numpy() / scale for name, scale in zip(names, scales, strict=True)])

    low, high = plausible.band(courses)
    ends = {f"{name} {end}": rows[i] for i, name in enumerate(names) for end, rows in (("low", low), ("high", high))}
    return pd.DataFrame(ends, index=usual.day.index)
