"""Start of a kernel of ours: ipykernel as it is, without the settings and start-up files that an IPython of the user has."""

from __future__ import annotations

import sys
from typing import Any

from ipykernel.kernelapp import IPKernelApp


class Kernel(IPKernelApp):
    """Kernel that finds modules as a script does, and reads no settings, not even those of the whole machine."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Read none: what a notebook puts out must not depend on whose machine it runs on."""

    def _run_startup_files(self) -> None:
        """Run none, for the same reason."""

    def init_path(self) -> None:
        """Let modules that lie beside the notebook be found after all that are installed, so that they hide none."""
        sys.path.append("")


if __name__ == "__main__":
    Kernel.launch_instance()
