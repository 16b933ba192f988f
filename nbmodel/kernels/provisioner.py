"""The kernel provisioner that Jupyter knows as `nbmodel`: kernels forked from the warm parent, and held to a limit."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from nbmodel.kernels import processes
from nbmodel.kernels.warm import ADDRESS, IS_POSSIBLE, MEMORY, NOTEBOOK


class ForkedKernel:
    """Kernel forked from the parent, with as much of `subprocess.Popen` as the provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], environment: dict[str, str], cwd: str, streams: list[int]) -> None:
        """Ask the parent for a fork. Raises OSError when there is no parent, or it refuses."""
        wanted = {"command": command, "environment": environment, "cwd": cwd, "notebook": environment.get(NOTEBOOK, "")}
        request = json.dumps(wanted).encode()
        self.returncode: int | None = None
        answer = self._ask(environment[ADDRESS], request, streams)
        if "ask" in answer:  # the notebook has a parent of its own
            self._connection.close()
            answer = self._ask(answer["ask"], request, streams)
        if "pid" not in answer:
            self._connection.close()
            raise OSError(answer.get("refused", "the warm parent gave no kernel"))
        self.pid = int(answer["pid"])
        self._connection.setblocking(False)

    def _ask(self, address: str, request: bytes, streams: list[int]) -> dict[str, Any]:
        """Send a request and return the answer; the connection stays open."""
        self._connection, self._answer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), b""
        try:
            self._connection.connect(address)
            socket.send_fds(self._connection, [b"\0"], streams)  # these go with a byte
            self._connection.sendall(request + b"\n")
            self._connection.settimeout(300)  # the parent runs a shared notebook before it forks
            return self._line()
        except BaseException:
            self._connection.close()
            raise

    def poll(self) -> int | None:
        """Return the exit status, or None while the kernel lives. A kernel whose parent is gone counts as killed."""
        if self.returncode is None:
            try:
                self.returncode = int(self._line().get("status", -signal.SIGKILL))
                self._connection.close()
            except BlockingIOError:
                pass
        return self.returncode

    def wait(self) -> int:
        """Wait for the end of the kernel and return its exit status."""
        while self.poll() is None:
            time.sleep(0.01)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    def _line(self) -> dict[str, Any]:
        """Read the parent's next line; nothing is in it when the parent is gone."""
        while b"\n" not in self._answer:
            try:
                more = self._connection.recv(4096)
            except (ConnectionError, TimeoutError):
                more = b""
            if not more:
                return {}
            self._answer += more
        line, _, self._answer = self._answer.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found


class Provisioner(LocalProvisioner):
    """Jupyter's own provisioner, but the kernel is a fork of the warm parent where that can be had.

    It also holds the kernel to the memory that NBMODEL_KERNEL_GIGABYTES names (on Linux).
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start it afresh."""
        environment = kwargs.get("env") or dict(os.environ)
        if environment.get(ADDRESS) and IS_POSSIBLE:
            try:
                self._fork(cmd, environment, **kwargs)
            except OSError:
                self.process = None
        if not self.has_process:
            await super().launch_kernel(cmd, **kwargs)
        assert self.pid is not None
        if environment.get(MEMORY):
            processes.limit_memory(float(environment[MEMORY]), self.pid)
        info: KernelConnectionInfo = self.connection_info
        return info

    def _fork(self, cmd: list[str], environment: dict[str, str], **kwargs: Any) -> None:
        cwd = str(kwargs.get("cwd") or Path.cwd())
        with open(os.devnull, "w+") as nothing:
            streams = [nothing, kwargs.get("stdout") or 1, kwargs.get("stderr") or 2]
            numbers = [_number(stream, nothing.fileno()) for stream in streams]
            kernel = ForkedKernel(cmd, environment, cwd, numbers)
        self.process: Any = kernel
        self.pid = self.pgid = kernel.pid  # the parent has put it into a group of its own
        self.cwd = cwd


def _number(stream: Any, nothing: int) -> int:
    """Return the file number of a stream as Popen takes it; PIPE and DEVNULL (negative) become nothing."""
    if not isinstance(stream, int):
        return int(stream.fileno())
    return stream if stream >= 0 else nothing
