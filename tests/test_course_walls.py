"""The sandbox, wall by wall: what is taken away is noticed, and what one wall leaves out another holds."""

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from classroom import KEY, MEGA, STUBBORN, answer, caged, call, made, run_in, sampling

from nbmodel.collection import PACKAGE
from nbmodel.grading import marking, submissions
from nbmodel.kernels import processes
from nbmodel.sandbox import isolation, monitor, self_test
from nbmodel.sandbox.cage import Cage, SandboxLimits

# The shell starts Python, since a first line cannot name an interpreter whose path has a space.
WRAPPER = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import os, sys
given = sys.argv[1:]
{change}
os.execv({real!r}, [{real!r}, *given])
"""


@pytest.fixture(scope="module")
def cage() -> Cage:
    found, reasons = self_test.probe(SandboxLimits(seconds=30, cell_seconds=5))
    assert found is not None, reasons
    return found


def wrap(folder: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """Put a bubblewrap in front of the real one that changes what it is `given`."""
    wrapper = folder / "bin" / "bwrap"
    wrapper.parent.mkdir()
    wrapper.write_text(WRAPPER.format(python=sys.executable, real=shutil.which("bwrap"), change=change))
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")


@caged
@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        ("given.remove('--unshare-net')", "the network can be reached"),
        ("given.remove('--unshare-pid'); given.remove('--as-pid-1')", "other processes can be seen"),
        ("given.remove('--unshare-ipc')", "a namespace or the terminal is shared"),
        ("given.remove('--unshare-uts')", "a namespace or the terminal is shared"),
        ("given.remove('--new-session')", "a namespace or the terminal is shared"),
        ("at = given.index('--seccomp'); del given[at:at + 2]", "calls to the kernel are not filtered"),
        (
            "at = given.index('--chdir'); given[at:at] = ['--ro-bind', {folder!r}, {folder!r}]",
            "places are shown that should not be",
        ),
        (
            "given = ['--bind' if word == '--ro-bind' else word for word in given]",
            "places are shown that should not be",
        ),
        (
            "at = given.index('--chdir'); given[at:at] = ['--ro-bind', '/etc', '/etc']",
            "files of the system can be read",
        ),
    ],
)
def test_a_wall_that_is_missing_is_noticed_before_anything_runs(
    change: str, noticed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrap(tmp_path, monkeypatch, change.format(folder=str(tmp_path)))
    found, reasons = self_test.probe(SandboxLimits())
    assert found is None and f"inside bubblewrap, {noticed}" in reasons


@caged
@pytest.mark.parametrize(
    ("call", "noticed"),
    [
        ("socket", "sockets that reach other computers can be made"),
        ("setsockopt", "sockets can be made to hold more"),
        ("inotify_init1", "what all processes of a user have few of can be used up"),
    ],
)
def test_a_call_that_is_no_longer_refused_is_noticed(call: str, noticed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here, refused = isolation.MACHINES[platform.machine()], isolation.refused_calls()
    if call in refused:
        del refused[call]
        monkeypatch.setattr(isolation, "refused_calls", lambda: refused)
    else:
        monkeypatch.setitem(isolation.MACHINES, platform.machine(), here._replace(**{call: 10_000}))
    found, reasons = self_test.probe(SandboxLimits())
    assert found is None and f"inside bubblewrap, {noticed}" in reasons


@caged
def test_limits_that_do_not_hold_before_bubblewrap_starts_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.Popen

    def without(command: list[str], **rest: Any) -> subprocess.Popen[bytes]:
        at = command.index("nbmodel.sandbox.start") + 1
        return real([*command[:at], "{}", *command[at + 1 :]], **rest)

    monkeypatch.setattr(subprocess, "Popen", without)
    found, reasons = self_test.probe(SandboxLimits())
    assert found is None
    assert "inside bubblewrap, the first process can be changed, or has no limits" in reasons


@caged
def test_the_first_process_is_out_of_reach_of_its_own_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # For root, submissions run as somebody else; here they run as who grades.
    fault = "inside bubblewrap, the first process can be changed, or has no limits"
    assert fault not in self_test._faults("user")
    wrap(tmp_path, monkeypatch, "given.remove('--as-pid-1')")
    assert fault in self_test._faults("user")


def test_what_loses_its_parent_is_ended_with_the_submission_without_a_sandbox_too() -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("there is no /proc here")
    code = (
        "import os, time\nreading, writing = os.pipe()\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        os.write(writing, str(os.getpid()).encode())\n        time.sleep(300)\n    os._exit(0)\nos.wait()\n"
        "answer = int(os.read(reading, 20))"
    )
    outcome = run_in(Cage("none", SandboxLimits()), code)
    assert outcome.ended == "done" and not Path(f"/proc/{int(answer(outcome))}").exists()


@caged
def test_python_may_lie_below_folders_of_people(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[[], list[Path]] = isolation.shown
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="a person's ") as folder:
        Path(folder, "course.key").touch()
        (shown := Path(folder, "venv", "lib")).mkdir(parents=True)
        monkeypatch.setattr(isolation, "shown", lambda: [*real(), shown])
        found, reasons = self_test.probe(SandboxLimits())
        assert found is not None, reasons
        code = f"import os\nanswer = len(os.listdir({folder!r})) - len(os.listdir('/var/tmp'))"
        assert answer(run_in(found, code)) == 0


def test_a_computer_whose_calls_cannot_be_filtered_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    here = isolation.calls_filter()
    assert len(here) % 8 == 0 and len(here) // 8 < 256
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert isolation.refused_calls()["memfd_create"] == 279 and len(isolation.calls_filter()) == len(here)
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/bwrap")
    found, reasons = self_test.probe(SandboxLimits())
    assert found is None and "riscv64" in reasons[0]


@caged
def test_who_grades_may_be_killed_and_takes_the_submission_along(cage: Cage) -> None:
    code = (
        "from nbmodel.sandbox.cage import Cage, SandboxLimits\n"
        f"cage = Cage({cage.kind!r}, SandboxLimits(seconds=60, cell_seconds=60))\n"
        "cage.run([{'number': 1, 'source': 'import time; time.sleep(60)'}], [])"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as grader:
        family: list[int] = []
        until = time.monotonic() + 20
        while len(family) < 3 and time.monotonic() < until:
            time.sleep(0.1)
            family = processes.family(grader.pid)
        assert len(family) >= 3  # bubblewrap, its first process inside, Python
        grader.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < until:
        time.sleep(0.1)
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]


def test_submissions_of_two_graders_at_once_run_as_two_users() -> None:
    other = [sys.executable, "-c", "from nbmodel.sandbox.isolation import own_user\nwith own_user() as one: print(one)"]
    with isolation.own_user() as mine:
        theirs = int(subprocess.run(other, check=True, capture_output=True, text=True).stdout)
    assert mine != theirs


# -- memory and keys that outlive a look at processes ------------------------------------------------------------------


@caged
@pytest.mark.parametrize(
    "code",
    [
        "os.memfd_create('x')",
        "socket.socket(40, socket.SOCK_STREAM)",  # AF_VSOCK: to the computer that this one is a guest of
        "socket.socket()",
        "socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)",
        "refused(libc.inotify_init())",
        "refused(libc.syscall(calls['pidfd_getfd'], os.pidfd_open(1), 0, 0))",
        "open('/proc/1/mem', 'r+b')",
        "refused(libc.syscall(calls['shmget'], 0, 4096, 0o1600))",
        "refused(libc.syscall(calls['msgget'], 0, 0o1600))",
        "refused(libc.syscall(calls['add_key'], b'user', b'left', b'answer=42', 9, -4))",
        "refused(libc.syscall(calls['keyctl'], 0, -3, 0))",
        "refused(libc.unshare(0x10000000 | 0x00020000))",
        "refused(libc.mount(b'none', b'/tmp', b'tmpfs', 0, b'size=64m'))",
        "refused(libc.syscall(calls['io_uring_setup'], 1, None))",
        "open('/proc/keys').read()",
    ],
)
def test_what_would_be_held_or_left_outside_a_process_is_refused(cage: Cage, code: str) -> None:
    set_up = (
        f"import ctypes, os, socket\nlibc, calls = ctypes.CDLL(None, use_errno=True), {isolation.refused_calls()!r}\n"
        "def refused(result):\n    if result == -1 and ctypes.get_errno() == 1:\n        raise PermissionError\n"
        f"answer = 0\ntry:\n    {code}\nexcept PermissionError:\n    answer = 1"
    )
    assert answer(run_in(cage, set_up)) == 1


@caged
def test_what_numpy_and_kernels_need_of_the_kernel_is_allowed(cage: Cage) -> None:
    code = (
        "import multiprocessing, subprocess, threading, asyncio\nimport numpy as np\nfrom scipy import integrate\n"
        "np.linalg.inv(np.eye(300))\nthread = threading.Thread(target=print); thread.start(); thread.join()\n"
        "subprocess.run(['/usr/bin/true'], check=True)\nawait asyncio.sleep(0)\n"
        "with multiprocessing.Pool(2) as pool:\n    answer = sum(pool.map(abs, [1, -2]))"
    )
    outcome = run_in(cage, code, memory=2048 * MEGA)
    assert (answer(outcome), outcome.ended) == (3, "done")


FOUR = "import mmap, os, signal, socket, time\nfor _ in range(3):\n    if os.fork() == 0: break\nkept = []\n"
DEAF = "for name in range(1, 32):\n    if name not in (9, 19): signal.signal(name, signal.SIG_IGN)\n"
# What takes memory as fast as it can, and how: it ends at the limit, and the sampler sees at least the share named last.
TAKES = {
    "one process": ("answer = 1\nkept = []\nwhile True: kept.append(bytearray(2**20))", "done", 0.8),
    "four": (f"{FOUR}while True: kept.append(b'x' * 2**20)", "memory limit", 0.8),
    "a bomb of them": (
        f"{FOUR}while True:\n    kept.append(b'x' * 2**20)\n    try: os.fork()\n    except OSError: pass",
        "memory limit",
        0.8,
    ),
    "private maps": (
        f"{FOUR}while True:\n    kept.append(mmap.mmap(-1, 2**24, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))\n"
        "    kept[-1].write(bytes(2**24))",
        "memory limit",
        0.8,
    ),
    # Shared memory that is touched and then let go of: no process shows it, its pages stay.
    "shared maps": (
        f"{FOUR}while True:\n    kept.append(mmap.mmap(-1, 2**24))\n    kept[-1].write(bytes(2**24))\n"
        "    kept[-1].madvise(mmap.MADV_DONTNEED)",
        "memory limit",
        0.8,
    ),
    # Files are memory, too.
    "files": (
        f"{FOUR}n = 0\nwhile True:\n    n += 1\n    for place in ('/tmp', '/dev/shm'):\n"
        "        open(f'{place}/{os.getpid()}-{n}', 'wb').write(bytes(2**23))",
        "memory limit",
        0.8,
    ),
    # What was sent and is not yet read is memory of the kernel; all that could wait counts.
    "sockets": (
        f"{FOUR}os.fork()\nkept = [socket.socketpair() for _ in range(100)]\nfor one in sum(kept, ()):\n    one.setblocking(False)\n"
        "    try:\n        while True: one.send(bytes(60000))\n    except OSError: pass\ntime.sleep(99)",
        "memory limit",
        0.1,
    ),
    "a file without a name": (
        "import os\nfile = os.memfd_create('x')\nwhile True: os.write(file, bytes(2**20))",
        "done",
        0,
    ),
}
LASTS = {
    "stubborn": STUBBORN,
    "away from its parent": (
        f"if os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\n{DEAF}while True: time.sleep(1)"
    ),
    "deaf": f"{DEAF}while True: time.sleep(1)",
    "stopped": "os.kill(os.getpid(), signal.SIGSTOP)",
}


@pytest.mark.alone
@caged
@pytest.mark.parametrize("way", TAKES)
def test_no_memory_is_past_its_limit_seen_from_outside(cage: Cage, way: str) -> None:
    code, ended, share = TAKES[way]
    memory = 420 * MEGA if way == "sockets" else 1024 * MEGA
    with sampling() as found:
        outcome = run_in(cage, code, memory=memory, processes=20, files=600 * MEGA)
    print(f"{way}: {outcome.ended}, {found[0] / MEGA:.0f} MB")
    assert outcome.ended == ended
    assert share * memory <= found[0] <= 1.02 * memory, f"{found[0] / memory:.3f} of the limit"


@pytest.mark.alone
@caged
@pytest.mark.parametrize("way", LASTS)
def test_no_time_is_past_its_limit_seen_from_outside(cage: Cage, way: str) -> None:
    with sampling() as found:
        outcome = run_in(cage, FOUR + LASTS[way], seconds=4, cell_seconds=1, processes=32)
    print(f"{way}: {outcome.ended}, {found[1]:.1f} s")
    assert outcome.ended == "time limit"
    assert 3.5 <= found[1] <= 4 + 2


def test_a_process_that_hides_its_memory_counts_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("there is no /proc here")
    real = Path.read_text

    def hidden(path: Path, *rest: object, **more: object) -> str:
        if path.name in ("smaps_rollup", "maps"):
            raise PermissionError
        return real(path, *rest, **more)  # type: ignore[arg-type]

    assert 0 < monitor._proportional(os.getpid(), 10**15) < 10**12
    assert monitor._proportional(2**22 + 1, 7) == 0  # gone
    monkeypatch.setattr(Path, "read_text", hidden)
    assert monitor._proportional(os.getpid(), 7) == 7
    assert monitor._in_shared_memory([os.getpid()]) > 10 * MEGA


# -- what comes out, and what came in ----------------------------------------------------------------------------------


@caged
@pytest.mark.parametrize("sent", ["'[' * 700 + ']' * 700", "'[' + '{\"\":0},' * 10**6 + '0]'"])
def test_an_answer_that_would_fill_or_end_the_grader_costs_only_itself(cage: Cage, sent: str) -> None:
    code = (
        f'import os\nmessage = (\'{{"question": "2", "answer": \' + {sent} + \'}}\\n\').encode()\nfor fd in range(3, 9):\n'
        "    left = message\n    try:\n        while left: left = left[os.write(fd, left):]\n    except OSError: pass\n"
        "answer = 42"
    )
    outcome = run_in(cage, code, output=32 * MEGA)
    answers, *_ = marking._read(outcome.messages)
    assert outcome.ended == "done" and answers.pop("1") == 42
    assert answers in ({}, {"2": {"other": marking.TOO_DEEP}})


def test_a_notebook_that_unfolds_when_it_is_read_does_so_within_limits() -> None:
    code = (
        "import resource\nfrom nbmodel.grading import submissions\n"
        "notebook = {part}.join((b'{{\"metadata\": {{}}, \"cells\": [', b'0]}}'))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\ntry:\n    submissions.open_notebook(notebook)\n"
        "except submissions.Refused as refused:\n    print(refused)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    command = [sys.executable, "-c", code.format(part="(b'{\"\":0},' * 900_000)")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said, kilobytes = done.stdout.split("\n")[:2]
    assert said.startswith("too large") and int(kilobytes) < 50_000
    large = {"cell_type": "code", "source": "a", "metadata": {"x": [[]] * 10**6, "y": 1}, "outputs": ["x" * 2 * MEGA]}
    kept = submissions.open_notebook(json.dumps({"cells": [large], "metadata": {}}).encode())
    assert kept["cells"] == [{"cell_type": "code", "source": "a", "metadata": {"nbgrader": {}}}]


# -- files that are shown ----------------------------------------------------------------------------------------------


@caged
def test_of_python_only_what_it_needs_is_shown(cage: Cage) -> None:
    code = f"import os\nanswer = len({{*os.listdir({sys.prefix!r})}} - {{'share', *{isolation.PARTS!r}}})"
    assert answer(run_in(cage, code)) == 0
    for place in ("/usr/share/doc", "/usr/src", "/usr/include", "/usr/local/share"):
        assert answer(run_in(cage, f"import os\nanswer = int(os.path.exists({place!r}))")) == 0


@caged
def test_nothing_of_a_course_may_lie_where_submissions_can_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = isolation.exposed([Path(sys.prefix, "lib", "course.key"), tmp_path])
    assert "move it to another folder" in problem and "course.key" in problem
    assert isolation.exposed([PACKAGE / "course.key"])
    (tmp_path / "link").symlink_to(Path(sys.prefix, "lib"))
    assert isolation.exposed([tmp_path / "link" / "in"])
    real: Callable[[], list[Path]] = isolation.shown
    monkeypatch.setattr(isolation, "shown", lambda: [*real(), tmp_path])
    monkeypatch.chdir(tmp_path)
    Path("course.key").write_bytes(KEY)
    Path("in").mkdir()
    Path("in/a.ipynb").write_text(json.dumps(made("ada")))
    refused = call("grade", "in", "--feedback", "fb")
    assert refused.exit_code == 2
    assert all(f"{name} lies in {tmp_path}" in refused.output for name in ("course.key", "in", "grades.csv", "fb"))
    assert not Path("grades.csv").exists() and not Path("fb").exists()


def test_collections_of_every_installed_package_are_masked(tmp_path: Path) -> None:
    for site in ("python3/dist-packages", "python3.11/site-packages", "site-packages"):
        (tmp_path / site / "nbmodel" / "_collection").mkdir(parents=True)
    found = [mask for mask in isolation.masked([tmp_path]) if tmp_path in mask.parents]
    assert len(found) == 3


@caged
def test_a_mask_is_empty_and_no_place_to_write(cage: Cage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "masked", lambda places: [isolation.CODE / "report"])
    code = (
        "import os\nanswer = len(os.listdir('/code/nbmodel/report'))\ntry:\n    open('/code/nbmodel/report/x', 'w')\n"
        "    answer = -1\nexcept OSError:\n    pass"
    )
    assert answer(run_in(cage, code)) == 0
