"""What a warm parent computes beforehand is what the notebooks ask for: no more work is left to them than settings change."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nbmodel import collection, scenario

# Runs the cells of a notebook as they stand in a process that has done what a warm parent does. Prints, for every
# function of the package that remembers what it gave, how often the notebook asked for something not yet computed.
PROGRAM = """
import contextlib, io, json, os, sys
os.environ["MPLBACKEND"] = "agg"
theme, path, tests = sys.argv[1:]
sys.path.append(tests)
import memory
from nbmodel.report import warm_parent
def misses():
    return {f"{found.__module__}.{found.__qualname__}": found.cache_info().misses for found in memory.remembering()}
warm_parent.preload([theme])
before, names = misses(), {}
with open(path, encoding="utf-8") as file, contextlib.redirect_stdout(io.StringIO()):
    for cell in json.load(file)["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
print(json.dumps({name: count - before.get(name, 0) for name, count in misses().items() if count > before.get(name, 0)}))
"""
# What is left to the notebooks, a few hundredths of a second in all: steady states and units; in synthesis the scenario's
# own course, and a half-life from the theme of reuptake; in arousal the slider's own setting and the low level under
# halothane; in reuptake an antagonist at the terminals alone; in disorders a burst in two
# people, and what the ranges of the case's own numbers do to it.
LEFT = {
    "synthesis": ("transients.clearance_half_life", "transients.decay", "synthesis.course"),
    "lc_arousal": ("dialysis.local", "dialysis.under_halothane", "lc_arousal.spiking._kept"),
    "reuptake": ("dialysis.local",),
    "disorders": ("transients.burst", "norepinephrine_terminal.resting", "treatment.treat", "virtual_patients._cohort"),
}  # fmt: skip
SHORT = {"solve.steady_state", "parameters._factor"}


@pytest.mark.long
@pytest.mark.parametrize("theme", scenario.THEMES)
def test_a_notebook_finds_computed_what_its_reports_share(theme):
    notebook = collection.notebooks_folder() / f"{scenario.THEMES[theme].notebook}.ipynb"
    command = [sys.executable, "-c", PROGRAM, theme, str(notebook), str(Path(__file__).parent)]
    missed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert {name.removeprefix("nbmodel.") for name in missed} - SHORT == set(LEFT[theme])
