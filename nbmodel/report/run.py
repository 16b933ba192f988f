"""Making of a report from a scenario: papermill runs the theme's notebook, then the page and the results are made.

`make` gives the report as bytes and writes nothing, so it can run in any process or on any machine; `records` and
`batch` are the only writers.
"""

from __future__ import annotations

import base64
import io
import tempfile
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbmodel.report import content, results, stamp
from nbmodel.scenario import THEMES, Limits, Scenario

if TYPE_CHECKING:
    from nbformat import NotebookNode

PICTURE_WIDTH = 240  # pixels
UNCOMPUTABLE = "the results cannot be computed"
# A kernel's notes about its sockets are not for the reader, and nobody will look at its history.
QUIET = ("--IPKernelApp.log_level=50", "--HistoryManager.enabled=False")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Task:
    """Description of a report that is complete enough to make it somewhere else."""

    name: str
    case: Scenario
    key: str = ""
    results_key: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    stamp: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits | None = None
    notebooks: Path | None = None
    cells: str = ""  # hash of the cells that it must run (`content.cells`); empty: whatever the notebook holds
    executed: bytes | None = None  # a notebook that ran already: only its page is wanted
    results_only: bool = False
    shared: bool = False  # other reports of its theme are made too: what they share is worth computing first

    @property
    def held_to(self) -> Limits:
        """Limits of the report: its own, or those of its theme."""
        return self.limits or THEMES[self.case.theme].limits


@dataclass(frozen=True)
class Made:
    """Report that was made: its files by the ending of their names, and its results (name, value, unit)."""

    files: Mapping[str, bytes]
    results: list[dict[str, Any]]
    stamp: Mapping[str, Any]


class ReportFailed(RuntimeError):
    """Raised when a `cell` failed: `heading` of its section, `error` in a line, the partial `notebook` if any was left.

    `started` is False when no cell ran, because the kernel did not start: then it is worth trying again.
    """

    def __init__(
        self,
        heading: str,
        error: str,
        notebook: NotebookNode | None = None,
        started: bool = True,
        cell: NotebookNode | None = None,
    ) -> None:
        where = f"in the section {heading!r}" if heading else "before the first section"
        super().__init__(f"a cell failed {where}: {error}" if started else f"the kernel did not start: {error}")
        self.heading, self.error, self.notebook, self.started, self.cell = heading, error, notebook, started, cell


def make(task: Task, progress: Progress | None = None) -> Made:
    """Make a report (or its results table alone, or the page of a notebook that ran) and return its files as bytes.

    `progress` is called with (cells begun, cells in all). Raises ReportFailed when a cell fails, or the results cannot
    be computed; Changed when the notebook holds other cells than the task names.
    """
    began = time.monotonic()
    if task.results_only:
        try:
            rows = results.rows(task.case)
        except Exception as error:  # a model may fail in any way; its report fails, not the batch
            said = _line(f"{UNCOMPUTABLE}: {type(error).__name__}: {error}")
            if isinstance(error, MemoryError):
                said += f" (their theme allows {task.held_to.gigabytes:g} GB)"
            raise ReportFailed("", said) from error
        return Made({}, rows, {**task.stamp, "key": task.results_key, "seconds": round(time.monotonic() - began, 3)})
    import nbformat

    from nbmodel.report import html, store

    if task.executed is not None:
        page = html.page(nbformat.reads(task.executed.decode(), as_version=4), task.links)
        return Made({".html": page.encode()}, [], {})
    notebook, rows = _executed(task, progress)
    made = {**task.stamp, "key": task.key, "seconds": round(time.monotonic() - began, 1)}
    if "seed" in task.case:
        made["seed"] = task.case["seed"]
    notebook.metadata["nbmodel"] = {**stamp.about(task.case, task.name), "stamp": made}
    files = {
        ".results.csv": results.csv_of(rows),
        ".ipynb": store.text(notebook).encode(),
        ".html": html.page(notebook, task.links).encode(),
        ".png": picture(notebook),
    }
    return Made(files, rows, made)


def execute(case: Scenario, *, notebooks: Path | None = None, held_to: Limits | None = None) -> NotebookNode:
    """Run the notebook of a scenario, in an empty folder, and return it with its outputs. Raises ReportFailed."""
    return _executed(Task("", case, notebooks=notebooks, limits=held_to), computed=False)[0]


def _executed(
    task: Task, progress: Progress | None = None, computed: bool = True
) -> tuple[NotebookNode, list[dict[str, Any]]]:
    """Run the notebook of a task and return it, and the results if they are to be `computed` by its kernel.

    Raises ReportFailed, also where the cells did not have the values that were asked for, and Changed when the notebook
    holds other cells than the task names.
    """
    import nbformat

    path = content.source(task.case.theme, task.notebooks)
    source = deepcopy(_source(path, task.cells or content.cells(path.read_bytes())))
    last = nbformat.v4.new_code_cell(results.asked_of_kernel(task.case, computed))
    source.cells.append(last)
    try:
        with tempfile.TemporaryDirectory(prefix="nbmodel-kernel-", ignore_cleanup_errors=True) as folder:
            notebook = _ran(source, folder, task.held_to, task.case.changed, progress)
    except ReportFailed as failure:
        if failure.notebook is not None:
            del failure.notebook.cells[-1]
        if failure.cell is not None and failure.cell.source == last.source:
            name, _, said = failure.error.partition(": ")
            is_other = name == results.OtherValuesError.__name__
            raise ReportFailed("", said if is_other else f"{UNCOMPUTABLE}: {failure.error}", failure.notebook) from None
        raise
    printed = notebook.cells.pop().outputs
    return notebook, results.heard(printed[0].text) if printed else []


def rerun(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook as it stands, in `folder`, and return it with its outputs. Raises ReportFailed."""
    return _ran(notebook, str(folder), Limits(seconds=600))


def _ran(
    source: NotebookNode,
    folder: str,
    held_to: Limits,
    parameters: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> NotebookNode:
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from nbmodel.kernels import client

    running: NotebookNode | None = None  # papermill's own copy: what is left of it when a cell fails
    begun: NotebookNode | None = None  # the last cell of it that has begun

    def on_notebook_start(notebook: NotebookNode) -> None:
        nonlocal running
        running = notebook

    def on_cell_start(cell: NotebookNode, cell_index: int) -> None:
        nonlocal begun
        begun = cell
        if progress and running:
            progress(cell_index, len(running.cells))

    try:
        return papermill.execute_notebook(
            source,
            None,  # nothing is written on the way: a killed run leaves nothing that looks like a report
            parameters=parameters,
            kernel_name="python3",  # and not the one it was last opened with, which may not be here
            language="python",
            progress_bar=False,
            engine_name=client.NAME,
            client={
                "timeout": held_to.seconds,
                "megabytes": held_to.megabytes,
                "coalesce_streams": True,  # else one print may come out as two outputs
                # The kernel's folder; papermill's own cwd= would change the folder of this whole process.
                "resources": {"metadata": {"path": folder}},
                "extra_arguments": list(QUIET),
                "shutdown_kernel": "immediate",
                "store_widget_state": False,
                "on_notebook_start": on_notebook_start,
                "on_cell_start": on_cell_start,
            },
        )
    except papermill.PapermillExecutionError as error:
        said = f"{error.ename}: {error.evalue}"
    except (CellTimeoutError, DeadKernelError, RuntimeError, OSError) as error:
        said = f"{type(error).__name__}: {error}"
        if begun is None:
            raise ReportFailed("", _line(said), started=False) from error
    raise ReportFailed(_heading_above(begun, running), _line(said), running, cell=begun)


def picture(notebook: NotebookNode) -> bytes:
    """Return a small PNG of the notebook's figure: that of the cell tagged `picture`, else the first; empty without any.

    The tag is for a cell whose figure shows the settings: the first one is often the same in every report.
    """
    from PIL import Image  # matplotlib stands on it

    for cell in sorted(notebook.cells, key=lambda cell: "picture" not in cell.metadata.get("tags", [])):
        for output in cell.get("outputs", []):
            if png := output.get("data", {}).get("image/png"):
                with Image.open(io.BytesIO(base64.b64decode(png))) as figure:
                    small = figure.convert("RGB")
                small.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH))
                buffer = io.BytesIO()
                # Few colours: a line drawing loses nothing, and the file stays small.
                small.quantize(64).save(buffer, "PNG", optimize=True)
                return buffer.getvalue()
    return b""


def partial(task: Task, failure: ReportFailed) -> bytes | None:
    """Notebook of a report that failed, as far as there is one, with what is known of the failure."""
    if failure.notebook is None:
        return None
    from nbmodel.report import store

    said = {"heading": failure.heading, "error": failure.error}
    failure.notebook.metadata["nbmodel"] = {**stamp.about(task.case, task.name), **said}
    return store.text(failure.notebook).encode()


@lru_cache(8)
def _source(path: Path, cells: str) -> NotebookNode:
    """Return the notebook to run, without its outputs. Raises Changed when `cells` is not the hash of its cells."""
    import nbformat

    data = path.read_bytes()
    if content.cells(data) != cells:
        raise content.Changed(path.name)
    notebook = nbformat.reads(data.decode(), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _line(said: str) -> str:
    line = (said.strip().splitlines() or [""])[0]
    return line if len(line) <= 300 else line[:297] + "..."


def _heading_above(failed: NotebookNode | None, partial: NotebookNode | None) -> str:
    """Last heading before the cell that failed (or that was running when the kernel died)."""
    heading = ""
    for cell in partial.cells if partial is not None else []:
        if cell is failed:
            break
        if cell.cell_type == "markdown":
            titles = [line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("#")]
            heading = titles[-1] if titles else heading
    return heading
