"""Parts of a network: species, and rate laws bound to them as reactions and rules."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Species:
    """Substance in a compartment.

    `meaning` says what it is, `initial` (uM) where it starts, and `latex` how a formula writes it.
    """

    name: str
    compartment: str
    meaning: str
    latex: str
    initial: float = 0.0


def bindings(law: Callable[..., Any], arguments: Mapping[str, str]) -> list[list[str]]:
    """List, for each argument of a law in order, the names whose values are added up."""
    return [
        [part.strip() for part in arguments.get(name, name).split("+")] for name in inspect.signature(law).parameters
    ]


@dataclass(frozen=True)
class Rule:
    """Quantity that follows from others at once, such as the firing rate from drive and feedback.

    A rule is a law bound to names, as in a reaction; reactions and later rules may bind to the rule's own name.
    """

    name: str
    meaning: str
    latex: str
    law: Callable[..., Any]
    arguments: Mapping[str, str] = field(default_factory=dict)

    def bindings(self) -> list[list[str]]:
        """List, for each argument of the law in order, the names whose values are added up."""
        return bindings(self.law, self.arguments)


@dataclass(frozen=True)
class Reaction:
    """Rate law bound to species and parameters.

    Parameters
    ----------
    name : str
        Name of the reaction.
    change : str
        What it does, as a chemist writes it: "ldopa -> dopamine", "-> tyrosine" (supply), "nmn ->" (removal).
    law : callable
        Function of `kinetics`, or another one of plain arithmetic.
    arguments : Mapping
        Species, parameter or sum of them ("da_c + ne_c") for each argument of the law; an argument that is left out binds
        to the name it has.
    compartment : str, optional
        Compartment in which the rate is measured, if not that of the first species named.

    Examples
    --------
    >>> from nbmodel.core import kinetics
    >>> Reaction("AADC", "ldopa -> dopamine", kinetics.first_order, {"s": "ldopa"}).bindings()
    [['ldopa'], ['k']]
    """

    name: str
    change: str
    law: Callable[..., Any]
    arguments: Mapping[str, str] = field(default_factory=dict)
    compartment: str | None = None

    @property
    def consumed(self) -> list[str]:
        """Species on the left of the arrow."""
        return [name.strip() for name in self.change.split("->")[0].split("+") if name.strip()]

    @property
    def produced(self) -> list[str]:
        """Species on the right of the arrow."""
        return [name.strip() for name in self.change.split("->")[1].split("+") if name.strip()]

    def bindings(self) -> list[list[str]]:
        """List, for each argument of the law in order, the names whose values are added up."""
        return bindings(self.law, self.arguments)


def identifier(name: str) -> str:
    """Name of a reaction as one word: letters, digits and underscores only."""
    return re.sub(r"\W+", "_", name)
