"""The sources behind the numbers: `references.bib`, and a readable list of the entries that a notebook cites."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from nbmodel.data.parameters import FOLDER
from nbmodel.data.typed_rows import did_you_mean


class ReferenceKeyError(KeyError):
    """Raised for a key that `references.bib` does not have; the message names the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError shows its text in quotation marks


@cache
def bibliography() -> Any:
    """Return the parsed `references.bib` (pybtex is imported here)."""
    from pybtex.database import parse_file

    return parse_file(str(FOLDER / "references.bib"))


def cite(key: str) -> str:
    """Return one entry in words: authors (year). Title. Journal volume: pages. Link.

    The link is the DOI, else the PubMed record, else the page that was read.

    Raises
    ------
    ReferenceKeyError
        For a key that is not in `references.bib`, with the nearest one.

    Examples
    --------
    >>> cite("silverberg1978")[:28]
    'Silverberg and others (1978)'
    """
    entries = bibliography().entries
    if key not in entries:
        near = did_you_mean(key, list(entries)) or f"; add an entry @article{{{key}, ...}}"
        raise ReferenceKeyError(f"there is no reference {key!r} in references.bib{near}")
    entry = entries[key]
    fields = {name: _plain(value) for name, value in entry.fields.items()}
    people = [
        f"{_plain(' '.join(person.last_names))} {''.join(_plain(name)[0] for name in person.first_names)}".strip()
        for person in entry.persons.get("author", [])
    ]
    named = [person for person in people if person != "others"]
    authors = ", ".join(named[:3]) + (" and others" if len(named) > 3 or named != people else "")
    authors = authors or fields.get("organization", "Authors not in the record read")
    place = fields.get("journal") or fields.get("publisher") or fields.get("howpublished") or ""
    numbers = ": ".join(part for part in (fields.get("volume", ""), fields.get("pages", "")) if part)
    parts = [
        f"{authors} ({fields.get('year', 'year to confirm')})",
        fields.get("title", ""),
        f"{place} {numbers}".strip(),
        _link(fields),
        _how_read(fields.get("note", "")),
    ]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def lacking(key: str) -> list[str]:
    """Return what one entry does not have of author, title, journal, year and doi.

    An organisation stands for an author; a publisher, a book or a page stands for a journal. A PubMed number stands
    for a DOI; for labels, books and pages, so does an address or an ISBN.

    Examples
    --------
    >>> lacking("silverberg1978"), lacking("wargin1983")
    ([], ['doi'])
    """
    entry = bibliography().entries[key]
    article = entry.type == "article"
    stand_ins = {
        "author": ("author", "organization"),
        "title": ("title",),
        "journal": ("journal", "booktitle", "publisher", "howpublished", *(() if article else ("organization",))),
        "year": ("year",),
        "doi": ("doi", "pmid", *(() if article else ("url", "isbn"))),
    }
    present = {name for name, people in entry.persons.items() if people} | set(entry.fields)
    return [name for name, names in stand_ins.items() if not present.intersection(names)]


def missing(key: str) -> list[str]:
    """Return what was not found for one entry, as its field `missing` says; this may be more than `lacking`.

    A title that is in words of this collection, or an author, journal or year that was never read, is missing too.

    Examples
    --------
    >>> missing("silverberg1978"), missing("reserpine_mhpg")
    ([], ['author', 'title', 'journal', 'year', 'doi'])
    """
    field = bibliography().entries[key].fields.get("missing", "")
    return [name.strip() for name in field.split(",") if name.strip()]


def _link(fields: dict[str, str]) -> str:
    """Address of the entry: DOI, else PubMed record, else page."""
    if "doi" in fields:
        return f"https://doi.org/{fields['doi']}"
    if "pmid" in fields:
        return f"https://pubmed.ncbi.nlm.nih.gov/{fields['pmid']}/"
    return fields.get("url", "")


def _plain(latex: str) -> str:
    """Text of a field as a reader sees it: accents and dashes as such, no braces."""
    if "\\" not in latex:  # most fields; the parser takes milliseconds for each
        return latex.translate({ord("{"): None, ord("}"): None}).replace("--", "–")
    from pybtex.richtext import Text

    return str(Text.from_latex(latex))


def keys(rows: list[dict[str, Any]]) -> list[str]:
    """Return the bib keys that rows of `evidence.table` cite.

    Examples
    --------
    >>> keys([{"source": "carter2010;li2023"}, {"source": "best2009"}])
    ['carter2010', 'li2023', 'best2009']
    """
    return [key for row in rows for key in row["source"].split(";")]


def _how_read(note: str) -> str:
    """Return how far the source was read, in brackets, as far as its note says; a word of an abstract alone says nothing."""
    read = any(_says_abstract_was_read(clause) for clause in note.split(";"))
    second_hand = any(words in note for words in ("read at second hand", "is quoted from", "not the abstract"))
    if "public code" in note:
        return "[paper not read; its public code read]"
    if not read:
        return "[quoted at second hand]" if second_hand or "not read" in note else ""
    in_part = any(
        words in note for words in ("in part", "part of the abstract", "opening of the abstract", "up to the")
    )
    said = "abstract read in part" if in_part else "abstract read"
    return f"[{said}, numbers quoted at second hand]" if second_hand else f"[{said}]"


def _says_abstract_was_read(clause: str) -> bool:
    words = re.findall(r"\w+", clause)
    denied = any(other in clause for other in ("at second hand", "not the abstract", "abstract not read"))
    return "abstract" in words and "read" in words and not denied


def listing(*keys: str) -> Any:
    """Return a list of the entries, each after the key by which tables name it, for the last cell of a notebook."""
    from IPython.display import Markdown

    return Markdown("\n".join(f"- `{key}`: {cite(key)}" for key in sorted(set(keys))))
