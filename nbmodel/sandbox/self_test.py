"""Self-test of the sandbox: every wall is tried, harmlessly and with small limits, before the first submission.

The trials run inside, started by the runner; each is true where the sandbox holds. `probe` starts them, from outside.
"""

from __future__ import annotations

import ctypes
import errno
import importlib.util
import os
import platform
import shutil
import signal
import socket
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from nbmodel.sandbox import isolation
from nbmodel.sandbox.cage import MEGA, Cage, SandboxLimits

NEW_USER_NAMESPACE = 0x10000000
WHAT_FAILS_WITHOUT = (
    "what it runs can read every file that you can read, the course key among them",
    "it can change and delete your files",
    "it can use the network",
    "it can see and end your other processes, this one included",
    "the number of its processes is not limited, and those that it hides from its parent go on when it has ended",
)

# -- inside ------------------------------------------------------------------------------------------------------------

Facts = Mapping[str, Any]
Trial = Callable[[Facts], bool]
TRIALS: dict[str, Trial] = {}


def trial(fault: str) -> Callable[[Trial], Trial]:
    """Add a function to the trials; `fault` is what there is to say where it finds that a wall does not hold."""

    def add(function: Trial) -> Trial:
        TRIALS[fault] = function
        return function

    return add


def run(facts: Facts, send: Callable[[dict[str, Any]], None]) -> None:
    """Make every trial and send what it found."""
    for fault, function in TRIALS.items():
        send({"trial": fault, "holds": function(facts)})


def refused(work: Callable[[], Any], error: type[BaseException] = OSError) -> bool:
    """Return whether work fails with this error."""
    try:
        work()
    except error:
        return True
    return False


@trial("Python's packages cannot be found")
def packages(facts: Facts) -> bool:
    """True if the model and the libraries that submissions use can be imported."""
    return all(importlib.util.find_spec(name) for name in ("numpy", "scipy", "matplotlib", "IPython", "nbmodel"))


@trial("files of the system can be read")
def system_files(facts: Facts) -> bool:
    """True if the way to a place that is shown, such as /home, holds nothing but the next step."""
    # A place inside another that is shown, such as a mask, is reached through what is shown anyway.
    whole = {*facts["mounts"]} - {"/", "/tmp"}
    outer = [place for place in map(Path, facts["mounts"]) if not whole & {str(way) for way in place.parents}]
    ways = {str(way) for place in outer for way in place.parents}
    known = ways | {*facts["mounts"], "/proc", "/dev", "/lib", "/lib32", "/lib64", "/bin", "/sbin"}
    inside = {os.path.join(way, name) for way in ways - {"/tmp"} for name in os.listdir(way)}
    return not os.path.exists("/etc/passwd") and inside <= known


@trial("places are shown that should not be")
def places(facts: Facts) -> bool:
    """True if only what is meant to be is mounted, and all of it but what is made anew is read-only."""

    def right(line: str) -> bool:
        place, options = line.split()[4:6]
        place = place.encode().decode("unicode_escape").encode("latin-1").decode()  # a space is written as \040
        known = place in facts["mounts"] or place.startswith(("/dev/", "/proc/")) or place in ("/dev", "/proc")
        written = place in ("/tmp", "/dev/shm") or place.startswith(("/dev/", "/proc"))
        return known and (written or "ro" in options.split(","))

    return all(map(right, Path("/proc/self/mountinfo").read_text().splitlines()))


@trial("files can be written")
def writing(facts: Facts) -> bool:
    """True if no file can be made where submissions have nothing to write."""
    for folder in ("/", "/dev", "/usr", "/code/nbmodel", os.path.dirname(os.__file__)):
        if not refused(Path(folder, "kept").touch):
            Path(folder, "kept").unlink()
            return False
    return True


@trial("the network can be reached")
def network(facts: Facts) -> bool:
    """True if there is no network but a loopback of the sandbox's own."""
    shown = set(os.listdir("/sys/class/net")) if os.path.exists("/sys/class/net") else set()
    listed = {line.partition(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]}
    return shown | listed <= {"lo"}


@trial("other processes can be seen")
def other_processes(facts: Facts) -> bool:
    """True if no processes are in sight but the few of the sandbox itself."""
    return sum(name.isdigit() for name in os.listdir("/proc")) < 8


@trial("a namespace or the terminal is shared")
def namespaces(facts: Facts) -> bool:
    """True if each namespace is another one than the grader's."""
    own = all(os.readlink(f"/proc/self/ns/{name}") != link for name, link in facts["namespaces"].items())
    return own and os.getsid(0) != 0


@trial("calls to the kernel are not filtered")
def calls(facts: Facts) -> bool:
    """True if every call that the filter should refuse is refused."""
    kernel = ctypes.CDLL(None, use_errno=True)

    def denied(*call: int) -> bool:
        made = kernel.syscall(*call)
        if call[0] == facts["clone"] and made == 0:
            os._exit(0)  # the child that should not be
        return made == -1 and ctypes.get_errno() == errno.EPERM

    clone = denied(facts["clone"], NEW_USER_NAMESPACE | signal.SIGCHLD, 0, 0, 0, 0)
    return clone and all(denied(number, 0, 0, 0, 0, 0, 0) for number in facts["calls"])


@trial("the first process can be changed, or has no limits")
def first_process(facts: Facts) -> bool:
    """True if nobody can look into the process at whose end the sandbox ends, and the limits hold for it, too."""
    ways = {"mem": os.O_RDWR, "environ": os.O_RDONLY, "maps": os.O_RDONLY}
    shut = all(refused(partial(os.open, f"/proc/1/{name}", way), PermissionError) for name, way in ways.items())
    limits = [line for line in Path("/proc/1/limits").read_text().splitlines() if "address space" in line]
    return shut and limits[0].split()[3:5] == [str(facts["address_space"])] * 2


@trial("sockets that reach other computers can be made")
def socket_families(facts: Facts) -> bool:
    """True if the only sockets are those between processes inside."""
    for family in range(48):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                socket.socket(family, kind).close()
            except PermissionError:
                continue
            except OSError:  # not known here, but not refused either
                pass
            if family != socket.AF_UNIX:
                return False
    return True


@trial("sockets can be made to hold more")
def socket_buffers(facts: Facts) -> bool:
    """True if the buffers of a socket, which are memory of no process, keep their size."""
    one, other = socket.socketpair()
    with one, other:
        change = partial(one.setsockopt, socket.SOL_SOCKET)
        return all(refused(partial(change, option, 2**24), PermissionError) for option in isolation.BUFFER_SIZES)


@trial("what all processes of a user have few of can be used up")
def few_together(facts: Facts) -> bool:
    """True if no files can be watched: a user may do so a hundred times, in all processes together."""
    return ctypes.CDLL(None).inotify_init1(0) == -1


@trial("keys of the grader can be seen")
def keys(facts: Facts) -> bool:
    """True if the kernel lists no keys."""
    try:
        return Path("/proc/keys").read_text() == ""
    except OSError:
        return True


@trial("memory is not limited")
def memory(facts: Facts) -> bool:
    """True if more memory than the limit cannot be had."""
    return refused(lambda: bytearray(4 * facts["memory"]), MemoryError)


@trial("the number of processes is not limited")
def processes(facts: Facts) -> bool:
    """True if more processes than the limit cannot be started."""
    children = []
    try:
        for _ in range(2 * facts["processes"]):
            child = os.fork()
            if child == 0:
                time.sleep(20)
                os._exit(0)
            children.append(child)
    except OSError:
        return True
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return False


@trial("the size of files is not limited")
def file_size(facts: Facts) -> bool:
    """True if a larger file than the limit cannot be written."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return refused(lambda: Path("/tmp/large").write_bytes(bytes(facts["files"] + 65536)))


@trial("privileges are kept")
def privileges(facts: Facts) -> bool:
    """True if the process is not root, has no capability and cannot get one."""
    status = Path("/proc/self/status").read_text()
    return os.getuid() != 0 and "CapEff:\t0000000000000000" in status and "NoNewPrivs:\t1" in status


# -- outside -----------------------------------------------------------------------------------------------------------


def probe(limits: SandboxLimits) -> tuple[Cage | None, list[str]]:
    """Return a cage whose every wall was tried, or None, and what is wrong."""
    if shutil.which("bwrap") is None:
        return None, ["bubblewrap (the command bwrap) is not installed; on Debian and Ubuntu: apt install bubblewrap"]
    if platform.machine() not in isolation.MACHINES:
        known = " and ".join(isolation.MACHINES)
        return None, [f"calls to the kernel can be filtered on {known} only, and this is {platform.machine()}"]
    reasons: list[str] = []
    for kind in ("root", "user") if os.geteuid() == 0 else ("user",):
        faults = _faults(kind)
        if not faults:
            return Cage(kind, limits), []
        reasons += faults
    return None, list(dict.fromkeys(reasons))


def _faults(kind: str) -> list[str]:
    """List the walls that do not hold; or, alone, why the sandbox cannot start. It takes less than a second."""
    small = SandboxLimits(seconds=20, cell_seconds=5, memory=512 * MEGA, processes=8, output=MEGA, files=MEGA)
    own = ("pid", "net", "ipc", "uts", "mnt") + (("user",) if kind == "user" else ())
    facts = {
        "memory": small.memory,
        "address_space": small.address_space,
        "processes": small.processes,
        "files": small.files,
        "calls": list(isolation.refused_calls().values()),
        "clone": isolation.MACHINES[platform.machine()].clone,
        "mounts": isolation.mounts(),
        "namespaces": {name: os.readlink(f"/proc/self/ns/{name}") for name in own},
    }
    result = Cage(kind, small).start({"self_test": facts})
    held = {message["trial"]: message["holds"] for message in result.messages if "trial" in message}
    if not held:
        return [f"bubblewrap cannot start here ({result.said or result.ended})"]
    # A trial that did not come to its end held nothing, either.
    return [f"inside bubblewrap, {fault}" for fault in TRIALS if held.get(fault) is not True]
