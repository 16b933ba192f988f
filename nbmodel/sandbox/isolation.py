"""Building blocks of a sandbox: the files that are shown inside, and the calls to the kernel that are refused.

Shown, all of it read-only: Python, its packages, the system's programs and libraries, and the model. Nothing that
belongs to a course may lie among these (`exposed` tells what does).
"""

from __future__ import annotations

import csv
import errno
import itertools
import platform
import shutil
import socket
import struct
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from nbmodel.collection import PACKAGE

USERS = range(60600, 60700)  # ids that no system gives to anybody (free by systemd's table of ids)
CODE = Path("/code/nbmodel")
# What Python and its packages need of an installation; the rest of /usr or of a virtual environment stays outside.
PARTS = ("bin", "lib", "lib32", "lib64", "pyvenv.cfg", "share/zoneinfo")
SYSTEM = ("/usr/libexec", "/usr/local/bin", "/usr/local/lib", "/usr/share/fonts")


# -- users -------------------------------------------------------------------------------------------------------------


@contextmanager
def own_user() -> Iterator[int]:
    """Yield a user id that no other submission has meanwhile, of this grader or of another one on the machine.

    The processes of a user are counted together, and they may end one another.
    """
    for user in itertools.cycle(USERS):
        with socket.socket(socket.AF_UNIX) as claim:
            try:
                claim.bind(f"\0nbmodel-user-{user}")  # a name without a file, free again when this process ends
            except OSError:
                time.sleep(0.01)
                continue
            yield user
            return


# -- files -------------------------------------------------------------------------------------------------------------


def shown() -> list[Path]:
    """List the places that are bound, none inside another; the package itself comes on top, as `CODE`."""
    roots = {Path("/usr")}
    for prefix in (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix):
        roots |= {Path(prefix), Path(prefix).resolve()}
    program = Path(sys.executable)
    places = {root / part for root in roots for part in PARTS} | {Path(name) for name in SYSTEM} | {program.parent}
    while program.is_symlink():  # a virtual environment's Python is a link, perhaps to a link
        program = program.parent / program.readlink()
        places.add(program.parent)
    found = [place for place in sorted(places) if place.exists()]
    return [place for place in found if not any(other in place.parents for other in found)]


def masked(places: Sequence[Path]) -> list[Path]:
    """List the collections of installed packages below `places`: they hold the model solutions."""
    sites = {Path(entry) for entry in sys.path if entry}
    for place in places:
        sites |= {*place.glob("*-packages"), *place.glob("python3*/*-packages")}
    collections = sorted(site / "nbmodel" / "_collection" for site in sites)
    below = [one for one in collections if one.is_dir() and any(place in one.parents for place in places)]
    return below + ([CODE / "_collection"] if (PACKAGE / "_collection").is_dir() else [])


def exposed(paths: Iterable[Path]) -> list[str]:
    """List a sentence for each path that a submission could read, because it lies in a place that is shown."""
    places = {place.resolve() for place in (*shown(), PACKAGE)}
    problems = []
    for path in paths:
        real = path.resolve()
        for place in places:
            if place == real or place in real.parents:
                problems.append(f"{path} lies in {place}, which every submission can read; move it to another folder")
    return problems


def command(kind: str, room: int, seccomp: int) -> list[str]:
    """Return the command line before Python's. `room`: bytes of /tmp; `seccomp`: where bubblewrap reads the filter from."""
    places, (links, folders) = shown(), _system()
    made = [shutil.which("bwrap") or "bwrap"]  # where the grader's own path has it, not where the sandbox's has
    made += ["--die-with-parent", "--new-session", "--as-pid-1", "--seccomp", str(seccomp)]
    made += [f"--unshare-{name}" for name in ("pid", "net", "ipc", "uts")]
    if kind == "root":
        made += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        made += ["--unshare-user", "--unshare-cgroup-try", "--uid", str(USERS[0]), "--gid", str(USERS[0])]
    # First of all, because Python and the packages may lie below the real /tmp: they are bound over it.
    room_for_files = ["--perms", "1777", "--size", str(room), "--tmpfs"]
    made += [*room_for_files, "/tmp"]
    ways = {Path("/tmp")}
    for place in (*places, CODE):
        for way in reversed(place.parents[:-1]):
            if way not in ways:
                made += ["--perms", "0755", "--dir", str(way)]
                ways.add(way)
        made += ["--ro-bind", str(PACKAGE if place == CODE else place), str(place)]
    for mask in masked(places):
        made += ["--size", "4096", "--tmpfs", str(mask), "--remount-ro", str(mask)]
    for link in links:
        made += ["--symlink", f"usr/{link.name}", str(link)]
    for folder in folders:
        made += ["--ro-bind", str(folder), str(folder)]
    if Path("/etc/ld.so.cache").exists():
        made += ["--perms", "0755", "--dir", "/etc", "--ro-bind", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    made += ["--proc", "/proc", "--dev", "/dev", *room_for_files, "/dev/shm", "--remount-ro", "/dev"]
    if Path("/proc/keys").exists():
        made += ["--ro-bind", "/dev/null", "/proc/keys"]  # the names of the grader's keys
    return [*made, "--remount-ro", "/", "--chdir", "/tmp", "--setenv", "PYTHONPATH", str(CODE.parent), "--"]


def mounts() -> list[str]:
    """List the places at which something may be mounted inside, apart from what lies below /dev and /proc."""
    places = shown()
    return [str(place) for place in ("/", "/tmp", "/etc/ld.so.cache", CODE, *places, *masked(places), *_system()[1])]


def _system() -> tuple[list[Path], list[Path]]:
    """List what stands beside /usr for its programs and libraries: links into it, and folders where they are no links."""
    found = [Path("/", name) for name in ("lib", "lib32", "lib64", "bin", "sbin")]
    return [one for one in found if one.is_symlink()], [one for one in found if one.is_dir() and not one.is_symlink()]


# -- calls to the kernel -----------------------------------------------------------------------------------------------


class Machine(NamedTuple):
    """Kind of computer: its number in the kernel's filter, and the numbers of the calls whose arguments are looked at."""

    architecture: int
    clone: int
    socket: int
    socketpair: int
    setsockopt: int


MACHINES = {"x86_64": Machine(0xC000003E, 56, 41, 53, 54), "aarch64": Machine(0xC00000B7, 220, 198, 199, 208)}
CLONE3 = 435
NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW...; CLONE_NEWTIME is for clone3 and unshare alone
LOCAL_SOCKETS = 1  # AF_UNIX: between processes inside; every other family reaches further, or holds more
BUFFER_SIZES = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and their ...FORCE: what waits in a socket is nobody's memory
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000


def refused_calls() -> dict[str, int]:
    """Map the calls that are refused, by name, to their numbers on this computer."""
    with (Path(__file__).parent / "refused_calls.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: int(row[platform.machine()]) for row in csv.DictReader(file)}


def calls_filter() -> bytes:
    """Return the filter as the kernel reads it (seccomp, classic BPF). A call that is refused returns EPERM.

    glibc starts processes and threads with clone3, whose flags a filter cannot see; told ENOSYS it falls back on clone.
    """
    machine = MACHINES[platform.machine()]
    yes, no = (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE | errno.EPERM)
    program = [
        (LOAD, 0, 0, 4),
        (EQUAL, 1, 0, machine.architecture),
        no,
    ]  # a program of another architecture has other numbers
    program += [(LOAD, 0, 0, 0), (AT_LEAST, 0, 1, 0x40000000), no]  # x32 has other numbers, too
    program += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    for number in refused_calls().values():
        program += [(EQUAL, 0, 1, number), no]
    first, third = 16, 32  # where the arguments of a call stand
    program += [(EQUAL, 0, 4, machine.clone), (LOAD, 0, 0, first), (ANY_BIT, 1, 0, NEW_NAMESPACE), yes, no]
    for number in (machine.socket, machine.socketpair):
        program += [(EQUAL, 0, 4, number), (LOAD, 0, 0, first), (EQUAL, 0, 1, LOCAL_SOCKETS), yes, no]
    size = len(BUFFER_SIZES)
    program += [(EQUAL, 0, size + 3, machine.setsockopt), (LOAD, 0, 0, third)]
    program += [(EQUAL, size - row, 0, option) for row, option in enumerate(BUFFER_SIZES)]
    program += [yes, no, yes]
    return b"".join(struct.pack("<HBBI", *line) for line in program)
