"""A scenario: a theme with a checked value for every setting, from what was typed, a file or a notebook's cell.

Everything is checked before any kernel starts, and every fault is reported at once.
"""

from __future__ import annotations

import ast
import html
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbmodel.data.typed_rows import did_you_mean
from nbmodel.scenario import plain_yaml
from nbmodel.scenario.setting import Scalar, brief, word, written
from nbmodel.scenario.themes import THEMES

TITLE = 300  # characters of a title


class ScenarioError(ValueError):
    """Raised when something is asked for that a theme does not offer; `problems` lists every fault, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Scenario(Mapping[str, Any]):
    """Mapping from each setting of a theme to its checked value, in the declared unit.

    Attributes
    ----------
    theme : str
        Name of the theme.
    settings : Mapping
        The values by name; the scenario itself is the same mapping.
    title : str
        What the report is headed with.

    Examples
    --------
    >>> case = make("reuptake", {"net_occupancy": 0.8})
    >>> case["net_occupancy"], case.changed
    (0.8, {'net_occupancy': 0.8})
    """

    theme: str
    settings: Mapping[str, Scalar]
    title: str = ""

    def __getitem__(self, name: str) -> Any:
        if name not in self.settings:
            raise KeyError(f"{self.theme} has no parameter {name!r}{did_you_mean(name, self.settings)}")
        return self.settings[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.settings)

    def __len__(self) -> int:
        return len(self.settings)

    @property
    def changed(self) -> dict[str, Scalar]:
        """Values that differ from their default."""
        declared = THEMES[self.theme].parameters
        return {name: value for name, value in self.settings.items() if value != declared[name].default}

    def rows(self) -> list[dict[str, Any]]:
        """Rows, one per setting: name, value, default, unit, range, help, source, changed."""
        theme = THEMES[self.theme]
        declared = theme.given(self.settings)
        return [
            {
                "name": name,
                "value": self.settings[name],
                "default": theme.parameters[name].default,
                "unit": p.unit,
                "range": p.range,
                "help": p.help,
                "source": p.source,
                "changed": name in self.changed,
            }
            for name, p in declared.items()
        ]

    def __repr__(self) -> str:
        lines = [f"{self.theme}: {len(self.changed)} of {len(self.settings)} parameters differ from their default"]
        for row in self.rows():
            mark = f"  (default {written(row['default'])})" if row["changed"] else ""
            lines.append(f"  {row['name']} = {written(row['value'])} {row['unit']}".rstrip() + mark)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        heads = ("parameter", "value", "unit", "allowed", "meaning", "source")
        cells = [
            (
                r["name"],
                written(r["value"]) + (f" (default {written(r['default'])})" if r["changed"] else ""),
                r["unit"],
                r["range"],
                r["help"],
                r["source"],
            )
            for r in self.rows()
        ]
        head = "".join(f'<th scope="col">{h}</th>' for h in heads)
        body = "".join(
            f"<tr{' class=changed' if row[0] in self.changed else ''}>"
            + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row)
            + "</tr>"
            for row in cells
        )
        return f'<table class="parameters"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def make(theme: str, values: Mapping[str, object] | None = None, title: str = "") -> Scenario:
    """Checked scenario: the theme's defaults with `values` on top.

    Parameters
    ----------
    theme : str
        Name of a theme of `THEMES`.
    values : Mapping, optional
        Settings by name: numbers in the declared unit, or strings such as '14 nM'.
    title : str, optional
        What the report is headed with; by default the name of the case where the theme has one, else its question.

    Raises
    ------
    ScenarioError
        With every fault: unknown theme or name, wrong type or unit, out of range, not finite.

    Examples
    --------
    >>> make("reuptake", {"basal_ne": "0.014 uM"})["basal_ne"]
    14.0
    >>> make("reuptake", {"net_occupancy": 2})
    Traceback (most recent call last):
        ...
    nbmodel.scenario.case.ScenarioError: net_occupancy = 2 is out of range: it must lie in 0 to 1
    """
    if theme not in THEMES:
        raise ScenarioError(
            [f"there is no theme {brief(theme)}; the themes are {', '.join(THEMES)}{did_you_mean(theme, THEMES)}"]
        )
    declared = THEMES[theme].given(values or {})
    problems: list[str] = []
    found: dict[str, Scalar] = {name: p.default for name, p in declared.items()}
    for name, value in (values or {}).items():
        if name not in declared:
            problems.append(
                f"{theme} has no parameter {brief(name)}{did_you_mean(word(name), declared)} (`nbmodel params {theme}` lists them)"
            )
            continue
        try:
            found[name] = declared[name].check(value)
        except ValueError as error:
            problems.append(str(error))
    check = THEMES[theme].faults
    if problems or (check and (problems := check(found))):
        raise ScenarioError(problems)
    return Scenario(theme, found, title or THEMES[theme].title(found))


def load(path: Path | str, overrides: Mapping[str, object] | None = None) -> tuple[str, Scenario]:
    """Name and checked scenario of a scenario file (YAML: theme, optional title, parameters).

    `overrides` are laid over the file's own parameters. Raises ScenarioError with every fault, the file named.
    """
    path = Path(path)
    try:
        content = plain_yaml.load(path)
    except ValueError as error:
        raise ScenarioError([str(error)]) from None
    if (
        not isinstance(content, dict)
        or not isinstance(content.get("parameters") or {}, dict)
        or not isinstance(content.get("theme"), str)
    ):
        raise ScenarioError([f"{path.name} must hold `theme: NAME` and `parameters:` with a `name: value` a line"])
    problems = [
        f"{path.name}: unknown entry {brief(key)}; it may hold theme, title, parameters"
        for key in content
        if key not in ("theme", "title", "parameters")
    ]
    title = content.get("title") or ""
    if not isinstance(title, str) or len(title) > TITLE or not title.isprintable():
        problems.append(f"{path.name}: the title must be one line of text, at most {TITLE} characters")
        title = ""
    try:
        scenario = make(content["theme"], {**(content.get("parameters") or {}), **(overrides or {})}, title)
    except ScenarioError as error:
        problems += [f"{path.name}: {problem}" for problem in error.problems]
    if problems:
        raise ScenarioError(problems)
    return path.stem, scenario


def read(theme: str, names: MutableMapping[str, Any]) -> Scenario:
    """Checked scenario of what a notebook's parameters cell holds, for its set-up cell: `read("reuptake", globals())`.

    The checked values take the place of those in `names`: whoever gave '14 nM' to papermill finds 14.0 in the cells
    below.

    Raises
    ------
    ScenarioError
        For a setting that the cell does not set, for a name that papermill put in and the theme does not have, and as
        `make` does.

    Examples
    --------
    >>> names = {"net_occupancy": "80 %", "basal_ne": "14 nM", "burst_rate": 10, "burst_duration": 0.4}
    >>> case = read("reuptake", names)
    >>> names["net_occupancy"], names["basal_ne"]
    (0.8, 14.0)
    """
    declared = THEMES[theme].parameters
    missing = [f"the parameters cell does not set {name}" for name in declared if name not in names]
    given = {name: names[name] for name in (*declared, *put_in_by_papermill(names)) if name in names}
    if missing:
        raise ScenarioError(missing)
    case = make(theme, given)
    names.update(case)
    return case


def put_in_by_papermill(names: Mapping[str, Any]) -> list[str]:
    """Return the names that the cell sets in which papermill writes the parameters it was given; IPython keeps its text."""
    cells = [cell for cell in names.get("In") or () if isinstance(cell, str) and cell.startswith("# Parameters")]
    found = ast.parse(cells[-1]).body if cells else []
    return [
        one.id for line in found if isinstance(line, ast.Assign) for one in line.targets if isinstance(one, ast.Name)
    ]
