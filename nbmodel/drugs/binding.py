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
    """Level as a multiple of the one that half-occupies a target.

    This is what competes at a receptor (`kinetics.autoinhibition`); the drug alone holds m / (1 + m) of what it can
    reach.

    Parameters
    ----------
    name : str
        A drug or metabolite.
    level : float or array
        Level in plasma, ng/mL.
    site : str, optional
        A target of the drug; its first if not given.
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    array
        Without unit.

    Raises
    ------
    DrugError
        For a target that the drug does not have or only feeds (a substrate).

    Examples
    --------
    >>> level = 1 / float(relative_concentration("atomoxetine", 1.0))  # ng/mL that half-occupies NET
    >>> round(float(relative_concentration("atomoxetine", 2 * level)), 6)
    2.0
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
    """Share of a target that a drug holds at a level in plasma.

    Emax C / (EC50 + C) from PET where there is a number, else C / (K + C) of the unbound drug; see `Target.basis`.

    Parameters
    ----------
    name : str
        A drug or metabolite.
    level : float or array
        Level in plasma, ng/mL.
    site : str, optional
        A target of the drug; its first if not given.
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    array
        Shares, 0 to 1.

    Raises
    ------
    DrugError
        As `relative_concentration` does.

    Examples
    --------
    >>> round(float(occupancy("atomoxetine", 35.0)), 2)
    0.69
    """
    p = p or load()
    m = relative_concentration(name, level, site, p)
    return maximal_occupancy(name, site, p) * m / (1 + m)


def maximal_occupancy(name: str, site: str | None = None, p: Parameters | None = None) -> float:
    """Largest share of a target that the drug can hold: 1 unless the PET data need less."""
    p, symbol = p or load(), f"{name}.Emax_{drug(name).target(site).site}"
    return p.value(symbol, "dimensionless") if symbol in p else 1.0


def occupancy_from_affinity(
    name: str, level: Array | float, site: str | None = None, p: Parameters | None = None
) -> Array:
    """Share that the affinity in a dish and the unbound level would give, also where PET says something else.

    Parameters
    ----------
    name : str
        A drug or metabolite.
    level : float or array
        Level in plasma, ng/mL.
    site : str, optional
        A target of the drug; its first if not given.
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    array
        Shares, 0 to 1.

    Examples
    --------
    >>> round(float(occupancy_from_affinity("atomoxetine", 35.0)), 2)
    0.35
    """
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
    """Levels in plasma, relative concentrations and occupancies under a schedule: the whole way from doses to targets.

    Parameters
    ----------
    given : Regimen
        The schedule.
    times : array, shape (n,)
        Hours since its start.
    metaboliser : {'extensive', 'poor'}
        Kind of person, where the drug's numbers tell them apart.
    weight : float, optional
        Body weight, kg; the table's own if not given.
    p : Parameters, optional
        Table to read instead of the collection's.
    clearance : float
        Clearance relative to the usual person's; levels are divided by it.

    Returns
    -------
    DataFrame
        A row per time (index `time_h`): `plasma ...` (ng/mL) per substance, and for each target `multiples ...` and
        `occupancy ...`, drug and metabolite together (they compete for the same site).

    Raises
    ------
    DrugError
        As `plasma` does.

    Examples
    --------
    >>> from nbmodel.drugs.schedules import regimen
    >>> time_course(regimen("atomoxetine", 40, weeks=1), [0.0, 24.0]).columns.tolist()
    ['plasma atomoxetine', 'multiples NET', 'occupancy NET']
    """
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
