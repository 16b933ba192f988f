"""Watches from outside what a grader starts, until its standard input ends, apart from all that the package counts.

Prints the most memory that all processes of one submission took together (bytes), and how long one was there (seconds).
"""

import contextlib
import os
import re
import select
import sys
import time
from pathlib import Path

from nbmodel.kernels import processes

KNOWN = ("MemFree", "Buffers", "Cached", "AnonPages", "Slab", "KernelStack", "PageTables", "Percpu")


def kilobytes(place: str) -> dict[str, int]:
    lines = (line.split() for line in Path(place).read_text().splitlines() if line.endswith(" kB"))
    return {name.rstrip(":"): int(size) for name, size, _ in lines}


def nobodys() -> int:
    """Kilobytes of the computer's memory that are no process's: shared memory and files in it, and what waits in sockets."""
    found = kilobytes("/proc/meminfo")
    at_hand = sum(map(int, re.findall(r"^ +count: +(\d+)", Path("/proc/zoneinfo").read_text(), re.M)))  # pages
    return found["Shmem"] + found["MemTotal"] - 4 * at_hand - sum(found[name] for name in KNOWN)


def own(pid: int) -> int:
    """Kilobytes of a process, with its part of what it shares."""
    try:
        found = kilobytes(f"/proc/{pid}/smaps_rollup")
    except OSError:  # it has gone
        return 0
    return found.get("Pss", 0) - found.get("Pss_Shmem", 0)


def started(grader: int, others: set[int]) -> list[int]:
    """Children of the grader, each of which starts and ends a submission."""
    found = []
    for pid in processes.family(grader, others):
        with contextlib.suppress(OSError):
            parent = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[1]
            found += [pid] if int(parent) == grader else []
    return found


def main() -> None:
    grader, others = int(sys.argv[1]), {os.getpid(), *map(int, sys.argv[2:])}
    before, most, longest = nobodys(), 0, 0.0
    since: dict[int, float] = {}
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0.01)[0]:
        for one in started(grader, others):
            longest = max(longest, time.monotonic() - since.setdefault(one, time.monotonic()))
            most = max(most, nobodys() - before + sum(map(own, processes.family(one))))
    print(1024 * most, longest)


if __name__ == "__main__":
    main()
