"""The exported networks, integrated by another engine (libroadrunner: CVODE), run the same course as ours."""

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nbmodel import scenario
from nbmodel.cli import main
from nbmodel.core import sbml, solve
from nbmodel.core.network import Network
from nbmodel.models import dopamine_terminal, norepinephrine_terminal, terminal_rest
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR, with_store_clamped

with warnings.catch_warnings():
    # Its SWIG layer makes types without a module name, which Python 3.12 and later deprecate.
    warnings.filterwarnings(
        "ignore", message="builtin type .* has no __module__ attribute", category=DeprecationWarning
    )
    roadrunner = pytest.importorskip("roadrunner", reason="libroadrunner has no wheels for this machine")
    libsbml = pytest.importorskip("libsbml")

BLOCKED = norepinephrine_terminal.network().replace(net_activity=0.2)
DOPAMINE = solve.steady_state(dopamine_terminal.network()).replace(fire=2.0)

networks = pytest.mark.parametrize(
    ("network", "end"),
    [(BLOCKED, 6 * SECONDS_PER_HOUR), (with_store_clamped(BLOCKED), 6 * SECONDS_PER_HOUR), (DOPAMINE, 24.0)],
    ids=["norepinephrine, NET blocked", "its store held", "dopamine, firing doubled"],
)


@networks
def test_another_engine_finds_the_same_course(network: Network, end: float) -> None:
    engine = roadrunner.RoadRunner(sbml.write(network))
    engine.integrator.relative_tolerance = 1e-10
    engine.integrator.absolute_tolerance = 1e-14
    engine.timeCourseSelections = ["time", *(f"[{name}]" for name in network.index)]
    theirs = engine.simulate(0, end, 121)
    ours = solve.run(network, theirs[:, 0])
    assert pytest.approx(np.asarray(theirs[:, 1:]), rel=1e-6) == ours.states.T


@networks
def test_the_document_is_valid(network: Network, end: float) -> None:
    document = libsbml.readSBMLFromString(sbml.write(network))
    document.checkConsistency()
    # Warnings are about parameters without units: the laws' units are checked with pint.
    assert document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) + document.getNumErrors(libsbml.LIBSBML_SEV_FATAL) == 0
    assert document.getModel().getNumReactions() == len(network.reactions)


def messages(text: str) -> list[str]:
    """What libsbml has to say of a document, its units included."""
    document = libsbml.readSBMLFromString(text)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, True)
    document.checkConsistency()
    return [document.getError(i).getMessage() for i in range(document.getNumErrors())]


@pytest.mark.parametrize("theme", scenario.THEMES)
def test_an_exported_scenario_has_units_without_a_fault_and_runs_the_same_elsewhere(theme: str, tmp_path: Path) -> None:
    file = tmp_path / "terminal.xml"
    done = CliRunner().invoke(main, ["export", str(file), "--theme", theme])
    assert done.exit_code == 0 and done.output == f"Wrote {file}\n"
    text = file.read_text(encoding="utf-8")
    assert messages(text) == []
    terminal = scenario.THEMES[theme].load().terminal(scenario.make(theme))  # type: ignore[attr-defined]
    engine = roadrunner.RoadRunner(text)
    engine.integrator.relative_tolerance, engine.integrator.absolute_tolerance = 1e-10, 1e-14
    engine.setValue("firing", 5.0)
    engine.timeCourseSelections = ["time", *(f"[{name}]" for name in terminal.index)]
    theirs = engine.simulate(0, SECONDS_PER_HOUR, 61)
    ours = solve.run(terminal.replace(firing=5.0), theirs[:, 0]).states.T
    assert np.max(np.abs(theirs[:, 1:] - ours) / np.abs(ours).max(axis=0)) < 1e-6


def test_a_wrong_unit_is_noticed() -> None:
    terminal = norepinephrine_terminal.network()
    units = terminal_rest.units(terminal)
    assert messages(sbml.write(terminal, units)) == []
    assert messages(sbml.write(terminal, {**units, "Vmax_NET": "uM**1"}))


def test_an_export_that_cannot_be_is_refused_with_every_fault_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "terminal.txt"
    done = CliRunner().invoke(main, ["export", str(file), "-p", "net_occupancy=3"])
    assert done.exit_code == 2 and not list(tmp_path.iterdir())
    assert "let it end in .xml" in done.output and "net_occupancy = 3 is out of range" in done.output


def test_without_libsbml_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libsbml", None)
    with pytest.raises(ImportError, match=r"pip install nbmodel\[sbml\]"):
        sbml.write(DOPAMINE)


def test_a_name_or_a_time_unit_that_sbml_cannot_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="does not accept 'a room'"):
        sbml.write(Network("bad", (), (), {}, {"a room": 1.0}, "s"))
    with pytest.raises(ValueError, match="time unit 'day'"):
        sbml.write(Network("bad", (), (), {}, {}, "day"))
