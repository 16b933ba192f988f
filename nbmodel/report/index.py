"""The pages about a whole folder of reports: index.html, terms.html and results.csv, made of the records alone.

So ten thousand reports are listed without opening one, and what the parts of a batch left (`--shard`) is merged by
reading what is there.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbmodel import collection, scenario, tables
from nbmodel.report import html, records, stamp
from nbmodel.report.records import Record

KEY_RESULTS = 4
AT_FIRST = 200  # rows in the page as it is written; the script brings the others as they are wanted
SCRIPT = "list.js"


def write(folder: Path) -> Path:
    """Write index.html, terms.html and results.csv for the reports in `folder` and return the path of the index."""
    found = list(reports(folder))
    order = list(scenario.THEMES)
    place = {theme: number for number, theme in enumerate(order)}
    failures = [record for record in found if record.error]
    whole = [record for record in found if not record.error]
    whole.sort(key=lambda record: (place.get(record.theme, len(order)), len(record.changed), record.name))
    rows = [row(folder, record) for record in whole]
    script = (html.TEMPLATE / SCRIPT).read_text(encoding="utf-8")
    page = html.document(
        "list.html.j2",
        failures=[(record, _page(folder, record), _partial(folder, record)) for record in failures],
        rows=rows[:AT_FIRST],
        count=len(rows),
        data=_embedded(rows),
        quantities=_quantities(whole),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
        stamp=stamp.stamp(),
    )
    files = {"results.csv": records.replace(folder / "results.csv", joined(whole))}
    terms = collection.notebooks_folder() / "terms.md"
    if terms.exists():
        headings: list[tuple[int, str, str]] = []
        links = stamp.links(stamp.link_targets(folder, {}))
        body = html.markdown(terms.read_text(encoding="utf-8"), links, headings)
        text = html.document("terms.html.j2", body=body, headings=headings)
        files["terms.html"] = records.replace(folder / "terms.html", text)
    files["index.html"] = records.replace(folder / "index.html", page)
    records.remember_pages(folder, files)
    return folder / "index.html"


def reports(folder: Path) -> Iterator[Record]:
    """The records of a folder; what is missing or was not made here comes as a failure that says so."""
    known = set()
    for record in records.read_all(folder):
        known.add(record.name)
        if not record.error and not records.is_there(folder, record):
            record.error = "files of this report are missing; build it again"
        yield record
    for path in sorted(folder.glob("*.ipynb")):
        name = path.name.removesuffix(".ipynb").removesuffix(".failed")
        if name not in known:
            known.add(name)
            yield Record(name, error="this file is not a whole report; build it again")


def row(folder: Path, record: Record) -> dict[str, Any]:
    """What the index shows and knows of a report: its table row, the words it is found by, the numbers it is sorted by."""
    numbers = {r["name"]: r["value"] for r in record.results if not math.isnan(r["value"])}
    settings = {p: v for p, v in record.values.items() if not isinstance(v, str)}
    largest = max((_share(moved) for moved in record.drift), default=0.0)
    shown = [{**r, "value": tables.significant(r["value"])} for r in record.results[:KEY_RESULTS]]
    picture = f"{records.PICTURES}/{record.name}.png"
    return {
        "html": html.fragment(
            "row.html.j2",
            record=record,
            results=shown,
            page=_page(folder, record),
            notebook=f"{record.name}.ipynb" if f"{record.name}.ipynb" in record.files else "",
            picture=picture if picture in record.files else "",
            drift=[_moved(m) for m in record.drift],
        ),
        "words": f"{record.name} {record.title} {record.theme}".lower(),
        "numbers": {**numbers, **settings, "drift": largest},
        "texts": {
            "theme": record.theme,
            "name": record.name,
            **{p: v for p, v in record.values.items() if isinstance(v, str)},
        },
    }


def joined(found: Iterable[Record]) -> str:
    """All results as one table: a row a report, a column a parameter or a result (with its unit)."""
    found = list(found)
    units = {name: p.unit for theme in scenario.THEMES.values() for name, p in theme.parameters.items()}
    parameters = list(dict.fromkeys(name for record in found for name in record.values))
    results = list(dict.fromkeys((r["name"], r["unit"]) for record in found for r in record.results))
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    heads = [_headed(name, units.get(name, "")) for name in parameters] + [_headed(*result) for result in results]
    table.writerow(["report", "theme", "title", *map(_inert, heads)])
    for record in found:
        values = {(r["name"], r["unit"]): r["value"] for r in record.results}
        cells = [record.values.get(name, "") for name in parameters] + [values.get(result, "") for result in results]
        table.writerow([_inert(cell) for cell in (record.name, record.theme, record.title, *cells)])
    return written.getvalue()


def _headed(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit not in ("", "dimensionless") else name


def _inert(cell: object) -> object:
    """A text that a spreadsheet will not take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _quantities(found: list[Record]) -> list[str]:
    """What the list can be sorted and filtered by."""
    return list(
        dict.fromkeys(
            [p for record in found for p in record.values] + [r["name"] for record in found for r in record.results]
        )
    )


def _embedded(rows: list[dict[str, Any]]) -> str:
    """The rows as JSON that can stand in a script element whatever they hold.

    JSON has no infinity: it is written as the text "Infinity" or "-Infinity", which JavaScript's Number() reads.
    """
    for row in rows:
        endless = {name: value for name, value in row["numbers"].items() if math.isinf(value)}
        row["numbers"].update({name: "Infinity" if value > 0 else "-Infinity" for name, value in endless.items()})
    text = json.dumps(rows, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _page(folder: Path, record: Record) -> str:
    name = f"{record.name}.html"
    return name if name in record.files or (record.error and (folder / name).exists()) else ""


def _partial(folder: Path, record: Record) -> str:
    names = (f"{record.name}.failed.ipynb", f"{record.name}.ipynb")
    return next((name for name in names if (folder / name).exists()), "")


def _moved(moved: dict[str, Any]) -> tuple[str, str, str]:
    """A result that drifted: its name, what it was and what it is, with units (a dash where it was not there)."""
    was, is_ = (
        "–" if moved[value] is None else _with_unit(moved[value], moved[unit])
        for value, unit in (("old", "old_unit"), ("new", "unit"))
    )
    return moved["name"], was, is_


def _with_unit(value: float, unit: str) -> str:
    return f"{tables.significant(value)} {'' if unit == 'dimensionless' else unit}".rstrip()


def _share(moved: dict[str, Any]) -> float:
    """How far a result moved, as a share of the larger of old and new; 1 where that means nothing.

    It means nothing when a result came or went, is not finite, or has another unit.
    """
    old, new = moved["old"], moved["new"]
    if old is None or new is None or not math.isfinite(new - old) or moved["old_unit"] != moved["unit"]:
        return 1.0
    return float(abs(new - old) / max(abs(old), abs(new)))
