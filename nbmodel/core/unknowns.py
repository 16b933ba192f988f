"""The search behind `rest`: unknowns that need each other, with the balances and laws that they follow from."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, Protocol

import numpy as np
from scipy.optimize import root

from nbmodel.core.network import Array, Network, NetworkError

# What each unknown follows from: the balance of a species, by its name, or a law whose arguments are names.
Follows = Mapping[str, str | Callable[..., float]]


class Plan(Protocol):
    """Interface that the search needs of a `rest.Plan`: the network, and for each unknown its source and ingredients."""

    @property
    def network(self) -> Network:
        """Reactions, rules and species."""

    @property
    def follows(self) -> Follows:
        """Source of each unknown."""

    @property
    def rates(self) -> Mapping[str, str]:
        """Names of the reactions by the names of their rates."""

    @property
    def needs(self) -> Mapping[str, set[str]]:
        """Names that the balance or law of each unknown is made of."""


# For each balance, where the rates of the reactions that touch it stand, and what a unit of each does.
Weights = list[list[tuple[int, float]]]

BALANCED = 1e-9  # of what flows through a species
SOLVED = 1e-11  # relative change of the unknowns in the last step
STEPS = 5
WIDEST = 300.0  # of a logarithm, so that no number grows beyond what a float holds
COMPLEX = 1e-30  # a complex step gives the slope exactly, as laws are plain arithmetic
ABSENT = 1e-300


class RestError(NetworkError):
    """Raised when a network cannot rest, or is not fully specified; the message has the faults and the remedy."""


def arguments_of(law: Callable[..., Any]) -> list[str]:
    """List the names of a law's arguments."""
    return list(inspect.signature(law).parameters)


def account(network: Network, row: int, changes: Mapping[int, float]) -> str:
    """Line with a species' net rate, and the share of each reaction in it."""
    shares = {network.reactions[j].name: share for j, share in changes.items()}
    told = ", ".join(f"{name} {share:+.4g}" for name, share in shares.items() if share)
    unit = f"uM/{network.time_unit}"
    return f"{network.species[row].name} changes by {sum(shares.values()):+.4g} {unit}: {told}"


class Law:
    """Unknown that follows from other names by a law."""

    def __init__(self, plan: Plan, name: str, law: Callable[..., float]) -> None:
        self.name, self.law = name, law
        self.names = arguments_of(self.law)
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


class Block:
    """Unknowns that need each other: those that follow from balances are searched for, the others follow by their laws."""

    def __init__(self, plan: Plan, names: list[str]) -> None:
        self.balances = {name: source for name in names if isinstance(source := plan.follows[name], str)}
        laws = {name: source for name in names if not isinstance(source := plan.follows[name], str)}
        inner = {name: plan.needs[name] & set(laws) for name in laws}
        try:
            self.laws = [Law(plan, name, laws[name]) for name in TopologicalSorter(inner).static_order()]
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
            told = "; ".join(
                account(network, row, dict(zip((j for _, j in places), one, strict=True)))
                for row, places, one in zip(self.rows, self.places, shares, strict=True)
            )
            raise RestError(
                f"{network.name}: no values of {', '.join(self.balances)} at or above zero let these species rest: {told}. "
                "Let another unknown follow from one of these balances, or take away or add a reaction."
            )

    def newton(self, weights: Weights, known: dict[str, Any], at: Array) -> tuple[Array, bool]:
        """Values of the unknowns after a few steps of Newton's method, and whether they lie still, none below zero."""
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
        """Logarithm of made over gone, and its slopes by the logarithms of the unknowns."""
        at = np.exp(np.clip(logs, -WIDEST, WIDEST))
        made, gone = self.sides(weights, known, at)
        up, down = np.maximum(made[0].real, ABSENT), np.maximum(gone[0].real, ABSENT)
        return np.log(up / down), ((made.imag / up - gone.imag / down) / COMPLEX * at[:, None]).T

    def sides(self, weights: Weights, known: dict[str, Any], at: Array) -> tuple[Array, Array]:
        """Amounts made and gone, by unknown that takes a complex step, and balance."""
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
        """List, for each balance, what each reaction that touches the species does to it."""
        for law in self.laws:
            law.put(known)
        rates = self.program(*[known[name] for name in self.given])
        return [[weight * rates[place] for place, weight in row] for row in weights]
