"""The 27 claims: each stands once, and is shown only by a section that cites it and a number within its range."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from nbmodel import collection, evidence, scenario
from nbmodel.data import references
from nbmodel.data.typed_rows import TableError, csv_rows
from nbmodel.evidence import claims

KEYS = [
    "id",
    "notebook",
    "section",
    "quantity",
    "value",
    "unit",
    "published",
    "shown",
    "low",
    "high",
    "source",
    "text",
    "standing",
    "reason",
    "verdict",
    "no_feedback",
    "no_net",
    "contested",
]
NOTEBOOKS = {theme.notebook: theme.name for theme in scenario.THEMES.values()}


def test_every_claim_stands_once_and_says_whether_it_is_shown() -> None:
    table = claims.table()
    assert [row["id"] for row in table] == [f"C{n:02}" for n in range(1, 28)]
    for row in table:
        assert list(row) == KEYS
        assert row["text"] and row["notebook"] in NOTEBOOKS and type(row["shown"]) is bool
        assert all(key in references.bibliography().entries for key in row["source"].split(";") if key)
    assert json.loads(json.dumps(table)) == table


def test_a_claim_with_a_number_has_all_that_goes_with_it_and_one_without_is_not_shown() -> None:
    for row in claims.table():
        if row["quantity"]:
            assert row["section"] and row["unit"] and row["source"], row["id"]
            assert row["low"] <= row["published"] <= row["high"], row["id"]
            assert np.isfinite(row["value"])
            # The number is one that the claim's own notebook computes.
            assert row["quantity"].split(".")[0] == NOTEBOOKS[row["notebook"]], row["id"]
        else:
            assert row["value"] is None and row["shown"] is False


def test_the_claims_that_are_missed_are_these_and_each_says_why() -> None:
    # A change of the models that takes another claim out of its range, or brings one back, has to be looked at.
    assert [row["id"] for row in claims.table() if not row["shown"]] == ["C12", "C22", "C27"]
    for row in claims.table():
        assert bool(row["reason"]) == (not row["shown"]), row["id"]
        assert row["standing"] in evidence.ROLES, row["id"]


def test_each_claim_has_a_verdict_in_one_of_five_words_and_the_null_models_get_one_too() -> None:
    table = {row["id"]: row for row in claims.table()}
    assert {row["verdict"] for row in table.values()} <= set(claims.VERDICTS)
    # Looked at anew: findings disagree on these themselves.
    assert [name for name, row in table.items() if row["verdict"] == "contested"] == ["C13", "C24", "C25", "C26"]
    for row in table.values():
        assert (row["verdict"] == "contested") == bool(row["contested"]), row["id"]
        assert {row["no_feedback"], row["no_net"]} <= {None, *claims.VERDICTS}
        if row["contested"]:
            assert row["no_feedback"] is row["no_net"] is None
    # Without a transporter a drug that blocks it does nothing: the claim fails on that null model.
    assert table["C27"]["verdict"] == "direction only" and table["C27"]["no_net"] == "contradicted"
    # Without autoreceptors an antagonist at them does nothing.
    assert table["C17"]["verdict"] == "predicted" and table["C17"]["no_feedback"] == "contradicted"


@pytest.mark.parametrize(
    ("standing", "value", "verdict"),
    [
        ("prediction", 2.0, "predicted"),
        ("direction", 2.0, "direction only"),
        ("weak", 2.0, "consistent"),
        ("prediction", 1.2, "direction only"),
        ("weak", 1.2, "consistent"),
        ("prediction", 1.05, "contradicted"),
        ("prediction", 0.5, "contradicted"),
        ("prediction", None, "contradicted"),
    ],
)
def test_a_verdict_follows_from_the_number_and_from_what_it_proves(
    standing: evidence.Role, value: float | None, verdict: str
) -> None:
    (row,) = [row for row in claims.rows() if row.id == "C27"]
    asked = dataclasses.replace(row, published=2.0, low=1.5, high=2.5, unchanged=1.0, standing=standing)
    assert asked.verdict(value) == verdict
    assert dataclasses.replace(asked, contested="studies disagree").verdict(value) == "contested"


def test_a_claim_is_shown_only_with_its_section_and_its_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (row,) = [row for row in claims.rows() if row.id == "C20"]
    theme, name = row.quantity.split(".")

    def shown(heading: str, value: float) -> bool:
        cell = {"cell_type": "markdown", "source": ["# A title\n", "text\n", f"## {heading}"]}
        for notebook in NOTEBOOKS:
            (tmp_path / f"{notebook}.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
        monkeypatch.setattr(collection, "notebooks_folder", lambda: tmp_path)
        monkeypatch.setattr(claims, "rows", lambda: [row])
        monkeypatch.setattr(claims, "results", lambda asked: {name: value} if asked == theme else {})
        claims.headings.cache_clear()
        try:
            return claims.table()[0]["shown"]
        finally:
            claims.headings.cache_clear()

    assert row.published is not None and row.high is not None
    good = row.published
    assert shown(f"{row.section} (C20)", good) is True
    assert shown(f"{row.section} (C20)", row.high * 1.01) is False
    assert shown(f"{row.section} (C20)", float("nan")) is False
    assert shown(f"{row.section} (C02)", good) is False
    assert shown("Another section (C20)", good) is False


GOOD = "C02,It is made from tyrosine.,01_synthesis,The pathway,synthesis.store_after_th_block,51,42,60,%,w1978,calibration,,,,"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("51,", "61,", "column published: 61 must lie between low 42 and high 60; correct one of the three"),
        ("51,42", "51,", "column low: is empty beside a quantity; fill it in"),
        ("The pathway", "", "column section: is empty beside a quantity; fill it in"),
        ("w1978", "", "column source: is empty beside a quantity; fill it in"),
        ("calibration", "calibrated", "column standing: 'calibrated' is not one of calibration, prediction"),
        (
            "01_synthesis",
            "01_synthesiss",
            "column notebook: there is no notebook '01_synthesiss'; did you mean '01_synthesis'?",
        ),
        (
            "synthesis.store",
            "reuptake.store",
            "column quantity: 'reuptake.store_after_th_block' is no result of the claim's",
        ),
    ],
)
def test_a_faulty_row_is_refused_with_line_column_fault_and_remedy(
    old: str, new: str, fault: str, tmp_path: Path
) -> None:
    header = ",".join(field.name for field in dataclasses.fields(claims.Claim))
    (tmp_path / "claims.csv").write_text(f"{header}\n{GOOD}\n{GOOD.replace(old, new, 1)}\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        csv_rows(tmp_path / "claims.csv", claims.Claim)
    assert caught.value.problems[0].startswith(f"claims.csv line 3, {fault}")


def test_a_claim_without_a_number_needs_nothing_that_goes_with_one(tmp_path: Path) -> None:
    header = ",".join(field.name for field in dataclasses.fields(claims.Claim))
    row = "C02,It is made from tyrosine.,01_synthesis,,,,,,,,weak,,,,"
    (tmp_path / "claims.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    assert csv_rows(tmp_path / "claims.csv", claims.Claim)[0].published is None
