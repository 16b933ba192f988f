"""Sliders on a page without a kernel: a stored grid, its picture, and the one script that moves them.

They ask for nothing: `block` gives all that stands where the sliders are, and `SCRIPT` comes once, behind the last of them.
Without scripts and on paper the picture and its sentence are left, as they stand at the start.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from nbmodel.data import sliders as kept

SCRIPT = (Path(__file__).parent / "template" / "sliders.js").read_text(encoding="utf-8")


def block(name: str) -> str:
    """HTML of the sliders of a stored grid (`data.sliders.names()`).

    Raises
    ------
    KeyError
        For a grid that there is not.

    Examples
    --------
    >>> block("reuptake").count("<input"), "rises to 1.9 times rest" in block("reuptake")
    (1, True)
    """
    grid = kept.load(name)
    picture, sentence = grid.pop("svg"), grid.pop("sentence")
    # Whatever a grid holds, it cannot end its element.
    data = json.dumps(grid, separators=(",", ":")).replace("<", "\\u003c")
    controls = "\n".join(_control(slider) for slider in grid["sliders"])
    return (
        f'<div class="sliders" data-sliders="{escape(name)}">\n<div class="controls" hidden>\n{controls}\n</div>\n'
        f'<p class="said" role="status">{escape(sentence)}</p>\n{picture}\n'
        '<p class="small">The sliders always use the default settings of the model. Between the '
        "values that were computed, lines and numbers are interpolated.</p>\n"
        "<noscript><p>This picture has sliders, which need scripts.</p></noscript>\n"
        f'<script type="application/json">{data}</script>\n</div>'
    )


def _control(slider: Mapping[str, Any]) -> str:
    """Field with its label: a slider with its value beside it, or a list to choose from."""
    points, start, name = slider["points"], slider["start"], escape(slider["name"])
    words = f"<span>{escape(slider['label'])}</span>"
    if isinstance(points[0], str):
        options = "".join(f"<option{' selected' * (one == start)}>{escape(one)}</option>" for one in points)
        return f'<label>{words} <select name="{name}">{options}</select></label>'
    ends = f'min="{points[0]:g}" max="{points[-1]:g}" step="{slider["step"]:g}" value="{start:g}"'
    return f'<label>{words} <input type="range" name="{name}" {ends}> <b aria-hidden="true">{start:g}</b></label>'
