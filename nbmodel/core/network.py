"""Reaction networks: a list of reactions that makes the numbers, the printed equations and the Jacobian alike.

A reaction is a rate law (a function of `kinetics`) plus what it consumes and produces. From the list of reactions come

- `rates` and `derivative`: the numbers that `solve` integrates, by calling the laws with floats;
- `curve`: a rate over a range of one concentration, by calling the same laws with arrays;
- `latex` and `balance`: the formulas that a notebook prints, by calling *the same* laws with sympy symbols;
- `jacobian`: the derivatives of those formulas.

Nothing is written twice, so the equation that a reader sees is the one that runs.

Species live in compartments of different volume. A rate is a concentration per time in the reaction's own
compartment (that of the first species it names); a species elsewhere changes by the rate times the ratio of volumes.
"""

from __future__ import annotations

import copy
import dataclasses
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbmodel.data.parameters import did_you_mean

Array = NDArray[np.float64]


class NetworkError(ValueError):
    """A network does not fit together, or was asked for a name it does not have; the message lists every fault."""


@dataclasses.dataclass(frozen=True)
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


@dataclasses.dataclass(frozen=True)
class Rule:
    """A quantity that follows from others at once, such as the firing rate from drive and feedback.

    It is a law bound to names, as in a reaction; reactions and later rules may bind to the rule's own name.
    """

    name: str
    meaning: str
    latex: str
    law: Callable[..., Any]
    arguments: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def bindings(self) -> list[list[str]]:
        """For each argument of the law, in order, the names whose values are added up."""
        return bindings(self.law, self.arguments)


@dataclasses.dataclass(frozen=True)
class Reaction:
    """A rate law bound to species and parameters.

    `change` reads as a chemist writes it: "ldopa -> dopamine", "-> tyrosine" (supply), "nmn ->" (removal). `arguments`
    binds each argument of the law to a species, a parameter or a sum of them ("da_c + ne_c"); an argument that is left
    out binds to the name it has. `compartment` is where the rate is measured, when not that of the first species named.
    """

    name: str
    change: str
    law: Callable[..., Any]
    arguments: Mapping[str, str] = dataclasses.field(default_factory=dict)
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


@dataclasses.dataclass(frozen=True)
class Network:
    """Species, reactions, rules, the parameters they use (all in uM and `time_unit`) and the volumes of the compartments.

    Raises NetworkError when a reaction names what does not exist, binds an argument its law does not have, or a
    parameter is used by no reaction. `source` is the bib key of the publication that the network reproduces, if one;
    `clamped` names species that keep their value whatever the reactions do.
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
        problems: list[str] = []
        names = [s.name for s in self.species]
        known = {**dict.fromkeys(names, 0.0), **self.parameters}
        used: set[str] = set()
        everything = [*names, *self.parameters, *(rule.name for rule in self.rules)]
        if len(set(everything)) < len(everything):
            problems.append("species, parameters and rules must all have different names")
        problems += [
            f"{s.name}: no compartment {s.compartment!r}"
            for s in self.species
            if s.compartment not in self.compartments
        ]
        laws: list[Rule | Reaction] = [*self.rules, *self.reactions]
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
            problems += [
                f"{bound.name}: unknown species {n!r}{did_you_mean(n, known)}" for n in moved if n not in names
            ]
        problems += [f"parameter {name!r} is used by no reaction" for name in self.parameters if name not in used]
        problems += [f"rule {rule.name!r} is used by no reaction" for rule in self.rules if rule.name not in used]
        problems += [f"clamped species {name!r} does not exist" for name in self.clamped if name not in names]
        if problems:
            raise NetworkError(f"{self.name}:\n" + "\n".join(problems))

    def __hash__(self) -> int:
        """Equal networks have the same: so functions of a network can be cached."""
        return hash((self.name, self.initial.tobytes(), tuple(self.parameters.values())))

    # -- numbers ------------------------------------------------------------------------------------------------

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each species stands in a state vector."""
        return {species.name: i for i, species in enumerate(self.species)}

    @cached_property
    def initial(self) -> Array:
        """The initial state, uM, shape (species,)."""
        return np.array([species.initial for species in self.species])

    def __getitem__(self, species: str) -> float:
        """The initial value of one species, uM. Raises NetworkError, with the nearest name, when there is none."""
        if species not in self.index:
            raise NetworkError(f"{self.name}: no species {species!r}{did_you_mean(species, self.index)}")
        return float(self.initial[self.index[species]])

    @cached_property
    def _start(self) -> dict[str, float]:
        """Every name with its value in the initial state."""
        return {**dict(zip(self.index, self.initial.tolist(), strict=True)), **self.parameters}

    @cached_property
    def volumes(self) -> Array:
        """The volume of each species' compartment, shape (species,)."""
        return np.array([self.compartments[species.compartment] for species in self.species])

    def reaction_compartment(self, reaction: Reaction) -> str:
        """The compartment in which the reaction's rate is measured."""
        first = (reaction.consumed + reaction.produced)[0]
        return reaction.compartment or self.species[self.index[first]].compartment

    def reaction_volume(self, reaction: Reaction) -> float:
        """The volume of that compartment."""
        return self.compartments[self.reaction_compartment(reaction)]

    @cached_property
    def stoichiometry(self) -> Array:
        """Change of each species (uM) for a unit of each reaction's rate, shape (species, reactions); clamped rows are 0."""
        matrix = np.zeros((len(self.species), len(self.reactions)))
        for j, reaction in enumerate(self.reactions):
            volume = self.reaction_volume(reaction)
            for sign, names in ((-1, reaction.consumed), (1, reaction.produced)):
                for name in names:
                    matrix[self.index[name], j] += sign * volume / self.volumes[self.index[name]]
        for name in self.clamped:
            matrix[self.index[name]] = 0
        return matrix

    @cached_property
    def _programs(self) -> dict[tuple[str, ...], tuple[list[str], Callable[..., list[Any]]]]:
        """What `_program` compiled, kept by what was asked for; variants share it, as it holds no values."""
        return {}

    def program(self, wanted: tuple[str, ...]) -> tuple[list[str], Callable[..., list[Any]]]:
        """Rules and rates by name as one function of straight-line Python, and the names that are its arguments.

        Looking every argument of every law up by its place takes more than twice the time of the laws themselves, and
        that is most of a run. The text is made of numbered places only; no name from a model gets into it.
        """
        if wanted not in self._programs:
            rules = {rule.name: rule for rule in self.rules}
            asked = [rules.get(name) or self.reaction(name) for name in wanted]
            needed = {name for one in asked for names in one.bindings() for name in names} | set(wanted)
            first: list[Rule] = []
            for rule in reversed(self.rules):  # a rule may need those before it
                if rule.name in needed:
                    first.insert(0, rule)
                    needed |= {name for names in rule.bindings() for name in names}
            given = [name for name in (*self.index, *self.parameters) if name in needed]
            place = {name: f"v{i}" for i, name in enumerate((*given, *rules))}
            space: dict[str, Any] = {}

            def call(one: Rule | Reaction) -> str:
                law = f"law{len(space)}"
                space[law] = one.law
                return f"{law}({', '.join('+'.join(place[name] for name in names) for names in one.bindings())})"

            text = [f"def found({', '.join(place[name] for name in given)}):"]
            text += [f"    {place[rule.name]} = {call(rule)}" for rule in first]
            answers = [place[name] if name in rules else call(self.reaction(name)) for name in wanted]
            exec(compile("\n".join([*text, f"    return [{', '.join(answers)}]"]), f"<laws of {self.name}>", "exec"), space)
            self._programs[wanted] = given, space["found"]
        return self._programs[wanted]

    @cached_property
    def _laws(self) -> Callable[..., list[Any]]:
        """All rates from all species and parameters."""
        given, found = self.program(tuple(reaction.name for reaction in self.reactions))
        order = (*self.index, *self.parameters)
        if given == list(order):
            return found
        places = [order.index(name) for name in given]
        return lambda *values: found(*[values[i] for i in places])

    def rates(self, state: Array) -> Array:
        """The rate of each reaction, uM per `time_unit`; `state` is (species,) or (species, times), and so is the result."""
        # Plain floats for one state: Python adds and multiplies them several times faster than numpy's own.
        found = self._laws(*(state.tolist() if state.ndim == 1 else state), *self.parameters.values())
        return np.array(found if state.ndim == 1 else [np.broadcast_to(rate, state.shape[1:]) for rate in found])

    def function(
        self, wanted: Sequence[str], varied: Sequence[str], values: Mapping[str, Any] | None = None
    ) -> Callable[..., list[Any]]:
        """A function of the names `varied`, in that order, that gives the rules and the rates of reactions `wanted`.

        All other names have their value at the start, or that of `values`. Numbers and arrays are taken alike, and
        broadcast. Raises NetworkError for a name that the network does not have.
        """
        known = {**self._start, **(values or {})}
        unknown = [f"no name {n!r}{did_you_mean(n, self._start)}" for n in (*varied, *(values or {})) if n not in self._start]
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
        """A reaction's rate, or a rule, where some names have other values than at the start; arrays give a curve."""
        return self.function((name,), (), values)()[0]

    def flux(self, reaction: str) -> float:
        """The rate of one reaction in the initial state, uM per `time_unit`."""
        return float(self.rates(self.initial)[self.reactions.index(self.reaction(reaction))])

    def derivative(self, state: Array) -> Array:
        """d(state)/dt, uM per `time_unit`, shape (species,)."""
        return np.asarray(self.stoichiometry @ self.rates(state))

    # -- variants -----------------------------------------------------------------------------------------------

    def replace(self, **parameters: float) -> Network:
        """The same network with other parameter values.

        Raises NetworkError for a parameter it does not have and for a value that is not finite.
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
        """The same network with some species clamped at their value, as if an endless store supplied them."""
        problems = [f"clamped species {name!r} does not exist" for name in species if name not in self.index]
        if problems:
            raise NetworkError(f"{self.name}: " + "; ".join(problems))
        return self._variant(clamped=self.clamped | set(species))

    def unclamped(self) -> Network:
        """The same network with no species clamped."""
        return self._variant(clamped=frozenset())

    def starting_at(self, state: Mapping[str, float]) -> Network:
        """The same network with another initial state (uM); species that are left out keep theirs.

        Raises NetworkError for a species it does not have and for a concentration below zero or not finite.
        """
        problems = [f"no species {n!r}{did_you_mean(n, self.index)}" for n in state if n not in self.index]
        problems += [f"{n} cannot start at {value} uM" for n, value in state.items() if not 0 <= value < np.inf]
        if problems:
            raise NetworkError(f"{self.name}: " + "; ".join(problems))
        return self._variant(
            species=tuple(dataclasses.replace(s, initial=float(state.get(s.name, s.initial))) for s in self.species)
        )

    def in_volumes(self, volumes: Mapping[str, float]) -> Network:
        """The same network with other volumes of its compartments."""
        return self._variant(compartments={**self.compartments, **volumes})

    def _variant(self, **fields: Any) -> Network:
        """The same names and reactions with other values: what was checked and worked out from the names is kept.

        A search makes hundreds of variants, and checking each anew would take longer than running it.
        """
        depends = {"parameters": ("_start",), "species": ("initial", "_start"), "clamped": ("stoichiometry",), "compartments": ("volumes", "stoichiometry"),}
        _ = self.stoichiometry, self._laws, self._programs  # worked out now, not by each variant for itself
        variant = copy.copy(self)
        for field, value in fields.items():
            object.__setattr__(variant, field, value)
            for derived in depends[field]:
                variant.__dict__.pop(derived, None)
        return variant

    # -- formulas -----------------------------------------------------------------------------------------------

    @cached_property
    def symbols(self) -> dict[str, Any]:
        """A sympy symbol for every species, parameter and rule (sympy is imported here, not with the module)."""
        import sympy

        names = (*self.index, *self.parameters, *(rule.name for rule in self.rules))
        return {name: sympy.Symbol(name, positive=True) for name in names}

    def reaction(self, name: str) -> Reaction:
        """The reaction of that name. Raises NetworkError, with the nearest name, when there is none."""
        by_name = {reaction.name: reaction for reaction in self.reactions}
        if name not in by_name:
            raise NetworkError(f"{self.name}: no reaction {name!r}{did_you_mean(name, by_name)}")
        return by_name[name]

    def formula(self, name: str) -> Any:
        """A reaction's rate, or a rule, as a sympy expression: its law, called with symbols. Rules stay symbols in it."""
        bound = next((rule for rule in self.rules if rule.name == name), None) or self.reaction(name)
        return bound.law(*[sum_of(self.symbols, names) for names in bound.bindings()])

    def expanded(self, name: str) -> Any:
        """The same in species and parameters only: every rule is written out."""
        formula = self.formula(name)
        for rule in reversed(self.rules):
            formula = formula.subs(self.symbols[rule.name], self.formula(rule.name))
        return formula

    def balance(self, species: str) -> Any:
        """d(species)/dt as a sympy expression, written with the name of each reaction's rate."""
        import sympy

        row = zip(self.stoichiometry[self.index[species]], self.reactions, strict=True)
        return sum(sympy.nsimplify(c, rational=True) * sympy.Symbol("v_" + identifier(r.name)) for c, r in row if c)

    def balance_latex(self, species: str) -> str:
        """d(species)/dt as LaTeX, each rate by the name of its reaction: the equation that `solve` integrates."""
        import sympy

        written = {sympy.Symbol("v_" + identifier(r.name)): rate_latex(r.name) for r in self.reactions}
        left = rf"\frac{{d{self.species[self.index[species]].latex}}}{{dt}}"
        return f"{left} = " + sympy.latex(self.balance(species), symbol_names=written)

    def jacobian(self) -> Any:
        """d(derivative)/d(state) as a sympy matrix, shape (species, species)."""
        import sympy

        rates = sympy.Matrix([self.expanded(reaction.name) for reaction in self.reactions])
        return sympy.Matrix(self.stoichiometry) * rates.jacobian([self.symbols[s.name] for s in self.species])

    def latex(self, name: str) -> str:
        """The law of a reaction or a rule as LaTeX, factor by factor as its function is written."""
        import sympy

        rules = {rule.name: rule.latex for rule in self.rules}
        written = {self.symbols[s.name]: s.latex for s in self.species}
        written |= {self.symbols[p]: latex_name(p) for p in self.parameters}
        written |= {self.symbols[rule]: latex for rule, latex in rules.items()}
        with sympy.evaluate(False):
            formula = self.formula(name)
        left = rules.get(name) or rate_latex(name)
        return f"{left} = " + sympy.latex(formula, symbol_names=written, mul_symbol=r"\, ", order="none")


def law_latex(left: str, law: Callable[..., Any], written: Mapping[str, str]) -> str:
    """A law that stands in no network, as LaTeX: `left` = the law called with symbols, term by term as it is written.

    `written` says how each argument reads. An argument that is a function and has a default (`exp`, `tanh`, `softplus`)
    is left out: sympy's takes its place, so the law that prints is the law that runs.
    """
    import sympy

    functions = {"exp": sympy.exp, "tanh": sympy.tanh, "softplus": lambda z: sympy.log(1 + sympy.exp(z))}
    names = [name for name in inspect.signature(law).parameters if name not in functions]
    if set(names) != set(written):
        raise NetworkError(f"the law has the arguments {', '.join(names)}, but {', '.join(written)} are written")
    given = {name: functions[name] for name in inspect.signature(law).parameters if name in functions}
    symbols = {name: sympy.Symbol(name, positive=True) for name in names}
    with sympy.evaluate(False):
        formula = _flat(law(**symbols, **given))
    letters = {symbols[name]: latex for name, latex in written.items()}
    return f"{left} = " + sympy.latex(formula, symbol_names=letters, mul_symbol=r"\, ", order="none")


def _flat(formula: Any) -> Any:
    """The same formula with a + b + c as one sum: as it is called, it is (a + b) + c and prints its brackets."""
    if not formula.args:
        return formula
    parts = [_flat(part) for part in formula.args]
    if formula.is_Add:
        parts = [term for part in parts for term in (part.args if part.is_Add else (part,))]
    return formula.func(*parts, evaluate=False)


def sum_of(values: Any, places: list[Any]) -> Any:
    """The sum of the values at some places (nearly always one), of whatever kind they are."""
    return reduce(add, [values[place] for place in places])


def rate_latex(name: str) -> str:
    """How formulas write the rate of a reaction: v with its name."""
    return f"v_{{\\text{{{name}}}}}"


def identifier(name: str) -> str:
    """A reaction's name as one word: letters, digits and underscores only."""
    return re.sub(r"\W+", "_", name)


# Parameters that the field writes with a letter of their own.
LETTERS = {"firing": "f", "gate": "g", "per": "p", "a2": r"\alpha"}


def latex_name(symbol: str) -> str:
    """A parameter's name as LaTeX: `Km_tyr_TH` as K with subscript, `net_activity` as a with subscript NET, `firing` as f."""
    head, *rest = symbol.split("_")
    match = re.fullmatch(r"([KVkE])(m|d|i|D|max)", head, re.IGNORECASE)
    if rest == ["activity"]:
        head, rest = "a", [head.upper()]
    elif match:
        head, rest = match[1].upper(), [match[2], *rest]
    elif head in LETTERS:
        head = LETTERS[head]
    elif len(head) > 1:
        head = f"\\text{{{head}}}"
    return head + (f"_{{\\text{{{', '.join(rest)}}}}}" if rest else "")
