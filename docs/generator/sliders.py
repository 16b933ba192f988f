"""Sliders of a lesson on a page without a kernel."""

from __future__ import annotations

from html import escape
from typing import Any


def block(lesson: str, cell: Any, told: str) -> str:
    """Return what stands where a notebook shows sliders; `told` is the text that is stored of them."""
    names = told.partition("(")[2].rpartition("). It needs")[0] or told
    return (
        "`````{raw} html\n"
        f'<p class="remark">Sliders in JupyterLab (<code>make lab</code>): {escape(names)}.</p>\n'
        "`````"
    )
