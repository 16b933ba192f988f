"""Parts of a network: species, and rate laws bound to them as reactions and rules."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbmodel.data.typed_rows import did_you_mean


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


def faults(
    species: Sequence[Species],
    reactions: Sequence[Reaction],
    parameters: Mapping[str, float],
    compartments: Collection[str],
    clamped: Collection[str],
    rules: Sequence[Rule],
) -> list[str]:
    """Sentences on what does not fit together in a network: names that are missing, doubled or used by nothing."""
    problems: list[str] = []
    names = [s.name for s in species]
    known = {**dict.fromkeys(names, 0.0), **parameters}
    used: set[str] = set()
    everything = [*names, *parameters, *(rule.name for rule in rules)]
    if len(set(everything)) < len(everything):
        problems.append("species, parameters and rules must all have different names")
    problems += [f"{s.name}: no compartment {s.compartment!r}" for s in species if s.compartment not in compartments]
    laws: list[Rule | Reaction] = [*rules, *reactions]
    for bound in laws:
        taken = inspect.signature(bound.law).parameters
        problems += [f"{bound.name}: its law has no argument {a!r}" for a in bound.arguments if a not in taken]
        uses = [name for names_ in bound.bindings() for name in names_]
        problems += [f"{bound.name}: unknown name {n!r}{did_you_mean(n, known)}" for n in uses if n not in known]
        used.update(uses)
        if isinstance(bound, Rule):
            known[bound.name] = 0.0  # from here on a law may bind to it
            continue
        moved = bound.consumed + bound.produced
        problems += [f"{bound.name}: unknown species {n!r}{did_you_mean(n, known)}" for n in moved if n not in names]
    problems += [f"parameter {name!r} is used by no reaction" for name in parameters if name not in used]
    problems += [f"rule {rule.name!r} is used by no reaction" for rule in rules if rule.name not in used]
    problems += [f"clamped species {name!r} does not exist" for name in clamped if name not in names]
    return problems


def straight_line(
    label: str, asked: Sequence[Rule | Reaction], rules: Sequence[Rule], names: Sequence[str]
) -> tuple[list[str], Callable[..., list[Any]]]:
    """Function of straight-line Python that gives the laws `asked`, after the names of its arguments.

    Looking every argument of every law up by its place takes more than twice the time of the laws themselves, and that is
    most of a run. The text is made of numbered places only; no name from a model gets into it.

    Parameters
    ----------
    label : str
        Name of the network, for a traceback.
    asked : sequence
        Rules and reactions whose values are wanted, in order.
    rules : sequence
        All rules, each after those that it needs.
    names : sequence of str
        Species and parameters, in order.
    """
    needed = {name for one in asked for bound in one.bindings() for name in bound} | {one.name for one in asked}
    first: list[Rule] = []
    for rule in reversed(rules):  # a rule may need those before it
        if rule.name in needed:
            first.insert(0, rule)
            needed |= {name for bound in rule.bindings() for name in bound}
    given = [name for name in names if name in needed]
    place = {name: f"v{i}" for i, name in enumerate((*given, *(rule.name for rule in rules)))}
    space: dict[str, Any] = {}

    def call(one: Rule | Reaction) -> str:
        law = f"law{len(space)}"
        space[law] = one.law
        return f"{law}({', '.join('+'.join(place[name] for name in bound) for bound in one.bindings())})"

    text = [f"def found({', '.join(place[name] for name in given)}):"]
    text += [f"    {place[rule.name]} = {call(rule)}" for rule in first]
    answers = [place[one.name] if isinstance(one, Rule) else call(one) for one in asked]
    exec(compile("\n".join([*text, f"    return [{', '.join(answers)}]"]), f"<laws of {label}>", "exec"), space)
    return given, space["found"]
