"""A reaction network as SBML Level 3, for other simulators (libroadrunner, COPASI, Tellurium).

The kinetic laws are the formulas that a notebook prints, times the volume of the reaction's compartment: SBML counts
amounts per time. Needs python-libsbml, an extra: `pip install nbmodel[sbml]`.

With the unit of every parameter the document says what it counts in, and a program can check it. SBML knows concentrations
only: an amount relative to rest (of a transporter, say) is written as so many uM, and divided by one uM where it counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nbmodel.core import formulas
from nbmodel.core.network import Network
from nbmodel.core.reactions import Reaction, identifier

SECONDS = {"s": 1, "min": 60, "h": 3600}
ONE = "one_uM"  # a parameter of the document: 1 uM
NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?(?:e-?\d+)?)(?![\w.])")


def write(network: Network, units: Mapping[str, str] | None = None) -> str:
    """SBML document of a network at its initial state, as text: uM as umol/L, time in the network's unit.

    Clamped species become boundary species. A reaction's id is `v_` and its name, as in `formulas.balance`.

    Parameters
    ----------
    network : Network
    units : Mapping, optional
        Unit of every parameter and rule, such as 'uM**1 * s**-1' or 'dimensionless', made of uM and the network's time
        unit; species that are named here too are amounts relative to rest.

    Raises
    ------
    ImportError
        When python-libsbml is not installed.
    ValueError
        For a time unit, a unit or a name that SBML cannot carry.
    """
    units = units or {}
    try:
        import libsbml
    except ImportError:
        raise ImportError("writing SBML needs python-libsbml: pip install nbmodel[sbml]") from None
    if network.time_unit not in SECONDS:
        raise ValueError(f"{network.name}: the time unit {network.time_unit!r} is not one of {', '.join(SECONDS)}")
    document = libsbml.SBMLDocument(3, 2)
    model = document.createModel()
    model.setName(network.name)
    for name, kind, scale, seconds in (
        ("umol", libsbml.UNIT_KIND_MOLE, -6, 1),
        ("time_unit", libsbml.UNIT_KIND_SECOND, 0, SECONDS[network.time_unit]),
    ):
        _set(
            _set(model.createUnitDefinition(), Id=name).createUnit(),
            Kind=kind,
            Scale=scale,
            Multiplier=seconds,
            Exponent=1,
        )
    _set(model, SubstanceUnits="umol", ExtentUnits="umol", TimeUnits="time_unit", VolumeUnits="litre")

    for name, volume in network.compartments.items():
        _set(model.createCompartment(), Id=name, Size=volume, SpatialDimensions=3, Constant=True)
    for s in network.species:
        entry = _set(model.createSpecies(), Id=s.name, Name=s.meaning, Compartment=s.compartment)
        _set(
            entry,
            InitialConcentration=s.initial,
            HasOnlySubstanceUnits=False,
            BoundaryCondition=s.name in network.clamped,
            Constant=False,
        )
    if units:
        _set(model.createParameter(), Id=ONE, Value=1.0, Constant=True, Units=_unit(libsbml, model, "uM**1"))
    for name, value in network.parameters.items():
        entry = _set(model.createParameter(), Id=name, Value=value, Constant=False)  # a drug or a burst may change it
        if units:
            _set(entry, Units=_unit(libsbml, model, units[name]))
    for rule in network.rules:
        entry = _set(model.createParameter(), Id=rule.name, Name=rule.meaning, Constant=False)
        if units:
            _set(entry, Units=_unit(libsbml, model, units[rule.name]))
        formula = _formula(network, rule.name, units)
        _set(model.createAssignmentRule(), Variable=rule.name, Math=libsbml.parseL3FormulaWithModel(formula, model))
    for reaction in network.reactions:
        _add(libsbml, model, network, reaction, units)
    return libsbml.writeSBMLToString(document)


def _unit(libsbml: Any, model: Any, unit: str) -> str:
    """Id of a unit in the document, which is defined where it is not there yet."""
    if unit == "dimensionless":
        return unit
    powers = {name: int(power) for name, power in (part.split("**") for part in unit.split(" * "))}
    name = "_".join(f"{part}_{power}".replace("-", "per_") for part, power in powers.items())
    if model.getUnitDefinition(name) is None:
        definition = _set(model.createUnitDefinition(), Id=name)
        kinds = {
            "uM": ((libsbml.UNIT_KIND_MOLE, -6, 1), (libsbml.UNIT_KIND_LITRE, 0, -1)),
            "s": ((libsbml.UNIT_KIND_SECOND, 0, 1),),
        }
        for part, power in powers.items():
            for kind, scale, sign in kinds[part]:
                _set(definition.createUnit(), Kind=kind, Scale=scale, Multiplier=1, Exponent=sign * power)
    return name


def _formula(network: Network, name: str, units: Mapping[str, str]) -> str:
    """Formula of a reaction or a rule in SBML's way of writing; with units, its numbers have one too."""
    found = formulas.formula(network, name)
    if not units:
        return str(found).replace("**", "^")
    known = formulas.symbols(network)
    found = found.subs({known[s]: known[s] / formulas.symbol(ONE) for s in network.index if s in units})
    return NUMBER.sub(r"\1 dimensionless", str(found).replace("**", "^"))


def _set(entry: Any, **attributes: Any) -> Any:
    """Set these attributes of an SBML element and return it; libsbml by itself drops what it does not accept, silently."""
    for attribute, value in attributes.items():
        if getattr(entry, f"set{attribute}")(value) != 0:
            raise ValueError(f"SBML does not accept {value!r} as the {attribute} of a {entry.getElementName()}")
    return entry


def _add(libsbml: Any, model: Any, network: Network, reaction: Reaction, units: Mapping[str, str]) -> None:
    """Add the reaction, with its kinetic law, to the SBML model."""
    # A law does not say whether it can run backwards (BH4 recycling can), and "reversible" promises nothing.
    entry = _set(model.createReaction(), Id="v_" + identifier(reaction.name), Name=reaction.name, Reversible=True)
    for names, create in ((reaction.consumed, entry.createReactant), (reaction.produced, entry.createProduct)):
        for name in dict.fromkeys(names):
            _set(create(), Species=name, Stoichiometry=names.count(name), Constant=True)
    for name in network.index:
        bound = any(name in names for names in reaction.bindings())
        if bound and name not in reaction.consumed + reaction.produced:
            _set(entry.createModifier(), Species=name)
    relative = any(name in units for name in (*reaction.consumed, *reaction.produced))
    formula = f"{network.reaction_compartment(reaction)} * ({_formula(network, reaction.name, units)})"
    formula += f" * {ONE}" if relative else ""
    _set(entry.createKineticLaw(), Math=libsbml.parseL3FormulaWithModel(formula, model))
