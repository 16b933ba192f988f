"""The process that warm kernels are forked from (`warm.Parent` starts it): it imports once, then forks on request.

It has one thread, and nothing of a report ever runs in it: every kernel is a fork of the same untouched memory, so
nothing can pass from one report to the next. What reports of a theme have in common (the evidence, the results at the
default settings) is computed beforehand, once, and the package's functions then remember it: at the first request that
names a theme the parent forks a second parent, which computes that and then forks the theme's kernels, so that others
need not wait. A request brings the kernel's command, environment, folder and standard streams; the connection
stays open while the kernel lives, and each ends the other.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from nbmodel.kernels import processes

# What kernels and notebooks import beyond the package's own modules, some of it only when first used.
LIBRARIES = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "tornado.platform.asyncio", "tornado.queues",
    "sqlite3", "IPython.core.completer", "IPython.core.completerlib", "IPython.core.logger",
    "IPython.extensions.storemagic", "numpy", "pandas", "scipy.integrate", "scipy.optimize", "scipy.linalg",
    "scipy.sparse.linalg", "scipy.interpolate", "scipy.special", "scipy.stats", "sympy", "sympy.tensor.tensor", "pint",
    "pybtex.database", "latexcodec.codec", "seaborn", "matplotlib.pyplot", "matplotlib.backends.backend_agg",
    "PIL.PngImagePlugin", "ipywidgets",
)  # fmt: skip
# The package's own rooms that no notebook imports.
NOT_FOR_NOTEBOOKS = tuple(
    f"nbmodel.{room}"
    for room in ("kernels", "report", "batch", "check", "course", "grading", "sandbox", "cli", "__main__")
)
# A fork has the imports of its parent, so it stands for a fresh start only where these are the same in both.
MATTERS = ("PYTHON", "MPL", "LANG", "LC_", "TZ", "VIRTUAL_ENV", "HOME", "IPYTHON", "JUPYTER_")
DOES_NOT = {"JUPYTER_DEFAULT_PROVISIONER_NAME", "JUPYTER_RUNTIME_DIR"}


def preload(themes: Sequence[str] = ()) -> None:
    """Import what a notebook will import, as a kernel would, and compute what reports of `themes` have in common."""
    import nbmodel

    class InAKernel:
        """pandas asks at import whether it is in a kernel, and prints wider tables if it is not."""

        kernel = True

    builtins.get_ipython = InAKernel  # type: ignore[attr-defined]
    plain = os.environ.get("MPLBACKEND")
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as ipykernel does
    own = (found.name for found in pkgutil.walk_packages(nbmodel.__path__, "nbmodel."))
    for name in (*LIBRARIES, *(name for name in own if not name.startswith(NOT_FOR_NOTEBOOKS))):
        with suppress(ImportError):  # an extra that is not installed
            importlib.import_module(name)
    if plain is None:
        del os.environ["MPLBACKEND"]
    del builtins.get_ipython  # type: ignore[attr-defined]
    with suppress(Exception):  # the notebook that asks for it will say what is wrong
        importlib.import_module("nbmodel.data.references").bibliography()
        importlib.import_module("nbmodel.data.formulary").load()
        importlib.import_module("nbmodel.models.norepinephrine_terminal").network()  # builds the registry of units, too
    for theme in themes:
        with suppress(Exception):
            _common(theme)


def _common(theme: str) -> None:
    from nbmodel import evidence, scenario

    model = scenario.THEMES[theme].load()
    evidence.table(theme)
    model.results(scenario.make(theme))


class Parent:
    """Waits for requests, forks kernels, tells their ends; ends when its standard input does.

    A kernel for which a theme is named comes from the theme's own parent, started at the first such request.
    """

    def __init__(self, address: str) -> None:
        from nbmodel import scenario
        from nbmodel.report import content

        self.address = address
        self.listener = _listening(address)
        self.kernels: dict[int, socket.socket] = {}
        self.parents: dict[int, str] = {}  # of themes, by process id
        self.themes = set(scenario.THEMES)  # that can have one
        self.environment = dict(os.environ)
        self._state = content.state
        self.state = content.state()
        gc.disable()  # imports leave little garbage, and looking for it takes a fifth of their time
        preload()
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
                        self._fork(self.listener.accept()[0])
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

    def _fork(self, connection: socket.socket) -> None:
        streams: list[int] = []
        try:
            connection.settimeout(10)
            head, streams, _, _ = socket.recv_fds(connection, 8, 3)
            request = json.loads(_exactly(connection, int.from_bytes(head, "big")))
            refusal = self._refusal(request["environment"], request["command"], len(streams))
            if len(os.listdir("/proc/self/task")) > 1:  # a thread that a library started would be missing in the fork
                refusal = "the parent has more than one thread"
        except (OSError, ValueError, KeyError) as error:
            connection.close()
            print(f"warm kernels: a request could not be read ({error})", file=sys.stderr)
            for stream in streams:
                os.close(stream)
            return
        if refusal:
            self._tell(connection, refused=refusal)
            connection.close()
        else:
            try:
                self._serve(request, streams, connection)
            except OSError as error:  # no more processes here; the kernel is started in the ordinary way
                self._tell(connection, refused=f"the fork failed ({error.strerror or error})")
                connection.close()
        for stream in streams:
            os.close(stream)

    def _serve(self, request: dict[str, Any], streams: list[int], connection: socket.socket) -> None:
        """Fork a kernel, or name the parent of its theme."""
        if request["theme"] in self.themes:
            try:
                address = self._parent_of(request["theme"], connection, streams)
            except OSError:  # no more processes, or a path too long for a socket
                self.themes.discard(request["theme"])
            else:
                self._tell(connection, ask=address)
                connection.close()
                return
        pid = os.fork()
        if pid == 0:
            self._become_kernel(request, streams, connection)
        with suppress(OSError):  # both do it, so that it is done before either goes on
            os.setpgid(pid, pid)
        self.kernels[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ, data=pid)
        self._tell(connection, pid=pid)

    def _parent_of(self, theme: str, connection: socket.socket, streams: list[int]) -> str:
        """The address of the parent of a theme, which is started if there is none yet."""
        address = f"{self.address}-{theme}"
        if theme not in self.parents.values():
            listener = _listening(address)
            try:
                pid = os.fork()
            except OSError:
                listener.close()
                os.unlink(address)
                raise
            if pid == 0:
                connection.close()  # what comes with the request is not its own
                for stream in streams:
                    os.close(stream)
                self._become_parent(theme, address, listener)
            listener.close()
            self.parents[pid] = theme
        return address

    def _become_parent(self, theme: str, address: str, listener: socket.socket) -> NoReturn:
        """In the child: compute what reports of the theme share, and serve them."""
        status = 1
        try:
            os.setpgid(0, 0)
            self._let_go()
            self.address, self.listener, self.kernels, self.parents = address, listener, {}, {}
            self.themes = set()
            with suppress(Exception):  # the notebook will say what is wrong
                _common(theme)
            gc.collect()
            gc.freeze()
            self.serve()
            status = 0
        finally:
            os._exit(status)

    def _let_go(self) -> None:
        """In a child: leave the parent's signals and connections to the parent."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.selector.close()
        for mine in (*self.private, *self.kernels.values()):
            mine.close()

    def _refusal(self, environment: Mapping[str, str], command: list[str], streams: int) -> str:
        """Why a fork would not be the same as a fresh start; empty when it would."""
        if command[1:3] != ["-m", "ipykernel_launcher"] or os.path.realpath(command[0]) != os.path.realpath(
            sys.executable
        ):
            return "the kernel is not a plain one of this Python"
        if streams != 3:
            return "three streams are needed"
        if self._state() != self.state:
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
        self._collect()
        # What a kernel left in a session of its own has come here; it is collected when it tells its end in turn.
        processes.end(processes.family(os.getpid(), but={*self.kernels, *self.parents}))

    def _collect(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.themes.discard(self.parents.pop(pid, ""))  # a parent that died is not tried again
            connection = self.kernels.pop(pid, None)
            if connection is None:
                continue
            self._tell(connection, status=os.waitstatus_to_exitcode(status))
            with suppress(KeyError):
                self.selector.unregister(connection)
            connection.close()

    def _become_kernel(self, request: dict[str, Any], streams: list[int], connection: socket.socket) -> NoReturn:
        """In the child: take on the request's command, environment, folder and streams, and be a kernel."""
        status = 1
        try:
            os.setpgid(0, 0)
            processes.adopt()  # what it leaves stays with it while it lives, and then comes to the parent
            parent = os.getppid()
            self._let_go()
            connection.close()
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            os.environ.clear()
            os.environ.update(self.set_by_imports | request["environment"], JPY_PARENT_PID=str(parent))
            os.environ.pop("NBMODEL_WARM_KERNELS", None)  # a fresh kernel has it not
            os.chdir(request["cwd"])
            _start_anew()
            arguments = request["command"][3:]
            launcher = importlib.util.find_spec("ipykernel_launcher")
            sys.argv = [str(launcher and launcher.origin), *arguments]
            from ipykernel.kernelapp import IPKernelApp

            try:
                IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={parent}"])
                status = 0
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            import atexit

            with suppress(BaseException):
                atexit._run_exitfuncs()
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)


def _listening(address: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)
    return listener


def _start_anew() -> None:
    """Undo what a fork shares and a fresh start does not: random state, folders and times chosen at import."""
    import time

    time.tzset()
    tempfile.tempdir = None
    random = sys.modules.get("numpy.random")
    if random is not None:
        random.seed()  # Python's own generator is seeded anew by fork itself


def _that_matter(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in environment.items()
        if (name.startswith(MATTERS) or name.endswith("_NUM_THREADS")) and name not in DOES_NOT
    }  # fmt: skip


def _end(pid: int) -> None:
    """End a kernel and whatever it has started in its group."""
    with suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise OSError("the request is cut short")
        data += more
    return data


def main() -> None:
    """Serve at the address that the command line names."""
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]  # as ipykernel's launcher does; IPython adds it again, for the kernel's own folder
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        Parent(sys.argv[1]).serve()
    finally:
        shutil.rmtree(os.path.dirname(sys.argv[1]), ignore_errors=True)  # also when the driver was killed


if __name__ == "__main__":
    main()
