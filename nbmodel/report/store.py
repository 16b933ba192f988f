"""Normal form of an executed notebook for git: what would differ from run to run is taken out."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nbmodel.report import records

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
KEPT = ("tags", "jupyter", "claims")  # of a cell's metadata
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Return a copy that two runs make alike: no times, no widget state, no random ids, no version of Python.

    The execution counts stay: they show that the cells were run once, in order. In the notebook's metadata only the
    scenario stays of what a report carries; the stamp (version, commit, time) belongs to built reports.
    """
    copy: NotebookNode = deepcopy(notebook)
    scenario = copy.metadata.get("nbmodel", {}).get("scenario")
    copy.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    if scenario:
        copy.metadata["nbmodel"] = {"scenario": scenario}
    for cell in copy.cells:
        tags = cell.metadata.get("tags", [])
        # What a cell is (tags), what of it is folded, and the claims that it shows.
        kept = {name: deepcopy(cell.metadata[name]) for name in KEPT if cell.metadata.get(name)}
        cell.metadata = nbformat.from_dict(kept)
        if "injected-parameters" in tags:
            cell["id"] = "injected-parameters"  # papermill draws a random one
        for output in cell.get("outputs", []):
            # It names a widget of a kernel that is gone; the text beside it says what was there.
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    copy.nbformat, copy.nbformat_minor = 4, 5
    nbformat.validate(copy)
    return copy


def relinked(notebook: NotebookNode, prefix: str) -> NotebookNode:
    """Return a copy whose links to the terms page and to other notebooks begin with `prefix` (the way to their folder)."""
    copy: NotebookNode = deepcopy(notebook)
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"\]\((terms\.md|\d\d_\w+\.ipynb)", rf"]({prefix}\1", cell.source)
    return copy


def text(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    return str(nbformat.writes(notebook, version=nbformat.NO_CONVERT)) + "\n"


def save(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook in one step: a reader sees the old one or the new one, never half of it."""
    records.replace(path, text(notebook))
