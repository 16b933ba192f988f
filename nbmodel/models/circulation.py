"""Norepinephrine in blood: overflow from nerves and a little from the adrenal, cleared within minutes.

One compartment: what nerves and adrenal let into plasma equals clearance times concentration; the volume follows from
clearance and half-life. The network counts uM and minutes; the functions take ug/min and give pg/mL, as papers print.
Clearance from arm veins is about twice that from arteries, as the arm itself takes NE up: these rows are venous.

A pressor effect is drawn from a threshold upward, and a first-order baroreflex holds it down. Two studies disagree on
that threshold by a factor of eight (`thr_NE`, `thr_NE_venous`): everything that depends on it takes it as an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nbmodel.core import kinetics, solve
from nbmodel.core.network import Array, Network
from nbmodel.core.reactions import Reaction, Species
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models import norepinephrine_terminal

if TYPE_CHECKING:
    import pandas as pd

# organ: share of all spillover, and NE released per molecule spilled (None where no measurement was found)
ORGANS = {
    "lungs": ("share_spill_lungs", None),
    "kidneys": ("share_spill_kidneys", "rel_spill_kidney"),
    "gut and liver": ("share_spill_gut", None),
    "heart": ("share_spill_heart", "rel_spill_heart"),
    "adrenal medulla": ("adrenal_share_NE", None),
    "forearm muscle": (None, "rel_spill_muscle"),
}

REACTIONS = (
    Reaction("overflow from nerves", "-> ne_plasma", kinetics.first_order, {"s": "nerve_activity", "k": "overflow"}),
    Reaction("adrenal secretion", "-> ne_plasma", kinetics.first_order, {"s": "adrenal_activity", "k": "secretion"}),
    Reaction("infusion", "-> ne_plasma", kinetics.constant, {"rate": "infusion"}),
    Reaction(
        "clearance",
        "ne_plasma ->",
        kinetics.scaled_first_order,
        {"s": "ne_plasma", "k": "k_clearance", "activity": "clearance"},
    ),
    Reaction("blood-brain barrier", "-> ne_brain", kinetics.first_order, {"s": "ne_plasma", "k": "k_barrier"}),
    Reaction("removal in brain", "ne_brain ->", kinetics.first_order, {"s": "ne_brain", "k": "k_brain"}),
)


def network(p: Parameters | None = None) -> Network:
    """Plasma at rest and what of it crosses into brain, uM and minutes; the volume of plasma's compartment is in litres.

    Handles, 1 at rest: `nerve_activity`, `adrenal_activity`, `clearance`; and `infusion` (uM/min, 0 at rest).
    `ne_brain` is only the NE that came from blood; it comes on top of what neurons release there.
    """
    p = p or parameters.load()
    k = float(np.log(2)) / p.value("thalf_plasma", "min")
    volume = p.value("MCR_NE", "L/min") / k
    production = p.value("S0_NE", "ug/min") / p.value("MW_NE", "ug/umol") / volume
    adrenal = p.value("adrenal_share_NE", "dimensionless")
    # Per gram of tissue, the barrier lets in PS * plasma; that spreads in the extracellular fluid of the gram.
    fluid = p.value("alpha_ecs", "dimensionless") / p.value("rho_tissue", "g/mL")
    barrier = p.value("PS_bbb_NE", "mL/g/min") / fluid
    terminal = norepinephrine_terminal.network(p)
    brain = 60.0 * (terminal.flux("NET NE") / terminal["ne_e"] + terminal.parameters["k_uptake2"])  # 1/min
    plasma = production / k
    species = (
        Species("ne_plasma", "plasma", "NE in plasma", r"[\text{NE}]_{\text{p}}", plasma),
        Species(
            "ne_brain",
            "brain",
            "NE in the brain that came from plasma",
            r"[\text{NE}]_{\text{b}}",
            barrier * plasma / brain,
        ),
    )
    values = {
        "nerve_activity": 1.0,
        "overflow": (1 - adrenal) * production,
        "adrenal_activity": 1.0,
        "secretion": adrenal * production,
        "infusion": 0.0,
        "k_clearance": k,
        "clearance": 1.0,
        "k_barrier": barrier,
        "k_brain": brain,
    }
    return Network("norepinephrine in blood", species, REACTIONS, values, {"plasma": volume, "brain": 1.0}, "min")


def in_pg_per_ml(concentration: Array | float) -> Array:
    """Concentration of NE in uM, as pg/mL."""
    return np.asarray(concentration) * parameters.load().value("MW_NE", "ug/umol") * 1e3


def hormone_threshold(symbol: str = "thr_NE") -> float:
    """Threshold of NE as a hormone (pg/mL): 'thr_NE', or 'thr_NE_venous' and 'thr_NE_arterial', far lower.

    Examples
    --------
    >>> hormone_threshold() > hormone_threshold("thr_NE_venous")
    True
    """
    row = parameters.load()[symbol]
    return row.value if row.unit == "pg/mL" else float(in_pg_per_ml(parameters.convert(row.value, row.unit, "uM")))


def infusion_for(rest: Network, concentration: float) -> float:
    """Infusion (ug/min) that holds plasma NE at `concentration` (pg/mL). Raises ValueError below the resting level."""
    above = concentration - float(in_pg_per_ml(rest["ne_plasma"]))
    if above < 0:
        raise ValueError(f"{concentration:g} pg/mL is below the resting level; an infusion cannot lower it")
    clearance = rest.parameters["k_clearance"] * rest.parameters["clearance"] * rest.compartments["plasma"]  # L/min
    return above * clearance / 1e3


def infuse(rest: Network, schedule: Sequence[tuple[float, float]], minutes: float) -> solve.Run:
    """Run of plasma NE under infusions.

    Parameters
    ----------
    rest : Network
        Blood at rest, as `network` gives it.
    schedule : sequence of (float, float)
        From each time (min) on, that rate (ug/min).
    minutes : float
        Length of the run.

    Returns
    -------
    Run
        Times in min; `plasma` reads pg/mL off it.
    """
    per_rate = 1 / parameters.load().value("MW_NE", "ug/umol") / rest.compartments["plasma"]
    events = [solve.Step(at, {"infusion": rate * per_rate}) for at, rate in schedule]
    times = np.union1d(np.linspace(0.0, minutes, 2401), [at for at, _ in schedule])
    return solve.run(rest, times, events)


def plasma(run: solve.Run) -> Array:
    """Course of plasma NE, pg/mL."""
    return in_pg_per_ml(run["ne_plasma"])


def response(run: solve.Run, threshold: float, baroreflex: bool = True, p: Parameters | None = None) -> pd.DataFrame:
    """Mean pressure (mmHg) and heart rate (1/min) while plasma NE runs its course; a row per time (min).

    Vessels answer in proportion to plasma NE above `threshold` (pg/mL), first-order in time. The baroreflex takes away
    a multiple of what pressure has risen and lengthens the interval between beats. Without it the heart does not change.
    The law is linear, so it is meant for rises of some 20 mmHg: without the baroreflex, for a few per cent of the dose.
    """
    import pandas as pd

    p = p or parameters.load()
    buffering = p.value("baroreflex_buffering", "dimensionless")
    gain = buffering - 1 if baroreflex else 0.0
    drive = buffering * p.value("pressor_slope", "mmHg*mL/pg") * np.maximum(plasma(run) - threshold, 0.0)
    # tau dy/dt = drive - (1 + gain) y, solved exactly for a drive that is straight between two times.
    rise = np.zeros_like(drive)
    steps = np.diff(run.times) * (1 + gain) / p.value("tau_pressor", "min")
    for i, a in enumerate(steps):
        kept, left = np.exp(-a), -np.expm1(-a)
        target = drive[i + 1] - drive[i] * kept - (drive[i + 1] - drive[i]) * left / a
        rise[i + 1] = kept * rise[i] + target / (1 + gain)
    interval = p.value("HR_rest", "1/min") ** -1 + baroreflex * p.value("baroreflex_RR", "min/mmHg") * rise
    return pd.DataFrame(
        {"plasma": plasma(run), "pressure": p.value("MAP_rest", "mmHg") + rise, "heart_rate": 1 / interval},
        index=run.times,
    )


def organs(p: Parameters | None = None) -> pd.DataFrame:
    """Sources of plasma NE: spillover (ug/min), its share, and the share of released NE that reaches blood.

    Examples
    --------
    >>> sorted(organs().columns)
    ['reaches_blood', 'share', 'spillover']
    """
    import pandas as pd

    p = p or parameters.load()
    total = p.value("S0_NE", "ug/min")
    rows = []
    for organ, (share, ratio) in ORGANS.items():
        part = p.value(share, "dimensionless") if share else float("nan")
        spilled = 1 / p.value(ratio, "dimensionless") if ratio else float("nan")
        rows.append({"organ": organ, "share": part, "spillover": part * total, "reaches_blood": spilled})
    return pd.DataFrame(rows).set_index("organ")


def removal_with_block(removal: float, net_share: float, blocked: float, mixed: bool = False) -> float:
    """Share of arterial NE that an organ removes when a share `blocked` of NET is, from the share `removal` without drug.

    `net_share` is NET's part in removal at low concentration. Blood passes an organ along capillaries, so the share
    that escapes falls exponentially with the capacity (Renkin and Crone); `mixed` treats the organ as one stirred bath.
    """
    left = 1 - blocked * net_share
    if mixed:
        capacity = removal / (1 - removal) * left
        return capacity / (1 + capacity)
    return float(1 - (1 - removal) ** left)


# -- protocols: published experiments; each takes the network at rest, or what it says ------------------------------


def plasma_half_life(rest: Network) -> float:
    """Half-life (min) of plasma NE above rest after an hour of infusion (Silverberg 1978)."""
    run = infuse(rest, [(0.0, infusion_for(rest, hormone_threshold())), (60.0, 0.0)], 90.0)
    after = run.times >= 60.0
    excess = plasma(run)[after] - plasma(run)[0]
    return float(np.interp(-0.5, -excess / excess[0], run.times[after] - 60.0))


def time_to_90_percent(rest: Network) -> float:
    """Minutes until an infusion that ends at the hormonal threshold has done 90 % of its rise."""
    goal = hormone_threshold()
    run = infuse(rest, [(0.0, infusion_for(rest, goal))], 60.0)
    done = (plasma(run) - plasma(run)[0]) / (goal - plasma(run)[0])
    return float(np.interp(0.9, done, run.times))


def infusion_to_threshold(rest: Network) -> float:
    """Infusion (ug/min) that brings plasma NE to the hormonal threshold of Silverberg 1978.

    >>> 0 < infusion_to_threshold(network()) < 100
    True
    """
    return infusion_for(rest, hormone_threshold())


def standing(rest: Network) -> float:
    """Plasma NE after 30 min of standing, as a multiple of supine, from spillover and clearance (Jacob 1998)."""
    p = parameters.load()
    nerves, clearance = p.value("spillover_standing", "dimensionless"), p.value("clearance_standing", "dimensionless")
    run = solve.run(rest.replace(nerve_activity=nerves, clearance=clearance), [0.0, 30.0])
    return run.final["ne_plasma"] / rest["ne_plasma"]


def stress_interview(rest: Network, drive: float | None = None) -> float:
    """Plasma NE averaged over 16 min of stress, as a multiple of rest; nerves fire `drive` times as much as before.

    By default the drive is that of a colour word test (Hjemdahl 1989), as the interview's own was not measured.
    """
    drive = parameters.load().value("spillover_stress", "dimensionless") if drive is None else drive
    run = solve.run(rest.replace(nerve_activity=drive), np.linspace(0.0, 16.0, 161))
    return float(np.trapezoid(run["ne_plasma"], run.times)) / 16.0 / rest["ne_plasma"]


def cardiac_arrest(rest: Network) -> float:
    """Plasma NE in cardiac arrest, as a multiple of rest, from the adrenal medulla alone (Wortsman 1984).

    The medulla secretes as much more as plasma epinephrine, which only it makes, was above rest. What nerves do in
    arrest is not known, so they stay at rest; and clearance stays, though blood hardly flows.
    """
    p = parameters.load()
    medulla = p.value("C_E_arrest", "pg/mL") / p.value("C0_E", "pg/mL")
    arrest = solve.steady_state(rest.replace(adrenal_activity=medulla))
    return arrest["ne_plasma"] / rest["ne_plasma"]


def level_after(rest: Network, rate_per_weight: float, minutes: float) -> float:
    """Plasma NE (pg/mL) after an infusion of `rate_per_weight` (ug/kg/min) for `minutes`."""
    rate = rate_per_weight * parameters.load().value("body_weight", "kg")
    return float(plasma(infuse(rest, [(0.0, rate)], minutes))[-1])


def infusion_high(rest: Network) -> float:
    """Plasma NE (pg/mL) after half an hour of 0.2 ug/kg/min (Ensinger 1992), sampled between artery and vein: the site was not read."""
    p = parameters.load()
    sites = [p.value(f"MCR_NE_{site}", "mL/min") for site in ("arterial", "venous")]
    sampled = rest.replace(clearance=float(np.sqrt(np.prod(sites))) / p.value("MCR_NE", "mL/min"))
    return level_after(solve.steady_state(sampled), 0.2, 30.0)


def infusion_low_fold(rest: Network) -> float:
    """Plasma NE after six hours of 178 pmol/kg/min, as a multiple of before: clearance cancels out."""
    per_weight = 178.0 * parameters.load().value("MW_NE", "ug/pmol")
    return level_after(rest, per_weight, 360.0) / float(in_pg_per_ml(rest["ne_plasma"]))


def heart_removal() -> float:
    """Share of arterial NE that the heart removes (Goldstein 1988): the calibration of the next."""
    return parameters.load().value("removal_heart", "dimensionless")


def heart_removal_desipramine(net_share: float | None = None, mixed: bool = False) -> float:
    """Share of arterial NE that the heart removes with desipramine; NET has its share of a slice, or `net_share`."""
    p = parameters.load()
    share = p.value("share_NET", "dimensionless") if net_share is None else net_share
    return removal_with_block(heart_removal(), share, p.value("occ_DMI_50nM", "dimensionless"), mixed)
