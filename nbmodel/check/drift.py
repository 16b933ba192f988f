"""Differences between stored and fresh outputs, as a table: numbers that moved, told apart from words that changed.

It is also a pytest plugin (`-p nbmodel.check.drift`) that sits beside nbval: nbval alone decides what passes; this
notes the outputs of the cells that do not.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nbmodel.kernels import warm
from nbmodel.report import content, stamp

# Solvers guarantee about eight digits and notebooks print three or four: a last digit that turns over is 1 in 1000.
TOLERANCE = 2e-3
NOTES = "NBMODEL_DRIFT_NOTES"  # the folder that the plugin writes into
SHARED = "NBMODEL_DRIFT_SHARED"  # the themes that several of the notebooks have
DONE = "done.txt"  # in the folder of notes: the notebooks that are through
NUMBER = re.compile(r"(?<![\w.])[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class Drift:
    """Difference between two outputs. `kind`: number (old and new are numbers), text, figure description, output or error."""

    report: str
    cell: int
    kind: str
    quantity: str
    old: str
    new: str

    @property
    def ratio(self) -> float | None:
        """New over old; None where that means nothing."""
        if self.kind != "number" or float(self.old) == 0:
            return None
        return float(self.new) / float(self.old)

    @property
    def is_small(self) -> bool:
        """True if it is a number within the tolerance, so rounding rather than another result."""
        return self.kind == "number" and abs(float(self.new) - float(self.old)) <= TOLERANCE * max(
            abs(float(self.old)), abs(float(self.new))
        )


def between(report: str, cell: int, stored: Sequence[Any], fresh: Sequence[Any]) -> Iterator[Drift]:
    """List the differences between the stored and the fresh outputs of a cell."""
    errors = [output for output in fresh if output["output_type"] == "error"]
    if errors:
        yield Drift(report, cell, "error", errors[0]["ename"], "", str(errors[0]["evalue"]).partition("\n")[0])
        return
    old, new = list(map(_text, stored)), list(map(_text, fresh))
    if [kind for kind, _ in old] != [kind for kind, _ in new]:
        yield Drift(report, cell, "output", "outputs of the cell", _kinds(old), _kinds(new))
        return
    for (kind, was), (_, is_) in zip(old, new, strict=True):
        yield from _in_text(report, cell, kind, was, is_)


def _in_text(report: str, cell: int, kind: str, old: str, new: str) -> Iterator[Drift]:
    """Line by line: where only numbers differ, each number; else the line."""
    before, after = old.splitlines(), new.splitlines()
    if len(before) != len(after):
        yield Drift(
            report, cell, kind, _label(before[0] if before else ""), f"{len(before)} lines", f"{len(after)} lines"
        )
        return
    for was, is_ in zip(before, after, strict=True):
        if was == is_:
            continue
        if _skeleton(was) != _skeleton(is_):
            yield Drift(report, cell, kind, _label(was), was.strip(), is_.strip())
            continue
        for found, other in zip(NUMBER.finditer(was), NUMBER.finditer(is_), strict=True):
            if float(_plain(found[0])) != float(_plain(other[0])):
                quantity = _label(was[: found.start()] or was)
                yield Drift(report, cell, "number", quantity, _plain(found[0]), _plain(other[0]))


def tabulated(found: Sequence[Drift]) -> str:
    """Return the differences as a table for the terminal, with what they amount to."""
    from nbmodel.data import tables

    rows = [
        (d.report, d.cell, "number, within the tolerance" if d.is_small else d.kind, d.quantity, d.old, d.new, d.ratio)
        for d in found
    ]
    heads = ("report", "cell", "what", "quantity", "old", "new", "ratio")
    small = sum(d.is_small for d in found)
    moved = sum(d.kind == "number" for d in found) - small
    words = len(found) - small - moved
    return (
        f"{tables.text(heads, [tuple(_short(c) for c in row) for row in rows], digits=5)}\n\n"
        f"{small} numbers moved within the tolerance ({TOLERANCE:g} of themselves), {moved} by more; "
        f"{words} texts, figure descriptions or outputs changed."
    )


def noted(folder: Path) -> list[Drift]:
    """Return the differences that the plugin noted."""
    return [note for path in sorted(folder.glob("*.jsonl")) for note in _noted(path)]


def _noted(path: Path) -> list[Drift]:
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [Drift(**json.loads(line)) for line in lines]


def _own(folder: str) -> Path:
    """Path of the file in which this process notes what differs."""
    return Path(folder) / f"{os.getpid()}.jsonl"


def done(folder: Path) -> list[tuple[str, bool]]:
    """Return the notebooks that the plugin has finished with, in that order, and whether each was as stored."""
    path = folder / DONE
    lines = path.read_text("utf-8").split("\n")[:-1] if path.exists() else []
    return [(name, alike == "1") for alike, _, name in (line.partition(" ") for line in lines)]


def pytest_runtest_setup(item: Any) -> None:
    """Name the theme's kernel before nbval starts that of a notebook, if other notebooks have the theme too."""
    if hasattr(item.parent, "nb"):
        theme = stamp.theme_of(item.path.stem, item.parent.nb.metadata)
        is_shared = theme and theme in os.environ.get(SHARED, "").split()
        os.environ[warm.NOTEBOOK] = str(content.source(theme)) if theme and is_shared else ""


def pytest_runtest_teardown(item: Any, nextitem: Any) -> None:
    """Note that a notebook is done when its last cell is."""
    folder = os.environ.get(NOTES)
    if not folder or (nextitem is not None and nextitem.path == item.path):
        return
    # Only its own notes: another process may be in the middle of a line.
    alike = not any(item.path.stem == note.report for note in _noted(_own(folder)))
    with (Path(folder) / DONE).open("a", encoding="utf-8") as notes:
        notes.write(f"{alike:d} {item.path.stem}\n")


def pytest_runtest_makereport(item: Any, call: Any) -> None:
    """Note the outputs of a cell that nbval found to differ, or that failed."""
    folder = os.environ.get(NOTES)
    if not folder or call.when != "call" or call.excinfo is None or not hasattr(item, "test_outputs"):
        return
    path = Path(item.parent.path)
    found = list(between(path.stem, item.cell_num, item.cell.outputs, item.test_outputs or []))
    if not found:
        found = [Drift(path.stem, item.cell_num, "error", "cell", "", str(call.excinfo.value).partition("\n")[0])]
    with _own(folder).open("a", encoding="utf-8") as notes:
        for drift in found:
            notes.write(json.dumps(asdict(drift)) + "\n")


def _text(output: Mapping[str, Any]) -> tuple[str, str]:
    """Return the kind of text that an output is, and the text that a reader would compare."""
    if output["output_type"] == "stream":
        return "text", str(output["text"])
    data = output.get("data", {})
    kind = "figure description" if "image/png" in data else "text"
    # What a reader sees beside the plain text counts too: it may change alone.
    parts = [
        data.get("text/plain", ""),
        *(data[name] for name in ("text/html", "text/markdown", "text/latex") if name in data),
    ]
    return kind, "\n".join("".join(part) for part in parts)


def _kinds(outputs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(kind for kind, _ in outputs) or "none"


def _skeleton(line: str) -> str:
    return " ".join(NUMBER.sub("#", line).split())


def _plain(number: str) -> str:
    return number.replace("−", "-")


def _label(line: str) -> str:
    """Words of a line that name a quantity."""
    return " ".join(re.sub(r"[.:=(),%]+", " ", NUMBER.sub(" ", line)).split())[:60]


def _short(value: object) -> object:
    return value if not isinstance(value, str) or len(value) <= 48 else value[:47] + "…"
