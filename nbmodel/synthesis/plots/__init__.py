"""Pictures of the lesson on synthesis: each takes results and gives a figure and its description."""

from nbmodel.synthesis.plots.blood import hormone, plasma, pressure
from nbmodel.synthesis.plots.deeper import hydroxylase
from nbmodel.synthesis.plots.look import MAP, MOST
from nbmodel.synthesis.plots.main_line import by_activity, control, feedback, rescue, saturation, setting, store
from nbmodel.synthesis.plots.sliders import demos

__all__ = [
    "MAP",
    "MOST",
    "by_activity",
    "control",
    "demos",
    "feedback",
    "hormone",
    "hydroxylase",
    "plasma",
    "pressure",
    "rescue",
    "saturation",
    "setting",
    "store",
]
