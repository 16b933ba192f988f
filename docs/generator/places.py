"""What the search knows: every place of the built site that a link can lead to, with its words.

Sphinx's own search finds pages, and fetches each to quote it, which a browser refuses for files. Places are smaller:
a section, a row of a ledger, a term.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, Tag


def write(site: Path) -> None:
    """Write the places of a built site as a script, so that a page opened from a file can read it."""
    found = [
        place for page in sorted(site.rglob("*.html")) if "_static" not in page.parts for place in _places(site, page)
    ]
    script = f"const PLACES = {json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n"
    (site / "_static" / "places.js").write_text(script, encoding="utf-8")


def _places(site: Path, path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield address, title, title of the page and text, the smallest places first."""
    article = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")
    address = path.relative_to(site).as_posix()
    if article is None or (head := article.find("h1")) is None or address == "find.html":
        return
    for waste in article.select("a.headerlink, script, annotation, wbr"):
        waste.decompose()
    article.smooth()  # a symbol that may break between its parts is one word
    page = _text(head)
    for row in article.select("tr[id]"):
        yield f"{address}#{row['id']}", _text(row.find(["th", "td"])), page, _text(row)
        row.decompose()
    for anchor in article.select("p > a[id]:first-child"):
        if (entry := anchor.parent) is not None and (name := entry.find("strong")) is not None:
            yield f"{address}#{anchor['id']}", _text(name).rstrip("."), page, _text(entry)
            entry.decompose()
    for part in reversed(article.select("section[id], dt[id]")):
        block = part.parent if part.name == "dt" and part.parent is not None else part
        title = block.find(["h1", "h2", "h3", "h4", "dt"])
        name = str(part["id"]) if part.name == "dt" else _text(title)
        words = _text(block)
        if words:
            at = "" if title is not None and title.name == "h1" else f"#{part['id']}"
            yield address + at, name, page, words
        block.decompose()


def _text(part: Tag | None) -> str:
    return " ".join(part.get_text(" ").split()) if part is not None else ""
