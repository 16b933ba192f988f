"""The exported networks, integrated by another engine (libroadrunner: CVODE), run the same course as ours."""

import sys
import warnings

import numpy as np
import pytest

from nbmodel.core import sbml, solve
from nbmodel.core.network import Network
from nbmodel.models import dopamine_terminal, norepinephrine_terminal
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


def test_without_libsbml_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libsbml", None)
    with pytest.raises(ImportError, match=r"pip install nbmodel\[sbml\]"):
        sbml.write(DOPAMINE)


def test_a_name_or_a_time_unit_that_sbml_cannot_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="does not accept 'a room'"):
        sbml.write(Network("bad", (), (), {}, {"a room": 1.0}, "s"))
    with pytest.raises(ValueError, match="time unit 'day'"):
        sbml.write(Network("bad", (), (), {}, {}, "day"))
