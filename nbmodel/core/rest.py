"""A network at rest: what is not measured follows from the balance of every species, which is solved and then checked.

At rest every species is made as fast as it goes. In a cell some values are measured, and what is not (how much of an
enzyme there is, the level of an intermediate) follows from these balances. A `Plan` says which unknown follows from what;
the equations come from the list of reactions, so a reaction that is added shifts what follows, or is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any

import numpy as np
from scipy.sparse.csgraph import connected_components

from nbmodel.core.network import Network
from nbmodel.core.reactions import Reaction, Rule, identifier
from nbmodel.core.unknowns import BALANCED, Block, Follows, RestError, account, arguments_of
from nbmodel.data.typed_rows import did_you_mean


def check(network: Network) -> None:
    """Raise RestError unless every species of the network rests in its initial state.

    The message has, for each species that does not, its net rate and those of the reactions that touch it.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> check(norepinephrine_terminal.network())  # the terminal rests
    """
    rates = network.rates(network.initial)
    through = np.abs(network.stoichiometry) @ np.abs(rates)
    restless = np.flatnonzero(~(np.abs(network.stoichiometry @ rates) <= BALANCED * through)).tolist()
    if restless:
        rows = [account(network, i, dict(enumerate((network.stoichiometry[i] * rates).tolist()))) for i in restless]
        raise RestError(
            # In one line, as a report tells no more of an error.
            f"{network.name}: not every species rests: {'; '.join(rows)}. Let an unknown follow from the balance of each "
            "(FOLLOWS of the terminal), or add a reaction that brings back what another takes."
        )


@dataclass(frozen=True)
class Plan:
    """Plan of a network at rest: which unknown follows from what.

    Parameters
    ----------
    network : Network
        The reactions, rules and species, with any values.
    follows : Mapping
        Source of each unknown. An unknown is a parameter, the level of a species, or a name that only these laws use; none
        can be below zero. It follows from the balance of a species (the species' name), or from a law: a function whose
        arguments are names of species, parameters, rules, unknowns, rates (`v_TH` is that of the reaction TH), or of
        anything else that is measured.

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
        """Map the name of each rate to its reaction."""
        return {f"v_{identifier(reaction.name)}": reaction.name for reaction in self.network.reactions}

    @cached_property
    def needs(self) -> dict[str, set[str]]:
        """Names that the balance or law of each unknown is made of."""
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
                needs[name] = set().union(*(needed(one) for one in arguments_of(source)))
            else:
                touching = self.network.touching(source)
                needs[name] = set().union(*(leaves(self.network.reaction(one)) for one in touching))
        return needs

    def _influences(self, names: set[str]) -> set[str]:
        """Set of the given names and all unknowns that they follow from."""
        found, new = set(names), set(names)
        while new:
            new = {leaf for name in new & set(self.follows) for leaf in self.needs[name]} - found
            found |= new
        return found

    @cached_property
    def measured(self) -> tuple[str, ...]:
        """Names whose values have to be known: every other one follows."""
        names = [*self.network.index, *self.network.parameters, *sorted(set().union(*self.needs.values()))]
        return tuple(dict.fromkeys(name for name in names if name not in self.follows))

    @cached_property
    def _blocks(self) -> list[Block]:
        """Unknowns in the order in which they can be solved: together only those that need each other."""
        unknowns = list(self.follows)
        graph = np.array([[other in self.needs[name] for other in unknowns] for name in unknowns])
        count, label = connected_components(graph, connection="strong")
        before = {block: set(label[graph[label == block].any(axis=0)].tolist()) - {block} for block in range(count)}
        return [
            Block(self, [unknowns[i] for i in np.flatnonzero(label == block)])
            for block in TopologicalSorter(before).static_order()
        ]

    def solve(self, values: Mapping[str, float], volumes: Mapping[str, float] | None = None) -> Network:
        """Network at rest where everything `measured` has the given values.

        Parameters
        ----------
        values : Mapping
            Value of each measured name, in uM and the network's time unit.
        volumes : Mapping, optional
            Volumes of the compartments, if others than the network's.

        Raises
        ------
        RestError
            For a value that is missing, for an unknown that would have to be below zero, and for species that do not rest.
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
