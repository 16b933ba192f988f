"""Conditions: each is a list of changes with a source and a doubt, and does to norepinephrine what it is said to do."""

from pathlib import Path

import pytest

from nbmodel.data import condition_table, references
from nbmodel.data.typed_rows import TableError
from nbmodel.disorders import conditions
from nbmodel.disorders.conditions import ConditionError
from nbmodel.models import norepinephrine_terminal
from nbmodel.scenario import clinical_case

REST = norepinephrine_terminal.network()
READINGS = [(condition, variant) for condition in conditions.CONDITIONS for variant in conditions.variants(condition)]


def test_every_change_names_a_parameter_a_source_and_what_is_contested() -> None:
    known = references.bibliography().entries
    for row in conditions.rows():
        assert row.parameter in REST.parameters and row.contested and row.note
        assert all(key in known for key in row.source), row
        # What was read is a number; what was assumed says so in the note.
        assert row.status != "assumed" or "assum" in row.note or "demonstration" in row.note, row
    assert tuple(conditions.CONDITIONS) == clinical_case.condition_names()
    assert {row.condition for row in conditions.rows()} == set(conditions.CONDITIONS) - {"healthy"}


@pytest.mark.parametrize(("condition", "variant"), READINGS)
def test_a_condition_is_a_steady_state_and_says_what_is_doubtful(condition: str, variant: str) -> None:
    terminal = conditions.terminal(REST, condition, variant)
    speed = abs(terminal.derivative(terminal.initial))
    # Nothing moves by more than a thousandth in a day.
    assert all(86_400 * speed <= 1e-3 * terminal.initial + 1e-6)
    assert all(
        row.contested in " ".join(conditions.caveats(condition)) for row in conditions.changes(condition, variant)
    )


def test_the_directions_are_those_of_the_sources_and_two_readings_of_adhd_disagree() -> None:
    ne = {reading: conditions.terminal(REST, *reading)["ne_e"] / REST["ne_e"] for reading in READINGS}
    assert ne["healthy", "as it is"] == pytest.approx(1)
    for low in (("mdd", "more transporters"), ("mdd", "little release"), ("adhd", "less release")):
        assert ne[low] < 1
    for high in (
        ("mdd_melancholic", "raised tone"),
        ("adhd", "fewer transporters"),
        *(r for r in READINGS if r[0] in ("gad", "ptsd")),
    ):
        assert ne[high] > 1
    assert ne["adhd", "no change"] == pytest.approx(1)
    # More NET alone is a small deficit; the two readings of depression differ more from each other than one from health.
    assert 1 - ne["mdd", "more transporters"] < 0.2 < ne["mdd", "more transporters"] - ne["mdd", "little release"]
    assert (
        ne["ptsd", "raised tone and weaker feedback"]
        > ne["ptsd", "raised tone only"]
        > ne["ptsd", "weaker feedback only"]
    )


def test_without_the_enzyme_there_is_no_ne_and_dopamine_takes_its_place() -> None:
    born = conditions.terminal(REST, "dbh_deficiency")
    assert born["ne_v"] == born["ne_e"] == 0
    assert born["da_v"] > 2 * REST["da_v"]


def test_what_there_is_not_is_refused_with_what_there_is() -> None:
    with pytest.raises(ConditionError, match="did you mean 'ptsd'"):
        conditions.variants("ptds")
    with pytest.raises(ConditionError, match="more transporters, little release"):
        conditions.terminal(REST, "mdd", "sad")


SECTION = """[parameters]
firing = "firing of the locus coeruleus"

[conditions.healthy]
name = "a healthy person"

[conditions.jetlag]
name = "jet lag"

[[conditions.jetlag.changes]]
reading = "less firing"
parameter = "firing"
factor = 0.9
low = 0.5
high = 1
source = ["assumption"]
status = "assumed"
contested = "by everybody"
note = "assumed"
"""


def test_a_condition_is_one_section(tmp_path: Path) -> None:
    (tmp_path / "new.toml").write_text(SECTION, encoding="utf-8")
    healthy, jetlag = condition_table.read(tmp_path / "new.toml").values()
    assert (healthy.readings, jetlag.readings, jetlag.name) == ((), ("less firing",), "jet lag")
    assert (jetlag.changes[0].condition, jetlag.changes[0].changed) == ("jetlag", "firing of the locus coeruleus")


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (
            "[conditions.",
            "[condition.",
            [": must hold [parameters] and [conditions.NAME]; found parameters, condition"],
        ),
        ('name = "jet lag"', "", [" [conditions.jetlag], entry name: is empty; fill it in"]),
        (
            "[[conditions.jetlag.changes]]",
            "[conditions.jetlag.changes]",
            [" [conditions.jetlag], entry changes: are no sections"],
        ),
        ('parameter = "firing"', "", [" [conditions.jetlag.changes] number 1, entry parameter: is empty; fill it in"]),
        (
            '"firing"',
            '"fire"',
            [" [conditions.jetlag.changes] number 1, entry parameter: 'fire' is not among [parameters]"],
        ),
        ("0.9", "9", [" [conditions.jetlag.changes] number 1, entry factor: 9 must lie between low 0.5 and high 1"]),
        (
            '0.9\nlow = 0.5\nhigh = 1\nsource = ["assumption"]\nstatus = "assumed"',
            'less\nlow = 0.5\nhigh = 1\nsource = []\nstatus = "assumd"',
            [": Invalid value (at line 13, column 10); write each entry as in the sections beside it"],
        ),
        (
            '0.9\nlow = 0.5\nhigh = 1\nsource = ["assumption"]\nstatus = "assumed"',
            '"less"\nlow = 0.5\nhigh = 1\nsource = []\nstatus = "assumd"',
            [
                " [conditions.jetlag.changes] number 1, entry factor: 'less' is not a number; write a plain number",
                " [conditions.jetlag.changes] number 1, entry source: [] has an empty part; write every part",
                " [conditions.jetlag.changes] number 1, entry status: 'assumd' is not one of verified, to confirm",
            ],
        ),
    ],
)
def test_a_faulty_condition_is_refused_with_entry_fault_and_remedy(
    old: str, new: str, faults: list[str], tmp_path: Path
) -> None:
    (tmp_path / "new.toml").write_text(SECTION.replace(old, new), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        condition_table.read(tmp_path / "new.toml")
    assert len(caught.value.problems) == len(faults), str(caught.value)
    for problem, fault in zip(caught.value.problems, faults, strict=True):
        assert problem.startswith(f"new.toml{fault}")
