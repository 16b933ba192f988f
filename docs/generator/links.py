"""Links of the collection's Markdown, as links between pages of the site.

Notebooks and pages of the repository link to one another's files. On the site a notebook is a lesson, `terms.md` the
glossary and a citation an entry of the references. What would lead nowhere stops the build.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from posixpath import normpath

from bs4 import BeautifulSoup

from nbmodel import collection, evidence
from nbmodel.data import references
from nbmodel.evidence import claims

# Where files of the repository stand on the site; None: they have no page, and a link to them becomes plain words.
PAGES: dict[str, str | None] = {
    "README.md": "index.html",
    "notebooks/start.md": "index.html",
    "CONTRIBUTING.md": "contributing.html",
    "CHANGELOG.md": "changelog.html",
    "notebooks/terms.md": "terms.html",
    "notebooks/teaching.md": "teaching.html",
    "docs/batches.md": "batches.html",
    "LICENSE": None,
    "CITATION.cff": None,
    "reports/scenarios": None,
}
# Code stays as it is; so a link is looked for only outside it.
LINK = re.compile(
    r"(?P<code>(?P<fence>`{3,}).*?(?P=fence)|`[^`\n]+`)|(?<!!)\[(?P<text>[^\[\]]+)\]\((?P<url>[^)\s]+)\)", re.DOTALL
)
HEADING = re.compile(r"^(#{1,6}) +(.+?)\s*$", re.MULTILINE)
AUTHOR = r"[A-Z][\w’'-]*[a-zö][\w’'-]*"
CITATION = re.compile(rf"({AUTHOR})((?: (?:&|and) {AUTHOR}| and others| et al\.?)?,? )(\d{{4}})\b")
MARK = re.compile(r"\b(V\d+[a-h]?|C\d\d)\b")
ADDRESS = re.compile(r"(?<![<(\"\w])https?://[^\s<>]+[^\s<>.,;)]")


def rewritten(text: str, file: str, page: str, within: str = "") -> str:
    """Return the Markdown of a file with its links as links of a page; both are named from the top.

    `within` is the name of the lesson whose headings links without a file lead to.

    Raises
    ------
    ValueError
        For a link to a file that is not known here.
    """
    folder = file.rpartition("/")[0]

    def one(found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        return _link(found["text"], found["url"], folder, page, within)

    return LINK.sub(one, text)


def _link(text: str, url: str, folder: str, page: str, within: str) -> str:
    if re.match(r"(https?:|mailto:)", url):
        return f"[{text}]({url})"
    path, mark, fragment = url.partition("#")
    target = normpath(f"{folder}/{path}" if folder else path)
    to: str | None
    if not path:
        lesson, to = within, page
    else:
        lesson = Path(path).stem if path.endswith(".ipynb") else ""
    if lesson and fragment:
        fragment = slug(f"{lesson.partition('_')[2]} {fragment}")
    if not path:
        return f'<a href="#{escape(fragment)}">{text}</a>'
    if lesson and target.startswith("notebooks/"):
        to = f"lessons/{lesson}.html"
    elif path.endswith(".html"):
        to = target
    elif target in PAGES:
        to = PAGES[target]
    else:
        raise ValueError(f"{page}: a link leads to {url}, which the site does not know; add it to PAGES")
    if to is None:
        return text
    said = meaning(fragment) if to == "terms.html" else ""
    title = f' title="{escape(said)}"' if said else ""
    kind = ' class="term"' if said else ""
    return f'<a{kind} href="{relative(to, page)}{mark}{escape(fragment)}"{title}>{text}</a>'


def relative(target: str, page: str) -> str:
    """Return the way from one page to another, both named from the top."""
    return "../" * page.count("/") + target


def slug(heading: str) -> str:
    """Return the id of a heading, as it is on every page of the site; the anchors that JupyterLab makes lead there too."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


# -- terms -----------------------------------------------------------------------------------------------------------


@cache
def _terms() -> dict[str, str]:
    """Map the anchors of `terms.md` to what a reader sees who points at a link: the first sentence."""
    text = (collection.notebooks_folder() / "terms.md").read_text(encoding="utf-8")
    found = {}
    for anchor, entry in re.findall(r'^<a id="([^"]+)"></a>(\*\*.+?)(?=\n\n|\Z)', text, re.MULTILINE | re.DOTALL):
        found[anchor] = _first_sentences(_plain(entry))
    for anchor, name, said in re.findall(r'^\| <a id="([^"]+)"></a>([^|]+?) *\| *([^|\n]+?) *\|', text, re.MULTILINE):
        found[anchor] = f"{name}: {_first_sentences(_plain(said))}"
    return found


def meaning(anchor: str) -> str:
    """Return a term and the first sentence of what it means; nothing for an anchor that is no term."""
    return _terms().get(anchor, "")


def _plain(markdown: str) -> str:
    bare = LINK.sub(lambda found: found["text"] or found[0], markdown)
    return re.sub(r"\s+", " ", re.sub(r"[*`$]", "", bare)).strip()


def _first_sentences(text: str) -> str:
    """Name of the term, and the first sentence about it: 'NET, norepinephrine transporter. A pump in the wall ...'"""
    sentences = re.split(r"(?<=[.:]) (?=[A-Z0-9])", text)
    return " ".join(sentences[:2])


# -- citations and marks of the ledgers ------------------------------------------------------------------------------


@cache
def _cited() -> dict[tuple[str, str], str]:
    """Map (first author, year) to the key of the one reference that they name."""
    found: dict[tuple[str, str], list[str]] = {}
    for key, entry in references.bibliography().entries.items():
        people = entry.persons.get("author", [])
        if people:
            name = references._plain(" ".join(people[0].last_names))
            found.setdefault((name, entry.fields.get("year", "")), []).append(key)
    return {named: keys[0] for named, keys in found.items() if len(keys) == 1}


def cited(text: str, page: str) -> str:
    """Return text or HTML with 'Palij & Stamford 1994' as a link to the reference."""

    def one(found: re.Match[str]) -> str:
        key = _cited().get((found[1], found[3]))
        return f'<a class="cited" href="{relative(f"references.html#{key}", page)}">{found[0]}</a>' if key else found[0]

    return _outside_tags(text, CITATION, one)


@cache
def _ledgers() -> dict[str, str]:
    """Return where each observation and claim stands."""
    observations = {row.id: f"evidence.html#{row.id}" for row in evidence.rows()}
    return observations | {row.id: f"claims.html#{row.id}" for row in claims.rows()}


def marked(text: str, page: str) -> str:
    """Return text or HTML with V7 and C21 as links to the ledgers."""

    def one(found: re.Match[str]) -> str:
        to = _ledgers().get(found[0])
        return f'<a href="{relative(to, page)}">{found[0]}</a>' if to else found[0]

    return _outside_tags(text, MARK, one)


def keyed(text: str, page: str) -> str:
    """Return HTML with the keys of references, such as palij1994, as links to them."""

    def one(found: re.Match[str]) -> str:
        known = found[0] in references.bibliography().entries
        return f'<a href="{relative(f"references.html#{found[0]}", page)}">{found[0]}</a>' if known else found[0]

    return _outside_tags(text, re.compile(r"\b[a-z]\w*(?:\d{4}\w?|_\w+)\b"), one)


def addressed(text: str) -> str:
    """Return Markdown with bare addresses as links."""
    return ADDRESS.sub(lambda found: f"<{found[0]}>", text)


# Links, code, formulas and tags are left as they are.
TAG = re.compile(
    r"(<a\b.*?</a>|<code\b.*?</code>|<h\d.*?</h\d>|<[^>]+>|`{3,}.*?`{3,}|`[^`\n]+`|\$\$.+?\$\$|\$[^$\n]+\$|\]\([^)]*\)"
    r"|^#+ .*$)",
    re.DOTALL | re.MULTILINE,
)


def _outside_tags(text: str, pattern: re.Pattern[str], one: object) -> str:
    parts = TAG.split(text)
    return "".join(part if index % 2 else pattern.sub(one, part) for index, part in enumerate(parts))  # type: ignore[call-overload]


def text_of(html: str) -> str:
    """Return the words of HTML."""
    return BeautifulSoup(html, "html.parser").get_text(" ", strip=True)
