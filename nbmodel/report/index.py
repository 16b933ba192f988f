"""The list of a folder of reports (index.html) and the page of terms that every report links to."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbmodel import collection, scenario
from nbmodel.report import html, run

KEY_RESULTS = 4
PICTURE_WIDTH = 240  # pixels


@dataclass
class Row:
    """A report of the folder, as far as its files tell."""

    name: str
    theme: str = ""
    title: str = ""
    changed: list[dict[str, str]] = field(default_factory=list)
    results: list[dict[str, str]] = field(default_factory=list)
    picture: str = ""
    date: str = ""
    error: str = ""
    heading: str = ""
    page: str = ""
    notebook: str = ""


def write(folder: Path) -> Path:
    """Write index.html and terms.html for the reports in `folder` and return the path of the index."""
    rows = [_read(path) for path in sorted(folder.glob("*.ipynb"))]
    order = list(scenario.THEMES)
    rows.sort(
        key=lambda row: (order.index(row.theme) if row.theme in order else len(order), len(row.changed), row.name)
    )
    page = html.document(
        "list.html.j2",
        failures=[row for row in rows if row.error],
        reports=[row for row in rows if not row.error],
        stamp=run.stamp(),
    )
    terms = collection.notebooks_folder() / "terms.md"
    if terms.exists():
        headings: list[tuple[int, str, str]] = []
        body = html.markdown(terms.read_text(encoding="utf-8"), run.links(folder), headings)
        _replace(folder / "terms.html", html.document("terms.html.j2", body=body, headings=headings))
    return _replace(folder / "index.html", page)


def relink(folder: Path, pages: Iterable[str]) -> None:
    """Write the pages of these reports again, with links to what is in the folder now."""
    import nbformat

    links = run.links(folder)
    for name in pages:
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        _replace(folder / f"{name}.html", html.page(notebook, links))


def _read(path: Path) -> Row:
    """What a report's notebook and results table say; a file that cannot be read becomes a row that says so."""
    name = path.name.removesuffix(".ipynb").removesuffix(".failed")
    page = f"{name}.html" if (path.parent / f"{name}.html").exists() else ""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        about = notebook["metadata"]["nbmodel"]
        row = Row(
            name=name,
            theme=str(about["scenario"]["theme"]),
            title=str(about["title"]),
            changed=list(about["changed"]),
            date=str(about.get("stamp", {}).get("date", "")),
            error=str(about.get("error", "")),
            heading=str(about.get("heading", "")),
            page=page,
            notebook=path.name,
        )
        if not row.error:
            row.results = _results(path.with_name(f"{name}.results.csv"))
            row.picture = _picture(notebook)
        return row
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Row(name, error="this file is not a whole report; build it again", page=page, notebook=path.name)


def _results(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:KEY_RESULTS]
    return [{**row, "value": _written(row["value"])} for row in rows]


def _written(value: str) -> str:
    from nbmodel import tables

    try:
        return tables.significant(float(value))
    except ValueError:
        return value


def _picture(notebook: dict[str, Any]) -> str:
    """The notebook's first figure, small, as a data address; empty when it has none."""
    from PIL import Image  # matplotlib stands on it

    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if png := output.get("data", {}).get("image/png"):
                with Image.open(io.BytesIO(base64.b64decode("".join(png)))) as figure:
                    small = figure.convert("RGB")
                small.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH))
                buffer = io.BytesIO()
                # Few colours: a line drawing loses nothing, and the page stays small.
                small.quantize(64).save(buffer, "PNG", optimize=True)
                return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
    return ""


def _replace(path: Path, text: str) -> Path:
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
    return path
