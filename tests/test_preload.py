"""A notebook that a warm parent has run leaves nothing to compute to another run of it: its functions remember."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbmodel import scenario
from nbmodel.kernels import warm
from nbmodel.report import content

# Runs a notebook twice as a warm parent does, and prints for every function of the package that remembers what it gave
# how often the second run asked for something not yet computed.
PROGRAM = """
import json, sys
path, tests = sys.argv[1:]
sys.path.append(tests)
import memory
from nbmodel.kernels import beforehand
def misses():
    return {f"{found.__module__}.{found.__qualname__}": found.cache_info().misses for found in memory.remembering()}
beforehand.load()
beforehand.run(path)
before = misses()
beforehand.run(path)
print(json.dumps({name: count - before.get(name, 0) for name, count in misses().items() if count > before.get(name, 0)}))
"""


@pytest.mark.skipif(not warm.IS_POSSIBLE, reason="kernels are forked on Linux only")
@pytest.mark.long
@pytest.mark.parametrize("theme", scenario.THEMES)
def test_a_notebook_finds_computed_what_its_reports_share(theme):
    command = [sys.executable, "-c", PROGRAM, str(content.source(theme)), str(Path(__file__).parent)]
    alone = {**os.environ, **warm.COLD}  # as a warm parent has it: no kernel is forked beside a thread
    done = subprocess.run(command, capture_output=True, text=True, env=alone, check=True)
    missed = json.loads(done.stdout)
    assert missed == {}
