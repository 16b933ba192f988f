"""A network at rest: what is not measured follows from the balance of every species, which is solved and then checked.

At rest every species is made as fast as it goes. In a cell some values are measured, and what is not (how much of an
enzyme there is, the level of an intermediate) follows from these balances. A `Plan` says which unknown follows from what;
the equations come from the list of reactions, so a reaction that is added shifts what follows, or is refused.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np
from scipy.optimize import root
from scipy.sparse.csgraph import connected_components

from nbmodel.core.network import Array, Network, NetworkError
from nbmodel.core.reactions import Reaction, Rule, identifier
from nbmodel.data.parameters import did_you_mean

# What each unknown follows from: the balance of a species, by its name, or a law whose arguments are names.
Follows = Mapping[str, str | Callable[..., float]]

# For each balance, where the rates of the reactions that touch it stand, and what a unit of each does.
Weights = list[list[tuple[int, float]]]

BALANCED = 1e-9  # of what flows through a species
SOLVED = 1e-11  # relative change of the unknowns in the last step
STEPS = 5
WIDEST = 300.0  # of a logarithm, so that no number grows beyond what a float holds
COMPLEX = 1e-30  # a complex step gives the slope exactly, as laws are plain arithmetic
ABSENT = 1e-300


class RestError(NetworkError):
    """A network cannot rest, or it is not said what follows from what; the message has the faults and the remedy."""


def check(network: Network) -> None:
    """Raise RestError unless every species of the network rests in its initial state.

    The message has, for each species that does not, its net rate and those of the reactions that touch it.
    """
    rates = network.rates(network.initial)
    through = np.abs(network.stoichiometry) @ np.abs(rates)
    restless = np.flatnonzero(~(np.abs(network.stoichiometry @ rates) <= BALANCED * through)).tolist()
    if restless:
        rows = [_account(network, i, dict(enumerate((network.stoichiometry[i] * rates).tolist()))) for i in restless]
        raise RestError(
            "\n".join([f"{network.name}: not every species rests", *rows])
            + "\nEither something must answer to what changes them, as an unknown that follows from their balance, "
            "or a reaction has to bring back what another takes."
        )


def _account(network: Network, row: int, changes: Mapping[int, float]) -> str:
    """A species' net rate, and the share of each reaction in it."""
    shares = {network.reactions[j].name: share for j, share in changes.items()}
    told = ", ".join(f"{name} {share:+.4g}" for name, share in shares.items() if share)
    unit = f"uM/{network.time_unit}"
    return f"  {network.species[row].name} changes by {sum(shares.values()):+.4g} {unit}: {told}"


@dataclass(frozen=True)
class Plan:
    """What follows from what in a network at rest.

    Parameters
    ----------
    network
        The reactions, rules and species, with any values.
    follows
        What each unknown follows from. An unknown is a parameter, the level of a species, or a name that only these laws
        use; none can be below zero. It follows from the balance of a species (the species' name), or from a law: a
        function whose arguments are names of species, parameters, rules, unknowns, rates (`v_TH` is that of the reaction
        TH), or of anything else that is measured.

    Raises
    ------
    RestError
        For names that do not fit together, with all faults at once.
    """

    network: Network
    follows: Follows

    def __post_init__(self) -> None:
        balances = [source for source in self.follows.values() if isinstance(source, str)]
        problems = [
            f"{name} follows from the balance of {source!r}, which is no species{did_you_mean(source, self.network.index)}"
            for name, source in self.follows.items()
            if isinstance(source, str) and source not in self.network.index
        ]
        problems += [
            f"{', '.join(n for n, source in self.follows.items() if source == twice)} follow from the balance of "
            f"{twice}: one balance sets one unknown"
            for twice in dict.fromkeys(balances)
            if balances.count(twice) > 1
        ]
        if not problems:
            problems = [
                f"{name} follows from the balance of {source}, on which it has no influence"
                for name, source in self.follows.items()
                if isinstance(source, str) and name not in self._influences(self.needs[name])
            ]
        if problems:
            raise RestError(f"{self.network.name}:\n" + "\n".join(problems))

    @cached_property
    def rates(self) -> dict[str, str]:
        """Each reaction by the name of its rate."""
        return {f"v_{identifier(reaction.name)}": reaction.name for reaction in self.network.reactions}

    @cached_property
    def needs(self) -> dict[str, set[str]]:
        """For each unknown, the names that its balance or law is made of."""
        rules = {rule.name: rule for rule in self.network.rules}

        def leaves(part: Rule | Reaction) -> set[str]:
            bound = {one for names in part.bindings() for one in names}
            return set().union(*(leaves(rules[one]) if one in rules else {one} for one in bound))

        def needed(name: str) -> set[str]:
            part = self.network.reaction(self.rates[name]) if name in self.rates else rules.get(name)
            return leaves(part) if part else {name}

        needs: dict[str, set[str]] = {}
        for name, source in self.follows.items():
            if callable(source):
                needs[name] = set().union(*(needed(one) for one in _arguments(source)))
            else:
                touching = self.network.touching(source)
                needs[name] = set().union(*(leaves(self.network.reaction(one)) for one in touching))
        return needs

    def _influences(self, names: set[str]) -> set[str]:
        """These names and all unknowns that they follow from."""
        found, new = set(names), set(names)
        while new:
            new = {leaf for name in new & set(self.follows) for leaf in self.needs[name]} - found
            found |= new
        return found

    @cached_property
    def measured(self) -> tuple[str, ...]:
        """The names whose values have to be known: every other one follows."""
        names = [*self.network.index, *self.network.parameters, *sorted(set().union(*self.needs.values()))]
        return tuple(dict.fromkeys(name for name in names if name not in self.follows))

    @cached_property
    def _blocks(self) -> list[_Block]:
        """The unknowns in the order in which they can be solved: together only those that need each other."""
        unknowns = list(self.follows)
        graph = np.array([[other in self.needs[name] for other in unknowns] for name in unknowns])
        count, label = connected_components(graph, connection="strong")
        before = {block: set(label[graph[label == block].any(axis=0)].tolist()) - {block} for block in range(count)}
        return [
            _Block(self, [unknowns[i] for i in np.flatnonzero(label == block)])
            for block in TopologicalSorter(before).static_order()
        ]

    def solve(self, values: Mapping[str, float], volumes: Mapping[str, float] | None = None) -> Network:
        """The network at rest where everything `measured` has these values (uM and the network's time unit).

        `volumes` are those of its compartments, if others. Raises RestError for a value that is missing, for an unknown
        that would have to be below zero, and for species that do not rest.
        """
        missing = [name for name in self.measured if name not in values]
        if missing:
            raise RestError(
                f"{self.network.name}: no value for {', '.join(missing)}: measure it, or say what it follows from"
            )
        network = self.network.in_volumes(volumes) if volumes else self.network
        known: dict[str, Any] = {name: float(values[name]) for name in self.measured}
        for block in self._blocks:
            block.solve(network, known)
        network = network.replace(**{name: known[name] for name in network.parameters})
        network = network.starting_at({name: known[name] for name in network.index})
        check(network)
        return network


def _arguments(law: Callable[..., Any]) -> list[str]:
    """The names of a law's arguments."""
    return list(inspect.signature(law).parameters)


class _Law:
    """An unknown that follows from other names by a law."""

    def __init__(self, plan: Plan, name: str, law: Callable[..., float]) -> None:
        self.name, self.law = name, law
        self.names = _arguments(self.law)
        parts = {**plan.rates, **{rule.name: rule.name for rule in plan.network.rules}}
        called = [one for one in self.names if one in parts]
        self.found = plan.network.program(tuple(parts[one] for one in called)) if called else None
        self.called = called

    def put(self, known: dict[str, Any]) -> None:
        """Add the value of the unknown to those that are known."""
        values = known
        if self.found:
            given, program = self.found
            values = {**known, **dict(zip(self.called, program(*[known[name] for name in given]), strict=True))}
        known[self.name] = self.law(*[values[name] for name in self.names])

    def check(self, network: Network, known: Mapping[str, Any]) -> None:
        """Raise RestError for a value below zero."""
        if not 0 <= known[self.name] < math.inf:
            given = ", ".join(f"{name} = {known[name]:g}" for name in self.names if name in known)
            raise RestError(
                f"{network.name}: {self.name} would have to be {known[self.name]:g}, as it follows from {given}"
            )


class _Block:
    """Unknowns that need each other: those that follow from balances are searched for, the others follow by their laws."""

    def __init__(self, plan: Plan, names: list[str]) -> None:
        self.balances = {name: source for name in names if isinstance(source := plan.follows[name], str)}
        laws = {name: source for name in names if not isinstance(source := plan.follows[name], str)}
        inner = {name: plan.needs[name] & set(laws) for name in laws}
        try:
            self.laws = [_Law(plan, name, laws[name]) for name in TopologicalSorter(inner).static_order()]
        except CycleError as error:
            raise RestError(f"{plan.network.name}: {' from '.join(error.args[1])}: laws that go in a circle") from None
        touching = {name: plan.network.touching(species) for name, species in self.balances.items()}
        wanted = list(dict.fromkeys(reaction for reactions in touching.values() for reaction in reactions))
        self.given, self.program = plan.network.program(tuple(wanted))
        column = {reaction.name: j for j, reaction in enumerate(plan.network.reactions)}
        self.rows = [plan.network.index[species] for species in self.balances.values()]
        self.places = [[(wanted.index(name), column[name]) for name in names] for names in touching.values()]

    def solve(self, network: Network, known: dict[str, Any]) -> None:
        """Add the values of the block's unknowns to those that are known. Raises RestError when there are none."""
        if self.balances:
            self.search(network, known)
        for law in self.laws:
            law.put(known)
            law.check(network, known)

    def search(self, network: Network, known: dict[str, Any]) -> None:
        """Find the unknowns that let the species rest.

        Most balances are straight lines in what follows from them and take one step of Newton's method. The others are
        searched for by the logarithms of what is made and what goes, which are straight in products.
        """
        weights = [
            [(place, float(network.stoichiometry[row, j])) for place, j in places]
            for row, places in zip(self.rows, self.places, strict=True)
        ]
        found, steady = self.newton(weights, known, np.ones(len(self.rows)))
        if not steady:
            logs = root(lambda x: self.apart(weights, known, x), np.zeros(len(found)), jac=True, method="lm").x
            found, steady = self.newton(weights, known, np.exp(logs))
        known |= dict(zip(self.balances, found.tolist(), strict=True))
        if not steady:
            shares = self.shares(weights, known)
            raise RestError(
                f"{network.name}: no values of {', '.join(self.balances)} at or above zero let these species rest\n"
                + "\n".join(
                    _account(network, row, dict(zip((j for _, j in places), one, strict=True)))
                    for row, places, one in zip(self.rows, self.places, shares, strict=True)
                )
                + "\nLet another unknown follow from one of these balances, or take away or add a reaction."
            )

    def newton(self, weights: Weights, known: dict[str, Any], at: Array) -> tuple[Array, bool]:
        """The unknowns after a few steps of Newton's method, and whether they have come to lie still, none below zero."""
        for _ in range(STEPS):
            made, gone = self.sides(weights, known, at)
            try:
                move = np.linalg.solve((made - gone).imag.T / COMPLEX, (gone - made)[0].real)
            except np.linalg.LinAlgError:
                return at, False
            at = at + move
            if np.all(np.abs(move) <= SOLVED * np.abs(at)):
                return at, bool(np.all(at >= 0))
        return at, False

    def apart(self, weights: Weights, known: dict[str, Any], logs: Array) -> tuple[Array, Array]:
        """The logarithm of made over gone, and its slopes by the logarithms of the unknowns."""
        at = np.exp(np.clip(logs, -WIDEST, WIDEST))
        made, gone = self.sides(weights, known, at)
        up, down = np.maximum(made[0].real, ABSENT), np.maximum(gone[0].real, ABSENT)
        return np.log(up / down), ((made.imag / up - gone.imag / down) / COMPLEX * at[:, None]).T

    def sides(self, weights: Weights, known: dict[str, Any], at: Array) -> tuple[Array, Array]:
        """What is made and what goes, by unknown that takes a complex step, and balance."""
        known |= dict(zip(self.balances, at.tolist(), strict=True))
        made, gone = [], []
        for name in self.balances:
            value = known[name]
            known[name] = value + 1j * COMPLEX
            shares = self.shares(weights, known)
            made.append([sum([share for share in row if share.real > 0]) for row in shares])
            gone.append([-sum([share for share in row if share.real <= 0]) for row in shares])
            known[name] = value
        return np.array(made, dtype=complex), np.array(gone, dtype=complex)

    def shares(self, weights: Weights, known: dict[str, Any]) -> list[list[Any]]:
        """For each balance, what each reaction that touches the species does to it."""
        for law in self.laws:
            law.put(known)
        rates = self.program(*[known[name] for name in self.given])
        return [[weight * rates[place] for place, weight in row] for row in weights]
