"""Work of a warm parent before it forks: it imports what kernels import, and runs a notebook that many reports share.

The package's functions remember what the notebook's cells asked of them, so a fork computes only what its settings change.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from types import SimpleNamespace

from nbmodel.kernels import processes

# What kernels and notebooks import beyond the package's own modules, some of it only when first used.
LIBRARIES = """
ipykernel.kernelapp ipykernel.ipkernel ipykernel.debugger tornado.platform.asyncio tornado.queues sqlite3
IPython.core.completerlib IPython.core.logger IPython.extensions.storemagic sympy.tensor.tensor pint pybtex.database
latexcodec.codec
"""
PATIENCE = 240  # seconds that a notebook may take; who waits for the first fork gives up after 300


def load() -> None:
    """Import what a notebook will import, as a kernel would."""
    import nbmodel

    # pandas asks at import whether it is in a kernel, and prints wider tables if it is not.
    builtins.get_ipython = lambda: SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    plain = os.environ.get("MPLBACKEND")
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as ipykernel does
    for name in (*LIBRARIES.split(), *nbmodel.PUBLIC.values()):
        with suppress(ImportError):  # an extra that is not installed
            importlib.import_module(name)
    if plain is None:
        del os.environ["MPLBACKEND"]
    del builtins.get_ipython  # type: ignore[attr-defined]


def run(notebook: str, gigabytes: str = "") -> None:
    """Run the code cells of a notebook for what the package's functions remember of it; all else is thrown away.

    Where a cell fails, the others are left to the reports, which will say what is wrong. A notebook that takes too
    long, or leaves a thread that a fork would lack, ends this process: its kernels then start without.
    """
    if gigabytes:
        processes.limit_memory(float(gigabytes))
    signal.alarm(PATIENCE)
    with _undone(), suppress(Exception, SystemExit):
        names = {"__name__": "__main__"}
        for cell in json.loads(Path(notebook).read_bytes())["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    signal.alarm(0)
    gc.collect()
    if threads() > 1:
        raise RuntimeError(f"{notebook} leaves a thread, so that no kernel can be forked after it")


@contextmanager
def _undone() -> Iterator[None]:
    """Take back what a notebook changes in the process beside what functions remember: folder, paths, options, figures.

    Random generators need nothing: each kernel seeds them anew.
    """
    import ipywidgets
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd

    paths = list(sys.path)
    with ExitStack() as stack:
        nothing = stack.enter_context(open(os.devnull, "w"))
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        for kept in (chdir(folder), redirect_stdout(nothing), redirect_stderr(nothing), warnings.catch_warnings()):
            stack.enter_context(kept)
        stack.enter_context(plt.rc_context())
        stack.enter_context(np.printoptions())
        yield
        plt.close("all")
        ipywidgets.Widget.close_all()
        pd.reset_option("^display")
        sys.path[:] = paths


def threads() -> int:
    """Count the threads of this process, those of libraries included."""
    return len(os.listdir("/proc/self/task"))
