"""The page of a case: one person, what becomes of them on a medicine, and how far that may be off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel import drugs
from nbmodel.data import plausible
from nbmodel.disorders import case as cases
from nbmodel.disorders import doubt, readouts, virtual_patients
from nbmodel.disorders.treatment import Outcome, Patient, changes, treat

if TYPE_CHECKING:
    import pandas as pd

    from nbmodel.core.network import Array


@dataclass(frozen=True)
class Page:
    """What a page of a case shows.

    Parameters
    ----------
    case : Mapping
        A value for each setting.
    who : Patient
    outcome : Outcome
        The usual person's treatment.
    people : DataFrame
        The virtual patients, as `virtual_patients.cohort` gives them.
    compared : DataFrame
        Healthy, untreated and treated side by side, among people of the stated metaboliser.
    levels, course : DataFrame
        Bands of people of the stated metaboliser over the last day: the drug's levels and occupancy; NE and readouts.
    doubt : DataFrame
        The band of the usual person with other plausible numbers, as `doubt.day` gives it.
    """

    case: Mapping[str, Any]
    who: Patient
    outcome: Outcome
    people: pd.DataFrame
    compared: pd.DataFrame
    levels: pd.DataFrame
    course: pd.DataFrame
    doubt: pd.DataFrame

    @property
    def taken(self) -> drugs.Exposure:
        """Exposure to the drug over its last cycle."""
        return cases.exposure(self.who)

    @property
    def target(self) -> str:
        """Name of the drug's first target, or 'none'."""
        return cases.occupied(self.outcome)[0]

    @property
    def held(self) -> Array:
        """Occupancy of the target over the last day, 0 to 1."""
        return cases.occupied(self.outcome)[1]

    @property
    def doubted(self) -> tuple[float, float]:
        """Ends of the band of doubt of NE, the mean of the last day, as multiples of healthy."""
        return float(self.doubt["NE low"].mean()), float(self.doubt["NE high"].mean())

    @property
    def risen(self) -> tuple[float, float]:
        """Ends of the band of doubt of NE on the drug as a multiple of untreated, the mean of the last day."""
        return tuple(float(self.doubt[f"NE of untreated {end}"].mean()) for end in ("low", "high"))  # type: ignore[return-value]

    @property
    def from_untreated(self) -> bool:
        """True where NE on the drug can be told as a multiple of the untreated level."""
        return self.who.given is not None and self.outcome.untreated > 0

    @property
    def drawn(self) -> list[str]:
        """Readouts that are drawn: attention and startle, energy in depression, and what else moves by more than a little."""
        changed = changes(self.who, self.outcome)
        usual = ["sustained_attention", "startle"]
        usual += ["energy"] if str(self.case["condition"]).startswith("mdd") else []

        def moves(name: str) -> bool:
            before, after = changed[name]
            return name != "energy" and max(abs(before - 1), abs(after - before)) > cases.HARDLY

        return [name for name in self.who.readouts if name in usual or moves(name)]

    @property
    def may_harm_attention(self) -> bool:
        """True where the band of doubt of attention on the drug, the mean of the last day, reaches below untreated."""
        name = "sustained_attention"
        if self.who.given is None or name not in self.who.readouts:
            return False
        return float(self.doubt[f"{name} low"].mean()) < changes(self.who, self.outcome)[name][0]

    @property
    def caption(self) -> str:
        """Sentences below the picture: what becomes of NE, and what the two bands are."""
        kind = cases.METABOLISERS[str(self.case["metaboliser"])]
        told_apart = self.who.given is not None and len(drugs.metabolisers(self.who.drug)) > 1
        alike = f" who are {kind} metabolisers" if told_apart else ""
        numbers = "the model's numbers" if self.who.given is None else "the model's and the drug's numbers"
        said = [*cases.told(self.case, self.who, self.outcome)]
        if not self.who.readouts:
            said += cases.told_of_function(self.case, self.who, self.outcome)
        else:
            said += cases.warnings(self.case, self.who, self.outcome, told=False)
        condition = "" if self.case["condition"] == "healthy" else "; what is assumed of the condition is kept"
        below = " The pale bar of attention reaches below untreated." if self.may_harm_attention else ""
        return " ".join(
            [
                *said,
                f"Dark: how people differ (95 % of virtual people{alike}). Pale: how unsure the model is (middle nine tenths of "
                f"{len(plausible.sets())} plausible sets of {numbers}{condition}).{below}",
            ]
        )

    def table(self) -> pd.DataFrame:
        """Table of NE and readouts as multiples of healthy: the usual person, and 95 % of people in brackets.

        Where NE on the drug can be told as a multiple of the untreated level, the first row does so.
        """
        groups = [
            group
            for group in ("healthy", "untreated", "at once", "treated")
            if group in set(self.compared["group"]) and not (group == "treated" and self.who.given is None)
        ]
        texts = self.compared.assign(
            text=[
                f"{cases.ratio(r.usual)}"
                + (f" ({cases.ratio(r.low)} to {cases.ratio(r.high)})" if np.isfinite(r.low) else "")
                for r in self.compared.itertuples()
            ]
        )
        words = {"NE": "NE outside the cells", **{name: readouts.READOUTS[name] for name in self.who.readouts}}
        found = texts.pivot(index="measure", columns="group", values="text").loc[list(words), groups]
        last = "treated, plausible numbers" if self.who.given is not None else "untreated, plausible numbers"
        found[last] = [
            f"{cases.ratio(self.doubt[f'{name} low'].mean())} to {cases.ratio(self.doubt[f'{name} high'].mean())}"
            for name in words
        ]
        found = found.reset_index()
        found["measure"] = found["measure"].map(words)
        if self.from_untreated:
            risen = dict.fromkeys(found.columns, "") | {"measure": "NE, times untreated", "untreated": cases.ratio(1.0)}
            before, (low, high) = self.outcome.untreated, self.risen
            risen["treated"] = cases.ratio(self.outcome.treated / before)
            if "at once" in risen:
                risen["at once"] = cases.ratio(self.outcome.minutes / before)
            risen[last] = f"{cases.ratio(low)} to {cases.ratio(high)}"
            found.loc[-1] = risen
            found = found.sort_index().reset_index(drop=True)
        return found


def page(case: Mapping[str, Any]) -> Page:
    """Return what the page of a scenario shows; each part is computed once.

    Parameters
    ----------
    case : Mapping
        A value for each setting of the theme.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> found = page(scenario.make("disorders", {"patients": 20}))
    >>> found.target, found.doubted[0] < found.outcome.treated / found.outcome.healthy < found.doubted[1]
    ('NET', True)
    """
    who = cases.of(case)
    outcome, count, seed = treat(who), int(case["patients"]), int(case["seed"])
    people = virtual_patients.cohort(who, count, seed)
    alike = people[virtual_patients.stated(who, people)]
    return Page(
        case,
        who,
        outcome,
        people,
        virtual_patients.compared(who, outcome, alike, seed),
        virtual_patients.bands(who, alike),
        virtual_patients.course(who, count, seed),
        doubt.day(case),
    )
