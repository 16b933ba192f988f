"""Pictures of the lesson on reuptake: each function takes results and returns a figure with the text that describes it."""

from nbmodel.reuptake.plots.clearance import bursts, decays, one_burst, rise, share
from nbmodel.reuptake.plots.feedback import beside_rats, feedbacks, occupied
from nbmodel.reuptake.plots.fluxes import circle, courses
from nbmodel.reuptake.plots.look import MAP

__all__ = [
    "MAP",
    "beside_rats",
    "bursts",
    "circle",
    "courses",
    "decays",
    "feedbacks",
    "occupied",
    "one_burst",
    "rise",
    "share",
]
