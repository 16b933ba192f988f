"""What Sphinx lacks here: formulas as MathML, which need no script, and folds."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from nbmodel.report.html import mathml


class Fold(SphinxDirective):
    """A part of a page that opens when its summary is clicked: `:::{fold} Summary`, with the class given."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"class": directives.class_option}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """Return the content between the two halves of <details>."""
        kind = " ".join(self.options.get("class", []))
        summary = f'<details class="{escape(kind)}"><summary>{escape(self.arguments[0])}</summary>'
        inside = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, inside)
        return [_html(summary), *inside.children, _html("</details>")]


class Div(SphinxDirective):
    """A part of a page with a class of its own: `:::{div} CLASS`."""

    has_content = True
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the content in a container."""
        inside = nodes.container(classes=self.arguments[0].split())
        self.state.nested_parse(self.content, self.content_offset, inside)
        return [inside]


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(mathml(node.astext(), block=False))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    formula = mathml(node.astext(), block=True)
    translator.body.append(f'<div class="formula" tabindex="0" role="group" aria-label="Formula">{formula}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx, and switch its own search off."""
    app.connect("builder-inited", lambda app: setattr(app.builder, "search", False))
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    app.add_directive("fold", Fold)
    app.add_directive("div", Div)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
