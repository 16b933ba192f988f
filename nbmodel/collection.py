"""Folders of the notebooks, scenarios and stored reports: in a checkout, or inside the installed package."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
# What a clone holds of its own, where no report may go; `reports` itself neither, but a folder in it.
KEPT = ("nbmodel", "notebooks", "tests", "docs", "reports/scenarios", "reports/reference")


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
    return PACKAGE.parent if _is_clone(PACKAGE.parent) else None


def _is_clone(root: Path) -> bool:
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except (OSError, ValueError):
        return False
    return bool(project.get("name") == "nbmodel")


def kept(folder: Path) -> Path | None:
    """Return the place of a clone's own files, or of the package's, that a folder is or lies in; None: reports may go there.

    In a clone that is its top, `reports` and whatever is in `KEPT` or hidden; links and `..` are followed.
    """
    real = Path(os.path.realpath(folder))
    lies_in = [real, *real.parents]
    for root in lies_in:
        if _same(root, PACKAGE):
            return root
        if _is_clone(root):
            if real == root or _same(real, root / "reports"):
                return real
            inside = lies_in[: lies_in.index(root)]
            own = (at for at in inside if at.name.startswith(".") or any(_same(at, root / place) for place in KEPT))
            return next(own, None)
    return None


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def notebooks_folder() -> Path:
    """Folder of the notebooks and `terms.md`."""
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
