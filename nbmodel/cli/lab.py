"""The command `nbmodel lab`: the notebooks in JupyterLab, at their start page."""

from __future__ import annotations

import os
from pathlib import Path

import click

from nbmodel import collection

START = "/lab/tree/start.md"


@click.command(
    short_help="Open the notebooks in JupyterLab.",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
@click.pass_context
def lab(context: click.Context) -> None:
    """Open the notebooks in JupyterLab, at their start page. What follows is an option of JupyterLab.

    \b
    nbmodel lab
    nbmodel lab --no-browser --port 8889

    It asks the network for nothing: news of JupyterLab's makers is off.
    """
    from jupyterlab.labapp import LabApp

    # Settings of ours: pages are shown as pages, and what would ask the network is off.
    quiet = [str(Path(__file__).parent), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, quiet))
    notebooks = str(collection.notebooks_folder())
    LabApp.launch_instance([notebooks, f"--LabApp.default_url={START}", *context.args])
