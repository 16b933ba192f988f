"""HTML that stands in Markdown as it is."""

from __future__ import annotations

from html import escape

TALL = 30  # rows: a longer table scrolls under its head


def raw(html: str) -> str:
    """Return a block of HTML in Markdown."""
    return f"`````{{raw}} html\n{html}\n`````"


def scrolling(html: str, label: str) -> str:
    """Return a table in a box of its own that scrolls, and takes the focus so that the arrow keys scroll it too."""
    tall = " tall" if html.count("<tr") > TALL else ""
    return raw(f'<div class="scrolling{tall}" tabindex="0" role="group" aria-label="{escape(label)}">{html}</div>')
