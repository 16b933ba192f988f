"""Places: nothing of others is overwritten, and what the system has against a command is told in a line."""

import csv
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from click.testing import CliRunner

from nbmodel import cli, collection, scenario
from nbmodel.batch import index, keeping, making, workers
from nbmodel.report import content, ownership, records, run, stamp

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and signals as Unix has them")
HEAD = "theme,name,net_occupancy\n"
MINE = "mine"


def nbmodel(*arguments):
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def refused(*arguments):
    """What a command says that is refused before any work."""
    result = nbmodel(*arguments)
    assert result.exit_code == 2 and result.stderr.startswith("nbmodel: nothing was done"), result.output
    return result.stderr


def table(path, *names):
    path.write_text(HEAD + "".join(f"reuptake,{name},0.{number}\n" for number, name in enumerate(names, 1)))
    return path


def made(folder, name, value=0.1, *, files=True, picture=True):
    """Keep a report as a batch would, without running its notebook."""
    case = scenario.make("reuptake", {"net_occupancy": value})
    key = content.key(case, name)
    task = run.Task(name, case, key=key, results_key="r", stamp={"date": "2026", "key": key})
    rows = [{"name": "peak", "value": 1 / 3, "unit": "nM"}]
    notebook = nbformat.v4.new_notebook(metadata={"nbmodel": {**stamp.about(case, name), "stamp": dict(task.stamp)}})
    data = {
        ".html": f"<p>content {key}".encode(),
        ".ipynb": nbformat.writes(notebook).encode(),
        ".results.csv": b"name,value,unit\npeak,0.3333333333333333,nM\n",
        ".png": b"png" if picture else b"",
    }
    outcome = run.Made(data if files else {}, rows, task.stamp)
    return keeping.keep(folder, task, outcome, records.read(folder, name)), task


def texts(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Files of others


@pytest.mark.parametrize("before", ["a record of another", "an empty .records", "a record of results alone"])
def test_files_that_no_record_names_are_refused_and_left(tmp_path, before):
    out = tmp_path / "out"
    (out / records.FOLDER).mkdir(parents=True)
    if before == "a record of another":
        made(out, "x")
        index.write_pages(out)
    elif before == "a record of results alone":
        made(out, "y", files=False)
    (out / "pictures").mkdir(exist_ok=True)
    mine = ["y.html", "y.ipynb", "y.results.csv", "y.failed.ipynb", "pictures/y.png"]
    for name in mine:
        (out / name).write_text(MINE)
    os.symlink("nowhere", out / "z.html")
    whole = texts(out)
    said = refused("batch", table(tmp_path / "b.csv", "y", "z"), "-o", out)
    assert [f"{out / name} is there and no record says" in said for name in [*mine, "z.html"]] == [True] * 6
    assert texts(out) == whole
    # A report of results alone writes none of these files, so they may stay.
    assert nbmodel("batch", tmp_path / "b.csv", "-o", out, "--results-only", "--workers", 1).exit_code == 0
    assert {name: text for name, text in texts(out).items() if name in mine} == dict.fromkeys(mine, MINE.encode())


def test_a_file_that_came_in_the_way_while_a_batch_ran_is_left(tmp_path):
    (tmp_path / "y.results.csv").write_text(MINE)
    with pytest.raises(FileExistsError, match="no record says"):
        made(tmp_path, "y")
    assert set(texts(tmp_path)) == {"y.results.csv"}
    (tmp_path / "index.html").write_text(MINE)
    with pytest.raises(FileExistsError, match="no record says"):
        index.write_pages(tmp_path)
    # Nor is a file of the name of a partial notebook removed when the report fails without one, or succeeds.
    (tmp_path / "z.failed.ipynb").write_text(MINE)
    _, task = made(tmp_path, "z")
    keeping.keep_failure(tmp_path, task, workers.Failed("x", "", "x"), None)
    assert (tmp_path / "z.failed.ipynb").read_text() == (tmp_path / "index.html").read_text() == MINE


def killed_at(monkeypatch, number):
    """Let the write of this number be the last one that a process makes, as kill -9 would."""
    plain, left = records.replace, iter(range(number))

    def replace(path, data):
        if next(left, None) is None:
            raise InterruptedError
        return plain(path, data)

    monkeypatch.setattr(records, "replace", replace)


@pytest.mark.parametrize("number", range(7))
def test_what_a_run_leaves_that_is_killed_at_any_write_is_known_as_ours(tmp_path, monkeypatch, number):
    endings = making.Options(pdf=True).endings
    with monkeypatch.context() as killed:
        killed_at(killed, number)
        if number < 6:  # the intention, four files, the record
            with pytest.raises(InterruptedError):
                made(tmp_path, "y")
        else:
            made(tmp_path, "y")
    record = records.read(tmp_path, "y")
    assert (record is not None and records.is_whole(tmp_path, record)) == (number == 6)
    assert ownership.in_the_way(tmp_path, ["y"], endings, pages=True) == []
    assert records.is_whole(tmp_path, made(tmp_path, "y")[0])
    with monkeypatch.context() as killed:
        killed_at(killed, number % 5)  # the intention, three pages, their record
        with pytest.raises(InterruptedError):
            index.write_pages(tmp_path)
    index.write_pages(tmp_path)


def test_what_was_once_ours_stays_ours(tmp_path):
    endings = making.Options().endings
    _, task = made(tmp_path, "y")
    keeping.keep_failure(tmp_path, task, workers.Failed("x", "", "x", b"{}"), records.read(tmp_path, "y"))
    assert {"y.html", "y.failed.ipynb", "pictures/y.png"} <= ownership.named(tmp_path, "y")
    made(tmp_path, "y", picture=False)
    assert not (tmp_path / "y.failed.ipynb").exists()
    made(tmp_path, "y", files=False)
    records.forget_pages(tmp_path)
    index.write_pages(tmp_path)
    records.forget_pages(tmp_path)  # as a part of a batch does
    assert ownership.in_the_way(tmp_path, ["y"], endings, pages=True) == []
    for damage in ("", "[" * 100_000, "{}"):
        records.path_of(tmp_path, "y").write_text(damage)
        (tmp_path / records.FOLDER / records.PAGES).write_text(damage)
        assert ownership.in_the_way(tmp_path, ["y"], endings, pages=True) == []
        index.write_pages(tmp_path)
    assert "the record of this report is damaged" in (tmp_path / "index.html").read_text()


def test_two_names_that_are_one_to_the_file_system_are_two_reports(tmp_path):
    made(tmp_path, "y")
    os.rename(records.path_of(tmp_path, "y"), records.path_of(tmp_path, "z"))  # as where Z and z are one
    for file in ("html", "ipynb", "results.csv"):
        os.rename(tmp_path / f"y.{file}", tmp_path / f"z.{file}")
    assert len(ownership.in_the_way(tmp_path, ["z"], making.Options().endings, pages=False)) == 3


def lost(tmp_path, *names):
    """A folder of reports as an upload leaves it: without hidden files."""
    for name in names:
        made(tmp_path, name)
    index.write_pages(tmp_path)
    shutil.rmtree(tmp_path / records.FOLDER)
    return texts(tmp_path)


def test_an_index_without_its_hidden_folder_is_made_of_the_reports(tmp_path):
    before = lost(tmp_path, "x", "y")
    said = refused("batch", table(tmp_path.parent / "x.csv", "x"), "-o", tmp_path)
    assert "`nbmodel index` takes it up again" in said and texts(tmp_path) == before
    assert nbmodel("index", tmp_path).exit_code == 0
    after = texts(tmp_path)
    assert {name: after[name] for name in before if name != "index.html"} == {
        name: text for name, text in before.items() if name != "index.html"
    }
    with (tmp_path / "results.csv").open() as file:
        assert [(row["report"], row["peak (nM)"]) for row in csv.DictReader(file)] == [
            ("x", str(1 / 3)),
            ("y", str(1 / 3)),
        ]
    record = records.read(tmp_path, "x")
    assert record.key == content.key(scenario.make("reuptake", {"net_occupancy": 0.1}), "x")
    assert records.is_whole(tmp_path, record) and len(record.files) == 4


@pytest.mark.parametrize("change", ["no notebook", "one notebook less", "a table of mine", "a page of mine"])
def test_an_index_that_would_lose_something_is_refused(tmp_path, change):
    lost(tmp_path, "x", "y")
    if change != "one notebook less":
        (tmp_path / "x.ipynb").write_text(
            '{"metadata": {"nbmodel": {"name": "y"}}}' if change == "no notebook" else "[" * 10**5
        )
    for name in {"no notebook": ["y.ipynb"], "one notebook less": ["x.ipynb"]}.get(change, []):
        (tmp_path / name).unlink()
    if change == "a table of mine":
        (tmp_path / "results.csv").write_text("a,b\n1,2\n")
    if change == "a page of mine":
        (tmp_path / "index.html").write_text("<title>Mine</title>")
    before = texts(tmp_path)
    said = refused("index", tmp_path)
    assert ("there is no report" in said) == (change == "no notebook")
    assert ("move it away first" in said) == (change != "no notebook")
    assert texts(tmp_path) == before
    assert not (tmp_path / records.FOLDER).exists()


def test_a_page_of_somebody_else_is_not_taken_up_with_a_notebook(tmp_path):
    lost(tmp_path, "x")
    (tmp_path / "x.html").write_text(MINE)
    assert nbmodel("index", tmp_path).exit_code == 0
    assert (tmp_path / "x.html").read_text() == MINE
    assert "missing or damaged: x.html" in (tmp_path / "index.html").read_text()
    assert "x.html is there and no record says" in refused("batch", table(tmp_path / "t.csv", "x"), "-o", tmp_path)


@pytest.mark.parametrize(
    "place", [".", "notebooks/new", "reports", "reports/scenarios", "nbmodel", "docs/../tests/x", ".git/x", "link"]
)
def test_no_report_goes_among_the_files_of_a_clone(tmp_path, place):
    clone = tmp_path / "clone"
    for folder in collection.KEPT:
        (clone / folder).mkdir(parents=True)
    (clone / "pyproject.toml").write_text('[project]\nname = "nbmodel"\n')
    os.symlink(clone / "notebooks", clone / "link")
    assert "holds files of the collection's own" in refused("report", "reuptake", "-o", clone / place)
    assert not (clone / "notebooks" / "new").exists()
    for free in (tmp_path / "x", clone / "reports" / "built", clone / "reports" / "mine", clone / "built"):
        assert collection.kept(free) is None
    assert collection.kept(collection.PACKAGE / "x") == collection.PACKAGE


# Places


def test_what_is_in_the_place_of_a_file_or_a_folder_is_told_in_a_line(tmp_path):
    cases = table(tmp_path / "cases.csv", "x")
    os.symlink("loop", tmp_path / "loop")
    assert "is a link that leads nowhere; name a folder" in refused("batch", cases, "-o", tmp_path / "loop")
    assert "there is no folder" in refused("index", tmp_path / "loop")
    assert "-o is empty; name a folder" in refused("batch", cases, "-o", "")
    for place, said in {
        ".records": "is not a folder",
        "pictures": "is not a folder",
        "x.html/y": "is a folder or a device",
        ".records/x.json/y": "is a folder or a device",
        "terms.html/y": "is a folder or a device",
    }.items():
        path = tmp_path / place.replace("/", "_") / place
        path.parent.mkdir(parents=True)
        path.touch()
        assert said in refused("batch", cases, "-o", tmp_path / place.replace("/", "_")), place


def test_a_name_that_is_no_text_does_not_keep_an_index_from_being_written(tmp_path):
    made(tmp_path, "x")
    for name in (b"\xff.ipynb", b".records/\xff.json", b"a\nb.ipynb"):
        (tmp_path / os.fsdecode(name)).touch()
    odd = tmp_path.with_name(os.fsdecode(b'odd \xff"<b>\n'))
    tmp_path.rename(odd)
    result = nbmodel("index", odd)
    assert result.exit_code == 0 and "\\udcff" in result.output
    assert "Failed" not in (odd / "index.html").read_text()


@pytest.mark.parametrize("kind", ["fifo", "device", "grows"])
def test_a_pipe_a_device_and_a_file_without_end_are_not_read(tmp_path, kind):
    path = tmp_path / "case.yaml"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        os.symlink("/dev/zero", path)
    else:  # in /proc a file of size 0 holds something
        os.symlink("/proc/self/maps", path)
    for command in (("report", "-f", path), ("batch", path)):
        said = refused(*command, "-o", tmp_path / "out")
        assert kind == "grows" or "is a pipe or a device; save what it holds in a file" in said
    (tmp_path / "reports" / records.FOLDER).mkdir(parents=True)
    path.rename(tmp_path / "reports" / records.FOLDER / "x.json")
    assert nbmodel("index", tmp_path / "reports").exit_code == 0


# Processes of their own: limits, streams, signals and temporary folders

PROGRAM = [sys.executable, "-m", "nbmodel"]


def shell(command, folder, **environment):
    """Run a line of a shell in which $N stands for the command, $PYTHON for Python; returns its status and what it said."""
    command = command.replace("$N", shlex.join(PROGRAM)).replace("$PYTHON", shlex.quote(sys.executable))
    environment = {**os.environ, **environment}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr and "Aborted" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def test_streams_and_folders_that_are_gone_are_no_surprise(tmp_path):
    assert shell("$N params >&- 2>&- <&-", tmp_path) == (0, "")
    assert shell("set -o pipefail; $N params disorders | head -c 1", tmp_path)[1] == "n"
    (tmp_path / "gone").mkdir()
    status, said = shell("cd gone; rmdir ../gone; $N params", tmp_path)
    assert status == 2 and "the current folder is gone" in said


@pytest.mark.skipif(sys.platform != "linux", reason="the fork server")
@pytest.mark.long
def test_limits_of_files_and_long_temporary_folders(tmp_path):
    table(tmp_path / "cases.csv", "x", "y")
    status, said = shell("ulimit -f 20; $N batch cases.csv --results-only -o small", tmp_path)
    assert status == 2 and "small cannot be written (File too large); make room" in said
    long = tmp_path / ("x" * 120)
    long.mkdir()
    status, said = shell("$N batch cases.csv --results-only -o out", tmp_path, TMPDIR=str(long))
    assert status == 0, said
    assert list(long.iterdir()) == []
    status, said = shell("$N batch cases.csv --results-only -o other", tmp_path, TMPDIR=str(tmp_path / "missing"))
    assert status == 0, said


@pytest.mark.skipif(sys.platform != "linux", reason="the fork server")
@pytest.mark.long
def test_what_a_killed_run_leaves_is_cleared_by_the_next_and_nothing_else(tmp_path):
    temporary, names = tmp_path / "tmp", [f"r{number}" for number in range(9)]
    (temporary / "nbmodel-run-link").parent.mkdir()
    (tmp_path / "mine").mkdir()
    os.symlink(tmp_path / "mine", temporary / "nbmodel-run-link")
    rows = "".join(f"lc_arousal,{name},\n" for name in names)
    (tmp_path / "cases.csv").write_text(HEAD + rows)
    command = [*PROGRAM, "batch", "cases.csv", "--results-only", "--workers", "1", "-o", "out"]
    killed = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "TMPDIR": str(temporary)})
    deadline = time.monotonic() + 60
    while not list(temporary.glob("nbmodel-run-*/pymp-*/*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    living = {path.name for path in temporary.iterdir()}
    # Another run meanwhile leaves alone what is of one that lives.
    assert shell("$N check nothing.ipynb; true", tmp_path, TMPDIR=str(temporary))[0] == 0
    shell(
        "$PYTHON -c 'from nbmodel.kernels import scratch; scratch.folder()'",
        tmp_path,
        TMPDIR=str(temporary),
    )
    assert {path.name for path in temporary.iterdir()} == living
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    shell(
        "$PYTHON -c 'from nbmodel.kernels import scratch; scratch.folder()'",
        tmp_path,
        TMPDIR=str(temporary),
    )
    assert [path.name for path in temporary.iterdir()] == ["nbmodel-run-link"] and (tmp_path / "mine").is_dir()


# While a worker starts: it waits to be told what it is when the terminal is closed, or its parent is killed.
PROGRAM_OF = """
import os, signal
from multiprocessing import forkserver
from nbmodel.cli import main
server, plain = forkserver._forkserver, forkserver.connect_to_new_process
def closed(fds):
    started = plain(fds)
    os.kill(os.getpid(), signal.SIGHUP)
    return started
def killed(fds):
    server.ensure_running()
    os.kill(server._forkserver_pid, signal.SIGSTOP)
    started = plain(fds)
    os.kill(server._forkserver_pid, signal.SIGKILL)
    return started
forkserver.connect_to_new_process = WHICH
if __name__ == "__main__":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup, which may run these tests, has it ignored
    main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the fork server")
@pytest.mark.parametrize(
    ("which", "status", "words"),
    [("closed", 130, "Interrupted; the finished"), ("killed", 1, "no worker process can be started")],
)
def test_what_happens_while_a_worker_starts_is_told_in_a_line(tmp_path, which, status, words):
    table(tmp_path / "cases.csv", "x")
    (tmp_path / "driver.py").write_text(PROGRAM_OF.replace("WHICH", which))
    found, said = shell("$PYTHON driver.py batch cases.csv --results-only -o out", tmp_path)
    assert (found, len(said.splitlines())) == (status, 1) and words in said, said
