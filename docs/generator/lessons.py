"""A stored notebook as a page of the site: Markdown for Sphinx, and its pictures beside it. Nothing is run again.

The main line stands open. Code that a notebook hides is folded, and so is what goes deeper; a figure keeps its
alternative text, and its caption becomes the caption.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import nbformat

from generator import guess, links
from generator.html import raw, scrolling
from nbmodel.report import sliders
from nbmodel.report.html import text_with_formulas

FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>\s*(.*?)</details>", re.DOTALL)
CAPTION = re.compile(r"^\*(?P<text>.+)\*$", re.DOTALL)
NUMBER = re.compile(r"Figure (\d+)")
TIME = re.compile(r"\*\*Time\*\*: about (\d+) minutes")
LIVE = re.compile(r"figures\.live\([\"'](\w+)[\"']")
BREAK = "\n\n"  # between blocks of Markdown
CHECKED = re.compile(r"^check\(", re.MULTILINE)


@dataclass
class Picture:
    """A figure of a lesson: its PNG file, the words that stand in for it, its caption, and how wide it is shown."""

    data: bytes
    alt: str
    width: int
    caption: str = ""

    @property
    def number(self) -> str:
        """Its number in the caption, such as '3'; nothing without one."""
        found = NUMBER.match(self.caption)
        return found[1] if found else ""


@dataclass
class Lesson:
    """A lesson as pages need it."""

    name: str  # 02_reuptake
    title: str
    minutes: str
    picture: Picture
    markdown: str
    pictures: list[Picture] = field(default_factory=list)

    @property
    def page(self) -> str:
        """Its page, from the top of the site."""
        return f"lessons/{self.name}.html"


def anchor(name: str, heading: str) -> str:
    """Return the id of a heading of a lesson, or of a figure ('figure 3'); no other page has it."""
    return links.slug(f"{name.partition('_')[2]} {heading}")


def section(path: Path, words: str) -> str:
    """Return the id of the first heading of a notebook that has these words."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return next(anchor(path.stem, found[2]) for found in links.HEADING.finditer(text) if words in found[2])


def read(path: Path) -> Lesson:
    """Read a stored notebook."""
    notebook = nbformat.read(path, as_version=4)
    writer = _Writer(path.stem)
    for cell in notebook.cells:
        writer.add(cell)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    title, minutes = links.HEADING.search(text), TIME.search(text)
    assert title and minutes, f"{path.name} has a title and says how long it takes"
    return Lesson(path.stem, title[2], minutes[1], writer.picture, "\n\n".join(writer.blocks), writer.pictures)


def write(lesson: Lesson, names: Sequence[str], folder: Path) -> None:
    """Write the page of a lesson and its pictures into the folder of lessons; `names` are those of all, in order."""
    (folder / lesson.name).mkdir(parents=True)
    for index, picture in enumerate(lesson.pictures, 1):
        (folder / lesson.name / f"{index}.png").write_bytes(picture.data)
    (folder / f"{lesson.name}.md").write_text(
        lesson.markdown.replace("@FACTS@", facts(lesson, names)), encoding="utf-8"
    )


class _Writer:
    """Writes the cells of one notebook, and collects its pictures."""

    def __init__(self, name: str) -> None:
        self.name, self.page = name, f"lessons/{name}.html"
        self.pictures: list[Picture] = []
        self.blocks: list[str] = []
        self._chosen: Picture | None = None
        self._asked = 0  # which of the blocks asked last for a guess
        # The fold that the last text ended with: what stands before it, its summary and what is in it.
        self._fold: tuple[str, str, str] | None = None

    @property
    def picture(self) -> Picture:
        """The picture that stands for the lesson: that of its cell tagged `card`, else the first after the map."""
        return self._chosen or self.pictures[1]

    def add(self, cell: Any) -> None:
        """Add a cell as Markdown."""
        fold, self._fold = self._fold, None
        if cell.cell_type == "markdown":
            self.blocks.append(self._text(cell.source))
        elif fold and "deeper" in cell.metadata.get("tags", []):
            # What goes deeper in words, and the cell that shows it, open together.
            before, summary, inside = fold
            self.blocks[-1] = f"{before}\n\n{_folded(summary, f'{inside}{BREAK}{self._code_cell(cell, within=True)}')}"
        elif cell.source.strip():
            self.blocks.append(self._code_cell(cell))
            if guess.asks(cell.source):
                self._asked = len(self.blocks) - 1

    def _code_cell(self, cell: Any, within: bool = False) -> str:
        tags, before = cell.metadata.get("tags", []), len(self.pictures)
        shown = "\n\n".join(self._outputs(cell))
        if "card" in tags and len(self.pictures) > before and self._chosen is None:
            self._chosen = self.pictures[before]
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        code = f"`````python\n{cell.source}\n`````"
        first = cell.source.splitlines()[0]
        title = first[2:] if first.startswith("# ") else ""
        if "parameters" in tags:
            return _folded("Code: default parameters", f"{code}\n\n{shown}", kind="code")
        if within:
            return f"{_code(code, title)}{BREAK}{shown}"
        if "deeper" in tags:
            return _folded("Going deeper" + (f": {title}" if title else ""), f"{_code(code)}\n\n{shown}")
        if hidden:
            code = _code(code, title)
        return f"{code}\n\n{shown}"

    # -- text

    def _text(self, source: str) -> str:
        text, end = "", 0
        for found in FOLD.finditer(source):
            before = text + self._open(source[end : found.start()])
            inside = links.HEADING.sub(self._heading_in_fold, links.marked(self._prose(found[2]), self.page))
            text, end = f"{before}{BREAK}{_folded(found[1], inside)}{BREAK}", found.end()
            if found[1].startswith("Going deeper") and not source[end:].strip():
                self._fold = (before, found[1], inside)
        return text + self._open(source[end:])

    def _open(self, source: str) -> str:
        return links.HEADING.sub(self._heading, self._prose(source))

    def _prose(self, source: str) -> str:
        source = links.rewritten(source, f"notebooks/{self.name}.ipynb", self.page, within=self.name)
        return self._figures_linked(links.cited(source, self.page))

    def _figures_linked(self, text: str) -> str:
        # A figure may follow the text that names it, so that the numbers are checked at the end, by the link checker.
        return links._outside_tags(text, NUMBER, lambda found: f'<a href="#{self._figure_id(found[1])}">{found[0]}</a>')

    def _figure_id(self, number: str) -> str:
        return anchor(self.name, f"figure {number}")

    def _heading(self, found: re.Match[str]) -> str:
        level, text = len(found[1]), found[2]
        if level > 2:  # beside the sections of the main line, in small
            return self._heading_in_fold(found)
        if level == 1:
            return f'{found[0]}\n\n<p class="facts">@FACTS@</p>\n\n'
        return f"({anchor(self.name, text)})=\n{found[0]}"

    def _heading_in_fold(self, found: re.Match[str]) -> str:
        return f'\n<h3 class="small" id="{anchor(self.name, found[2])}">{escape(found[2])}</h3>\n\n'

    # -- outputs

    def _outputs(self, cell: Any) -> Iterator[str]:
        outputs = list(cell.outputs)
        while outputs:
            output = outputs.pop(0)
            data = output.get("data", {})
            if output.output_type == "stream":
                yield self._printed(output.text, cell)
            elif "image/png" in data:
                caption = _caption_of(outputs[0]) if outputs else ""
                if caption:
                    outputs.pop(0)
                yield self._figure(output, caption)
            elif "text/html" in data:
                yield self._table(data["text/html"])
            elif "text/markdown" in data:
                yield self._markdown(data["text/markdown"])
            elif "text/latex" in data:
                yield raw(
                    f'<div class="formula" tabindex="0" role="group" aria-label="Formula">'
                    f"{text_with_formulas(data['text/latex'])}</div>"
                )

            elif answer := guess.answer(output):
                # A page takes a guess in a field, and needs no code for it.
                question = self.blocks[self._asked]
                self.blocks[self._asked] = f"{_code(question)}{BREAK}{raw(guess.field(question, answer))}"
                yield self._said(answer["told"])
            elif found := LIVE.search(cell.source):
                yield raw(sliders.block(found[1]))

    def _printed(self, text: str, cell: Any) -> str:
        if CHECKED.search(cell.source):
            return raw(
                '<p class="remark">An exercise: JupyterLab (<code>make lab</code>) checks your answer and says '
                "what may have gone wrong.</p>"
            )
        return self._said(text)

    def _said(self, text: str) -> str:
        words = links.marked(links.cited(escape(text.rstrip("\n")), self.page), self.page)
        return raw(f'<pre class="printed" tabindex="0">{words}</pre>')

    def _figure(self, output: Any, caption: str) -> str:
        about = output.metadata.get("image/png", {})
        data = base64.b64decode("".join(output.data["image/png"]))
        alt = about.get("alt") or output.data.get("text/plain", "")
        self.pictures.append(picture := Picture(data, alt, int(about.get("width", 900)), caption))
        lines = [f":::{{figure}} {self.name}/{len(self.pictures)}.png", f":alt: {json.dumps(alt, ensure_ascii=False)}"]
        lines.append(f":width: {picture.width}px")
        if picture.number:
            lines.append(f":name: {self._figure_id(picture.number)}")
        said = links.marked(links.cited(caption, self.page), self.page)
        return "\n".join([*lines, "", said, ":::"])

    def _table(self, html: str) -> str:
        html = re.sub(r"\s*style=\"text-align: (left|right)\"", r' class="\1"', html)
        linked = links.keyed(links.marked(links.cited(html, self.page), self.page), self.page)
        return scrolling(linked, _caption(html))

    def _markdown(self, text: str) -> str:
        if text.startswith("- `"):
            text = re.sub(
                r"^- `(\w+)`", rf"- [\1]({links.relative('references.html', self.page)}#\1)", text, flags=re.M
            )
            text = re.sub(r"\[([^\]]+)\]\((\.\./references\.html#\w+)\)", r'<a href="\2">\1</a>', text)
            return ":::{div} references\n" + links.addressed(text) + "\n:::"
        return self._prose(text)


def _caption(html: str) -> str:
    found = re.search(r"<caption>(.*?)</caption>", html, re.DOTALL)
    return f"Table: {links.text_of(found[1])}" if found else "Table"


def _caption_of(output: Any) -> str:
    """Return the caption that an output is: a line in italics below a figure; else nothing."""
    found = CAPTION.match(output.get("data", {}).get("text/markdown", "").strip())
    return found["text"] if found else ""


def _code(block: str, title: str = "") -> str:
    return _folded("Code" + (f": {title}" if title else ""), block, kind="code")


def _folded(summary: str, body: str, kind: str = "deeper") -> str:
    colons = ":" * (max([3, *(len(found) for found in re.findall(r"^:{3,}", body, re.MULTILINE))]) + 1)
    return f"{colons}{{fold}} {summary.strip()}\n:class: {kind}\n\n{body.strip()}\n{colons}"


def facts(lesson: Lesson, place: Sequence[str]) -> str:
    """Return the line below the title of a lesson: which it is, how long it takes, how to run it."""
    number = place.index(lesson.name) + 1
    return (
        f"Lesson {number} of {len(place)} · week {number} · about {lesson.minutes} minutes · stored results, nothing runs here; "
        f'<a href="{lesson.name}.ipynb" download>take the notebook</a> or '
        f'<a href="../launch.html">launch it</a> to change numbers and do the exercises<br>{guess.COVER}'
    )
