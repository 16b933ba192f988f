"""Parts of a network: species, and rate laws bound to them as reactions and rules."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Species:
    """A substance in a compartment: what it is (`meaning`), where it starts (uM), and how a formula writes it (`latex`)."""

    name: str
    compartment: str
    meaning: str
    latex: str
    initial: float = 0.0


def bindings(law: Callable[..., Any], arguments: Mapping[str, str]) -> list[list[str]]:
    """For each argument of a law, in order, the names whose values are added up."""
    return [
        [part.strip() for part in arguments.get(name, name).split("+")] for name in inspect.signature(law).parameters
    ]


@dataclass(frozen=True)
class Rule:
    """A quantity that follows from others at once, such as the firing rate from drive and feedback.

    It is a law bound to names, as in a reaction; reactions and later rules may bind to the rule's own name.
    """

    name: str
    meaning: str
    latex: str
    law: Callable[..., Any]
    arguments: Mapping[str, str] = field(default_factory=dict)

    def bindings(self) -> list[list[str]]:
        """For each argument of the law, in order, the names whose values are added up."""
        return bindings(self.law, self.arguments)


@dataclass(frozen=True)
class Reaction:
    """A rate law bound to species and parameters.

    `change` reads as a chemist writes it: "ldopa -> dopamine", "-> tyrosine" (supply), "nmn ->" (removal). `arguments`
    binds each argument of the law to a species, a parameter or a sum of them ("da_c + ne_c"); an argument that is left
    out binds to the name it has. `compartment` is where the rate is measured, when not that of the first species named.
    """

    name: str
    change: str
    law: Callable[..., Any]
    arguments: Mapping[str, str] = field(default_factory=dict)
    compartment: str | None = None

    @property
    def consumed(self) -> list[str]:
        """The species on the left of the arrow."""
        return [name.strip() for name in self.change.split("->")[0].split("+") if name.strip()]

    @property
    def produced(self) -> list[str]:
        """The species on the right of the arrow."""
        return [name.strip() for name in self.change.split("->")[1].split("+") if name.strip()]

    def bindings(self) -> list[list[str]]:
        """For each argument of the law, in order, the names whose values are added up."""
        return bindings(self.law, self.arguments)


def identifier(name: str) -> str:
    """A reaction's name as one word: letters, digits and underscores only."""
    return re.sub(r"\W+", "_", name)
