"""Stamp of a report: its name, what was changed, what it was made with, and the targets of its links."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbmodel import __version__, collection, scenario
from nbmodel.scenario import Scenario, setting


def about(case: Scenario, name: str) -> dict[str, Any]:
    """Metadata that a report carries: name, theme, title, what was changed."""
    return {
        "name": name,
        "title": case.title,
        "changed": changed(case),
        "scenario": {"theme": case.theme, "parameters": case.changed},
    }


def theme_of(name: str, metadata: Mapping[str, Any]) -> str | None:
    """Return the theme of a notebook, from its metadata or, for those of the collection, its name; None for another."""
    said = metadata.get("nbmodel", {}).get("scenario", {}).get("theme")
    return said or next((theme for theme, known in scenario.THEMES.items() if known.notebook == name), None)


def changed(case: Scenario) -> list[dict[str, str]]:
    """Return the parameters that differ from their default, as a reader sees them: name, value, default, unit."""
    return [
        {
            "name": row["name"],
            "value": setting.written(row["value"]),
            "default": setting.written(row["default"]),
            "unit": row["unit"],
        }
        for row in case.rows()
        if row["changed"]
    ]


def stamp() -> dict[str, Any]:
    """Return what reports are made with, and when: version, Python, date (UTC); in a checkout also commit and lock.

    The commit is "unknown" where git does not tell that of this checkout.
    """
    made: dict[str, Any] = {"version": __version__, "python": platform.python_version(), "date": now()}
    root = collection.checkout()
    if root is None:
        return made
    top, _, commit = _git(root, "rev-parse", "--show-toplevel", "--short=12", "HEAD").partition("\n")
    if commit and os.path.samefile(top, root):  # else the checkout lies, without its history, in somebody's repository
        made["commit"] = commit
        made["dirty"] = bool(_git(root, "status", "--porcelain"))
    else:
        made["commit"] = "unknown"
    lock = root / "requirements.lock"
    if lock.exists():
        made["lock"] = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    return made


def now() -> str:
    """Return the time (UTC) to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def link_targets(folder: Path, planned: Mapping[str, Scenario]) -> dict[str, str]:
    """Return the report that a link to each notebook should open: that of its theme's defaults, if planned or there."""
    known = {theme: scenario.make(theme) for theme in scenario.THEMES}
    for path in sorted(collection.scenarios_folder().glob("*.yaml")):
        with suppress(scenario.ScenarioError):
            name, case = scenario.load(path)
            known[name] = case
    there = {name: case for name, case in known.items() if (folder / f"{name}.html").exists()}
    reports = {**there, **planned}
    return {scenario.THEMES[case.theme].notebook: name for name, case in reports.items() if not case.changed}


def links(targets: Mapping[str, str]) -> dict[str, str]:
    """Map the name of a notebook to the page that a link to it opens."""
    return {notebook: f"{name}.html" for notebook, name in targets.items()}


def _git(root: Path, *arguments: str) -> str:
    # Variables such as GIT_DIR name another repository; one that belongs to another user is safe, as its code runs here.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        # Without the lock this reads only, also while somebody else commits.
        command = ["git", "--no-optional-locks", "-c", f"safe.directory={root}", "-C", str(root), *arguments]
        run = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False, env=plain)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""
