"""A reaction network as SBML Level 3, for other simulators (libroadrunner, COPASI, Tellurium).

The kinetic laws are the formulas that a notebook prints, times the volume of the reaction's compartment: SBML counts
amounts per time. Needs python-libsbml, an extra: `pip install nbmodel[sbml]`.
"""

from __future__ import annotations

from typing import Any

from nbmodel.core import formulas
from nbmodel.core.network import Network
from nbmodel.core.reactions import Reaction, identifier

SECONDS = {"s": 1, "min": 60, "h": 3600}


def write(network: Network) -> str:
    """SBML document of a network at its initial state, as text: uM as umol/L, time in the network's unit.

    Clamped species become boundary species. A reaction's id is `v_` and its name, as in `formulas.balance`.

    Raises
    ------
    ImportError
        When python-libsbml is not installed.
    ValueError
        For a time unit or a name that SBML cannot carry.
    """
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
    for name, value in network.parameters.items():
        _set(model.createParameter(), Id=name, Value=value, Constant=False)  # a drug or a burst may change it
    for rule in network.rules:
        _set(model.createParameter(), Id=rule.name, Name=rule.meaning, Constant=False)
        formula = str(formulas.formula(network, rule.name)).replace("**", "^")
        _set(model.createAssignmentRule(), Variable=rule.name, Math=libsbml.parseL3FormulaWithModel(formula, model))
    for reaction in network.reactions:
        _add(libsbml, model, network, reaction)
    return libsbml.writeSBMLToString(document)


def _set(entry: Any, **attributes: Any) -> Any:
    """Set these attributes of an SBML element and return it; libsbml by itself drops what it does not accept, silently."""
    for attribute, value in attributes.items():
        if getattr(entry, f"set{attribute}")(value) != 0:
            raise ValueError(f"SBML does not accept {value!r} as the {attribute} of a {entry.getElementName()}")
    return entry


def _add(libsbml: Any, model: Any, network: Network, reaction: Reaction) -> None:
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
    formula = f"{network.reaction_compartment(reaction)} * ({formulas.formula(network, reaction.name)})".replace(
        "**", "^"
    )
    _set(entry.createKineticLaw(), Math=libsbml.parseL3FormulaWithModel(formula, model))
