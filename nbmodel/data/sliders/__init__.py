"""Grids of slider demos, a file each, as `figures.grids` makes them; read here without the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Names of the stored grids."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def path(name: str) -> Path:
    """File of a grid, which need not be there yet."""
    return FOLDER / f"{name}.json"


def load(name: str) -> dict[str, Any]:
    """Return a stored grid.

    Raises
    ------
    KeyError
        For a name that there is not, whatever file it would lead to.

    Examples
    --------
    >>> [slider["label"] for slider in load("reuptake")["sliders"]]
    ['feedback', 'NET blocked (%)']
    """
    if name not in names():
        raise KeyError(f"there is no grid of sliders {name!r}; there are {', '.join(names())}")
    found: dict[str, Any] = json.loads(path(name).read_text(encoding="utf-8"))
    return found
