"""From the level in plasma to the share of a target that a drug holds, and the whole way from doses to occupancy.

Occupancy comes from PET where a number was read: level over level plus EC50, times a largest share where the data need
one. Elsewhere it comes from the affinity in a dish and the unbound level. Where both are known this agrees for
duloxetine and not for atomoxetine (at 35 ng/mL a third by affinity, two thirds by the curve from monkeys), so each
target says which it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nbmodel.core.network import Array
from nbmodel.data.formulary import DrugError, Target, drug, load
from nbmodel.data.parameters import Parameters
from nbmodel.drugs.plasma_levels import plasma
from nbmodel.drugs.schedules import Regimen

if TYPE_CHECKING:
    import pandas as pd


def relative_concentration(
    name: str, level: Array | float, site: str | None = None, p: Parameters | None = None
) -> Array:
    """A level (ng/mL) as a multiple of the one that half-occupies a target (by default the drug's first).

    This is what competes at a receptor (`kinetics.autoinhibition`); the drug alone holds m / (1 + m) of what it can reach.
    Raises DrugError for a target that the drug does not have or only feeds (a substrate).
    """
    p = p or load()
    target = drug(name).target(site)
    if target.basis == "none":
        raise DrugError([f"{name} is a {target.action} of {target.site}: it has no occupancy there"])
    if target.basis == "affinity":
        return _by_affinity(name, level, target, p)
    return np.asarray(level) / p.value(f"{name}.EC50_{target.site}", "ng/mL")


def _by_affinity(name: str, level: Array | float, target: Target, p: Parameters) -> Array:
    unbound = np.asarray(level) * p.value(f"{name}.unbound", "dimensionless")
    return unbound / p.value(f"{name}.molar_mass", "ug/nmol") / p.value(target.affinity, "nM")  # ng/mL is ug/L


def occupancy(name: str, level: Array | float, site: str | None = None, p: Parameters | None = None) -> Array:
    """Share of a target (by default the drug's first) that the drug holds at a level in plasma (ng/mL), 0 to 1.

    Emax C / (EC50 + C) from PET where there is a number, else C / (K + C) of the unbound drug; see `Target.basis`.
    """
    p = p or load()
    m = relative_concentration(name, level, site, p)
    return maximal_occupancy(name, site, p) * m / (1 + m)


def maximal_occupancy(name: str, site: str | None = None, p: Parameters | None = None) -> float:
    """The largest share of a target that the drug can hold: 1 unless the PET data need less."""
    p, symbol = p or load(), f"{name}.Emax_{drug(name).target(site).site}"
    return p.value(symbol, "dimensionless") if symbol in p else 1.0


def occupancy_from_affinity(
    name: str, level: Array | float, site: str | None = None, p: Parameters | None = None
) -> Array:
    """What the affinity in a dish and the unbound level would give, also where PET says something else."""
    m = _by_affinity(name, level, drug(name).target(site), p or load())
    return m / (1 + m)


def efficacy(name: str, site: str | None = None, p: Parameters | None = None) -> float:
    """Efficacy at a receptor relative to norepinephrine: 0 for what only blocks."""
    target = drug(name).target(site)
    return (p or load()).value(target.efficacy, "dimensionless") if target.efficacy else 0.0


def time_course(
    given: Regimen,
    times: Array | Sequence[float],
    metaboliser: str = "extensive",
    weight: float | None = None,
    p: Parameters | None = None,
    clearance: float = 1.0,
) -> pd.DataFrame:
    """The whole chain at `times` (h): a column of plasma levels (ng/mL) per substance, and for each target of the drug
    `multiples ...` and `occupancy ...`, drug and metabolite together (they compete for the same site). Levels are those of
    the usual person over a relative `clearance`."""
    import pandas as pd

    medicine = drug(given.drug)
    names = [name for name in (medicine.name, medicine.metabolite) if name]
    # Only the first substance may differ between metabolisers; its metabolite has one set of numbers.
    kinds = [metaboliser if name == medicine.name else "extensive" for name in names]
    levels = {
        name: plasma(name, given, times, kind, weight, p) / clearance for name, kind in zip(names, kinds, strict=True)
    }
    table: dict[str, Array] = {f"plasma {name}": level for name, level in levels.items()}
    for target in medicine.targets:
        if target.basis != "none":
            m = np.sum([relative_concentration(name, level, target.site, p) for name, level in levels.items()], axis=0)
            table[f"multiples {target.site}"] = m
            table[f"occupancy {target.site}"] = maximal_occupancy(medicine.name, target.site, p) * m / (1 + m)
    return pd.DataFrame(table, index=pd.Index(np.asarray(times, dtype=float), name="time_h"))
