"""The norepinephrine terminal's resting state: what is measured, and what follows from it through the balances.

Transmitter outside and in the cytosol, the store in tissue and the constants of enzymes and transporters are measured;
how much of each enzyme and transporter a terminal has is not. At rest every species is made as fast as it goes, so
`FOLLOWS` says which unknown each balance sets, and `core.rest` solves them from the list of reactions.

Whoever adds a reaction
- gives its new parameters a row in `parameters.csv`, under their own names (any unit that converts to uM and s);
- lists a new species in `terminal_reactions.SPECIES`, and in `FOLLOWS` what its level follows from, as for `nmn`;
- need not do more where one of the unknowns below can answer. Where none can, the terminal is refused with the balance
  that is not met.
"""

from __future__ import annotations

import math
from functools import cache

from nbmodel.core import kinetics
from nbmodel.core.network import Network
from nbmodel.core.reactions import Reaction, Rule
from nbmodel.core.rest import Plan
from nbmodel.core.unknowns import Follows
from nbmodel.data import parameters
from nbmodel.data.parameters import ParameterError, Parameters
from nbmodel.models.terminal_reactions import HANDLES, REACTIONS, RENEWED, RULES, SPECIES


def _store(stored_ne: float, ne_d: float, p_release: float, firing: float) -> float:
    """Store (uM): what the tissue contains and the readily releasable pool does not."""
    if ne_d >= stored_ne:
        raise ParameterError(
            f"p_release = {p_release:g} is too small: at {firing:g} Hz, {ne_d:.3g} uM would have to be readily releasable to release "
            f"what is cleared, and the terminal holds {stored_ne:.3g} uM; raise p_release or lower x0_ECF"
        )
    return stored_ne - ne_d


def _loss_outside(
    share_lost_outside: float, ne_turnover: float, ne_e: float, rho_terminal: float, alpha_ecs: float
) -> float:
    """Rate constant (1/s) of uptake-2 with COMT: it breaks down its share of the turnover, at the level outside at rest."""
    return share_lost_outside * ne_turnover * rho_terminal / alpha_ecs / ne_e


def _mao(share_lost_outside: float, ne_turnover: float, ne_c: float, da_c: float, Km_MAOA_NE: float) -> float:
    """Capacity (uM/s) with which MAO breaks down the rest of the turnover inside the terminal."""
    per_capacity: float = kinetics.competitive(ne_c, da_c, 1.0, Km_MAOA_NE, Km_MAOA_NE)
    return (1 - share_lost_outside) * ne_turnover / per_capacity


def _tissue(C_NE_cortex: float, rho_tissue: float, MW_NE: float, rho_terminal: float) -> float:
    """NE per volume of terminal (uM), as the tissue's content (g/kg) is all in terminals."""
    return C_NE_cortex * rho_tissue / MW_NE * 1e6 / rho_terminal


# Each unknown, and what it follows from: the balance of a species, or a law of names that are known or follow too.
FOLLOWS: Follows = {
    # What the store loses in an hour is broken down, a share of it outside and the rest inside.
    "ne_turnover": lambda k_turn_NE, stored_ne: k_turn_NE * stored_ne,
    "k_uptake2": _loss_outside,
    "Vmax_MAO": _mao,
    # Outside, release makes up for what is cleared; the readily releasable pool holds as much as that takes.
    "ne_d": "ne_e",
    "da_e": "da_e",
    # The store keeps the rest of what tissue contains. Its share of dopamine is measured.
    "stored_ne": _tissue,
    "ne_v": _store,
    "da_d": lambda DA_NE_store, ne_d: DA_NE_store * ne_d,
    "k_dock": "ne_d",
    "da_v": "da_d",
    # What leaves the neuron as NE or as its metabolite is made anew by DBH; VMAT2 refills what leaks and returns, and
    # the dopamine that it needs stands in the cytosol.
    "Vmax_VMAT": "ne_c",
    "Vmax_DBH": "ne_v",
    "da_c": "da_v",
    # AADC and TH make that dopamine.
    "Vmax_AADC": "da_c",
    "Vmax_TH": "ldopa",
    # The chain before them is that of the published terminal, all of it scaled to carry this flux.
    "turnover": lambda v_TH, published_V_TH: v_TH / published_V_TH,
    "k_tyr_pool": lambda turnover, published_k_tyr_pool: turnover * published_k_tyr_pool,
    "k_pool_tyr": lambda turnover, published_k_pool_tyr: turnover * published_k_pool_tyr,
    "k_tyr_loss": lambda turnover, published_k_tyr_loss: turnover * published_k_tyr_loss,
    "k_pool_loss": lambda turnover, published_k_pool_loss: turnover * published_k_pool_loss,
    "tyrosine_pool": "tyrosine_pool",
    "vmax_tyr_in": "tyrosine",
    "recycling": "bh2",
    "vf_DRR": lambda recycling, published_vf_DRR: recycling * published_vf_DRR,
    "vb_DRR": lambda recycling, published_vb_DRR: recycling * published_vb_DRR,
    # Metabolites gather until as much leaves as is made.
    **{name: name for name in ("dopac", "mt3", "dhpg", "mhpg", "nmn")},
    # What is measured as something else than the rate constant or the amount that the reactions take.
    # NMN hardly leaves the brain as such: it is gone ten times more slowly when MAO is blocked.
    "k_out_NMN": lambda thalf_NMN_without_MAO: math.log(2) / thalf_NMN_without_MAO,
    "k_MAO_NMN": lambda thalf_NMN, k_out_NMN: math.log(2) / thalf_NMN - k_out_NMN,
    "k_renewal_vmat2": lambda thalf_VMAT2: math.log(2) / thalf_VMAT2,
    "k_renewal_net": lambda thalf_NET: math.log(2) / thalf_NET,
    "k_renewal_mao": lambda thalf_MAO: math.log(2) / thalf_MAO,
    "k_renewal_alpha2": lambda thalf_alpha2: math.log(2) / thalf_alpha2,
    # An impulse at rest empties what is measured, autoreceptors already hold back.
    "per_impulse": lambda p_release, gate: p_release / gate,
    # What is released without impulses is a share of what is released at rest.
    "k_spontaneous": lambda share_spontaneous, p_release, firing: (
        share_spontaneous / (1 - share_spontaneous) * p_release * firing
    ),
    "stimulated_at_rest": lambda stimulated: stimulated,
    # Around the cell bodies NE stands where NET and uptake-2 clear what their firing sets free.
    "ne_lc": "ne_lc",
    "stimulated_lc_at_rest": lambda stimulated_lc: stimulated_lc,
}

# What is known about rest without being measured: nothing is blocked, given or destroyed.
UNTOUCHED = {
    **dict.fromkeys(HANDLES, 1.0),
    **{name: 1.0 for name, _, _, _ in RENEWED},
    **{f"destruction_{name}": 0.0 for name, _, _, _ in RENEWED if name != "alpha2"},
    **{"at_rest": 1.0, "soma_feedback": 0.0, "share_other_groups": 0.0, "droxidopa_supply": 0.0},
    **{"a2_agonist": 0.0, "a2_efficacy": 1.0, "a2_antagonist": 0.0},
}

# Names here whose row in parameters.csv is called otherwise. All others are looked up there under their own name.
ROWS = {
    "ne_e": "x0_ECF",
    "ne_c": "NE_cytosol",
    "firing": "r_LC_AW",
    "firing_basal": "r_LC_AW",
    "k_diffusion": "k_diffusion_brain",
    "Km_VMAT_DA": "Km_VMAT",
    "Km_VMAT_NE": "Km_VMAT2_NE",
    "desensitisation": "desensitisation_alpha2",
}

# Names here that are those of the published dopamine terminal, under their own name or another.
PUBLISHED = {
    **{name: name for name in ("nadph", "nadp", "kf_bh2", "kf_nadph", "kb_bh4", "kb_nadp", "km_tyr_in")},
    **{"tyrosine": "ss_tyr", "bh2": "ss_bh2", "bh4": "ss_bh4", "ldopa": "ss_ldopa", "published_V_TH": "ss_V_TH"},
    **{
        f"published_{name}": name
        for name in ("k_tyr_pool", "k_pool_tyr", "k_tyr_loss", "k_pool_loss", "vf_DRR", "vb_DRR")
    },
}

# Rows that are taken in other units than uM and s.
UNITS = {"C_NE_cortex": "g/kg", "rho_tissue": "kg/L", "MW_NE": "g/mol"}

# What is not in parameters.csv under its own name, because the resting balance sets it or rest defines it: unit, meaning.
SET_BY_REST = {
    "Vmax_TH": ("uM/s", "most that TH can do"),
    "Vmax_AADC": ("uM/s", "most that AADC can do"),
    "Vmax_VMAT": ("uM/s", "most that VMAT2 can pack"),
    "Vmax_DBH": ("uM/s", "most that DBH can do"),
    "Vmax_MAO": ("uM/s", "most that MAO can break down"),
    "Km_VMAT_DA": ("uM", "dopamine at which VMAT2 is half busy"),
    "Km_VMAT_NE": ("uM", "NE at which VMAT2 is half busy"),
    "per_impulse": ("", "share of the readily releasable pool that one impulse empties when nothing holds it back"),
    "k_spontaneous": ("1/s", "share of the readily releasable pool released each second without impulses"),
    "at_rest": ("", "what there is of a protein at rest"),
    "k_dock": ("1/s", "share of the store that docks each second"),
    "stimulated_at_rest": ("", "share of autoreceptors through which NE signals at rest"),
    **{f"k_renewal_{name}": ("1/s", f"renewal of {what}") for name, _, what, _ in RENEWED},
    **{
        f"destruction_{name}": ("1/s", f"what an irreversible drug does to {what} (0 at rest)")
        for name, _, what, _ in RENEWED
        if name != "alpha2"
    },
    "firing_basal": ("Hz", "firing rate at rest"),
    "droxidopa_supply": ("uM/s", "droxidopa taken up (0 at rest)"),
    "stimulated_lc_at_rest": ("", "share of the alpha2 conductance of LC cell bodies that NE opens at rest"),
    "a2_agonist": ("", "alpha2 agonist, as a multiple of its dissociation constant (0 at rest)"),
    "a2_efficacy": ("", "its efficacy: 1 full, below 1 a partial agonist"),
    "a2_antagonist": ("", "alpha2 antagonist, as a multiple of its dissociation constant (0 at rest)"),
    "soma_feedback": (
        "",
        "1 where LC cell bodies feel their own NE and the drugs, 0 where their rate is set from outside",
    ),
    "share_other_groups": ("", "share of a region's impulses that other cell groups than the LC send (0: none)"),
    "k_uptake2": ("1/s", "uptake-2: share of NE outside handed to COMT each second"),
    "k_MAO_NMN": ("1/s", "share of NMN that MAO turns into MHPG each second"),
    "k_out_NMN": ("1/s", "share of NMN that leaves unchanged each second"),
    **dict.fromkeys(("kf_bh2", "kf_nadph", "kb_bh4", "kb_nadp"), ("uM", "saturation constant of BH4 recycling")),
    **dict.fromkeys(("vf_DRR", "vb_DRR"), ("uM/s", "most that BH4 recycling can do")),
    **dict.fromkeys(("nadph", "nadp", "km_tyr_in"), ("uM", "concentration, constant")),
    "vmax_tyr_in": ("uM/s", "most tyrosine that can be taken up"),
    **dict.fromkeys(("k_tyr_pool", "k_pool_tyr", "k_tyr_loss", "k_pool_loss"), ("1/s", "exchange of tyrosine")),
}


def units(terminal: Network) -> dict[str, str]:
    """Map every parameter and rule of a terminal, and its amounts relative to rest, to a unit made of uM and s.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> units(norepinephrine_terminal.network())["Vmax_NET"]
    'uM**1 * s**-1'
    """
    table, of_rules = parameters.load(), {"lc_rate": "Hz", "impulses": "Hz"}
    known = {
        **{rule.name: of_rules.get(rule.name, "") for rule in terminal.rules},
        **dict.fromkeys((*HANDLES, *(name for name, _, _, _ in RENEWED)), ""),
        **{name: unit for name, (unit, _) in SET_BY_REST.items()},
    }
    names = [*terminal.parameters, *(rule.name for rule in terminal.rules), *(name for name, _, _, _ in RENEWED)]
    found = {name: known[name] if name in known else table[ROWS.get(name, name)].unit for name in names}
    return {name: parameters.unit_in_uM_and_s(unit or "dimensionless") for name, unit in found.items()}


def at_rest(p: Parameters, reactions: tuple[Reaction, ...]) -> Network:
    """Terminal of these reactions at rest, for a parameter table.

    Raises
    ------
    ParameterError
        For names without a value, and for numbers that no terminal can have.
    RestError
        When a species cannot rest.
    """
    known = _plan() if reactions is REACTIONS else _planned(reactions)
    ecf_per_terminal = p.value("alpha_ecs", "dimensionless") / p.value("rho_terminal", "dimensionless")
    return known.solve(_measured(p, known), {"extracellular": ecf_per_terminal})


@cache
def _plan() -> Plan:
    """Plan of the terminal's own reactions."""
    return _planned(REACTIONS)


def _planned(reactions: tuple[Reaction, ...]) -> Plan:
    """Plan of the terminal of these reactions: which unknown follows from what; values come later."""
    parts: tuple[Rule | Reaction, ...] = (*RULES, *reactions)
    bound = {name for part in parts for names in part.bindings() for name in names}
    others = sorted(bound - {s.name for s in SPECIES} - {rule.name for rule in RULES})
    empty = Network(
        "norepinephrine terminal",
        SPECIES,
        reactions,
        dict.fromkeys(others, 1.0),
        {"terminal": 1.0, "extracellular": 1.0, "cell_bodies": 1.0},
        "s",
        rules=RULES,
    )
    return Plan(empty, FOLLOWS)


def _measured(p: Parameters, known: Plan) -> dict[str, float]:
    """Value of everything that the plan needs, in uM and s. Raises ParameterError for what no table has."""
    best = parameters.published_model("best2009")
    values, missing = {}, []
    for name in known.measured:
        row = ROWS.get(name, name)
        if name in UNTOUCHED:
            values[name] = UNTOUCHED[name]
        elif name in PUBLISHED:
            values[name] = best[PUBLISHED[name]]
        elif row in p:
            values[name] = p.value(row, UNITS.get(row) or parameters.unit_in_uM_and_s(p[row].unit))
        else:
            missing.append(name)
    if missing:
        raise ParameterError(
            f"no value for {', '.join(missing)}: give each a row in parameters.csv under that name, "
            "or say in terminal_rest.FOLLOWS what it follows from"
        )
    return values
