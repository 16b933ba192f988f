"""Starts a command within limits, which hold before its first step, and lets nothing that it starts outlive it.

It stays, as the parent of whatever loses its own, until the command has ended or whoever grades has; then it ends the rest.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from typing import NoReturn

from nbmodel.kernels import processes

_SIGNAL_OF_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG of prctl


def main() -> None:
    """Start the command of the arguments; the first of them holds the limits, as JSON."""
    limit(json.loads(sys.argv[1]))
    processes.adopt()
    signal.signal(signal.SIGTERM, _end)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SIGNAL_OF_PARENTS_DEATH, signal.SIGTERM, 0, 0, 0)
    try:
        command = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):  # who reads the command's output waits until nobody else holds it
            os.dup2(nowhere, stream)
        while os.wait()[0] != command:
            pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        processes.end_family()


def limit(limits: dict[str, int]) -> None:
    """Take the limits upon this process and all that it starts; none can be raised again."""
    import resource

    for name, most in limits.items():
        if hasattr(resource, f"RLIMIT_{name}"):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def _end(*_: object) -> NoReturn:
    raise SystemExit(1)


if __name__ == "__main__":
    main()
