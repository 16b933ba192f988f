"""The numbers: each has a unit and a source, derived ones agree with what they come from, none hides in the code."""

import ast
import math
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from nbmodel.collection import PACKAGE
from nbmodel.data import formulary, parameters, references
from nbmodel.data.parameters import FOLDER, Parameter, ParameterError, PublishedConstant
from nbmodel.data.typed_rows import TableError, csv_rows
from nbmodel.models import norepinephrine_terminal

HEADER = ",".join(field.name for field in fields(Parameter))

# Numbers that are no measurements: nothing, one, a half, twice; percent; nano, micro and milli; seconds in an hour.
PLAIN = {0, 1, 2, 0.5, 100, 1e3, 1e6, 3600}
# What else may stand in a module, and what it is there.
STATED: dict[str, dict[float, str]] = {
    "typed_rows": {80: "letters of a word that are compared"},
    "numerals": {3: "digits of thousands", 80: "characters of a message"},
    "parameters": {3: "dimensions of space"},
    "unknowns": {
        1e-9: "tolerance",
        1e-11: "tolerance",
        5: "Newton steps",
        300.0: "widest logarithm",
        1e-30: "complex step",
        1e-300: "smallest number",
    },
    "scores": {10.0: "the largest factor that counts"},
    "claims": {0.1: "share of a change that is none"},
    "in_use": {512: "kept by a cache"},
    "solve": {
        1e-8: "tolerance",
        5.5e7: "uM of water in water: beyond it nothing is a concentration",
        1e-12: "tolerance",
        1e-9: "tolerance",
        1e-6: "tolerance",
        1e-10: "tolerance",
        1e-16: "tolerance",
        1e-30: "complex step",
        0.1: "a Newton step held back",
        30: "Newton steps",
        10: "times the tolerance",
        40: "doublings of time",
    },
    "cvode": {200_000: "steps of an integrator"},
    "ensemble": {32: "parts", 4: "calls above"},
    "weighted_ensemble": {4: "digits", 16: "sets that are kept"},
    "sobol": {400: "resamples"},
    "plausible": {0.05: "end of a 90 % interval", 0.95: "end of a 90 % interval"},
    "intervals": {
        0.05: "end of a 90 % interval",
        0.95: "end of a 90 % interval",
        3.92: "standard deviations in a 95 % interval",
        4.0: "degrees of freedom",
        12.0: "reach of a grid",
        1201: "points",
        0.01: "bracket of a search",
        3.0: "bracket of a search",
    },
    "sensitivity": {8: "numbers", 256: "samples", 10.0: "minutes", 60: "seconds in a minute"},
    "schedules": {7: "days in a week", 24.0: "hours in a day", 97: "points", 1e-9: "tolerance"},
    "plasma_levels": {2001: "points", 1e-9: "tolerance", 1e-12: "tolerance"},
    "binding": {},
    "pharmacokinetics": {4: "in the formula", 3: "in the formula", 1e-4: "tolerance"},
    "receptors": {
        5: "a level of a table, nM",
        14: "a level of a table, nM",
        50: "a level of a table, nM",
        1e9: "bracket of a search",
    },
    "varicosity": {3: "dimensions of space", 4: "in the formula", 1e-12: "tolerance"},
    "circulation": {
        2401: "points",
        161: "points",
        60.0: "minutes of the experiment repeated",
        90.0: "minutes of a run",
        30.0: "minutes of the experiment repeated",
        16.0: "minutes of the experiment repeated",
        360.0: "minutes of the experiment repeated",
        0.9: "90 % of a rise",
        0.2: "dose of the experiment repeated",
        178.0: "dose of the experiment repeated",
    },
    "dialysis": {
        1e4: "a dose that leaves no receptor free",
        8: "halvings and doublings after which a search gives up",
        1e-9: "tolerance",
        1e-6: "tolerance",
        **dict.fromkeys((10.0, 20, 24, 30.0, 60.0, 120.0), "of an experiment"),
    },
    "dialysis_protocols": {
        50.0: "bracket of a search",
        1e-6: "tolerance",
        5.0: "dose of the experiment repeated",
        **dict.fromkeys((3, 9, 10.0, 11, 14.0, 15.0, 21.0, 120.0, 1321), "of an experiment"),
    },
    "tissue_protocols": {
        0.1: "bracket of a search",
        10.0: "bracket of a search",
        1e-6: "tolerance",
        5: "days after reserpine",
        **dict.fromkeys((3, 4, 14.0, 30.0, 49, 60.0, 361, 481), "of an experiment"),
    },
    "pharmacodynamics": {},
    "synthesis": {241: "points", 48: "hours of a run", 4: "hours of the experiment repeated", 1e-6: "tolerance"},
    "reuptake": {
        **dict.fromkeys((6.0, 14.0), "a basal level of a table, nM"),
        120: "seconds of a run",
        1200: "seconds of a run",
        **dict.fromkeys((0.01, 30, 201), "of an experiment"),
    },
    "cell_body_protocols": dict.fromkeys((0.9, 1.1), "a tenth either way"),
    "transients": {
        601: "points",
        1201: "points",
        60: "seconds of a run",
        0.05: "95 % of an excursion over",
        1e-6: "nM, the noise of a solution",
        32: "runs that are kept",
    },
    "lc_arousal": dict.fromkeys((5.0, 10.0), "level of a reported number")
    | dict.fromkeys((3, 20.0), "impulses of a burst, and their rate: an experiment")
    | {0.001: "a moment after the start", 60.0: "seconds of a run", 1201: "points"},
    "attention": {4.0: "a gain of a reported number", 1e-6: "tolerance"},
    "estimates": {0.975: "95 % interval"},
    "firing": {
        241: "points",
        0.1: "first point, s; resolution",
        0.02: "resolution, Hz",
        1e-6: "tolerance",
    },
    "chain": {0.05: "width of a bin", 0.4: "length of a window", 1.5: "length of a window"},
    "gain": {},
    "cell_variety": {10.0: "times the basal level", 0.1: "a tenth of a change", 2000: "cells", 400: "draws"}
    | dict.fromkeys((5, 50, 95), "per cent of draws"),
    "roc": {},
    "detection": {4000: "trials", 4: "a gain of the reference", 10: "spikes; units", 80: "points", 40: "points"},
    "cocktail_party": {
        4: "voices of the demonstration",
        0.25: "strength in the demonstration",
        0.15: "strength in the demonstration",
        10: "room for counts",
        32: "points",
    },
    "pupil": {0.05: "width of a bin"},
    "population": {200: "cells", 0.25: "time step"},
    "spiking": {4.0: "seconds to settle", 48: "runs that are kept", 250: "steps at once"},
    "population_protocols": {3: "a seed", 14.0: "length of a run", 32: "measures that are kept"}
    | {0.3: "length of a window", 0.025: "width of a bin"},
    "spike_trains": {
        1e-9: "tolerance",
        0.05: "width of a bin",
        0.005: "width of a bin",
        0.3: "length of a window",
        5: "intervals that a train needs",
        10: "stretches of time",
        20: "stretches of time",
    },
    "performance": {
        601: "points",
        1e-9: "tolerance",
        200_000: "draws",
        5: "percentile",
        95: "percentile",
    },
    "decision": {},
    "gilzenrat": {3: "units", 20.0: "settling time"},
    "gilzenrat_protocols": {200: "trials", 8: "seeds"},
    "vigilance": {
        3.0: "settings of the watch",
        15.0: "settings of the watch",
        0.2: "settings of the watch",
        8.0: "settings of the watch; kept by a cache",
        200: "watchers",
        30: "stimuli",
        20: "stimuli",
        5: "blocks",
        2000: "samples",
    },
    "diniz_behn": {
        12.0: "hours of a run; rows of the state",
        3: "place of a state",
        **dict.fromkeys((5, 10, 11, 13, 14), "rows of the state"),
    },
    "simulated_nights": {
        20: "nights",
        8: "runs that are kept",
        **dict.fromkeys((3.0, 3.8, 4.0), "inputs of an experiment"),
        60.0: "seconds that are shown",
        0.1: "a tenth of a change",
    },
    "sleep_wake": {
        4.0: "input of an experiment",
        8.0: "input of an experiment",
        60.0: "s after sleep onset",
        120.0: "s after the input, when the sleep cells are looked at",
    },
    "conditions": {1e-6: "tolerance", 1e-10: "tolerance", 24: "hours in a day", 28: "days of a run"},
    "clamped_balance": {
        50: "Newton steps",
        1e-13: "tolerance",
        1e-9: "tolerance",
        1e-30: "complex step",
        0.1: "a Newton step held back",
    },
    "treatment": {
        1e-6: "tolerance",
        1e-10: "tolerance",
        97: "points",
        3.0: "days; doses a day",
        7.0: "days",
        32: "runs that are kept",
        128: "people who are kept",
    },
    "virtual_patients": {
        2.5: "percentile",
        50: "percentile",
        97.5: "percentile",
        3.92: "standard deviations in a 95 % interval",
        84: "days of a run",
        4: "moments in an hour",
        8: "cohorts that are kept",
    },
    "clinical_studies": {
        1e-6: "tolerance",
        1e-10: "tolerance",
        14: "days of the experiment repeated",
        **dict.fromkeys((0.35, 0.55, 10.0, 25.0, 150.0), "dose of the experiment repeated"),
    },
    "disorders": {
        3: "times a day",
        0.02: "a share that does not count",
        0.05: "a share within the doubt",
        0.2: "below which a second digit is shown",
        10: "what counts as a swing",
    },
    "drug_levels": {
        3: "in the formula",
        4: "times a level",
        12: "hours of the experiment repeated",
        60: "minutes in an hour",
    },
    "setting": {80: "characters of a message"},
    "formulary": {3: "doses a day"},
    "clinical_case": {3: "doses", 11: "bound of a setting", 80: "characters of a message"},
    "scenario": {
        **dict.fromkeys((0.05, 3, 4, 5, 8, 10, 12, 20, 30, 168, 200, 300), "bound of a setting"),
        0.95: "coupling of the published model in phasic mode",
        24: "hours of a run",
        6.0: "gigabytes of a kernel",
        120: "seconds of a cell",
    },
}
# Rooms with no biology in them: how things look, are stored and are asked for.
PRESENTATION = {
    "nbmodel",
    "figures",
    "schematics",
    "plots",
    "picture",
    "exercises",
    "judge",
    "tables",
    "references",
    "collection",
    "cli",
    "sbml",
    "plain_yaml",
    "spreadsheet",
    "kernels",
    "report",
    "batch",
    "check",
    "course",
    "grading",
    "sandbox",
}


# Modules that every theme, or every room, has one of: their numbers are stated under the name of the room.
OF_THE_ROOM = {"__init__", "results", "protocols", "pathway", "fates", "case", "themes"}


def module_of(path: Path) -> str:
    return path.parent.name if path.stem in OF_THE_ROOM else path.stem


@cache
def modules() -> dict[str, list[ast.Module]]:
    found: dict[str, list[ast.Module]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if not PRESENTATION & {module_of(path), *path.relative_to(PACKAGE).parts}:
            found.setdefault(module_of(path), []).append(ast.parse(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_biological_constant_stands_in_the_code(name: str) -> None:
    numbers = {
        node.value
        for module in modules()[name]
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }
    assert numbers - PLAIN == set(STATED.get(name, {})), "move it to parameters.csv, or state here why it is no biology"


def test_every_row_has_a_unit_that_pint_reads_and_a_source_in_the_bibliography() -> None:
    known = set(references.bibliography().entries)
    rows = [(p.symbol, p.unit, p.source) for p in parameters.load().values()]
    published = csv_rows(FOLDER / "models.csv", PublishedConstant)
    rows += [(f"{row.model}.{row.symbol}", row.unit, row.source) for row in published]
    assert len({symbol for symbol, _, _ in rows}) == len(rows)

    faults = []
    for symbol, unit, sources in rows:
        try:
            parameters.units().Unit(unit)
        except Exception as error:  # whatever pint makes of it, the row is wrong
            faults.append(f"{symbol}: unit {unit!r}: {error}")
        faults += [f"{symbol}: no entry {key!r} in references.bib" for key in sources if key not in known]
    assert not faults


def test_all_faults_of_a_table_are_reported_at_once_with_their_lines(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(
        f"{HEADER}\n"
        "good,a good row,1,0,2,nM,rat,someone2000,verified,\n"
        "low,outside its range,3,0,2,nM,rat,someone2000,verified,\n"
        "word,no number,three,0,2,nM,rat,someone2000,verified,\n"
        "nan,not finite,nan,0,2,nM,rat,someone2000,verified,\n"
        "rumour,a status of its own,1,0,2,nM,rat,someone2000,heard it,\n"
        "bare,no unit and no source,1,0,2,,rat,,assumed,\n"
        "good,the same symbol again,1,0,2,nM,rat,someone2000,verified,\n"
        "comma,one, two,1,0,2,nM,rat,someone2000,verified,\n"
        "short,too few cells,1\n"
        "gap,an empty key among the sources,1,0,2,nM,rat,someone2000;,verified,\n",
        encoding="utf-8",
    )
    with pytest.raises(TableError) as caught:
        parameters.read(bad)
    assert caught.value.problems == [
        "bad.csv line 3, column value: 3 must lie between low 0 and high 2; correct one of the three",
        "bad.csv line 4, column value: 'three' is not a number; write a plain number such as 0.5",
        "bad.csv line 5, column value: 'nan' is not a number; write a plain number such as 0.5",
        "bad.csv line 6, column status: 'heard it' is not one of verified, to confirm, derived, assumed; take one of them",
        "bad.csv line 7, column unit: is empty; fill it in",
        "bad.csv line 7, column source: is empty; fill it in",
        "bad.csv line 8, column symbol: 'good' stands twice, first on line 2; rename or remove one",
        "bad.csv line 9: the number of cells is 11, not 10; quote cells that hold a comma",
        "bad.csv line 10: the number of cells is 3, not 10; quote cells that hold a comma",
        "bad.csv line 11, column source: 'someone2000;' has an empty part; write every part, and nothing before or after "
        "the last",
    ]
    assert str(caught.value) == "\n".join(caught.value.problems)


@pytest.mark.parametrize("value", ["1_000", "1٠5", "infinity", "0x10", "1:30", "0,5"])
def test_no_number_of_python_stands_in_a_table(value: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f'{HEADER}\nx,y,"{value}",0,1e9,nM,rat,a2000,verified,\n', encoding="utf-8")
    with pytest.raises(TableError, match=f"line 2, column value: '{value}' is not a number"):
        parameters.read(tmp_path / "bad.csv")


def test_a_table_with_other_columns_is_refused_before_its_rows(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("symbol,value\nx,1\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"line 1: the columns must be symbol, name.*; found symbol, value"):
        parameters.read(bad)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "line 1: the columns must be symbol"),
        (b'"symbol"x,1\n', "line 1: .* expected after .*; double a quotation mark in a quoted cell"),
        (HEADER.encode() + b"\n\xff\n", "is not text in UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_name(text: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(text)
    with pytest.raises(TableError, match=words) as caught:
        parameters.read(tmp_path / "bad.csv")
    assert all(problem.startswith("bad.csv") for problem in caught.value.problems)


def test_a_spreadsheets_mark_and_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes(
        b"\xef\xbb\xbf" + HEADER.encode() + b"\r\nx,y,1,0,2,nM,rat,a2000,verified,\r\n\r\n"
    )
    assert parameters.read(tmp_path / "good.csv")["x"].value == 1


def test_an_unknown_symbol_or_model_names_the_nearest() -> None:
    table = parameters.load()
    for ask in (lambda: table["Km_NET_N"], lambda: table.value("Km_NET_N", "uM"), lambda: table.replace(Km_NET_N=1.0)):
        with pytest.raises(ParameterError, match="did you mean 'Km_NET_NE'"):
            ask()
    with pytest.raises(ParameterError, match="did you mean 'best2009'"):
        parameters.published_model("best2008")


def test_a_value_comes_in_the_unit_asked_for_and_in_no_unit_of_another_kind() -> None:
    table = parameters.load()
    assert table.value("x0_ECF", "uM") == pytest.approx(1e-3 * table["x0_ECF"].value, rel=1e-12)
    for unit in ("s", "uM/s", "nonsense"):
        with pytest.raises(ParameterError, match="cannot turn 'nM' into"):
            table.value("x0_ECF", unit)


def test_a_table_with_other_values_leaves_the_first_as_it_was() -> None:
    table = parameters.load()
    basal = table["x0_ECF"].value
    assert table.replace(x0_ECF=14)["x0_ECF"].value == 14
    assert table["x0_ECF"].value == basal
    with pytest.raises(ParameterError, match="not a finite number"):
        table.replace(x0_ECF=math.inf, Km_NET_NE=math.nan)


def test_derived_rows_agree_with_what_they_are_derived_from() -> None:
    table = parameters.load()
    p = {symbol: row.value for symbol, row in table.items()}
    by_net = table.value("Vmax_NET", "uM/s") / table.value("Km_NET_NE", "uM")
    clearance = table.value("k_clr", "1/s")
    # Each number is printed with two or three digits, so they can agree to a per cent only.
    assert p["k_nonNET"] == pytest.approx(clearance - by_net, rel=0.01)
    assert p["share_NET"] == pytest.approx(by_net / clearance, rel=0.01)
    assert p["Vmax_NET"] == pytest.approx(p["share_NET"] * clearance * table.value("Km_NET_NE", "uM"), rel=0.01)
    assert p["occ_DMI_50nM"] == pytest.approx(50 / (50 + formulary.load().value("Kd_NET_desipramine", "nM")), abs=5e-4)


def test_the_store_turns_over_as_published_over_the_whole_range() -> None:
    published = parameters.load()["k_turn_NE"]
    for rate in (published.low, published.value, published.high):
        rest = norepinephrine_terminal.network(parameters.load().replace(k_turn_NE=rate))
        turnover = rest.flux("DBH") / (rest["ne_v"] + rest["ne_d"]) * norepinephrine_terminal.SECONDS_PER_HOUR
        assert turnover == pytest.approx(rate, rel=1e-9)
    # What the paper reports, 51 % left after 4 h of a block of 80 %, gives the value; a complete block the low end.
    block = parameters.load()["block_aMT"].value
    assert 1 - block + block * math.exp(-4 * published.value) == pytest.approx(0.51, abs=0.005)
    assert math.exp(-4 * published.low) == pytest.approx(0.51, abs=0.005)
