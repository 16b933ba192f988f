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
    """Rate of a constant supply (concentration / time)."""
    return rate


def first_order(s: Value, k: Value) -> Value:
    """Rate proportional to the concentration `s`; `k` in 1 / time.

    Examples
    --------
    >>> first_order(2.0, k=0.5)
    1.0
    """
    return k * s


def michaelis_menten(s: Value, vmax: Value, km: Value) -> Value:
    """Rate that saturates: half of `vmax` (concentration / time) at `s` = `km`.

    Parameters
    ----------
    s : number, array, sympy expression or pint quantity
        Concentration of the substrate.
    vmax
        Rate at saturation, concentration / time.
    km
        Concentration at which the rate is half of `vmax`.

    Returns
    -------
    number, array, sympy expression or pint quantity
        Rate, concentration / time: of the kind that the arguments make.

    Examples
    --------
    >>> michaelis_menten(2.0, vmax=10.0, km=2.0)
    5.0
    """
    return vmax * s / (km + s)


def competitive(s: Value, rival: Value, vmax: Value, km: Value, km_rival: Value) -> Value:
    """Michaelis-Menten rate of `s` while `rival` competes for the same site with its own Km.

    Parameters
    ----------
    s, rival : number, array, sympy expression or pint quantity
        Concentrations of the substrate and of its competitor.
    vmax
        Rate at saturation, concentration / time.
    km, km_rival
        Concentrations at which either, alone, is handled at half of its highest rate.

    Examples
    --------
    >>> competitive(2.0, rival=0.0, vmax=10.0, km=2.0, km_rival=3.0)
    5.0
    >>> round(competitive(2.0, rival=3.0, vmax=10.0, km=2.0, km_rival=3.0), 2)
    3.33
    """
    return vmax * s / (km * (1 + rival / km_rival) + s)


def scaled_competitive(
    s: Value, rival: Value, vmax: Value, km: Value, km_rival: Value, amount: Value, activity: Value
) -> Value:
    """Rate as in `competitive`, by an `amount` of transporter or enzyme (1 at rest) of which a share `activity` works."""
    return amount * activity * competitive(s, rival, vmax, km, km_rival)


def scaled_michaelis_menten(s: Value, vmax: Value, km: Value, amount: Value, activity: Value) -> Value:
    """Rate as in `michaelis_menten`, by an `amount` of transporter (1 at rest) of which a share `activity` works."""
    return amount * activity * michaelis_menten(s, vmax, km)


def scaled_first_order(s: Value, k: Value, activity: Value) -> Value:
    """Rate as in `first_order`, with a share `activity` of the enzyme left: 1 untouched, 0 blocked."""
    return activity * k * s


def enzyme_first_order(s: Value, k: Value, amount: Value, activity: Value) -> Value:
    """Rate as in `first_order`, by an `amount` of enzyme (1 at rest) of which a share `activity` works."""
    return amount * activity * first_order(s, k)


def dopamine_beta_hydroxylase(s: Value, vmax: Value, km: Value, ascorbate: Value, activity: Value) -> Value:
    """Rate of DBH: saturable in dopamine, in proportion to its cofactor `ascorbate` and to the share at work.

    `s` is dopamine in vesicles, `vmax` the rate at saturation (concentration / time), `ascorbate` is relative to rest, and
    `activity` the share of the enzyme at work: 1 untouched, 0 blocked.
    """
    return ascorbate * activity * michaelis_menten(s, vmax, km)


def two_substrate_exchange(
    bh2: Value, bh4: Value, nadph: Value, nadp: Value,
    v_forward: Value, km_bh2: Value, km_nadph: Value, v_backward: Value, km_bh4: Value, km_nadp: Value,
) -> Value:  # fmt: skip
    """Net rate of dihydrobiopterin reductase: BH2 + NADPH to BH4 + NADP, minus the way back.

    All concentrations share a unit; `v_forward` and `v_backward` are the two rates at saturation (concentration / time).

    References
    ----------
    Best, Nijhout and Reed 2009, doi:10.1186/1742-4682-6-21
    """
    forward = v_forward * bh2 * nadph / ((km_bh2 + bh2) * (km_nadph + nadph))
    backward = v_backward * bh4 * nadp / ((km_bh4 + bh4) * (km_nadp + nadp))
    return forward - backward


def tyrosine_hydroxylase(
    tyrosine: Value, bh4: Value, catechol: Value,
    vmax: Value, km_tyrosine: Value, km_bh4: Value, ki_catechol: Value, ki_tyrosine: Value,
) -> Value:  # fmt: skip
    """Rate of TH, the first step: two substrates, catechols compete with the cofactor BH4, tyrosine in excess inhibits.

    It is the form of Best, Nijhout & Reed 2009 without its autoreceptor factor.

    Parameters
    ----------
    tyrosine, bh4, catechol
        Concentrations of the substrate, of the cofactor and of the catechols in the cytosol.
    vmax
        Rate at saturation, concentration / time.
    km_tyrosine, km_bh4
        Half-saturating concentrations.
    ki_catechol, ki_tyrosine
        Inhibition constants of the products and of tyrosine itself.

    References
    ----------
    Best, Nijhout and Reed 2009, doi:10.1186/1742-4682-6-21

    Examples
    --------
    >>> known = {"vmax": 10.0, "km_tyrosine": 50.0, "km_bh4": 1.0, "ki_catechol": 1.0, "ki_tyrosine": 200.0}
    >>> [round(tyrosine_hydroxylase(100.0, 1.0, catechol, **known), 2) for catechol in (0.0, 1.0)]
    [3.33, 2.67]
    """
    both = tyrosine * bh4 / (tyrosine * bh4 + km_tyrosine * bh4 + km_tyrosine * km_bh4 * (1 + catechol / ki_catechol))
    return vmax * both / (1 + tyrosine / ki_tyrosine)


def dopamine_autoreceptor(
    x: Value, reference: Value, gain: Value, weight: Value, power: Value, one: Value, floor: Value
) -> Value:
    """Factor on TH in the published dopamine terminal: 1 at `x` = `reference` (concentrations), steep around it.

    References
    ----------
    Best, Nijhout and Reed 2009, doi:10.1186/1742-4682-6-21
    """
    return gain / (weight * (x / reference) ** power + one) + floor


def dopamine_tyrosine_hydroxylase(
    tyrosine: Value, bh4: Value, catechol: Value, extracellular: Value,
    vmax: Value, km_tyrosine: Value, km_bh4: Value, ki_catechol: Value, ki_tyrosine: Value, tyrosine_factor: Value,
    reference: Value, gain: Value, weight: Value, power: Value, one: Value, floor: Value,
) -> Value:  # fmt: skip
    """Rate of TH in the published dopamine terminal: `tyrosine_hydroxylase` times `dopamine_autoreceptor`."""
    enzyme = tyrosine_hydroxylase(tyrosine, bh4, catechol, vmax, km_tyrosine, km_bh4, ki_catechol, ki_tyrosine)
    return tyrosine_factor * enzyme * dopamine_autoreceptor(extracellular, reference, gain, weight, power, one, floor)


def activity_factor(firing: Value, firing_basal: Value, gain: Value, firing_half: Value) -> Value:
    """Factor by which firing activates TH (phosphorylation at Ser40 and others): 1 at `firing_basal`, saturating.

    Parameters
    ----------
    firing, firing_basal
        Firing rate now and at rest (Hz).
    gain
        Largest activation, above that of a silent terminal.
    firing_half
        Firing rate (Hz) at which half of it is reached.

    Examples
    --------
    >>> activity_factor(4.0, firing_basal=2.0, gain=3.0, firing_half=2.0)
    1.2
    """
    return (1 + gain * firing / (firing + firing_half)) / (1 + gain * firing_basal / (firing_basal + firing_half))


def scaled_tyrosine_hydroxylase(
    tyrosine: Value, bh4: Value, catechol: Value, activation: Value, activity: Value,
    vmax: Value, km_tyrosine: Value, km_bh4: Value, ki_catechol: Value, ki_tyrosine: Value,
) -> Value:  # fmt: skip
    """Rate of TH in the NE terminal: the same enzyme, activated by firing instead of shut by the steep autoreceptor term.

    With the published autoreceptor factor, synthesis falls when firing doubles (to 0.62); noradrenergic neurons do the
    opposite. `activation` is `activity_factor`; `activity` is the share of enzyme at work: 1 untouched, 0 blocked. The
    other arguments are those of `tyrosine_hydroxylase`.
    """
    return (
        activity
        * activation
        * tyrosine_hydroxylase(tyrosine, bh4, catechol, vmax, km_tyrosine, km_bh4, ki_catechol, ki_tyrosine)
    )


def occupancy(x: Value, kd: Value) -> Value:
    """Share of receptors that hold their ligand at concentration `x`: one half at the dissociation constant `kd`.

    Examples
    --------
    >>> occupancy(30.0, kd=10.0)
    0.75
    """
    return x / (x + kd)


def stimulation(x: Value, kd: Value, agonist: Value, efficacy: Value, antagonist: Value) -> Value:
    """Share of its receptors through which NE at `x`, and drugs that compete with it, signal.

    Parameters
    ----------
    x, kd
        Concentration of NE and its dissociation constant, in the same unit.
    agonist, efficacy
        Drug that stimulates, as a multiple of its own dissociation constant, and its efficacy from 0 to 1 (below 1 it is
        a partial agonist).
    antagonist
        Drug that only occupies, as a multiple of its own dissociation constant.

    Examples
    --------
    >>> stimulation(10.0, kd=10.0, agonist=0.0, efficacy=1.0, antagonist=2.0)
    0.25
    """
    return (x / kd + efficacy * agonist) / (1 + x / kd + agonist + antagonist)


def autoinhibition(imax: Value, receptors: Value, stimulated: Value) -> Value:
    """Share of release that autoreceptors leave, by their number (1 at rest) and the share that signals; at least 1 - `imax` at rest."""
    return 1 - imax * receptors * stimulated


def receptor_loss(s: Value, k: Value, desensitisation: Value, stimulated: Value) -> Value:
    """Rate at which receptors are lost from the membrane: with rate constant `k` (1 / time), faster while they are stimulated.

    `s` is their number relative to rest; `desensitisation` is how much a `stimulated` share of 1 adds, in units of `k`.
    """
    return k * (1 + desensitisation * stimulated) * s


def firing_under_feedback(
    drive: Value, stimulated: Value, stimulated_at_rest: Value, half: Value, power: Value, soma: Value
) -> Value:
    """Firing rate of the locus coeruleus (Hz), as alpha2 receptors on its cell bodies change it.

    `drive` is the rate (Hz) while these receptors signal as at rest. `stimulated` and `stimulated_at_rest` are the shares
    of their conductance that are open, now and at rest; `half` is the share that halves the rate, and `power` how steeply
    it does. `soma` is 1 where cell bodies feel their own NE and the drugs (whole animal), 0 where their rate is what it is
    driven to (slice, probe, electrode).
    """
    # Squared first: a rounding error below zero has no power of its own.
    held, held_at_rest = (((s / half) ** 2) ** (power / 2) for s in (stimulated, stimulated_at_rest))
    return drive * (1 - soma + soma * (1 + held_at_rest) / (1 + held))


def at_cell_bodies(activity: Value, soma: Value) -> Value:
    """Share of a target at work at cell bodies: what a drug leaves of it (`activity`) where it reaches them (`soma` 1)."""
    return 1 - soma + soma * activity


def impulses_of_groups(lc_rate: Value, others: Value, firing_basal: Value) -> Value:
    """Impulses that reach terminals (Hz): the LC's `lc_rate`, and of a share `others` the resting rate `firing_basal` (Hz)."""
    return (1 - others) * lc_rate + others * firing_basal


def release(releasable: Value, firing: Value, per_impulse: Value, gate: Value) -> Value:
    """Rate of release by impulses (concentration / time): each empties the share `per_impulse` of the readily releasable pool.

    `gate` is the share of it that autoinhibition leaves; `firing` is in Hz, `releasable` is the pool (concentration).

    Examples
    --------
    >>> release(100.0, firing=2.0, per_impulse=0.01, gate=0.5)
    1.0
    """
    return firing * per_impulse * gate * releasable
