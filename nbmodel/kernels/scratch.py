"""One temporary folder of this process, for all that a run leaves on the disk for a while.

It goes with the process. When that was killed, the next run on the machine removes it: a lock tells whether its process
lives, wherever that is (a process id may be another's by now, or in another container).
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing import util
from pathlib import Path

PREFIX = "nbmodel-run-"
LONGEST = 60  # bytes of its path: the address of a socket in it has at most 107
REDIRECTED = ("TMPDIR", "JUPYTER_RUNTIME_DIR")  # what tells a process that is started where such files go


def folder() -> Path:
    """Return the path of this process's temporary folder, which only this user may look into; it is made when first asked for.

    Raises OSError when there is no place for it.
    """
    return _made(os.getpid())[0]


def address() -> str:
    """Return a path of the same folder that is short enough for sockets, while this process lives."""
    path, opened = _made(os.getpid())
    is_long = len(os.fsencode(path)) > LONGEST and sys.platform == "linux"
    return f"/proc/{os.getpid()}/fd/{opened}" if is_long else str(path)


@contextmanager
def used() -> Iterator[None]:
    """Let temporary files of this process, and of what it starts, go into that folder."""
    before, environment = tempfile.tempdir, {name: os.environ.get(name) for name in REDIRECTED}
    tempfile.tempdir = str(folder())
    os.environ.update(dict.fromkeys(REDIRECTED, tempfile.tempdir))
    try:
        yield
    finally:
        tempfile.tempdir = before
        for name, value in environment.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def for_sockets() -> None:
    """Make multiprocessing put its sockets there too, where their addresses are short enough."""
    before, tempfile.tempdir = tempfile.tempdir, address()
    try:
        util.get_temp_dir()  # chosen once in the life of a process
    finally:
        tempfile.tempdir = before


@cache
def _made(process: int) -> tuple[Path, int]:
    """Make the folder of this process; returns its path and the number under which it is open, and locked."""
    base = Path(tempfile.gettempdir())
    _clear(base)
    path, opened = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base)), -1
    if sys.platform != "win32":
        import fcntl

        opened = os.open(path, os.O_RDONLY)
        with suppress(OSError):  # a file system of a network may know no locks; then nobody clears it either
            fcntl.flock(opened, fcntl.LOCK_EX)
        if not path.is_dir():  # cleared by another process before it was locked
            os.close(opened)
            return _made.__wrapped__(process)
    # After multiprocessing has removed what it has there, which it does at -100.
    util.Finalize(None, shutil.rmtree, args=(path, True), exitpriority=-101)
    return path, opened


def _clear(base: Path) -> None:
    """Remove the folders there that are this user's and whose process is gone."""
    if sys.platform == "win32":
        return
    import fcntl

    for path in base.glob(f"{PREFIX}*"):
        with suppress(OSError):  # it is locked, or another process was faster
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
                continue
            opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(opened)
