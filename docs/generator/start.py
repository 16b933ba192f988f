"""The start page, and the pages that are files of the repository."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from PIL import Image

from generator import links
from generator.html import raw
from generator.lessons import Lesson

PAGES = Path(__file__).parent.parent / "pages"
THUMBNAIL = 640  # pixels wide: twice what is shown


def page(read: Sequence[Lesson], static: Path) -> str:
    """Return the start page; the pictures of its cards go into the folder of static files."""
    cards = []
    for number, lesson in enumerate(read, 1):
        name = f"{lesson.name}.png"
        (static / name).write_bytes(_small(lesson.picture.data))
        caption = re.sub(r"^Figure \d+\. |\*", "", lesson.picture.caption)
        cards.append(
            f'<li class="card"><img src="_static/{name}" alt="{escape(caption)}" width="320" loading="lazy">'
            f'<p class="facts">Lesson {number} · week {number} · {lesson.minutes} minutes</p>'
            f'<h3><a href="{lesson.page}">{escape(lesson.title)}</a></h3></li>'
        )
    text = (PAGES / "index.md").read_text(encoding="utf-8")
    listed = "\n".join(f"{number}. {lesson.title} <lessons/{lesson.name}>" for number, lesson in enumerate(read, 1))
    text = text.replace("@LESSONS@", raw(f'<ol class="cards">{"".join(cards)}</ol>')).replace("@TOCTREE@", listed)
    return links.rewritten(text, "", "index.html")


def _small(png: bytes) -> bytes:
    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((THUMBNAIL, THUMBNAIL))
        made = io.BytesIO()
        small.quantize(64, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def of_file(text: str, file: str, page: str) -> str:
    """Return a file of the repository as a page: its links lead to pages, its anchors are kept."""
    text = re.sub(r"^```csv$", "```text", text, flags=re.MULTILINE)  # Pygments has no such language
    # An anchor that is the heading's own is there already.
    text = re.sub(
        r'^<a id="([^"]+)"></a>\n(?=#+ (.+)$)',
        lambda found: "" if found[1] == links.slug(found[2]) else found[0] + "\n",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r"^\| \|", "| what |", text, flags=re.MULTILINE)  # a head without a word says nothing
    text = text.replace("](docs/", "](")  # pictures lie beside the pages
    return links.rewritten(text, file, page)
