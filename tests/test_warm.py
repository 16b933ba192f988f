"""Warm kernels give what cold ones give, and nothing passes from one to the next."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
import tiny
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from nbmodel import collection, scenario
from nbmodel.kernels import environment, provisioner, warm
from nbmodel.report import content, run, store
from nbmodel.scenario import Limits

pytestmark = pytest.mark.skipif(not warm.IS_POSSIBLE, reason="kernels are forked on Linux only")
CASE = scenario.make("reuptake")
# What could differ between a kernel that was forked and one that was started. (Only the order and number of warning
# filters does: libraries that are loaded and not used have added theirs.)
PROBE = """
import os, random, signal, sys, builtins, threading
import numpy as np, pandas as pd, matplotlib
from nbmodel import figures
print(sys.argv[0], len(sys.argv), sys.path, sys.flags, __name__, sorted(vars(builtins)))
print(os.listdir("."), os.path.basename(os.getcwd())[:14], sys.stdin.closed, os.getpgid(0) == os.getpid(), os.umask(0o22))
print(sorted(set(os.environ) - {"JPY_PARENT_PID"}), os.environ.get("MPLBACKEND"))
print(matplotlib.get_backend(), sorted(matplotlib.rcParams.items()))
print(pd.get_option("display.max_columns"), pd.get_option("display.width"), np.get_printoptions())
print(threading.current_thread().name, [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)])
print([name for name in dir() if not name.startswith("_")])
pd.DataFrame(np.ones((2, 30)))
"""


@pytest.fixture(scope="module")
def parent():
    parent = warm.Parent()
    yield parent
    parent.close()
    assert not Path(parent.address).exists()


@pytest.fixture
def kernels(parent, monkeypatch):
    """Chooses how the kernels of this test start: `kernels(warm=True)`."""
    forks = []
    forked = provisioner.ForkedKernel

    def count(*arguments):
        kernel = forked(*arguments)
        forks.append(kernel)
        return kernel

    def choose(warm):
        os.environ.update(parent.environment)
        if not warm:
            del os.environ["NBMODEL_WARM_KERNELS"]
        return forks

    monkeypatch.setattr(provisioner, "ForkedKernel", count)
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", warm.NAME)
    with environment.applied():  # as in the processes that make reports
        yield choose


def printed(notebook):
    return "".join(o.text for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type == "stream")


def outputs(notebook):
    return nbformat.writes(store.normalised(notebook))


def run_tiny(folder, *code):
    return run.execute(CASE, notebooks=tiny.plain(folder, *code))


@pytest.mark.long
def test_a_forked_kernel_finds_what_a_fresh_one_finds(kernels, tmp_path):
    forks = kernels(warm=True)
    one = run_tiny(tmp_path, PROBE)
    assert len(forks) == 1
    kernels(warm=False)
    other = run_tiny(tmp_path, PROBE)
    assert len(forks) == 1
    lines = zip(printed(one).splitlines(), printed(other).splitlines(), strict=True)
    assert [(a, b) for a, b in lines if a != b] == []
    assert outputs(one) == outputs(other)


def test_nothing_passes_from_one_kernel_to_the_next(kernels, tmp_path):
    forks = kernels(warm=True)
    run_tiny(
        tmp_path / "first",
        "import math, os, random, sys, warnings, numpy as np, pandas as pd, nbmodel.data.parameters\n"
        "random.seed(1); np.random.seed(1); os.environ['LEAK'] = '1'; os.chdir('/'); math.sin = None; sys.leak = 1\n"
        "nbmodel.data.parameters.load().leak = 1; pd.set_option('display.width', 7); warnings.simplefilter('ignore'); np.leak = 1\n"
        "os.umask(0o777); sys.path.append('leak'); import builtins; builtins.leak = 1",
    )
    second = run_tiny(
        tmp_path / "second",
        "import math, os, random, sys, numpy as np, pandas as pd, nbmodel.data.parameters\n"
        "print([hasattr(sys, 'leak'), hasattr(np, 'leak'), hasattr(nbmodel.data.parameters.load(), 'leak'), 'LEAK' in os.environ])\n"
        "print(math.sin(0), os.getcwd() == '/', pd.get_option('display.width'), 'leak' in sys.path, 'leak' in globals())\n"
        "print(random.random(), np.random.random())",
    )
    third = run_tiny(tmp_path / "third", "import random, numpy as np\nprint(random.random(), np.random.random())")
    lines = printed(second).splitlines()
    assert lines[:2] == ["[False, False, False, False]", "0.0 False 80 False False"]
    assert not set(lines[2].split()) & set(printed(third).split()), "two kernels drew the same random numbers"
    assert len(forks) == 3


def test_a_killed_kernel_is_noticed_and_the_next_one_is_well(kernels, tmp_path):
    forks = kernels(warm=True)
    with pytest.raises(run.ReportFailed, match="DeadKernelError"):
        run_tiny(tmp_path / "a", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert "well" in printed(run_tiny(tmp_path / "b", "print('well')"))
    assert [kernel.returncode for kernel in forks] == [-signal.SIGKILL, -signal.SIGKILL]


@pytest.mark.alone
@pytest.mark.parametrize("warm", [True, False])
def test_a_cell_is_held_to_its_time_and_its_memory(kernels, tmp_path, monkeypatch, warm):
    kernels(warm)
    monkeypatch.setenv("NBMODEL_KERNEL_GIGABYTES", "4")
    with pytest.raises(run.ReportFailed, match="MemoryError"):
        run_tiny(tmp_path / "a", "import numpy as np\nnp.ones(50 * 2**27)")
    notebooks = tiny.plain(
        tmp_path / "b", "while True:\n    try:\n        import time; time.sleep(60)\n    except BaseException: pass"
    )
    began = time.monotonic()
    with pytest.raises(run.ReportFailed, match="CellTimeoutError"):
        run.execute(CASE, notebooks=notebooks, held_to=Limits(seconds=2))
    assert time.monotonic() - began < 30


@pytest.mark.long
def test_a_kernel_starts_afresh_where_a_fork_would_not_be_the_same(kernels, tmp_path, monkeypatch, parent):
    forks = kernels(warm=True)
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    assert "ignore" in printed(run_tiny(tmp_path / "a", "import os\nprint(os.environ['PYTHONWARNINGS'])"))
    assert forks == []
    monkeypatch.delenv("PYTHONWARNINGS")

    monkeypatch.setenv("NBMODEL_WARM_KERNELS", str(tmp_path / "gone"))
    assert "afresh" in printed(run_tiny(tmp_path / "b", "print('afresh')"))
    assert forks == []


@pytest.mark.long
def test_changed_code_is_never_served_by_a_parent_that_imported_the_old(tmp_path):
    root = collection.PACKAGE.parent
    for name in ("nbmodel", "notebooks"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    room = tmp_path / "nbmodel" / "collection.py"
    room.write_text(room.read_text() + "\nEDITION = 'the first'\n")
    notebooks = tiny.plain(tmp_path / "in", "from nbmodel import collection\nprint(collection.EDITION)")
    program = f"""
import os, pathlib
from nbmodel import scenario
from nbmodel.kernels import provisioner, warm
from nbmodel.report import run
parent = warm.Parent()
os.environ.update(parent.environment)
forks, forked = [], provisioner.ForkedKernel
def fork(*arguments):
    kernel = forked(*arguments)
    forks.append(kernel)
    return kernel
provisioner.ForkedKernel = fork
def say():
    done = run.execute(scenario.make("reuptake"), notebooks=pathlib.Path({str(notebooks)!r}))
    print(done.cells[-1].outputs[0].text.strip(), len(forks))
say()
room = pathlib.Path({str(room)!r})
room.write_text(room.read_text().replace("first", "second"))
say()
parent.close()
"""
    own = environment.own(tmp_path / "own", {**os.environ, "PYTHONPATH": str(tmp_path)})
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=own, cwd=tmp_path, check=True
    )
    assert done.stdout.splitlines() == ["the first 1", "the second 1"]


@pytest.mark.long
def test_kernels_end_with_their_driver_however_it_ends(tmp_path):
    notebooks = tiny.plain(
        tmp_path / "in", "import os, pathlib, time\npathlib.Path(PLACE).write_text(str(os.getpid()))\ntime.sleep(99)"
    )
    path = notebooks / "02_reuptake.ipynb"
    path.write_text(path.read_text().replace("PLACE", json.dumps(str(tmp_path / "pid"))[1:-1].join(["'", "'"])))
    program = (
        "import os, pathlib, sys; from nbmodel import scenario;"
        "from nbmodel.kernels import environment, warm; from nbmodel.report import run;"
        "os.environ.update(environment.own(sys.argv[2]) | warm.Parent().environment);"
        "run.execute(scenario.make('reuptake'), notebooks=pathlib.Path(sys.argv[1]))"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(notebooks), str(tmp_path / "own")]) as driver:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.05)
        driver.kill()
    kernel = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 20
    while os.path.exists(f"/proc/{kernel}") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{kernel}")


@pytest.mark.long
@pytest.mark.parametrize("name", [theme.notebook for theme in scenario.THEMES.values()])
def test_every_notebook_comes_out_the_same_cold_and_warm(kernels, name, monkeypatch):
    path = collection.notebooks_folder() / f"{name}.ipynb"

    def rerun():
        return outputs(run.rerun(nbformat.read(path, as_version=4), path.parent))

    forks = kernels(warm=True)
    monkeypatch.setenv("NBMODEL_KERNEL_NOTEBOOK", str(path))  # as batches and checks ask for it
    one = rerun()
    assert len(forks) == 1
    kernels(warm=False)
    assert one == rerun()


@pytest.mark.long
@pytest.mark.parametrize("path", sorted(collection.reference_folder().glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_reference_scenario_comes_out_the_same_cold_and_warm(kernels, path, monkeypatch):
    _, case = scenario.load(collection.scenarios_folder() / f"{path.stem}.yaml")
    forks = kernels(warm=True)
    monkeypatch.setenv("NBMODEL_KERNEL_NOTEBOOK", str(content.source(case.theme)))
    one = outputs(run.execute(case))
    assert len(forks) == 1
    kernels(warm=False)
    assert one == outputs(run.execute(case))


@pytest.mark.long
def test_a_shared_notebook_is_run_once_and_others_do_not_wait(kernels, tmp_path, monkeypatch):
    forks = kernels(warm=True)
    ready = warm.Parent()
    try:
        monkeypatch.setenv("NBMODEL_WARM_KERNELS", ready.address)
        look = (
            "import os\nfrom nbmodel import norepinephrine_terminal\n"
            "print(norepinephrine_terminal.resting.cache_info().currsize, os.getppid(), os.path.exists('left'))\n"
        )
        fill = "open('left', 'w').close()\nnorepinephrine_terminal.resting(6.0)"
        shared = str(tiny.plain(tmp_path / "shared", look + fill) / "02_reuptake.ipynb")
        said = {}
        for number, notebook in enumerate(("", shared, shared)):
            monkeypatch.setenv("NBMODEL_KERNEL_NOTEBOOK", notebook)
            said[number] = printed(run_tiny(tmp_path / str(number), look)).split()
        other, first, second = said.values()
        assert other == ["0", str(ready.pid), "False"]
        assert first == second == ["1", first[1], "False"] and first[1] not in (other[1], "1")
        assert len(forks) == 3
        theirs = int(first[1])
        os.kill(theirs, signal.SIGKILL)  # without it, kernels are forked as before, with nothing computed
        while os.path.exists(f"/proc/{theirs}"):
            time.sleep(0.05)
        assert printed(run_tiny(tmp_path / "after", look)).split() == other
    finally:
        ready.close()
    assert not Path(ready.address).exists() and not os.path.exists(f"/proc/{ready.pid}")


# What a notebook must not leave to the kernels of its reports, and what ends its parent, so that they start without.
LEAVES = """
import os, random, subprocess, sys, warnings
import matplotlib.pyplot as plt, numpy as np, pandas as pd
from nbmodel import figures
plt.figure(); plt.rcParams["lines.linewidth"] = 7; warnings.simplefilter("ignore"); np.set_printoptions(precision=1)
pd.set_option("display.width", 7); sys.path.append("leak"); os.environ["LEAK"] = "1"; random.seed(1); np.random.seed(1)
figures.live("reuptake")
subprocess.Popen(["sleep", "300"], start_new_session=True)
from nbmodel import norepinephrine_terminal
norepinephrine_terminal.resting(6.0)
raise ValueError("a cell that fails")
"""
LOOKS = """
import ipywidgets, matplotlib.pyplot as plt
from nbmodel import norepinephrine_terminal
print(norepinephrine_terminal.resting.cache_info().currsize, plt.get_fignums(), len(ipywidgets.widgets.widget._instances))
"""


def test_a_notebook_that_was_run_beforehand_leaves_no_figure_option_or_child(kernels, tmp_path, monkeypatch):
    forks = kernels(warm=True)
    shared = tiny.plain(tmp_path / "shared", LEAVES) / "02_reuptake.ipynb"
    monkeypatch.setenv("NBMODEL_KERNEL_NOTEBOOK", str(shared))
    seen = printed(run_tiny(tmp_path / "seen", PROBE + LOOKS)).splitlines()
    monkeypatch.setenv("NBMODEL_KERNEL_NOTEBOOK", "")
    plain = printed(run_tiny(tmp_path / "plain", PROBE + LOOKS)).splitlines()
    assert (seen.pop(), plain.pop()) == ("1 [] 0", "0 [] 0")
    assert seen == plain
    assert len(forks) == 2


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos._exit(3)",
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
    ],
)
def test_kernels_start_without_a_notebook_that_cannot_be_run_beforehand(kernels, tmp_path, monkeypatch, code):
    kernels(warm=True)
    shared = tiny.plain(tmp_path / "shared", code) / "02_reuptake.ipynb"
    monkeypatch.setenv("NBMODEL_KERNEL_NOTEBOOK", str(shared))
    for number in range(2):
        assert "well" in printed(run_tiny(tmp_path / str(number), "print('well')"))


@pytest.mark.long
@pytest.mark.parametrize(("reports", "computed"), [(2, "True"), (1, "False")])
def test_a_batch_computes_beforehand_what_more_reports_than_workers_share(tmp_path, reports, computed):
    from nbmodel.batch import making

    code = (
        "from nbmodel import evidence\nprint(evidence._computed.cache_info().currsize > 0)\nevidence.table('reuptake')"
    )
    planned = {f"r{n}": scenario.make("reuptake", {"net_occupancy": n / 10}) for n in range(reports)}
    options = making.Options(workers=1, notebooks=tiny.plain(tmp_path / "in", code), index=False)
    done = making.run(planned, tmp_path / "out", options, lambda *_: None)
    assert len(done.made) == reports
    for name in planned:
        assert printed(nbformat.read(tmp_path / "out" / f"{name}.ipynb", as_version=4)).splitlines()[-1] == computed
