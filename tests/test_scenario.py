"""What may be set: every fault is found before anything runs, all at once, and nothing typed is ever executed."""

import time
from pathlib import Path

import numpy as np
import pytest
import yaml

from nbmodel import scenario
from nbmodel.data import formulary, parameters
from nbmodel.scenario import THEMES, ScenarioError

THEME = pytest.mark.parametrize("theme", THEMES)


def problems(theme: str, **values: object) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        scenario.make(theme, values)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@THEME
def test_defaults_come_with_a_meaning_and_a_value_within_bounds(theme: str) -> None:
    case = scenario.make(theme)
    assert case.changed == {}
    for row in case.rows():
        assert row["help"] and row["range"] and row["value"] == row["default"] and row["changed"] is False
        # A measured quantity says where its default comes from.
        assert row["source"] or not row["unit"] or row["name"] in ("hours", "weeks", "start_mg", "start_weeks")
        if row["source"]:
            symbol = row["source"].split(":")[0]
            assert row["default"] == pytest.approx(formulary.load().value(symbol, row["unit"] or "dimensionless"))


@pytest.mark.long
@THEME
def test_every_setting_at_its_bounds_gives_a_table_of_finite_numbers(theme: str) -> None:
    declared = THEMES[theme].parameters.values()
    low, high = (
        {p.name: getattr(p, side) for p in declared if p.kind in ("number", "integer")} for side in ("low", "high")
    )
    mixed = {name: (low, high)[i % 2][name] for i, name in enumerate(low)}
    choices = [{p.name: choice} for p in declared if p.choices for choice in p.choices]
    alone = [{name: side[name]} for side in (low, high) for name in side]
    for values in ({}, low, high, mixed, *choices, *alone):
        table = THEMES[theme].load().results(scenario.make(theme, values))
        assert list(table.columns) == ["name", "value", "unit"]
        assert table["name"].is_unique
        assert np.isfinite(table["value"].astype(float)).all(), (values, table)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (14, 14.0),
        (14.0, 14.0),
        ("14", 14.0),
        ("14 nM", 14.0),
        ("14nM", 14.0),
        ("0.014 uM", 14.0),
        ("0.014 μM", 14.0),
        ("14e-9 mol/L", 14.0),
        ("1.4e1", 14.0),
        (" +14  nM ", 14.0),
        ("14000 pmol / litre", 14.0),
        # Conversion must not push a bound out of bounds by a rounding error.
        ("0.001 uM", 1.0),
        ("0.015 uM", 15.0),
        ("1000 pM", 1.0),
    ],
)
def test_a_quantity_may_carry_its_unit(typed: object, expected: float) -> None:
    value = scenario.make("reuptake", {"basal_ne": typed})["basal_ne"]
    assert value == expected
    assert type(value) is float


def test_shares_times_and_rates_may_carry_theirs() -> None:
    assert scenario.make("reuptake", {"net_occupancy": "80 %"})["net_occupancy"] == 0.8
    assert scenario.make("synthesis", {"hours": "2 days"})["hours"] == 48
    case = scenario.make("lc_arousal", {"burst_duration": "400 ms", "burst_rate": "600 1/min"})
    assert (case["burst_duration"], case["burst_rate"]) == (0.4, 10)


HOSTILE = [
    "nM**99999999",
    "14 nM**99999999",
    "14 9**9**9**9",
    "14 nM*9**9**9**9",
    "14 nM**9**9**9",
    "9**9**9**9",
    "1e999999999",
    "9" * 100_000,
    "14 " + "nM*" * 50_000 + "nM",
    "14 __import__('os').getcwd()",
    "__import__('os').getcwd()",
    "14 nM; import os",
    "14 nM #",
    "14 (",
    "14 nM)",
    "14 '",
    '14 """',
    "14 {nM}",
    "14 nM/0",
    "14 nM if 1 else 2",
    "14 :=",
    "14 lambda: 0",
    "14\x00nM",
    "14 nM\nimport os",
    "0x10",
    "1_4",
    "14 nM ± 1",
    "14 None",
    "",
    " ",
    "nM",
    "--",
    "1.2.3",
    "1e",
    "14 nM nM",
    "14 degC",
    "$(id)",
    "{{7*7}}",
    "%s%s%s%n",
    "14 \u202enM",
    "[14]",
    "1j",
]


def test_hostile_text_is_refused_at_once_and_never_worked_out() -> None:
    parameters.convert(1.0, "uM", "nM")  # pint's start-up is not what is timed here, nor the reading of tables
    scenario.make("reuptake")
    for text in HOSTILE:
        started = time.process_time()
        found = problems("reuptake", basal_ne=text)
        assert time.process_time() - started < 0.5, text[:60]
        assert len(found) == 1
        assert found[0].startswith("basal_ne = ") and len(found[0]) < 250


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("14 s", "not a number in nM, such as '6 nM'"),
        ("14 kg", "not a number in nM"),
        ("14 nMol", "not a number in nM"),
        ("high", "not a number in nM"),
        (None, "has no value; give it one (1 to 15 nM) or remove it"),
        (True, "not a number in nM"),
        ([14], "not a number in nM"),
        ({"nM": 14}, "not a number in nM"),
        (14j, "not a number in nM"),
        (10**400, "not a number in nM"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        ("nan", "finite"),
        ("-inf", "finite"),
        ("1e400", "finite"),
        (0.5, "out of range: it must lie in 1 to 15 nM"),
        (-6, "out of range"),
        ("0.016 uM", "out of range"),
        (1e300, "out of range"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_could(value: object, words: str) -> None:
    (found,) = problems("reuptake", basal_ne=value)
    assert words in found


def test_a_pure_number_takes_no_unit_of_another_kind() -> None:
    assert "plain number, such as 0" in problems("reuptake", net_occupancy="0.5 nM")[0]
    assert "plain number" in problems("reuptake", net_occupancy=False)[0]


def test_every_fault_is_reported_at_once() -> None:
    found = problems(
        "reuptake",
        net_ocupancy=0.5,
        basal_ne="14 s",
        burst_rate=float("nan"),
        burst_duration=-1,
        net_occupancy=True,
        x=1,
        **{"__import__('os').system('id')": 1, "basal_ne = 3; import os": 1},
    )
    assert len(found) == 8
    assert any("no parameter 'net_ocupancy'; did you mean 'net_occupancy'?" in line for line in found)
    # A name that is not declared would be injected as code by papermill.
    assert sum("reuptake has no parameter" in line for line in found) == 4


def test_an_unknown_theme_names_the_themes() -> None:
    (found,) = problems("reuptak")
    assert all(theme in found for theme in THEMES)
    assert "did you mean 'reuptake'?" in found


def test_a_scenario_knows_what_was_changed_and_shows_it() -> None:
    case = scenario.make("reuptake", {"net_occupancy": "0.8", "burst_rate": 10})
    assert case.changed == {"net_occupancy": 0.8}
    assert [row["name"] for row in case.rows() if row["changed"]] == ["net_occupancy"]
    assert "net_occupancy = 0.8  (default 0)" in repr(case)
    shown = case._repr_html_()
    assert shown.count("<tr") == 1 + len(case)
    assert shown.count("class=changed") == 1
    with pytest.raises(KeyError, match="did you mean 'net_occupancy'"):
        case["net_ocupancy"]


@THEME
def test_what_a_notebook_injects_makes_the_same_scenario(theme: str) -> None:
    names: dict[str, object] = {}
    exec(scenario.parameters_cell(theme), names)
    assert scenario.read(theme, names) == scenario.make(theme)
    first = next(iter(THEMES[theme].parameters))
    del names[first]
    with pytest.raises(ScenarioError, match=f"does not set {first}"):
        scenario.read(theme, names)


@THEME
def test_a_scenario_written_as_yaml_comes_back_the_same(theme: str, tmp_path: Path) -> None:
    case = scenario.make(
        theme, {name: p.high for name, p in THEMES[theme].parameters.items() if p.kind == "number"}, "At the top: “all”"
    )
    file = tmp_path / "top.yaml"
    file.write_text(yaml.safe_dump({"theme": theme, "title": case.title, "parameters": dict(case)}), encoding="utf-8")
    assert scenario.load(file) == ("top", case)


def test_what_is_typed_lies_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "block.yaml"
    file.write_text("theme: reuptake\nparameters:\n  net_occupancy: 0.8\n  basal_ne: 0.014 uM\n", encoding="utf-8")
    name, case = scenario.load(file, {"net_occupancy": "0.5"})
    assert (name, case.title) == ("block", THEMES["reuptake"].question)
    assert case.changed == {"net_occupancy": 0.5, "basal_ne": 14}


# What YAML 1.1 or Python makes another number of (90, 10, 2, 16, 105, 1000, 50), and what the setting is.
NOT_MEANT = [
    "1:30",
    "0b10",
    "0x10",
    "0o12",
    "1٠5",
    "1٠",
    "1_0",
    "１０",
    "1e٣",
    "1:59:59",
    ".inf",
    "!!int 12",
    "!!float 1:30",
]


def from_a_file(folder: Path, text: str) -> scenario.Scenario:
    file = folder / "hours.yaml"
    file.write_text(f"theme: synthesis\ntitle: 2024\nparameters:\n  hours: {text}\n", encoding="utf-8")
    return scenario.load(file)[1]


@pytest.mark.parametrize(
    ("text", "hours"),
    [("012", 12), ("'12'", 12), ("1.2e1", 12), ("12.", 12), ("0.5 day", 12), ("+12", 12), ("12 h", 12)],
)
def test_a_number_in_a_file_is_what_it_is_after_p(text: str, hours: float, tmp_path: Path) -> None:
    case = from_a_file(tmp_path, text)
    assert case == scenario.make("synthesis", {"hours": text.strip("'")}, "2024")
    assert case["hours"] == hours and case.title == "2024"


@pytest.mark.parametrize("text", NOT_MEANT)
def test_no_number_of_yaml_or_python_is_taken_that_nobody_means(text: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"is not a number in h|are not taken; write the value alone"):
        from_a_file(tmp_path, text)
    assert "is not a number in h" in problems("synthesis", hours=text)[0]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("0,5", "; write 0.5"), ("-1,25e-3", "; write -1.25e-3"), ("1,500", "; write 1.500 or 1500, whichever is meant")],
)
def test_a_decimal_comma_is_named_with_its_remedy(text: str, remedy: str) -> None:
    assert problems("reuptake", net_occupancy=text)[0].endswith(remedy)
    assert "; write 0.5 nM" in problems("reuptake", basal_ne="0,5 nM")[0]


def lists_of_lists(depth: int = 12) -> str:
    """A few lines of YAML that stand for 9**12 words."""
    lines = ["theme: reuptake", "parameters:", "  a: &a [x, x, x, x, x, x, x, x, x]"]
    for inner, outer in zip("abcdefghijklm"[:depth], "bcdefghijklmn"[:depth], strict=True):
        lines.append(f"  {outer}: &{outer} [{', '.join([f'*{inner}'] * 9)}]")
    return "\n".join([*lines, f"  basal_ne: *{outer}"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme: [", "cannot be read"),
        ("\x00", "cannot be read"),
        ("[" * 5000, "cannot be read"),
        ("!!python/object/apply:os.system ['echo hello']", "cannot be read"),
        ("", "must hold `theme: NAME`"),
        ("- reuptake", "must hold `theme: NAME`"),
        ("theme: reuptake\nparameters: [1, 2]", "must hold `theme: NAME`"),
        ("theme: [3]", "must hold `theme: NAME`"),
        ("theme: 3", "there is no theme '3'"),
        ("theme: reuptak", "did you mean 'reuptake'?"),
        ("theme: reuptake\nseed: 3", "unknown entry 'seed'"),
        ("theme: reuptake\ntitle: [a]", "the title must be one line of text"),
        ("theme: reuptake\nparameters: {net_ocupancy: 1}", "did you mean 'net_occupancy'?"),
        ('theme: reuptake\nparameters: {"x = 1; import os": 1}', "no parameter 'x = 1; import os'"),
        ("theme: reuptake\nparameters: {7: 1, null: 2, true: 3}", "no parameter '7'"),
        ("theme: reuptake\nparameters: {basal_ne: }", "basal_ne has no value; give it one (1 to 15 nM) or remove it"),
        ("theme: reuptake\nparameters: {basal_ne: 2026-01-01}", "not a number in nM"),
        ("theme: reuptake\nparameters: {basal_ne: .nan}", "not a number in nM"),
        ("theme: reuptake\nparameters: {basal_ne: nan}", "finite"),
        (lists_of_lists(), "aliases (*name) are not taken"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_name(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        scenario.load(file)
    assert all("bad.yaml" in problem for problem in caught.value.problems)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 5000


def test_a_file_reports_all_its_faults_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("theme: reuptake\nseed: 1\ntitle: [3]\nparameters: {basal_ne: 99, burst: 1}", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        scenario.load(file, {"net_occupancy": "full"})
    assert len(caught.value.problems) == 5


def test_a_file_that_is_not_there_or_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"theme: \xff\xfe")
    for path in (tmp_path / "none.yaml", tmp_path / "bytes.yaml", tmp_path):
        with pytest.raises(ScenarioError, match="cannot be read"):
            scenario.load(path)
