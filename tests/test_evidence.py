"""Evidence: each published observation has an experiment that repeats it, beside two null models; misses stay."""

import dataclasses
import functools
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from memory import forget

from nbmodel import evidence, scenario
from nbmodel.core import solve
from nbmodel.core.protocol import protocol, protocols_of
from nbmodel.data import references, tables
from nbmodel.data.typed_rows import TableError, csv_rows
from nbmodel.evidence import claims, scores
from nbmodel.models import norepinephrine_terminal, tissue_protocols


@functools.cache
def table() -> list[dict[str, Any]]:
    return evidence.table()


def test_every_row_is_whole() -> None:
    known_claims = {row.id for row in claims.rows()}
    assert len({row["id"] for row in table()}) == len(table()) == len(evidence.rows())
    for row in table():
        assert list(row)[:13] == [
            "id",
            "claims",
            "theme",
            "observation",
            "published",
            "low",
            "high",
            "unit",
            "model",
            "met",
            "role",
            "source",
            "reason",
        ]
        assert row["theme"] in scenario.THEMES and row["role"] in evidence.ROLES
        assert row["observation"] and row["unit"] and row["claims"] and set(row["claims"]) <= known_claims
        assert row["low"] <= row["published"] <= row["high"], f"{row['id']}: the band does not hold the published value"
        assert isinstance(row["model"], float) and type(row["met"]) is bool
        assert row["met"] == (row["low"] <= row["model"] <= row["high"])
        assert all(key in references.bibliography().entries for key in row["source"].split(";"))


def test_rows_that_calibrate_are_met_and_a_missed_row_says_why() -> None:
    assert any(row["role"] == "calibration" for row in table())
    assert [row["id"] for row in table() if row["role"] in ("calibration", "identity") and not row["met"]] == []
    assert [row["id"] for row in table() if not row["met"] and not row["reason"]] == []


@pytest.mark.long
def test_halving_the_tolerance_changes_no_printed_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def printed() -> list[str]:
        terminal = norepinephrine_terminal.network()
        return [
            f"{name} {tables.significant(value)}"
            for theme in ("synthesis", "reuptake", "disorders")
            for name, value in evidence.values(theme, terminal).items()
        ]

    before = printed()
    monkeypatch.setattr(solve, "RELATIVE_TOLERANCE", solve.RELATIVE_TOLERANCE / 2)
    monkeypatch.setattr(solve, "ABSOLUTE_TOLERANCE", solve.ABSOLUTE_TOLERANCE / 2)
    forget()
    assert printed() == before
    forget()


def test_the_distance_needs_no_band_and_the_model_lies_nearer_where_it_can_be_told_from_the_null_models() -> None:
    def row(model: float) -> dict[str, Any]:
        return {"role": "prediction", "published": 2.0, "model": model}

    assert scores.distance([row(4.0)]) == scores.distance([row(1.0)]) == 2
    assert scores.distance([row(2.0), row(2.0), row(0.0)]) == 1
    assert scores.distance([row(0.0)]) == scores.distance([row(1e6)]) == 10
    apart = [row for row in table() if row["discriminates"] and not row["contested"]]
    assert scores.distance(apart) < min(scores.distance(apart, null) for null in ("no_feedback", "no_net"))


def test_rows_that_tell_the_models_apart_are_those_that_differ_by_more_than_half_a_band() -> None:
    assert scores.discriminates(2.0, 4.0, 3.0, [4.1]) and not scores.discriminates(2.0, 4.0, 3.0, [3.9, None])
    assert scores.discriminates(1.0, 1.0, 1.0, [-1.0]) and not scores.discriminates(1.0, 1.0, 1.0, [1.0])
    for row in table():
        assert type(row["discriminates"]) is type(row["contested"]) is type(row["blind"]) is bool
        assert bool(row["contradicted_by"]) == row["contested"]
        assert not (row["discriminates"] and row["role"] == "identity")
    board = scores.board(table()).set_index("what")
    counted = [row for row in table() if row["role"] == "prediction" and not row["contested"]]
    assert board.loc["predictions", "rows"] == len(counted)
    assert board.loc["predictions", "model"] == sum(row["met"] for row in counted)
    assert board.loc["predictions that tell the models apart", "rows"] == sum(row["discriminates"] for row in counted)


def test_the_readme_says_how_the_model_does() -> None:
    board = scores.board(table()).set_index("what")
    said = []
    for name, word in (("directions", "directions"), ("predictions", "sizes")):
        row = board.loc[f"{name} that tell the models apart"]
        said.append((f"{row['model']} of {row['rows']} {word}", f"{row['without feedback']} and {row['without NET']}"))
    (up, up_nulls), (size, size_nulls) = said
    text = " ".join((Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8").split())
    assert f"it meets {up} (they meet {up_nulls}) and {size} ({size_nulls})." in text


def test_in_the_living_brain_more_is_broken_down_inside_and_a_net_inhibitor_leaves_most_of_the_store() -> None:
    found = {row["id"]: row for row in table()}
    assert found["V70"]["role"] == "calibration" and found["V70"]["met"]  # more DHPG than MHPG is formed
    assert found["V69b"]["met"]  # MHPG does not rise under desipramine
    terminal = norepinephrine_terminal.network()
    two_weeks = tissue_protocols.thirty_days(terminal)["NET inhibitor for 14 days"]
    assert two_weeks["ne_v"].min() > 0.5 * terminal["ne_v"]


def test_every_experiment_is_used_and_every_row_has_one() -> None:
    for theme in scenario.THEMES:
        used = {row.protocol for row in evidence.rows() if row.theme == theme}
        assert used == set(evidence.protocols(theme))


def test_a_row_about_nature_stands_beside_both_null_models() -> None:
    for row in table():
        for null in ("no_feedback", "no_net"):
            assert (row[null] is None) == (row["role"] == "identity")
    # Blocking a transporter that is not there does nothing: the null model misses what the model meets.
    (blocked,) = [row for row in table() if row["id"] == "V2"]
    assert blocked["met"] and blocked["no_net"] == pytest.approx(1, rel=1e-3)


def test_one_theme_gives_its_rows_and_an_unknown_theme_is_refused() -> None:
    for theme in scenario.THEMES:
        assert evidence.table(theme) == [row for row in table() if row["theme"] == theme]
    with pytest.raises(ValueError, match="no theme 'sleep'; the themes are synthesis, reuptake"):
        evidence.table("sleep")


GOOD = 'V1,C20,reuptake,"a half-life, no drug",2.93,2,4,s,calibration,slice_half_life,palij1994,,,,,,,,,'


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2.93", "5", "column published: 5 must lie between low 2 and high 4; correct one of the three"),
        ("2.93", "fast", "column published: 'fast' is not a number; write a plain number such as 0.5"),
        ("calibration", "calibratoin", "column role: 'calibratoin' is not one of calibration, prediction, "),
        ("reuptake", "reuptak", "column theme: there is no theme 'reuptak'; did you mean 'reuptake'?"),
        ("slice_half_life", "", "column protocol: is empty; fill it in"),
        ("palij1994", "palij1994; ", "column source: 'palij1994; ' has an empty part; write every part, and nothing"),
        ("palij1994", "", "column source: is empty; fill it in"),
        ("C20", "", "column claims: is empty; fill it in"),
    ],
)
def test_a_faulty_row_is_refused_with_line_column_fault_and_remedy(
    old: str, new: str, fault: str, tmp_path: Path
) -> None:
    header = ",".join(field.name for field in dataclasses.fields(evidence.Observation))
    (tmp_path / "evidence.csv").write_text(f"{header}\n{GOOD}\n{GOOD.replace(old, new)}\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        csv_rows(tmp_path / "evidence.csv", evidence.Observation)
    (problem,) = caught.value.problems
    assert problem.startswith(f"evidence.csv line 3, {fault}")


def test_a_row_whose_protocol_its_theme_does_not_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(evidence.rows()[0], protocol="slice_half_live")
    monkeypatch.setattr(evidence, "rows", lambda: (wrong,))
    with pytest.raises(
        TableError, match=r"V1, column protocol: reuptake has no protocol .*did you mean 'slice_half_life'"
    ):
        evidence.values("reuptake", norepinephrine_terminal.network())


def test_protocols_are_found_by_their_names_and_two_of_one_name_are_refused() -> None:
    one, other = ModuleType("one"), ModuleType("other")
    one.basal_ne = other.basal_ne = protocol(lambda rest: rest["ne_e"])  # type: ignore[attr-defined]
    one.stored_ne = protocol(functools.partial(lambda species, rest: rest[species], "ne_v"))  # type: ignore[attr-defined]
    one.helper = len  # type: ignore[attr-defined]
    assert list(protocols_of(one, other)) == ["basal_ne", "stored_ne"]
    other.stored_ne = protocol(lambda rest: 0.0)  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="two protocols are called 'stored_ne'"):
        protocols_of(one, other)


def test_a_source_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(
        references.ReferenceKeyError, match=r"there is no reference 'palij1993'.*did you mean 'palij1994'"
    ):
        references.cite("palij1993")
