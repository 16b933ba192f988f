"""Runs the cells of a submission and sends its answers out as JSON lines. It is the only code that meets a student's.

It runs inside the sandbox (`nbmodel.sandbox.cage` starts it with `python -m`), in the same process as the student's
code, which may therefore do to it whatever it likes. Nothing that it sends is believed to be more than an answer.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from nbmodel.sandbox.start import limit

# Times the seconds of a cell that it may take by the clock: a busy computer costs nobody points, and waiting ends, too.
PATIENCE = 3
_DUMPABLE = 4  # PR_SET_DUMPABLE of prctl: whether others of the same user may look into a process

Send = Callable[[dict[str, Any]], None]


class CellTimeout(BaseException):
    """Raised in a cell that took longer than its limit; no `except Exception` of a student's catches it."""


def main() -> None:
    """Read the task from standard input, run it, send JSON lines to standard output."""
    alone = os.getpid() == 1
    if alone:
        keep_first()
    task = json.load(sys.stdin)
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)

    def send(message: dict[str, Any]) -> None:
        data = (json.dumps(message, allow_nan=False) + "\n").encode()
        while data:
            data = data[os.write(out, data) :]

    become(task["user"])
    limit(task["limits"])
    # What a cell starts gives way to the cell: amid a fork bomb it would not even get the time to be ended.
    os.register_at_fork(after_in_child=partial(os.nice, 19))
    if "self_test" in task:
        from nbmodel.sandbox import self_test

        self_test.run(task["self_test"], send)
    else:
        run(task, send, alone)
    send({"done": True})
    os._exit(0)


def keep_first() -> None:
    """Go on in a child. The first process of the sandbox, at whose end all of it ends, stays out of a submission's reach.

    It has read nothing, takes no signal, and nobody may look into it or change it, not even its own user.
    """
    libc = ctypes.CDLL(None)
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    child = os.fork()
    if child == 0:
        libc.prctl(_DUMPABLE, 1, 0, 0, 0)  # who watches over memory has to see it
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.closerange(0, 3)
    while os.wait()[0] != child:
        pass
    os._exit(0)


def become(user: int | None) -> None:
    """Give up root, where the grader runs as root, for a user who owns nothing."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def run(task: dict[str, Any], send: Send, alone: bool) -> None:
    """Run the cells one after the other and send an answer whenever its variable holds something new.

    `alone` says that there are no processes in reach but those of the submission.
    """
    with only_children_hooked():
        from nbmodel.exercises.answers import answer

        shell = _shell()
    seen: dict[str, Any] = {}

    def end_others() -> None:
        """End what a cell has started: a fork bomb would take the time of all that comes after."""
        if alone:
            with contextlib.suppress(OSError):  # there is nobody else
                os.kill(-1, signal.SIGKILL)

    def execute(source: str) -> str:
        result = shell.run_cell(source, store_history=False, silent=True)
        error = result.error_before_exec or result.error_in_exec
        return _said(error) if error else ""

    def collect(question: dict[str, Any], again: bool) -> None:
        name, value = question["name"], shell.user_ns.get(question["variable"])
        if value is None or (value is seen.get(name) and not again):
            return
        seen[name] = value

        def give() -> None:
            send({"question": name, "answer": answer(question["kind"], value, question["inputs"])})

        if fault := within(task["cell_seconds"], give, end_others):
            send({"question": name, "answer": {"other": fault}})

    for cell in task["cells"]:
        fault = within(task["cell_seconds"], partial(execute, cell["source"]), end_others)
        end_others()
        if fault:
            send({"cell": cell["number"], "fault": fault})
        for question in task["questions"]:
            collect(question, again=False)
    for question in task["questions"]:
        if question["kind"] == "function":  # it may lean on what a later cell defines
            collect(question, again=True)


@contextlib.contextmanager
def only_children_hooked() -> Iterator[None]:
    """Let what is imported here register hooks for the child of a fork, and none for the parent.

    Python drops an exception that is raised in a hook. A fork bomb spends nearly all of its time in those of logging and
    IPython, so a cell's time limit was lost there, often 20 times over, until the limit of the submission came.
    """
    register = os.register_at_fork

    def child_alone(*, after_in_child: Callable[[], object] | None = None, **_: object) -> None:
        if after_in_child is not None:
            register(after_in_child=after_in_child)

    os.register_at_fork = child_alone
    try:
        yield
    finally:
        os.register_at_fork = register


def within(seconds: int, work: Callable[[], str | None], over: Callable[[], None]) -> str:
    """Do the work for so many seconds of the processor, and `PATIENCE` times as many of the clock, at most.

    `over` is called first when the time is over. Returns what went wrong, or nothing.
    """

    def expire(*_: Any) -> None:
        over()
        # Again each second: an exception that falls into a hook, such as a destructor, is lost.
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 1.0)
        raise CellTimeout("the time limit of a cell")

    signal.signal(signal.SIGPROF, expire)
    signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE * seconds)
    try:
        return work() or ""
    except BaseException as error:
        return _said(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _shell() -> Any:
    """IPython as a notebook's kernel has it, without a kernel's sockets and without a history file."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        def enable_gui(self, gui: Any = None) -> None:
            """`%matplotlib inline` asks for it; there is no window here."""

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    return Shell.instance(config=config)


if __name__ == "__main__":
    main()
