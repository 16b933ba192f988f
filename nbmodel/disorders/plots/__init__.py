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
    where_on_the_curve,
    without_dbh,
    yohimbine,
)

__all__ = [
    "blood_levels",
    "case_page",
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
    "where_on_the_curve",
    "without_dbh",
    "yohimbine",
]
