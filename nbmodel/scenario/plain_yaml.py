"""YAML that users bring, read as data: numbers, texts, lists and mappings, and nothing that grows while it is read."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

LARGEST = 15_000_000  # bytes of a file: 200,000 scenarios, and minutes of reading
LONGEST = 100  # characters of a number: one in base 60 takes the square of its length
NUMBERS = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "timestamp")}


def text_of(path: Path, largest: int, remedy: str) -> str:
    """Read a regular file of at most `largest` bytes. Raises ValueError with the file, the rule and the `remedy`.

    A device has no end, and a pipe keeps its reader waiting: neither is opened. Nor does a file that grows meanwhile
    fill the memory.
    """
    try:
        if os.path.exists(path) and not os.path.isdir(path) and not os.path.isfile(path):
            raise ValueError(f"{path.name} is a pipe or a device; save what it holds in a file, and name that")
        with open(path, "rb") as file:
            raw = file.read(largest + 1)
        if len(raw) <= largest:
            return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} cannot be read: {str(error).splitlines()[0]}") from None
    raise ValueError(f"{path.name} is larger than {largest // 1_000_000} MB; {remedy}")


def load(path: Path) -> Any:
    """Return what a YAML file holds. Raises ValueError with the file, the line and what is wrong there.

    No code runs. Aliases (`*name`) and merge keys (`<<`) are refused: a few lines of them make gigabytes. So are a key
    that stands twice in a mapping and a number of more than `LONGEST` characters.
    """
    import yaml

    text = text_of(path, LARGEST, "split it, or write it as CSV")
    try:
        return yaml.load(text, Loader=_loader())
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = path.name if mark is None else f"{path.name} line {mark.line + 1}"
        said = getattr(error, "problem", None) or type(error).__name__
        raise ValueError(f"{where}: cannot be read as YAML: {str(said)[:300]}") from None


@cache
def _loader() -> Any:
    """PyYAML's safe loader, in pure Python, with less allowed."""
    import yaml

    def fault(said: str, mark: Any) -> Exception:
        return yaml.MarkedYAMLError(problem=said, problem_mark=mark)

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise fault("aliases (*name) are not taken; write the value out", mark)
            return super().compose_node(parent, index)

        def construct_scalar(self, node: Any) -> Any:
            if node.tag in NUMBERS and len(node.value) > LONGEST:
                raise fault(f"a number has at most {LONGEST} characters; put a text in quotes", node.start_mark)
            return super().construct_scalar(node)

        def flatten_mapping(self, node: Any) -> None:
            """Called for each mapping before it is made: where merge keys would be followed."""
            seen: set[str] = set()
            for key, _ in node.value:
                if key.tag == "tag:yaml.org,2002:merge":
                    raise fault("merge keys (<<) are not taken; write the values out", key.start_mark)
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        raise fault(f"{key.value[:80]!r} stands twice", key.start_mark)
                    seen.add(key.value)

    return Loader
