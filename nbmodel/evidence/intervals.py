"""How sure a prediction is: intervals for each published number, from sets of numbers weighted by calibration.

Two doubts are told apart. The *numbers* of the model lie in ranges: sets are drawn from them (`sampling`), and each counts
by how well it repeats the rows that may calibrate. The *structure* of the model errs as well, by a factor that no number
mends: the discrepancy, of one scale for all rows, estimated from how far the other rows are off.

All is in logarithms, as errors here are factors. What is said of a row uses no row of the same study: neither for weights
nor for the discrepancy. The null models are treated alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp, stdtr
from scipy.stats import t as t_distribution

from nbmodel.core.network import Array
from nbmodel.evidence import Observation
from nbmodel.evidence.scores import WHO

if TYPE_CHECKING:
    import pandas as pd

BAND = 3.92  # standard deviations of what was published between the two ends of a row's band, which holds 95 %
MIDDLE = (0.05, 0.95)  # an interval of 90 %
FARTHEST = float(np.log(100))  # a model that is off by more, or says nothing at all, counts as off by so much
LEAST, MOST = 0.01, 3.0  # between which the discrepancy is searched for, in logarithms
# Degrees of freedom of the discrepancy. Most rows are off by a little and a few by a lot, so its tails are heavy: else the
# few would widen the interval of all.
TAILS = 4.0
REACH, POINTS = 12.0, 1201  # of the grid on which a distribution is summed up: natural logarithms either way


@dataclass(frozen=True)
class Prediction:
    """What a model says of a published number: draws of its logarithm with weights, and how wide each is smeared.

    `centre` and `weight` have shape (sets,); `spread` is the scale of discrepancy and measurement together.
    """

    centre: Array
    weight: Array
    spread: float

    def below(self, at: Array) -> Array:
        """Probability of a number below each of `at` (logarithms), shape (points,)."""
        return np.asarray(stdtr(TAILS, np.subtract.outer(at, self.centre) / self.spread) @ self.weight)

    def interval(self) -> tuple[float, float]:
        """Two logarithms between which the published number lies with 90 % probability."""
        grid = np.linspace(-REACH, REACH, POINTS)
        low, high = np.interp(MIDDLE, self.below(grid), grid)
        return float(low), float(high)

    def log_score(self, at: float = 0.0) -> float:
        """Logarithm of the density at what was published (more is better; Gneiting and Raftery 2007)."""
        return float(np.log(t_distribution.pdf((at - self.centre) / self.spread, TAILS) @ self.weight / self.spread))

    def crps(self, at: float = 0.0) -> float:
        """Continuous ranked probability score at what was published (less is better; Gneiting and Raftery 2007)."""
        grid = np.linspace(-REACH, REACH, POINTS)
        return float(np.trapezoid((self.below(grid) - (grid >= at)) ** 2, grid))


def _log_normal(gap: Array, spread: float) -> Array:
    return np.asarray(-0.5 * (gap / spread) ** 2 - np.log(spread))


@dataclass(frozen=True, slots=True)
class Interval:
    """Row of `evidence_intervals.csv`: what the model or a null model says of a published number, with its doubts.

    `who` is a key of `scores.WHO`. `median`, and `low` to `high`, which hold 90 % of the weighted sets, are in the unit of the
    row of evidence; so are `widest_low` to `widest_high`, which hold 90 % where discrepancy and measurement are added.
    `discrepancy` is the factor, up or down, of its scale. `crps` and `log_score` are those of the widest, in
    natural logarithms; `sets` is how many sets of equal weight would tell as much.
    """

    id: str
    who: str
    median: float
    low: float
    high: float
    widest_low: float
    widest_high: float
    discrepancy: float
    crps: float
    log_score: float
    sets: float


def measured(row: Observation) -> float:
    """Standard deviation of the logarithm of what was published, after the row's band."""
    return float(np.log(row.high / row.low) / BAND)


def assess(values: pd.DataFrame, rows: Sequence[Observation]) -> list[Interval]:
    """List what the model and both null models say of each row that has a size.

    Parameters
    ----------
    values : DataFrame
        A row per set of numbers, columns `model V1` and the like, as `sampling.repeat` gives them.
    rows : sequence of Observation
        The rows behind those columns; a direction among them only weights the sets.

    Returns
    -------
    list of Interval
    """
    found = []
    for who in WHO:
        kind = {row.id: values[f"{who} {row.id}"].to_numpy(dtype=float) for row in rows}
        doubt = _Doubt(kind, rows)
        found += [_interval(who, row, doubt) for row in rows if row.unit != "sign"]
    return sorted(found, key=lambda one: [row.id for row in rows].index(one.id))


def weights(values: pd.DataFrame, rows: Sequence[Observation]) -> Array:
    """Weights of the sets by how well the model repeats all rows that calibrate, shape (sets,), 1 in all."""
    kind = {row.id: values[f"model {row.id}"].to_numpy(dtype=float) for row in rows}
    return _Doubt(kind, rows).weights(())


class _Doubt:
    """What a model gives for each row and set, and what its doubts are when a study is left out."""

    def __init__(self, values: Mapping[str, Array], rows: Sequence[Observation]) -> None:
        self.rows, self.values = rows, values
        self.sized = [row for row in rows if row.unit != "sign"]
        with np.errstate(divide="ignore", invalid="ignore"):
            off = {row.id: np.log(values[row.id] / row.published) for row in self.sized}
        # A number below zero has no logarithm; one that is not there says as little.
        self.off = {name: np.clip(np.nan_to_num(gap, nan=-FARTHEST), -FARTHEST, FARTHEST) for name, gap in off.items()}

    def weights(self, study: Iterable[str]) -> Array:
        """Weights of the sets after all rows that calibrate and are of another study."""
        total = np.zeros(len(next(iter(self.values.values()))))
        for row in self.rows:
            if row.role == "calibration" and not set(study) & set(row.source):
                if row.unit == "sign":
                    total = np.where(self.values[row.id] == row.published, total, -np.inf)
                else:
                    total = total + _log_normal(self.off[row.id], measured(row))
        if not np.any(np.isfinite(total)):
            return np.full(total.size, 1 / total.size)
        return np.asarray(np.exp(total - logsumexp(total)))

    def discrepancy(self, study: Iterable[str], weight: Array) -> float:
        """Scale, in logarithms, that makes the rows of all other studies likeliest."""
        others = [row for row in self.sized if not row.contested and not set(study) & set(row.source)]

        def unlikely(spread: float) -> float:
            return -sum(
                Prediction(self.off[row.id], weight, float(np.hypot(spread, measured(row)))).log_score()
                for row in others
            )

        return float(minimize_scalar(unlikely, bounds=(LEAST, MOST), method="bounded").x)


def _interval(who: str, row: Observation, doubt: _Doubt) -> Interval:
    weight = doubt.weights(row.source)
    discrepancy = doubt.discrepancy(row.source, weight)
    off = doubt.off[row.id]
    said = Prediction(off, weight, float(np.hypot(discrepancy, measured(row))))
    order = np.argsort(off)
    low, median, high = np.interp((MIDDLE[0], 0.5, MIDDLE[1]), np.cumsum(weight[order]), off[order])
    sizes = row.published * np.exp([median, low, high, *said.interval()])
    scores = (np.exp(discrepancy), said.crps(), said.log_score(), 1 / np.sum(weight**2))
    return Interval(row.id, who, *map(float, (*sizes, *scores)))
