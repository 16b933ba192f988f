"""Differences between stored and fresh outputs, as a table: numbers that moved, told apart from words that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Solvers guarantee about eight digits and notebooks print three or four: a last digit that turns over is 1 in 1000.
TOLERANCE = 2e-3
NOT_COMPARED = "not compared"  # the kind of a difference that cannot be known, and so counts as one
NUMBER = re.compile(r"(?<![\w.])[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class Drift:
    """Difference between two outputs, or what was not compared; `cell` is None where it is the whole notebook.

    `kind`: number (old and new are numbers), text, figure description, output, error, parameter or `NOT_COMPARED`.
    """

    report: str
    cell: int | None
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
        (
            d.report,
            d.cell,
            "number, within the tolerance" if d.is_small else d.kind,
            *map(_short, (d.quantity, d.old, d.new)),
            d.ratio,
        )
        for d in found
    ]
    heads = ("report", "cell", "what", "quantity", "old", "new", "ratio")
    small = sum(d.is_small for d in found)
    moved = sum(d.kind == "number" for d in found) - small
    unknown = sum(d.kind == NOT_COMPARED for d in found)
    words = len(found) - small - moved - unknown
    return (
        f"{tables.text(heads, rows, digits=5)}\n\n"
        f"{small} numbers moved within the tolerance ({TOLERANCE:g} of themselves), {moved} by more; "
        f"{words} texts, figure descriptions or outputs changed; {unknown} not compared."
    )


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


def _short(words: str) -> str:
    return words if len(words) <= 48 else words[:47] + "…"
