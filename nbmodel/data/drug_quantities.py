"""The numbers that a drug can have, and the units in which each is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from nbmodel.data.typed_rows import did_you_mean

# Of what its kinetics, its binding and its schedule are made. A name that ends in _poor is that of poor metabolisers.
UNITS = {
    "F": ("dimensionless",),
    "clearance": ("L/h", "L/h/kg", "mL/min", "mL/min/kg"),
    "volume": ("L", "L/kg"),
    "halflife": ("h",),
    "flow": ("L/h", "L/h/kg"),
    "volume_peripheral": ("L", "L/kg"),
    "tmax": ("h",),
    "lag": ("h",),
    "absorption": ("1/h",),
    "unbound": ("dimensionless",),
    "molar_mass": ("g/mol",),
    "efficacy": ("dimensionless",),
    "dose": ("mg", "ug/kg/h"),
    "daily_dose": ("mg",),
    "per_day": ("dimensionless",),
    "interval": ("h",),
    # Read, and shown beside the model; they set nothing.
    "scan_time": ("h",),
    "occupancy_monkey": ("dimensionless",),
}
OF_A_SITE = {"EC50": ("ng/mL",), "Emax": ("dimensionless",), "ED50": ("mg/kg",)}  # such as EC50_NET
OF_A_TARGET = ("nM", "uM", "dimensionless")  # an affinity or an efficacy under a name of its own


def faults(quantity: str, unit: object, called: Collection[str]) -> Iterable[tuple[str, str]]:
    """Yield the faults of a number's name and unit, as entry and sentence.

    `called` are the numbers that the drug's targets name.

    Examples
    --------
    >>> list(faults("clearence", "L/h", ()))
    [('clearence', "is no number of a drug; did you mean 'clearance'?")]
    >>> list(faults("clearance", "L/hh", ()))
    [('unit', "'L/hh' is no unit of clearance here; write L/h, L/h/kg, mL/min or mL/min/kg")]
    """
    head, _, site = quantity.partition("_")
    known = (
        UNITS.get(quantity.removesuffix("_poor"))
        or (OF_A_TARGET if quantity in called else None)
        or (OF_A_SITE.get(head) if site else None)
    )
    if known is None:
        near = did_you_mean(quantity, UNITS) or f"; numbers are {', '.join(UNITS)}, or one that a target names"
        yield quantity, f"is no number of a drug{near}"
    elif isinstance(unit, str) and unit.strip() and unit not in known:
        written = " or ".join(part for part in (", ".join(known[:-1]), known[-1]) if part)
        yield "unit", f"{unit!r} is no unit of {quantity} here; write {written}"
