"""The dopamine terminal of Best, Nijhout & Reed 2009 (doi:10.1186/1742-4682-6-21), reproduced as published.

It is the ancestor of our norepinephrine terminal and its first test: the same rate laws, with the published constants
of `models.csv`, must give the published steady state and perturbations. Units are those of the paper: uM and hours.
"Firing" here is a share of the store released per hour, not a rate in Hz.
"""

from __future__ import annotations

from nbmodel.core import kinetics
from nbmodel.core.network import Network
from nbmodel.core.reactions import Reaction, Species
from nbmodel.data import parameters

REACTIONS = (
    Reaction("tyrosine uptake", "-> tyrosine", kinetics.michaelis_menten, {"s": "btyr", "vmax": "vmax_tyr_in", "km": "km_tyr_in"}),
    Reaction("tyrosine to pool", "tyrosine -> pool", kinetics.first_order, {"s": "tyrosine", "k": "k_tyr_pool"}),
    Reaction("tyrosine from pool", "pool -> tyrosine", kinetics.first_order, {"s": "pool", "k": "k_pool_tyr"}),
    Reaction("tyrosine loss", "tyrosine ->", kinetics.first_order, {"s": "tyrosine", "k": "k_tyr_loss"}),
    Reaction("pool loss", "pool ->", kinetics.first_order, {"s": "pool", "k": "k_pool_loss"}),
    Reaction(
        "TH", "tyrosine + bh4 -> ldopa + bh2", kinetics.dopamine_tyrosine_hydroxylase,
        {
            "catechol": "cda", "extracellular": "eda", "vmax": "vmax_TH", "km_tyrosine": "km_tyr", "km_bh4": "k_bh4",
            "ki_catechol": "ki_cda", "ki_tyrosine": "ki_tyr",
            "tyrosine_factor": "th_scale", "reference": "eda_ref", "gain": "auto_max", "weight": "auto_weight",
            "power": "auto_power", "one": "auto_one", "floor": "auto_min",
        },
    ),
    Reaction(
        "BH4 recycling", "bh2 -> bh4", kinetics.two_substrate_exchange,
        {
            "v_forward": "vf_DRR", "km_bh2": "kf_bh2", "km_nadph": "kf_nadph",
            "v_backward": "vb_DRR", "km_bh4": "kb_bh4", "km_nadp": "kb_nadp",
        },
    ),
    Reaction("AADC", "ldopa -> cda", kinetics.michaelis_menten, {"s": "ldopa", "vmax": "vmax_AADC", "km": "km_AADC"}),
    Reaction("VMAT2", "cda -> vda", kinetics.michaelis_menten, {"s": "cda", "vmax": "vmax_VMAT", "km": "km_VMAT"}),
    Reaction("leak", "vda -> cda", kinetics.first_order, {"s": "vda", "k": "k_leak"}),
    Reaction("release", "vda -> eda", kinetics.first_order, {"s": "vda", "k": "fire"}),
    Reaction("DAT", "eda -> cda", kinetics.michaelis_menten, {"s": "eda", "vmax": "vmax_DAT", "km": "km_DAT"}),
    Reaction("breakdown outside", "eda -> hva", kinetics.michaelis_menten, {"s": "eda", "vmax": "vmax_cat_eda", "km": "km_cat_eda"}),
    Reaction("removal", "eda ->", kinetics.first_order, {"s": "eda", "k": "k_rem_eda"}),
    Reaction("breakdown inside", "cda -> hva", kinetics.first_order, {"s": "cda", "k": "k_cat_cda"}),
    Reaction("removal of HVA", "hva ->", kinetics.first_order, {"s": "hva", "k": "k_hva"}),
)  # fmt: skip

SPECIES = (
    ("tyrosine", "tyrosine", r"[\text{Tyr}]"),
    ("pool", "tyrosine in exchange with proteins", r"[\text{Tyr}]_{\text{pool}}"),
    ("bh2", "dihydrobiopterin, the spent cofactor", r"[\text{BH}_2]"),
    ("bh4", "tetrahydrobiopterin, the cofactor of TH", r"[\text{BH}_4]"),
    ("ldopa", "L-DOPA", r"[\text{L-DOPA}]"),
    ("cda", "dopamine in the cytosol", r"[\text{DA}]_{\text{c}}"),
    ("vda", "dopamine in vesicles", r"[\text{DA}]_{\text{v}}"),
    ("eda", "dopamine outside the cell", r"[\text{DA}]_{\text{e}}"),
    ("hva", "homovanillic acid", r"[\text{HVA}]"),
)


def network() -> Network:
    """Dopamine terminal as published; it starts with all of its biopterin as BH4 and everything else absent.

    The paper counts all concentrations per one volume, so there is a single compartment.

    Returns
    -------
    Network
        Concentrations in uM, time in h.

    References
    ----------
    Best, Nijhout and Reed 2009, doi:10.1186/1742-4682-6-21

    Examples
    --------
    >>> network()["bh4"]  # uM
    360.0
    """
    constants = parameters.published_model("best2009")
    used = {name for reaction in REACTIONS for names in reaction.bindings() for name in names}
    initial = {"bh4": constants["biopterin_total"]}
    species = tuple(
        Species(name, "terminal", meaning, latex, initial.get(name, 0.0)) for name, meaning, latex in SPECIES
    )
    return Network(
        "dopamine terminal (Best, Nijhout & Reed 2009)", species, REACTIONS,
        {name: value for name, value in constants.items() if name in used}, {"terminal": 1.0}, "h", "best2009",
    )  # fmt: skip
