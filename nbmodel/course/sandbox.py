"""A process that a student's code cannot leave: bubblewrap, resource limits, and a watch over memory and processes.

Inside there is no network, no file but Python, its packages and the model (all read-only) and a small empty /tmp; what
comes out is what the runner writes to its standard output, up to a limit. Where the grader is root the code runs as a user
who owns nothing. `probe` tries all of this out, harmlessly, before the first submission.

`unprotected` runs the same runner with limits of time, memory and output only.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbmodel.collection import PACKAGE

# A user id that no system gives to anybody (free by systemd's table of ids); each slot of the grader has its own.
FIRST_USER = 60600
MEGA = 2**20
# How often memory and processes are looked at, s.
WATCH = 0.2


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    seconds: int = 120
    cell_seconds: int = 20
    memory: int = 2048 * MEGA
    processes: int = 32
    output: int = 8 * MEGA
    files: int = 32 * MEGA


@dataclass(frozen=True)
class Outcome:
    """What came out: the JSON objects that were sent, and how it ended.

    `ended` is "done", "died", "time limit", "memory limit", "process limit" or "output limit".
    """

    messages: tuple[dict[str, Any], ...]
    ended: str
    seconds: float


@dataclass(frozen=True)
class Cage:
    """How submissions are run: `kind` is "root" or "user" (both bubblewrap) or "none"; `limits` of each."""

    kind: str
    limits: Limits

    def run(self, cells: Sequence[Mapping[str, Any]], questions: Sequence[Mapping[str, Any]], slot: int = 0) -> Outcome:
        """Run the code cells of one submission and collect its answers. `slot` tells runs at the same time apart."""
        return self._start({"cells": list(cells), "questions": list(questions)}, slot)

    def _start(self, work: dict[str, Any], slot: int) -> Outcome:
        limits = self.limits
        task = {
            **work,
            "code": "/code" if self.kind != "none" else str(PACKAGE.parent),
            "alone": self.kind != "none",  # no processes in sight but its own
            "user": FIRST_USER + slot if self.kind == "root" else None,
            "cell_seconds": limits.cell_seconds,
            "limits": {
                "AS": limits.memory, "CPU": limits.seconds + 5, "FSIZE": limits.files, "NOFILE": 256, "CORE": 0,
                # Outside a sandbox this limit counts everything that the user runs, so it cannot be set there.
                **({"NPROC": limits.processes} if self.kind != "none" else {}),
            },
        }  # fmt: skip
        with contextlib.ExitStack() as stack:
            home = stack.enter_context(tempfile.TemporaryDirectory()) if self.kind == "none" else "/tmp"
            command, runner = [sys.executable, "-B", "-s"], "/code/nbmodel/course/runner.py"
            if self.kind == "none":
                runner = str(PACKAGE / "course" / "runner.py")
            else:
                command = [*_bubblewrap(self.kind, limits), *command]
            process = subprocess.Popen(
                [*command, runner],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(home),
                cwd=home if self.kind == "none" else None,
                start_new_session=True,
            )
            try:
                return _listen(process, json.dumps(task).encode(), limits)
            finally:
                _end(process)


def _environment(home: str) -> dict[str, str]:
    """Nothing of the grader's own environment goes in."""
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        "PATH": "/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", "MPLBACKEND": "agg", "MPLCONFIGDIR": f"{home}/mpl",
        "IPYTHONDIR": f"{home}/ipython", "NBMODEL_GRADING": "1", **one_thread,
    }  # fmt: skip


def _bubblewrap(kind: str, limits: Limits) -> list[str]:
    """The command line before Python's: what there is inside, and nothing else."""
    shown = {Path("/usr"), Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), Path(sys.prefix)}
    shown |= {Path(sys.executable).parent}
    places = [place for place in sorted(shown) if not any(other in place.parents for other in shown)]
    command = [
        shutil.which("bwrap") or "bwrap",  # where the grader's own path has it, not where the sandbox's has
        "--die-with-parent",
        "--new-session",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
    ]
    if kind == "root":
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user", "--unshare-cgroup-try", "--uid", str(FIRST_USER), "--gid", str(FIRST_USER)]
    # First of all, because Python and the packages may lie below the real /tmp: they are bound over it.
    room = ["--perms", "1777", "--size", str(limits.files), "--tmpfs"]
    command += [*room, "/tmp"]
    made = {Path("/tmp")}
    for place in (*places, Path("/code/nbmodel")):
        for parent in reversed(place.parents[:-1]):
            if parent not in made:
                command += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        command += ["--ro-bind", str(PACKAGE if place == Path("/code/nbmodel") else place), str(place)]
    # A package that was installed carries the collection's notebooks, and with them the model solutions.
    installed = [PACKAGE, *(place / "nbmodel" for site in sys.path if (place := Path(site)).name == "site-packages")]
    for package in installed:
        if (package / "_collection").is_dir():
            inside = Path("/code/nbmodel") if package == PACKAGE else package
            command += ["--tmpfs", str(inside / "_collection")]
    for link in ("lib", "lib32", "lib64", "bin", "sbin"):
        outside = Path("/", link)
        if outside.is_symlink():
            command += ["--symlink", f"usr/{link}", str(outside)]
        elif outside.is_dir():
            command += ["--ro-bind", str(outside), str(outside)]
    if Path("/etc/ld.so.cache").exists():
        command += ["--perms", "0755", "--dir", "/etc", "--ro-bind", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    command += ["--proc", "/proc", "--dev", "/dev", *room, "/dev/shm", "--remount-ro", "/dev"]
    return [*command, "--remount-ro", "/", "--chdir", "/tmp", "--"]


# -- listening and ending --------------------------------------------------------------------------------------------


def _listen(process: subprocess.Popen[bytes], task: bytes, limits: Limits) -> Outcome:
    """Send the task, read what comes until the process ends or a limit is reached."""
    assert process.stdin is not None and process.stdout is not None
    began = time.monotonic()
    received, ended, watched = bytearray(), "", began
    for pipe in (process.stdin, process.stdout):
        os.set_blocking(pipe.fileno(), False)
    selector = selectors.DefaultSelector()
    selector.register(process.stdout, selectors.EVENT_READ)
    selector.register(process.stdin, selectors.EVENT_WRITE)
    while not ended:
        for ready, _ in selector.select(WATCH):
            if ready.fileobj is process.stdin:
                try:
                    task = task[os.write(process.stdin.fileno(), task) :]
                except BlockingIOError:
                    continue
                except BrokenPipeError:
                    task = b""
                if not task:
                    selector.unregister(process.stdin)
                    process.stdin.close()
            else:
                with contextlib.suppress(BlockingIOError):
                    piece = os.read(process.stdout.fileno(), 65536)
                    received += piece
                    if not piece:
                        selector.unregister(process.stdout)
                        ended = "closed"
        now = time.monotonic()
        if len(received) > limits.output:
            ended = "output limit"
        elif now - began > limits.seconds:
            ended = "time limit"
        elif now - watched > WATCH:
            watched = now
            ended = ended or _excess(process.pid, limits)
            # Something it left behind may hold the pipe open after the runner itself has gone.
            if not ended and process.poll() is not None:
                ended = "closed"
                with contextlib.suppress(BlockingIOError):
                    received += os.read(process.stdout.fileno(), limits.output)
    selector.close()
    messages = tuple(_messages(bytes(received[: limits.output])))
    if ended == "closed":
        ended = "done" if any(message.get("done") is True for message in messages) else "died"
    return Outcome(messages, ended, time.monotonic() - began)


def _messages(received: bytes) -> list[dict[str, Any]]:
    """The JSON objects among the lines; what is none is left out."""
    found = []
    for line in received.split(b"\n"):
        try:
            message = json.loads(line, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            continue
        if isinstance(message, dict):
            found.append(message)
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill it with all that it started. Inside bubblewrap, everything dies with its first process."""
    family = _family(process.pid)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pid in family:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _family(pid: int) -> list[int]:
    """All that a process started, and what those started (Linux; elsewhere nothing is found)."""
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc") if Path("/proc/self/stat").exists() else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int(Path(entry.path, "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        new = children.get(waiting.pop(), [])
        found += new
        waiting += new
    return found


def _excess(pid: int, limits: Limits) -> str:
    """The limit that all processes of a submission together have passed, or nothing.

    The kernel's own limits hold for each process alone, and that of processes not for root.
    """
    family = _family(pid)
    if len(family) > limits.processes + 4:  # bubblewrap's own, and a margin
        return "process limit"
    page = os.sysconf("SC_PAGE_SIZE")
    resident = 0
    for one in family:
        with contextlib.suppress(OSError, ValueError, IndexError):
            resident += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * page
    if resident <= limits.memory:
        return ""
    proportional = 0  # processes share what they have in common; counted exactly only now, because that is slow
    for one in family:
        with contextlib.suppress(OSError, ValueError, StopIteration, IndexError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            proportional += 1024 * int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return "memory limit" if proportional > limits.memory else ""


# -- is it safe here? ------------------------------------------------------------------------------------------------

# Each runs inside under small limits and sets `found`: true where the sandbox holds.
TRIALS: dict[str, str] = {
    "files of the system can be read": """
import os
found = not any(os.path.exists(place) for place in ("/etc/passwd", "/home", "/var", "/root/.ssh"))
""",
    "files can be written": """
import os
found = True
for place in ("/kept", "/dev/kept", "/usr/kept", "/code/nbmodel/kept", os.path.dirname(os.__file__) + "/kept"):
    try:
        open(place, "w").close()
        found = False
    except OSError:
        pass
""",
    "the network can be reached": """
import os
found = set(os.listdir("/sys/class/net")) <= {"lo"} if os.path.exists("/sys/class/net") else True
lines = open("/proc/net/dev").read().splitlines()[2:]
found = found and [line.split(":")[0].strip() for line in lines] in ([], ["lo"])
""",
    "other processes can be seen": """
import os
found = sum(name.isdigit() for name in os.listdir("/proc")) < 8
""",
    "memory is not limited": """
try:
    bytearray(4 * limit_memory)
    found = False
except MemoryError:
    found = True
""",
    "the number of processes is not limited": """
import os, time
found, children = False, []
for _ in range(2 * limit_processes):
    try:
        child = os.fork()
    except OSError:
        found = True
        break
    if child == 0:
        time.sleep(20)
        os._exit(0)
    children.append(child)
for child in children:
    os.kill(child, 9)
    os.waitpid(child, 0)
""",
    "the size of files is not limited": """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open("/tmp/large", "wb") as file:
        for _ in range(limit_files // 65536 + 2):
            file.write(bytes(65536))
    found = False
except OSError:
    found = True
""",
    "privileges are kept": """
import os
status = open("/proc/self/status").read()
found = os.getuid() != 0 and "CapEff:\\t0000000000000000" in status and "NoNewPrivs:\\t1" in status
""",
}
WHAT_FAILS_WITHOUT = (
    "what it runs can read every file that you can read, the course key among them",
    "it can change and delete your files",
    "it can use the network",
    "it can see and end your other processes, this one included",
    "the number of its processes is not limited",
)


def probe(limits: Limits, say: Callable[[str], None] = lambda _: None) -> tuple[Cage | None, list[str]]:
    """A cage whose every wall was tried, or None and what is wrong. Tries take about a second, with small limits."""
    if shutil.which("bwrap") is None:
        return None, ["bubblewrap (the command bwrap) is not installed; on Debian and Ubuntu: apt install bubblewrap"]
    small = Limits(seconds=20, cell_seconds=5, memory=512 * MEGA, processes=8, output=MEGA, files=MEGA)
    reasons: list[str] = []
    for kind in ("root", "user") if os.geteuid() == 0 else ("user",):
        cage, faults = Cage(kind, small), []
        for fault, trial in TRIALS.items():
            names = f"limit_memory, limit_processes, limit_files = {small.memory}, {small.processes}, {small.files}\n"
            outcome = cage._start({"try": names + trial}, 0)
            tried = [message["tried"] for message in outcome.messages if "tried" in message]
            if not tried:
                faults = [f"bubblewrap cannot start here ({outcome.ended})"]
                break
            if tried != [True]:
                faults.append(f"inside bubblewrap, {fault}")
        if not faults:
            say(kind)
            return Cage(kind, limits), []
        reasons += faults
    return None, list(dict.fromkeys(reasons))
