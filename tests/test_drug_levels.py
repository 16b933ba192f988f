"""Published levels and occupancies: within ten points of PET, within the band of a level, or missed with a reason."""

from typing import Any

import pytest

from nbmodel import drug_levels, drugs, references

ROWS: list[dict[str, Any]] = drug_levels.table()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['what']}, {row['measure']}, {row['published']:g}" for row in ROWS])
def test_a_row_is_met_or_says_why_not(row: dict[str, Any]) -> None:
    assert row["met"] is not bool(row["reason"]), f"{row['model']:.3g} against {row['published']:g}"
    assert row["role"] in ("prediction", "calibration", "identity", "weak")
    assert row["role"] in ("prediction", "weak") or row["met"]
    assert all(key in references.bibliography().entries for key in row["source"].split(";"))
    # PET: ten percentage points, no more.
    if row["measure"].startswith("occupancy"):
        assert row["high"] - row["published"] == pytest.approx(10)


def test_levels_and_occupancies_are_told_apart_and_both_hold_predictions() -> None:
    levels, occupancies = drug_levels.table(occupancy=False), drug_levels.table(occupancy=True)
    assert levels + occupancies == sorted(ROWS, key=lambda row: row["measure"].startswith("occupancy"))
    for rows in (levels, occupancies):
        assert {row["role"] for row in rows} >= {"prediction"} and len(drug_levels.frame(rows)) == len(rows)


def test_the_model_side_comes_from_the_drugs_own_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = [row for row in drug_levels.rows() if row["measure"] == "trough"]
    assert drug_levels.model(row) == pytest.approx(drugs.steady_state("atomoxetine", 80).trough)
    table = drugs.load().replace(**{"atomoxetine.volume": 2 * drugs.load()["atomoxetine.volume"].value})
    before = drug_levels.model(row)
    monkeypatch.setattr(drugs, "load", lambda: table)
    assert drug_levels.model(row) == pytest.approx(before / 2)
