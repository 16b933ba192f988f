"""The norepinephrine terminal: from tyrosine in blood to norepinephrine outside the cell, and back or away.

No published kinetic model of a noradrenergic terminal was found. This one is our own. It takes the synthesis chain of
the dopamine terminal of Best, Nijhout & Reed 2009 and adds what makes a terminal noradrenergic:

- DBH turns dopamine into NE *inside* the vesicle, so the vesicle transporter and the enzyme both gate it;
- dopamine and NE compete for VMAT2, for NET and for MAO;
- firing activates TH, in place of the steep autoreceptor term with which synthesis would fall as firing rises;
- TH feels its products at the constant measured on the enzyme (KD_DA_TH_low), a thousandth of the published terminal's,
  which made up for a weak grip of the products by the autoreceptor term;
- impulses empty *docked* vesicles, a small share of all; fast firing uses them up, and the store refills them;
- alpha2 autoreceptors hold back release; NET, uptake-2 with COMT, and diffusion clear the extracellular space;
- transporters, MAO and autoreceptors are themselves made and lost over days, so what a drug destroys comes back.

Concentrations are uM: cytosol and vesicles per volume of terminal, the extracellular space per volume of its own.
Time is in seconds. What cannot be measured in a terminal (how much of each enzyme there is) follows from what can: the
store, its neighbours' levels and basal extracellular NE fix the balance of fluxes at rest, and that fixes each Vmax.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from scipy.optimize import brentq

from nbmodel.core import kinetics, solve
from nbmodel.core.network import Network, Reaction, Rule, Species
from nbmodel.data import parameters
from nbmodel.data.parameters import ParameterError, Parameters

if TYPE_CHECKING:
    import pandas as pd

SECONDS_PER_HOUR = 3600.0

# What is left of an enzyme or transporter when a drug, a disease or an experiment takes some away: 1 at rest.
HANDLES = ("th_activity", "vmat_activity", "dbh_activity", "net_activity", "mao_activity", "comt_activity", "ascorbate")

# Proteins that are made and lost over days: species, how formulas write it, what it is, parameters.csv's half-life.
RENEWED = (
    ("vmat2", r"\text{VMAT}", "VMAT2, with its vesicles", "thalf_VMAT2"),
    ("net", r"\text{NET}", "NET", "thalf_NET"),
    ("mao", r"\text{MAO}", "MAO", "thalf_MAO"),
    ("alpha2", r"\alpha_2", "alpha2 autoreceptors", "thalf_alpha2"),
)

# What is not in parameters.csv under its own name, because the resting balance sets it or rest defines it: unit, meaning.
SET_BY_REST = {
    "Vmax_TH": ("uM/s", "most that TH can do"),
    "Vmax_AADC": ("uM/s", "most that AADC can do"),
    "Vmax_VMAT": ("uM/s", "most that VMAT2 can pack"),
    "Vmax_DBH": ("uM/s", "most that DBH can do"),
    "Vmax_MAO": ("uM/s", "most that MAO can break down"),
    "Km_VMAT_DA": ("uM", "dopamine at which VMAT2 is half busy"),
    "Km_VMAT_NE": ("uM", "NE at which VMAT2 is half busy"),
    "per_impulse": ("", "share of docked vesicles that one impulse empties when nothing holds it back"),
    "at_rest": ("", "what there is of a protein at rest"),
    "k_dock": ("1/s", "share of the store that docks each second"),
    "stimulated_at_rest": ("", "share of autoreceptors through which NE signals at rest"),
    **{f"k_renewal_{name}": ("1/s", f"renewal of {what}") for name, _, what, _ in RENEWED},
    **{
        f"destruction_{name}": ("1/s", f"what an irreversible drug does to {what} (0 at rest)")
        for name, _, what, _ in RENEWED[:3]
    },
    "firing_basal": ("Hz", "firing rate at rest"),
    "droxidopa_supply": ("uM/s", "droxidopa taken up (0 at rest)"),
    "gate_at_rest": ("", "what the autoreceptors leave at rest"),
    "a2_agonist": ("", "alpha2 agonist, as a multiple of its dissociation constant (0 at rest)"),
    "a2_efficacy": ("", "its efficacy: 1 full, below 1 a partial agonist"),
    "a2_antagonist": ("", "alpha2 antagonist, as a multiple of its dissociation constant (0 at rest)"),
    "soma_feedback": ("", "1 where alpha2 receptors of the LC cell bodies feel the change too, else 0"),
    "k_uptake2": ("1/s", "uptake-2: share of NE outside handed to COMT each second"),
    "k_diffusion": ("1/s", "share of NE outside that diffuses away each second"),
    "k_MAO_NMN": ("1/s", "share of NMN that MAO turns into MHPG each second"),
    "k_out_NMN": ("1/s", "share of NMN that leaves unchanged each second"),
    **dict.fromkeys(("kf_bh2", "kf_nadph", "kb_bh4", "kb_nadp"), ("uM", "saturation constant of BH4 recycling")),
    **dict.fromkeys(("vf_DRR", "vb_DRR"), ("uM/s", "most that BH4 recycling can do")),
    **dict.fromkeys(("nadph", "nadp", "km_tyr_in"), ("uM", "concentration, constant")),
    "vmax_tyr_in": ("uM/s", "most tyrosine that can be taken up"),
    **dict.fromkeys(("k_tyr_pool", "k_pool_tyr", "k_tyr_loss", "k_pool_loss"), ("1/s", "exchange of tyrosine")),
}

# What follows at once from the state: the alpha2 gate, firing under its feedback, and what firing does to TH.
RULES = (
    Rule(
        "stimulated", "share of autoreceptors through which NE and drugs signal", "s", kinetics.stimulation,
        {"x": "ne_e", "kd": "Kd_a2auto", "agonist": "a2_agonist", "efficacy": "a2_efficacy", "antagonist": "a2_antagonist"},
    ),
    Rule(
        "gate", "what alpha2 receptors leave of release and firing", "g", kinetics.autoinhibition,
        {"imax": "Imax_a2auto", "receptors": "alpha2"},
    ),
    Rule(
        "lc_rate", "firing rate of the locus coeruleus under feedback, Hz", r"f_{\text{LC}}", kinetics.firing_under_feedback,
        {"drive": "firing", "soma": "soma_feedback"},
    ),
    Rule(
        "activation", "activation of TH by firing", "A", kinetics.activity_factor,
        {"firing": "lc_rate", "gain": "gain_TH_firing", "firing_half": "f_half_TH"},
    ),
)  # fmt: skip

REACTIONS = (
    Reaction(
        "tyrosine uptake", "-> tyrosine", kinetics.michaelis_menten,
        {"s": "tyrosine_blood", "vmax": "vmax_tyr_in", "km": "km_tyr_in"},
    ),
    Reaction("tyrosine to pool", "tyrosine -> tyrosine_pool", kinetics.first_order, {"s": "tyrosine", "k": "k_tyr_pool"}),
    Reaction("tyrosine from pool", "tyrosine_pool -> tyrosine", kinetics.first_order, {"s": "tyrosine_pool", "k": "k_pool_tyr"}),
    Reaction("tyrosine loss", "tyrosine ->", kinetics.first_order, {"s": "tyrosine", "k": "k_tyr_loss"}),
    Reaction("pool loss", "tyrosine_pool ->", kinetics.first_order, {"s": "tyrosine_pool", "k": "k_pool_loss"}),
    Reaction(
        "TH", "tyrosine + bh4 -> ldopa + bh2", kinetics.scaled_tyrosine_hydroxylase,
        {
            "catechol": "da_c + ne_c", "activity": "th_activity", "vmax": "Vmax_TH", "km_tyrosine": "Km_tyr_TH",
            "km_bh4": "K_BH4_TH", "ki_catechol": "KD_DA_TH_low", "ki_tyrosine": "Ki_tyr_TH",
        },
    ),
    Reaction(
        "BH4 recycling", "bh2 -> bh4", kinetics.two_substrate_exchange,
        {
            "v_forward": "vf_DRR", "km_bh2": "kf_bh2", "km_nadph": "kf_nadph",
            "v_backward": "vb_DRR", "km_bh4": "kb_bh4", "km_nadp": "kb_nadp",
        },
    ),
    Reaction("AADC", "ldopa -> da_c", kinetics.michaelis_menten, {"s": "ldopa", "vmax": "Vmax_AADC", "km": "Km_AADC"}),
    # Droxidopa enters past TH. AADC, which has capacity to spare, makes NE of it in the cytosol: no DBH is needed.
    Reaction("NE from droxidopa", "-> ne_c", kinetics.constant, {"rate": "droxidopa_supply"}),
    Reaction(
        "VMAT2 dopamine", "da_c -> da_v", kinetics.scaled_competitive,
        {
            "s": "da_c", "rival": "ne_c", "vmax": "Vmax_VMAT", "km": "Km_VMAT_DA", "km_rival": "Km_VMAT_NE",
            "activity": "vmat_activity", "amount": "vmat2",
        },
    ),
    Reaction(
        "VMAT2 NE", "ne_c -> ne_v", kinetics.scaled_competitive,
        {
            "s": "ne_c", "rival": "da_c", "vmax": "Vmax_VMAT", "km": "Km_VMAT_NE", "km_rival": "Km_VMAT_DA",
            "activity": "vmat_activity", "amount": "vmat2",
        },
    ),
    Reaction("leak of dopamine", "da_v -> da_c", kinetics.first_order, {"s": "da_v", "k": "k_leak"}),
    Reaction("leak of NE", "ne_v -> ne_c", kinetics.first_order, {"s": "ne_v", "k": "k_leak"}),
    Reaction(
        "DBH", "da_v -> ne_v", kinetics.dopamine_beta_hydroxylase,
        {"s": "da_v", "vmax": "Vmax_DBH", "km": "Km_DBH", "activity": "dbh_activity"},
    ),
    Reaction("docking of dopamine", "da_v -> da_d", kinetics.first_order, {"s": "da_v", "k": "k_dock"}),
    Reaction("docking of NE", "ne_v -> ne_d", kinetics.first_order, {"s": "ne_v", "k": "k_dock"}),
    Reaction("undocking of dopamine", "da_d -> da_v", kinetics.first_order, {"s": "da_d", "k": "k_refill"}),
    Reaction("undocking of NE", "ne_d -> ne_v", kinetics.first_order, {"s": "ne_d", "k": "k_refill"}),
    Reaction("release of dopamine", "da_d -> da_e", kinetics.release, {"docked": "da_d", "firing": "lc_rate"}),
    Reaction("release of NE", "ne_d -> ne_e", kinetics.release, {"docked": "ne_d", "firing": "lc_rate"}),
    Reaction(
        "NET dopamine", "da_e -> da_c", kinetics.scaled_competitive,
        {
            "s": "da_e", "rival": "ne_e", "vmax": "Vmax_NET", "km": "Km_NET_DA", "km_rival": "Km_NET_NE",
            "activity": "net_activity", "amount": "net",
        },
    ),
    Reaction(
        "NET NE", "ne_e -> ne_c", kinetics.scaled_competitive,
        {
            "s": "ne_e", "rival": "da_e", "vmax": "Vmax_NET", "km": "Km_NET_NE", "km_rival": "Km_NET_DA",
            "activity": "net_activity", "amount": "net",
        },
    ),
    Reaction(
        "MAO dopamine", "da_c -> dopac", kinetics.scaled_competitive,
        {
            "s": "da_c", "rival": "ne_c", "vmax": "Vmax_MAO", "km": "Km_MAOA_NE", "km_rival": "Km_MAOA_NE",
            "activity": "mao_activity", "amount": "mao",
        },
    ),
    Reaction(
        "MAO NE", "ne_c -> dhpg", kinetics.scaled_competitive,
        {
            "s": "ne_c", "rival": "da_c", "vmax": "Vmax_MAO", "km": "Km_MAOA_NE", "km_rival": "Km_MAOA_NE",
            "activity": "mao_activity", "amount": "mao",
        },
    ),
    Reaction(
        "uptake-2 and COMT, NE", "ne_e -> nmn", kinetics.scaled_first_order,
        {"s": "ne_e", "k": "k_uptake2", "activity": "comt_activity"},
    ),
    Reaction(
        "uptake-2 and COMT, dopamine", "da_e -> mt3", kinetics.scaled_first_order,
        {"s": "da_e", "k": "k_uptake2", "activity": "comt_activity"},
    ),
    Reaction("diffusion of NE", "ne_e ->", kinetics.first_order, {"s": "ne_e", "k": "k_diffusion"}),
    Reaction("diffusion of dopamine", "da_e ->", kinetics.first_order, {"s": "da_e", "k": "k_diffusion"}),
    Reaction("COMT on DHPG", "dhpg -> mhpg", kinetics.scaled_first_order, {"s": "dhpg", "k": "k_COMT_DHPG", "activity": "comt_activity"}),
    Reaction(
        "MAO on NMN", "nmn -> mhpg", kinetics.enzyme_first_order,
        {"s": "nmn", "k": "k_MAO_NMN", "amount": "mao", "activity": "mao_activity"},
    ),
    Reaction("removal of NMN", "nmn ->", kinetics.first_order, {"s": "nmn", "k": "k_out_NMN"}),
    *(
        Reaction(f"removal of {name.upper()}", f"{name} ->", kinetics.first_order, {"s": name, "k": "k_out_metabolites"})
        for name in ("dhpg", "mhpg", "dopac", "mt3")
    ),
    # What is destroyed comes back only as it is made anew. At rest as much is made as is lost.
    *(
        Reaction(f"renewal of {name.upper()}", f"-> {name}", kinetics.first_order, {"s": "at_rest", "k": f"k_renewal_{name}"})
        for name in ("vmat2", "net", "mao")
    ),
    *(
        Reaction(
            f"loss of {name.upper()}", f"{name} ->", kinetics.first_order,
            {"s": name, "k": f"k_renewal_{name} + destruction_{name}"},
        )
        for name in ("vmat2", "net", "mao")
    ),
    Reaction(
        "renewal of alpha2", "-> alpha2", kinetics.receptor_loss,
        {"s": "at_rest", "k": "k_renewal_alpha2", "stimulated": "stimulated_at_rest"},
    ),
    Reaction("loss of alpha2", "alpha2 ->", kinetics.receptor_loss, {"s": "alpha2", "k": "k_renewal_alpha2"}),
)  # fmt: skip


def network(p: Parameters | None = None) -> Network:
    """The terminal at rest, every species at its steady state, for the parameter table `p` (the collection's own by default).

    Parameters that a drug, a disease or an experiment changes are dimensionless shares, 1 at rest (`HANDLES`), and
    `firing` (Hz). Raises ParameterError for a table without the rows it needs.
    """
    return _by_default() if p is None else _built(p)


@cache
def _by_default() -> Network:
    return _built(parameters.load())


@solve.remembered
def resting(basal_ne: float) -> Network:
    """The terminal at rest with another basal extracellular NE (nM): the number least well known of all."""
    return network(parameters.load().replace(x0_ECF=basal_ne))


def _built(p: Parameters) -> Network:
    best = parameters.published_model("best2009")

    def uM(symbol: str) -> float:
        return p.value(symbol, "uM")

    def per_second(symbol: str) -> float:
        return p.value(symbol, "1/s")

    # What is measured, or assumed, about the resting state.
    ecf_per_terminal = p.value("alpha_ecs", "dimensionless") / p.value("rho_terminal", "dimensionless")
    tissue_ne = p.value("C_NE_cortex", "g/kg") * p.value("rho_tissue", "kg/L") / p.value("MW_NE", "g/mol") * 1e6  # uM
    stored_ne = tissue_ne / p.value("rho_terminal", "dimensionless")
    da_per_ne = p.value("DA_NE_store", "dimensionless")
    ne_e, ne_c = uM("x0_ECF"), uM("NE_cytosol")
    firing = p.value("r_LC_AW", "Hz")
    km_ne, km_da, vmax_net, k_other = (
        uM("Km_NET_NE"),
        uM("Km_NET_DA"),
        p.value("Vmax_NET", "uM/s"),
        per_second("k_nonNET"),
    )
    km_vmat_ne, km_vmat_da, k_leak = uM("Km_VMAT2_NE"), uM("Km_VMAT"), per_second("k_leak")
    kd_a2, imax = uM("Kd_a2auto"), p.value("Imax_a2auto", "dimensionless")
    km_mao = uM("Km_MAOA_NE")
    vmax_mao = per_second("k_MAO") * km_mao

    # Outside: release equals clearance; dopamine leaves its store at the same fractional rate as NE.
    def recaptured(s: float, rival: float, km: float, km_rival: float) -> float:
        return float(kinetics.competitive(s, rival, vmax_net, km, km_rival))

    def excess_dopamine(da: float) -> float:
        ne_cleared = recaptured(ne_e, da, km_ne, km_da) + k_other * ne_e
        return recaptured(da, ne_e, km_da, km_ne) + k_other * da - ne_cleared * da_per_ne

    da_e = float(brentq(excess_dopamine, 0.0, 100 * ne_e, xtol=1e-18, rtol=1e-14))
    net_ne = recaptured(ne_e, da_e, km_ne, km_da) * ecf_per_terminal
    net_da = recaptured(da_e, ne_e, km_da, km_ne) * ecf_per_terminal
    lost_ne, lost_da = k_other * ne_e * ecf_per_terminal, k_other * da_e * ecf_per_terminal
    stimulated = float(kinetics.stimulation(ne_e, kd_a2, 0.0, 1.0, 0.0))
    gate = float(kinetics.autoinhibition(imax, 1.0, stimulated))

    # Docked vesicles: as many as release what is cleared; the store holds the rest of what the tissue contains.
    emptied, k_refill = p.value("p_release", "dimensionless"), per_second("k_refill")
    ne_d = (net_ne + lost_ne) / (firing * emptied)
    if ne_d >= stored_ne:
        raise ParameterError(
            f"p_release = {emptied:g} is too small: at {firing:g} Hz, {ne_d:.3g} uM would have to be docked to release what "
            f"is cleared, and the terminal holds {stored_ne:.3g} uM; raise p_release or lower x0_ECF"
        )
    ne_v, da_d = stored_ne - ne_d, da_per_ne * ne_d
    da_v = da_per_ne * ne_v

    # Inside: what leaves the neuron as NE or as its metabolite is made anew by DBH; VMAT2 refills what leaks and returns.
    def fluxes(da_c: float) -> tuple[float, float, float]:
        mao_ne = float(kinetics.competitive(ne_c, da_c, vmax_mao, km_mao, km_mao))
        dbh = lost_ne + mao_ne
        return (
            dbh,
            net_ne + k_leak * ne_v - mao_ne,
            dbh + k_leak * da_v + net_da + lost_da,
        )  # DBH, VMAT2 of NE, VMAT2 of DA

    def excess_vmat(da_c: float) -> float:
        _, vmat_ne, vmat_da = fluxes(da_c)
        return da_c / km_vmat_da * vmat_ne - ne_c / km_vmat_ne * vmat_da

    da_c = float(brentq(excess_vmat, 0.0, 1e6 * ne_c, xtol=1e-18, rtol=1e-14))
    dbh, vmat_ne, vmat_da = fluxes(da_c)
    th = vmat_da - k_leak * da_v - net_da + float(kinetics.competitive(da_c, ne_c, vmax_mao, km_mao, km_mao))

    # The chain before dopamine is that of the published terminal, all of it scaled to carry this flux.
    scale = th / best["ss_V_TH"]
    tyrosine, bh2, bh4, ldopa = best["ss_tyr"], best["ss_bh2"], best["ss_bh4"], best["ss_ldopa"]
    km_tyr, k_bh4, ki_cat, ki_tyr = uM("Km_tyr_TH"), uM("K_BH4_TH"), uM("KD_DA_TH_low"), uM("Ki_tyr_TH")
    to_pool, from_pool, loss, pool_loss = (
        scale * best[k] for k in ("k_tyr_pool", "k_pool_tyr", "k_tyr_loss", "k_pool_loss")
    )
    pool = to_pool * tyrosine / (from_pool + pool_loss)
    blood = uM("tyrosine_blood")
    supply = th + (to_pool + loss) * tyrosine - from_pool * pool
    drr = {name: best[name] for name in ("nadph", "nadp", "kf_bh2", "kf_nadph", "kb_bh4", "kb_nadp")}
    drr_flux = kinetics.two_substrate_exchange(
        bh2,
        bh4,
        drr["nadph"],
        drr["nadp"],
        best["vf_DRR"],
        drr["kf_bh2"],
        drr["kf_nadph"],
        best["vb_DRR"],
        drr["kb_bh4"],
        drr["kb_nadp"],
    )
    drr_scale = th / drr_flux

    uptake2 = p.value("share_uptake2", "dimensionless") * k_other
    comt_dhpg, out = per_second("k_COMT_DHPG"), per_second("k_out_metabolites")
    # NMN hardly leaves the brain as such: it is gone ten times more slowly when MAO is blocked.
    out_nmn = math.log(2) / p.value("thalf_NMN_without_MAO", "s")
    mao_nmn = math.log(2) / p.value("thalf_NMN", "s") - out_nmn
    nmn = uptake2 * ne_e / (mao_nmn + out_nmn)
    dhpg = float(kinetics.competitive(ne_c, da_c, vmax_mao, km_mao, km_mao)) / ecf_per_terminal / (comt_dhpg + out)
    mhpg = (comt_dhpg * dhpg + mao_nmn * nmn) / out
    dopac = float(kinetics.competitive(da_c, ne_c, vmax_mao, km_mao, km_mao)) / ecf_per_terminal / out

    species = (
        Species("tyrosine", "terminal", "tyrosine in the terminal", r"[\text{Tyr}]", tyrosine),
        Species("tyrosine_pool", "terminal", "tyrosine in exchange with proteins", r"[\text{Tyr}]_{\text{pool}}", pool),
        Species("bh2", "terminal", "dihydrobiopterin, the spent cofactor", r"[\text{BH}_2]", bh2),
        Species("bh4", "terminal", "tetrahydrobiopterin, the cofactor of TH", r"[\text{BH}_4]", bh4),
        Species("ldopa", "terminal", "L-DOPA", r"[\text{L-DOPA}]", ldopa),
        Species("da_c", "terminal", "dopamine in the cytosol", r"[\text{DA}]_{\text{c}}", da_c),
        Species("ne_c", "terminal", "NE in the cytosol", r"[\text{NE}]_{\text{c}}", ne_c),
        Species("da_v", "terminal", "dopamine in vesicles", r"[\text{DA}]_{\text{v}}", da_v),
        Species("ne_v", "terminal", "NE in vesicles: the store", r"[\text{NE}]_{\text{v}}", ne_v),
        Species("da_d", "terminal", "dopamine in docked vesicles", r"[\text{DA}]_{\text{d}}", da_d),
        Species("ne_d", "terminal", "NE in docked vesicles", r"[\text{NE}]_{\text{d}}", ne_d),
        Species("da_e", "extracellular", "dopamine outside the cells", r"[\text{DA}]_{\text{e}}", da_e),
        Species("ne_e", "extracellular", "NE outside the cells", r"[\text{NE}]_{\text{e}}", ne_e),
        Species("dopac", "extracellular", "DOPAC, dopamine after MAO", r"[\text{DOPAC}]", dopac),
        Species("mt3", "extracellular", "3-methoxytyramine, dopamine after COMT", r"[\text{3-MT}]", uptake2 * da_e / out),
        Species("dhpg", "extracellular", "DHPG, NE after MAO", r"[\text{DHPG}]", dhpg),
        Species("mhpg", "extracellular", "MHPG, DHPG after COMT and NMN after MAO", r"[\text{MHPG}]", mhpg),
        Species("nmn", "extracellular", "normetanephrine, NE after COMT", r"[\text{NMN}]", nmn),
        *(
            Species(name, "terminal", f"{what}, relative to rest", rf"n_{{{latex}}}", 1.0)
            for name, latex, what, _ in RENEWED
        ),
    )  # fmt: skip
    th_per_vmax = kinetics.tyrosine_hydroxylase(tyrosine, bh4, da_c + ne_c, 1.0, km_tyr, k_bh4, ki_cat, ki_tyr)
    values = {
        "tyrosine_blood": blood, "km_tyr_in": best["km_tyr_in"], "vmax_tyr_in": supply * (best["km_tyr_in"] + blood) / blood,
        "k_tyr_pool": to_pool, "k_pool_tyr": from_pool, "k_tyr_loss": loss, "k_pool_loss": pool_loss,
        "Km_tyr_TH": km_tyr, "K_BH4_TH": k_bh4, "KD_DA_TH_low": ki_cat, "Ki_tyr_TH": ki_tyr,
        "Vmax_TH": th / th_per_vmax,
        "gain_TH_firing": p.value("gain_TH_firing", "dimensionless"), "f_half_TH": p.value("f_half_TH", "Hz"), "firing_basal": firing,
        **drr,
        "vf_DRR": drr_scale * best["vf_DRR"], "vb_DRR": drr_scale * best["vb_DRR"],
        "droxidopa_supply": 0.0, "Km_AADC": uM("Km_AADC"), "Vmax_AADC": th * (uM("Km_AADC") + ldopa) / ldopa,
        "Km_VMAT_DA": km_vmat_da, "Km_VMAT_NE": km_vmat_ne, "Vmax_VMAT": vmat_ne * (km_vmat_ne * (1 + da_c / km_vmat_da) + ne_c) / ne_c,
        "k_leak": k_leak, "Km_DBH": uM("Km_DBH"), "Vmax_DBH": dbh * (uM("Km_DBH") + da_v) / da_v,
        "k_refill": k_refill, "k_dock": (k_refill * ne_d + net_ne + lost_ne) / ne_v,
        "firing": firing, "per_impulse": emptied / gate, "Kd_a2auto": kd_a2, "Imax_a2auto": imax, "gate_at_rest": gate,
        "a2_agonist": 0.0, "a2_efficacy": 1.0, "a2_antagonist": 0.0, "soma_feedback": 0.0,
        "Vmax_NET": vmax_net, "Km_NET_NE": km_ne, "Km_NET_DA": km_da,
        "Vmax_MAO": vmax_mao, "Km_MAOA_NE": km_mao,
        "k_uptake2": uptake2, "k_diffusion": k_other - uptake2, "k_COMT_DHPG": comt_dhpg, "k_out_metabolites": out,
        "k_MAO_NMN": mao_nmn, "k_out_NMN": out_nmn,
        "at_rest": 1.0, "stimulated_at_rest": stimulated, "desensitisation": p.value("desensitisation_alpha2", "dimensionless"),
        **{f"k_renewal_{name}": math.log(2) / p.value(half_life, "s") for name, _, _, half_life in RENEWED},
        **{f"destruction_{name}": 0.0 for name, _, _, _ in RENEWED[:3]},
        **dict.fromkeys(HANDLES, 1.0),
    }  # fmt: skip
    return Network(
        "norepinephrine terminal", species, REACTIONS, values, {"terminal": 1.0, "extracellular": ecf_per_terminal}, "s",
        rules=RULES,
    )  # fmt: skip


def train(times: Sequence[float]) -> list[solve.Impulse]:
    """Nerve impulses at these times (s), as events for `solve.run`; set `firing` to 0 for what lies between them."""
    return [solve.Impulse(float(at), ("release of NE", "release of dopamine")) for at in times]


def with_net_blocked(terminal: Network, share: float) -> Network:
    """The terminal with `share` of the NET it has out of work: nothing changes where there is none."""
    return terminal.replace(net_activity=terminal.parameters["net_activity"] * (1 - share))


def without_autoinhibition(terminal: Network) -> Network:
    """The null model: release no longer answers to extracellular NE, and is frozen at what it is in the initial state."""
    gate = terminal.curve("gate")
    per_impulse = terminal.parameters["per_impulse"] * float(gate)
    return terminal.replace(Imax_a2auto=0.0, per_impulse=per_impulse, gate_at_rest=1.0)


def without_net(p: Parameters | None = None) -> Network:
    """The null model: a terminal that never had NET, at a rest of its own with the same levels everywhere.

    What NET clears at rest leaves by diffusion instead, at the same rate, and the terminal makes anew all that it loses.
    """
    p = p or parameters.load()
    rest = network(p)
    other, by_net = rest.parameters["k_uptake2"] + rest.parameters["k_diffusion"], rest.flux("NET NE") / rest["ne_e"]
    return network(
        p.replace(
            Vmax_NET=0.0,
            k_nonNET=parameters.convert(other + by_net, "1/s", p["k_nonNET"].unit),
            share_uptake2=rest.parameters["k_uptake2"] / (other + by_net),
        )
    )


def with_endless_store(terminal: Network) -> Network:
    """The terminal in the minutes before the store tires and days before anything adapts: both stay as they are.

    Docked vesicles are not held: they follow firing within a minute.
    """
    return terminal.hold("ne_v", "da_v", *(name for name, _, _, _ in RENEWED))


def where(terminal: Network, reaction: str) -> pd.DataFrame:
    """The "where" under a formula: each parameter of a reaction with its value, unit, meaning and how well it is known."""
    import pandas as pd

    table = parameters.load()
    used = {name for bound in terminal.reaction(reaction).bindings() for name in bound} & set(terminal.parameters)
    rows: list[tuple[str, float, str, str, str]] = []
    for name in sorted(used):
        value = terminal.parameters[name]
        if name in HANDLES or name == "firing":
            rows.append(
                (
                    name,
                    value,
                    "Hz" if name == "firing" else "",
                    "firing rate" if name == "firing" else "share at work",
                    "yours to set",
                )
            )
        elif name in SET_BY_REST:
            rows.append((name, value, *SET_BY_REST[name], "derived from the balance at rest"))
        else:
            row = table[name]
            # Read in a model's publication is not measured: say which it is.
            status = "constant of a published model" if "best2009" in row.source else row.status
            rows.append((name, row.value, "" if row.unit == "dimensionless" else row.unit, row.name, status))
    return pd.DataFrame(rows, columns=["symbol", "value", "unit", "meaning", "known how"])
