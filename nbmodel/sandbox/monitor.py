"""Monitor of a submission's processes, from outside: which they are, and whether together they are past a limit."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbmodel.kernels.processes import family
from nbmodel.sandbox import isolation

# Bytes that can be taken during a look, and between two of them: who has no more than those left is past the limit.
NEAR, SPARE = 128 * 2**20, 32 * 2**20


@dataclass
class Monitor:
    """Monitor of all that process `pid` has started."""

    pid: int
    most_processes: int
    most_memory: int
    _near: Sequence[int] = ()

    def excess(self) -> tuple[str, int]:
        """Name the limit that they have passed together, or nothing; and the bytes that are left.

        The kernel's own limits hold for each process alone, and that of processes not for root. Past the limit of memory
        they are left as they are stopped: whoever is told ends them.
        """
        # Who is near the limit takes nothing while it is looked at: in the time of a look it would be far past it.
        stopped = {*self._near}
        _send(stopped, signal.SIGSTOP)
        processes = family(self.pid)
        if len(processes) > self.most_processes + 4:  # bubblewrap's own, and a margin
            return "process limit", 0
        held = _in_files(processes) + _in_shared_memory(processes) + _in_sockets(processes)
        resident = {one: _memory(one, used=True) for one in processes}
        taken = held + SPARE + sum(resident.values())
        if taken > self.most_memory:
            # Processes share what they have in common; counted exactly only now, because that is slow.
            stopped |= {*processes}
            _send(stopped, signal.SIGSTOP)
            taken = held + SPARE + sum(_proportional(one, most) for one, most in resident.items())
            if taken > self.most_memory:
                return "memory limit", 0
        room = self.most_memory - taken
        _send(stopped, signal.SIGCONT)
        self._near = processes if room < NEAR else ()
        return "", room


def _send(processes: Collection[int], what: signal.Signals) -> None:
    for one in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(one, what)


def _memory(pid: int, used: bool) -> int:
    """Bytes of memory that a process has asked for, or has in use of it; nothing when it has gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[used]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _proportional(pid: int, otherwise: int) -> int:
    """Share of a process in that memory, without shared memory and files in memory, which are counted apart.

    `otherwise` where the kernel does not tell: a process that hides counts in full.
    """
    try:
        lines = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    except OSError:
        return otherwise
    found = {line[0]: 1024 * int(line[1]) for line in lines if line[0] in ("Pss:", "Pss_Shmem:")}
    return found["Pss:"] - found.get("Pss_Shmem:", 0) if "Pss:" in found else otherwise


def _in_shared_memory(processes: Sequence[int]) -> int:
    """Bytes of shared memory without a file: its pages stay in use though no process may show them as its own."""
    sizes: dict[str, int] = {}
    for pid in processes:
        try:
            lines = Path(f"/proc/{pid}/maps").read_text(errors="replace").splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        except OSError:  # it hides: all that it has asked for counts
            sizes[f"of {pid}"] = _memory(pid, used=False)
            continue
        for line in lines:
            if "/dev/zero" in line:
                addresses, rights, _, device, inode, *_ = line.split()
                low, high = (int(address, 16) for address in addresses.split("-"))
                if rights.endswith("s"):
                    place = f"{device} {inode}"
                    sizes[place] = max(sizes.get(place, 0), high - low)
    return sum(sizes.values())


def _in_files(processes: Sequence[int]) -> int:
    """Bytes that the files of its /tmp and /dev/shm take, a kilobyte for each that is empty; all of this is memory."""
    for pid in processes:
        root = Path(f"/proc/{pid}/root")
        try:
            # Bubblewrap's first process still sees the computer's own.
            if (root / isolation.CODE.relative_to("/")).is_dir():
                found = [os.statvfs(root / place) for place in ("tmp", "dev/shm")]
                return sum((f.f_blocks - f.f_bfree) * f.f_frsize + 1024 * (f.f_files - f.f_ffree) for f in found)
        except OSError:
            continue
    return 0


def _in_sockets(processes: Sequence[int]) -> int:
    """Bytes that can wait in the sockets of its network, in flight or held; the kernel does not tell how many do.

    Their buffers have the size that they are made with (`isolation`), which a last piece of data may pass once.
    """
    for pid in processes:
        with contextlib.suppress(OSError):
            about = Path(f"/proc/{pid}/status").read_text()
            if len(re.findall(r"^NSpid:(.*)", about, re.M)[0].split()) > 1:  # it is inside, in a network of its own
                sockets = len(Path(f"/proc/{pid}/net/unix").read_text(errors="replace").splitlines()) - 1
                return sockets * 2 * int(Path("/proc/sys/net/core/wmem_default").read_text())
    return 0
