"""The pages about a whole folder of reports: index.html, terms.html and results.csv, made of the records alone.

So ten thousand reports are listed without opening one, and what the parts of a batch left (`--shard`) is merged by
reading what is there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from nbmodel import collection, scenario
from nbmodel.batch import listed
from nbmodel.report import content, html, names, ownership, records, stamp
from nbmodel.report.records import Record
from nbmodel.scenario import Scenario

PLAIN = 200  # rows of the plain table, for readers without scripts
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
    marked = [(record, _marks(folder, record, planned, notebooks)) for record in good]
    script = (html.TEMPLATE / SCRIPT).read_text(encoding="utf-8")
    page = html.document(
        "list.html.j2",
        failures=[
            (r, listed.page(folder, r), listed.partial(folder, r), _marks(folder, r, planned, notebooks))
            for r in failures
        ],
        rows=[listed.row(folder, *each) for each in marked[:PLAIN]],
        count=len(good),
        data=listed.data(folder, marked, notebooks),
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


def _marks(folder: Path, record: Record, planned: Collection[str] | None, notebooks: Path | None) -> list[str]:
    """Warnings about a report: nobody asks for it any more, it would come out anew, its page is older."""
    marks = [] if planned is None or record.name in planned else ["not in the last batch"]
    if record.error:  # it would be made anew in any case
        return marks
    case = Scenario(record.theme, record.values, record.title)
    if listed.is_earlier(folder, record):
        marks.append("its page is of an earlier run")
    known = record.key or record.results_key
    if case.theme not in scenario.THEMES or known != content.key(case, record.name, notebooks, not record.key):
        marks.append("made by another version")
    return marks


def joined(found: Iterable[Record]) -> str:
    """Table of all results: a row a report, a column a parameter or a result (with its unit)."""
    rows = [(record, listed.cells(record)) for record in found]
    columns = sorted(dict.fromkeys(c for _, cells in rows for c in cells), key=lambda column: column.kind != "setting")
    heads = [f"{column.name} ({column.unit})" if column.unit else column.name for column in columns]
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(["report", "theme", "title", *map(_inert, heads)])
    for record, cells in rows:
        values = (cells.get(column, "") for column in columns)
        table.writerow([_inert(cell) for cell in (record.name, record.theme, record.title, *values)])
    return written.getvalue()


def _inert(cell: object) -> object:
    """Text that a spreadsheet will not take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
