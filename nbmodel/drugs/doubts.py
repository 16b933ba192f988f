"""Doubts about the numbers behind a drug: those that were not read at a source, and the basis of its occupancy."""

from __future__ import annotations

from nbmodel.data.formulary import drug, numbers
from nbmodel.data.parameters import Parameter, Parameters


def doubts(name: str, p: Parameters | None = None) -> list[Parameter]:
    """Return the rows of `numbers` that were not read at a source ('to confirm') or are somebody's choice ('assumed')."""
    return [row for row in numbers(name, p) if row.status in ("to confirm", "assumed")]


def caveats(name: str, p: Parameters | None = None) -> list[str]:
    """Return the doubts about a drug in sentences for a report, and how its occupancy was found where that is not PET."""
    words = {
        "affinity": "is computed from the affinity in a dish and the unbound level in plasma, not measured in the brain",
        "effect": "is read off an effect in people, not measured as binding",
        "none": "does not apply: the drug is taken up and converted",
    }
    said = [f"Occupancy of {t.site} by {name} {words[t.basis]}." for t in drug(name).targets if t.basis in words]
    verbs = {"to confirm": "was not read at its source", "assumed": "is assumed"}
    for row in doubts(name, p):
        unit = "" if row.unit == "dimensionless" else f" {row.unit}"
        said.append(f"{row.name} ({row.value:g}{unit}; {row.preparation}) {verbs[row.status]}.")
    return said
