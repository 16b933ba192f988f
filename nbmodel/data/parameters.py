"""Every biological number of the collection, read from `parameters.csv` and `models.csv`, with unit and source.

No other module holds a biological constant. `load()` gives the table; `value(symbol, unit)` gives one number in the
unit that the caller works in. Conversions go through pint, which is imported at the first conversion only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from nbmodel.data import in_use

# Callers find it here too.
from nbmodel.data.typed_rows import csv_rows, did_you_mean, out_of_range

FOLDER = Path(__file__).parent
Status = Literal["verified", "to confirm", "derived", "assumed"]


class ParameterError(ValueError):
    """Raised for a symbol that no table has, an impossible value, or a unit of another kind; the message says what would do."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Row of `parameters.csv`: `value` lies in [`low`, `high`], all three in `unit`; `source` holds bib keys."""

    symbol: str
    name: str
    value: float
    low: float
    high: float
    unit: str
    preparation: str
    source: tuple[str, ...]
    status: Status
    note: str = ""

    def faults(self) -> list[tuple[str, str]]:
        """Return what is wrong with the row as a whole."""
        return out_of_range("value", self.value, self.low, self.high)


@dataclass(frozen=True, slots=True)
class PublishedConstant:
    """Row of `models.csv`: a constant of a published model, as published and in its own units."""

    model: str
    symbol: str
    name: str
    value: float
    unit: str
    source: tuple[str, ...]


class Parameters(Mapping[str, Parameter]):
    """Parameter table: a mapping from symbol to `Parameter` that also hands out values in a wanted unit."""

    def __init__(self, rows: Mapping[str, Parameter]) -> None:
        self._rows = dict(rows)

    def __hash__(self) -> int:
        """Equal tables have the same: so what is computed from one can be kept."""
        return hash(tuple(row.value for row in self._rows.values()))

    def __getitem__(self, symbol: str) -> Parameter:
        try:
            return self._rows[symbol]
        except KeyError:
            raise ParameterError(f"there is no parameter {symbol!r}{did_you_mean(symbol, self._rows)}") from None

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def value(self, symbol: str, unit: str) -> float:
        """Return the value of `symbol` in `unit`. Raises ParameterError for an unknown symbol or a unit of another kind."""
        row = self[symbol]
        return convert(row.value, row.unit, unit)

    def replace(self, **values: float) -> Parameters:
        """Return a copy with other values, each in its row's own unit (for sensitivity: what if basal NE were 14 nM?).

        Raises ParameterError for an unknown symbol or a value that is not finite.

        Examples
        --------
        >>> load().replace(x0_ECF=14).value("x0_ECF", "nM")
        14.0
        """
        problems = [
            f"{symbol} = {value!r} is not a finite number"
            for symbol, value in values.items()
            if not math.isfinite(value)
        ]
        if problems:
            raise ParameterError("; ".join(problems))
        return Parameters(
            {**self._rows, **{symbol: replace(self[symbol], value=float(value)) for symbol, value in values.items()}}
        )


def read(path: Path) -> Parameters:
    """Read and check a parameter table. Raises TableError with every fault, each with its line and column."""
    return Parameters({row.symbol: row for row in csv_rows(path, Parameter, unique=("symbol",))})


def load() -> Parameters:
    """Return the parameters of `parameters.csv`; what belongs to one drug is in `formulary.load()`.

    Within `what_if.using` it is the table in use there.

    Examples
    --------
    >>> load().value("x0_ECF", "uM")
    0.006
    >>> load()["x0_ECF"].unit
    'nM'
    """
    return in_use.table() or _collected()


@cache
def _collected() -> Parameters:
    """Table of the collection, read once."""
    return read(FOLDER / "parameters.csv")


@cache
def published_model(name: str) -> dict[str, float]:
    """Return the constants of a published model by symbol, in its own units. Raises ParameterError for an unknown one.

    Examples
    --------
    >>> published_model("best2009")["km_tyr"]
    46.0
    """
    return {row.symbol: row.value for row in model_rows(name)}


def model_rows(name: str) -> list[PublishedConstant]:
    """Return the rows of a published model in `models.csv`. Raises ParameterError for a model that is not there."""
    rows = _published()
    if not (found := [row for row in rows if row.model == name]):
        raise ParameterError(f"no model {name!r} in models.csv{did_you_mean(name, {row.model for row in rows})}")
    return found


@cache
def _published() -> list[PublishedConstant]:
    return csv_rows(FOLDER / "models.csv", PublishedConstant, unique=("model", "symbol"))


@cache
def units() -> Any:
    """Return the collection's pint registry (built at first use: about 0.2 s)."""
    import pint

    return pint.UnitRegistry(cache_folder=None)


@cache
def _factor(unit: str, to: str) -> float:
    import pint

    try:
        return float(units().Quantity(1.0, unit).to(to).magnitude)
    except pint.errors.PintError as error:
        raise ParameterError(f"cannot turn {unit!r} into {to!r}: {error}") from None


@cache
def unit_in_uM_and_s(unit: str) -> str:
    """Return the unit made of uM and s only that measures the same as `unit`. Raises ParameterError when there is none."""
    powers = dict(units().Unit(unit).dimensionality)
    amount, time = powers.pop("[substance]", 0), powers.pop("[time]", 0)
    if powers != ({"[length]": -3 * amount} if amount else {}):
        raise ParameterError(f"cannot turn {unit!r} into uM and s: it measures something else")
    parts = [f"{name}**{power:g}" for name, power in (("uM", amount), ("s", time)) if power]
    return " * ".join(parts) or "dimensionless"


def convert(value: float, unit: str, to: str) -> float:
    """Return `value`, given in `unit`, expressed in `to`. Raises ParameterError when they measure different things.

    Examples
    --------
    >>> convert(6.0, "nM", "uM")
    0.006
    """
    return value if unit == to else value * _factor(unit, to)
