"""The norepinephrine system in small, sourced models: the package that every notebook of the collection imports.

`from nbmodel import reuptake, norepinephrine_terminal` takes a theme or a model by its name; each is loaded when it is
first asked for, so importing the package itself loads nothing heavy. The rooms, from the ground up: `data` (sourced
numbers), `core` (rate laws, reaction networks, integration), `drugs`, `models`, a room for each theme, `scenario` (what
can be set), `evidence` (what the models are held against), `exercises`. The laboratory behind them (`kernels`, `report`,
`batch`, `check`, `course`, `grading`, `sandbox`) runs notebooks and knows no biology.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

# What notebooks and users take from the package: name, and the module behind it. The rest may move between releases.
PUBLIC = {
    # themes
    "synthesis": "nbmodel.synthesis",
    "reuptake": "nbmodel.reuptake",
    "lc_arousal": "nbmodel.lc_arousal",
    "sleep_wake": "nbmodel.sleep_wake",
    "attention": "nbmodel.attention",
    "disorders": "nbmodel.disorders",
    # what can be set, what the models are held against, exercises, pictures
    "scenario": "nbmodel.scenario",
    "evidence": "nbmodel.evidence",
    "claims": "nbmodel.evidence.claims",
    "scores": "nbmodel.evidence.scores",
    "exercises": "nbmodel.exercises",
    "figures": "nbmodel.figures",
    "schematics": "nbmodel.schematics",
    # models
    "norepinephrine_terminal": "nbmodel.models.norepinephrine_terminal",
    "dopamine_terminal": "nbmodel.models.dopamine_terminal",
    "receptors": "nbmodel.models.receptors",
    "varicosity": "nbmodel.models.varicosity",
    "circulation": "nbmodel.models.circulation",
    "dialysis": "nbmodel.models.dialysis",
    "transients": "nbmodel.models.transients",
    "dialysis_protocols": "nbmodel.models.dialysis_protocols",
    "cell_body_protocols": "nbmodel.models.cell_body_protocols",
    "probes": "nbmodel.models.probes",
    "tissue_protocols": "nbmodel.models.tissue_protocols",
    "firing": "nbmodel.models.firing",
    "gain": "nbmodel.models.gain",
    "cell_variety": "nbmodel.models.cell_variety",
    "detection": "nbmodel.models.detection",
    "cocktail_party": "nbmodel.models.cocktail_party",
    "performance": "nbmodel.models.performance",
    "decision": "nbmodel.models.decision",
    # people and medicines
    "drugs": "nbmodel.drugs",
    "drug_levels": "nbmodel.drugs.drug_levels",
    "pharmacodynamics": "nbmodel.drugs.pharmacodynamics",
    "pharmacokinetics": "nbmodel.drugs.pharmacokinetics",
    "conditions": "nbmodel.disorders.conditions",
    "treatment": "nbmodel.disorders.treatment",
    "clamped_balance": "nbmodel.disorders.clamped_balance",
    "readouts": "nbmodel.disorders.readouts",
    "virtual_patients": "nbmodel.disorders.virtual_patients",
    "clinical_studies": "nbmodel.disorders.clinical_studies",
    # chemistry without biology
    "kinetics": "nbmodel.core.kinetics",
    "network": "nbmodel.core.network",
    "formulas": "nbmodel.core.formulas",
    "solve": "nbmodel.core.solve",
    "ensemble": "nbmodel.core.ensemble",
    "roc": "nbmodel.core.roc",
    "sbml": "nbmodel.core.sbml",
    # numbers and sources
    "parameters": "nbmodel.data.parameters",
    "what_if": "nbmodel.data.what_if",
    "plausible": "nbmodel.data.plausible",
    "references": "nbmodel.data.references",
    "tables": "nbmodel.data.tables",
}


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        from nbmodel.data.typed_rows import did_you_mean

        raise AttributeError(f"nbmodel has no {name!r}{did_you_mean(name, PUBLIC)}")
    return import_module(PUBLIC[name])


def __dir__() -> list[str]:
    return sorted([*globals(), *PUBLIC])
