"""Every biological number of the collection, read from `parameters.csv` and `models.csv`, with unit and source.

No other module holds a biological constant. `load()` gives the table; `value(symbol, unit)` gives one number in the
unit that the caller works in. Conversions go through pint, which is imported at the first conversion only.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
STATUSES = ("verified", "to confirm", "derived", "assumed")
COLUMNS = ("symbol", "name", "value", "low", "high", "unit", "preparation", "source", "status", "note")


class ParameterError(ValueError):
    """A parameter table, symbol or unit is wrong; the message lists every fault that was found."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of `parameters.csv`: `value` lies in [`low`, `high`], all three in `unit`; `source` holds bib keys."""

    symbol: str
    name: str
    value: float
    low: float
    high: float
    unit: str
    preparation: str
    source: tuple[str, ...]
    status: str
    note: str


class Parameters(Mapping[str, Parameter]):
    """The parameter table: a mapping from symbol to `Parameter` that also hands out values in a wanted unit."""

    def __init__(self, rows: Mapping[str, Parameter]) -> None:
        self._rows = dict(rows)

    def __hash__(self) -> int:
        """Equal tables have the same: so what is computed from one can be kept."""
        return hash(tuple(row.value for row in self._rows.values()))

    def __getitem__(self, symbol: str) -> Parameter:
        try:
            return self._rows[symbol]
        except KeyError:
            raise ParameterError(
                f"no parameter {symbol!r} in parameters.csv{did_you_mean(symbol, self._rows)}"
            ) from None

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def value(self, symbol: str, unit: str) -> float:
        """The value of `symbol` in `unit`. Raises ParameterError for an unknown symbol or a unit of another kind."""
        row = self[symbol]
        return convert(row.value, row.unit, unit)

    def replace(self, **values: float) -> Parameters:
        """A copy with other values, each in its row's own unit (for sensitivity: what if basal NE were 14 nM?)."""
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


def did_you_mean(word: str, known: Mapping[str, Any]) -> str:
    """The tail of an error message: the nearest known name, or nothing."""
    from difflib import get_close_matches

    names = {name.casefold(): name for name in known}
    near = get_close_matches(word[:80].casefold(), list(names), n=1)  # its time grows with the length
    return f"; did you mean {names[near[0]]!r}?" if near else ""


def read(path: Path) -> Parameters:
    """Read and check a parameter table. Raises ParameterError with every fault, each with its line number."""
    problems: list[str] = []
    rows: dict[str, Parameter] = {}
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ParameterError(f"{path.name}: the columns must be {', '.join(COLUMNS)}; found {reader.fieldnames}")
        for row in reader:
            where = f"{path.name} line {reader.line_num} ({row['symbol']})"
            if None in row or None in row.values():
                problems.append(f"{where}: the number of cells is not {len(COLUMNS)}; quote cells that hold a comma")
                continue
            try:
                value, low, high = (float(row[key]) for key in ("value", "low", "high"))
            except ValueError as error:
                problems.append(f"{where}: value, low and high must be numbers ({error})")
                continue
            if not (math.isfinite(value) and low <= value <= high):
                problems.append(f"{where}: value {value:g} must lie between low {low:g} and high {high:g}")
            if row["status"] not in STATUSES:
                problems.append(f"{where}: status {row['status']!r} must be one of {', '.join(STATUSES)}")
            if row["symbol"] in rows:
                problems.append(f"{where}: the symbol stands twice")
            problems += [
                f"{where}: {key} is empty" for key in ("symbol", "name", "unit", "source") if not row[key].strip()
            ]
            source = tuple(key.strip() for key in row["source"].split(";"))
            rows[row["symbol"]] = Parameter(
                row["symbol"],
                row["name"],
                value,
                low,
                high,
                row["unit"],
                row["preparation"],
                source,
                row["status"],
                row["note"],
            )
    if problems:
        raise ParameterError("\n".join(problems))
    return Parameters(rows)


@cache
def load() -> Parameters:
    """The collection's parameter table."""
    return read(FOLDER / "parameters.csv")


@cache
def published_model(name: str) -> dict[str, float]:
    """The constants of a published model, as published and in its own units, from `models.csv`."""
    return {row["symbol"]: float(row["value"]) for row in model_rows(name)}


def model_rows(name: str) -> list[dict[str, str]]:
    """The rows of a published model in `models.csv`. Raises ParameterError for a model that is not there."""
    with (FOLDER / "models.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not (found := [row for row in rows if row["model"] == name]):
        raise ParameterError(f"no model {name!r} in models.csv{did_you_mean(name, {row['model']: 0 for row in rows})}")
    return found


@cache
def units() -> Any:
    """The collection's pint registry (built at first use: about 0.2 s)."""
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
    """The unit made of uM and s only that measures the same as `unit`. Raises ParameterError when there is none."""
    powers = dict(units().Unit(unit).dimensionality)
    amount, time = powers.pop("[substance]", 0), powers.pop("[time]", 0)
    if powers != ({"[length]": -3 * amount} if amount else {}):
        raise ParameterError(f"cannot turn {unit!r} into uM and s: it measures something else")
    parts = [f"{name}**{power:g}" for name, power in (("uM", amount), ("s", time)) if power]
    return " * ".join(parts) or "dimensionless"


def convert(value: float, unit: str, to: str) -> float:
    """`value` in `unit`, expressed in `to`. Raises ParameterError when the two measure different things."""
    return value if unit == to else value * _factor(unit, to)
