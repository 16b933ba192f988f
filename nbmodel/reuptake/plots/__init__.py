"""Pictures of the lesson on reuptake: each function takes results and returns a figure with the text that describes it."""

from nbmodel.reuptake.plots.clearance import bursts, decays, rise, share
from nbmodel.reuptake.plots.feedback import beside_rats, feedbacks, occupied
from nbmodel.reuptake.plots.fluxes import circle, courses
from nbmodel.reuptake.plots.look import MAP
from nbmodel.reuptake.plots.sliders import demos

__all__ = [
    "MAP",
    "beside_rats",
    "bursts",
    "circle",
    "courses",
    "decays",
    "demos",
    "feedbacks",
    "occupied",
    "rise",
    "share",
]
