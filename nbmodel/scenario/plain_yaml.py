"""YAML that users bring, read as data: texts, lists and mappings, and nothing that grows while it is read.

A number is a text too, until the setting that it is for reads it: in YAML 1.1 `1:30` is 90 and `012` is ten, and a name
`on` is true. So a file takes what `-p` takes, and 012 is twelve in both. Only what is left empty (or `null`, or `~`) is
no text but None.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from nbmodel.data import bounded

LARGEST = 15_000_000  # bytes of a file: 200,000 scenarios, and minutes of reading
NOTHING = "tag:yaml.org,2002:null"


def load(path: Path) -> Any:
    """Return what a YAML file holds. Raises ValueError with the file, the line and what is wrong there.

    No code runs. Aliases (`*name`) and merge keys (`<<`) are refused: a few lines of them make gigabytes. So are a key
    that stands twice in a mapping and tags (`!!int`), which say how a text is to be read.
    """
    import yaml

    text = bounded.text_of(path, LARGEST, "split it, or write it as CSV")
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
            event = self.peek_event()  # type: ignore[no-untyped-call]
            if isinstance(event, yaml.AliasEvent):
                raise fault("aliases (*name) are not taken; write the value out", event.start_mark)
            if tag := getattr(event, "tag", None):
                said = f"tags ({tag.replace('tag:yaml.org,2002:', '!!')[:80]}) are not taken; write the value alone"
                raise fault(said, event.start_mark)
            return super().compose_node(parent, index)

        def flatten_mapping(self, node: Any) -> None:
            """Called for each mapping before it is made: elsewhere this is where merge keys are followed."""
            seen: set[str] = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    continue
                if key.value == "<<" and key.style is None:
                    raise fault("merge keys (<<) are not taken; write the values out", key.start_mark)
                if key.value in seen:
                    raise fault(f"{key.value[:80]!r} stands twice", key.start_mark)
                seen.add(key.value)

    Loader.yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in forms if tag == NOTHING]
        for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader
