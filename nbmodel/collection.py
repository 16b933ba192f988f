"""Folders of the notebooks, scenarios and stored reports: in a checkout, or inside the installed package."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent


def files() -> Iterator[Path]:
    """List every file of the package: modules, tables, templates."""
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        if not any(part == "__pycache__" or part.startswith((".", "_collection")) for part in parts) and path.is_file():
            yield path


def state() -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file of the package: cheap enough to ask before each report whether it changed."""
    return tuple((str(path), (found := path.stat()).st_size, found.st_mtime_ns) for path in files())


@cache
def checkout() -> Path | None:
    """Folder of the repository, or None when the package is installed without one."""
    root = PACKAGE.parent
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except (OSError, tomllib.TOMLDecodeError):
        return None
    return root if project.get("name") == "nbmodel" else None


def notebooks_folder() -> Path:
    """Folder of the four notebooks and `terms.md`."""
    return _folder("notebooks", "notebooks")


def assignments_folder() -> Path:
    """Folder of the assignments with their solutions and keys; it lies outside what `make lab` opens."""
    return _folder("assignments", "assignments")


def scenarios_folder() -> Path:
    """Folder of the small, named, reviewed scenarios (YAML)."""
    return _folder("reports/scenarios", "scenarios")


def reference_folder() -> Path:
    """Folder of the stored reports that nbval checks."""
    return _folder("reports/reference", "reference")


def output_folder() -> Path:
    """Folder of reports unless another is named: reports/built in a checkout, else ./nbmodel-reports."""
    root = checkout()
    return root / "reports" / "built" if root else Path("nbmodel-reports")


def _folder(in_checkout: str, in_wheel: str) -> Path:
    root = checkout()
    return root / in_checkout if root else PACKAGE / "_collection" / in_wheel
