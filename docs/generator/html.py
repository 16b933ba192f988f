"""HTML that stands in Markdown as it is."""

from __future__ import annotations

from html import escape


def raw(html: str) -> str:
    """Return a block of HTML in Markdown."""
    return f"`````{{raw}} html\n{html}\n`````"


def scrolling(html: str, label: str) -> str:
    """Return a table in a region of its own that scrolls, and takes the focus so that the arrow keys scroll it too."""
    return raw(f'<div class="scrolling" tabindex="0" role="region" aria-label="{escape(label)}">{html}</div>')
