"""papermill's client with a cap: a cell that prints without end is stopped before the worker's memory is full of it.

papermill knows it as the engine `nbmodel`; importing this module makes it so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import nbformat
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from traitlets import Int

NAME = "nbmodel"
EACH = 1000  # bytes that an output takes in memory, however short it is
LINE = 12  # bytes that a line takes in the notebook's file beside its text
KEPT = 100_000  # bytes of a cell's outputs that are kept when the cap is passed


class TooMuchOutput(RuntimeError):
    """Raised when the outputs of a notebook together are past the cap."""


class Client(PapermillNotebookClient):  # type: ignore[misc]
    """Runs a notebook until its outputs together are larger than `megabytes`. Raises TooMuchOutput then."""

    megabytes = Int(20, help="The most that a notebook may put out.").tag(config=True)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.taken = 0

    def process_message(self, message: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Take a message of the kernel, and end the cell when it is one too many."""
        if self._is_past():
            return None
        if message["msg_type"] != "status":
            self.taken += EACH + _size(message["content"])
        output = super().process_message(message, cell, cell_index)
        if self._is_past():
            assert self.task_poll_for_reply is not None
            self.task_poll_for_reply.cancel()  # as nbclient ends a cell whose kernel died
        return output

    def execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> NotebookNode:
        """Run a cell. Raises what nbclient raises, and TooMuchOutput."""
        try:
            return super().execute_cell(cell, cell_index, **options)
        except DeadKernelError:
            if not self._is_past():
                raise
        for any_cell in self.nb.cells:
            _shorten(any_cell)
        raise TooMuchOutput(
            f"more than {self.megabytes} MB of output; print less, or raise `megabytes` of the theme in the package's "
            "scenario/themes.py"
        )

    def _is_past(self) -> bool:
        return bool(self.taken > self.megabytes * 1_000_000)


class _Engine(Engine):  # type: ignore[misc]
    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, client: Mapping[str, Any], **_: Any
    ) -> NotebookNode:
        """Run a notebook with these options of the client; papermill's own are not used."""
        return Client(nb_man, kernel_name=kernel_name, **client).execute()


def _size(content: object) -> int:
    """About what a part of an output takes in the notebook's file."""
    text = repr(content)
    return len(text) + LINE * text.count(r"\n")


def _shorten(cell: NotebookNode) -> None:
    """Leave of the outputs of a cell that has too many only what it printed first, and say so."""
    if _size(cell.get("outputs")) > KEPT:
        printed = "".join(output.get("text", "") for output in cell.outputs)[: KEPT // (1 + LINE)]
        note = "[nbmodel: what followed is not kept]"
        cell.outputs = [nbformat.v4.new_output("stream", text=f"{printed}\n{note}\n")]


papermill_engines.register(NAME, _Engine)
