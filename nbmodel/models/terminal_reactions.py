"""Species, rules and reactions of the norepinephrine terminal: from tyrosine in blood to NE outside, and back or away.

What they describe, and what makes the terminal noradrenergic, stands in `norepinephrine_terminal`. Concentrations are uM,
time is in seconds. Levels and capacities at rest come from `terminal_rest`.
"""

from __future__ import annotations

from nbmodel.core import kinetics
from nbmodel.core.reactions import Reaction, Rule, Species

# What is left of an enzyme or transporter when a drug, a disease or an experiment takes some away: 1 at rest.
HANDLES = ("th_activity", "vmat_activity", "dbh_activity", "net_activity", "mao_activity", "comt_activity", "ascorbate")

# What sets NE free: impulses, and what happens without them.
RELEASED = ("release of NE", "NE without impulses")

# Proteins that are made and lost over days: species, how formulas write it, what it is, parameters.csv's half-life.
RENEWED = (
    ("vmat2", r"\text{VMAT}", "VMAT2, with its vesicles", "thalf_VMAT2"),
    ("net", r"\text{NET}", "NET", "thalf_NET"),
    ("mao", r"\text{MAO}", "MAO", "thalf_MAO"),
    ("alpha2", r"\alpha_2", "alpha2 autoreceptors", "thalf_alpha2"),
)

# Name, compartment, what it is, and how formulas write it. Levels at rest come from `terminal_rest`.
SPECIES = (
    *(
        Species(name, "terminal", meaning, latex)
        for name, meaning, latex in (
            ("tyrosine", "tyrosine in the terminal", r"[\text{Tyr}]"),
            ("tyrosine_pool", "tyrosine in exchange with proteins", r"[\text{Tyr}]_{\text{pool}}"),
            ("bh2", "dihydrobiopterin, the spent cofactor", r"[\text{BH}_2]"),
            ("bh4", "tetrahydrobiopterin, the cofactor of TH", r"[\text{BH}_4]"),
            ("ldopa", "L-DOPA", r"[\text{L-DOPA}]"),
            ("da_c", "dopamine in the cytosol", r"[\text{DA}]_{\text{c}}"),
            ("ne_c", "NE in the cytosol", r"[\text{NE}]_{\text{c}}"),
            ("da_v", "dopamine in vesicles", r"[\text{DA}]_{\text{v}}"),
            ("ne_v", "NE in vesicles: the store", r"[\text{NE}]_{\text{v}}"),
            ("da_d", "dopamine in the readily releasable pool", r"[\text{DA}]_{\text{d}}"),
            ("ne_d", "NE in the readily releasable pool", r"[\text{NE}]_{\text{d}}"),
        )
    ),
    *(
        Species(name, "extracellular", meaning, latex)
        for name, meaning, latex in (
            ("da_e", "dopamine outside the cells", r"[\text{DA}]_{\text{e}}"),
            ("ne_e", "NE outside the cells", r"[\text{NE}]_{\text{e}}"),
            ("dopac", "DOPAC, dopamine after MAO", r"[\text{DOPAC}]"),
            ("mt3", "3-methoxytyramine, dopamine after COMT", r"[\text{3-MT}]"),
            ("dhpg", "DHPG, NE after MAO", r"[\text{DHPG}]"),
            ("mhpg", "MHPG, DHPG after COMT and NMN after MAO", r"[\text{MHPG}]"),
            ("nmn", "normetanephrine, NE after COMT", r"[\text{NMN}]"),
        )
    ),
    Species("ne_lc", "cell_bodies", "NE around the cell bodies of the locus coeruleus", r"[\text{NE}]_{\text{LC}}"),
    *(Species(name, "terminal", f"{what}, relative to rest", rf"n_{{{latex}}}") for name, latex, what, _ in RENEWED),
)

# What follows at once from the state: the alpha2 gate, firing under its feedback, and what firing does to TH.
RULES = (
    Rule(
        "stimulated", "share of autoreceptors through which NE and drugs signal", "s", kinetics.stimulation,
        {"x": "ne_e", "kd": "Kd_a2auto", "agonist": "a2_agonist", "efficacy": "a2_efficacy", "antagonist": "a2_antagonist"},
    ),
    Rule(
        "gate", "what alpha2 receptors leave of release", "g", kinetics.autoinhibition,
        {"imax": "Imax_a2auto", "receptors": "alpha2"},
    ),
    Rule(
        "stimulated_lc", "share of the alpha2 conductance of LC cell bodies that NE and drugs open", r"s_{\text{LC}}",
        kinetics.stimulation,
        {
            "x": "ne_lc", "kd": "EC50_alpha2_LC",
            "agonist": "a2_agonist", "efficacy": "a2_efficacy", "antagonist": "a2_antagonist",
        },
    ),
    Rule(
        "lc_rate", "firing rate of the locus coeruleus under feedback, Hz", r"f_{\text{LC}}", kinetics.firing_under_feedback,
        {
            "drive": "firing", "stimulated": "stimulated_lc", "stimulated_at_rest": "stimulated_lc_at_rest",
            "half": "half_alpha2_LC", "power": "power_alpha2_LC", "soma": "soma_feedback",
        },
    ),
    Rule(
        "net_lc", "share of NET at work at LC cell bodies", r"a_{\text{LC}}", kinetics.at_cell_bodies,
        {"activity": "net_activity", "soma": "soma_feedback"},
    ),
    Rule(
        "impulses", "impulses that reach the terminals, Hz", r"f_{\text{t}}", kinetics.impulses_of_groups,
        {"others": "share_other_groups"},
    ),
    Rule(
        "activation", "activation of TH by firing", "A", kinetics.activity_factor,
        {"firing": "impulses", "gain": "gain_TH_firing", "firing_half": "f_half_TH"},
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
    Reaction("release of dopamine", "da_d -> da_e", kinetics.release, {"releasable": "da_d", "firing": "impulses"}),
    Reaction("release of NE", "ne_d -> ne_e", kinetics.release, {"releasable": "ne_d", "firing": "impulses"}),
    Reaction("dopamine without impulses", "da_d -> da_e", kinetics.first_order, {"s": "da_d", "k": "k_spontaneous"}),
    Reaction("NE without impulses", "ne_d -> ne_e", kinetics.first_order, {"s": "ne_d", "k": "k_spontaneous"}),
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
    # Cell bodies release NE as they fire, and clear it as terminals do.
    Reaction("release at LC cell bodies", "-> ne_lc", kinetics.first_order, {"s": "lc_rate", "k": "NE_impulse_LC"}),
    Reaction(
        "NET at LC cell bodies", "ne_lc ->", kinetics.scaled_michaelis_menten,
        {"s": "ne_lc", "vmax": "Vmax_NET", "km": "Km_NET_NE", "activity": "net_lc", "amount": "net"},
    ),
    Reaction(
        "uptake-2 at LC cell bodies", "ne_lc ->", kinetics.scaled_first_order,
        {"s": "ne_lc", "k": "k_uptake2", "activity": "comt_activity"},
    ),
    Reaction("diffusion from LC cell bodies", "ne_lc ->", kinetics.first_order, {"s": "ne_lc", "k": "k_diffusion"}),
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
