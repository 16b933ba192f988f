"""Batches: what is fresh is left alone, what fails stops nothing else, and no ending leaves half a report."""

import csv
import errno
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import nbformat
import psutil
import pytest
import tiny
from click.testing import CliRunner

from nbmodel import cli, collection, scenario
from nbmodel.batch import index, keeping, making, workers
from nbmodel.report import content, ownership, records, store
from nbmodel.report import run as runs
from nbmodel.report.content import Changed
from nbmodel.scenario import Limits

HEAD = "theme,name,net_occupancy\n"


def nbmodel(*arguments, sources=None):
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments], obj=sources)


def table(path, rows):
    path.write_text(HEAD + "".join(f"reuptake,{name},{value}\n" for name, value in rows))
    return path


def reports(folder):
    return sorted(path.stem for path in folder.glob("*.html") if path.stem not in ("index", "terms"))


def left_behind(here):
    """Half-written files in a test's folder, and processes of its batches: below this one, or with the driver's mark."""
    parts = [str(path) for path in here.rglob("*.part")]
    below = psutil.Process().children(recursive=True)
    servers = [child for child in psutil.Process().children() if "multiprocessing." in " ".join(child.cmdline())]
    return parts + [
        process.cmdline()
        for process in psutil.process_iter()
        if (process in below and process not in servers) or mark_of(process) == str(here)
    ]


def mark_of(process):
    """The folder of the batch that a process belongs to, however far from its driver; empty when it is none."""
    try:
        return process.environ().get("TESTED_IN", "")
    except (psutil.Error, OSError):
        return ""


def written(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def here(tmp_path):
    """A folder with a notebook that any scenario passes, and a table of three."""
    tiny.plain(tmp_path / "in", "print(net_occupancy)")
    table(tmp_path / "cases.csv", [("a", 0.1), ("b", 0.2), ("c", 0.3)])
    return tmp_path


def run(here, *more, warm=False, **sources):
    """The batch of `here`. These notebooks import nothing, so for three of them a warm parent is not worth its price."""
    sources = cli.Sources(notebooks=here / "in", **sources)
    more = more if warm else (*more, "--cold")
    return nbmodel("batch", here / "cases.csv", "-o", here / "out", *more, sources=sources)


@pytest.mark.long
def test_what_did_not_change_is_left_as_it_is(here):
    table(here / "cases.csv", [("a", 0.1), ("b", 0.2)])
    first = run(here)
    assert first.exit_code == 0, first.output
    assert "2 made, 0 unchanged, 0 failed" in first.output
    before = written(here / "out")
    assert "0 made, 2 unchanged" in run(here).output
    assert written(here / "out") == before

    # What a notebook stores of an earlier run is no part of a report; its cells are.
    path = here / "in" / "02_reuptake.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="stored")]
    nbformat.write(notebook, path)
    assert "0 made, 2 unchanged" in run(here).output
    table(here / "cases.csv", [("a", 0.1), ("b", 0.25)])
    assert "1 made, 1 unchanged" in run(here).output
    assert "1 made, 1 unchanged" in run(here, "--force", "a").output
    notebook.cells[-1].source += "  # other"
    nbformat.write(notebook, path)
    assert "2 made" in run(here).output


@pytest.mark.long
def test_a_damaged_report_or_record_is_made_again_and_never_served(here):
    run(here)
    out = here / "out"
    damages = {
        "a.html": lambda data: data[: len(data) // 2],
        "a.ipynb": lambda data: data[:-20] + b"x" + data[-19:],
        "b.results.csv": lambda data: b"",
        ".records/b.json": lambda data: data.replace(b'"value": ', b'"value": 1', 1),
        ".records/c.json": lambda data: data[:100],
    }
    whole = {name: (out / name).read_bytes() for name in damages}
    for name, damage in damages.items():
        (out / name).write_bytes(damage(whole[name]))
        said = run(here).output
        assert "1 made, 2 unchanged" in said, (name, said)
    (out / "c.ipynb").unlink()
    assert "1 made, 2 unchanged" in run(here).output
    (out / "index.html").write_text("half")
    assert "0 made, 3 unchanged" in run(here).output
    assert (out / "index.html").read_text().rstrip().endswith("</html>")
    again = json.loads((out / "a.ipynb").read_bytes())
    assert [cell["source"] for cell in again["cells"]] == [
        cell["source"] for cell in json.loads(whole["a.ipynb"])["cells"]
    ]


@pytest.mark.long
def test_a_repeated_batch_loads_nothing_heavy(here):
    run(here)
    program = (
        "import sys; from pathlib import Path; from nbmodel import cli;"
        f"cli.main(['batch', {str(here / 'cases.csv')!r}, '-o', {str(here / 'out')!r}],"
        f" obj=cli.Sources(notebooks=Path({str(here / 'in')!r})), standalone_mode=False);"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "3 unchanged" in done.stdout
    loaded = {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert not loaded & {"nbformat", "papermill", "jupyter_client", "numpy", "pandas", "jinja2", "IPython", "pint"}


@pytest.mark.long
@pytest.mark.alone
def test_one_that_fails_stops_nothing_and_is_named_with_its_place_and_error(here):
    tiny.plain(
        here / "in",
        "import os, time\n"
        "if net_occupancy == 0.1: raise ValueError('too <low>')\n"
        "if net_occupancy == 0.2: time.sleep(60)\n"
        "if net_occupancy == 0.3: os._exit(3)\n"
        "if net_occupancy == 0.4: bytearray(50 * 2**30)\n"
        "while net_occupancy == 0.5: print('talk ' * 100)",
    )
    rows = [("raises", 0.1), ("hangs", 0.2), ("exits", 0.3), ("eats", 0.4), ("talks", 0.5), ("good", 0.6)]
    table(here / "cases.csv", rows)
    result = run(here, limits={"reuptake": Limits(seconds=6, gigabytes=4, megabytes=1)})
    assert result.exit_code == 1
    told = {line.split(":")[0]: line for line in result.stderr.splitlines()}
    assert "'The end': ValueError: too <low>" in told["raises"]
    assert "'The end': CellTimeoutError" in told["hangs"]
    assert "'The end': DeadKernelError" in told["exits"]
    assert "'The end': MemoryError" in told["eats"]
    assert "'The end': TooMuchOutput: more than 1 MB of output; print less" in told["talks"]
    left = (here / "out" / "talks.failed.ipynb").read_text()
    assert "talk talk" in left and "what followed is not kept" in left and len(left) < 200_000
    assert reports(here / "out") == ["good"]
    page = (here / "out" / "index.html").read_text()
    assert "Failed (5)" in page and page.index("too &lt;low&gt;") < page.index("Reports (1)")
    assert left_behind(here) == []

    # The next run tries them again, and a failure that is gone leaves no trace.
    tiny.plain(here / "in", "print(net_occupancy)")
    assert run(here).exit_code == 0
    assert reports(here / "out") == ["eats", "exits", "good", "hangs", "raises", "talks"]
    assert not list((here / "out").glob("*.failed.ipynb")) and "Failed" not in (here / "out" / "index.html").read_text()


@pytest.mark.long
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM"])
def test_a_worker_that_is_killed_costs_a_second_try(here, how):
    mark = here / "mark"
    tiny.plain(
        here / "in",
        f"import os, pathlib, signal\nmark = pathlib.Path({str(mark)!r})\n"
        "if net_occupancy == 0.2 and not mark.exists():\n"
        f"    mark.touch()\n    os.kill(os.getppid(), signal.{how})",
    )
    result = run(here, "--workers", 1)  # the parent of a cold kernel is its worker; here the only one
    assert mark.exists()
    assert "3 made, 0 unchanged, 0 failed" in result.output


LAUNCH = """
import pathlib
from nbmodel.kernels import provisioner
COUNTED, FAILING = pathlib.Path(COUNT), TIMES
plain = provisioner.Provisioner.launch_kernel
async def launch(self, cmd, **more):
    with COUNTED.open("a") as file:
        file.write("x")
    if COUNTED.stat().st_size <= FAILING:
        raise OSError("no kernel today")
    return await plain(self, cmd, **more)
provisioner.Provisioner.launch_kernel = launch
"""


@pytest.mark.long
@pytest.mark.parametrize("times", [1, 2])
def test_a_kernel_that_does_not_start_is_tried_once_more_and_not_twice(here, times):
    also = LAUNCH.replace("COUNT)", f"{str(here / 'count')!r})").replace("TIMES", str(times))
    table(here / "cases.csv", [("a", 0.1)])
    with driver(here, also=also) as batch:
        said, _ = batch.communicate(timeout=100)
    assert (here / "count").read_text() == "xx", said
    assert batch.returncode == times - 1
    assert ("a: the kernel did not start: OSError: no kernel today" in said) == (times == 2)


@pytest.mark.long
def test_a_warm_parent_that_is_killed_harms_no_report_but_the_one_that_was_running(here):
    mark = here / "mark"
    tiny.plain(
        here / "in",
        f"import os, pathlib, signal\nmark = pathlib.Path({str(mark)!r})\n"
        "if net_occupancy == 0.1 and not mark.exists():\n"
        "    mark.touch()\n    os.kill(os.getppid(), signal.SIGKILL)",
    )
    result = run(here, "--workers", 1, warm=True)
    assert mark.exists()
    assert {"b", "c"} <= set(reports(here / "out")), result.output
    assert run(here, warm=True).exit_code == 0
    assert reports(here / "out") == ["a", "b", "c"]


@pytest.mark.long
def test_faulty_rows_are_all_told_before_anything_starts_or_left_out(here):
    (here / "cases.csv").write_text(
        HEAD + "reuptake,a,0.1\nreuptake,b,7\nrepuptake,c,0.1\nreuptake,A,0.2\nreuptake,../x,0.3\n"
    )
    refused = run(here)
    assert refused.exit_code == 2
    for words in (
        "line 3: net_occupancy = 7",
        "line 4: there is no theme",
        "line 5: the report would be",
        "line 6: the name '../x'",
    ):
        assert words in refused.stderr
    assert not (here / "out").exists()
    done = run(here, "--skip-invalid")
    assert done.exit_code == 0 and reports(here / "out") == ["a"]
    assert done.stderr.count("left out: ") == 4


@pytest.mark.long
def test_shards_make_each_report_once_and_index_merges_them(here):
    rows = [(f"r{number}", number / 10) for number in range(1, 8)]
    table(here / "cases.csv", rows)
    for part in ("1/3", "2/3", "3/3"):
        assert run(here, "--shard", part).exit_code == 0
    assert not (here / "out" / "index.html").exists()
    assert nbmodel("index", here / "out").exit_code == 0
    with (here / "out" / "results.csv").open() as file:
        assert {row["report"] for row in csv.DictReader(file)} == {name for name, _ in rows}
    for part in ("0/3", "4/3", "1", "a/b", "-1/3", "1/0"):
        assert "must be K/N" in run(here, "--shard", part).stderr


@pytest.mark.long
def test_results_alone_are_those_of_the_report(here):
    assert run(here).exit_code == 0
    reported = (here / "out" / "results.csv").read_text()
    done = nbmodel("batch", here / "cases.csv", "-o", here / "alone", "--results-only")
    assert done.exit_code == 0 and "3 made" in done.output
    assert (here / "alone" / "results.csv").read_text() == reported
    assert reports(here / "alone") == []
    # Where the whole report is there, its results are too.
    assert "3 unchanged" in run(here, "--results-only").output
    assert reports(here / "out") == ["a", "b", "c"]


@pytest.mark.long
def test_results_alone_leave_an_earlier_page_and_the_index_says_so(here):
    run(here)
    page = (here / "out" / "a.html").read_bytes()
    assert "1 made, 2 unchanged" in run(here, "--results-only", "--force", "a").output
    assert (here / "out" / "a.html").read_bytes() == page
    assert listed(here) == ({"a": ["its page is of an earlier run"], "b": [], "c": []}, [])
    assert 'href="a.html"' in (here / "out" / "index.html").read_text()
    assert "1 made, 2 unchanged" in run(here).output
    assert listed(here)[0]["a"] == []


@pytest.mark.long
def test_files_that_are_not_of_a_batch_are_never_overwritten(here):
    out = here / "out"
    out.mkdir()
    mine = {name: f"mine {name}" for name in ("index.html", "b.ipynb", ".notes.part", "other.txt")}
    for name, words in mine.items():
        (out / name).write_text(words)
    refused = run(here)
    assert refused.exit_code == 2
    assert [line.split(" is there")[0].split("/")[-1] for line in refused.stderr.splitlines()[1:]] == [
        "b.ipynb",
        "index.html",
    ]
    assert {path.name: path.read_text() for path in out.iterdir()} == mine
    for name in ("index.html", "b.ipynb"):
        (out / name).unlink()
    os.utime(out / ".notes.part", (0, 0))
    assert run(here).exit_code == 0
    assert (out / ".notes.part").read_text() == mine[".notes.part"]
    # Nor is the table itself, even where the folder is one of batches.
    shutil.copy(here / "cases.csv", out / "results.csv")
    before = (out / "results.csv").read_bytes()
    refused = nbmodel("batch", out / "results.csv", "-o", out)
    assert refused.exit_code == 2 and "results.csv would be overwritten" in refused.stderr
    assert (out / "results.csv").read_bytes() == before


def test_a_path_that_is_too_long_is_refused_in_a_line(here):
    long = "x" * 300
    for command in (("batch", here / "cases.csv", "-o", here / long), ("index", here / long), ("check", long)):
        refused = nbmodel(*command)
        assert refused.exit_code == 2 and "nothing was done" in refused.stderr, command


@pytest.mark.long
def test_what_moved_since_the_last_run_is_told(here):
    assert run(here).exit_code == 0
    record = records.read(here / "out", "b")
    record.results[0]["value"] *= 2
    records.write(here / "out", record)
    run(here, "--force")
    moved = records.read(here / "out", "b")
    assert [row["name"] for row in moved.drift] == [record.results[0]["name"]]
    unmoved = records.read(here / "out", "a")
    assert (unmoved.drift, unmoved.compared) == ([], "same settings")
    assert (here / "out" / "index.html").read_text().count('class="drift"') == 1


def result(value, unit="nM"):
    return [{"name": "peak", "value": value, "unit": unit}]


@pytest.mark.parametrize("other", [5.00001, -5.0, math.inf, math.nan, None])
def test_a_result_that_moved_came_or_went_has_drifted(other):
    was, is_ = result(5.0), [] if other is None else result(other)
    rest = [{"name": "rest", "value": 1.0, "unit": "nM"}]  # without any result before, it is a first run
    for old, new in ((was, is_), (is_, was)):
        assert [moved["name"] for moved in keeping.moved(rest + old, rest + new)] == ["peak"]


@pytest.mark.parametrize(("old", "new"), [(5.0, 5.000001), (1e-17, -3e-17), (math.inf, math.inf), (math.nan, math.nan)])
def test_rounding_is_no_drift(old, new):
    assert keeping.moved(result(old), result(new)) == []


def test_a_changed_unit_is_drift():
    (moved,) = keeping.moved(result(5.0), result(5.0, "uM"))
    assert moved == {"name": "peak", "old": 5.0, "new": 5.0, "old_unit": "nM", "unit": "uM"}


def test_only_runs_that_were_asked_for_the_same_are_compared(tmp_path):
    def ran(value, peak):
        """Make the report `a` with a setting (None: it fails) and say with what it was compared, and what moved."""
        before = records.read(tmp_path, "a")
        task = runs.Task("a", scenario.make("reuptake", {"net_occupancy": value}))
        if peak is None:
            keeping.keep_failure(tmp_path, task, workers.Failed("x", "", "x"), before)
        else:
            keeping.keep(tmp_path, task, runs.Made({}, result(peak), {}), before)
        record = records.read(tmp_path, "a")
        return record.compared, [(moved["old"], moved["new"]) for moved in record.drift]

    assert ran(0.1, 5.0) == ("first run", [])
    assert ran(0.1, 6.0) == ("same settings", [(5.0, 6.0)])
    assert ran(0.2, 7.0) == ("settings changed", [])
    # A failure in between keeps what the next good run is compared with, but not the results of other settings.
    ran(0.2, None)
    assert ran(0.2, 8.0) == ("same settings", [(7.0, 8.0)])
    ran(0.3, None)
    assert ran(0.3, 9.0) == ("first run", [])


@pytest.mark.long
def test_links_between_reports_lead_to_what_was_made(tmp_path):
    tiny.notebook(tmp_path / "in", "assert net_occupancy < 0.5")
    table(tmp_path / "cases.csv", [("first", 0.1)])
    with (tmp_path / "cases.csv").open("a") as file:
        file.write("synthesis,made,\ndisorders,failing,\n")
    tiny.plain(tmp_path / "in", "1 + 1", name="01_synthesis")
    tiny.plain(tmp_path / "in", "1 / 0", name="06_disorders")
    assert run(tmp_path).exit_code == 1
    page = (tmp_path / "out" / "first.html").read_text()
    assert '<a href="made.html">synthesis</a>' in page
    assert "disorders" in page and ">disorders</a>" not in page


def listed(here):
    """The index of `here`: the marks of each report that is whole, and the rows of those that failed."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup((here / "out" / "index.html").read_text(), "html.parser")
    names = {row.th.select_one(".small").get_text(): row for row in page.select("#rows > tr")}
    marks = {name: [mark.get_text() for mark in row.th.select(".mark")] for name, row in names.items()}
    return marks, [row.get_text(" ", strip=True) for row in page.select(".failures tbody tr")]


@pytest.mark.long
def test_the_index_marks_what_is_old_and_what_is_no_longer_asked_for(here):
    unmarked, removed, old = [], ["not in the last batch"], ["made by another version"]
    run(here)
    assert listed(here) == ({"a": unmarked, "b": unmarked, "c": unmarked}, [])
    table(here / "cases.csv", [("a", 0.1), ("b", 0.2)])
    assert "0 made, 2 unchanged" in run(here).output
    assert listed(here) == ({"a": unmarked, "b": unmarked, "c": removed}, [])
    nbmodel("report", "reuptake", "-o", here / "out", "--name", "a", sources=cli.Sources(notebooks=here / "in"))
    assert listed(here)[0]["b"] == unmarked and listed(here)[0]["c"] == removed
    tiny.plain(here / "in", "print(net_occupancy, 'other')")
    run(here, "--skip-invalid")
    assert listed(here) == ({"a": unmarked, "b": unmarked, "c": [*removed, *old]}, [])
    # A batch of one row is a whole one, too.
    table(here / "cases.csv", [("a", 0.1)])
    run(here)
    assert listed(here)[0]["b"] == removed
    # A part of a batch does not know the whole.
    table(here / "cases.csv", [("a", 0.1), ("b", 0.2)])
    run(here, "--shard", "1/2")
    index.write_pages(here / "out", notebooks=here / "in")
    assert listed(here)[0]["c"] == old


@pytest.mark.long
def test_the_index_alone_finds_damage_too(here):
    run(here)
    whole = (here / "out" / "a.html").read_bytes()
    (here / "out" / "a.html").write_bytes(whole[:-100])
    (here / "out" / "b.results.csv").unlink()
    assert nbmodel("index", here / "out").exit_code == 0
    marks, failed = listed(here)
    assert set(marks) == {"c"}
    assert [row.split(";")[0] for row in failed] == [
        "a missing or damaged: a.html",
        "b missing or damaged: b.results.csv",
    ]
    assert all("run the batch again" in row for row in failed)
    assert "earlier report" not in failed[0]


@pytest.mark.long
def test_terms_are_written_anew_when_their_source_changes(here, monkeypatch):
    run(here)
    lessons = here / "lessons"
    shutil.copytree(collection.notebooks_folder(), lessons)
    monkeypatch.setattr(collection, "notebooks_folder", lambda: lessons)
    (lessons / "terms.md").write_text("# Terms\n\nA new word.")
    assert "0 made, 3 unchanged" in run(here).output
    assert "A new word." in (here / "out" / "terms.html").read_text()


def test_what_is_attached_to_a_notebook_is_part_of_a_report(here):
    path = here / "in" / "02_reuptake.ipynb"
    case = scenario.make("reuptake")
    before = content.key(case, "x", here / "in")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0]["attachments"] = {"drawn.png": {"image/png": "aaaa"}}
    nbformat.write(notebook, path)
    content.forget()
    assert content.key(case, "x", here / "in") != before


# Endings


def driver(here, *more, also=""):
    """Start the batch in a process of its own; `also` is run there and in every worker."""
    program = also + (
        "\nimport signal, sys; from pathlib import Path; from nbmodel import cli\n"
        "if __name__ == '__main__':\n"
        # A suite that a shell runs in the background ignores Ctrl-C, and what it starts inherits that.
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "    cli.main(sys.argv[2:], obj=cli.Sources(Path(sys.argv[1]), limits=globals().get('LIMITS')))"
    )
    script = here / "driver.py"
    script.write_text(program)
    command = [sys.executable, script, here / "in", "batch", here / "cases.csv", "-o", here / "out", *more]
    return subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "TESTED_IN": str(here)},
    )


MODEL = """
import time
from nbmodel import reuptake
from nbmodel.scenario import Limits
LIMITS = {"reuptake": Limits(seconds=3, gigabytes=4)}
plain = reuptake.results
def results(case):
    if case["net_occupancy"] == 0.2:
        while True:
            time.sleep(1)
    if case["net_occupancy"] == 0.3:
        bytearray(5 * 2**30)
    return plain(case)
reuptake.results = results
"""


@pytest.mark.alone
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose child an orphan was")
@pytest.mark.long
@pytest.mark.parametrize("mode", ["warm", "cold"])
def test_a_process_that_a_cell_leaves_in_a_session_of_its_own_ends_with_its_report(here, mode):
    (here / "pids").mkdir()
    leave = (
        "import pathlib, subprocess, time\n"
        # A child of its own session, and an orphan of that.
        "child = subprocess.Popen(['sh', '-c', 'setsid sleep 300 & echo $!; sleep 300'], stdout=subprocess.PIPE, "
        "text=True, start_new_session=True)\n"
        f"for pid in (child.pid, int(child.stdout.readline())): pathlib.Path({str(here / 'pids')!r}, str(pid)).touch()\n"
        "if net_occupancy == 0.2: time.sleep(60)"
    )
    tiny.plain(here / "in", leave)
    table(here / "cases.csv", [("a", 0.1), ("hangs", 0.2), ("b", 0.3)])
    run(here, "--workers", 2, warm=mode == "warm", limits={"reuptake": Limits(seconds=8)})
    assert reports(here / "out") == ["a", "b"]
    left = [int(path.name) for path in (here / "pids").iterdir()]
    # Where more reports than workers share a notebook, its cells are run once more, beforehand.
    assert len(left) == (8 if mode == "warm" else 6)
    assert [pid for pid in left if psutil.pid_exists(pid)] == []


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_results_without_a_kernel_are_held_to_the_limits_of_their_theme(here):
    rows = [("a", 0.1), ("hangs", 0.2), ("eats", 0.3), *((f"more{n}", n / 100) for n in range(40, 60))]
    table(here / "cases.csv", rows)
    with driver(here, "--results-only", "--workers", 1, also=MODEL) as batch:
        said, _ = batch.communicate(timeout=100)
    assert "21 made, 0 unchanged, 2 failed" in said
    assert "hangs: the results took longer than the 3 s that their theme allows" in said
    assert "MemoryError" in said and "(their theme allows 4 GB)" in said


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def slow_table(here):
    """Six reports that take half a second each, start a process in a session of its own, and leave a file for each."""
    (here / "pids").mkdir()
    tiny.plain(
        here / "in",
        "import os, pathlib, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        f"for pid in (os.getpid(), child.pid): pathlib.Path({str(here / 'pids')!r}, str(pid)).touch()\n"
        "time.sleep(0.5)",
    )
    return table(here / "cases.csv", [(f"r{number}", number / 10) for number in range(6)])


def without_times(folder):
    """What a batch wrote, but for the times and the stamps."""
    found = {}
    for path in folder.glob("*.ipynb"):
        found[path.name] = nbformat.writes(store.normalised(nbformat.read(path, as_version=4)))
    for path in (folder / records.FOLDER).glob("*.json"):
        if path.name[0] != ".":
            record = records.read(folder, path.stem)
            found[path.name] = [record.key, record.results, record.links, record.error, sorted(record.files)]
    found["results.csv"] = (folder / "results.csv").read_bytes()
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.long
@pytest.mark.parametrize("mode", ["warm", "cold"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_batch_leaves_whole_reports_and_carries_on(tmp_path, how, mode):
    slow_table(tmp_path)
    out, more = tmp_path / "out", ["--cold"] if mode == "cold" else []
    with driver(tmp_path, *more) as interrupted:
        assert wait_for(lambda: reports(out))
        interrupted.send_signal(how)
        said, _ = interrupted.communicate(timeout=300)
    assert interrupted.returncode == {signal.SIGKILL: -9}.get(how, 130), said
    kernels = [int(path.name) for path in (tmp_path / "pids").iterdir()]
    assert wait_for(lambda: not [pid for pid in kernels if os.path.exists(f"/proc/{pid}")])
    assert wait_for(lambda: not left_behind(tmp_path))
    finished = reports(out)
    assert 0 < len(finished) < 6
    for name in finished:
        record = records.read(out, name)
        assert record is None or record.error == ownership.INTERRUPTED or records.is_whole(out, record)
        assert (out / f"{name}.html").read_text().rstrip().endswith("</html>")

    with driver(tmp_path, *more) as again:
        said, _ = again.communicate(timeout=300)
    assert again.returncode == 0, said
    unchanged = re.search(r"(\d+) unchanged,", said)
    assert unchanged and int(unchanged[1]) >= len(finished) - 1  # the last one may lack its record
    assert left_behind(tmp_path) == []
    undisturbed = tmp_path / "undisturbed"
    assert (
        nbmodel(
            "batch", tmp_path / "cases.csv", "-o", undisturbed, *more, sources=cli.Sources(tmp_path / "in")
        ).exit_code
        == 0
    )
    assert without_times(out) == without_times(undisturbed)


def test_a_batch_stops_when_the_package_changes_under_it(here, monkeypatch):
    states = iter([("old",)])
    monkeypatch.setattr(collection, "state", lambda: next(states, ("new",)))
    cases = {"a": scenario.make("reuptake", {"net_occupancy": 0.1})}
    with pytest.raises(Changed, match="changed while"):
        making.run(cases, here / "out", making.Options(notebooks=here / "in"), lambda *_: None)
    assert records.read(here / "out", "a") is None


@pytest.mark.long
def test_a_folder_that_cannot_be_written_is_told_in_a_line_before_or_when_it_happens(here, monkeypatch):
    def no_room(*_, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(records, "replace", no_room)
        done = run(here)
        assert done.exit_code == 2
        assert f"nbmodel: {here / 'out'} cannot be written (No space left on device); make room" in done.stderr
    with monkeypatch.context() as full:
        full.setattr(tempfile, "TemporaryFile", no_room)
        done = run(here)
        assert done.exit_code == 2
        assert f"nothing was done, because\n  -o {here / 'out'} cannot be written" in done.stderr
    assert run(here).exit_code == 0


@pytest.mark.long
def test_a_notebook_that_is_edited_while_a_batch_runs_ends_it_and_is_never_kept_as_the_old_one(here):
    # Both are defaults, to which other pages link: those are made first, in the order of the file.
    table(here / "cases.csv", [("a", "")])
    with (here / "cases.csv").open("a") as file:
        file.write("synthesis,late,\n")
    late = tiny.plain(here / "in", "print('as it was')", name="01_synthesis") / "01_synthesis.ipynb"
    before = late.read_bytes()
    # The first report edits the notebook of the second, as someone at an editor would.
    edit = f"import pathlib\npath = pathlib.Path({str(late)!r})\npath.write_text(path.read_text().replace('was', 'is'))"
    tiny.plain(here / "in", edit)
    done = run(here, "--workers", 1)
    assert done.exit_code == 1
    assert "nbmodel: 01_synthesis.ipynb changed while the reports were made" in done.stderr
    assert reports(here / "out") == ["a"]
    late.write_bytes(before)
    tiny.plain(here / "in", "1")
    assert run(here).exit_code == 0
    assert "as it was" in (here / "out" / "late.html").read_text()


@pytest.mark.alone
@pytest.mark.long
def test_two_hundred_of_which_ten_fail(tmp_path):
    faults = {
        "raise ValueError('x')": "ValueError",
        "1 / 0": "ZeroDivisionError",
        "import nothing": "ModuleNotFoundError",
        "time.sleep(99)": "CellTimeoutError",
        "while True: pass": "CellTimeoutError",
        "os._exit(1)": "DeadKernelError",
        "os.kill(os.getpid(), 9)": "DeadKernelError",
        "np.ones(50 * 2**27)": "MemoryError",
        "[bytearray(2**30) for _ in range(50)]": "MemoryError",
        "raise SystemExit(3)": "SystemExit",
    }
    branches = "".join(f"if round(net_occupancy * 1000) == {20 * n}:\n    {code}\n" for n, code in enumerate(faults))
    tiny.plain(tmp_path / "in", f"import os, time, numpy as np\n{branches}")
    table(tmp_path / "cases.csv", [(f"n{number}", number / 1000) for number in range(200)])
    result = run(tmp_path, limits={"reuptake": Limits(seconds=10, gigabytes=4)}, warm=True)
    assert result.exit_code == 1
    assert "190 made, 0 unchanged, 10 failed" in result.output
    for number, error in enumerate(faults.values()):
        (line,) = (line for line in result.stderr.splitlines() if line.startswith(f"n{20 * number}: "))
        assert error in line and "'The end'" in line
    out = tmp_path / "out"
    whole = [record for record in records.read_all(out) if not record.error and records.is_whole(out, record)]
    assert len(whole) == len(reports(out)) == 190
    assert len(list(out.glob("*.failed.ipynb"))) == 10
    assert left_behind(tmp_path) == []
