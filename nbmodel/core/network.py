"""Reaction networks: a list of reactions that makes the numbers, the printed equations and the Jacobian alike.

A reaction is a rate law (a function of `kinetics`) plus what it consumes and produces. From the list of reactions come

- `rates` and `derivative`: the numbers that `solve` integrates, by calling the laws with floats;
- `curve`: a rate over a range of one concentration, by calling the same laws with arrays;
- the equations that a notebook prints and their Jacobian (`formulas`), by calling *the same* laws with sympy symbols.

Species live in compartments of different volume. A rate is a concentration per time in the reaction's own
compartment (that of the first species it names); a species elsewhere changes by the rate times the ratio of volumes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbmodel.core.reactions import Reaction, Rule, Species, faults, straight_line
from nbmodel.data.typed_rows import did_you_mean

Array = NDArray[np.float64]


class NetworkError(ValueError):
    """Raised when a network does not fit together, or has no such name; the message lists every fault."""


@dataclasses.dataclass(frozen=True)
class Network:
    """Species, reactions, rules, the parameters they use (all in uM and `time_unit`) and the volumes of the compartments.

    `source` is the bib key of the publication that the network reproduces, if one; `clamped` names species that keep their
    value whatever the reactions do. Variants (`replace`, `clamp`, `starting_at`) are new networks.

    Raises
    ------
    NetworkError
        When a reaction names what does not exist, binds an argument that its law does not have, or a parameter is used by
        no reaction.

    Examples
    --------
    >>> from nbmodel.core import kinetics
    >>> loss = Reaction("loss", "drug ->", kinetics.first_order, {"s": "drug"})
    >>> body = Network("body", (Species("drug", "blood", "a drug", "D", 2.0),), (loss,), {"k": 0.5}, {"blood": 5.0}, "h")
    >>> body.flux("loss"), body["drug"]
    (1.0, 2.0)
    """

    name: str
    species: tuple[Species, ...]
    reactions: tuple[Reaction, ...]
    parameters: Mapping[str, float]
    compartments: Mapping[str, float]
    time_unit: str
    source: str = ""
    clamped: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        problems = faults(self.species, self.reactions, self.parameters, self.compartments, self.clamped, self.rules)
        if problems:
            raise NetworkError(f"{self.name}:\n" + "\n".join(problems))

    def __hash__(self) -> int:
        """Hash by name and values, so that functions of a network can be cached."""
        return hash((self.name, self.initial.tobytes(), tuple(self.parameters.values())))

    @cached_property
    def index(self) -> dict[str, int]:
        """Place of each species in a state vector."""
        return {species.name: i for i, species in enumerate(self.species)}

    @cached_property
    def initial(self) -> Array:
        """Initial state, uM, shape (species,)."""
        return np.array([species.initial for species in self.species])

    def __getitem__(self, species: str) -> float:
        """Initial value of one species, uM. Raises NetworkError, with the nearest name, when there is none."""
        if species not in self.index:
            raise NetworkError(f"{self.name}: no species {species!r}{did_you_mean(species, self.index)}")
        return float(self.initial[self.index[species]])

    @cached_property
    def _start(self) -> dict[str, float]:
        """Value of every name in the initial state."""
        return {**dict(zip(self.index, self.initial.tolist(), strict=True)), **self.parameters}

    @cached_property
    def volumes(self) -> Array:
        """Volume of each species' compartment, shape (species,)."""
        return np.array([self.compartments[species.compartment] for species in self.species])

    def reaction(self, name: str) -> Reaction:
        """Reaction of that name. Raises NetworkError, with the nearest name, when there is none."""
        by_name = {reaction.name: reaction for reaction in self.reactions}
        if name not in by_name:
            raise NetworkError(f"{self.name}: no reaction {name!r}{did_you_mean(name, by_name)}")
        return by_name[name]

    def reaction_compartment(self, reaction: Reaction) -> str:
        """Compartment in which the reaction's rate is measured."""
        first = (reaction.consumed + reaction.produced)[0]
        return reaction.compartment or self.species[self.index[first]].compartment

    @cached_property
    def stoichiometry(self) -> Array:
        """Change of each species (uM) for a unit of each reaction's rate, shape (species, reactions); clamped rows are 0."""
        matrix = np.zeros((len(self.species), len(self.reactions)))
        for j, reaction in enumerate(self.reactions):
            volume = self.compartments[self.reaction_compartment(reaction)]
            for sign, names in ((-1, reaction.consumed), (1, reaction.produced)):
                for name in names:
                    matrix[self.index[name], j] += sign * volume / self.volumes[self.index[name]]
        for name in self.clamped:
            matrix[self.index[name]] = 0
        return matrix

    def touching(self, species: str) -> dict[str, float]:
        """Map each reaction that changes a species to the change (uM) for a unit of its rate; clamped ones are as if free."""
        row = (self.unclamped() if self.clamped else self).stoichiometry[self.index[species]]
        return {self.reactions[j].name: float(row[j]) for j in np.flatnonzero(row)}

    @cached_property
    def compiled(self) -> dict[tuple[Any, ...], Any]:
        """What `program` and engines compiled, by what was asked for; variants share it, as it holds no values."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Fields alone: what follows from them is worked out anew in another process."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def program(self, wanted: tuple[str, ...]) -> tuple[list[str], Callable[..., list[Any]]]:
        """Compile rules and rates into one function of straight-line Python; return the names of its arguments, and it.

        See `reactions.straight_line`.
        """
        if wanted not in self.compiled:
            asked = [
                next((rule for rule in self.rules if rule.name == name), None) or self.reaction(name) for name in wanted
            ]
            self.compiled[wanted] = straight_line(self.name, asked, self.rules, [*self.index, *self.parameters])
        return self.compiled[wanted]

    @cached_property
    def _laws(self) -> Callable[[Any], list[Any]]:
        """One function of the state that gives all rates; parameters are looked up here, not at each of thousands of steps."""
        given, found = self.program(tuple(reaction.name for reaction in self.reactions))
        places = [self.index[name] for name in given if name in self.index]  # `program` has species first
        fixed = [self.parameters[name] for name in given if name in self.parameters]
        return lambda state: found(*[state[place] for place in places], *fixed)

    def rates(self, state: Array) -> Array:
        """Rate of each reaction, uM per `time_unit`; `state` (uM) is (species,) or (species, times), the result (reactions, ...)."""
        # Plain floats for one state: Python adds and multiplies them several times faster than numpy's own.
        found = self._laws(state.tolist() if state.ndim == 1 else state)
        return np.array(found if state.ndim == 1 else [np.broadcast_to(rate, state.shape[1:]) for rate in found])

    def function(
        self, wanted: Sequence[str], varied: Sequence[str], values: Mapping[str, Any] | None = None
    ) -> Callable[..., list[Any]]:
        """Return a function of the names `varied`, in that order, that gives the rules and the rates of reactions `wanted`.

        All other names have their value at the start, or that of `values`. Numbers and arrays are taken alike, and
        broadcast. Raises NetworkError for a name that the network does not have.
        """
        known = {**self._start, **(values or {})}
        unknown = [
            f"no name {n!r}{did_you_mean(n, self._start)}" for n in (*varied, *(values or {})) if n not in self._start
        ]
        if unknown:
            raise NetworkError(f"{self.name}: " + "; ".join(unknown))
        given, found = self.program(tuple(wanted))
        fixed = [known[name] for name in given]
        places = [(i, given.index(name)) for i, name in enumerate(varied) if name in given]

        def at(*moved: Any) -> list[Any]:
            arguments = fixed.copy()
            for i, place in places:
                arguments[place] = moved[i]
            return found(*arguments)

        return at

    def curve(self, name: str, **values: Any) -> Any:
        """Rate of a reaction, or value of a rule, where some names have other values than at the start.

        Parameters
        ----------
        name : str
            Reaction or rule.
        **values : float or array
            Species (uM) and parameters; arrays broadcast and give a curve.

        Returns
        -------
        float or array
            Rate in uM per `time_unit`, or the rule's value.

        Raises
        ------
        NetworkError
            For a name that the network does not have, with the nearest one.
        """
        return self.function((name,), (), values)()[0]

    def flux(self, reaction: str) -> float:
        """Rate of one reaction in the initial state, uM per `time_unit`. Raises NetworkError for another name."""
        return float(self.rates(self.initial)[self.reactions.index(self.reaction(reaction))])

    def derivative(self, state: Array) -> Array:
        """Change of the state with time, uM per `time_unit`, shape (species,)."""
        return np.asarray(self.stoichiometry @ self.rates(state))

    def replace(self, **parameters: float) -> Network:
        """Network with other parameter values, all else the same.

        Raises
        ------
        NetworkError
            For a parameter that it does not have and for a value that is not finite.
        """
        problems = [
            f"no parameter {n!r}{did_you_mean(n, self.parameters)}" for n in parameters if n not in self.parameters
        ]
        problems += [
            f"{n} = {value} is not a finite number" for n, value in parameters.items() if not np.isfinite(value)
        ]
        if problems:
            raise NetworkError(f"{self.name}: " + "; ".join(problems))
        return self._variant(parameters={**self.parameters, **parameters})

    def clamp(self, *species: str) -> Network:
        """Network with some species clamped at their value, as if an endless store supplied them.

        Raises
        ------
        NetworkError
            For a species that it does not have.
        """
        problems = [f"clamped species {name!r} does not exist" for name in species if name not in self.index]
        if problems:
            raise NetworkError(f"{self.name}: " + "; ".join(problems))
        return self._variant(clamped=self.clamped | set(species))

    def unclamped(self) -> Network:
        """Network with no species clamped."""
        return self._variant(clamped=frozenset())

    def starting_at(self, state: Mapping[str, float]) -> Network:
        """Network with another initial state (uM); species that are left out keep theirs.

        Raises
        ------
        NetworkError
            For a species that it does not have and for a concentration below zero or not finite.
        """
        problems = [f"no species {n!r}{did_you_mean(n, self.index)}" for n in state if n not in self.index]
        problems += [f"{n} cannot start at {value} uM" for n, value in state.items() if not 0 <= value < np.inf]
        if problems:
            raise NetworkError(f"{self.name}: " + "; ".join(problems))
        return self._variant(
            species=tuple(dataclasses.replace(s, initial=float(state.get(s.name, s.initial))) for s in self.species)
        )

    def in_volumes(self, volumes: Mapping[str, float]) -> Network:
        """Network with other volumes of its compartments."""
        return self._variant(compartments={**self.compartments, **volumes})

    def _variant(self, **fields: Any) -> Network:
        """Network of the same names and reactions with other values; what follows from the names alone is kept.

        A search makes hundreds of variants, and checking each anew would take longer than running it.
        """
        depends = {
            "parameters": ("_start", "_laws"),
            "species": ("initial", "_start"),
            "clamped": ("stoichiometry",),
            "compartments": ("volumes", "stoichiometry"),
        }
        _ = self.stoichiometry, self.compiled  # worked out now, not by each variant for itself
        variant = object.__new__(type(self))
        variant.__dict__.update(self.__dict__)
        for field, value in fields.items():
            object.__setattr__(variant, field, value)
            for derived in depends[field]:
                variant.__dict__.pop(derived, None)
        return variant
