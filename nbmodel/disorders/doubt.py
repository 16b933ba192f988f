"""Doubt about the numbers of the model, drawn on a case: the band in which its day lies with plausible sets of numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel import drugs
from nbmodel.data import parameters, plausible
from nbmodel.data.parameters import FOLDER
from nbmodel.disorders import case as cases
from nbmodel.disorders import treatment
from nbmodel.disorders.readouts import readout

if TYPE_CHECKING:
    import pandas as pd

    from nbmodel.core.network import Array


INDICES = FOLDER / "sobol_ne_treated_of_healthy.json"
# Numbers of a drug that are chosen, known, or a person's own.
KNOWN = ("dose", "daily_dose", "per_day", "interval", "molar_mass", "body_weight")
SEED = 1


def day(case: Mapping[str, Any]) -> pd.DataFrame:
    """Band of the last day of a case with other plausible numbers: levels, occupancy, NE and readouts.

    The sets are those of `plausible`; with each goes a draw of the drug's own numbers, evenly over their ranges. The numbers
    of the condition and the person stay as they are. Basal NE moves where the scenario has it at its default.

    Parameters
    ----------
    case : Mapping
        A value for each setting of the theme.

    Returns
    -------
    DataFrame
        A row per moment of the last day (index: h since its start), with `... low` and `... high` of NE and each readout as
        multiples of the same model's healthy person, of levels in plasma (ng/mL) and of occupancy (0 to 1), and of
        `NE of untreated`, a multiple of the same model's untreated person (where there is NE without the drug); between
        them lie nine in ten sets.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> band = day(scenario.make("disorders"))
    >>> bool((band["NE low"] < band["NE high"]).all() and (band["plasma atomoxetine low"] > 0).all())
    True
    """
    import pandas as pd

    usual = treatment.treat(cases.of(case))
    names = ["NE", *usual.who.readouts]
    of_drug = [name for name in usual.day if name.startswith(("plasma ", "occupancy "))]
    moves = case["basal_ne"] == parameters.load().value("x0_ECF", "nM")
    risen = ["NE of untreated"] if usual.untreated > 0 else []
    drawn = iter(_drawn(usual.who.drug, len(plausible.sets())))

    def courses() -> Array:
        basal_ne = parameters.load().value("x0_ECF", "nM") if moves else case["basal_ne"]
        who = replace(cases.of({**case, "basal_ne": basal_ne}), table=drugs.load().replace(**next(drawn)))
        found = treatment.treat(who, coarse=True)
        healthy = np.array([found.healthy])
        scales = [found.healthy, *(float(readout(name, healthy)[0]) for name in names[1:]), *(1.0 for _ in of_drug)]
        courses = [found.day[name].to_numpy() / scale for name, scale in zip([*names, *of_drug], scales, strict=True)]
        return np.array([*courses, *(found.day["NE"].to_numpy() / found.untreated for _ in risen)])

    low, high = plausible.band(courses)
    ends = {
        f"{name} {end}": rows[i]
        for i, name in enumerate([*names, *of_drug, *risen])
        for end, rows in (("low", low), ("high", high))
    }
    return pd.DataFrame(ends, index=usual.day.index)


def _drawn(drug: str, count: int) -> list[dict[str, float]]:
    """Draws of the drug's numbers: each number spreads evenly over its range, on a logarithmic scale, in an order of its own."""
    rng = np.random.default_rng(SEED)
    found: list[dict[str, float]] = [{} for _ in range(count)]
    for number in drugs.numbers(drug) if drug != "none" else []:
        if number.symbol.split(".")[-1] not in KNOWN and 0 < number.low < number.high:
            shares = (rng.permutation(count) + 0.5) / count
            for values, share in zip(found, shares, strict=True):
                values[number.symbol] = float(number.low * (number.high / number.low) ** share)
    return found


def indices() -> list[dict[str, Any]]:
    """Return the kept Sobol indices of NE on the drug, in the default scenario, a row per number that moves it.

    `nbmodel sensitivity disorders --result ne_treated_of_healthy --samples 256 --json` makes the file.

    Examples
    --------
    >>> indices()[0]["number"]
    'share_lost_outside'
    """
    found: list[dict[str, Any]] = json.loads(INDICES.read_text(encoding="utf-8"))
    return found
