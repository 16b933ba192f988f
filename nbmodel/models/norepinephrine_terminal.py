"""The norepinephrine terminal: from tyrosine in blood to norepinephrine outside the cell, and back or away.

One published simulation of noradrenaline turnover was found, with vesicular, synaptic and reuptake compartments (Hartmann
and others 1995, read in its abstract); no kinetic model of the whole terminal was. This one is our own. It takes the
synthesis chain of the dopamine terminal of Best, Nijhout & Reed 2009 and adds what makes a terminal noradrenergic:

- DBH turns dopamine into NE *inside* the vesicle, so the vesicle transporter and the enzyme both gate it;
- dopamine and NE compete for VMAT2, for NET and for MAO;
- firing activates TH, in place of the steep autoreceptor term with which synthesis would fall as firing rises;
- TH feels its products at the constant measured on the enzyme (KD_DA_TH_low), a thousandth of the published terminal's,
  which made up for a weak grip of the products by the autoreceptor term;
- impulses empty the readily releasable pool, a small share of all; fast firing uses it up, and the
  store refills it;
- alpha2 autoreceptors hold back release; NET, and uptake-2 with COMT, clear the extracellular space. In the living brain
  that is all: what diffuses away is taken up elsewhere. Out of a slice it is lost to the bath (`in_slice`);
- the cell bodies of the locus coeruleus (LC) have NE, NET and alpha2 receptors of their own, which hold back firing: their NE
  follows their firing, not what terminals release elsewhere;
- transporters, MAO and autoreceptors are themselves made and lost over days, so what a drug destroys comes back.

Assumed without a measurement: NET is as dense around cell bodies as around terminals; NE that is cleared there leaves the
books; only the autoreceptors of terminals adapt over days, not those of cell bodies; release without impulses answers to
no autoreceptor; uptake-2 hands NE to COMT alone, not to MAO in glia; other cell groups than the LC keep their resting rate.

Concentrations are uM: cytosol and vesicles per volume of terminal, the extracellular space per volume of its own.
Time is in seconds. What cannot be measured in a terminal (how much of each enzyme there is) follows from what can: see
`terminal_rest`. Reactions stand in `terminal_reactions`; here is the terminal that they make, and its variants.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.reactions import Reaction
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models.terminal_reactions import HANDLES, REACTIONS, RENEWED
from nbmodel.models.terminal_rest import SET_BY_REST, at_rest

if TYPE_CHECKING:
    import pandas as pd

SECONDS_PER_HOUR = 3600.0


def network(p: Parameters | None = None, reactions: tuple[Reaction, ...] = REACTIONS) -> Network:
    """Terminal at rest, every species at its steady state.

    Parameters that a drug, a disease or an experiment changes are dimensionless shares, 1 at rest
    (`terminal_reactions.HANDLES`), and `firing` (Hz).

    Parameters
    ----------
    p : Parameters, optional
        Table to read instead of the collection's.
    reactions : tuple of Reaction
        The terminal's reactions; to try another one, `(*REACTIONS, Reaction(...))`.

    Returns
    -------
    Network
        Concentrations in uM, time in s.

    Raises
    ------
    ParameterError
        For a table without the rows it needs, or with numbers that no terminal can have.
    RestError
        When a reaction leaves a species that cannot rest.

    Examples
    --------
    >>> terminal = network()
    >>> round(1e3 * terminal["ne_e"], 1)  # NE outside the cells, nM
    6.0
    """
    return _by_default() if p is None and reactions is REACTIONS else at_rest(p or parameters.load(), reactions)


@solve.remembered
def _by_default() -> Network:
    """Terminal of the collection's own parameters and reactions; kept."""
    return at_rest(parameters.load(), REACTIONS)


@solve.remembered
def resting(basal_ne: float) -> Network:
    """Terminal at rest with another basal extracellular NE (nM): the number least well known of all.

    Raises
    ------
    ParameterError
        For a level at which no terminal can rest.

    Examples
    --------
    >>> round(1e3 * resting(3.0)["ne_e"], 1)
    3.0
    """
    return network(parameters.load().replace(x0_ECF=basal_ne))


def train(times: Sequence[float]) -> list[solve.Impulse]:
    """List of nerve impulses at these times (s), as events for `solve.run`.

    Set `firing` to 0 for what lies between them.

    Examples
    --------
    >>> burst = train([0.1])
    >>> run = solve.run(network().replace(firing=0.0), [0.0, 0.1, 1.0], burst)
    >>> [round(1e3 * float(level), 2) for level in run["ne_e"]]  # NE outside (nM): rest, at the impulse, later
    [6.0, 7.11, 5.32]
    """
    return [solve.Impulse(float(at), ("release of NE", "release of dopamine")) for at in times]


def with_net_blocked(terminal: Network, share: float) -> Network:
    """Terminal with `share` (0 to 1) of the NET that it has blocked; nothing changes where there is none.

    Examples
    --------
    >>> blocked = solve.steady_state(with_store_clamped(with_net_blocked(network(), 0.5)))
    >>> round(1e3 * blocked["ne_e"], 1)  # nM, minutes after half of NET is blocked
    10.2
    """
    return terminal.replace(net_activity=terminal.parameters["net_activity"] * (1 - share))


def without_autoinhibition(terminal: Network) -> Network:
    """Terminal without alpha2 feedback (null model): release is frozen at what it is in the initial state.

    Examples
    --------
    >>> null = without_autoinhibition(network())
    >>> bool(null.curve("gate", ne_e=0.5) == null.curve("gate", ne_e=0.0))
    True
    """
    gate = terminal.curve("gate")
    per_impulse = terminal.parameters["per_impulse"] * float(gate)
    return terminal.replace(Imax_a2auto=0.0, per_impulse=per_impulse, half_alpha2_LC=1e6)


def without_net(p: Parameters | None = None) -> Network:
    """Terminal that never had NET (null model), at a rest of its own with the same levels everywhere.

    What NET clears at rest leaves by diffusion instead, at the same rate, and the terminal makes anew all that it loses.

    Parameters
    ----------
    p : Parameters, optional
        Table to read instead of the collection's.

    Raises
    ------
    ParameterError
        As `network` does.

    Examples
    --------
    >>> without_net().flux("NET NE")
    0.0
    """
    p = p or parameters.load()
    rest = network(p)
    by_net = rest.flux("NET NE") / rest["ne_e"]
    return network(
        p.replace(Vmax_NET=0.0, k_diffusion_brain=parameters.convert(by_net, "1/s", p["k_diffusion_brain"].unit))
    )


def in_slice(terminal: Network) -> Network:
    """Terminal in a slice: what NET leaves goes at the rate measured there, by uptake-2 and by diffusion into the bath.

    Examples
    --------
    >>> rest = network()
    >>> [round(one.parameters["k_uptake2"] + one.parameters["k_diffusion"], 3) for one in (rest, in_slice(rest))]  # 1/s
    [0.017, 0.051]
    """
    lost = parameters.load().value("k_nonNET", "1/s")
    # Uptake-2 can do no more than what was measured, also at a basal level from which it would have to.
    uptake2 = min(terminal.parameters["k_uptake2"], lost)
    # What stands in for NET in a null model stands there in a slice as well.
    return terminal.replace(k_uptake2=uptake2, k_diffusion=terminal.parameters["k_diffusion"] + lost - uptake2)


def in_region(terminal: Network, region: str) -> Network:
    """Terminal in a region that other noradrenergic cell groups than the locus coeruleus supply as well.

    Parameters
    ----------
    terminal : Network
    region : str
        'amygdala' or 'hypothalamus'. Cortex and hippocampus have next to no others, and need nothing.

    Raises
    ------
    ParameterError
        For a region without a row in the table.

    Examples
    --------
    >>> in_region(network(), "amygdala").parameters["share_other_groups"]
    0.3
    """
    return terminal.replace(share_other_groups=parameters.load().value(f"others_{region}", "dimensionless"))


def with_store_clamped(terminal: Network) -> Network:
    """Terminal with store and proteins clamped: as in the minutes before the store tires and days before anything adapts.

    The readily releasable pool is not clamped: it follows firing within a minute.
    """
    return terminal.clamp("ne_v", "da_v", *(name for name, _, _, _ in RENEWED))


def where(terminal: Network, reaction: str) -> pd.DataFrame:
    """Table of a reaction's parameters, the "where" under its formula.

    Parameters
    ----------
    terminal : Network
    reaction : str
        Name of a reaction.

    Returns
    -------
    DataFrame
        A row per parameter: symbol, value, unit, meaning and how well it is known.

    Raises
    ------
    NetworkError
        For a reaction that the terminal does not have.

    Examples
    --------
    >>> list(where(network(), "NET NE")["symbol"])
    ['Km_NET_DA', 'Km_NET_NE', 'Vmax_NET', 'net_activity']
    """
    import pandas as pd

    table = parameters.load()
    used = {name for bound in terminal.reaction(reaction).bindings() for name in bound} & set(terminal.parameters)
    rows: list[tuple[str, float, str, str, str]] = []
    for name in sorted(used):
        value = terminal.parameters[name]
        if name == "firing":
            rows.append((name, value, "Hz", "firing rate", "yours to set"))
        elif name in HANDLES:
            rows.append((name, value, "", "share at work", "yours to set"))
        elif name in SET_BY_REST:
            rows.append((name, value, *SET_BY_REST[name], "derived from the balance at rest"))
        else:
            row = table[name]
            # Read in a model's publication is not measured: say which it is.
            status = "constant of a published model" if "best2009" in row.source else row.status
            rows.append((name, row.value, "" if row.unit == "dimensionless" else row.unit, row.name, status))
    return pd.DataFrame(rows, columns=["symbol", "value", "unit", "meaning", "known how"])
