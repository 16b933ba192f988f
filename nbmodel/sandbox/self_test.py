"""Is it safe here? Every wall of the sandbox is tried out, harmlessly and with small limits, before the first submission."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from nbmodel.sandbox import isolation
from nbmodel.sandbox.cage import MEGA, Cage, SandboxLimits

# Each runs inside under small limits and sets `found`: true where the sandbox holds.
TRIALS: dict[str, str] = {
    "Python's packages cannot be found": """
import importlib.util
found = all(importlib.util.find_spec(name) for name in ("numpy", "scipy", "matplotlib", "IPython", "nbmodel"))
""",
    "files of the system can be read": """
import os
ways = set()  # the folders on the way to a place that is shown, such as /home: in them is nothing but the next step
for place in mounts:
    while place != "/":
        place = os.path.dirname(place)
        ways.add(place)
known = ways | {*mounts, "/proc", "/dev", "/lib", "/lib32", "/lib64", "/bin", "/sbin"}
inside = [os.path.join(way, name) for way in ways - {"/tmp"} for name in os.listdir(way)]
found = not os.path.exists("/etc/passwd") and known.issuperset(inside)
""",
    "places are shown that should not be": """
found = True
for line in open("/proc/self/mountinfo"):
    place, options = line.split()[4:6]
    place = place.encode().decode("unicode_escape").encode("latin-1").decode()  # a space is written as \\\\040
    known = place in mounts or place.startswith(("/dev/", "/proc/")) or place in ("/dev", "/proc")
    written = place in ("/tmp", "/dev/shm") or place.startswith(("/dev/", "/proc"))
    found = found and known and (written or "ro" in options.split(","))
""",
    "files can be written": """
import os
found = True
for place in ("/kept", "/dev/kept", "/usr/kept", "/code/nbmodel/kept", os.path.dirname(os.__file__) + "/kept"):
    try:
        open(place, "w").close()
        found = False
        os.unlink(place)
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
    "a namespace or the terminal is shared": """
import os
found = all(os.readlink("/proc/self/ns/" + name) != link for name, link in namespaces.items()) and os.getsid(0) != 0
""",
    "calls to the kernel are not filtered": """
import ctypes, errno, os
kernel, found = ctypes.CDLL(None, use_errno=True), True
for number in calls:
    found = found and kernel.syscall(number, 0, 0, 0, 0, 0, 0) == -1 and ctypes.get_errno() == errno.EPERM
child = kernel.syscall(clone, 0x10000000 | 17, 0, 0, 0, 0)  # a user namespace of its own
if child == 0:
    os._exit(0)
found = found and child == -1 and ctypes.get_errno() == errno.EPERM
""",
    "keys of the grader can be seen": """
try:
    found = open("/proc/keys").read() == ""
except OSError:
    found = True
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
    "the number of its processes is not limited, and those that it hides from its parent go on when it has ended",
)


def probe(limits: SandboxLimits) -> tuple[Cage | None, list[str]]:
    """A cage whose every wall was tried, or None and what is wrong. Tries take one or two seconds, with small limits."""
    if shutil.which("bwrap") is None:
        return None, ["bubblewrap (the command bwrap) is not installed; on Debian and Ubuntu: apt install bubblewrap"]
    column = isolation.machine()
    if column is None:
        known = " and ".join(isolation.MACHINES)
        return None, [f"calls to the kernel can be filtered on {known} only, and this is {platform.machine()}"]
    small = SandboxLimits(seconds=20, cell_seconds=5, memory=512 * MEGA, processes=8, output=MEGA, files=MEGA)
    names = {
        "limit_memory": small.memory, "limit_processes": small.processes, "limit_files": small.files,
        "calls": list(isolation.numbers().values()), "clone": isolation.CLONE[column], "mounts": isolation.mounts(),
    }  # fmt: skip
    reasons: list[str] = []
    for kind in ("root", "user") if os.geteuid() == 0 else ("user",):
        own = ("pid", "net", "ipc", "uts", "mnt") + (("user",) if kind == "user" else ())
        names["namespaces"] = {name: os.readlink(Path("/proc/self/ns", name)) for name in own}
        faults = _faults(Cage(kind, small), names)
        if not faults:
            return Cage(kind, limits), []
        reasons += faults
    return None, list(dict.fromkeys(reasons))


def _faults(cage: Cage, names: dict[str, object]) -> list[str]:
    """The walls that do not hold; or, alone, why the sandbox cannot start."""
    faults = []
    for fault, trial in TRIALS.items():
        outcome = cage.start({"try": "".join(f"{name} = {value!r}\n" for name, value in names.items()) + trial})
        tried = [message["tried"] for message in outcome.messages if "tried" in message]
        if not tried:
            return [f"bubblewrap cannot start here ({outcome.said or outcome.ended})"]
        if tried != [True]:
            faults.append(f"inside bubblewrap, {fault}")
    return faults
