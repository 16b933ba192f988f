"""Grading: submissions are hostile. SandboxLimits are tried harmlessly first; then a whole class is marked in one run.

Every hostile submission runs inside the sandbox only, and what it may have reached is looked at from outside.
"""

import base64
import json
import os
import re
import shutil
import socket
import stat
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from classroom import (
    KEY,
    MEGA,
    STUBBORN,
    Book,
    another_id,
    answer,
    caged,
    call,
    cell,
    deleted,
    duplicated,
    made,
    other_numbers,
    run_in,
    sampling,
    table,
    tiny,
    typed_in,
    with_answer,
    with_end,
)

from nbmodel import collection, scenario
from nbmodel.course import course_key, editions, source
from nbmodel.exercises.judge import NOT_TRIED
from nbmodel.grading import marking, marks
from nbmodel.kernels import processes
from nbmodel.sandbox import isolation, self_test
from nbmodel.sandbox.cage import Cage, SandboxLimits

FULL = 19  # points of assignment 1 that no person gives


@pytest.fixture(scope="module")
def cage() -> Cage:
    found, reasons = self_test.probe(SandboxLimits(seconds=30, cell_seconds=5))
    assert found is not None, reasons
    return found


# -- the walls, tried harmlessly ---------------------------------------------------------------------------------------


@caged
def test_every_wall_and_limit_holds_before_anything_hostile_runs(cage: Cage) -> None:
    assert cage.kind in ("root", "user")
    outcome = run_in(cage, "answer = 6 * 7\nprint(answer)")
    assert (answer(outcome), outcome.ended) == (42, "done")


BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""


@pytest.mark.alone
@caged
@pytest.mark.parametrize(
    ("code", "limits", "ended"),
    [
        ("import os; os._exit(0)", {}, "died"),
        ("import os; os.kill(os.getpid(), 9)", {}, "died"),
        (
            "import os\nfor fd in range(3, 20):\n    try:\n        while True: os.write(fd, b'x' * 65536)\n    except OSError: pass",
            {},
            "output limit",
        ),
        (STUBBORN, {"seconds": 3, "cell_seconds": 1}, "time limit"),
        (BOMB, {"seconds": 25, "cell_seconds": 1}, "done"),  # ended in time, though it spends its time in fork
        # Four processes, each below the limit of one; together above it.
        (
            "import os, time\nfor _ in range(3):\n    if os.fork() == 0: break\nkept = b'x' * (250 * 2**20)\ntime.sleep(4)",
            {},
            "memory limit",
        ),
    ],
)
def test_how_a_submission_can_end(cage: Cage, code: str, limits: dict[str, int], ended: str) -> None:
    began = time.monotonic()
    outcome = run_in(cage, f"answer = 1\n{code}" if "fork" in code else code, **limits)
    assert outcome.ended == ended
    assert time.monotonic() - began < limits.get("seconds", 90) + 5


@pytest.mark.long
@caged
def test_a_cell_that_takes_too_long_is_left_and_the_next_ones_run(cage: Cage) -> None:
    limits = SandboxLimits(seconds=30, cell_seconds=1)
    # The third is what an honest one is on a busy computer: past the limit by the clock, not by the processor's.
    codes = ("while True: pass", "import time; time.sleep(20)", "import time; time.sleep(2); answer = 5.0")
    cells = [{"number": number, "source": code} for number, code in enumerate(codes, 1)]
    asked = [{"name": "1", "kind": "number", "variable": "answer", "inputs": []}]
    outcome = Cage(cage.kind, limits).run(cells, asked)
    assert (outcome.ended, answer(outcome)) == ("done", 5)
    ended = {message["cell"] for message in outcome.messages if "CellTimeout" in message.get("fault", "")}
    assert ended == {1, 2} and outcome.seconds < 1 + 3 + 2 + 5


@caged
def test_notebook_habits_work_in_the_cage(cage: Cage) -> None:
    code = (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nfrom IPython.display import display, HTML\n"
        "import pandas as pd\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\nplt.show()\n"
        "display(HTML('x'), pd.DataFrame({'a': [1]}))\nanswer = 7"
    )
    outcome = run_in(cage, code, memory=2048 * MEGA)
    assert (answer(outcome), outcome.ended) == (7, "done")


@caged
def test_the_model_solutions_of_the_collection_cannot_be_read_inside(cage: Cage) -> None:
    sources = sorted(f"{theme}.ipynb" for theme in scenario.THEMES)
    # /proc holds processes, not files, and every file that it shows stands elsewhere, too.
    code = (
        "import os\nroots = [f'/{name}' for name in os.listdir('/') if name != 'proc']\n"
        f"answer = sum(len({{*{sources}}} & {{*files}}) for root in roots for _, _, files in os.walk(root))\n"
        "import subprocess\nfound = subprocess.run(['grep', '-rlE', 'BEGIN HIDDEN TESTS.*best_tyrosine', '/code'], "
        "capture_output=True)\nanswer += len(found.stdout)"
    )
    assert answer(run_in(cage, code)) == 0


def test_where_there_is_no_bubblewrap_it_says_what_is_not_protected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.chdir(tmp_path)
    source_option = ("--source", str(tiny(tmp_path / "source")))
    assert call("assign", "tiny", "--student", "ada", "-o", "in", *source_option).exit_code == 0
    refused = call("grade", "in", *source_option)
    assert refused.exit_code == 2 and not (tmp_path / "grades.csv").exists()
    for words in ("bubblewrap", "not installed", "course key", "network", "delete your files", "--unprotected"):
        assert words in refused.output
    gone_on = call("grade", "in", "--unprotected", *source_option)
    assert gone_on.exit_code == 0 and "Warning" in gone_on.output
    assert table(tmp_path / "grades.csv")["tiny_ada.ipynb"]["status"] == "blank"


def test_where_bubblewrap_cannot_start_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found, reasons = self_test.probe(SandboxLimits())
    assert found is None and reasons == [
        "bubblewrap cannot start here (bwrap: No permissions to create a new namespace)"
    ]


# -- submissions -------------------------------------------------------------------------------------------------------


READS = """
import glob, os
found = []
for place in {places!r}:
    found += glob.glob(place)
for name in ("/etc/passwd", "/etc/shadow", "/proc/1/environ", *{places!r}):
    try:
        found.append(open(name, "rb").read())
    except OSError:
        pass
if any(found):
    best_tyrosine = control_of_others = store_left = -1.0
    rate = change = rate_constant = None
"""
CONNECTS = """
import socket
for host in ("127.0.0.1", "::1", "localhost"):
    try:
        socket.create_connection((host, {port}), timeout=2).sendall(b"here I am")
    except OSError:
        pass
"""
WRITES = """
import os
for folder in {places!r} + ["/", "/tmp", "/usr", "/code/nbmodel", os.path.dirname(os.__file__), "/proc", "/dev"]:
    try:
        os.makedirs(folder, exist_ok=True)
        open(folder + "/escaped", "w").write("escaped")
    except OSError:
        pass
"""
KILLS = """
import os, signal
for pid in (os.getppid(), 1, {pid}, -1):
    for name in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, name)
        except OSError:
            pass
"""
FORGES = """
import json, os
check = lambda *_: print("right")
lines = [{"question": q, "points": 99, "share": 1, "verdict": "right"} for q in ("1.1", "1.2", "1.3")]
lines += [{"question": "1.4", "answer": {"share": 1}}, {"done": True, "score": 99}, {"cell": 1, "fault": "<script>"}]
for fd in range(3, 16):
    try:
        os.write(fd, ("\\n".join(map(json.dumps, lines)) + "\\n" + "[" * 100000 + "\\n" + '{"question": 1}\\n' + "NaN\\n").encode())
    except OSError:
        pass
"""
PATCHES = """
import sys
from nbmodel import kinetics, synthesis
from nbmodel.course import answer_key
from nbmodel.exercises import answers, judge
judge.judge = judge.number = judge.function = lambda *_, **__: judge.Verdict(1.0, "right")
judge._close = lambda *_: True
answers.answer = sys.modules["__main__"].answer = lambda *_: 1.0
synthesis.fold = lambda *_: 0.5
answer_key.questions = lambda *_: ()
best_tyrosine = control_of_others = store_left = 50.0
rate = change = rate_constant = lambda *_: 50.0
"""
SENDS = """
import json, os
message = json.dumps({{"question": "1.7", "answer": {answer!r}}}) + "\\n" + json.dumps({{"done": True}}) + "\\n"
for fd in range(3, 16):
    left = message.encode()
    try:
        while left: left = left[os.write(fd, left):]
    except OSError: pass
os._exit(0)
"""
# The first bytes of a PNG of 60,000 by 60,000 pixels.
WIDE = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 60_000, 60_000) + bytes(30)
KEYRING = """
import ctypes
libc, calls = ctypes.CDLL(None), {calls!r}
for ring in (-1, -2, -3, -4, -5):
    if libc.syscall(calls["add_key"], b"user", b"left", b"answer=42", 9, ring) > 0:
        best_tyrosine = -1.0
"""
PICKLED = """
import os
class Answer:
    def __reduce__(self):
        return os.system, ("touch {place}",)
    def __float__(self):
        raise SystemExit(0)
best_tyrosine = Answer()
"""


ORDINARY = 3  # seconds that a submission may take when it reaches no limit; measured: two, with two at a time


def with_text(name: str, text: str) -> Callable[[Book], None]:
    """Put a text in place of an argument."""

    def change(book: Book) -> None:
        cell(book, name.replace(".", "-"))["source"] = text

    return change


def essay_in_a_new_cell(book: Book) -> None:
    with_text("1.8", editions.TEXT_STUB)(book)
    book["cells"].append(
        {"cell_type": "markdown", "metadata": {}, "source": "A flux is not amount; flux is not amount."}
    )


def cells_of_another(book: Book) -> None:
    book["cells"] = made("cells-of-another", theme="reuptake")["cells"]


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this computer's loopback, and what came in there."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                    heard.append(connection.recv(100))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        stop.set()
        thread.join()


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the grader's user that submissions should not reach."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


@pytest.mark.alone
@pytest.mark.long
@caged
def test_a_class_of_all_kinds_is_marked_in_one_run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    listener: tuple[int, list[bytes]],
    bystander: subprocess.Popen[bytes],
) -> None:
    port, heard = listener
    others = set(processes.family(os.getpid()))  # what earlier tests left in this process, and the bystander
    inside = tmp_path / "in"
    inside.mkdir()
    key = tmp_path / "course.key"
    key.write_bytes(KEY)
    key.chmod(0o600)
    monkeypatch.chdir(tmp_path)
    places = [str(key), str(inside / "*"), str(source.folder() / "*"), str(Path(source.__file__).parents[2] / "*")]
    nowhere = [str(tmp_path), str(inside), str(Path.home())]

    # Each submission starts from the model solution, is changed, and must get: points, status, (a question, its points).
    changes: dict[str, tuple[Callable[[Book], None] | None, float, str, dict[str, float]]] = {
        "perfect": (None, FULL, "marked", {}),
        "partial-11": (
            with_answer("1.1", "def rate(s, vmax, km, ki): return vmax * s / ((km + s) * (1 + s / ki))"),
            16.3,
            "marked",
            {"1.1": 0.3},
        ),
        "partial-12": (with_answer("1.2", "best_tyrosine = km * ki"), 17.5, "marked", {"1.2": 1.5}),
        "partial-13": (
            with_answer("1.3", "control_of_others = np.log(flux_left) / np.log(0.9)"),
            16.75,
            "marked",
            {"1.3": 0.75},
        ),
        "partial-14": (
            with_answer("1.4", "def change(y, s, p, l, m, r): return [s - (p + m) * y[0], p * y[0] - (l + r) * y[1]]"),
            17,
            "marked",
            {"1.4": 2},
        ),
        "partial-15": (
            with_answer(
                "1.5",
                "run = synthesis.course(terminal.replace(th_activity=th_left), hours)\nstore_left = 100 * (1 - synthesis.fold(run, 'ne_v'))",
            ),
            17.5,
            "marked",
            {"1.5": 1.5},
        ),
        "partial-16": (
            with_answer("1.6", "def rate_constant(t, a): return -np.polyfit(t, np.log10(a), 1)[0]"),
            17.5,
            "marked",
            {"1.6": 1.5},
        ),
        "wrong-unit": (with_answer("1.2", "best_tyrosine = 1000 * (km * ki) ** 0.5"), 17.5, "marked", {"1.2": 1.5}),
        "wrong-sign": (
            with_answer("1.6", "def rate_constant(t, a): return np.polyfit(t, np.log(a), 1)[0]"),
            17.5,
            "marked",
            {"1.6": 1.5},
        ),
        "renamed": (with_answer("1.2", "best = (km * ki) ** 0.5"), 16, "marked", {"1.2": 0}),
        "deleted": (deleted, 16, "marked", {"1.1": 0}),
        "duplicated": (duplicated, 16, "marked", {"1.2": 0}),
        "other-numbers": (other_numbers, FULL, "marked", {}),
        "syntax-error": (with_answer("1.5", "store_left = = 3"), 16, "marked", {"1.5": 0}),
        "endless": (with_answer("1.6", "while True: pass"), 16, "marked", {"1.6": 0}),
        "endless-stubborn": (with_answer("1.6", STUBBORN), 16, "time limit", {"1.6": 0}),
        "endless-when-called": (
            with_answer("1.6", "def rate_constant(t, a):\n    while True: pass"),
            16,
            "marked",
            {"1.6": 0},
        ),
        "fork-bomb": (with_end(BOMB), FULL, "marked", {}),
        "fifty-gigabytes": (
            with_answer("1.5", "kept = bytearray(50 * 10**9)\nstore_left = 1.0"),
            16,
            "marked",
            {"1.5": 0},
        ),
        "fills-the-disk": (
            with_end("for n in range(10**4):\n    open(f'/tmp/{n}', 'wb').write(bytes(10**7))"),
            FULL,
            "marked",
            {},
        ),
        "reads-files": (with_end(READS.format(places=places)), FULL, "marked", {}),
        "opens-a-socket": (with_end(CONNECTS.format(port=port)), FULL, "marked", {}),
        "writes-outside": (with_end(WRITES.format(places=nowhere)), FULL, "marked", {}),
        "prints-a-gigabyte": (with_end("for _ in range(1000): print('x' * 10**6)"), FULL, "marked", {}),
        "sends-a-gigabyte": (
            with_end(
                "import os\nfor fd in range(3, 16):\n    try:\n        for _ in range(10**6): os.write(fd, b'x' * 1000)\n    except OSError: pass"
            ),
            FULL,
            "output limit",
            {},
        ),
        "system-exit": (with_answer("1.5", "raise SystemExit(0)"), 16, "marked", {"1.5": 0}),
        "hard-exit": (with_answer("1.5", "import os; os._exit(0)"), 13, "died", {"1.4": 4, "1.5": 0, "1.6": 0}),
        "pickled": (with_answer("1.2", PICKLED.format(place=tmp_path / "unpickled")), 16, "marked", {"1.2": 0}),
        "swaps-the-id": (another_id, 0, "id changed", {}),
        "half-a-letter-in-an-essay": (with_text("1.8", "an essay \ud800 here"), FULL, "marked", {}),
        "half-a-letter-in-an-error": (
            with_answer("1.2", 'raise ValueError("\\ud83d broken emoji")'),
            16,
            "marked",
            {"1.2": 0},
        ),
        "essay-in-a-new-cell": (essay_in_a_new_cell, FULL, "marked", {}),
        "a-picture-of-pictures": (
            with_end(
                SENDS.format(
                    answer={"png": base64.b64encode(b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>" + bytes(30)).decode()}
                )
            ),
            FULL,
            "marked",
            {},
        ),
        "a-picture-too-wide": (
            with_end(SENDS.format(answer={"png": base64.b64encode(WIDE).decode()})),
            FULL,
            "marked",
            {},
        ),
        "a-picture-too-large": (
            with_end(
                "large = 2_100_000\n"
                + SENDS.format(answer={"png": ""})
                .replace('"png": ""', '"png": "A" * large')
                .replace("'png': ''", "'png': 'A' * large")
            ),
            FULL,
            "marked",
            {},
        ),
        "complex": (
            with_answer("1.2", "best_tyrosine = np.complex64((km * ki) ** 0.5 + 3j)"),
            16,
            "marked",
            {"1.2": 0},
        ),
        "tells-the-inputs": (
            with_answer("1.1", "def rate(*given): raise ValueError('inputs' + repr(given))"),
            16,
            "marked",
            {"1.1": 0},
        ),
        "exits-when-called": (with_answer("1.1", "def rate(*given): raise SystemExit"), 16, "marked", {"1.1": 0}),
        "keyring": (with_end(KEYRING.format(calls=isolation.refused_calls())), FULL, "marked", {}),
        # Another assignment's cells under this one's name answer none of its questions, and are not run.
        "cells-of-another": (cells_of_another, 0, "cells of another assignment", {}),
        "typed-in": (typed_in, 10, "marked", {"1.2": 0, "1.3": 0, "1.5": 0}),
    }
    expected: dict[str, tuple[float, str, dict[str, float]]] = {}
    for student, (change, score, status, single) in changes.items():
        book = made(student)
        if change is not None:
            change(book)
        (inside / f"{student}.ipynb").write_text(json.dumps(book))
        expected[f"{student}.ipynb"] = (score, status, single)
    # One call marks several assignments: a file counts for the one that it was made for, whichever folder it is in.
    (inside / "another-assignment.ipynb").write_text(json.dumps(made("reader", theme="reuptake")))
    expected["another-assignment.ipynb"] = (21, "marked", {})
    (inside / os.fsdecode(b"\xdcbung.ipynb")).write_text(json.dumps(made("odd-name")))
    expected["\\xdcbung.ipynb"] = (FULL, "marked", {})
    half = made("half-a-letter-in-the-theme")
    half["metadata"]["nbmodel"]["theme"] = "\ud800"
    (inside / "half-a-letter-in-the-theme.ipynb").write_text(json.dumps(half))
    expected["half-a-letter-in-the-theme.ipynb"] = (0, "id changed", {})

    # These start from the untouched edition.
    for student, change, status in (
        ("blank", None, "blank"),
        ("forges-check", with_end(FORGES), "blank"),
        ("patches", with_end(PATCHES), "marked"),
    ):
        book = made(student, "student")
        if change is not None:
            change(book)
        (inside / f"{student}.ipynb").write_text(json.dumps(book))
        expected[f"{student}.ipynb"] = (0, status, {})
    # Who kills everything in reach kills the sandbox at most; what was answered before stands.
    book = made("kills")
    with_end(KILLS.format(pid=os.getpid()))(book)
    (inside / "kills.ipynb").write_text(json.dumps(book))

    copied = json.dumps(made("perfect"))
    (inside / "copy-of-perfect.ipynb").write_text(copied)
    expected["copy-of-perfect.ipynb"] = (FULL, "marked; 2 files of this student", {})
    expected["perfect.ipynb"] = (FULL, "marked; 2 files of this student", {})
    for name, data, status in (
        ("pdf.ipynb", b"%PDF-1.7 \xff\xfe", "not a notebook"),
        ("empty.ipynb", b"", "not a notebook"),
        ("deep.ipynb", b"[" * 200_000, "not a notebook"),
        ("list.ipynb", b'{"cells": {"a": 1}, "metadata": []}', "not a notebook"),
        ("lesson.ipynb", (collection.notebooks_folder() / "01_synthesis.ipynb").read_bytes(), "not an assignment"),
        ("huge.ipynb", json.dumps({"cells": [{"source": "x" * 21 * MEGA}]}).encode(), "too large"),
    ):
        (inside / name).write_bytes(data)
        expected[name] = (0, status, {})
    (inside / "link.ipynb").symlink_to(key)
    os.mkfifo(inside / "pipe.ipynb")
    (inside / "=cmd.ipynb").write_text("{}")
    expected |= {"link.ipynb": (0, "not a file", {}), "pipe.ipynb": (0, "not a file", {})}
    unheard = made("unheard")
    unheard["metadata"]["nbmodel"] |= {"theme": "unheard", "signature": course_key.signature("unheard", "unheard", KEY)}
    (inside / "unheard.ipynb").write_text(json.dumps(unheard))
    expected["unheard.ipynb"] = (0, "unknown assignment", {})

    before = {path: path.read_bytes() for path in inside.iterdir() if path.is_file() and not path.is_symlink()}
    began = time.monotonic()
    with sampling() as sampled:
        result = call("grade", "in", "-o", "grades.csv", "--feedback", "fb", "--seconds", "60")
    took = time.monotonic() - began
    assert result.exit_code == 0, result.output
    print(f"{took:.0f} s; of one submission {sampled[0] / MEGA:.0f} MB, {sampled[1]:.1f} s")
    assert sampled[0] <= 1.02 * 2048 * MEGA and 55 < sampled[1] <= 60 + 2

    rows = table(tmp_path / "grades.csv")
    # What follows a colon says what the file is and what to do.
    found = {name: (float(rows[name]["score"]), rows[name]["status"].partition(":")[0]) for name in expected}
    asked = {name: (score, status) for name, (score, status, _) in expected.items()}
    wrong = {
        name: (rows[name]["score"], rows[name]["status"], asked[name]) for name in asked if found[name] != asked[name]
    }
    assert not wrong  # of the rows that are wrong alone, so that the message of a failure is read whole
    for name, (_, _, single) in expected.items():
        assert {question: float(rows[name][question]) for question in single} == single, name
    assert float(rows["kills.ipynb"]["score"]) == FULL
    assert len(rows) >= 30
    # No longer than the limits ask: one reaches that of a submission (60 s), the others those of cells (10 s), two at a
    # time; a function that does not end is called when it is defined and once more at the end.
    limits = 60 + 10 * (1 + 2 + 1)
    assert took < limits + ORDINARY * len(rows), f"{took:.0f} s"
    assert {rows["another-assignment.ipynb"]["theme"], rows["cells-of-another.ipynb"]["theme"]} == {
        "reuptake",
        "synthesis",
    }

    # Nothing escaped: no file, no connection, no process, no change.
    assert heard == []
    assert bystander.poll() is None
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "course.key",
        "fb",
        "grades.csv",
        "grades.csv.kept",
        "in",
    ]
    assert before == {path: path.read_bytes() for path in before}
    assert not [
        p
        for p in (Path.home() / "escaped", Path("/tmp/escaped"), Path(source.__file__).parents[1] / "escaped")
        if p.exists()
    ]
    assert set(processes.family(os.getpid())) <= others
    # Hostile text is shown as text. (The lessons that lie beside hold nothing of a submission, but their own sliders.)
    lessons = {f"{theme.notebook}.html" for theme in scenario.THEMES.values()}
    pages = "".join(path.read_text() for path in (tmp_path / "fb").glob("*.html") if path.name not in lessons)
    assert "<script" not in pages and "&lt;script&gt;" in pages and "<svg" not in pages
    own = (tmp_path / "fb" / "synthesis_syntax-error.html").read_text()
    assert re.search(r"1\.5 A store that is made too slowly <span>0 of 3</span></h3>\s*<p>no answer came out", own)
    own = (tmp_path / "fb" / "synthesis_tells-the-inputs.html").read_text()
    assert "ValueError" in own and "inputs(" not in own
    for_who_marks = (tmp_path / "fb" / "hand.html").read_text()
    assert "In cells of its own" in for_who_marks and "flux is not amount" in for_who_marks
    assert "'in/" not in pages and (tmp_path / "fb" / "_cmd.html").exists()

    # Again: nothing is run twice.
    def again(*_: object) -> None:
        raise AssertionError("it was marked before")

    monkeypatch.setattr(Cage, "run", again)
    assert call("grade", "in", "-o", "grades.csv", "--feedback", "fb", "--seconds", "60").exit_code == 0
    assert table(tmp_path / "grades.csv") == rows


@pytest.mark.alone
@pytest.mark.long
@caged
@pytest.mark.parametrize("theme", source.themes())
def test_in_the_cage_the_model_solution_gets_everything_and_the_stub_nothing(
    theme: str, cage: Cage, tmp_path: Path
) -> None:
    grader = marking.Grader({theme: source.find(theme)}, KEY, cage)
    for student in ("ada", "bob", "cy"):
        for kind in ("solution", "student"):
            path = tmp_path / f"{student}_{kind}.ipynb"
            path.write_text(json.dumps(made(student, kind, theme)))
            row = grader.mark(path)
            assert row.faults == ()
            assert row.score == (row.worth if kind == "solution" else 0) and row.worth > 0
            assert row.status == ("marked" if kind == "solution" else "blank")
            by_hand = [mark for mark in row.marks if mark.kind in ("figure", "essay")]
            waits = {mark.points is None for mark in by_hand}
            assert waits == {kind == "solution"}
            if kind == "student":
                assert {mark.comment for mark in row.marks} == {NOT_TRIED}


@pytest.mark.alone
@pytest.mark.long
@caged
def test_thirty_honest_submissions_take_less_than_four_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("course.key").write_bytes(KEY)
    Path("in").mkdir()
    for number in range(30):
        theme = sorted(source.themes())[number % 4]
        Path("in", f"{number}.ipynb").write_text(json.dumps(made(f"s{number}", theme=theme)))
    began = time.monotonic()
    result = call("grade", "in", "--feedback", "fb")
    took = time.monotonic() - began
    assert result.exit_code == 0 and took < 240, f"{took:.0f} s\n{result.output}"
    print(f"30 submissions in {took:.0f} s")
    rows = table(Path("grades.csv"))
    assert {row["status"] for row in rows.values()} == {"marked"} and all(r["score"] == r["max"] for r in rows.values())


@pytest.mark.long
@caged
def test_an_honest_class_from_roster_to_grades_with_hand_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("roster.csv").write_text("name,student\nAda,ada\nBob,bob\n")
    assert call("assign", "synthesis", "--roster", "roster.csv", "-o", "in").exit_code == 0
    assert stat.S_IMODE(Path("course.key").stat().st_mode) == 0o600
    first = Path("in/synthesis_ada.ipynb").read_text()
    assert call("assign", "synthesis", "--roster", "roster.csv", "-o", "in").exit_code == 0
    assert Path("in/synthesis_ada.ipynb").read_text() == first
    assert call("assign", "synthesis", "--student", "ada", "--edition", "solution", "-o", "model").exit_code == 0
    book = json.loads(Path("model/synthesis_ada_solution.ipynb").read_text())
    cell(book, "1-8")["source"] = "My own words."
    Path("in/synthesis_ada.ipynb").write_text(json.dumps(book))
    refused = call("assign", "synthesis", "--student", "ada", "-o", "in")
    assert refused.exit_code == 2 and "is there already" in refused.output

    assert call("grade", "in", "--feedback", "fb").exit_code == 0
    rows = table(Path("grades.csv"))
    assert list(rows["synthesis_ada.ipynb"])[:6] == ["file", "student", "theme", "score", "max", "status"]
    assert (rows["synthesis_ada.ipynb"]["score"], rows["synthesis_ada.ipynb"]["max"]) == ("19", "19")
    assert (rows["synthesis_bob.ipynb"]["score"], rows["synthesis_bob.ipynb"]["status"]) == ("0", "blank")
    page = Path("fb/hand.html").read_text()
    assert page.count("data:image/png;base64,") == 2 and page.count("Model answer") == 2  # the student's, and ours
    assert "How to mark:" in page and "Control over a *flux*" in page and "My own words." in page and "km = " in page

    by_hand = Path("fb/hand.csv").read_text().splitlines()
    assert by_hand[0] == "file,question,points,of,comment,answer"
    assert [line.rpartition(",")[0] for line in by_hand[1:]] == [
        "in/synthesis_ada.ipynb,1.7,,3,",
        "in/synthesis_ada.ipynb,1.8,,4,",
    ]
    assert (
        "2 answers wait to be marked by a person, see fb/hand.html:\n  ada: 1.7, 1.8"
        in call("grade", "in", "--feedback", "fb").output
    )
    filled = [line.replace(",,3,", ",2.5,3,the axes lack units").replace(",,4,", ",4,4,") for line in by_hand]
    Path("fb/hand.csv").write_text("\n".join(filled))
    assert "to count them, add --hand fb/hand.csv" in call("grade", "in", "--feedback", "fb").output
    counted = call("grade", "in", "--feedback", "fb", "--hand", "fb/hand.csv")
    assert counted.exit_code == 0 and "points for 2 answers taken" in counted.output
    assert "to count them" not in counted.output
    rows = table(Path("grades.csv"))
    assert (rows["synthesis_ada.ipynb"]["score"], rows["synthesis_ada.ipynb"]["max"]) == ("25.5", "26")
    assert rows["synthesis_bob.ipynb"]["max"] == "26"
    assert "the axes lack units" in Path("fb/synthesis_ada.html").read_text()
    Path("fb/hand.csv").write_text("file,question,points,of\nin/synthesis_ada.ipynb,1.7,5,3\nx,1.7,1,3\n")
    refused = call("grade", "in", "--hand", "fb/hand.csv")
    assert refused.exit_code == 2 and "line 2" in refused.output and "line 3" in refused.output


def test_what_cannot_be_done_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("roster.csv").write_text("student\nada\nada\n=cmd\n")
    Path("other.csv").write_text("name\nada\n")
    for arguments, words in (
        (("assign", "synthesis"), "say for whom"),
        (("assign", "synthesi", "--student", "ada"), "did you mean 'synthesis'"),
        (("assign", "synthesis", "--student", "../ada"), "cannot be an id"),
        (("assign", "synthesis", "--roster", "roster.csv"), "'ada' stands twice"),
        (("assign", "synthesis", "--roster", "other.csv"), "no column 'student'"),
        (("grade", "."), "there is no course key"),
    ):
        refused = call(*arguments)
        assert refused.exit_code == 2 and words in refused.output, (arguments, refused.output)
    Path("course.key").write_text("short")
    assert "is not a course key" in call("grade", ".").output
    Path("course.key").write_bytes(KEY)
    assert "there is no nowhere" in call("grade", "nowhere").output
    assert "no notebook in ." in call("grade", ".").output
    refused = call("grade", "nowhere", "--roster", "roster.csv")
    assert "'ada' stands twice" in refused.output and "'=cmd' cannot be an id" in refused.output
    for option, value in (("--seconds", "1_0"), ("--memory", "١٠٢٤"), ("--jobs", "0")):
        refused = call("grade", ".", option, value)
        assert refused.exit_code == 2 and option in refused.output and value in refused.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["course.key", "other.csv", "roster.csv"]


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    kept = tmp_path / "grades.csv.kept"
    row = marks.Row("a.ipynb", "a", "t", "marked", (marks.Mark("1.1", "number", 1.0, 2.0, "x"),), ("cell 1: E",), 1.5)
    add = marks.keep(kept)
    add("d1", row)
    with kept.open("a") as file:
        file.write('{"digest": "d2", "row": {"file": "b.ip')
    add("d3", row)  # a line that was broken off spoils none after it
    assert marks.restore(kept) == {"d1": row, "d3": row}

    class Untouched(marking.Grader):
        def digest(self, path: Path) -> str:
            return "d1"

        def mark(self, path: Path) -> marks.Row:
            raise AssertionError("it was marked before")

    grader = Untouched({}, KEY, Cage("none", SandboxLimits()))
    assert list(grader.mark_all([Path("a.ipynb")], {"d1": row}, 1)) == [(Path("a.ipynb"), row)]
    assert "the grader failed" in next(iter(grader.mark_all([Path("a.ipynb")], {}, 1)))[1].status


def test_questions_come_in_their_order_and_no_cell_is_a_formula() -> None:
    asked = tuple(marks.Mark(name, "number", 1.0, 1.0, "") for name in ("2.10", "2.9", "1.1", "1.²"))
    made_table = marks.grades([marks.Row("=1+1.ipynb", "a", "t", "marked", asked)])
    assert made_table[0][6:] == ["1.²", "1.1", "2.9", "2.10"]
    assert made_table[1][0] == "'=1+1.ipynb"
    assert re.fullmatch(r"[\d.]+", made_table[1][3])
