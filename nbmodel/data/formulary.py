"""The medicines: what each acts on, what it is used for, and where its numbers come from.

What a body does to a drug, and what PET saw in people, stands in `drugs.csv` (symbol: drug.quantity); what a drug does
to a protein in a dish stands in `parameters.csv` with the other affinities. `load()` lays the two tables together, so
that `p.replace(...)` varies either. Nothing here is medical advice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from nbmodel.data import parameters
from nbmodel.data.parameters import Parameter, Parameters, did_you_mean


class DrugError(ValueError):
    """A drug, dose or schedule that the collection does not have or that was not studied; `problems` lists every fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Target:
    """A protein that a drug acts on, and where its occupancy comes from.

    `action` is 'blocks' (a transporter), 'agonist', 'antagonist' or 'substrate'. `basis` is 'PET', 'effect' (the level
    of half an effect in people, which is no occupancy), 'affinity' (in a dish, of the unbound drug) or 'none'.
    `affinity` and `efficacy` are symbols of `load()`; an antagonist has no efficacy.
    """

    site: str
    action: str
    basis: str
    affinity: str = ""
    efficacy: str = ""


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine or an active metabolite (then `made_from` names the medicine).

    `uses` maps a condition to 'approved', 'off label' or 'probe' (given to study it, not to treat). It says that the
    drug is used, not that it works. `besides` names in words what else the drug is known to act on: no model here has it.
    `withheld` says why readouts of function would mislead, where they would; `remark` is a sentence for every report.
    """

    name: str
    kind: str
    targets: tuple[Target, ...]
    uses: Mapping[str, str] = field(default_factory=dict)
    metabolite: str = ""
    made_from: str = ""
    besides: str = ""
    withheld: str = ""
    remark: str = ""

    def target(self, site: str | None = None) -> Target:
        """The target of that name, or the first. Raises DrugError, naming those there are."""
        known = {target.site: target for target in self.targets}
        if site is not None and site not in known:
            raise DrugError([f"{self.name} does not act on {site!r} here, but on {', '.join(known)}"])
        return self.targets[0] if site is None else known[site]


def _net(basis: str, affinity: str = "") -> tuple[Target, ...]:
    return (Target("NET", "blocks", basis, affinity),)


def _alpha2(basis: str, efficacy: str, affinity: str = "") -> tuple[Target, ...]:
    return (Target("alpha2", "agonist", basis, affinity, efficacy),)


def _blocked(site: str, affinity: str) -> tuple[Target, ...]:
    return (Target(site, "antagonist", "affinity", affinity),)


_MDD = {"mdd": "approved", "mdd_melancholic": "approved"}
DRUGS: dict[str, Drug] = {
    drug.name: drug
    for drug in (
        Drug("atomoxetine", "NET inhibitor", _net("PET", "Ki_NET_atomoxetine"), {"adhd": "approved"},
             besides="the serotonin transporter, at clinical doses in monkeys (Ding and others 2014), little in the blood of patients",
             remark="Scans of people with an older tracer found a quarter to a third of NET held, whatever the dose (Logan and "
             "others 2007); the curve used here is from monkeys and says nearly all."),
        Drug("reboxetine", "NET inhibitor", _net("affinity", "Kd_NET_reboxetine"), _MDD),
        Drug("nortriptyline", "tricyclic", _net("PET", "Kd_NET_nortriptyline"), _MDD,
             besides="histamine, muscarinic and alpha1 receptors"),
        Drug("desipramine", "tricyclic", _net("affinity", "Kd_NET_desipramine"), _MDD,
             besides="muscarinic and other receptors",
             remark="Patients on desipramine had more than twice the levels that these kinetics give (section 2), so more is held."),
        Drug("methylphenidate", "stimulant", _net("PET", "Ki_NET_methylphenidate"), {"adhd": "approved"},
             besides="the dopamine transporter"),
        Drug("venlafaxine", "SNRI", _net("affinity", "Kd_NET_venlafaxine"),
             {**_MDD, "gad": "approved", "ptsd": "off label"}, metabolite="O-desmethylvenlafaxine", besides="the serotonin transporter"),
        Drug("O-desmethylvenlafaxine", "metabolite", _net("affinity", "Ki_NET_ODV"), made_from="venlafaxine"),
        Drug("duloxetine", "SNRI", _net("affinity", "Ki_NET_duloxetine"), {**_MDD, "gad": "approved"},
             besides="the serotonin transporter"),
        Drug("milnacipran", "SNRI", _net("PET"), _MDD, besides="the serotonin transporter"),
        Drug("bupropion", "NDRI", _net("affinity", "Kd_NET_bupropion"),
             {**_MDD, "adhd": "off label"}, metabolite="hydroxybupropion", besides="the dopamine transporter"),
        Drug("hydroxybupropion", "metabolite", _net("affinity", "IC50_NET_hydroxybupropion"), made_from="bupropion"),
        Drug("clonidine", "alpha2 agonist", _alpha2("effect", "efficacy_clonidine"), {"adhd": "approved", "ptsd": "off label"},
             besides="vessels and heart"),
        Drug("guanfacine", "alpha2 agonist", _alpha2("affinity", "guanfacine.efficacy", "Kd_guanfacine_a2A"), {"adhd": "approved"}),
        Drug("dexmedetomidine", "alpha2 agonist", _alpha2("effect", "dexmedetomidine.efficacy"), {"healthy": "probe"},
             besides="vessels and heart",
             withheld="Dexmedetomidine is given to sedate. The readouts know nothing of sleep and would call alpha2 receptors at "
             "work better attention, so none is shown."),
        Drug("prazosin", "alpha1 antagonist", _blocked("alpha1", "Ki_prazosin_a1"), {"ptsd": "off label"},
             besides="blood vessels"),
        Drug("propranolol", "beta antagonist", _blocked("beta1", "Ki_propranolol_b1"), {"gad": "off label", "ptsd": "off label"},
             besides="beta2 receptors, heart and vessels",
             remark="Of the readouts only energy knows beta receptors: startle has none, so propranolol cannot change it here."),
        Drug("yohimbine", "alpha2 antagonist", _blocked("alpha2", "Ki_yohimbine_a2"), {"healthy": "probe", "ptsd": "probe"},
             besides="serotonin and dopamine receptors",
             remark="Studies of PTSD gave one dose into a vein (0.4 mg/kg); tablets three times a day are another experiment."),
        Drug("droxidopa", "NE precursor", (Target("AADC", "substrate", "none"),), {"dbh_deficiency": "approved"},
             besides="blood vessels: it is given for low blood pressure"),
    )
}  # fmt: skip


@cache
def load() -> Parameters:
    """`parameters.csv` and `drugs.csv` as one table. Raises ParameterError where a symbol stands in both."""
    general, own = parameters.load(), parameters.read(parameters.FOLDER / "drugs.csv")
    if twice := set(general) & set(own):
        raise parameters.ParameterError(f"in parameters.csv and in drugs.csv: {', '.join(sorted(twice))}")
    return Parameters({**general, **own})


def drug(name: str) -> Drug:
    """The drug of that name. Raises DrugError with the nearest name."""
    if name not in DRUGS:
        raise DrugError([f"no drug {name!r}; the drugs are {', '.join(medicines())}{did_you_mean(name, DRUGS)}"])
    return DRUGS[name]


def medicines(condition: str | None = None) -> list[str]:
    """The drugs that can be given (no metabolites): all, or those used in a condition."""
    return [d.name for d in DRUGS.values() if not d.made_from and (condition is None or condition in d.uses)]


@cache
def metabolisers(name: str) -> tuple[str, ...]:
    """The kinds of people that the drug's kinetics tell apart: 'extensive', and 'poor' where numbers for them were read."""
    poor = any(symbol.startswith(f"{drug(name).name}.") and symbol.endswith("_poor") for symbol in load())
    return ("extensive", "poor") if poor else ("extensive",)


def numbers(name: str, p: Parameters | None = None) -> list[Parameter]:
    """Every row behind a drug's levels, occupancies and refused doses: its own, its metabolite's, those of its targets."""
    p = p or load()
    substances = [s for s in (drug(name).name, drug(name).metabolite) if s]
    usual = (".per_day", ".interval")  # a default that the reader sees, behind no result
    symbols = [s for own in substances for s in p if s.startswith(f"{own}.") and not s.endswith(usual)]
    if any("/kg" in p[symbol].unit for symbol in symbols):
        symbols.append("body_weight")
    for target in (target for s in substances for target in DRUGS[s].targets):
        used = (target.affinity if target.basis == "affinity" else "", target.efficacy)
        symbols += [symbol for symbol in used if symbol and symbol not in symbols]
    return [p[symbol] for symbol in symbols]


def doubts(name: str, p: Parameters | None = None) -> list[Parameter]:
    """Those of `numbers` that were not read at a source ('to confirm') or are somebody's choice ('assumed')."""
    return [row for row in numbers(name, p) if row.status in ("to confirm", "assumed")]


def caveats(name: str, p: Parameters | None = None) -> list[str]:
    """The same in sentences for a report, and how the occupancy was found where that is not PET."""
    words = {
        "affinity": "is computed from the affinity in a dish and the unbound level in plasma, not measured in the brain",
        "effect": "is read off an effect in people, not measured as binding",
        "none": "does not apply: the drug is taken up and converted",
    }
    said = [f"Occupancy of {t.site} by {name} {words[t.basis]}." for t in drug(name).targets if t.basis in words]
    verbs = {"to confirm": "was not read at its source", "assumed": "is assumed"}
    for row in doubts(name, p):
        unit = "" if row.unit == "dimensionless" else f" {row.unit}"
        said.append(f"{row.name} ({row.value:g}{unit}; {row.preparation}) {verbs[row.status]}.")
    return said
