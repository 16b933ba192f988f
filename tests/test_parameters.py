"""The numbers: each has a unit and a source, derived ones agree with what they come from, none hides in the code."""

import ast
import csv
import math
from functools import cache
from pathlib import Path

import pytest

from nbmodel.collection import PACKAGE
from nbmodel.data import parameters, references
from nbmodel.data.parameters import FOLDER, ParameterError
from nbmodel.models import norepinephrine_terminal

HEADER = ",".join(parameters.COLUMNS)

# Numbers that are no measurements: nothing, one, a half, twice; percent; nano, micro and milli; seconds in an hour.
PLAIN = {0, 1, 2, 0.5, 100, 1e3, 1e6, 3600}
# What else may stand in a module, and what it is there.
STATED: dict[str, dict[float, str]] = {
    "parameters": {80: "letters of a word that are compared"},
    "norepinephrine_terminal": {1e-18: "tolerance", 1e-14: "tolerance", 3: "proteins that a drug destroys"},
    "evidence": {10.0: "the largest factor that counts"},
    "solve": {
        1e-8: "tolerance", 1e-12: "tolerance", 1e-9: "tolerance", 1e-6: "tolerance", 1e-10: "tolerance",
        1e-16: "tolerance", 1e-30: "complex step", 0.1: "a Newton step held back", 30: "Newton steps",
        10: "times the tolerance", 40: "doublings of time",
        512: "kept by a cache",
    },
    "drugs": {
        7: "days in a week", 24.0: "hours in a day", 2001: "points", 97: "points", 1e-9: "tolerance", 1e-12: "tolerance",
    },
    "pharmacokinetics": {4: "in the formula", 3: "in the formula", 1e-4: "tolerance"},
    "receptors": {5: "a level of a table, nM", 14: "a level of a table, nM", 50: "a level of a table, nM", 1e9: "bracket of a search"},
    "varicosity": {3: "dimensions of space", 4: "in the formula", 1e-12: "tolerance"},
    "circulation": {
        2401: "points", 161: "points", 60.0: "minutes of the experiment repeated", 90.0: "minutes of a run",
        30.0: "minutes of the experiment repeated", 16.0: "minutes of the experiment repeated",
        360.0: "minutes of the experiment repeated", 0.9: "90 % of a rise", 0.2: "dose of the experiment repeated",
        178.0: "dose of the experiment repeated",
    },
    "dialysis": {
        0.1: "bracket of a search", 1e4: "a dose that leaves no receptor free", 1e-2: "bracket of a search", 50.0: "bracket of a search",
        1e-9: "tolerance", 1e-6: "tolerance", 5.0: "dose of the experiment repeated",
        **dict.fromkeys((3, 4, 9, 10.0, 11, 14.0, 20, 21.0, 24, 30.0, 49, 60.0, 120.0, 361, 481, 1321), "of an experiment"),
    },
    "pharmacodynamics": {},
    "synthesis": {241: "points", 48: "hours of a run", 4: "hours of the experiment repeated", 1e-6: "tolerance"},
    "reuptake": {
        **dict.fromkeys((6.0, 14.0), "a basal level of a table, nM"),
        601: "points", 1201: "points", 60: "seconds of a run", 120: "seconds of a run", 300: "seconds of a run",
        0.05: "95 % of an excursion over", 1e-6: "nM, the noise of a solution", 32: "runs that are kept",
    },
    "lc_arousal": {
        **dict.fromkeys((4.0, 5.0, 10.0), "level of a reported number"),
    },
    "estimates": {0.975: "95 % interval"},
    "firing": {
        241: "points", 0.1: "first point, s; resolution", 0.02: "resolution, Hz", 1e-6: "tolerance",
    },
    "chain": {0.05: "width of a bin", 0.4: "length of a window", 1.5: "length of a window"},
    "gain": {10.0: "times the basal level", 0.1: "a tenth of a change", 2000: "cells"},
    "detection": {
        4000: "trials", 4: "a gain of the reference; voices of the demonstration", 0.25: "strength in the demonstration",
        0.15: "strength in the demonstration", 10: "spikes of the demonstration; room for counts; units", 80: "points",
        40: "points", 1e-6: "tolerance",
    },
    "pupil": {0.05: "width of a bin", 3.0: "widest shift"},
    "population": {
        200: "cells", 0.25: "time step", 4.0: "seconds to settle", 3: "a seed", 14.0: "length of a run",
        32: "measures that are kept", 48: "runs that are kept",
        250: "steps at once",
    },
    "spike_trains": {
        1e-9: "tolerance", 0.05: "width of a bin", 0.005: "width of a bin", 0.3: "length of a window",
        5: "intervals that a train needs", 10: "stretches of time", 20: "stretches of time",
    },
    "performance": {
        601: "points", 1e-9: "tolerance", 200_000: "draws", 5: "percentile", 95: "percentile",
        4: "in the formula", 0.005: "where a series is not needed", 200: "terms of a series",
    },
    "gilzenrat": {3: "units", 20.0: "settling time", 200: "trials", 8: "seeds"},
    "vigilance": {
        3.0: "settings of the watch", 15.0: "settings of the watch", 0.2: "settings of the watch",
        8.0: "settings of the watch; kept by a cache", 200: "watchers", 30: "stimuli", 20: "stimuli", 5: "blocks", 2000: "samples",
    },
    "sleep_wake": {
        20: "nights",
        12.0: "hours of a run; rows of the state", 3: "place of a state", 5: "rows of the state",
        10: "rows of the state; rate of the experiment repeated",
        11: "rows of the state", 13: "rows of the state", 14: "rows of the state", 0.1: "a tenth of a change",
        4.0: "input of an experiment", 8.0: "input of an experiment",
        60.0: "s after sleep onset",
    },
    "conditions": {1e-6: "tolerance", 1e-10: "tolerance", 24: "hours in a day", 28: "days of a run"},
    "treatment": {
        1e-6: "tolerance", 1e-10: "tolerance", 97: "points", 50: "Newton steps", 1e-13: "tolerance", 1e-30: "complex step",
        0.1: "a Newton step held back", 3.0: "days; doses a day", 7.0: "days",
        32: "runs that are kept", 128: "people who are kept",
    },
    "virtual_patients": {
        2.5: "percentile", 50: "percentile", 97.5: "percentile", 3.92: "standard deviations in a 95 % interval",
        84: "days of a run", 4: "moments in an hour", 8: "crowds that are kept",
    },
    "clinical_studies": {
        1e-6: "tolerance", 1e-10: "tolerance", 14: "days of the experiment repeated",
        **dict.fromkeys((0.35, 0.55, 10.0, 25.0, 150.0), "dose of the experiment repeated"),
    },
    "disorders": {
        3: "times a day; columns", 0.02: "a share that does not count", 10: "what counts as a swing",
    },
    "drug_levels": {3: "in the formula", 4: "times a level", 12: "hours of the experiment repeated", 60: "minutes in an hour"},
    "setting": {80: "characters of a message"},
    "clinical_case": {3: "doses a day; doses", 11: "bound of a setting", 80: "characters of a message"},
    "scenario": {
        **dict.fromkeys((0.05, 4, 5, 10, 12, 20, 30, 168, 200, 300), "bound of a setting"), 24: "hours of a run",
    },
}  # fmt: skip
# Rooms with no biology in them: how things look, are stored and are asked for.
PRESENTATION = {
    "nbmodel", "figures", "exercises", "judge", "tables", "references", "collection", "cli", "sbml", "plain_yaml",
    "kernels", "report", "batch", "check", "course", "grading", "sandbox",
}  # fmt: skip


def module_of(path: Path) -> str:
    return path.parent.name if path.stem == "__init__" else path.stem


@cache
def modules() -> dict[str, ast.Module]:
    return {
        module_of(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if not PRESENTATION & {module_of(path), path.relative_to(PACKAGE).parts[0]}
    }


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_biological_constant_stands_in_the_code(name: str) -> None:
    numbers = {
        node.value for node in ast.walk(modules()[name])
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }  # fmt: skip
    assert numbers - PLAIN == set(STATED.get(name, {})), "move it to parameters.csv, or state here why it is no biology"


def test_every_row_has_a_unit_that_pint_reads_and_a_source_in_the_bibliography() -> None:
    known = set(references.bibliography().entries)
    rows = [(p.symbol, p.unit, p.source) for p in parameters.load().values()]
    with (FOLDER / "models.csv").open(newline="", encoding="utf-8") as file:
        rows += [
            (f"{r['model']}.{r['symbol']}", r["unit"], tuple(r["source"].split(";"))) for r in csv.DictReader(file)
        ]
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
        "short,too few cells,1\n",
        encoding="utf-8",
    )
    with pytest.raises(ParameterError) as caught:
        parameters.read(bad)
    message = str(caught.value)
    for line, words in [
        (3, "between low 0 and high 2"), (4, "must be numbers"), (5, "must lie between"), (6, "status 'heard it'"),
        (7, "unit is empty"), (7, "source is empty"), (8, "stands twice"), (9, "number of cells"), (10, "number of cells"),
    ]:  # fmt: skip
        assert any(f"line {line} " in row and words in row for row in message.splitlines()), (line, words, message)
    assert "line 2" not in message


def test_a_table_with_other_columns_is_refused_before_its_rows(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("symbol,value\nx,1\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="the columns must be symbol, name"):
        parameters.read(bad)


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
    assert p["occ_DMI_50nM"] == pytest.approx(50 / (50 + table.value("Kd_NET_desipramine", "nM")), abs=5e-4)


def test_the_capacity_of_mao_gives_the_published_turnover_over_its_whole_range() -> None:
    def turnover(k_mao: float) -> float:
        rest = norepinephrine_terminal.network(parameters.load().replace(k_MAO=k_mao))
        return rest.flux("DBH") / (rest["ne_v"] + rest["ne_d"]) * norepinephrine_terminal.SECONDS_PER_HOUR

    mao, published = parameters.load()["k_MAO"], parameters.load()["k_turn_NE"]
    for k_mao, expected in ((mao.value, published.value), (mao.low, published.low), (mao.high, published.high)):
        assert turnover(k_mao) == pytest.approx(expected, rel=0.01)
