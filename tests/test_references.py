"""The bibliography: what each source of a checked value or of evidence has, and what was not found for it."""

from __future__ import annotations

import csv

from nbmodel.data.parameters import FOLDER
from nbmodel.data.references import bibliography, cite, lacking, missing

FIELDS = {"author", "title", "journal", "year", "doi"}
PLACE = {"title", "journal", "year"}  # these identify a paper that has neither DOI nor PubMed number


def sources(table: str, status: str | None = None) -> list[tuple[str, list[str]]]:
    """Return name and keys of each row of a table, or of those with a status."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if status in (None, row.get("status"))]
    return [(row.get("symbol") or row["id"], row["source"].split(";")) for row in rows]


def test_entries_that_carry_weight_are_complete_or_say_what_is_missing() -> None:
    keys = {key for _, row in sources("parameters", "verified") + sources("evidence") for key in row}
    silent = {key: set(lacking(key)) - set(missing(key)) for key in sorted(keys)}
    assert not {key: fields for key, fields in silent.items() if fields}


def test_missing_names_all_that_is_lacking() -> None:
    """A field can stand there and be missing all the same (from memory, in our words): then the note speaks of it."""
    for key, entry in bibliography().entries.items():
        assert set(lacking(key)) <= set(missing(key)) <= FIELDS, key
        assert set(missing(key)) == set(lacking(key)) or entry.fields["note"], key


def identified(key: str) -> bool:
    """Return whether a reader can find the paper: by its DOI, its PubMed number, or its title, journal and year."""
    return bool({"doi", "pmid"}.intersection(bibliography().entries[key].fields)) or PLACE.isdisjoint(missing(key))


def test_a_paper_is_identified_by_a_number_or_by_title_journal_and_year() -> None:
    by_doi, by_pubmed, by_place, by_none = "mao_turnover", "arima1998", "whole_body_clearance", "esler1984"
    assert identified(by_doi) and identified(by_pubmed) and identified(by_place) and not identified(by_none)


def test_no_verified_value_rests_only_on_a_paper_that_is_not_identified() -> None:
    rows = sources("parameters", "verified")
    unidentified = [symbol for symbol, keys in rows if not any(identified(key) for key in keys)]
    assert not unidentified, ", ".join(unidentified)


def test_the_link_is_the_doi_else_the_pubmed_record_else_the_page() -> None:
    assert "https://doi.org/10.1152/ajpendo.1978.234.3.E252" in cite("silverberg1978")
    assert "https://pubmed.ncbi.nlm.nih.gov/9490817/" in cite("arima1998")
    assert "https://fda.report/" in cite("guanfacine_label")


def test_entries_stand_in_alphabetical_order() -> None:
    keys = list(bibliography().entries)
    assert keys == sorted(keys)


def test_a_source_is_said_to_be_read_only_where_its_note_says_so() -> None:
    """A note that names an abstract, as what another text quotes, does not say that it was read."""
    assert cite("takano2009").endswith("[quoted at second hand].")
    assert cite("vanicek2014").endswith("[quoted at second hand].")
    assert cite("logan2007").endswith("[abstract read in part, numbers quoted at second hand].")
    assert cite("ding2014").endswith("[abstract read in part, numbers quoted at second hand].")
    assert cite("moriguchi2017").endswith("[abstract read].")  # "abstract read: binding 29.0 percent higher"
    assert "read" not in cite("servan1990").rpartition("[")[2]  # the abstract of another paper
    assert cite("raskind2018").endswith("[quoted at second hand].")
