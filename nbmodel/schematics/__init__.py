"""Schematics: the terminal, where the locus coeruleus projects, circuits of sleep and of attention, from a dose to function.

Each call says which parts stand in colour, named as in the models, and may write numbers on them, so that a drawing is a
result as well. It gives a figure and its description: `figures.show(*schematics.terminal())`.
"""

from nbmodel.schematics.attention_drawing import attention_circuit
from nbmodel.schematics.brain_drawing import projections
from nbmodel.schematics.canvas import Drawing, SchematicError
from nbmodel.schematics.dose_drawing import dose_to_function
from nbmodel.schematics.sleep_drawing import sleep_circuit
from nbmodel.schematics.terminal_drawing import terminal

__all__ = [
    "Drawing",
    "SchematicError",
    "attention_circuit",
    "dose_to_function",
    "projections",
    "sleep_circuit",
    "terminal",
]
