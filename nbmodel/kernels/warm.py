"""Warm kernels: forked from one process that has imported what the notebooks import, so each starts in a moment.

A kernel started afresh spends most of its time on imports. Here one parent process (`warm_parent`) pays for them once;
a kernel provisioner of Jupyter asks it for a fork. papermill, nbclient and nbval run unmodified, and stored notebooks
keep the plain `python3` kernel: the provisioner is chosen through the environment.

Where there is no safe fork (macOS, Windows), where the parent is gone, where the package changed since the parent
imported it, or where the caller's environment differs from the parent's, the kernel starts afresh in the ordinary way.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from nbmodel import collection
from nbmodel.kernels import environment, scratch

NAME = "nbmodel"  # as which the provisioner is known to Jupyter (see pyproject.toml)
CHOOSE = "JUPYTER_DEFAULT_PROVISIONER_NAME"
ADDRESS = "NBMODEL_WARM_KERNELS"  # the parent's socket; not set: kernels start afresh
NOTEBOOK = "NBMODEL_KERNEL_NOTEBOOK"  # the path of the notebook that the kernel is for, if others are for it too
MEMORY = "NBMODEL_KERNEL_GIGABYTES"  # address space a kernel may take; not set: no limit
COLD = {CHOOSE: NAME, **environment.FIXED}  # what the environment of kernels of ours that start afresh holds
IS_POSSIBLE = sys.platform == "linux"


class Parent:
    """Process that kernels are forked from; it and every kernel of it end with `close`, or when this process ends.

    `environment` holds what a process must have in its environment so that the kernels it starts are warm. If it names a
    notebook besides, by `NOTEBOOK`, that is run once before the first such kernel, for what its reports have in common.
    """

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="warm-", dir=scratch.address())  # only this user may look inside
        self.address = str(Path(self._folder) / "socket")
        self.environment = COLD | {ADDRESS: self.address}
        self._state = collection.state()
        with listening(self.address) as listener:  # made here, so that kernels can be asked for at once
            # Its standard input is its lifeline: when this process dies, however, the pipe closes.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "nbmodel.kernels.warm_parent", str(listener.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env=environment.own(self._folder),
                cwd=self._folder,  # where there is nothing that could be imported or read
                pass_fds=[listener.fileno()],
                start_new_session=True,  # Ctrl-C is for the driver, which then closes the parent
            )

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def is_current(self) -> bool:
        """True if it lives, and the package is as it was when it was started."""
        return self._process.poll() is None and self._state == collection.state()

    def close(self) -> None:
        """End the parent and every kernel that is left of it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def listening(address: str) -> socket.socket:
    """Socket at which kernels can be asked for."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    return listener
