"""The pages about a whole folder of reports: index.html, terms.html and results.csv, made of the records alone.

So ten thousand reports are listed without opening one, and what the parts of a batch left (`--shard`) is merged by
reading what is there.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from nbmodel import collection, scenario
from nbmodel.data import tables
from nbmodel.report import content, html, names, ownership, records, stamp
from nbmodel.report.records import Record
from nbmodel.scenario import Scenario

MOST_RESULTS = 4  # shown of a report whose theme does not say which
AT_FIRST = 200  # rows in the page as it is written; the script brings the others as they are wanted
SCRIPT = "list.js"


def write_pages(
    folder: Path, planned: Collection[str] | None = None, whole: Collection[str] = (), notebooks: Path | None = None
) -> Path:
    """Write index.html, terms.html and results.csv for the reports in `folder` and return the path of the index.

    Reports that are not among those `planned` are marked so; None: those that were planned when this was last written.
    The files of reports among the `whole` are not read again. `notebooks` is where theirs come from, for tests.
    Raises FileExistsError when a page of that name is there that is not ours.
    """
    known = records.planned(folder) if planned is None else planned
    planned = None if known is None else frozenset(known)
    found = list(reports(folder, whole))
    order = list(scenario.THEMES)
    place = {theme: number for number, theme in enumerate(order)}
    failures = [record for record in found if record.error]
    good = [record for record in found if not record.error]
    good.sort(key=lambda record: (place.get(record.theme, len(order)), len(record.changed), record.name))
    rows = [row(folder, record, _marks(folder, record, planned, notebooks)) for record in good]
    script = (html.TEMPLATE / SCRIPT).read_text(encoding="utf-8")
    page = html.document(
        "list.html.j2",
        failures=[(r, _page(folder, r), _partial(folder, r), _marks(folder, r, planned, notebooks)) for r in failures],
        rows=rows[:AT_FIRST],
        count=len(rows),
        data=_embedded(rows),
        quantities=_quantities(good),
        script=script,
        script_hash=html.script_hash(script),
        stamp=stamp.stamp(),
    )
    texts = {"results.csv": joined(good), **_terms(folder), "index.html": page}
    with ownership.alone(folder):
        ownership.claim_pages(folder, texts)
        files = {name: records.replace(folder / name, text) for name, text in texts.items()}
        records.remember_pages(folder, files, content.pages(), planned)
    return folder / "index.html"


def _terms(folder: Path) -> dict[str, str]:
    if not (collection.notebooks_folder() / "terms.md").exists():
        return {}
    return {"terms.html": html.terms(stamp.links(stamp.link_targets(folder, {})))}


def reports(folder: Path, whole: Collection[str] = ()) -> Iterator[Record]:
    """Records of a folder; what is missing, damaged or was not made here comes as a failure that says so.

    Every file is read for it, but for those of the reports named in `whole`.
    """
    known = set()
    for record in records.read_all(folder):
        known.add(record.name)
        damaged = [] if record.error or record.name in whole else records.damaged(folder, record)
        if damaged:
            record.error = f"missing or damaged: {', '.join(damaged)}; run the batch again"
            record.files = {name: known_as for name, known_as in record.files.items() if name not in damaged}
        yield record
    for path in sorted(folder.glob("*.ipynb")):
        name = path.name.removesuffix(".ipynb").removesuffix(".failed")
        if name not in known and not names.refusal(name):
            known.add(name)
            yield Record(name, error="this file is not a whole report; build it again", also=[path.name])


def row(folder: Path, record: Record, marks: Sequence[str] = ()) -> dict[str, Any]:
    """Entry of a report in the index: its table row, the words it is found by, the numbers it is sorted by."""
    numbers = {r["name"]: r["value"] for r in record.results if not math.isnan(r["value"])}
    settings = {p: v for p, v in record.values.items() if not isinstance(v, str)}
    largest = max((_share(moved) for moved in record.drift), default=0.0)
    shown = [{**r, "value": tables.significant(r["value"])} for r in _key_results(record)]
    picture = f"{records.PICTURES}/{record.name}.png"
    return {
        "html": html.fragment(
            "row.html.j2",
            record=record,
            marks=marks,
            results=shown,
            page=_page(folder, record),
            notebook=f"{record.name}.ipynb" if f"{record.name}.ipynb" in record.files else "",
            picture=picture if picture in record.files else "",
            drift=[_moved(m) for m in record.drift],
        ),
        "words": " ".join((record.name, record.title, record.theme, *marks)).lower(),
        "numbers": {**numbers, **settings, "drift": largest},
        "texts": {
            "theme": record.theme,
            "name": record.name,
            **{p: v for p, v in record.values.items() if isinstance(v, str)},
        },
    }


def _marks(folder: Path, record: Record, planned: Collection[str] | None, notebooks: Path | None) -> list[str]:
    """Warnings about a report: nobody asks for it any more, it would come out anew, its page is older."""
    marks = [] if planned is None or record.name in planned else ["not in the last batch"]
    if record.error:  # it would be made anew in any case
        return marks
    case = Scenario(record.theme, record.values, record.title)
    if _is_earlier(folder, record):
        marks.append("its page is of an earlier run")
    known = record.key or record.results_key
    if case.theme not in scenario.THEMES or known != content.key(case, record.name, notebooks, not record.key):
        marks.append("made by another version")
    return marks


def _key_results(record: Record) -> list[dict[str, Any]]:
    """Results that the theme's module declares as its key ones; the first when the table has none of them."""
    known = {r["name"]: r for r in record.results}
    key = [known[name] for name in _declared(record.theme) if name in known]
    return key or record.results[:MOST_RESULTS]


@cache
def _declared(theme: str) -> tuple[str, ...]:
    if theme not in scenario.THEMES:
        return ()
    return scenario.THEMES[theme].key_results


def joined(found: Iterable[Record]) -> str:
    """Table of all results: a row a report, a column a parameter or a result (with its unit)."""
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
    return f"{name} ({_unit(unit)})" if _unit(unit) else name


def _unit(unit: str) -> str:
    return "" if unit == "dimensionless" else unit


def _inert(cell: object) -> object:
    """Text that a spreadsheet will not take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _quantities(found: list[Record]) -> dict[str, list[tuple[str, str]]]:
    """Keys to sort the list by: of each theme the parameters and results, with their units."""
    themes: dict[str, dict[tuple[str, str], None]] = {}
    for record in found:
        declared = scenario.THEMES[record.theme].parameters if record.theme in scenario.THEMES else {}
        quantities = themes.setdefault(record.theme, {})
        quantities.update(dict.fromkeys((p, declared[p].unit if p in declared else "") for p in record.values))
        quantities.update(dict.fromkeys((r["name"], r["unit"]) for r in record.results))
    return {theme: [(name, _unit(unit)) for name, unit in quantities] for theme, quantities in themes.items()}


def _embedded(rows: list[dict[str, Any]]) -> str:
    """Rows as JSON that can stand in a script element whatever they hold.

    JSON has no infinity: it is written as the text "Infinity" or "-Infinity", which JavaScript's Number() reads.
    """
    for row in rows:
        endless = {name: value for name, value in row["numbers"].items() if math.isinf(value)}
        row["numbers"].update({name: "Infinity" if value > 0 else "-Infinity" for name, value in endless.items()})
    text = json.dumps(rows, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _page(folder: Path, record: Record) -> str:
    """Page of a report, or an earlier one where only results were computed since, or it failed; none that is damaged."""
    name = f"{record.name}.html"
    return name if name in record.files or _is_earlier(folder, record) else ""


def _is_earlier(folder: Path, record: Record) -> bool:
    """True if the page in the folder is of an earlier run than the record, which then has no key."""
    page = f"{record.name}.html"
    return not record.key and page in record.also and page not in record.files and (folder / page).exists()


def _partial(folder: Path, record: Record) -> str:
    if record.key:  # it is damaged, not partial
        return ""
    left = (f"{record.name}{ownership.PARTIAL}", f"{record.name}.ipynb")
    return next((name for name in left if name in record.also and (folder / name).exists()), "")


def _moved(moved: dict[str, Any]) -> tuple[str, str, str]:
    """Result that drifted: its name, what it was and what it is, with units (a dash where it was not there)."""
    return moved["name"], _with_unit(moved["old"], _old_unit(moved)), _with_unit(moved["new"], moved["unit"])


def _old_unit(moved: dict[str, Any]) -> str:
    """Unit of the old value; records of older versions do not tell, since it was always that of now."""
    unit: str = moved.get("old_unit", moved["unit"])
    return unit


def _with_unit(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{tables.significant(value)} {_unit(unit)}".rstrip()


def _share(moved: dict[str, Any]) -> float:
    """Size of a result's move, as a share of the larger of old and new; 1 where that means nothing.

    It means nothing when a result came or went, is not finite, or has another unit.
    """
    old, new = moved["old"], moved["new"]
    if old is None or new is None or not math.isfinite(new - old) or _old_unit(moved) != moved["unit"]:
        return 1.0
    return float(abs(new - old) / max(abs(old), abs(new)))
