"""A reader's guess on a page without a kernel: the cell that asks for it, the answer that an output keeps, and the field."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from nbmodel.exercises.questions import NOTHING, WELL

# Stands at the head of a lesson; where scripts run, it shows itself.
COVER = (
    '<label class="cover" hidden><input type="checkbox" autocomplete="off"> '
    "Cover answers until I have guessed, in all lessons</label>"
)
ASKED = re.compile(r"^guess\w* = \.\.\.  # (?P<what>.+)$", re.MULTILINE)


def asks(source: str) -> bool:
    """Whether a cell asks for a guess."""
    return ASKED.search(source) is not None


def answer(output: Any) -> dict[str, Any]:
    """Return what a guess is compared with, where an output of `exercises.predicted` keeps it; else nothing."""
    found: dict[str, Any] = output.get("metadata", {}).get("nbmodel", {}).get("predicted", {})
    return found


def field(source: str, found: dict[str, Any]) -> str:
    """Field for the guess that a cell asks for. It shows itself where scripts run (`style/guess.js`)."""
    what = ASKED.search(source)
    assert what, source
    data = escape(json.dumps({**found, "well": WELL, "nothing": NOTHING}, ensure_ascii=False))
    return (
        f'<form class="guess" data-answer="{data}" hidden>\n'
        '<label>Your guess <input name="guess" inputmode="decimal" size="6" autocomplete="off" placeholder="..."> '
        f"{escape(what['what'])}</label> <button>Compare</button>\n"
        '<p class="said" role="status"></p>\n'
        '<p class="waits" hidden>The answer is covered until you guess. <button type="button">Show it</button> '
        '<button type="button">Show all, in all lessons</button></p>\n</form>'
    )
