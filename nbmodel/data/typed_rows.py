"""Reader of all the house's tables: a dataclass says what a table holds, and every fault is reported at once.

A field of the dataclass is a column of a CSV file, or an entry of a section of a TOML file. Its annotation says what may
stand there: `float`, `int`, `str`, one of a `Literal`, `tuple[str, ...]` (in CSV parts separated by ';', in TOML a list)
or a `Mapping` (TOML only). A field with a default may be left empty. What one field cannot say alone, such as low <=
value <= high, the class says in a method `faults()`, which gives pairs of column and sentence.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from nbmodel.data import numerals

Row = TypeVar("Row")


class TableError(ValueError):
    """Raised when a house table is wrong; `problems` lists every fault: file, line, column, what is wrong and the remedy.

    Examples
    --------
    >>> TableError(["parameters.csv line 2, column unit: is empty; fill it in"]).problems
    ['parameters.csv line 2, column unit: is empty; fill it in']
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the tail of an error message: the nearest known name, or nothing.

    Examples
    --------
    >>> did_you_mean("atomoxetin", ["atomoxetine", "reboxetine"])
    "; did you mean 'atomoxetine'?"
    >>> did_you_mean("water", ["atomoxetine", "reboxetine"])
    ''
    """
    from difflib import get_close_matches

    names = {name.casefold(): name for name in known}
    near = get_close_matches(word[:80].casefold(), list(names), n=1)  # its time grows with the length
    return f"; did you mean {names[near[0]]!r}?" if near else ""


def out_of_range(column: str, value: float, low: float, high: float) -> list[tuple[str, str]]:
    """Return the fault of a value that does not lie between its low and its high, for a row's `faults()`; else nothing.

    Examples
    --------
    >>> out_of_range("value", 3.0, 0.0, 2.0)
    [('value', '3 must lie between low 0 and high 2; correct one of the three')]
    >>> out_of_range("value", 1.0, 0.0, 2.0)
    []
    """
    if low <= value <= high:
        return []
    return [(column, f"{value:g} must lie between low {low:g} and high {high:g}; correct one of the three")]


# -- CSV ---------------------------------------------------------------------------------------------------------


def csv_rows(path: Path, row: type[Row], unique: Sequence[str] = ()) -> list[Row]:
    """Read and check a CSV file: a typed row per line, in order.

    Parameters
    ----------
    path : Path
        A file in UTF-8 whose first line names the columns: the fields of `row`, in their order.
    row : type
        The dataclass of a row.
    unique : sequence of str
        The columns in which, taken together, no two rows may have the same.

    Raises
    ------
    TableError
        With every fault of the file, each with its line and column.

    Examples
    --------
    >>> from nbmodel.data.parameters import FOLDER, PublishedConstant
    >>> csv_rows(FOLDER / "models.csv", PublishedConstant)[0].symbol
    'vmax_TH'
    """
    columns = [field.name for field in fields(row)]  # type: ignore[arg-type]
    problems: list[str] = []
    found: list[Row] = []
    first: dict[tuple[str, ...], int] = {}
    lines = _lines(path, problems)
    header = next(lines, (1, []))[1]
    if header != columns:
        problems.append(
            f"{path.name} line 1: the columns must be {', '.join(columns)}, in this order; found {', '.join(header)}"
        )
        raise TableError(problems)
    for line, cells in lines:
        where = f"{path.name} line {line}"
        if len(cells) != len(columns):
            problems.append(
                f"{where}: the number of cells is {len(cells)}, not {len(columns)}; quote cells that hold a comma"
            )
            continue
        texts = dict(zip(columns, cells, strict=True))
        made = typed(row, texts, f"{where}, column", problems)
        key = tuple(texts[column] for column in unique)
        if unique and first.setdefault(key, line) != line:
            problems.append(
                f"{where}, column {' and '.join(unique)}: {' '.join(key)!r} stands twice, first on line {first[key]}; "
                "rename or remove one"
            )
        if made is not None:
            found.append(made)
    if problems:
        raise TableError(problems)
    return found


def _lines(path: Path, problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a CSV file that are not empty, each with its number, as far as it can be read."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file, strict=True)
        try:
            yield from ((reader.line_num, cells) for cells in reader if cells)
        except csv.Error as error:
            problems.append(f"{path.name} line {reader.line_num}: {error}; double a quotation mark in a quoted cell")
        except UnicodeDecodeError as error:
            problems.append(f"{path.name}: is not text in UTF-8 ({error.reason}); save it as CSV UTF-8")


# -- TOML --------------------------------------------------------------------------------------------------------


def toml_sections(path: Path) -> dict[str, Any]:
    """Read a TOML file as nested dictionaries. Raises TableError, naming the line, for a file that is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TableError([f"{path.name}: is not text in UTF-8 ({error.reason}); save it as UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise TableError([f"{path.name}: {error}; write each entry as in the sections beside it"]) from None


# -- one row -----------------------------------------------------------------------------------------------------


def typed(row: type[Row], cells: Mapping[str, Any], where: str, problems: list[str]) -> Row | None:
    """Make one row of its cells (texts, or what TOML gives); None where a cell is wrong.

    Every fault is added to `problems`, as `where` (such as 'drugs.toml [atomoxetine], entry'), the name and a sentence.
    """
    kind: Any = row
    specification, before = _specification(kind), len(problems)
    values: dict[str, Any] = {}
    for name in cells:
        if name not in specification:
            problems.append(f"{where} {name}: is not known here{did_you_mean(name, specification) or '; remove it'}")
    for name, (convert, optional) in specification.items():
        cell = cells.get(name, "")
        if cell == "" or (isinstance(cell, str) and not cell.strip()):
            if not optional:
                problems.append(f"{where} {name}: is empty; fill it in")
            continue
        try:
            values[name] = convert(cell)
        except ValueError as error:
            problems.append(f"{where} {name}: {error}")
    if len(problems) > before:
        return None
    made = row(**values)
    faults: Callable[[], Iterable[tuple[str, str]]] = getattr(made, "faults", tuple)
    problems += [f"{where} {column}: {sentence}" for column, sentence in faults()]
    return made if len(problems) == before else None


@cache
def _specification(row: type[Any]) -> dict[str, tuple[Callable[[Any], Any], bool]]:
    """For each field: what turns a cell into its value, and whether the cell may be empty."""
    hints = get_type_hints(row)
    return {
        field.name: (
            _converter(hints[field.name]),
            field.default is not MISSING or field.default_factory is not MISSING,
        )
        for field in fields(row)
    }


def _converter(kind: Any) -> Callable[[Any], Any]:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:  # `float | None`: an empty cell never comes here
        return _converter(next(part for part in parts if part is not type(None)))
    if origin is Literal:
        return lambda cell: _one_of(cell, parts)
    if origin is tuple:
        return lambda cell: _several(cell, _converter(parts[0]))
    if origin is not None:
        return lambda cell: _mapping(cell, _converter(parts[1]))
    return {float: _number, int: _whole, str: _text}.get(kind, _section)


def _number(cell: Any) -> float:
    if isinstance(cell, str):
        return numerals.number(cell)
    # TOML has numbers of its own; its whole numbers may be larger than any float.
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not abs(cell) <= sys.float_info.max:
        raise ValueError(f"{cell!r} is not a number; write a plain number such as 0.5")
    return float(cell)


def _whole(cell: Any) -> int:
    number = _number(cell)
    if number != int(number):
        raise ValueError(f"{cell!r} is not a whole number; write one such as 3")
    return int(number)


def _text(cell: Any) -> str:
    if not isinstance(cell, str):
        raise ValueError(f"{cell!r} is not a text; write it in quotation marks")
    return cell


def _one_of(cell: Any, known: Sequence[str]) -> str:
    if cell not in known:
        near = did_you_mean(cell, known) if isinstance(cell, str) else ""
        raise ValueError(f"{cell!r} is not one of {', '.join(known)}{near or '; take one of them'}")
    return str(cell)


def _several(cell: Any, part: Callable[[Any], Any]) -> tuple[Any, ...]:
    parts = cell.split(";") if isinstance(cell, str) else cell
    if not isinstance(parts, list) or not parts or any(isinstance(one, str) and not one.strip() for one in parts):
        raise ValueError(f"{cell!r} has an empty part; write every part, and nothing before or after the last")
    return tuple(part(one.strip() if isinstance(one, str) else one) for one in parts)


def _section(cell: Any) -> Any:
    raise ValueError(f"{cell!r} must stand in a section of its own")


def _mapping(cell: Any, part: Callable[[Any], Any]) -> dict[str, Any]:
    if not isinstance(cell, Mapping):
        raise ValueError(f"{cell!r} is no table; write {{ name = value }}")
    return {name: part(one) for name, one in cell.items()}
