"""An executed notebook as one HTML page that opens from a file, offline, and asks for nothing but itself.

A report holds no script but that of its sliders. Formulas become MathML, figures keep their alternative text, code is folded, and links
between the notebooks lead to the reports that stand in the same folder.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from latex2mathml.converter import convert as to_mathml
from mistune.plugins.table import render_table_cell
from nbconvert.exporters import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter

from nbmodel import collection
from nbmodel.data import sliders as kept
from nbmodel.report import sliders

TEMPLATE = Path(__file__).parent / "template"
# What is shown of an output, best first: scripts are left out and a formula is better than its picture.
SHOWN = "text/html text/markdown text/latex image/svg+xml image/png image/jpeg text/plain"
WIDGET = "application/vnd.jupyter.widget-view+json"
TEX = re.compile(r"\$\$(?P<block>.+?)\$\$|(?<![\\$])\$(?P<inline>[^$]+?)(?<!\\)\$", re.DOTALL)


def page(notebook: NotebookNode, links: Mapping[str, str] | None = None, title: str = "Notebook") -> str:
    """HTML page of an executed notebook; `title` is that of one that is no report.

    `links` leads from the name of a notebook ('03_lc_arousal') to the page a link to it should open; a link to a
    notebook that is not there becomes plain text. The header and footer are filled from `notebook.metadata.nbmodel`.
    """
    about = notebook.metadata.get("nbmodel", {})
    resources = {"links": dict(links or {}), "headings": [], "about": about, "style": stylesheet()}
    resources["metadata"] = {"name": title}
    # A notebook that hides any code says by that what it shows.
    resources["lesson"] = any(cell.metadata.get("jupyter", {}).get("source_hidden") for cell in notebook.cells)
    moving = _headed(with_sliders(notebook), resources)
    resources["script"] = sliders.SCRIPT if any(map(_sliders, _outputs(moving))) else ""
    resources["script_hash"] = script_hash(resources["script"])
    body, _ = _exporter().from_notebook_node(_folding(moving), resources)
    return str(body)


def _headed(notebook: NotebookNode, resources: dict[str, Any]) -> NotebookNode:
    """Head a report that folds its background with the title of its case, in place of the lesson's question."""
    title = str(resources["about"].get("title", ""))
    folds = any("background" in cell.metadata.get("tags", []) for cell in notebook.cells)
    if title and folds and (first := notebook.cells[0]).source.startswith("# ") and first.cell_type == "markdown":
        first.source = first.source.partition("\n")[2].lstrip()
        resources["case"] = re.sub(r"(?<=\d) (?=[mu]g\b)", "\u00a0", title)  # a dose stays on one line
    return notebook


def _folding(notebook: NotebookNode) -> NotebookNode:
    """Give the cell of a report's own values the tags of the default ones that it follows: the two are folded together."""
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    default: list[str] = next((each for each in tags if "parameters" in each), [])
    for each in tags:
        if "injected-parameters" in each:
            each.extend(tag for tag in default if tag in ("background", "about") and tag not in each)
    return notebook


def document(template: str, **values: Any) -> str:
    """Return a page of another kind (index, terms) with the same look: `template` names a file of the template folder."""
    return _environment().get_template(template).render(style=stylesheet(), **values)


def terms(links: Mapping[str, str], within: bool = True) -> str:
    """Page of units, abbreviations and terms; `within` a folder of reports, which it leads back to."""
    headings: list[tuple[int, str, str]] = []
    body = markdown((collection.notebooks_folder() / "terms.md").read_text(encoding="utf-8"), links, headings)
    return document("terms.html.j2", body=body, headings=headings, within=within)


def markdown(source: str, links: Mapping[str, str], headings: list[tuple[int, str, str]]) -> str:
    """Markdown as HTML with MathML; each heading is added to `headings` as (level, id, text)."""
    return MarkdownWithMath(renderer=Renderer(links, headings)).render(source)


def mathml(latex: str, block: bool) -> str:
    """Convert a formula to MathML that keeps its LaTeX source; what cannot be converted is shown as its source, in code."""
    latex = latex.strip()
    # latex2mathml knows align* but not aligned; both mean the same here.
    known = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{align*}", latex)
    try:
        formula = to_mathml(known, display="block" if block else "inline")
    except Exception:  # latex2mathml raises bare errors of many kinds on input it does not know
        formula = ""
    if not formula or "<mi>\\" in formula or "<mi>&</mi>" in formula:
        return f'<code class="tex">{escape(latex)}</code>'
    source = f'<annotation encoding="application/x-tex">{escape(latex)}</annotation></semantics></math>'
    opened = re.sub(r"^(<math[^>]*>)", r"\1<semantics>", formula)
    return re.sub(r"</math>$", lambda _: source, opened)


def text_with_formulas(source: str) -> str:
    """Plain text with $..$ and $$..$$ (a text/latex output) as HTML."""
    parts, end = [], 0
    for match in TEX.finditer(source):
        words = source[end : match.start()].strip()
        # The words before a formula on its own line are its name.
        parts.append(f'<span class="formula-name">{escape(words)}</span> ' if words else "")
        parts.append(mathml(match["block"] or match["inline"], block=match["block"] is not None))
        end = match.end()
    rest = source[end:].strip()
    return "".join(parts) + (mathml(rest, block=True) if rest and not parts else escape(rest))


def with_sliders(notebook: NotebookNode) -> NotebookNode:
    """Return a copy whose sliders need no kernel, and without other widgets.

    A widget's stored state would load a script from the network.
    """
    from copy import deepcopy

    copy: NotebookNode = deepcopy(notebook)
    copy.metadata.pop("widgets", None)
    for output in _outputs(copy):
        if name := _sliders(output):
            output.data = NotebookNode({"text/html": sliders.block(name)})
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if WIDGET not in output.get("data", {})]
    return copy


def _outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def _sliders(output: NotebookNode) -> str:
    """Name of the stored grid that an output shows, if any; a notebook may hold whatever it likes there."""
    about = output.get("metadata", {}).get("nbmodel", {})
    name = about.get("sliders") if isinstance(about, dict) else None
    return name if name in kept.names() else ""


def script_hash(script: str) -> str:
    """Hash by which a page's policy knows its own script."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


@cache
def stylesheet() -> str:
    """Style sheet of the collection with the colours of code, light and dark."""
    light = HtmlFormatter(style="xcode").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    css = (TEMPLATE / "report.css").read_text(encoding="utf-8")
    by_day = f"@media not all and (prefers-color-scheme: dark) {{\n{light}\n}}"
    return f"{css}\n{by_day}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}"


class Renderer(IPythonRenderer):
    """Markdown to HTML: formulas as MathML, headings collected for the contents list, links that lead somewhere."""

    def __init__(self, links: Mapping[str, str], headings: list[tuple[int, str, str]], **options: Any) -> None:
        super().__init__(escape=False, exclude_anchor_links=True, **options)
        self.links, self.headings = links, headings

    def block_math(self, body: str) -> str:
        """Formula on a line of its own."""
        return mathml(body, block=True)

    def inline_math(self, body: str) -> str:
        """Formula within a line."""
        return mathml(body, block=False)

    def latex_environment(self, name: str, body: str) -> str:
        """Formula in a LaTeX environment, as MathML."""
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Heading with an id, noted for the contents list."""
        plain = BeautifulSoup(text, "html.parser").get_text()
        # The id that JupyterLab gives the heading, so that links to it work there and here.
        anchor, taken = plain.replace(" ", "-"), {anchor for _, anchor, _ in self.headings}
        anchor = next(a for a in (anchor, *(f"{anchor}-{n}" for n in range(2, 1000))) if a not in taken)
        self.headings.append((level, anchor, plain))
        return f'<h{level} id="{escape(anchor)}">{text}</h{level}>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Cell of a table; those at the head say that they stand for their column."""
        cell = render_table_cell(self, text, align, head)
        return cell.replace("<th", '<th scope="col"', 1) if head else cell

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Link, or plain text when it would lead nowhere."""
        target = resolve(url, self.links)
        return super().link(text, target, title) if target else text


def resolve(url: str, links: Mapping[str, str]) -> str | None:
    """Return the target of a notebook's link in a folder of reports; None when there is nothing to lead to."""
    path, mark, fragment = url.partition("#")
    if not path or re.match(r"(https?:|mailto:)", path):
        return url
    name = Path(path)
    if name.name == "terms.md":
        return "terms.html" + mark + fragment
    page = links.get(name.stem) if name.suffix == ".ipynb" else None
    return page + mark + fragment if page else None


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True, trim_blocks=True, lstrip_blocks=True)


class _Exporter(TemplateExporter):
    """nbconvert's exporter with our filters; one is kept for the life of the process, since the first page is dear.

    Not its HTMLExporter: that one parses the whole finished page again, for alternative texts and focus that our
    template has already, which is half of its time.
    """

    file_extension = ".html"

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        resources = context["resources"]
        attachments = context.get("cell", {}).get("attachments", {})
        renderer = Renderer(resources["links"], resources["headings"], attachments=attachments)
        return MarkdownWithMath(renderer=renderer).render(source)

    def default_filters(self) -> Any:
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "markdown2html", self.markdown2html
        yield "highlight_code", Highlight2HTML(pygments_lexer="ipython3", parent=self)
        yield "text_with_formulas", text_with_formulas


@cache
def _exporter() -> TemplateExporter:
    exporter = _Exporter(template_name="template", extra_template_basedirs=[str(TEMPLATE.parent)])  # type: ignore[no-untyped-call]
    exporter.config.NbConvertBase.display_data_priority = SHOWN.split()
    return exporter
