"""Rate laws: plain functions of arithmetic, nothing else.

Called with numbers a law gives a rate; with arrays, the curve that a notebook plots; with sympy symbols, the equation
that the notebook prints; with pint quantities, a unit check. So a law uses + - * / ** only: no `if`, no `max`, no numpy.

Concentrations may be in any one unit and time in any one unit, as long as a call is consistent.
"""

from __future__ import annotations

from typing import Any

# A number, an array, a sympy expression or a pint quantity: whatever arithmetic works on.
Value = Any


def constant(rate: Value) -> Value:
    """A constant supply (concentration / time)."""
    return rate


def first_order(s: Value, k: Value) -> Value:
    """Rate proportional to the concentration `s`; `k` in 1 / time."""
    return k * s


def michaelis_menten(s: Value, vmax: Value, km: Value) -> Value:
    """Saturable rate: half of `vmax` (concentration / time) at `s` = `km`."""
    return vmax * s / (km + s)


def competitive(s: Value, rival: Value, vmax: Value, km: Value, km_rival: Value) -> Value:
    """Michaelis-Menten transport or metabolism of `s` while `rival` competes for the same site with its own Km."""
    return vmax * s / (km * (1 + rival / km_rival) + s)


def scaled_competitive(
    s: Value, rival: Value, vmax: Value, km: Value, km_rival: Value, amount: Value, activity: Value
) -> Value:
    """`competitive` where there is `amount` of the transporter or enzyme, relative to rest, and a share `activity` works."""
    return amount * activity * competitive(s, rival, vmax, km, km_rival)


def scaled_first_order(s: Value, k: Value, activity: Value) -> Value:
    """`first_order` with a share `activity` of the enzyme left: 1 untouched, 0 blocked."""
    return activity * k * s


def enzyme_first_order(s: Value, k: Value, amount: Value, activity: Value) -> Value:
    """`first_order` by an enzyme of which there is `amount`, relative to rest, and a share `activity` works."""
    return amount * activity * first_order(s, k)


def dopamine_beta_hydroxylase(s: Value, vmax: Value, km: Value, ascorbate: Value, activity: Value) -> Value:
    """DBH: saturable in dopamine, in proportion to its cofactor `ascorbate` (1 at rest) and the share `activity` at work."""
    return ascorbate * activity * michaelis_menten(s, vmax, km)


def two_substrate_exchange(
    bh2: Value, bh4: Value, nadph: Value, nadp: Value,
    v_forward: Value, km_bh2: Value, km_nadph: Value, v_backward: Value, km_bh4: Value, km_nadp: Value,
) -> Value:  # fmt: skip
    """Dihydrobiopterin reductase: BH2 + NADPH to BH4 + NADP, minus the way back (Best, Nijhout & Reed 2009)."""
    forward = v_forward * bh2 * nadph / ((km_bh2 + bh2) * (km_nadph + nadph))
    backward = v_backward * bh4 * nadp / ((km_bh4 + bh4) * (km_nadp + nadp))
    return forward - backward


def tyrosine_hydroxylase(
    tyrosine: Value, bh4: Value, catechol: Value,
    vmax: Value, km_tyrosine: Value, km_bh4: Value, ki_catechol: Value, ki_tyrosine: Value,
) -> Value:  # fmt: skip
    """TH, the first step: two substrates, catechols compete with the cofactor BH4, tyrosine in excess inhibits.

    The form of Best, Nijhout & Reed 2009 without its autoreceptor factor.
    """
    both = tyrosine * bh4 / (tyrosine * bh4 + km_tyrosine * bh4 + km_tyrosine * km_bh4 * (1 + catechol / ki_catechol))
    return vmax * both / (1 + tyrosine / ki_tyrosine)


def dopamine_autoreceptor(
    x: Value, reference: Value, gain: Value, weight: Value, power: Value, one: Value, floor: Value
) -> Value:
    """Factor on TH in the dopamine terminal of Best, Nijhout & Reed 2009: 1 at `x` = `reference`, steep around it."""
    return gain / (weight * (x / reference) ** power + one) + floor


def dopamine_tyrosine_hydroxylase(
    tyrosine: Value, bh4: Value, catechol: Value, extracellular: Value,
    vmax: Value, km_tyrosine: Value, km_bh4: Value, ki_catechol: Value, ki_tyrosine: Value, tyrosine_factor: Value,
    reference: Value, gain: Value, weight: Value, power: Value, one: Value, floor: Value,
) -> Value:  # fmt: skip
    """TH of the published dopamine terminal: `tyrosine_hydroxylase` times its autoreceptor factor."""
    enzyme = tyrosine_hydroxylase(tyrosine, bh4, catechol, vmax, km_tyrosine, km_bh4, ki_catechol, ki_tyrosine)
    return tyrosine_factor * enzyme * dopamine_autoreceptor(extracellular, reference, gain, weight, power, one, floor)


def activity_factor(firing: Value, firing_basal: Value, gain: Value, firing_half: Value) -> Value:
    """How firing activates TH (phosphorylation at Ser40 and others): 1 at `firing_basal`, saturating with firing."""
    return (1 + gain * firing / (firing + firing_half)) / (1 + gain * firing_basal / (firing_basal + firing_half))


def scaled_tyrosine_hydroxylase(
    tyrosine: Value, bh4: Value, catechol: Value, activation: Value, activity: Value,
    vmax: Value, km_tyrosine: Value, km_bh4: Value, ki_catechol: Value, ki_tyrosine: Value,
) -> Value:  # fmt: skip
    """TH of the NE terminal: the same enzyme, activated by firing instead of shut by the steep autoreceptor term.

    With the published autoreceptor factor, synthesis falls when firing doubles (to 0.62); noradrenergic neurons do the
    opposite. `activation` is `activity_factor`; `activity` is the share of enzyme at work: 1 untouched, 0 blocked.
    """
    return (
        activity
        * activation
        * tyrosine_hydroxylase(tyrosine, bh4, catechol, vmax, km_tyrosine, km_bh4, ki_catechol, ki_tyrosine)
    )


def occupancy(x: Value, kd: Value) -> Value:
    """Share of receptors that hold their ligand at concentration `x`: one half at `kd`."""
    return x / (x + kd)


def stimulation(x: Value, kd: Value, agonist: Value, efficacy: Value, antagonist: Value) -> Value:
    """Share of its receptors through which NE at `x`, and drugs that compete with it, signal.

    A drug that stimulates (`agonist`, with `efficacy` between 0 and 1: a partial agonist) and one that only occupies
    (`antagonist`) stand as multiples of their own dissociation constants.
    """
    return (x / kd + efficacy * agonist) / (1 + x / kd + agonist + antagonist)


def autoinhibition(imax: Value, receptors: Value, stimulated: Value) -> Value:
    """Share of release (or of firing) that alpha2 receptors leave: 1 with none stimulated, 1 - `imax` at most at rest.

    `receptors` is how many there are, relative to rest.
    """
    return 1 - imax * receptors * stimulated


def receptor_loss(s: Value, k: Value, desensitisation: Value, stimulated: Value) -> Value:
    """Loss of receptors from the membrane: with rate constant `k`, and faster while they are stimulated."""
    return k * (1 + desensitisation * stimulated) * s


def firing_under_feedback(drive: Value, gate: Value, gate_at_rest: Value, soma: Value) -> Value:
    """Firing of the locus coeruleus: `drive` (Hz), held back by alpha2 receptors on its cell bodies.

    `gate` is what they leave, `gate_at_rest` what they leave at rest. `soma` is 1 where NE at the cell bodies follows
    NE at the terminals (whole animal, systemic drug), 0 where it stays at rest (slice, probe).
    """
    return drive * (1 - soma + soma * gate / gate_at_rest)


def release(releasable: Value, firing: Value, per_impulse: Value, gate: Value) -> Value:
    """Release by impulses: each empties the share `per_impulse` of the readily releasable pool, less what autoinhibition holds back."""
    return firing * per_impulse * gate * releasable
