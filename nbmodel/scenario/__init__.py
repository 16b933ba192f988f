"""Themes, their settings, and checked scenarios of them: all that a reader, an analyst or a report may set.

This is the one source for names, defaults, bounds, units and help: the command line, the parameters cell of each
notebook (a test compares them) and the reports follow it. Biological defaults and bounds come from `parameters.csv`.
"""

from nbmodel.scenario.case import TITLE, Scenario, ScenarioError, load, make, read
from nbmodel.scenario.themes import THEMES, Limits, Model, Theme, parameters_cell

__all__ = [
    "THEMES",
    "TITLE",
    "Limits",
    "Model",
    "Scenario",
    "ScenarioError",
    "Theme",
    "load",
    "make",
    "parameters_cell",
    "read",
]
