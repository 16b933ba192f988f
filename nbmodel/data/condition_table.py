"""The conditions of `conditions.toml`: each is a name, and changes of the norepinephrine terminal with source and doubt.

A condition is one section of that file, and nothing else; a drug for it names it among its `uses`. What the changes do to
a terminal is for `disorders.conditions`; here they are only read, so that asking what can be set loads nothing heavy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nbmodel.data.parameters import FOLDER, Status
from nbmodel.data.typed_rows import TableError, did_you_mean, out_of_range, toml_sections, typed


@dataclass(frozen=True, slots=True)
class Change:
    """Change of a parameter: the terminal's `parameter` times `factor`, in [`low`, `high`]. `contested` says by what.

    `changed` is the parameter in words. Changes of the same `reading` of a condition are made together.
    """

    condition: str
    reading: str
    parameter: str
    changed: str
    factor: float
    low: float
    high: float
    source: tuple[str, ...]
    status: Status
    contested: str
    note: str

    def faults(self) -> list[tuple[str, str]]:
        """Return what is wrong with the change as a whole."""
        return out_of_range("factor", self.factor, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Condition:
    """Condition: its key, its name in words, and the changes of all its readings (none for a healthy person)."""

    key: str
    name: str
    changes: tuple[Change, ...] = ()

    @property
    def readings(self) -> tuple[str, ...]:
        """Readings, the one that stands for the condition first."""
        return tuple(dict.fromkeys(change.reading for change in self.changes))


def read(path: Path) -> dict[str, Condition]:
    """Read and check a file of conditions: key -> condition, in the order of the file.

    Raises
    ------
    TableError
        With every fault: the condition, the entry, what is wrong and what to write instead.
    """
    sections = toml_sections(path)
    words, known = sections.get("parameters"), sections.get("conditions")
    problems: list[str] = []
    if not (set(sections) == {"parameters", "conditions"} and isinstance(words, dict) and isinstance(known, dict)):
        raise TableError([f"{path.name}: must hold [parameters] and [conditions.NAME]; found {', '.join(sections)}"])
    found: dict[str, Condition] = {}
    for key, section in known.items():
        where = f"{path.name} [conditions.{key}"
        cells = dict(section) if isinstance(section, dict) else {"name": section}
        listed = cells.pop("changes", [])
        made = typed(Condition, {"key": key, **cells}, f"{where}], entry", problems)
        if not (isinstance(listed, list) and all(isinstance(change, dict) for change in listed)):
            problems.append(f"{where}], entry changes: are no sections; write each below [[conditions.{key}.changes]]")
            continue
        changes = [_change(key, n, cells, words, where, problems) for n, cells in enumerate(listed, 1)]
        if made:
            found[key] = Condition(key, made.name, tuple(change for change in changes if change))
    if problems:
        raise TableError(problems)
    return found


def _change(
    key: str, number: int, cells: Mapping[str, object], words: Mapping[str, str], where: str, problems: list[str]
) -> Change | None:
    place = f"{where}.changes] number {number}, entry"
    parameter = cells.get("parameter", "")
    if isinstance(parameter, str) and parameter and parameter not in words:
        near = did_you_mean(parameter, words) or "; add its name in words to [parameters]"
        problems.append(f"{place} parameter: {parameter!r} is not among [parameters]{near}")
        return None
    given = {"condition": key, "changed": words.get(str(parameter), ""), **cells}
    if not parameter:  # one fault, not two
        given["changed"] = "unknown"
    return typed(Change, given, place, problems)


@cache
def conditions() -> dict[str, Condition]:
    """Return every condition of `conditions.toml`, by key.

    Examples
    --------
    >>> conditions()["ptsd"].name
    'post-traumatic stress'
    >>> conditions()["ptsd"].readings
    ('raised tone and weaker feedback', 'raised tone only', 'weaker feedback only')
    """
    return read(FOLDER / "conditions.toml")
