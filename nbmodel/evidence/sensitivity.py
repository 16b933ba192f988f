"""Sensitivity: which of a model's uncertain numbers decide a result of a scenario, by Sobol indices.

First each number that the result rests on is put at either end of its range by itself. Those that move the result most
are then drawn together; what the others could move stands beside the indices.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np

from nbmodel.core import ensemble, sobol
from nbmodel.core.ensemble import Progress
from nbmodel.core.quantities import Quantity
from nbmodel.data import formulary, what_if
from nbmodel.data.tables import significant
from nbmodel.data.typed_rows import did_you_mean
from nbmodel.evidence.sampling import doubtful, quantile
from nbmodel.scenario import THEMES

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = 8  # that are drawn together, unless they are named


class SensitivityError(ValueError):
    """Raised for a result that cannot be asked for, or takes too long; the message says what would do."""


@dataclass(frozen=True)
class Sensitivity:
    """Sobol indices of a result, and what was left out of them.

    Parameters
    ----------
    result, unit : str
    value : float
        With all numbers as the tables have them.
    indices : DataFrame
        As `sobol.indices` gives them, with the `name` of each number.
    moved : Series
        How far each number by itself moves the result from one end of its range to the other, largest first.
    """

    result: str
    unit: str
    value: float
    indices: pd.DataFrame
    moved: pd.Series

    @property
    def rest(self) -> str:
        """Sentence on the numbers that were not drawn: how far the one that matters most moves the result; '' without any."""
        others = self.moved.drop(self.indices["number"])
        if others.empty:
            return ""
        alone = significant(float(others.iloc[0]))
        return (
            f"{len(others)} other numbers stay as the tables have them. By itself none moves the result by more than {alone} "
            f"{self.unit} over its whole range ({others.index[0]})."
        )


def of(
    theme: str,
    case: Mapping[str, Any],
    result: str,
    *,
    samples: int = 256,
    numbers: Sequence[str] = (),
    seed: int = 1,
    minutes: float = 10.0,
    workers: int = -1,
    progress: Progress | None = None,
) -> Sensitivity:
    """Sensitivity of a result of a scenario.

    Parameters
    ----------
    theme : str
    case : Mapping
        A value for each setting of the theme, as `scenario.make` gives them. A setting that stands at its default moves with
        its number in the table.
    result : str
        Name of a result of the theme.
    samples : int
        Size of the samples that are compared, a power of two.
    numbers : sequence of str, optional
        Symbols of the numbers to draw; those that move the result most unless given.
    seed : int
    minutes : float
        How long it may take; what would take longer is refused before it starts.
    workers, progress
        As for `ensemble.each`.

    Raises
    ------
    SensitivityError
        For a result that the theme does not have or that does not rest on numbers with a range, and for one that would take
        too long, with an estimate.
    """
    sobol.check(samples)
    with what_if.reading() as read:
        compute, unit = _asked(theme, case, result)
        value = compute()
    known = doubtful(read)
    if unknown := [
        f"{result} rests on no number {one!r}{did_you_mean(one, known)}" for one in numbers if one not in known
    ]:
        raise SensitivityError("; ".join(unknown))
    if not known:
        raise SensitivityError(f"{result} rests on no number that has a range")
    function = partial(_result, theme, dict(case), result)
    run = partial(ensemble.each, function, workers=workers)
    moved, seconds = _moved(run, list(numbers) or known)
    drawn = list(moved.index[: len(numbers) or NUMBERS])
    evaluations = samples * (len(drawn) + 2)
    estimate = seconds * evaluations / joblib.effective_n_jobs(workers) / 60
    if estimate > minutes:
        raise SensitivityError(
            f"{result} would take about {estimate:.0f} minutes ({evaluations} evaluations of {1e3 * seconds:.0f} ms) and may "
            f"take {minutes:g}; take fewer samples, fewer numbers, or allow more minutes"
        )
    table = formulary.load()
    found = sobol.indices(
        lambda sets: run(sets, progress=progress)["result"].to_numpy(),
        {symbol: partial(quantile, table[symbol]) for symbol in drawn},
        samples,
        seed,
    )
    found.insert(1, "name", [table[symbol].name for symbol in found["number"]])
    return Sensitivity(result, unit, float(value), found, moved)


def _asked(theme: str, case: Mapping[str, Any], result: str) -> Quantity:
    """What computes a result of a scenario, and its unit. Raises SensitivityError for one that there is not."""
    model: Any = THEMES[theme].load()
    if not hasattr(model, "quantities"):
        able = [name for name, one in THEMES.items() if hasattr(one.load(), "quantities")]
        raise SensitivityError(
            f"results of {theme} come from chance and from published models, whose numbers have no ranges; "
            f"sensitivity is for {', '.join(able)}"
        )
    found: dict[str, Quantity] = model.quantities(case)
    if result not in found:
        raise SensitivityError(
            f"{theme} has no result {result!r}{did_you_mean(result, found) or '; it has ' + ', '.join(found)}"
        )
    return found[result]


def _result(theme: str, case: Mapping[str, Any], result: str, values: Mapping[str, float]) -> dict[str, float]:
    """Result with other numbers. Settings that stand at their default move with their number."""
    with what_if.using(values) as table:
        settings = THEMES[theme].given(case).values()
        moved = {
            one.name: table.value(one.symbol, one.unit or "dimensionless")
            for one in settings
            if one.symbol in values and case[one.name] == one.default
        }
        started = time.process_time()
        compute, _ = _asked(theme, {**case, **moved}, result)
        return {"result": float(compute()), "seconds": time.process_time() - started}


def _moved(run: Callable[..., pd.DataFrame], symbols: Sequence[str]) -> tuple[pd.Series, float]:
    """How far each number by itself moves the result over its range, largest first, and seconds that the result takes.

    What the model refuses does not count.
    """
    import pandas as pd

    table = formulary.load()
    usual = {symbol: table[symbol].value for symbol in symbols}
    ends = [{**usual, symbol: end} for symbol in symbols for end in (table[symbol].low, table[symbol].high)]
    trial = run(pd.DataFrame([usual, *ends]))
    found = trial["result"].to_numpy()
    either = np.column_stack([found[1::2], found[2::2], np.full(len(symbols), found[0])])
    moved = pd.Series(np.nanmax(either, axis=1) - np.nanmin(either, axis=1), index=symbols)
    return moved.sort_values(ascending=False), float(trial["seconds"].median())
