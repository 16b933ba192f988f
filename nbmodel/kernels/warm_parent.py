"""The process that warm kernels are forked from (`warm.Parent` starts it): it imports once, then forks on request.

It has one thread, and no report ever runs in it: every kernel is a fork of the same untouched memory, so nothing can pass
from one report to the next. What the reports of a notebook have in common is computed beforehand, once: at the first
request that names a notebook the parent forks a second parent, which runs that notebook's cells (`beforehand`) and then
forks its kernels, so that others need not wait. A request brings the kernel's command, environment, folder and standard
streams; the connection stays open while the kernel lives, and each ends the other.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from nbmodel import collection
from nbmodel.kernels import beforehand, forked, processes
from nbmodel.kernels.warm import MEMORY, listening

# A fork has the imports of its parent, so it stands for a fresh start only where these are the same in both.
MATTERS = ("PYTHON", "MPL", "MATPLOTLIB", "LANG", "LC_", "TZ", "VIRTUAL_ENV", "HOME")


class Parent:
    """Waits for requests, forks kernels, tells their ends; ends when its standard input does.

    A kernel of a notebook that others have too comes from the notebook's own parent, started at the first such request.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.listener, self.address = listener, str(listener.getsockname())
        self.kernels: dict[int, socket.socket] = {}
        self.parents: dict[int, str] = {}  # notebooks, by the process id of their parent
        self.addresses: dict[str, str] = {}  # of those parents, by notebook; empty where there is none any more
        self.environment = dict(os.environ)
        self.state = collection.state()
        gc.disable()  # imports leave little garbage, and looking for it takes a fifth of their time
        beforehand.load()
        gc.freeze()  # so that a kernel's garbage collector does not copy the parent's memory
        gc.enable()
        self.set_by_imports = {name: value for name, value in os.environ.items() if name not in self.environment}

    def serve(self) -> None:
        """Fork until standard input ends; then end what is left."""
        wake, woken = socket.socketpair()
        for end in (wake, woken):
            end.setblocking(False)
        processes.adopt()
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        self.private = (self.listener, wake, woken)
        self.selector = selectors.DefaultSelector()
        for readable in (sys.stdin, self.listener, woken):
            self.selector.register(readable, selectors.EVENT_READ)
        try:
            while True:
                for event, _ in self.selector.select():
                    if event.fileobj is sys.stdin:
                        return
                    if event.fileobj is self.listener:
                        self._answer(self.listener.accept()[0])
                    elif event.fileobj is woken:
                        with suppress(BlockingIOError):
                            woken.recv(4096)
                        self._reap()
                    elif event.data in self.kernels:  # whoever asked for the kernel is gone
                        self.selector.unregister(event.fileobj)
                        _end(event.data)
        finally:
            for pid in (*self.kernels, *self.parents):
                _end(pid)
            for pid in (*self.kernels, *self.parents):
                with suppress(ChildProcessError):
                    os.waitpid(pid, 0)  # so that their time counts as this process's
            processes.end_family()

    def _answer(self, connection: socket.socket) -> None:
        """Read a request and do what it asks, or say why not; then the kernel is started in the ordinary way."""
        streams: list[int] = []
        kept = False
        try:
            connection.settimeout(10)
            _, streams, _, _ = socket.recv_fds(connection, 1, 3)
            with connection.makefile("rb") as text:
                request = json.loads(text.readline())
            if refusal := self._refusal(request["environment"], request["command"], len(streams)):
                self._tell(connection, refused=refusal)
            elif address := self._address_for(request, connection, streams):
                self._tell(connection, ask=address)
            else:
                self._fork(request, connection, streams)
                kept = True
        except (OSError, ValueError, KeyError) as error:  # a request that cannot be read, or no more processes here
            self._tell(connection, refused=f"{type(error).__name__}: {error}")
        for stream in streams:
            os.close(stream)
        if not kept:
            connection.close()

    def _fork(self, request: Mapping[str, Any], connection: socket.socket, streams: Sequence[int]) -> None:
        pid = os.fork()
        if pid == 0:
            forked.become_kernel(request, streams, self.set_by_imports, lambda: self._let_go(connection))
        with suppress(OSError):  # both do it, so that it is done before either goes on
            os.setpgid(pid, pid)
        self.kernels[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ, data=pid)
        self._tell(connection, pid=pid)

    def _address_for(self, request: Mapping[str, Any], connection: socket.socket, streams: Sequence[int]) -> str:
        """Address at which to ask for a kernel of the request's notebook; its parent is started if there is none yet.

        Empty when there is none to ask: the notebook is not shared, this is its parent, or that has died.
        """
        notebook = request["notebook"]
        if not notebook or notebook in self.addresses:
            return self.addresses.get(notebook, "")
        address = f"{self.address}-{len(self.addresses)}"
        self.addresses[notebook] = ""  # so it stays if the fork fails
        with listening(address) as listener:
            pid = os.fork()
            if pid == 0:
                self._become_parent(request, connection, streams, listener)
        self.parents[pid], self.addresses[notebook] = notebook, address
        return address

    def _become_parent(
        self, request: Mapping[str, Any], connection: socket.socket, streams: Sequence[int], listener: socket.socket
    ) -> NoReturn:
        """Run the notebook in the child, and serve its kernels."""
        status = 1
        try:
            os.setpgid(0, 0)
            processes.adopt()
            self._let_go(connection)
            for stream in streams:
                os.close(stream)
            self.listener, self.kernels, self.parents = listener, {}, {}
            self.addresses = {request["notebook"]: ""}
            beforehand.run(request["notebook"], request["environment"].get(MEMORY, ""))
            processes.end_family()  # what its cells have started
            gc.freeze()
            self.serve()
            status = 0
        finally:
            os._exit(status)

    def _let_go(self, connection: socket.socket) -> None:
        """Leave, in a child, the parent's signals and connections to the parent."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.selector.close()
        for mine in (*self.private, *self.kernels.values(), connection):
            mine.close()

    def _refusal(self, environment: Mapping[str, str], command: list[str], streams: int) -> str:
        """Reason why a fork would not be the same as a fresh start; empty when it would."""
        if command[1:3] != ["-m", "nbmodel.kernels.launcher"] or not os.path.samefile(command[0], sys.executable):
            return "the kernel is not one of ours on this Python"
        if streams != 3:
            return "three streams are needed"
        if beforehand.threads() > 1:  # a thread that a library started would be missing in the fork
            return "the parent has more than one thread"
        if collection.state() != self.state:
            return "the package changed since it was imported"
        mine, theirs = _that_matter(self.environment), _that_matter(environment)
        if mine != theirs:
            return f"the environment differs in {', '.join(sorted(k for k in mine | theirs if mine.get(k) != theirs.get(k)))}"
        return ""

    def _tell(self, connection: socket.socket, **words: Any) -> None:
        with suppress(OSError):  # whoever asked may be gone
            connection.settimeout(5)
            connection.sendall(json.dumps(words).encode() + b"\n")

    def _reap(self) -> None:
        """Tell the ends of kernels, and end what they left behind in sessions of their own, which has come here."""
        while child := self._collected():
            pid, status = child
            if pid in self.parents:  # it is not tried again
                self.addresses[self.parents.pop(pid)] = ""
            if connection := self.kernels.pop(pid, None):
                self._tell(connection, status=os.waitstatus_to_exitcode(status))
                with suppress(KeyError):
                    self.selector.unregister(connection)
                connection.close()
        processes.end(processes.family(os.getpid(), but={*self.kernels, *self.parents}))

    def _collected(self) -> tuple[int, int] | None:
        with suppress(ChildProcessError):
            pid, status = os.waitpid(-1, os.WNOHANG)
            return (pid, status) if pid else None
        return None


def _that_matter(environment: Mapping[str, str]) -> dict[str, str]:
    return {n: value for n, value in environment.items() if n.startswith(MATTERS) or n.endswith("_NUM_THREADS")}


def _end(pid: int) -> None:
    """End a kernel and whatever it has started in its group."""
    with suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Serve at the socket whose file number the command line names."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    listener = socket.socket(fileno=int(sys.argv[1]))
    folder = os.path.dirname(listener.getsockname())
    try:
        Parent(listener).serve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # also when the driver was killed


if __name__ == "__main__":
    main()
