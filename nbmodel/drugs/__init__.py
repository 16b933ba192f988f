"""From the doses that are taken, through the level in plasma, to the share of a target that a drug holds.

`schedules` says what is taken when, `plasma_levels` what that leads to in a person (with the closed forms of
`pharmacokinetics`), `binding` which share of a target the drug then holds. The medicines themselves stand in
`data.formulary`; all of these are found here. `pharmacodynamics` is what drugs do to a terminal, `drug_levels` holds the
model against published levels. Nothing here is medical advice.
"""

from __future__ import annotations

from nbmodel.data.formulary import (
    Drug,
    DrugError,
    Target,
    drug,
    load,
    medicines,
    metabolisers,
    numbers,
    substances,
)
from nbmodel.drugs.binding import (
    efficacy,
    maximal_occupancy,
    occupancy,
    occupancy_from_affinity,
    relative_concentration,
    time_course,
)
from nbmodel.drugs.doubts import caveats, doubts
from nbmodel.drugs.plasma_levels import UNITS, Exposure, exposure, exposure_at_steady_state, plasma, profile
from nbmodel.drugs.schedules import DAY, WEEK, Regimen, infusion, last_day, regimen

__all__ = [
    "DAY",
    "UNITS",
    "WEEK",
    "Drug",
    "DrugError",
    "Exposure",
    "Regimen",
    "Target",
    "caveats",
    "doubts",
    "drug",
    "efficacy",
    "exposure",
    "exposure_at_steady_state",
    "infusion",
    "last_day",
    "load",
    "maximal_occupancy",
    "medicines",
    "metabolisers",
    "numbers",
    "occupancy",
    "occupancy_from_affinity",
    "plasma",
    "profile",
    "regimen",
    "relative_concentration",
    "substances",
    "time_course",
]
