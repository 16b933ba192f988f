"""Processes seen from outside: which of them a process has started, how to leave none behind, and their limit (Linux)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Collection
from pathlib import Path

_BE_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl


def family(pid: int, but: Collection[int] = ()) -> list[int]:
    """List the processes that a process started, and those they started (elsewhere than on Linux nothing is found).

    Children named in `but` are left out, with all of theirs.
    """
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc") if Path("/proc/self/stat").exists() else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int(Path(entry.path, "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        new = [child for child in children.get(waiting.pop(), []) if child not in but]
        found += new
        waiting += new
    return found


def adopt() -> None:
    """Make this process the parent of whatever outlives its own below it, also in a session of its own."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_BE_SUBREAPER, 1, 0, 0, 0)


def end(pids: Collection[int]) -> None:
    """Kill these processes, as far as they are still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def end_family() -> None:
    """Kill all that this process has started or adopted, and what comes to it as those end, and collect it."""
    while mine := family(os.getpid()):
        end(mine)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)


def limit_memory(gigabytes: float, pid: int = 0) -> None:
    """Hold a process (0: this one) to an address space, until told otherwise."""
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError, ValueError):  # it ended already
            _, most = resource.prlimit(pid, resource.RLIMIT_AS)
            size = int(gigabytes * 2**30)
            resource.prlimit(pid, resource.RLIMIT_AS, (size if most < 0 else min(size, most), most))
