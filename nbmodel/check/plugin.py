"""Plugin of pytest (`-p nbmodel.check.plugin`) that sits beside nbval and notes what was compared and what differs.

nbval alone decides what passes. A notebook is as stored only if each of its cells was compared and found alike: that is
counted, and not concluded from the absence of complaints. Without an order (a file of JSON) the plugin does nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from nbmodel.check import comparable, drift
from nbmodel.check.drift import NOT_COMPARED, Drift
from nbmodel.kernels import warm

ORDER = "NBMODEL_CHECK_ORDER"  # the file that says what to compare; notes are written beside it
NOTES = ".notes"  # the ending of a file of notes: JSON, a line for each


@dataclass(frozen=True)
class Wanted:
    """Notebook to compare: its path, its name in the table, and the notebook its kernel is one of several for, if any."""

    path: str
    label: str
    shared: str = ""


@dataclass(frozen=True)
class Note:
    """What became of a notebook: differences, and when it is `done`, whether it was compared whole and is `alike`."""

    path: str
    found: list[Drift]
    done: bool = False
    alike: bool = False


def write_order(file: Path, wanted: Sequence[Wanted]) -> None:
    """Write what a run of pytest is to compare."""
    file.write_text(json.dumps([asdict(one) for one in wanted]), "utf-8")


def notes(order: Path) -> list[Note]:
    """Return what the run that has this order has noted so far; a line that is being written is left out."""
    path = order.with_suffix(NOTES)
    lines = path.read_text("utf-8").split("\n")[:-1] if path.exists() else []
    return [Note(**{**note, "found": [Drift(**one) for one in note["found"]]}) for note in map(json.loads, lines)]


def pytest_configure(config: pytest.Config) -> None:
    """Begin to take notes if there is an order."""
    if order := os.environ.get(ORDER):
        config.pluginmanager.register(_Comparison(Path(order)))


class _Comparison:
    def __init__(self, order: Path) -> None:
        self._notes = order.with_suffix(NOTES)
        self._wanted = {Path(one["path"]): Wanted(**one) for one in json.loads(order.read_text("utf-8"))}
        self._last: set[IPyNbCell] = set()
        self._open: dict[Path, set[int]] = {}  # cells of which it is not known that they are as stored
        self._faulty: set[Path] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        """Collect the cells of exactly these files.

        As arguments of pytest their paths would be read as its own ('[', '::', '-x'), and an `__init__.py` beside them
        would be imported.
        """
        session.items = []
        for path in self._wanted:
            cells = list(IPyNbFile.from_parent(session, path=path).collect())
            self._last |= set(cells[-1:])
            self._open[path] = {cell.cell_num for cell in cells if comparable.is_to_compare(cell.cell)}
            session.items += cells
        session.testscollected = len(session.items)
        session.config.hook.pytest_collection_finish(session=session)
        return True

    def pytest_runtest_setup(self, item: IPyNbCell) -> None:
        """Name the theme's kernel before nbval starts that of a notebook, if other notebooks have the theme too."""
        os.environ[warm.NOTEBOOK] = self._wanted[item.path].shared

    def pytest_runtest_makereport(self, item: IPyNbCell, call: pytest.CallInfo[None]) -> None:
        """Note a cell that nbval found to differ or that failed, count one that is as stored, and say when all are done."""
        if call.excinfo:
            found = list(self._differences(item, call))
            self._faulty.add(item.path)
            self._note(item, found)
        elif call.when == "call" and item.options["check"] and not any(comparable.loopholes(item.cell)):
            label, fresh = self._wanted[item.path].label, comparable.unseen(item.test_outputs)
            if found := [Drift(label, item.cell_num, NOT_COMPARED, f"new {what}", "", why) for what, why in fresh]:
                self._note(item, found)
            else:
                self._open[item.path].discard(item.cell_num)
        if call.when == "teardown" and item in self._last:
            self._note(item, [], done=True, alike=not self._open[item.path] and item.path not in self._faulty)

    def _differences(self, item: IPyNbCell, call: pytest.CallInfo[None]) -> Iterable[Drift]:
        assert call.excinfo is not None
        label, error = self._wanted[item.path].label, call.excinfo.value
        if isinstance(error, pytest.skip.Exception):
            return []  # the marker was named before anything ran
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        if call.when != "call":  # of the notebook's kernel, so of all its cells: told once
            is_new = item.path not in self._faulty
            return [Drift(label, None, NOT_COMPARED, f"kernel ({call.when})", "", said)] if is_new else []
        ran = item.test_outputs is not None  # else the kernel was dead before
        found = list(drift.between(label, item.cell_num, item.cell.outputs, item.test_outputs)) if ran else []
        return found or [Drift(label, item.cell_num, "error", "cell", "", said)]

    def _note(self, item: IPyNbCell, found: Iterable[Drift], **more: bool) -> None:
        note = Note(self._wanted[item.path].path, list(found), **more)
        with self._notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(note)) + "\n")
