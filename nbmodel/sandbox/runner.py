"""Runs the cells of a submission and sends its answers out as JSON lines. It is the only code that meets a student's.

It runs as a script inside the sandbox (`nbmodel.sandbox.cage`), in the same process as the student's code, which may
therefore do to it whatever it likes. Nothing that it sends is believed to be more than an answer.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import signal
import sys
from typing import Any

LONGEST = 4000  # values that a function may return
LARGEST_PICTURE = 1_500_000  # bytes


def number(value: Any) -> Any:
    """A student's value as JSON: a number, or why it is none."""
    if value is None or value is ...:
        return None
    if isinstance(value, bool | str | bytes | complex):
        return {"other": type(value).__name__}
    try:
        # NumPy's own kinds: float() would take the real part of a complex number, and a truth value for one.
        if getattr(getattr(value, "dtype", None), "kind", "f") not in "iufO":
            return {"other": type(value).__name__}
        found = float(value)
    except Exception:
        return {"other": str(type(value).__name__)[:60]}
    return found if abs(found) < float("inf") else {"other": "a number that is not finite"}


def returned(value: Any) -> Any:
    """What a student's function returned as JSON: a number, a list of numbers, or why it is neither."""
    import numpy as np

    if isinstance(value, list | tuple | np.ndarray) and np.ndim(value) > 0:
        return [number(item) for item in np.ravel(np.asarray(value, dtype=object))[:LONGEST]]
    return number(value)


def answer(kind: str, value: Any, inputs: Any = ()) -> Any:
    """The answer to one question as JSON, from what the student's variable holds."""
    if value is None or value is ...:
        return None
    if kind == "number":
        return number(value)
    if kind == "function":
        return [_call(value, row) for row in inputs] if callable(value) else {"other": type(value).__name__}
    return _picture(value)


def _call(function: Any, row: Any) -> Any:
    import numpy as np

    try:
        return returned(function(*[np.array(value) if isinstance(value, list) else value for value in row]))
    except (Exception, SystemExit) as error:
        # A student's code may raise anything. Not its message: that could hold the inputs.
        return {"other": type(error).__name__[:60]}


def _picture(value: Any) -> Any:
    if not hasattr(value, "savefig"):
        value = getattr(value, "figure", None)  # axes know their figure
    if not hasattr(value, "savefig"):
        return {"other": type(value).__name__}
    buffer = io.BytesIO()
    value.savefig(buffer, format="png", dpi=80)
    png = buffer.getvalue()
    return {"png": base64.b64encode(png).decode()} if len(png) <= LARGEST_PICTURE else {"other": "a picture too large"}


# -- the script ------------------------------------------------------------------------------------------------------


class CellTimeout(BaseException):
    """A cell ran longer than its limit; no `except Exception` of a student's catches it."""


def limit(limits: dict[str, int]) -> None:
    """Take the limits upon this process and all that it starts; none can be raised again."""
    import resource

    for name in ("AS", "CPU", "FSIZE", "NPROC", "NOFILE", "CORE"):
        if name in limits and hasattr(resource, f"RLIMIT_{name}"):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limits[name], limits[name]))


def become(user: int | None) -> None:
    """Where the grader runs as root: give that up, for a user who owns nothing."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def main() -> None:
    """Read the task from standard input, run it, send JSON lines to standard output."""
    task = json.load(sys.stdin)
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)

    def send(message: dict[str, Any]) -> None:
        data = (json.dumps(message, allow_nan=False) + "\n").encode()
        while data:
            data = data[os.write(out, data) :]

    if task["code"]:
        sys.path.insert(0, task["code"])
    become(task["user"])
    limit(task["limits"])
    if task.get("try"):  # the limits are tried out with a few harmless lines of the grader's own
        scope: dict[str, Any] = {}
        exec(task["try"], scope)
        send({"tried": scope["found"]})
        os._exit(0)
    shell = _shell()
    seen: dict[str, Any] = {}

    def expire(*_: Any) -> None:
        raise CellTimeout("the time limit of a cell")

    signal.signal(signal.SIGALRM, expire)

    def within(seconds: int, work: Any) -> str:
        """Do the work; what went wrong, or nothing."""
        signal.signal(signal.SIGALRM, expire)
        # Again each second: an exception that falls into Python's own hooks, such as those of fork, is lost.
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        try:
            return work() or ""
        except BaseException as error:
            return f"{type(error).__name__}: {error}"[:300]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def collect(question: dict[str, Any], again: bool) -> None:
        value = shell.user_ns.get(question["variable"])
        if value is None or (value is seen.get(question["name"]) and not again):
            return
        seen[question["name"]] = value

        def work() -> None:
            send({"question": question["name"], "answer": answer(question["kind"], value, question["inputs"])})

        fault = within(task["cell_seconds"], work)
        if fault:
            send({"question": question["name"], "answer": {"other": fault}})

    for cell in task["cells"]:

        def work(source: str = cell["source"]) -> str:
            result = shell.run_cell(source, store_history=False, silent=True)
            error = result.error_before_exec or result.error_in_exec
            return f"{type(error).__name__}: {error}"[:300] if error else ""

        fault = within(task["cell_seconds"], work)
        if task["alone"]:
            end_others()
        if fault:
            send({"cell": cell["number"], "fault": fault})
        for question in task["questions"]:
            collect(question, again=False)
    for question in task["questions"]:
        if question["kind"] == "function":  # it may lean on what a later cell defines
            collect(question, again=True)
    send({"done": True})
    os._exit(0)


def end_others() -> None:
    """End what a cell left running: a fork bomb would take the time of the cells after it. Only in a sandbox of its own."""
    with open("/proc/1/comm", encoding="utf-8") as first:
        if first.read().strip() != "bwrap":
            return
    with contextlib.suppress(OSError):  # there is nobody else
        os.kill(-1, signal.SIGKILL)


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
