"""Birth of a kernel: a fork of the warm parent takes on the request's streams, environment, folder and command."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from nbmodel.kernels import processes


def become_kernel(
    request: Mapping[str, Any], streams: Sequence[int], set_by_imports: Mapping[str, str], let_go: Callable[[], None]
) -> NoReturn:
    """Be the kernel that was asked for, and end with it; `let_go` leaves what is the parent's to the parent."""
    status = 1
    try:
        os.setpgid(0, 0)
        processes.adopt()  # what it leaves stays with it while it lives, and then comes to the parent
        let_go()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        parent = os.getppid()
        os.environ.clear()
        os.environ.update(set_by_imports | request["environment"], JPY_PARENT_PID=str(parent))
        os.environ.pop("NBMODEL_WARM_KERNELS", None)  # a fresh kernel has it not
        os.chdir(request["cwd"])
        _start_anew()
        arguments = request["command"][3:]
        from nbmodel.kernels import launcher

        sys.argv = [launcher.__file__, *arguments]
        launcher.Kernel.launch_instance([*arguments, f"--IPKernelApp.parent_handle={parent}"])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(BaseException):
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _start_anew() -> None:
    """Undo what a fork shares and a fresh start does not: random state, folders and times chosen at import."""
    import numpy as np

    time.tzset()
    tempfile.tempdir = None
    np.random.seed()  # noqa: NPY002  # a notebook may draw from it; Python's own generator is seeded anew by fork itself
