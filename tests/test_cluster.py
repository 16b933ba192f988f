"""The same batch on a real Dask cluster: a scheduler and two worker processes on this machine."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tiny
from click.testing import CliRunner

from nbmodel import cli, collection
from nbmodel.kernels import scratch

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as Unix does")
ROOT = collection.PACKAGE.parent


class Started:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes, self.temporary = folder, [], folder / "tmp"
        self.temporary.mkdir()
        self.log = folder / "scheduler.log"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", log=self.log)
        self.address = self.wait(self.log, r"Scheduler at:\s+(tcp://\S+)")

    def worker(self, path: Path = ROOT) -> subprocess.Popen:
        log = self.folder / f"worker{len(self.processes)}.log"
        more = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.folder))
        process = self.start("worker", self.address, *more, log=log, path=path)
        self.wait(log, r"Registered to:\s+(\S+)")
        return process

    def start(self, kind, *arguments, log, path=ROOT):
        with log.open("w") as file:
            command = [sys.executable, "-m", "distributed.cli.dask_" + kind, *arguments]
            environment = {
                **os.environ,
                "PYTHONPATH": str(path),
                "PYTHONUNBUFFERED": "1",
                "TMPDIR": str(self.temporary),
            }
            process = subprocess.Popen(command, stdout=file, stderr=file, env=environment, cwd=self.folder)
        self.processes.append(process)
        return process

    def wait(self, log, pattern):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if found := re.search(pattern, log.read_text()):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(log.read_text())

    def stop(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    started = Started(tmp_path)
    yield started
    started.stop()


def run(tmp_path, address, *more):
    arguments = ["batch", tmp_path / "cases.csv", "-o", tmp_path / "out", "--scheduler", address, *more]
    return CliRunner().invoke(cli.main, [str(a) for a in arguments], obj=cli.Sources(notebooks=tmp_path / "in"))


def table(tmp_path, count):
    rows = "".join(f"reuptake,r{number},{number / 100}\n" for number in range(count))
    (tmp_path / "cases.csv").write_text(f"theme,name,net_occupancy\n{rows}")


@pytest.mark.long
def test_two_workers_make_the_batch_and_a_killed_one_costs_no_report(cluster, tmp_path):
    mark = tmp_path / "mark"
    tiny.plain(
        tmp_path / "in",
        f"import os, pathlib, signal\nmark = pathlib.Path({str(mark)!r})\n"
        "if net_occupancy == 0.03: raise ValueError('this one fails')\n"
        "if net_occupancy == 0.02 and not mark.exists():\n"
        "    mark.touch()\n    os.kill(os.getppid(), signal.SIGKILL)",  # a cold kernel's parent is its worker
    )
    table(tmp_path, 8)
    workers = [cluster.worker(), cluster.worker()]
    result = run(tmp_path, cluster.address, "--cold")
    assert mark.exists() and sorted(worker.poll() is None for worker in workers) == [False, True]
    assert "7 made, 0 unchanged, 1 failed" in result.output, result.output
    assert "r3: a cell failed in the section 'The end': ValueError: this one fails" in result.stderr
    assert len(list((tmp_path / "out").glob("r*.html"))) == 7
    # What the killed one left is in its one folder, which the next run on that machine clears.
    runs = [path.name for path in cluster.temporary.iterdir() if path.name.startswith("nbmodel")]
    assert len(runs) == 2 and all(name.startswith(scratch.PREFIX) for name in runs)
    shell = [sys.executable, "-c", "from nbmodel.kernels import scratch; scratch.folder()"]
    subprocess.run(shell, check=True, env={**os.environ, "TMPDIR": str(cluster.temporary)})
    assert len([path for path in cluster.temporary.iterdir() if path.name.startswith("nbmodel")]) == 1


@pytest.mark.long
def test_a_lost_scheduler_ends_the_batch_in_one_line_and_keeps_what_is_finished(cluster, tmp_path):
    scheduler = cluster.processes[0].pid
    tiny.plain(
        tmp_path / "in",
        f"import os, signal, time\nif net_occupancy: os.kill({scheduler}, signal.SIGKILL); time.sleep(60)",
    )
    table(tmp_path, 3)  # the others link to the one at the default settings, so it is made first
    cluster.worker()
    result = run(tmp_path, cluster.address, "--cold")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == (
        f"nbmodel: the Dask scheduler at {cluster.address} is gone; "
        "the finished reports are kept, and the same command carries on with another"
    )
    assert (tmp_path / "out" / "r0.html").exists() and (tmp_path / "out" / "index.html").exists()


@pytest.mark.long
def test_results_alone_and_warm_kernels_work_there_too(cluster, tmp_path):
    # What reports of a notebook share is computed once for each worker: its cells are run beforehand.
    code = "known = resting.cache_info().currsize\nresting(6.0)\nassert known"
    tiny.plain(tmp_path / "in", f"from nbmodel.models.norepinephrine_terminal import resting\n{code}")
    table(tmp_path, 6)
    cluster.worker(), cluster.worker()
    assert "6 made" in run(tmp_path, cluster.address, "--results-only").output
    assert "6 made" in run(tmp_path, cluster.address).output


def test_workers_of_another_version_are_refused_with_a_clear_message(cluster, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for name in ("nbmodel", "notebooks"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", other)
    with (other / "nbmodel" / "data" / "claims.csv").open("a") as file:
        file.write("\n")
    tiny.plain(tmp_path / "in", "1")
    table(tmp_path, 2)
    cluster.worker(), cluster.worker(path=other)
    result = run(tmp_path, cluster.address)
    assert result.exit_code == 2
    assert "1 of 2 workers have another version of nbmodel" in result.stderr
    assert not list((tmp_path / "out").glob("r*.html"))


def test_without_a_scheduler_the_message_says_so(tmp_path, monkeypatch):
    from nbmodel.batch import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 1)
    tiny.plain(tmp_path / "in", "1")
    table(tmp_path, 1)
    result = run(tmp_path, "tcp://127.0.0.1:9")
    assert result.exit_code == 2
    assert "no Dask scheduler with workers at 'tcp://127.0.0.1:9'" in result.stderr
