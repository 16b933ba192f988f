"""Pictures of the theme: each takes results and returns a figure and what it says to those who cannot see it."""

from nbmodel.disorders.plots.background import (
    blood_levels,
    depletion_of_store,
    indices,
    intervals,
    many_people,
    medicines,
    scans,
    startle_and_burst,
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
    "blood_levels",
    "case_page",
    "demos",
    "depletion_of_store",
    "depression",
    "in_rats",
    "indices",
    "intervals",
    "many_people",
    "medicines",
    "occupancy_to_ne",
    "scans",
    "slope",
    "startle_and_burst",
    "tablets",
    "tones",
    "weeks_and_rats",
    "without_dbh",
    "yohimbine",
]
