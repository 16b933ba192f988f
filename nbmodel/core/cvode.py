"""CVODE, in libroadrunner, as the engine of `solve`: the same runs some thirty times faster, for ensembles.

The network goes over as SBML and is compiled to machine code, which takes a second or two; after that each run only sets
its numbers. So it pays for hundreds of runs, and `solve` by itself is right for one. Needs an extra: `pip install
nbmodel[ensemble]`.
"""

from __future__ import annotations

import warnings
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from nbmodel.core import sbml
from nbmodel.core.network import Array, Network
from nbmodel.core.reactions import Reaction, Rule
from nbmodel.core.solve import SolveError

STEPS = 200_000  # that CVODE may take between two times

# Compiled networks by what they were compiled of.
_known: dict[object, Compiled] = {}


@cache
def is_installed() -> bool:
    """True if libroadrunner and python-libsbml can be imported."""
    return find_spec("roadrunner") is not None and find_spec("libsbml") is not None


def stretch(network: Network, state: Array, length: float, inside: Array, rtol: float, atol: float) -> Array:
    """States of a network at the times `inside` [0, length) and at the end of a stretch: an engine for `solve.engine`.

    Raises
    ------
    SolveError
        When the integrator gives up.

    Examples
    --------
    >>> from nbmodel.core import solve
    >>> from nbmodel.models import norepinephrine_terminal
    >>> busy = norepinephrine_terminal.network().replace(firing=6.0)
    >>> with solve.engine(stretch):
    ...     round(1e3 * solve.run(busy, [0.0, 10.0]).final["ne_e"], 1)  # nM
    14.7
    """
    shared, key = network.compiled, ("cvode", network.clamped)
    if key not in shared:
        made_of = _made_of(network)
        if made_of not in _known:
            _known[made_of] = Compiled(network)
        shared[key] = _known[made_of]
    return shared[key].run(network, state, length, inside, rtol, atol)


def _made_of(network: Network) -> object:
    """Everything of a network but its numbers, as a key; two that were made apart can be alike."""
    bound: tuple[Rule | Reaction, ...] = (*network.rules, *network.reactions)
    parts = [(part.name, part.law, *map(tuple, part.bindings())) for part in bound]
    changes = [(reaction.change, network.reaction_compartment(reaction)) for reaction in network.reactions]
    places = [(species.name, species.compartment) for species in network.species]
    return (network.time_unit, network.clamped, *parts, *changes, *places, *network.parameters)


class Compiled:
    """Network in libroadrunner: which of its numbers goes where."""

    def __init__(self, network: Network) -> None:
        with warnings.catch_warnings():
            # Its SWIG layer makes types without a module name, which Python 3.12 and later deprecate.
            warnings.filterwarnings("ignore", message="builtin type .* has no __module__", category=DeprecationWarning)
            import roadrunner
        self.engine: Any = roadrunner.RoadRunner(sbml.write(network))
        self.engine.timeCourseSelections = [f"[{name}]" for name in network.index]
        self.engine.integrator.maximum_num_steps = STEPS
        model = self.engine.model
        place = {name: i for i, name in enumerate(model.getGlobalParameterIds())}
        self.parameters = [place[name] for name in network.parameters]
        self.compartments = list(model.getCompartmentIds())
        self.floating = [network.index[name] for name in model.getFloatingSpeciesIds()]
        self.clamped = [network.index[name] for name in model.getBoundarySpeciesIds()]

    def run(self, network: Network, state: Array, length: float, inside: Array, rtol: float, atol: float) -> Array:
        """States, as `stretch` gives them."""
        model, integrator = self.engine.model, self.engine.integrator
        model.setGlobalParameterValues(self.parameters, list(network.parameters.values()))
        model.setCompartmentVolumes([network.compartments[name] for name in self.compartments])
        model.setFloatingSpeciesConcentrations(state[self.floating])
        if self.clamped:
            model.setBoundarySpeciesConcentrations(state[self.clamped])
        integrator.relative_tolerance, integrator.absolute_tolerance = rtol, atol
        integrator.restart(0.0)
        starts = bool(inside.size) and inside[0] == 0
        times = [*inside, length] if starts else [0.0, *inside, length]
        try:
            found = np.array(self.engine.simulate(times=times)).T
        except RuntimeError as error:
            raise SolveError(str(error)) from None
        return found if starts else found[:, 1:]
