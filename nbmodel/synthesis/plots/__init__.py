"""Pictures of the lesson on synthesis: each takes results and gives a figure and its description."""

from nbmodel.synthesis.plots.blood import body, hormone, plasma
from nbmodel.synthesis.plots.deeper import activation, hydroxylase
from nbmodel.synthesis.plots.look import MAP, MOST
from nbmodel.synthesis.plots.main_line import by_activity, control, feedback, rescue, saturation, setting, store
from nbmodel.synthesis.plots.sliders import demos

__all__ = [
    "MAP",
    "MOST",
    "activation",
    "body",
    "by_activity",
    "control",
    "demos",
    "feedback",
    "hormone",
    "hydroxylase",
    "plasma",
    "rescue",
    "saturation",
    "setting",
    "store",
]
