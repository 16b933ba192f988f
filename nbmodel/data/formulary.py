"""The medicines: what each acts on, what it is used for, and all its numbers, read from `drugs.toml`.

A drug is one section of that file, and nothing else. What a body does to it, what PET saw in people and what it does to a
protein in a dish stand there together (symbol: drug.quantity, or a name of its own where a target calls it so).
`load()` lays these numbers over `parameters.csv`, so that `p.replace(...)` varies either. Nothing here is medical advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from nbmodel.data import condition_table, drug_quantities, in_use, parameters
from nbmodel.data.parameters import Parameter, Parameters
from nbmodel.data.typed_rows import TableError, did_you_mean, toml_sections, typed

PER_DAY = {
    "usual": 0,
    "one": 1,
    "two": 2,
    "three": 3,
}  # doses a day, as a reader sets them; 0 is the drug's usual number


class DrugError(ValueError):
    """Raised for a drug, dose or schedule that is not there or was not studied; `problems` lists every fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Target:
    """Protein that a drug acts on, and the source of its occupancy.

    `action` is 'blocks' (a transporter), 'agonist', 'antagonist' or 'substrate'. `basis` is 'PET', 'effect' (the level
    of half an effect in people, which is no occupancy), 'affinity' (in a dish, of the unbound drug) or 'none'.
    `affinity` and `efficacy` are symbols of `load()`; an antagonist has no efficacy.
    """

    site: str
    action: Literal["blocks", "agonist", "antagonist", "substrate"]
    basis: Literal["PET", "effect", "affinity", "none"]
    affinity: str = ""
    efficacy: str = ""

    def faults(self) -> Iterable[tuple[str, str]]:
        """Yield the faults of the target as a whole: the entry, and a sentence."""
        if self.basis == "affinity" and not self.affinity:
            yield "affinity", "is missing for basis 'affinity'; name the number that holds it"
        if self.action == "agonist" and not self.efficacy:
            yield "efficacy", "is missing for an agonist; name the number that holds it"


@dataclass(frozen=True, slots=True)
class Drug:
    """Medicine or active metabolite (then `made_from` names the medicine).

    `uses` maps a condition to 'approved', 'off label' or 'probe' (given to study it, not to treat). It says that the
    drug is used, not that it works. `besides` names in words what else the drug is known to act on: no model here has it.
    `withheld` says why readouts of function would mislead, where they would; `remark` is a sentence for every report.
    `numbers` holds its own rows of `load()`, by symbol.
    """

    name: str
    kind: str
    targets: tuple[Target, ...] = ()
    uses: Mapping[str, Literal["approved", "off label", "probe"]] = field(default_factory=dict)
    metabolite: str = ""
    made_from: str = ""
    besides: str = ""
    withheld: str = ""
    remark: str = ""
    numbers: Mapping[str, Parameter] = field(default_factory=dict)

    def target(self, site: str | None = None) -> Target:
        """Return the target of that name, or the first. Raises DrugError, naming those there are."""
        known = {target.site: target for target in self.targets}
        if site is not None and site not in known:
            raise DrugError([f"{self.name} does not act on {site!r} here, but on {', '.join(known)}"])
        return self.targets[0] if site is None else known[site]


# -- the file ----------------------------------------------------------------------------------------------------


def read(path: Path) -> dict[str, Drug]:
    """Read and check a file of drugs: name -> drug, in the order of the file.

    Raises
    ------
    TableError
        With every fault: the drug, the entry, what is wrong and what to write instead.
    """
    problems: list[str] = []
    drugs: dict[str, Drug] = {}
    for name, section in toml_sections(path).items():
        if not isinstance(section, dict):
            problems.append(f"{path.name}, entry {name}: stands outside a section; put it below the [NAME] of its drug")
        elif made := _made(name, section, f"{path.name} [{name}", problems):
            drugs[name] = made
    if not problems:
        for name, drug in drugs.items():
            problems += [f"{path.name} [{name}], entry {entry}: {fault}" for entry, fault in _faults(drug, drugs)]
    if problems:
        raise TableError(problems)
    return drugs


def _made(name: str, section: Mapping[str, Any], where: str, problems: list[str]) -> Drug | None:
    """Return a drug of its section; None where an entry is wrong."""
    before = len(problems)
    words = {entry: cell for entry, cell in section.items() if entry not in ("targets", "numbers")}
    made = typed(Drug, {**words, "name": name}, f"{where}], entry", problems)
    cells, own = section.get("targets", []), section.get("numbers", {})
    if not (isinstance(cells, list) and cells and all(isinstance(cell, dict) for cell in cells)):
        problems.append(f"{where}], entry targets: are missing; add [[{name}.targets]] with site, action and basis")
        cells = []
    if not (isinstance(own, dict) and all(isinstance(cell, dict) for cell in own.values())):
        problems.append(f"{where}], entry numbers: are no sections; write each as [{name}.numbers.QUANTITY]")
        own = {}
    targets = [typed(Target, cell, f"{where}.targets], entry", problems) for cell in cells]
    called = {str(cell.get(entry, "")) for cell in cells for entry in ("affinity", "efficacy")}
    problems += [
        f"{where}.numbers.{quantity}], entry {entry}: {fault}"
        for quantity, cell in own.items()
        for entry, fault in drug_quantities.faults(quantity, cell.get("unit"), called)
    ]
    symbols = {quantity: quantity if quantity in called else f"{name}.{quantity}" for quantity in own}
    rows = {
        symbols[quantity]: typed(
            Parameter, {"symbol": symbols[quantity], **cell}, f"{where}.numbers.{quantity}], entry", problems
        )
        for quantity, cell in own.items()
    }
    if made is None or len(problems) > before:
        return None
    return replace(
        made,
        targets=tuple(target for target in targets if target),
        numbers={symbol: row for symbol, row in rows.items() if row},
    )


def _faults(drug: Drug, drugs: Mapping[str, Drug]) -> Iterable[tuple[str, str]]:
    """Yield the faults of a drug as a whole: the entry, and a sentence."""
    known = condition_table.conditions()
    for condition in drug.uses:
        if condition not in known:
            yield "uses", f"there is no condition {condition!r}{did_you_mean(condition, known) or '; add it first'}"
    for entry, back in (("metabolite", "made_from"), ("made_from", "metabolite")):
        other = getattr(drug, entry)
        if other and (other not in drugs or getattr(drugs[other], back) != drug.name):
            yield entry, f"{other!r} must have a section of its own that says {back} = {drug.name!r}"
    for target in drug.targets:
        for symbol in (target.affinity, target.efficacy):
            if symbol and symbol not in drug.numbers:
                quantity = symbol.removeprefix(f"{drug.name}.")
                yield "targets", f"{symbol!r} is no number of the drug; add [{drug.name}.numbers.{quantity}]"
    for quantity, why in _needed(drug):
        if f"{drug.name}.{quantity}" not in drug.numbers:
            yield "numbers", f"{quantity} is missing, {why}; add [{drug.name}.numbers.{quantity}]"
    has = {symbol.removeprefix(f"{drug.name}.") for symbol in drug.numbers}
    if "flow" not in has and len(has & {"clearance", "volume", "halflife"}) < 2:
        yield "numbers", "two of clearance, volume and halflife are needed; add what is missing"
    if (drug.made_from or "daily_dose" in has) and not has & {"tmax", "absorption"}:
        yield "numbers", "tmax or absorption is needed of what is swallowed; add one of them"


def _needed(drug: Drug) -> Iterable[tuple[str, str]]:
    """Return the quantities that a drug must have, each with the reason."""
    if not drug.made_from:
        yield "dose", "which every drug has that is given"
    if f"{drug.name}.daily_dose" in drug.numbers:
        yield from ((quantity, "which goes with daily_dose") for quantity in ("per_day", "interval"))
    if f"{drug.name}.flow" in drug.numbers:
        yield from ((quantity, "which goes with flow") for quantity in ("clearance", "volume", "volume_peripheral"))
    for target in drug.targets:
        if target.basis in ("PET", "effect"):
            yield f"EC50_{target.site}", f"on which basis {target.basis!r} rests"
        if target.basis == "affinity":
            yield from ((quantity, "on which basis 'affinity' rests") for quantity in ("unbound", "molar_mass"))


# -- what others ask ---------------------------------------------------------------------------------------------


@cache
def substances() -> dict[str, Drug]:
    """Return every drug and active metabolite of `drugs.toml`, by name.

    Examples
    --------
    >>> substances()["venlafaxine"].metabolite
    'O-desmethylvenlafaxine'
    """
    return read(parameters.FOLDER / "drugs.toml")


def load() -> Parameters:
    """Return `parameters.csv` and the numbers of all drugs as one table, or the table that `what_if.using` put in use.

    Raises
    ------
    TableError
        Where a symbol stands in both, or in two drugs.

    Examples
    --------
    >>> load().value("Kd_NET_reboxetine", "nM"), load().value("reboxetine.halflife", "h")
    (1.1, 13.0)
    """
    return in_use.table() or _collected()


@cache
def _collected() -> Parameters:
    """Table of the collection, put together once."""
    rows, problems = dict(parameters.load()), []
    for name, substance in substances().items():
        for symbol, row in substance.numbers.items():
            if symbol in rows:
                problems.append(f"drugs.toml [{name}], entry numbers: {symbol!r} stands twice; rename or remove one")
            rows[symbol] = row
    if problems:
        raise TableError(problems)
    return Parameters(rows)


def drug(name: str) -> Drug:
    """Return the drug of that name. Raises DrugError with the nearest name.

    Examples
    --------
    >>> drug("atomoxetine").kind
    'NET inhibitor'
    """
    known = substances()
    if name not in known:
        raise DrugError([f"no drug {name!r}; the drugs are {', '.join(medicines())}{did_you_mean(name, known)}"])
    return known[name]


def medicines(condition: str | None = None) -> list[str]:
    """Return the drugs that can be given (no metabolites): all, or those used in a condition.

    Examples
    --------
    >>> medicines("adhd")
    ['atomoxetine', 'methylphenidate', 'bupropion', 'clonidine', 'guanfacine']
    """
    return [d.name for d in substances().values() if not d.made_from and (condition is None or condition in d.uses)]


@cache
def metabolisers(name: str) -> tuple[str, ...]:
    """Return the kinds of people that the drug's kinetics tell apart: 'extensive', and 'poor' where numbers were read.

    Examples
    --------
    >>> metabolisers("atomoxetine"), metabolisers("reboxetine")
    (('extensive', 'poor'), ('extensive',))
    """
    poor = any(symbol.endswith("_poor") for symbol in drug(name).numbers)
    return ("extensive", "poor") if poor else ("extensive",)


def numbers(name: str, p: Parameters | None = None) -> list[Parameter]:
    """Return every row behind a drug's levels, occupancies and refused doses, in the order of the file.

    Its own come first, then its metabolite's, then those of their targets that the occupancies rest on.

    Examples
    --------
    >>> [row.symbol for row in numbers("reboxetine")][-3:]
    ['reboxetine.dose', 'reboxetine.daily_dose', 'Kd_NET_reboxetine']
    """
    p = p or load()
    involved = [drug(s) for s in (name, drug(name).metabolite) if s]
    usual = (".per_day", ".interval")  # a default that the reader sees, behind no result
    symbols = [
        symbol
        for each in involved
        for symbol in each.numbers
        if symbol.startswith(f"{each.name}.") and not symbol.endswith(usual)
    ]
    if any("/kg" in p[symbol].unit for symbol in symbols):
        symbols.append("body_weight")
    for target in (target for each in involved for target in each.targets):
        used = (target.affinity if target.basis == "affinity" else "", target.efficacy)
        symbols += [symbol for symbol in used if symbol and symbol not in symbols]
    return [p[symbol] for symbol in symbols]
