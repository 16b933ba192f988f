"""Published levels and occupancies: within ten points of PET, within the band of a level, or missed with a reason."""

from pathlib import Path
from typing import Any

import pytest

from nbmodel import drugs
from nbmodel.data import references
from nbmodel.data.typed_rows import TableError, csv_rows
from nbmodel.drugs import drug_levels, plasma_levels

ROWS: list[dict[str, Any]] = drug_levels.table()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['what']}, {row['measure']}, {row['published']:g}" for row in ROWS])
def test_a_row_is_met_or_says_why_not(row: dict[str, Any]) -> None:
    assert row["met"] is not bool(row["reason"]), f"{row['model']:.3g} against {row['published']:g}"
    assert row["role"] in ("prediction", "same study", "calibration", "identity", "weak")
    assert row["role"] in ("prediction", "same study", "weak") or row["met"]
    assert all(key in references.bibliography().entries for key in row["source"].split(";"))
    # PET: ten percentage points, no more.
    if row["measure"].startswith("occupancy"):
        assert row["high"] - row["published"] == pytest.approx(10)


def test_levels_and_occupancies_are_told_apart_and_both_hold_predictions() -> None:
    levels, occupancies = drug_levels.table(occupancy=False), drug_levels.table(occupancy=True)
    assert levels + occupancies == sorted(ROWS, key=lambda row: "occupancy" in row["measure"])
    for rows in (levels, occupancies):
        assert {row["role"] for row in rows} >= {"prediction"} and len(drug_levels.frame(rows)) == len(rows)


def test_a_prediction_rests_on_nothing_that_its_study_set_and_all_but_four_drugs_have_a_row() -> None:
    for row in (row for row in drug_levels.rows() if row.role == "prediction"):
        rests_on = set(drugs.UNITS) | ({"EC50_NET", "Emax_NET"} if "occupancy" in row.measure else set())
        parts = {symbol: symbol.split(".") for symbol in drugs.load() if "." in symbol}
        setting = {
            key
            for symbol, (name, quantity) in parts.items()
            if name == row.drug and quantity in rests_on
            for key in drugs.load()[symbol].source
        }
        assert not setting & set(row.source), row
    silent = {"bupropion", "clonidine", "prazosin", "droxidopa"}
    assert set(drugs.substances()) - {row.drug for row in drug_levels.rows()} == silent


def test_the_model_side_comes_from_the_drugs_own_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = [row for row in drug_levels.rows() if row.measure == "trough"]
    assert drug_levels.model(row) == pytest.approx(drugs.exposure_at_steady_state("atomoxetine", 80).trough)
    table = drugs.load().replace(**{"atomoxetine.volume": 2 * drugs.load()["atomoxetine.volume"].value})
    before = drug_levels.model(row)
    monkeypatch.setattr(plasma_levels, "load", lambda: table)
    assert drug_levels.model(row) == pytest.approx(before / 2)


GOOD = "dexmedetomidine,extensive,,,,,0:6 1:0,area in 12 h,2,1,ug h/L,prediction,cui2007,"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("dexmedetomidine", "dexmedetomidin", "column drug: 'dexmedetomidin' is not known here; did you mean"),
        ("extensive", "fast", "column metaboliser: 'fast' is not one of extensive, poor"),
        (",,,,,", ",,,1.5,,", "column count: '1.5' is not a whole number; write one such as 3"),
        ("0:6 1:0", "0-6", "column rates: '0-6' are not rates; write them as in 0:6"),
        (
            "area in 12 h",
            "area in 13 h",
            "column measure: 'area in 13 h' is not known here; did you mean 'area in 12 h'?",
        ),
        (",2,1,", ",,1,", "column published: is empty; fill it in"),
        ("prediction", "guess", "column role: 'guess' is not one of prediction, same study"),
    ],
)
def test_a_faulty_row_is_refused_with_line_column_fault_and_remedy(
    old: str, new: str, fault: str, tmp_path: Path
) -> None:
    header = "drug,metaboliser,dose,interval,count,hours,rates,measure,published,band,unit,role,source,reason"
    (tmp_path / "levels.csv").write_text(f"{header}\n{GOOD}\n{GOOD.replace(old, new)}\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        csv_rows(tmp_path / "levels.csv", drug_levels.PublishedLevel)
    (problem,) = caught.value.problems
    assert problem.startswith(f"levels.csv line 3, {fault}")
