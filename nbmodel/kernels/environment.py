"""Environment of every process that this package starts: the same whatever the user's own says.

Settings of Jupyter, IPython, matplotlib and pytest, and Python's own switches, would change what a notebook puts out or
whether it runs at all. They are left out, and the folders in which those programs look for more are empty ones.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nbmodel.kernels import scratch

SETTINGS = (
    "IPYTHON",
    "JPY_",
    "JUPYTER",
    "MATPLOTLIB",
    "MPL",
    "NBMODEL_",
    "NBVAL",
    "PYDEVD",
    "PYTEST",
    "PYTHON",
    "TRAITLETS",
)
# Where Python finds and keeps modules, and where matplotlib keeps its list of fonts: without these a child may not start,
# or starts slowly. What matplotlib reads there beside is answered by MATPLOTLIBRC.
PLACES = {
    "MPLCONFIGDIR",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONNOUSERSITE",
    "PYTHONPLATLIBDIR",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUSERBASE",
}
FIXED = {
    "JUPYTER_PATH": str(Path(__file__).parent / "jupyter"),  # where our kernel is `python3`: it comes before all others
    "MATPLOTLIBRC": os.devnull,
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # as in ipykernel's own specification: without it the debugger warns
    "PYTHONSAFEPATH": "1",  # a file in the current folder is not taken for a module
    "PYTHONUTF8": "1",  # whatever the locale
    # One thread for linear algebra, in cold and warm kernels alike: forks are safe, sums come out the same, and as many
    # workers as cores do not tread on one another.
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}
FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")


def own(folder: Path | str, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return `environment` (of this process, unless given) as a child of ours has it; `folder` is its own, and empty."""
    given = os.environ if environment is None else environment
    kept = {name: value for name, value in given.items() if name in PLACES or not name.startswith(SETTINGS)}
    # An empty entry would stand for the current folder.
    paths = [os.path.abspath(path) for path in given.get("PYTHONPATH", "").split(os.pathsep) if path]
    if paths:
        kept["PYTHONPATH"] = os.pathsep.join(paths)
    return kept | FIXED | {name: os.path.join(folder, name.lower()) for name in FOLDERS}


@contextmanager
def applied() -> Iterator[None]:
    """Let this process have that environment, with a folder of its own, for a while."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="settings-", dir=scratch.folder(), ignore_cleanup_errors=True) as folder:
        _become(own(folder))
        try:
            yield
        finally:
            _become(before)


def _become(environment: Mapping[str, str]) -> None:
    """Change only what differs: other threads may be reading."""
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)
