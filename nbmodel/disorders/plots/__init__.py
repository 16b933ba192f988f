"""Pictures of the theme: each takes results and returns a figure and what it says to those who cannot see it."""

from nbmodel.disorders.plots.background import (
    depletion_of_store,
    indices,
    many_people,
    medicines,
    scans,
    tablets,
    tones,
    weeks_and_rats,
)
from nbmodel.disorders.plots.case_page import case_page
from nbmodel.disorders.plots.main_line import (
    depression,
    in_rats,
    occupancy_to_ne,
    slope,
    without_dbh,
    yohimbine,
)
from nbmodel.disorders.plots.sliders import demos

__all__ = [
    "case_page",
    "demos",
    "depletion_of_store",
    "depression",
    "in_rats",
    "indices",
    "many_people",
    "medicines",
    "occupancy_to_ne",
    "scans",
    "slope",
    "tablets",
    "tones",
    "weeks_and_rats",
    "without_dbh",
    "yohimbine",
]
