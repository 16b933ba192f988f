"""Reports as the index lists them: as rows of a plain table, and as data for the script that filters and sorts them.

Each theme has columns, its settings and results, and a report gives their values.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from nbmodel import scenario
from nbmodel.data import tables
from nbmodel.report import content, html, ownership, records
from nbmodel.report.records import Record
from nbmodel.scenario.setting import Setting

MOST_RESULTS = 4  # shown of a report whose theme does not say which


class Column(NamedTuple):
    """Column of the list: a setting or a result (its `kind`), which in another unit is another column."""

    kind: str
    name: str
    unit: str


def row(folder: Path, record: Record, marks: Sequence[str]) -> dict[str, Any]:
    """Return what the plain table shows of a report."""
    key = _key(record.theme)
    results = [r for r in record.results if r["name"] in key] or record.results[:MOST_RESULTS]
    return {
        "record": record,
        "marks": marks,
        "page": page(folder, record),
        "changed": [{**p, "label": label(record.theme, p["name"])} for p in record.changed],
        "results": [with_unit(r["value"], r["unit"], label(record.theme, r["name"])) for r in results],
        "drift": _drift(record),
    }


def data(folder: Path, marked: Iterable[tuple[Record, Sequence[str]]], notebooks: Path | None = None) -> str:
    """Return the reports as JSON that can stand in a script element whatever they hold.

    Numbers have six digits, as readers see settings. JSON has no infinity: it is written as the text "Infinity" or
    "-Infinity", which JavaScript's Number() reads.
    """
    columns: dict[Column, tuple[str, ...]] = {}
    themes: dict[str, dict[Column, int]] = {}
    listed = []
    for record, marks in marked:
        values = cells(record)
        own = themes.setdefault(record.theme, {})
        for column in values:
            own.setdefault(column, len(own))
            if column not in columns:
                columns[column] = (*column, label(record.theme, column.name), _meaning(record.theme, column.name))
        listed.append(
            {
                "theme": record.theme,
                "name": record.name,
                "title": record.title,
                "page": page(folder, record),
                "notebook": f"{record.name}.ipynb" if f"{record.name}.ipynb" in record.files else "",
                "picture": next((name for name in record.files if name.startswith(f"{records.PICTURES}/")), ""),
                "marks": marks,
                "changed": {p["name"]: p["default"] for p in record.changed},
                "moved": max((_share(moved) for moved in record.drift), default=0.0),
                "drift": _drift(record),
                "values": [_plain(values.get(column)) for column in own],
            }
        )
    places = {column: place for place, column in enumerate(columns)}
    described = {
        name: {
            "columns": [places[column] for column in own],
            "key": list(_key(name)),
            "sections": _sections(name, notebooks),
        }
        for name, own in themes.items()
    }
    found = {"columns": list(columns.values()), "themes": described, "reports": listed}
    text = json.dumps(found, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def cells(record: Record) -> dict[Column, Any]:
    """Map the columns of a report to its values: settings, then results."""
    declared = _settings(record.theme)
    units = {name: declared[name].unit if name in declared else "" for name in record.values}
    return {
        **{Column("setting", name, units[name]): value for name, value in record.values.items()},
        **{Column("result", r["name"], unit_of(r["unit"])): r["value"] for r in record.results},
    }


def label(theme: str, name: str) -> str:
    """Return what readers call a setting or a result, with a capital; its name, where the theme is not known any more."""
    said = scenario.THEMES[theme].label(name) if theme in scenario.THEMES else name
    return said[:1].upper() + said[1:]


def page(folder: Path, record: Record) -> str:
    """Page of a report, or an earlier one where only results were computed since, or it failed; none that is damaged."""
    name = f"{record.name}.html"
    return name if name in record.files or is_earlier(folder, record) else ""


def is_earlier(folder: Path, record: Record) -> bool:
    """True if the page in the folder is of an earlier run than the record, which then has no key."""
    page = f"{record.name}.html"
    return not record.key and page in record.also and page not in record.files and (folder / page).exists()


def partial(folder: Path, record: Record) -> str:
    """Notebook that a report which failed has left, or nothing."""
    if record.key:  # it is damaged, not partial
        return ""
    left = (f"{record.name}{ownership.PARTIAL}", f"{record.name}.ipynb")
    return next((name for name in left if name in record.also and (folder / name).exists()), "")


def unit_of(unit: str) -> str:
    """Unit as a reader sees it: nothing for a pure number."""
    return "" if unit == "dimensionless" else unit


def with_unit(value: float | None, unit: str, before: str = "") -> str:
    """Number with its unit, three digits of it, or a dash where there is none; with the words that go `before`."""
    said = "–" if value is None else f"{tables.significant(value)}\u00a0{unit_of(unit)}"  # they stay on one line
    return f"{before} {said}".strip()


def _settings(theme: str) -> Mapping[str, Setting]:
    return scenario.THEMES[theme].parameters if theme in scenario.THEMES else {}


def _key(theme: str) -> dict[str, str]:
    return dict(scenario.THEMES[theme].key_results) if theme in scenario.THEMES else {}


def _meaning(theme: str, name: str) -> str:
    setting = _settings(theme).get(name)
    return setting.help if setting else ""


def _plain(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return None if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    rounded = float(f"{value:.6g}")
    return int(rounded) if rounded.is_integer() else rounded


def _sections(theme: str, notebooks: Path | None) -> list[tuple[str, str]]:
    """Return id and text of the sections of a theme's notebook; none where it cannot be read."""
    try:
        cells = json.loads(content.source(theme, notebooks).read_bytes())["cells"]
    except (OSError, KeyError, ValueError):
        return []
    texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    lines = [line for text in texts for line in text.splitlines() if re.match("#{1,4} ", line)]
    headings: list[tuple[int, str, str]] = []
    html.markdown("\n\n".join(lines), {}, headings)
    return [(anchor, said) for level, anchor, said in headings if level > 1]


def _drift(record: Record) -> list[str]:
    """Results that moved: what each was and is, with units (a dash where it was not there)."""
    return [
        f"{label(record.theme, moved['name'])}: {with_unit(moved['old'], _old_unit(moved))} → "
        f"{with_unit(moved['new'], moved['unit'])}"
        for moved in record.drift
    ]


def _old_unit(moved: dict[str, Any]) -> str:
    """Unit of the old value; records of older versions do not tell, since it was always that of now."""
    unit: str = moved.get("old_unit", moved["unit"])
    return unit


def _share(moved: dict[str, Any]) -> float:
    """Size of a result's move, as a share of the larger of old and new; 1 where that means nothing.

    It means nothing when a result came or went, is not finite, or has another unit.
    """
    old, new = moved["old"], moved["new"]
    if old is None or new is None or not math.isfinite(new - old) or _old_unit(moved) != moved["unit"]:
        return 1.0
    return float(f"{abs(new - old) / max(abs(old), abs(new)):.3g}")
