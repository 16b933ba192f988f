"""Pictures of the lesson on reuptake: each takes results and returns a figure with the text that describes it."""

from nbmodel.reuptake.plots.main_line import bursts, circle, clearance, courses, decays, feedbacks, occupied
from nbmodel.reuptake.plots.sliders import demos

__all__ = [
    "bursts",
    "circle",
    "clearance",
    "courses",
    "decays",
    "demos",
    "feedbacks",
    "occupied",
]
