"""Pages of the package's public face, made of its docstrings."""

from __future__ import annotations

import importlib
from pathlib import Path

import nbmodel

GROUPS = {
    "Themes": "nbmodel.{synthesis,reuptake,lc_arousal,sleep_wake,attention,disorders}",
}


def write(folder: Path) -> None:
    """Write a page for each public module, and one that lists them."""
    folder.mkdir(parents=True)
    rooms: dict[str, list[str]] = {}
    for name, module in nbmodel.PUBLIC.items():
        path = module.split(".")
        rooms.setdefault(path[1] if len(path) > 2 else "", []).append(name)
        (folder / f"{name}.md").write_text(_page(name, module), encoding="utf-8")
    lines = [f"| [{name}](api/{name}.html) | {_first(module)} |" for name, module in nbmodel.PUBLIC.items()]
    text = f"""# Python interface

What notebooks and users take from the package, as `from nbmodel import reuptake, solve`. These names stay between
releases, or the [changelog](changelog.html) says so.

| name | what it holds |
|---|---|
{chr(10).join(lines)}

```{{toctree}}
:hidden:

{chr(10).join(f"api/{name}" for name in nbmodel.PUBLIC)}
```
"""
    from generator import links

    (folder.parent / "api.md").write_text(links.rewritten(text, "", "api.html"), encoding="utf-8")


def _first(module: str) -> str:
    doc = importlib.import_module(module).__doc__ or ""
    return " ".join(doc.strip().split("\n\n")[0].split()).replace("|", "\\|")


def _page(name: str, module: str) -> str:
    return f"""# {name}

```{{eval-rst}}
.. automodule:: {module}
   :members:
```
"""
