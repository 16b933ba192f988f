"""The one way to accept what changed: run a notebook anew and store it."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode
from PIL import Image

from nbmodel import collection, scenario
from nbmodel.check import comparable
from nbmodel.data.typed_rows import did_you_mean
from nbmodel.report.refusal import Refusal


def acceptable() -> dict[str, Path]:
    """Names that `accept` can store: the notebooks of the collection, and each scenario as a reference report."""
    notebooks = {path.stem: path for path in sorted(collection.notebooks_folder().glob("*.ipynb"))}
    scenarios = sorted(collection.scenarios_folder().glob("*.yaml"))
    return notebooks | {path.stem: collection.reference_folder() / f"{path.stem}.ipynb" for path in scenarios}


def refuse_unknown(wanted: Sequence[str]) -> None:
    """Raise Refusal when `accept` cannot store one of the names, as it is unknown or no notebook, or there is no repository."""
    if collection.checkout() is None:
        raise Refusal(["--accept writes into the repository; run it in a checkout"])
    known = acceptable()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        told = [f"there is no notebook or scenario {name!r}{did_you_mean(name, known)}" for name in unknown]
        raise Refusal([*told, f"known: {', '.join(known)}"])
    broken = []
    for path in dict.fromkeys(known[name] for name in wanted):
        try:
            if path.parent == collection.notebooks_folder():
                comparable.read(path)
        except comparable.Unreadable as error:
            broken.append(f"{path} {error}")
    if broken:
        raise Refusal(broken)


def accept(name: str) -> Path:
    """Run a notebook of the collection (or a scenario, as a reference report) anew, store it and return its path.

    Raises Refusal for an unknown name, a broken notebook or outside a checkout, ScenarioError for a faulty scenario and
    ReportFailed when a cell fails; then nothing is stored.
    """
    from nbmodel.report import content, run, stamp, store

    refuse_unknown([name])
    target = acceptable()[name]
    if target.parent == collection.notebooks_folder():
        notebook = run.rerun(comparable.read(target), target.parent)
    else:
        title, case = scenario.load(collection.scenarios_folder() / f"{name}.yaml")
        if unfit := content.faults(content.source(case.theme)):
            raise Refusal(unfit)
        notebook = run.execute(case)
        notebook.metadata["nbmodel"] = stamp.about(case, title)
        notebook = store.relinked(notebook, "../../notebooks/")
        target.parent.mkdir(parents=True, exist_ok=True)
    store.save(store.normalised(with_smaller_pictures(notebook)), target)
    return target


def with_smaller_pictures(notebook: NotebookNode) -> NotebookNode:
    """Notebook whose pictures are packed as tightly as they can be, dot for dot the same.

    That takes longer than drawing them, so a report is not kept waiting for it; a repository keeps them for ever.
    """
    data = [output["data"] for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]
    for one in (one for one in data if "image/png" in one):
        picture, packed = Image.open(io.BytesIO(base64.b64decode(one["image/png"]))), io.BytesIO()
        picture.save(packed, "PNG", optimize=True, dpi=picture.info.get("dpi"))
        one["image/png"] = base64.b64encode(packed.getvalue()).decode("ascii")
    return notebook
