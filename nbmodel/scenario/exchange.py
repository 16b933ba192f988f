"""The terminal of a scenario as a document that other simulators read."""

from __future__ import annotations

from nbmodel.core import sbml
from nbmodel.models import terminal_rest
from nbmodel.scenario.case import Scenario, ScenarioError
from nbmodel.scenario.themes import THEMES


def document(case: Scenario) -> str:
    """SBML document of a scenario's terminal at its initial state, with the unit of every parameter.

    Raises
    ------
    ScenarioError
        For a theme whose scenarios have no terminal.
    ImportError
        When python-libsbml is not installed.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> document(scenario.make("reuptake")).count("<reaction ")
    49
    """
    theme = THEMES[case.theme].load()
    if not hasattr(theme, "terminal"):
        raise ScenarioError([f"{case.theme} has no terminal to write: give its folder a function terminal(case)"])
    terminal = theme.terminal(case)
    return sbml.write(terminal, terminal_rest.units(terminal))
