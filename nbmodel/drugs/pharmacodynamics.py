"""Action of drugs on a terminal: any number at once, for any length of time, locally or in the whole animal.

A drug acts on a target at a *level*: its concentration as a multiple of its own dissociation or inhibition constant
there. Drugs that share a target compete for it by the law of mass action. What only blocks has no efficacy; what
stimulates has one, up to that of norepinephrine (1). An irreversible drug destroys its target at a rate instead, and
the target comes back only as it is made anew.

A *local* drug (through a dialysis probe, in the bath of a slice) reaches terminals only. A *systemic* one also reaches
the cell bodies of the locus coeruleus, and what it does to norepinephrine there slows or speeds the cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nbmodel.core import kinetics
from nbmodel.core.kinetics import Value
from nbmodel.core.network import Network
from nbmodel.core.solve import Step
from nbmodel.data import parameters
from nbmodel.data.typed_rows import did_you_mean

# Targets in the terminal: the parameter that says which share of them works.
BLOCKED = {
    "NET": "net_activity",
    "MAO": "mao_activity",
    "COMT": "comt_activity",
    "TH": "th_activity",
    "VMAT2": "vmat_activity",
    "DBH": "dbh_activity",
}
# Those that a drug can destroy: the parameter that says how fast.
DESTROYED = {"NET": "destruction_net", "MAO": "destruction_mao", "VMAT2": "destruction_vmat2"}
# Receptors of target cells: the row of parameters.csv with NE's affinity there.
POSTSYNAPTIC = {"alpha1": "K_NE_a1", "beta1": "K_NE_b1", "alpha2 of targets": "Kd_a2auto"}
TARGETS = dict.fromkeys((*BLOCKED, "alpha2", *POSTSYNAPTIC))


class DrugActionError(ValueError):
    """Raised for an action that no drug can have; `problems` lists every fault."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True)
class Action:
    """Action of one drug at one target.

    Parameters
    ----------
    target : str
        One of `TARGETS`.
    level : float
        Relative concentration: a multiple of the drug's own dissociation or inhibition constant there.
    efficacy : float
        Effect of the drug as it binds: 0 blocks, 1 stimulates as NE does.
    destruction : float
        Share of the target that an irreversible drug destroys each second, 1/s.
    """

    target: str
    level: float = 0.0
    efficacy: float = 0.0
    destruction: float = 0.0


def blocking(target: str, share: float) -> Action:
    """Action of a drug that, alone, would hold the share `share` (0 to below 1) of `target`.

    Raises
    ------
    DrugActionError
        For another share: no concentration holds all of a target.

    Examples
    --------
    >>> round(blocking("NET", 0.8).level, 3)
    4.0
    """
    if not 0 <= share < 1:
        raise DrugActionError(
            [f"a drug cannot hold the share {share:g} of {target}; it must be at least 0 and below 1"]
        )
    return Action(target, share / (1 - share))


def free_share(target: str, actions: Iterable[Action]) -> float:
    """Share of `target` that the drugs leave free: they compete, so relative concentrations add up.

    Examples
    --------
    >>> free_share("NET", [Action("NET", 1.0), Action("NET", 2.0)])
    0.25
    """
    return 1 / (1 + sum(action.level for action in actions if action.target == target))


def changes(actions: Sequence[Action], systemic: bool = False) -> dict[str, float]:
    """Parameters of a terminal under these drugs and no others, relative to a terminal without drugs.

    Parameters
    ----------
    actions : sequence of Action
    systemic : bool
        True where the drugs also reach the cell bodies of the locus coeruleus.

    Raises
    ------
    DrugActionError
        For a target there is not, a level, efficacy or destruction out of bounds, a stimulated enzyme, or a target that no
        drug destroys.

    Examples
    --------
    >>> round(changes([blocking("NET", 0.8)])["net_activity"], 3)
    0.2
    """
    problems = []
    for action in actions:
        if action.target not in TARGETS:
            problems.append(f"there is no target {action.target!r}{did_you_mean(action.target, TARGETS)}")
        if not (0 <= action.level < float("inf") and 0 <= action.destruction < float("inf")):
            problems.append(
                f"{action.target}: level {action.level:g} and destruction {action.destruction:g} must be 0 or more, and finite"
            )
        if not 0 <= action.efficacy <= 1:
            problems.append(f"{action.target}: efficacy {action.efficacy:g} must lie between 0 and 1")
        if action.efficacy and action.target in BLOCKED:
            problems.append(f"{action.target}: an enzyme or transporter cannot be stimulated; give efficacy 0")
        if action.destruction and action.target not in DESTROYED:
            problems.append(f"{action.target}: destruction is modelled for {', '.join(DESTROYED)} only")
    if problems:
        raise DrugActionError(problems)

    agonist, efficacy, antagonist = _at("alpha2", actions)
    return {
        **{handle: free_share(target, actions) for target, handle in BLOCKED.items()},
        **{
            handle: sum(action.destruction for action in actions if action.target == target)
            for target, handle in DESTROYED.items()
        },
        "a2_agonist": agonist,
        "a2_efficacy": efficacy,
        "a2_antagonist": antagonist,
        "soma_feedback": float(systemic),
    }


def under(terminal: Network, *actions: Action, systemic: bool = False) -> Network:
    """Terminal under these drugs: what an enzyme or transporter has lost already, it does not get back.

    Raises
    ------
    DrugActionError
        As `changes` does.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> drugged = under(norepinephrine_terminal.network(), blocking("NET", 0.8), systemic=True)
    >>> round(drugged.parameters["net_activity"], 3), drugged.parameters["soma_feedback"]
    (0.2, 1.0)
    """
    found = changes(actions, systemic)
    for handle in BLOCKED.values():
        found[handle] *= terminal.parameters[handle]
    return terminal.replace(**found)


def schedule(terminal: Network, course: Sequence[tuple[float, Sequence[Action]]], systemic: bool = False) -> list[Step]:
    """List of events for `solve.run`: drugs that come and go.

    An empty list of drugs is the washout; cell bodies go on feeling NE as terminals do, when `systemic`.

    Parameters
    ----------
    terminal : Network
    course : sequence of (float, sequence of Action)
        Time (s), and all drugs that are there from then on.
    systemic : bool
        True where the drugs also reach the cell bodies of the locus coeruleus.

    Raises
    ------
    DrugActionError
        As `changes` does.

    Examples
    --------
    >>> from nbmodel.models import norepinephrine_terminal
    >>> events = schedule(norepinephrine_terminal.network(), [(0.0, [blocking("NET", 0.8)]), (3600.0, [])])
    >>> [round(step.parameters["net_activity"], 3) for step in events]
    [0.2, 1.0]
    """
    return [
        Step(at, {n: under(terminal, *actions, systemic=systemic).parameters[n] for n in changes(actions)})
        for at, actions in course
    ]


def stimulated(receptor: str, ne: Value, actions: Sequence[Action] = ()) -> Value:
    """Share of a target cell's receptors that signal at `ne` (nM; a number or an array).

    Drugs compete with NE: an antagonist (prazosin at alpha1, propranolol at beta1) leaves less, an agonist adds its own.

    Parameters
    ----------
    receptor : str
        One of `POSTSYNAPTIC`.
    ne : float or array
        NE outside, nM.
    actions : sequence of Action

    Raises
    ------
    DrugActionError
        For another receptor.

    Examples
    --------
    >>> round(stimulated("alpha1", 100.0), 3)
    0.625
    >>> round(stimulated("alpha1", 100.0, [Action("alpha1", 10.0)]), 3)  # an antagonist
    0.131
    """
    if receptor not in POSTSYNAPTIC:
        raise DrugActionError(
            [f"there is no receptor {receptor!r} of target cells{did_you_mean(receptor, POSTSYNAPTIC)}"]
        )
    agonist, efficacy, antagonist = _at(receptor, actions)
    kd = parameters.load().value(POSTSYNAPTIC[receptor], "nM")
    return kinetics.stimulation(ne, kd, agonist, efficacy, antagonist)


def _at(receptor: str, actions: Sequence[Action]) -> tuple[float, float, float]:
    """Sum of all drugs at a receptor: agonist level, its mean efficacy, antagonist level."""
    here = [action for action in actions if action.target == receptor]
    agonist = sum(action.level for action in here if action.efficacy)
    signal = sum(action.level * action.efficacy for action in here)
    return agonist, signal / agonist if agonist else 1.0, sum(action.level for action in here if not action.efficacy)
