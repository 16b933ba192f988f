"""A scenario becomes a report: papermill runs the theme's notebook, then the page and the results table are made.

Everything is made in a hidden folder beside the reports and renamed when it is whole. So a run that fails or is killed
leaves the earlier good report as it was; of a failing cell the partial notebook is kept as NAME.failed.ipynb.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbmodel import __version__, collection, scenario
from nbmodel.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

CELL_TIMEOUT = 600  # seconds; a cell of this collection takes a few
HIDDEN = ".building-"
QUIET = ("--IPKernelApp.log_level=50",)  # a kernel's notes about its sockets are not for the reader

Progress = Callable[[int, int], None]


class ReportFailed(RuntimeError):
    """A cell failed: `heading` of its section, the `error` in a line, and the partial `notebook`, if any was left."""

    def __init__(
        self, heading: str, error: str, notebook: NotebookNode | None = None, kept: Path | None = None
    ) -> None:
        where = f"in the section {heading!r}" if heading else "before the first section"
        super().__init__(f"a cell failed {where}: {error}")
        self.heading, self.error, self.notebook, self.kept = heading, error, notebook, kept


def build(
    case: Scenario,
    name: str,
    folder: Path,
    *,
    notebooks: Path | None = None,
    links: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Path:
    """Make NAME.ipynb, NAME.html and NAME.results.csv in `folder` (made if missing) and return the path of the page.

    `notebooks` is where the themes' notebooks are, if not in the collection; `links` as for `html.page`; `progress` is
    called with (cells begun, cells in all). Raises ReportFailed when a cell fails; then NAME.failed.ipynb is kept.
    """
    from nbmodel.report import html, store

    began = time.monotonic()
    failed = folder / f"{name}.failed.ipynb"
    with _hidden_folder(folder) as building:
        try:
            notebook = execute(case, building / "run.ipynb", notebooks=notebooks, progress=progress)
        except ReportFailed as failure:
            if failure.notebook is not None:
                failure.notebook.metadata["nbmodel"] = {
                    **about(case, name),
                    "heading": failure.heading,
                    "error": failure.error,
                }
                store.write(failure.notebook, failed)
                failure.kept = failed
            raise
        notebook.metadata["nbmodel"] = {
            **about(case, name),
            "stamp": {**stamp(), "seconds": round(time.monotonic() - began, 1)},
        }
        results(case).to_csv(building / f"{name}.results.csv", index=False)
        store.write(notebook, building / f"{name}.ipynb")
        (building / f"{name}.html").write_text(html.page(notebook, links), encoding="utf-8")
        for kind in (".results.csv", ".ipynb", ".html"):
            os.replace(building / f"{name}{kind}", folder / f"{name}{kind}")
        failed.unlink(missing_ok=True)
    return folder / f"{name}.html"


def execute(
    case: Scenario, part: Path, *, notebooks: Path | None = None, progress: Progress | None = None
) -> NotebookNode:
    """Run the notebook of a scenario and return it with its outputs.

    papermill saves to `part` after each cell, so that something is left when the kernel dies. Raises ReportFailed.
    """
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    notebook = scenario.THEMES[case.theme].notebook
    source = (notebooks or collection.notebooks_folder()) / f"{notebook}.ipynb"
    total = len(nbformat.read(source, as_version=4).cells)

    def on_cell_start(cell: NotebookNode, cell_index: int) -> None:
        if progress:
            progress(cell_index, total)

    with tempfile.TemporaryDirectory(prefix="nbmodel-kernel-") as working:
        try:
            return papermill.execute_notebook(
                _literal(source),
                _literal(part),
                parameters=case.changed,
                progress_bar=False,
                execution_timeout=CELL_TIMEOUT,
                coalesce_streams=True,  # else one print may come out as two outputs
                # The kernel's folder; papermill's own cwd= would change the folder of this whole process.
                resources={"metadata": {"path": working}},
                extra_arguments=list(QUIET),
                on_cell_start=on_cell_start,
            )
        except papermill.PapermillExecutionError as error:
            said = f"{error.ename}: {error.evalue}"
        except (CellTimeoutError, DeadKernelError) as error:
            said = f"{type(error).__name__}: {error}"
    raise _failure(said, nbformat.read(part, as_version=4) if part.exists() else None)


def rerun(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook as it stands, in `folder`, and return it with its outputs. Raises ReportFailed."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_TIMEOUT,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=list(QUIET),
        store_widget_state=False,
    )
    try:
        return client.execute()
    except CellExecutionError as error:
        said = f"{error.ename}: {error.evalue}"
    except (CellTimeoutError, DeadKernelError) as error:
        said = f"{type(error).__name__}: {error}"
    raise _failure(said, notebook)


def results(case: Scenario) -> Any:
    """The results table of a scenario (name, value, unit), computed by the same function that the notebook calls."""
    return importlib.import_module(f"nbmodel.{case.theme}").results(case)


def about(case: Scenario, name: str) -> dict[str, Any]:
    """What a report says of itself in its metadata: name, theme, title, what was changed."""
    changed = [
        {
            "name": r["name"],
            "value": scenario.written(r["value"]),
            "default": scenario.written(r["default"]),
            "unit": r["unit"],
        }
        for r in case.rows()
        if r["changed"]
    ]
    return {
        "name": name,
        "title": case.title,
        "changed": changed,
        "scenario": {"theme": case.theme, "parameters": case.changed},
    }


def stamp() -> dict[str, Any]:
    """With what a report was made, and when: version, Python, date (UTC); in a checkout also commit and lock."""
    made: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    root = collection.checkout()
    if root is None:
        return made
    if commit := _git(root, "rev-parse", "--short=12", "HEAD"):
        made["commit"] = commit
        made["dirty"] = bool(_git(root, "status", "--porcelain"))
    lock = root / "requirements.lock"
    if lock.exists():
        made["lock"] = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    return made


def links(folder: Path, planned: Mapping[str, Scenario] | None = None) -> dict[str, str]:
    """Where links between notebooks lead in `folder`: to the report of the theme, planned or there, that changes least."""
    known = {theme: scenario.make(theme) for theme in scenario.THEMES}
    for path in sorted(collection.scenarios_folder().glob("*.yaml")):
        with suppress(scenario.ScenarioError):
            name, case = scenario.load(path)
            known[name] = case
    there = {name: case for name, case in known.items() if (folder / f"{name}.html").exists()}
    reports = {**there, **(planned or {})}
    most_changed_first = sorted(reports, key=lambda name: -len(reports[name].changed))
    return {scenario.THEMES[reports[name].theme].notebook: f"{name}.html" for name in most_changed_first}


def _git(root: Path, *arguments: str) -> str:
    try:
        # Without the lock this reads only, also while somebody else commits.
        command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
        run = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def _literal(path: Path) -> str:
    """A path as papermill wants it: it fills in braces, so those that belong to the path are doubled."""
    return str(path.resolve()).replace("{", "{{").replace("}", "}}")


def _failure(said: str, partial: NotebookNode | None) -> ReportFailed:
    line = (said.strip().splitlines() or [""])[0]
    return ReportFailed(_heading_of_failure(partial), line if len(line) <= 300 else line[:297] + "...", partial)


def _heading_of_failure(partial: NotebookNode | None) -> str:
    """The last heading at or before the cell that failed (or that was running when the kernel died)."""
    heading = ""
    for cell in partial.cells if partial is not None else []:
        if cell.cell_type == "markdown":
            titles = [line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("#")]
            heading = titles[-1] if titles else heading
        elif cell.execution_count is None or any(o.output_type == "error" for o in cell.outputs):
            break
    return heading


@contextmanager
def _hidden_folder(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{HIDDEN}*"):  # what killed runs left; a living one is hardly a day old
        if time.time() - old.stat().st_mtime > 86400:
            shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=HIDDEN, dir=folder, ignore_cleanup_errors=True) as building:
        yield Path(building)
