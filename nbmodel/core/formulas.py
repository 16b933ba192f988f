"""Formulas of a network: the same laws that give its numbers, called with sympy symbols.

sympy is imported by the functions, not with the module: it takes a second.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache, reduce
from operator import add
from typing import Any

from nbmodel.core.network import Network, NetworkError
from nbmodel.core.reactions import Reaction, Rule, identifier


def symbols(network: Network) -> dict[str, Any]:
    """Map every species, parameter and rule to a sympy symbol."""
    return _symbols((*network.index, *network.parameters, *(rule.name for rule in network.rules)))


@cache
def _symbols(names: tuple[str, ...]) -> dict[str, Any]:
    import sympy

    return {name: sympy.Symbol(name, positive=True) for name in names}


def symbol(name: str) -> Any:
    """Sympy symbol of this name, of the kind that formulas are made of."""
    return _symbols((name,))[name]


def formula(network: Network, name: str) -> Any:
    """Rate of a reaction, or a rule, as a sympy expression: its law, called with symbols. Rules stay symbols in it.

    Parameters
    ----------
    network : Network
    name : str
        Reaction or rule.

    Raises
    ------
    NetworkError
        For a name that the network does not have, with the nearest one.

    Examples
    --------
    >>> from nbmodel.models import dopamine_terminal
    >>> formula(dopamine_terminal.network(), "VMAT2")
    cda*vmax_VMAT/(cda + km_VMAT)
    """
    rules: dict[str, Rule] = {rule.name: rule for rule in network.rules}
    bound: Rule | Reaction = rules[name] if name in rules else network.reaction(name)
    known = symbols(network)
    return bound.law(*[reduce(add, [known[one] for one in names]) for names in bound.bindings()])


def expanded(network: Network, name: str) -> Any:
    """Rate of a reaction as a sympy expression in species and parameters only: every rule is written out."""
    found = formula(network, name)
    for rule in reversed(network.rules):
        found = found.subs(symbols(network)[rule.name], formula(network, rule.name))
    return found


def balance(network: Network, species: str) -> Any:
    """Sympy expression of d(species)/dt, written with the name of each reaction's rate.

    Examples
    --------
    >>> from nbmodel.models import dopamine_terminal
    >>> balance(dopamine_terminal.network(), "vda")
    v_VMAT2 - v_leak - v_release
    """
    import sympy

    row = zip(network.stoichiometry[network.index[species]], network.reactions, strict=True)
    return sum(sympy.nsimplify(c, rational=True) * sympy.Symbol("v_" + identifier(r.name)) for c, r in row if c)


def balance_latex(network: Network, species: str) -> str:
    """LaTeX of d(species)/dt, each rate by the name of its reaction: the equation that `solve` integrates."""
    import sympy

    written = {sympy.Symbol("v_" + identifier(r.name)): rate_latex(r.name) for r in network.reactions}
    left = rf"\frac{{d{network.species[network.index[species]].latex}}}{{dt}}"
    return f"{left} = " + sympy.latex(balance(network, species), symbol_names=written)


def jacobian(network: Network) -> Any:
    """Sympy matrix of d(derivative)/d(state), shape (species, species)."""
    import sympy

    rates = sympy.Matrix([expanded(network, reaction.name) for reaction in network.reactions])
    return sympy.Matrix(network.stoichiometry) * rates.jacobian([symbols(network)[s.name] for s in network.species])


def latex(network: Network, name: str) -> str:
    r"""LaTeX of the law of a reaction or a rule, factor by factor as its function is written.

    Raises
    ------
    NetworkError
        For a name that the network does not have, with the nearest one.

    Examples
    --------
    >>> from nbmodel.models import dopamine_terminal
    >>> print(latex(dopamine_terminal.network(), "leak"))
    v_{\text{leak}} = k_{\text{leak}}\, [\text{DA}]_{\text{v}}
    """
    import sympy

    rules = {rule.name: rule.latex for rule in network.rules}
    known = symbols(network)
    written = {known[s.name]: s.latex for s in network.species}
    written |= {known[p]: latex_name(p) for p in network.parameters}
    written |= {known[rule]: letter for rule, letter in rules.items()}
    with sympy.evaluate(False):
        found = formula(network, name)
    left = rules.get(name) or rate_latex(name)
    return f"{left} = " + sympy.latex(found, symbol_names=written, mul_symbol=r"\, ", order="none")


def law_latex(left: str, law: Callable[..., Any], written: Mapping[str, str]) -> str:
    r"""LaTeX of a law that stands in no network: `left` = the law called with symbols, term by term as it is written.

    Parameters
    ----------
    left : str
        LaTeX of the left side.
    law : callable
        Function of plain arithmetic. An argument that is a function and has a default (`exp`, `tanh`, `softplus`) is not
        written: sympy's takes its place, so the law that prints is the law that runs.
    written : Mapping
        LaTeX of each other argument.

    Raises
    ------
    NetworkError
        When `written` does not have exactly these arguments.

    Examples
    --------
    >>> from nbmodel.core import kinetics
    >>> print(law_latex("v", kinetics.first_order, {"s": "S", "k": "k"}))
    v = k\, S
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
    """Formula with a + b + c as one sum: as it is called, it is (a + b) + c and prints its brackets."""
    if not formula.args:
        return formula
    parts = [_flat(part) for part in formula.args]
    if formula.is_Add:
        parts = [term for part in parts for term in (part.args if part.is_Add else (part,))]
    return formula.func(*parts, evaluate=False)


def rate_latex(name: str) -> str:
    """LaTeX of the rate of a reaction: v with its name."""
    return f"v_{{\\text{{{name}}}}}"


# Parameters that the field writes with a letter of their own.
LETTERS = {"firing": "f", "gate": "g", "per": "p", "a2": r"\alpha"}


def latex_name(symbol: str) -> str:
    """LaTeX of a parameter's name: `Km_tyr_TH` is K with subscript, `net_activity` a with subscript NET, `firing` f."""
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
