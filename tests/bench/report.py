"""What a report costs, in CPU seconds: our way, cold and warm, beside papermill's and nbconvert's commands and a floor.

Each way makes the same reports of the notebooks, one process after the other, the ways interleaved; a way's own
start-up is in its figure, shared by ten reports. Figures are medians over the notebooks, with their range.
"""

import contextlib
import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from nbmodel import collection, scenario
from nbmodel.check import stored

REPORTS = int(os.environ.get("REPORTS", "10"))  # fewer make a quick look, and make the start-up look dear
# What differs between the reports of a notebook, so that none can be served from the cache.
SETTINGS = {
    "synthesis": ("hours", 24.0),
    "reuptake": ("burst_rate", 10.0),
    "lc_arousal": ("burst_rate", 10.0),
    "sleep_wake": ("nrem_rate", 0.5),
    "attention": ("basal_ne", 6.0),
    "disorders": ("dose_mg", 40.0),
}


def cpu(command: list[object]) -> float:
    """The CPU seconds of a command with all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # One thread, as in our batches: else idle threads of linear algebra are counted against the other ways.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    with contextlib.suppress(ChildProcessError):
        while True:  # those whose parent ended before them are this process's now
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def table(folder: Path, theme: str) -> Path:
    name, first = SETTINGS[theme]
    rows = "".join(f"{theme},{first * (1 + 0.01 * n):.6g}\n" for n in range(1, REPORTS + 1))
    path = folder / f"{theme}.csv"
    path.write_text(f"theme,{name}\n{rows}", encoding="utf-8")
    return path


def by_commands(folder: Path, theme: str) -> float:
    """papermill's command, then nbconvert's: a report at a time, each with its own start-up. Two, since it is dear."""
    notebook = collection.notebooks_folder() / f"{scenario.THEMES[theme].notebook}.ipynb"
    name, first = SETTINGS[theme]
    spent = 0.0
    for n in (1, 2):
        out = folder / f"{theme}-{n}.ipynb"
        papermill = [sys.executable, "-m", "papermill", "--no-progress-bar", "-p", name, first * (1 + 0.01 * n)]
        spent += cpu([*papermill, notebook, out])
        spent += cpu([sys.executable, "-m", "jupyter", "nbconvert", "--log-level=ERROR", "--to", "html", out])
    return spent / 2


def by_batch(folder: Path, theme: str, *options: str) -> float:
    out = folder / f"{theme}{'-'.join(options)}"
    command = [sys.executable, "-m", "nbmodel", "batch", table(folder, theme), "-o", out, "--workers", "1", *options]
    return cpu(command) / REPORTS


def by_floor(folder: Path, theme: str) -> float:
    notebook = collection.notebooks_folder() / f"{scenario.THEMES[theme].notebook}.ipynb"
    return (
        cpu([sys.executable, "-m", "tests.bench.floor", REPORTS, theme, *SETTINGS[theme], notebook, folder]) / REPORTS
    )


def measure() -> list[dict[str, object]]:
    # What outlives its parent comes to this process, so that its time is counted: PR_SET_CHILD_SUBREAPER.
    if ctypes.CDLL(None).prctl(36, 1, 0, 0, 0):
        raise RuntimeError("CPU seconds of all processes can be counted on Linux only")
    spent: dict[str, list[float]] = {"cli": [], "cold": [], "warm": [], "floor": []}
    with tempfile.TemporaryDirectory(prefix="nbmodel-bench-") as name:
        folder = Path(name)
        for theme in scenario.THEMES:
            spent["cli"].append(by_commands(folder, theme))
            spent["cold"].append(by_batch(folder, theme, "--cold"))
            spent["warm"].append(by_batch(folder, theme))
            spent["floor"].append(by_floor(folder, theme))
            print(f"{theme}: " + ", ".join(f"{way} {seconds[-1]:.2f}" for way, seconds in spent.items()), flush=True)
        noop = unchanged(folder)
    return [
        ratio("report_cli_over_warm", spent["cli"], spent["warm"], "at least 5, aim 6"),
        ratio("report_cli_over_cold", spent["cli"], spent["cold"], ""),
        ratio("report_warm_over_floor", spent["warm"], spent["floor"], "at most 1.7, aim 1.2"),
        noop,
        nbval(),
    ]


def ratio(name: str, above: list[float], below: list[float], bar: str) -> dict[str, object]:
    each = [a / b for a, b in zip(above, below, strict=True)]
    detail = f"range {min(each):.2f} to {max(each):.2f} over the notebooks; CPU s a report {shown(above)} over {shown(below)}"
    return {"name": name, "value": statistics.median(each), "unit": "1", "detail": f"{detail}{bar and f'; bar: {bar}'}"}


def shown(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def unchanged(folder: Path) -> dict[str, object]:
    """A batch that finds its ten reports as they should be, less what Python's start and the same imports take."""
    theme = "reuptake"
    command = [sys.executable, "-m", "nbmodel", "batch", table(folder, theme), "-o", folder / theme]
    cpu(command)
    imports = [sys.executable, "-c", "import nbmodel.cli, csv, yaml, importlib.metadata, json, hashlib"]
    pairs = [(cpu(command), cpu(imports)) for _ in range(7)]
    each = [whole - start for whole, start in pairs]
    start = [start for _, start in pairs]
    detail = f"range {min(each):.3f} to {max(each):.3f}; start and imports {shown(start)}; bars: at most 0.2, and 0.6"
    return {"name": "report_noop_cpu", "value": statistics.median(each), "unit": "s", "detail": detail}


def nbval() -> dict[str, object]:
    """All stored notebooks through nbval, cold as `make test` does it, and warm as `nbmodel check` does."""
    files = sorted(map(str, stored.notebooks_by_name().values()))
    cold, warm = [], []
    for _ in range(3):
        cold.append(cpu([sys.executable, "-m", "pytest", *stored.NBVAL, "-q", *files]))
        warm.append(cpu([sys.executable, "-m", "nbmodel", "check", "--workers", "1"]))
    return ratio("nbval_cold_over_warm", cold, warm, "at least 1.7, aim 2")
