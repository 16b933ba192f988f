"""A person and a treatment: the untreated terminal, the drug and its schedule, checked before any work."""

from __future__ import annotations

from dataclasses import dataclass

from nbmodel import drugs
from nbmodel.core.network import Network
from nbmodel.data.formulary import PER_DAY
from nbmodel.data.parameters import Parameters
from nbmodel.disorders import conditions
from nbmodel.disorders.readouts import READOUTS
from nbmodel.drugs import DAY, WEEK, Regimen


@dataclass(frozen=True, slots=True)
class Patient:
    """Person with a condition and a treatment.

    Parameters
    ----------
    healthy, untreated : Network
        Terminal of a healthy person and that of the condition, both untreated.
    drug : str
        Name of the drug, or "none".
    given : Regimen, optional
        Schedule of the drug; None without one.
    metaboliser : str
        "extensive" or "poor".
    weight : float, optional
        Body weight, kg; the usual one if not given.
    table : Parameters, optional
        Table that stands in for the drugs' numbers, to see what another value of one does.
    """

    healthy: Network
    untreated: Network
    drug: str = "none"
    given: Regimen | None = None
    metaboliser: str = "extensive"
    weight: float | None = None
    table: Parameters | None = None

    @property
    def hours(self) -> float:
        """Length of the treatment, h; a week without one."""
        return self.given.hours if self.given else WEEK

    @property
    def precursor(self) -> bool:
        """True if the drug is turned into NE."""
        return self.drug != "none" and drugs.drug(self.drug).targets[0].action == "substrate"

    @property
    def readouts(self) -> tuple[str, ...]:
        """Names of the `READOUTS` that may be shown: none for a drug under which they would mislead."""
        return () if self.drug != "none" and drugs.drug(self.drug).withheld else tuple(READOUTS)


def patient(
    rest: Network,
    condition: str,
    drug: str = "none",
    dose: float | None = None,
    doses_per_day: str = "usual",
    weeks: float = 2.0,
    metaboliser: str = "extensive",
    weight: float | None = None,
    variant: str | None = None,
    start: float = 0.0,
    start_weeks: float = 1.0,
    missed: int = 0,
) -> Patient:
    """Person with a condition on a drug, at the usual dose and number a day unless given.

    Parameters
    ----------
    rest : Network
        Terminal of a healthy person at rest.
    condition : str
        One of `conditions.CONDITIONS`.
    drug : str
        One of the formulary, or "none".
    dose : float, optional
        Dose, mg (a rate in ug/kg/h for an infusion).
    doses_per_day : str
        "usual", "one", "two" or "three".
    weeks : float
        Length of the treatment.
    metaboliser : str
        "extensive" or "poor".
    weight : float, optional
        Body weight, kg.
    variant : str, optional
        Reading of the condition; the one that stands for it if not given.
    start, start_weeks : float
        Another dose for the first weeks; 0 for none.
    missed : int
        Number of last doses that were left out.

    Raises
    ------
    ConditionError
        For a condition or reading that there is not.
    DrugError
        For a drug, dose or metaboliser that there is not or that was not studied.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> patient(network(), "adhd", "atomoxetine", weeks=2.0).hours
    336.0
    """
    untreated, healthy = conditions.terminal(rest, condition, variant), conditions.terminal(rest, "healthy")
    if drug == "none":
        return Patient(healthy, untreated)
    often, usual = PER_DAY[doses_per_day] or None, drugs.load()[f"{drugs.drug(drug).name}.dose"].value
    dose = usual if dose is None else dose
    titration = {start_weeks * WEEK / DAY: dose} if start else None

    def schedule(left_out: tuple[int, ...]) -> Regimen:
        return drugs.regimen(
            drug, start or dose, DAY / often if often else None, often, weeks, missed=left_out, titration=titration
        )

    given = schedule(())
    if missed:
        doses = len(given.intakes)
        given = schedule(tuple(range(doses - missed + 1, doses + 1)))
    drugs.profile(drug, metaboliser, weight)  # refuses a metaboliser without numbers before any work
    return Patient(healthy, untreated, drug, given, metaboliser, weight)
