"""Stored notebooks against a fresh run, by plain nbval."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from nbmodel import collection, scenario
from nbmodel.check import comparable, plugin
from nbmodel.check.drift import NOT_COMPARED, Drift
from nbmodel.data.typed_rows import did_you_mean
from nbmodel.kernels import environment, scratch, warm
from nbmodel.report import content, stamp
from nbmodel.report.refusal import Refusal

# Plain nbval, no lax mode and no sanitising; the timeout is how it notices a dead kernel (same as in pyproject.toml).
# No plugin but these two, whatever is installed beside: importing the others takes longer than nbval itself.
PLUGINS = (
    "--disable-plugin-autoload --noconftest --assert=plain -p nbmodel.check.plugin -p nbval.plugin -p no:cacheprovider"
)
NBVAL = (*PLUGINS.split(), "--nbval", "--nbval-kernel-name=python3", "--nbval-cell-timeout=120", "-o", "addopts=")


def notebooks_by_name() -> dict[str, Path]:
    """Map names to stored notebooks: those of the collection and the reference reports."""
    folders = (collection.notebooks_folder(), collection.reference_folder())
    return {name: path for path, name in names(path for f in folders for path in sorted(f.glob("*.ipynb"))).items()}


def names(files: Iterable[Path]) -> dict[Path, str]:
    """Return what each file is called: its name without the ending, or its path where two have that name."""
    listed = list(files)
    count = Counter(file.stem for file in listed)
    return {file: printable(file.stem if count[file.stem] == 1 else str(file)) for file in listed}


def printable(name: object) -> str:
    """Return a name or path as a line that any terminal can show: whoever names a file may put commands to it in there."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(name))


def find(wanted: Sequence[str]) -> list[Path]:
    """List the files and folders that are meant by paths or by names of stored notebooks; all of them if none is given."""
    known = notebooks_by_name()
    found, problems = [], []
    for one in wanted:
        named = [Path(one)] if os.path.lexists(one) else [path for path in known.values() if path.stem == one]
        found += named
        if not named:
            problems.append(f"there is no file, folder or stored notebook {one!r}{did_you_mean(one, known)}")
    if problems:
        raise Refusal(problems)
    return found or list(known.values())


def notebooks(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """List the notebooks meant by files and folders; and apart those in folders of which no cell was ever run.

    Among the first may be such as cannot be read, also folders: `nbval` says so. Raises Refusal when a file is no notebook
    or was never run, and when there is nothing to compare at all.
    """
    found: list[Path] = []
    never: list[Path] = []
    problems: list[str] = []
    for path in paths:
        if path.is_dir():
            for file in _inside(path):
                (found if _was_run(file) else never).append(file)
        elif path.suffix != ".ipynb":
            problems.append(f"{printable(path)} is not a notebook")
        elif not _was_run(path):
            problems.append(f"{printable(path)} was never run, so there is nothing to compare")
        else:
            found.append(path)
    if not found and not problems:
        problems = [f"there is no notebook that has been run in {', '.join(map(printable, paths))}"]
    if problems:
        raise Refusal(problems)
    # The folder counts, as a cell may read what lies there; so the same file by a link elsewhere is another notebook.
    unique: dict[Path, Path] = {}
    for file in found:
        unique.setdefault(file.parent.resolve() / file.name, file)
    return list(unique.values()), never


def _inside(folder: Path) -> list[Path]:
    """Notebooks in a folder and its folders, and those of the folders that cannot be looked into."""
    closed: list[Path] = []
    walked = os.walk(folder, onerror=lambda error: closed.append(Path(error.filename)))
    found = [Path(inside, name) for inside, _, files in walked for name in files if name.endswith(".ipynb")]
    return sorted(file for file in found + closed if ".ipynb_checkpoints" not in file.parts)


def _was_run(file: Path) -> bool:
    """True if a code cell was run, or if the file cannot be read, which is to be said of it."""
    try:
        return comparable.was_run(comparable.read(file))
    except comparable.Unreadable:
        return True


@dataclass(frozen=True)
class Comparison:
    """Outcome of a check: what pytest printed, what each notebook is called, and what differs or was not compared."""

    said: str
    names: dict[Path, str]
    found: dict[Path, list[Drift]]

    @property
    def drift(self) -> list[Drift]:
        """All differences, in the order of the notebooks."""
        return [drift for file in self.names for drift in self.found[file]]

    @property
    def status(self) -> int:
        """0 if every output was compared and is as stored, else 1."""
        return int(bool(self.drift))


def nbval(
    files: Sequence[Path],
    *,
    workers: int = 1,
    cold: bool = False,
    tell: Callable[[str, str], None] = lambda name, what: None,
) -> Comparison:
    """Run the notebooks (some of those that `notebooks` finds) again and compare every output with what is stored.

    They are spread over `workers` runs of pytest; a file is never split. Kernels are forked from a warm parent
    where that can be, unless `cold`. `tell` is called with the name of each notebook that is done and what became of it,
    and first of all with those that cannot be read. Raises Refusal when that is all of them.
    """
    called = names(files)
    read, found = _read(called)
    if not read:
        raise Refusal([f"{printable(file)} {found[file][0].new}" for file in called])
    for file in called:
        if file not in read:
            tell(called[file], f"not compared: it {found[file][0].new}")
    groups = _groups(list(read), workers)
    shared = _shared(read)
    wanted = {file: plugin.Wanted(os.path.abspath(file), called[file], shared.get(file, "")) for file in read}
    by_path = {wanted[file].path: file for file in read}
    alike: dict[Path, bool] = {}

    def hear(note: plugin.Note) -> None:
        file = by_path[note.path]
        found[file] += note.found
        if note.done:
            alike[file] = note.alike
            differs = any(drift.kind != NOT_COMPARED for drift in found[file])
            whole = note.alike and not found[file]
            tell(called[file], "differs" if differs else "as stored" if whole else "not compared in full")

    parent = warm.Parent() if warm.IS_POSSIBLE and not cold and len(read) > 1 else None
    try:
        said, ends = _pytest([[wanted[file] for file in group] for group in groups], parent, hear)
    finally:
        if parent:
            parent.close()
    for group, (status, end) in zip(groups, ends, strict=True):
        has_failed = status and not any(found[file] for file in group)
        for file in group:  # nothing is as stored because nothing was heard of it
            if file not in alike or has_failed or not (alike[file] or found[file]):
                found[file].append(Drift(called[file], None, NOT_COMPARED, "run", "", end))
    return Comparison(said, called, found)


def _read(called: Mapping[Path, str]) -> tuple[dict[Path, NotebookNode], dict[Path, list[Drift]]]:
    """Return the notebooks that can be read, and of every file what is known beforehand not to be compared."""
    read: dict[Path, NotebookNode] = {}
    found: dict[Path, list[Drift]] = {}
    for file, name in called.items():
        try:
            read[file] = comparable.read(file)
            found[file] = comparable.gaps(name, read[file])
        except comparable.Unreadable as error:
            found[file] = [Drift(name, None, NOT_COMPARED, "file", "", str(error))]
    return read, found


def _environment(folder: str, parent: warm.Parent | None) -> dict[str, str]:
    """Environment of pytest and of the kernels it starts; `folder` is there as long as they are, and theirs alone."""
    return environment.own(folder) | (parent.environment if parent else warm.COLD)


def _pytest(
    groups: Sequence[Sequence[plugin.Wanted]], parent: warm.Parent | None, hear: Callable[[plugin.Note], None]
) -> tuple[str, list[tuple[int, str]]]:
    """Run pytest on each group at the same time; returns all they printed, and for each its status and last words."""
    with tempfile.TemporaryDirectory(prefix="check-", dir=scratch.folder()) as folder:
        orders = [Path(folder, f"{number}.json") for number in range(len(groups))]
        outputs = [order.with_suffix(".txt") for order in orders]
        runs: list[subprocess.Popen[bytes]] = []
        try:
            for group, order, output in zip(groups, orders, outputs, strict=True):
                plugin.write_order(order, group)
                given = _environment(folder, parent) | {plugin.ORDER: str(order)}
                with output.open("wb") as file:  # a pipe that nobody reads fills up
                    runs.append(subprocess.Popen(_command(folder), env=given, stdout=file))
            heard = [0] * len(orders)
            running = True
            while running:
                time.sleep(0.1)
                running = any(run.poll() is None for run in runs)  # asked first, so that the last note is not missed
                for number, order in enumerate(orders):
                    notes = plugin.notes(order)[heard[number] :]
                    heard[number] += len(notes)
                    for note in notes:
                        hear(note)
        finally:
            for run in runs:
                if run.poll() is None:
                    run.terminate()
                    run.wait()
        said = [output.read_text("utf-8", errors="replace") for output in outputs]
    lasts = ((words.strip().splitlines() or ["without a word"])[-1] for words in said)
    ends = [(run.returncode, f"status {run.returncode}: {last}") for last, run in zip(lasts, runs, strict=True)]
    return "".join(said), ends


def _command(folder: str) -> list[str]:
    """Command that compares; its configuration is an empty file in `folder`, whatever lies about the notebooks."""
    configuration = Path(folder, "pytest.ini")
    configuration.write_text("[pytest]\n", "utf-8")
    color = "--color=yes" if sys.stdout.isatty() else "--color=no"  # nbval itself colours files and pipes too
    # -P: no module of the folder that we are in stands in for one of ours.
    own = ["-c", str(configuration), f"--rootdir={configuration.anchor}", "-q", "--no-header", color]
    return [sys.executable, "-P", "-m", "pytest", *NBVAL, *own]


def _shared(read: Mapping[Path, NotebookNode]) -> dict[Path, str]:
    """Map notebooks whose theme others of them have too to the theme's notebook, for what they have in common."""
    themes: dict[Path, str] = {}
    for file, notebook in read.items():
        with suppress(AttributeError):  # whatever somebody's metadata hold
            theme = stamp.theme_of(file.stem, notebook.metadata)
            if isinstance(theme, str) and theme in scenario.THEMES:
                themes[file] = theme
    count = Counter(themes.values())
    return {file: str(content.source(theme)) for file, theme in themes.items() if count[theme] > 1}


def _groups(files: Sequence[Path], count: int) -> list[list[Path]]:
    """Split the files into at most `count` groups of about the same size in bytes, each sorted."""
    groups: list[list[Path]] = [[] for _ in range(max(1, min(count, len(files))))]
    sizes = [0] * len(groups)
    for file in sorted(files, key=lambda file: -file.stat().st_size):
        smallest = sizes.index(min(sizes))
        groups[smallest].append(file)
        sizes[smallest] += file.stat().st_size
    return [sorted(group) for group in groups]
