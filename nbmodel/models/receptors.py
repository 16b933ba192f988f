"""The adrenergic receptors: which there are, where they sit, what they do, and how much of each norepinephrine holds.

Occupancy is the law of mass action with one site per receptor: no Hill exponent, no spare receptors, full agonists.

All lessons use one set of constants of norepinephrine, *functional* ones: what it takes to see half of an effect. On
autoreceptors that is about 10 nM, on cell bodies of the locus coeruleus 220 nM; both were measured. On target cells none
was found. There alpha2 is taken to be as on the terminal, and alpha1 and beta1 to lie above it by the ratio of their
binding constants (about 56, 330 and 740 nM): scaled binding, not a measurement, and tissues often need far more NE.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbmodel.core.kinetics import Value
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

# nM: about the low (1), middle (5) and high (14) estimate of basal NE, and two levels that a strong drive reaches.
LEVELS = (1.0, 5.0, 14.0, 50.0, 100.0)


@dataclass(frozen=True, slots=True)
class Receptor:
    """Kind of receptor at one place. `affinity` is the parameter that holds NE's dissociation constant there.

    `site` is 'presynaptic' or 'somatodendritic' (on the cell that releases NE: its terminals, its body) or 'postsynaptic'
    (on the cell that receives it); `action` is 'inhibits' or 'excites' and tells what it does to the cell that carries it.
    """

    name: str
    affinity: str
    site: str
    place: str
    g_protein: str
    action: str
    means: str


RECEPTORS = (
    Receptor(
        "alpha2 on the terminal", "Kd_a2auto", "presynaptic", "NE terminal", "Gi/o", "inhibits", "releases less NE"
    ),
    Receptor(
        "alpha2 on the LC cell", "EC50_alpha2_LC", "somatodendritic", "LC soma", "Gi/o", "inhibits", "opens K+ channels"
    ),
    Receptor("alpha2 on the target", "Kd_a2auto", "postsynaptic", "target cell", "Gi/o", "inhibits", "lowers cAMP"),
    Receptor("alpha1", "K_NE_a1", "postsynaptic", "target cell", "Gq/11", "excites", "raises cytosolic Ca2+"),
    Receptor("beta1", "K_NE_b1", "postsynaptic", "target cell", "Gs", "excites", "raises cAMP"),
)


def competing_occupancy(
    x: Value, kd: Value, agonist: Value = 0, k_agonist: Value = 1, antagonist: Value = 0, k_antagonist: Value = 1
) -> Value:
    """Share of receptors that an agonist holds, NE or a drug, while an antagonist competes for them.

    Each ligand has its own dissociation constant, in the unit of its concentration. With no drug it is x / (x + kd).

    Parameters
    ----------
    x : float or array
        Concentration of NE.
    kd : float
        NE's dissociation constant, in the same unit.
    agonist, k_agonist : float
        Concentration and dissociation constant of a drug that stimulates.
    antagonist, k_antagonist : float
        The same of a drug that only occupies.

    Returns
    -------
    float or array
        Share, 0 to 1.

    Examples
    --------
    >>> competing_occupancy(10.0, kd=10.0)
    0.5
    >>> round(competing_occupancy(10.0, kd=10.0, antagonist=4.0), 3)
    0.167
    """
    held = x / kd + agonist / k_agonist
    return held / (1 + held + antagonist / k_antagonist)


def half_occupied(receptor: str, p: Parameters | None = None) -> float:
    """Concentration of NE (nM) at which half of a receptor is held: a search on the occupancy, not a look-up.

    Parameters
    ----------
    receptor : str
        Name of one of `RECEPTORS`.
    p : Parameters, optional
        Table to read instead of the collection's.

    Raises
    ------
    KeyError
        For a receptor that is not in `RECEPTORS`.

    Examples
    --------
    >>> round(half_occupied("alpha1"))
    60
    """
    from scipy.optimize import brentq

    kd = (p or parameters.load()).value({r.name: r.affinity for r in RECEPTORS}[receptor], "nM")
    return float(brentq(lambda x: competing_occupancy(x, kd) - 0.5, 0.0, 1e9))


def dose_ratio(antagonist: Value, k_antagonist: Value) -> Value:
    """Ratio of doses of an agonist that do the same, with and without a competitive antagonist (Schild).

    Both arguments are in the same unit.

    Examples
    --------
    >>> dose_ratio(9.0, k_antagonist=3.0)
    4.0
    """
    return 1 + antagonist / k_antagonist


def table(p: Parameters | None = None) -> pd.DataFrame:
    """Table of the receptors with NE's affinity (nM), its range and its status.

    Parameters
    ----------
    p : Parameters, optional
        Table to read instead of the collection's.

    Returns
    -------
    DataFrame
        A row for each receptor, indexed by name.

    Raises
    ------
    ParameterError
        When the table lacks an affinity.

    Examples
    --------
    >>> table().loc["alpha1", "G protein"]
    'Gq/11'
    """
    import pandas as pd

    p = p or parameters.load()
    rows = [
        {
            "site": r.site,
            "place": r.place,
            "G protein": r.g_protein,
            "action": r.action,
            "means": r.means,
            "kd": p.value(r.affinity, "nM"),
            "low": parameters.convert(p[r.affinity].low, p[r.affinity].unit, "nM"),
            "high": parameters.convert(p[r.affinity].high, p[r.affinity].unit, "nM"),
            # Target cells borrow the terminal's constant (see above): nobody verified it there.
            "status": "assumed" if r.site == "postsynaptic" else p[r.affinity].status,
            "symbol": r.affinity,
        }
        for r in RECEPTORS
    ]
    return pd.DataFrame(rows, index=pd.Index([r.name for r in RECEPTORS], name="receptor"))


def occupancies(ne: Sequence[float] = LEVELS, p: Parameters | None = None) -> pd.DataFrame:
    """Table of the share of each receptor that NE holds: a row per receptor, a column per level of `ne` (nM).

    Examples
    --------
    >>> round(float(occupancies([5.0, 50.0]).loc["alpha2 on the terminal", 50.0]), 2)
    0.83
    """
    import pandas as pd

    p = p or parameters.load()
    shares = [[competing_occupancy(x, p.value(r.affinity, "nM")) for x in ne] for r in RECEPTORS]
    index = pd.Index([r.name for r in RECEPTORS], name="receptor")
    return pd.DataFrame(shares, index=index, columns=pd.Index(ne, name="NE (nM)"))
