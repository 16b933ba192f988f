"""The file of a batch: a table (a row a scenario) or YAML (a list of scenarios, or a grid). Data only: nothing in it runs.

Every row is checked before anything starts, and all faults are told together with the numbers of their rows.

    theme,name,title,net_occupancy,basal_ne         - theme: reuptake              grid:
    reuptake,half,Half blocked,0.5,                   name: half                     theme: reuptake
    reuptake,,,0.8,14 nM                              parameters:                    parameters:
                                                        net_occupancy: 0.5             net_occupancy: [0, 0.5, 1]
                                                                                       basal_ne: [6 nM, 14 nM]
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbmodel import scenario
from nbmodel.data import spreadsheet
from nbmodel.data.typed_rows import TableError, did_you_mean
from nbmodel.report import names
from nbmodel.scenario import Scenario, ScenarioError, plain_yaml, setting

TABLES = (".csv", ".tsv", ".txt")  # as spreadsheets name tables in text
MOST = 200_000  # scenarios in one file: a grid multiplies faster than one thinks
COLUMNS = ("theme", "name", "title")
TOLD = 20  # unknown columns that are told: to look for what is meant takes time


@dataclass
class Plan:
    """Scenarios of a batch by name, in the order of the file, and the faults of the other rows, which are `left_out`."""

    cases: dict[str, Scenario] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    rows: int = 0
    left_out: int = 0


def load(path: Path) -> Plan:
    """Read and check a batch file. Raises ScenarioError when it cannot be read as one at all."""
    plan = Plan()
    taken: dict[str, str] = {}  # names as a file system sees them that does not tell A from a
    faults: dict[str, list[str]] = {}  # a grid has the same fault in thousands of rows
    for number, row in enumerate(_rows(path), 1):
        plan.rows = number
        place = f"line {row['line']}" if "line" in row else f"row {number}"
        try:
            name, case = _scenario(row)
        except ScenarioError as error:
            plan.left_out += 1
            for problem in error.problems:
                faults.setdefault(problem, []).append(place)
            continue
        first = taken.setdefault(name.lower(), place)
        if first != place:
            plan.left_out += 1
            problem = f"the report would be called {name!r}, as that of {first}; name one of them otherwise"
            faults.setdefault(problem, []).append(place)
            continue
        plan.cases[name] = case
    if not plan.rows:
        raise ScenarioError([f"{path.name} holds no scenario"])
    for problem, places in faults.items():
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        plan.faults.append(f"{path.name} {places[0]}{more}: {problem}")
    return plan


def shard(cases: Mapping[str, Scenario], which: str) -> dict[str, Scenario]:
    """Return the scenarios of part K of N ('3/8'): each N-th, so that all parts take alike. Raises ValueError."""
    found = re.fullmatch("([0-9]{1,6})/([0-9]{1,6})", which)
    part, parts = map(int, found.groups()) if found else (0, 0)
    if not 1 <= part <= parts:
        raise ValueError(
            f"--shard {setting.brief(which)} must be K/N with K from 1 to N, such as 3/8, in at most six digits each"
        )
    return dict(itertools.islice(cases.items(), part - 1, None, parts))


def _scenario(row: Mapping[str, Any]) -> tuple[str, Scenario]:
    if "fault" in row:
        raise ScenarioError([row["fault"]])
    problems = []
    theme, title, given = row.get("theme"), row.get("title"), row.get("name")
    if not isinstance(theme, str) or not theme:
        said = "the theme is missing" if theme in (None, "") else f"{setting.brief(theme)} is not a theme"
        raise ScenarioError([f"{said}; it is one of {', '.join(scenario.THEMES)}"])
    if title is not None and (not isinstance(title, str) or len(title) > scenario.TITLE or not title.isprintable()):
        problems.append(f"the title must be one line of text, at most {scenario.TITLE} characters")
        title = None
    if given is not None and not isinstance(given, str):
        problems.append(f"the name {setting.brief(given)} is not text; write one name")
    elif given is not None and names.refusal(given):
        problems.append(names.refusal(given))
    try:
        case = scenario.make(theme, row["parameters"], title or "")
    except ScenarioError as error:
        raise ScenarioError([*problems, *error.problems]) from None
    if problems:
        raise ScenarioError(problems)
    return given or names.of(case), case


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Return the rows as mappings with theme, name, title and parameters; what is not given is None."""
    suffix = path.suffix.lower()
    if suffix not in (*TABLES, ".yaml", ".yml"):
        raise ScenarioError(
            [f"{path.name}: a batch is a .csv or a .yaml file; open a workbook in a spreadsheet and save it as CSV"]
        )
    rows = _table(path) if suffix in TABLES else _yaml(path)
    for number, row in enumerate(rows, 1):
        if number > MOST:
            raise ScenarioError([f"{path.name} holds more than {MOST} scenarios; split it"])
        yield row


def _table(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        table = spreadsheet.read(path)
    except TableError as error:
        raise ScenarioError(error.problems) from None
    known = {name for theme in scenario.THEMES.values() for name in theme.parameters} | set(COLUMNS)
    unknown = [name for name in table.columns if name and name not in known]
    problems = [
        f"{path.name}: no theme has a parameter {setting.brief(name)}{did_you_mean(name, sorted(known))}"
        for name in unknown[:TOLD]
    ]
    if len(unknown) > TOLD:
        problems.append(f"{path.name}: and {len(unknown) - TOLD} more columns are no parameters")
    if "theme" not in table.columns:
        problems.append(
            f"{path.name}: the first line must name the columns: theme, perhaps name and title, and parameters"
        )
    if problems:
        raise ScenarioError(problems)
    for line in table.lines:
        if line.fault:
            yield {"line": line.number, "fault": line.fault}
            continue
        row = {name: cell for name, cell in table.row(line).items() if cell}
        parameters = {name: value for name, value in row.items() if name not in COLUMNS}
        yield {"line": line.number, **{name: row.get(name) for name in COLUMNS}, "parameters": parameters}


def _yaml(path: Path) -> Iterator[Mapping[str, Any]]:
    file = path.name
    try:
        found = plain_yaml.load(path)
    except ValueError as error:
        raise ScenarioError([str(error)]) from None
    if isinstance(found, dict) and set(found) == {"grid"}:
        yield from _grid(file, found["grid"])
    elif isinstance(found, dict) and set(found) == {"scenarios"} and isinstance(found["scenarios"], list):
        yield from map(_entry, found["scenarios"])
    elif isinstance(found, list):
        yield from map(_entry, found)
    else:
        raise ScenarioError(
            [f"{file} must be a list of scenarios (theme, name, title, parameters), or hold `grid:` alone"]
        )


def _entry(entry: object) -> Mapping[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("parameters") or {}, dict):
        return {
            "fault": f"{setting.brief(entry)} is not a scenario: it holds theme, and perhaps name, title, parameters"
        }
    if unknown := [key for key in entry if key not in (*COLUMNS, "parameters")]:
        return {"fault": f"unknown entry {setting.brief(unknown[0])}; a scenario holds theme, name, title, parameters"}
    return {**{key: entry.get(key) for key in COLUMNS}, "parameters": entry.get("parameters") or {}}


def _grid(file: str, grid: object) -> Iterator[Mapping[str, Any]]:
    """Return the combinations of the values that a grid lists; a single value holds for all."""
    if (
        not isinstance(grid, dict)
        or not isinstance(grid.get("parameters"), dict)
        or set(grid) - {"theme", "parameters"}
    ):
        raise ScenarioError([f"{file}: a grid holds theme and parameters, each with a value or a list of values"])
    parameters = list(grid["parameters"])
    axes = [one if isinstance(one, list) else [one] for one in (grid.get("theme"), *grid["parameters"].values())]
    size = math.prod(map(len, axes))
    if size > MOST or not size:
        raise ScenarioError([f"{file}: the grid has {size} scenarios; it may have 1 to {MOST}"])
    for theme, *values in itertools.product(*axes):
        yield {"theme": theme, "parameters": dict(zip(parameters, values, strict=True))}
