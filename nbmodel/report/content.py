"""Content of a report as one hash: the same key means the same report, so it need not be made again.

The key covers the scenario, the cells of its notebook, every file of the package with its data, and the versions of
whatever shapes the output. It does not cover the commit, the time or the machine.
"""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from nbmodel import collection, scenario
from nbmodel.scenario import Scenario

# Not only direct dependencies: these draw, solve, print, run cells or write pages.
SHAPING = """
numpy scipy pandas matplotlib seaborn pillow sympy pint ipython ipykernel ipywidgets matplotlib-inline nbclient nbconvert
nbformat papermill mistune pygments jinja2 latex2mathml pybtex mpmath kiwisolver beautifulsoup4 markupsafe bleach
"""


class Changed(RuntimeError):
    """Raised when a file that reports are made of changed while a batch ran: they would be half of one, half of the other."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} changed while the reports were made; what was finished before is kept, run it again")


def key(case: Scenario, name: str, notebooks: Path | None = None, results_only: bool = False) -> str:
    """Return the content key of a report (or of its results alone): 64 hex digits."""
    made_of: dict[str, Any] = {
        "name": name,
        "title": case.title,
        "theme": case.theme,
        "values": dict(case),
        "package": package(),
        "versions": versions(),
    }
    if not results_only:
        made_of["notebook"] = notebook(source(case.theme, notebooks))
    return _digest(json.dumps(made_of, sort_keys=True).encode())


def source(theme: str, notebooks: Path | None = None) -> Path:
    """Notebook of a theme, in the collection or another folder of `notebooks`."""
    return (notebooks or collection.notebooks_folder()) / f"{scenario.THEMES[theme].notebook}.ipynb"


def faults(path: Path) -> list[str]:
    """Return why no report can be made of a notebook, a sentence each: its settings would not arrive in its cells.

    Some editors drop the tag `parameters` as they save, and papermill then puts the values where nothing reads them.
    """
    try:
        found = json.loads(path.read_bytes())["cells"]
        tags = [cell.get("metadata", {}).get("tags", []) for cell in found if cell["cell_type"] == "code"]
    except OSError as error:
        return [f"{path} cannot be read ({error.strerror or error})"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [f"{path} is not a notebook; bring it back, for example from git"]
    if any("injected-parameters" in tag for tag in tags):
        return [f"{path} holds a cell of values that papermill put in; delete it, or they stand above the default ones"]
    if (number := sum("parameters" in tag for tag in tags)) != 1:
        return [
            f"{path} has {number} code cells tagged `parameters` where it must have one; tag the cell of the settings"
        ]
    return []


@cache
def package() -> str:
    """Hash of every file of nbmodel: modules, tables, templates."""
    digest = hashlib.sha256()
    for path in collection.files():
        digest.update(f"{path.relative_to(collection.PACKAGE).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def everything() -> str:
    """Hash of the package, the collection's notebooks and the versions: what makes two machines' reports the same."""
    notebooks = sorted(collection.notebooks_folder().glob("*.ipynb"))
    return _digest(json.dumps([package(), versions(), *map(notebook, notebooks)]).encode())


def pages() -> str:
    """Hash of what the pages about a whole folder are made of, beside its records."""
    terms = collection.notebooks_folder() / "terms.md"
    return _digest(f"{everything()}{file(terms) if terms.exists() else ''}".encode())


@cache
def versions() -> dict[str, str]:
    """Versions of Python and of the packages that shape a report."""
    return {"python": platform.python_version(), **{name: _version(name) for name in SHAPING.split()}}


def forget() -> None:
    """Read every file anew when next asked: a batch does so as it starts."""
    for remembered in (package, everything, versions, notebook):
        remembered.cache_clear()


@cache
def notebook(path: Path) -> str:
    """Hash of a notebook's cells, as `cells` gives it."""
    return cells(path.read_bytes())


def cells(data: bytes) -> str:
    """Hash of the cells in a notebook's file; stored outputs do not count: every report is a run of its own."""
    found = json.loads(data)["cells"]
    code = [
        (cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", []), cell.get("attachments", {}))
        for cell in found
    ]
    return _digest(json.dumps(code).encode())


def file(path: Path) -> str:
    """Hash of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
