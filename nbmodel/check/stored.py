"""Stored notebooks against a fresh run: plain nbval, and the one way to accept what changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nbmodel import collection, scenario
from nbmodel.check import drift
from nbmodel.check.drift import Drift
from nbmodel.data.typed_rows import did_you_mean
from nbmodel.kernels import scratch, warm
from nbmodel.report import stamp
from nbmodel.report.refusal import Refusal

# Plain nbval, no lax mode and no sanitising; the timeout is how it notices a dead kernel (same as in pyproject.toml).
# No plugin but these two, whatever is installed beside: importing the others takes longer than nbval itself.
PLUGINS = "--disable-plugin-autoload -p nbmodel.check.drift -p nbval.plugin -p no:cacheprovider"
NBVAL = (*PLUGINS.split(), "--nbval", "--nbval-cell-timeout=120", "-o", "addopts=")


def notebooks_by_name() -> dict[str, Path]:
    """Map names to stored notebooks: those of the collection and the reference reports."""
    folders = (collection.notebooks_folder(), collection.reference_folder())
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.ipynb"))}


def find(wanted: Sequence[str]) -> list[Path]:
    """List the files and folders that are meant by paths or by names of stored notebooks; all of them if none is given."""
    known = notebooks_by_name()
    paths = [Path(one) if os.path.exists(one) else known.get(one) for one in wanted]
    problems = [
        f"there is no file, folder or stored notebook {one!r}{did_you_mean(one, known)}"
        for one, path in zip(wanted, paths, strict=True)
        if path is None
    ]
    if problems:
        raise Refusal(problems)
    return [path for path in paths if path] or list(known.values())


def notebooks(paths: Sequence[Path]) -> list[Path]:
    """List the notebooks meant by files and folders; of a folder only those that have been run, so that there is an output.

    Raises Refusal when a file is no notebook or was never run, and when there is no notebook at all.
    """
    found, problems = [], []
    for path in paths:
        if path.is_dir():
            inside = (file for file in sorted(path.rglob("*.ipynb")) if ".ipynb_checkpoints" not in file.parts)
            found += [file for file in inside if _was_run(file)]
        elif path.suffix != ".ipynb":
            problems.append(f"{path} is not a notebook")
        elif not _was_run(path):
            problems.append(f"{path} was never run, so there is nothing to compare")
        else:
            found.append(path)
    if not found and not problems:  # without files pytest would run whatever tests it finds
        problems = [f"there is no notebook that has been run in {', '.join(map(str, paths))}"]
    if problems:
        raise Refusal(problems)
    return list(dict.fromkeys(found))


def _was_run(file: Path) -> bool:
    """True if a code cell has a number, or if the file cannot be read, as pytest will say what is wrong with it."""
    try:
        cells = json.loads(file.read_text("utf-8"))["cells"]
        return any(cell.get("execution_count") for cell in cells if cell["cell_type"] == "code")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True


@dataclass(frozen=True)
class Comparison:
    """Outcome of a check: pytest's exit status (0: all alike), what it printed, and what differs."""

    status: int
    said: str
    drift: list[Drift]


def nbval(
    files: Sequence[Path],
    *,
    workers: int = 1,
    cold: bool = False,
    tell: Callable[[str, bool], None] = lambda name, alike: None,
) -> Comparison:
    """Run the notebooks (some of those that `notebooks` finds) again and compare every output with what is stored.

    They are spread over `workers` runs of pytest; a file is never split. Kernels are forked from a warm parent
    where that can be, unless `cold`. `tell` is called with the name of each notebook that is done and whether it was as
    stored. Raises Refusal when pytest did not come to compare any.
    """
    groups = _groups(files, workers)
    parent = warm.Parent() if warm.IS_POSSIBLE and not cold and len(files) > 1 else None
    # Options and plugins in the environment would be a way round the plain comparison.
    environment = {n: value for n, value in os.environ.items() if n not in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    environment |= parent.environment if parent else warm.THREADS
    color = "--color=yes" if sys.stdout.isatty() else "--color=no"  # nbval itself colours files and pipes too
    with tempfile.TemporaryDirectory(prefix="check-", dir=scratch.folder()) as folder:
        environment |= {drift.NOTES: folder, drift.SHARED: " ".join(_shared(files))}
        command = [sys.executable, "-m", "pytest", *NBVAL, "-q", "--no-header", color]
        outputs = [Path(folder, f"{number}.txt") for number in range(len(groups))]
        runs: list[subprocess.Popen[bytes]] = []
        try:
            for group, output in zip(groups, outputs, strict=True):  # files: a pipe that nobody reads fills up
                with output.open("wb") as file:
                    runs.append(subprocess.Popen([*command, *map(str, group)], env=environment, stdout=file))
            told, running = 0, True
            while running:
                time.sleep(0.1)
                running = any(run.poll() is None for run in runs)  # asked first, so that the last note is not missed
                done = drift.done(Path(folder))
                for name, alike in done[told:]:
                    tell(name, alike)
                told = len(done)
        finally:
            for run in runs:
                if run.poll() is None:
                    run.terminate()
                    run.wait()
            if parent:
                parent.close()
        said = [output.read_text("utf-8", errors="replace") for output in outputs]
        for run, words in zip(runs, said, strict=True):
            if run.returncode not in (0, 1):  # 1: a cell differs; the others: nothing was compared
                last = (words.strip().splitlines() or ["nothing"])[-1]
                raise Refusal([f"pytest ended with status {run.returncode} and did not compare; it said: {last}"])
        return Comparison(max(run.returncode for run in runs), "".join(said), drift.noted(Path(folder)))


def _shared(files: Sequence[Path]) -> list[str]:
    """Set of the themes that more than one of the files has."""
    themes: Counter[str | None] = Counter()
    for file in files:
        with suppress(OSError, ValueError, AttributeError):  # pytest will say what is wrong with it
            metadata = json.loads(file.read_text("utf-8")).get("metadata", {})
            themes[stamp.theme_of(file.stem, metadata)] += 1
    return [theme for theme, count in themes.items() if theme and count > 1]


def _groups(files: Sequence[Path], count: int) -> list[list[Path]]:
    """Split the files into at most `count` groups of about the same size in bytes, each sorted."""
    groups: list[list[Path]] = [[] for _ in range(max(1, min(count, len(files))))]
    sizes = [0] * len(groups)
    for file in sorted(files, key=lambda file: -file.stat().st_size):
        smallest = sizes.index(min(sizes))
        groups[smallest].append(file)
        sizes[smallest] += file.stat().st_size
    return [sorted(group) for group in groups]


def acceptable() -> dict[str, Path]:
    """Names that `accept` can store: the notebooks of the collection, and each scenario as a reference report."""
    notebooks = {path.stem: path for path in sorted(collection.notebooks_folder().glob("*.ipynb"))}
    scenarios = sorted(collection.scenarios_folder().glob("*.yaml"))
    return notebooks | {path.stem: collection.reference_folder() / f"{path.stem}.ipynb" for path in scenarios}


def refuse_unknown(wanted: Sequence[str]) -> None:
    """Raise Refusal when one of the names is nothing that `accept` can store, or there is no repository."""
    if collection.checkout() is None:
        raise Refusal(["--accept writes into the repository; run it in a checkout"])
    known = acceptable()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        told = [f"there is no notebook or scenario {name!r}{did_you_mean(name, known)}" for name in unknown]
        raise Refusal([*told, f"known: {', '.join(known)}"])


def accept(name: str) -> Path:
    """Run a notebook of the collection (or a scenario, as a reference report) anew, store it and return its path.

    Raises Refusal for an unknown name or outside a checkout, ScenarioError for a faulty scenario and ReportFailed when
    a cell fails; then nothing is stored.
    """
    import nbformat

    from nbmodel.report import run, stamp, store

    refuse_unknown([name])
    target = acceptable()[name]
    if target.parent == collection.notebooks_folder():
        notebook = run.rerun(nbformat.read(target, as_version=4), target.parent)
    else:
        title, case = scenario.load(collection.scenarios_folder() / f"{name}.yaml")
        notebook = run.execute(case)
        notebook.metadata["nbmodel"] = stamp.about(case, title)
        notebook = store.relinked(notebook, "../../notebooks/")
        target.parent.mkdir(parents=True, exist_ok=True)
    store.save(store.normalised(notebook), target)
    return target
