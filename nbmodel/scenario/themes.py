"""The registry of themes: for each its notebook, what can be set, its model, key results and limits.

A theme is added by one entry here and a folder of its own. The entry's `load` imports that folder when it is first
needed, so that listing themes and checking a scenario load no model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from nbmodel.scenario import clinical_case
from nbmodel.scenario.setting import Setting, from_table

if TYPE_CHECKING:
    import pandas as pd

    from nbmodel.core.network import Network


# Abbreviations in names of results, as they are written.
WRITTEN = {each.lower(): each for each in ["AADC", "DBH", "DHPG", "LC", "MAO", "MDD", "NE", "NET", "PTSD", "REM", "TH"]}


class Model(Protocol):
    """Interface of a theme's folder, as everybody else sees it."""

    @property
    def PROTOCOLS(self) -> Mapping[str, Callable[[Network], float]]:
        """Published experiments by name: each takes a resting terminal and gives the number that was measured."""

    def results(self, case: Mapping[str, Any]) -> pd.DataFrame:
        """Table of a scenario's numbers, with columns name, value, unit."""


@dataclass(frozen=True)
class Limits:
    """Limits of one report: `seconds` a cell, `gigabytes` of address space its kernel, `megabytes` its output.

    They keep one report from stopping a batch. A cell of the collection takes a second or two, a kernel reserves about
    three gigabytes (the libraries alone two to three), and a report is one megabyte.
    """

    seconds: int = 120
    gigabytes: float = 6.0
    megabytes: int = 20


@dataclass(frozen=True)
class Theme:
    """Theme of the collection.

    `settings` gives what can be set, when it is first asked for. `key_results` are what a list of many reports shows of
    each, and what readers call them. Where one choice decides what others may be (a drug its doses), `depends` gives
    those others for what was chosen. `faults` finds, in checked values, what does not go together, a sentence each.
    `names` names a scenario by its checked values, where each is a case of its own; else the question heads a report.
    """

    name: str
    notebook: str
    question: str
    load: Callable[[], Model]
    key_results: Mapping[str, str]
    settings: Callable[[], Iterable[Setting]]
    depends: Callable[[Mapping[str, object]], Mapping[str, Setting]] | None = None
    faults: Callable[[Mapping[str, Any]], list[str]] | None = None
    names: Callable[[Mapping[str, Any]], str] | None = None
    limits: Limits = field(default=Limits())

    @cached_property
    def parameters(self) -> Mapping[str, Setting]:
        """Settings by name. Raises ValueError for a default that lies outside its bounds."""
        found = {p.name: p for p in self.settings()}
        for p in found.values():
            if p.kind in ("number", "integer") and (
                p.low is None or p.high is None or not p.low <= float(p.default) <= p.high
            ):
                raise ValueError(f"{self.name}.{p.name}: the default must lie within bounds")
        return found

    def label(self, name: str) -> str:
        """Return what readers call a setting or a result.

        Examples
        --------
        >>> THEMES["reuptake"].label("basal_ne"), THEMES["reuptake"].label("ne_without_mao")
        ('norepinephrine outside the cells at rest', 'NE without MAO')
        """
        if name in self.parameters:
            return self.parameters[name].label
        return self.key_results.get(name) or " ".join(WRITTEN.get(word, word) for word in name.split("_"))

    def title(self, values: Mapping[str, Any]) -> str:
        """Return what a report of checked values is headed with, unless its scenario has a title of its own."""
        return self.names(values) if self.names else self.question

    def given(self, values: Mapping[str, object]) -> dict[str, Setting]:
        """Map the settings that can be set once `values` (as typed, checked or not) are."""
        return {**self.parameters, **(self.depends(values) if self.depends else {})}


# -- settings that several themes share ------------------------------------------------------------------------------

BASAL_NE = from_table("basal_ne", "x0_ECF", "norepinephrine outside the cells at rest", "nM")
BURST_RATE = from_table("burst_rate", "r_LC_burst", "firing rate within the burst", "Hz", 0, 30)
BURST_DURATION = from_table("burst_duration", "duration_LC_burst", "how long the burst lasts", "s", 0.05, 5)
FIRING = "how often a locus coeruleus cell fires (the default: awake and active)"
LC_INPUT = "added to the input of the locus coeruleus all night, model units (-2 halves its rate, -100 silences it)"
OTHER_GROUPS = "share of the terminals that other cell groups than the locus coeruleus supply (the default: amygdala)"
AT_TARGETS = "at target cells, as a multiple of its dissociation constant"
SEED = Setting("seed", 1, "seed of chance, where a scenario varies it", "", 0, 1_000_000)


# -- the themes ------------------------------------------------------------------------------------------------------


def _synthesis() -> Model:
    from nbmodel import synthesis

    return synthesis


def _reuptake() -> Model:
    from nbmodel import reuptake

    return reuptake


def _lc_arousal() -> Model:
    from nbmodel import lc_arousal

    return lc_arousal


def _sleep_wake() -> Model:
    from nbmodel import sleep_wake

    return sleep_wake


def _attention() -> Model:
    from nbmodel import attention

    return attention


def _disorders() -> Model:
    from nbmodel import disorders

    return disorders


_ALL = (
    Theme(
        name="synthesis",
        notebook="01_synthesis",
        question="How is norepinephrine made, and which step sets the pace?",
        load=_synthesis,
        key_results={
            "vesicular_ne": "NE in vesicles",
            "vesicular_dopamine": "dopamine in vesicles",
            "extracellular_ne": "NE outside the cells",
            "synthesis_rate": "rate of synthesis",
        },
        settings=lambda: (
            Setting("th_activity", 1.0, "tyrosine hydroxylase at work, as a multiple of normal (0 blocked)", "", 0, 4),
            Setting(
                "dbh_activity", 1.0, "dopamine beta-hydroxylase at work, as a multiple of normal (0 none)", "", 0, 4
            ),
            Setting("vmat_activity", 1.0, "vesicle transporter at work, as a multiple of normal (0 blocked)", "", 0, 4),
            from_table("firing_rate", "r_LC_AW", FIRING, "Hz", 0, 10),
            from_table("tyrosine_blood", "tyrosine_blood", "tyrosine in blood", "uM"),
            Setting("hours", 24.0, "how long the run lasts after the change", "h", 1, 168),
        ),
    ),
    Theme(
        name="reuptake",
        notebook="02_reuptake",
        question="What ends the signal, and how fast?",
        load=_reuptake,
        key_results={
            "half_life": "half-life of NE without a drug",
            "half_life_with_block": "half-life of NE with the drug",
            "burst_peak_with_block": "peak of NE in a burst, with the drug",
            "burst_return_with_block": "time from the peak to rest, with the drug",
        },
        settings=lambda: (
            Setting("net_occupancy", 0.0, "share of norepinephrine transporters that a drug blocks", "", 0, 1),
            BASAL_NE,
            BURST_RATE,
            BURST_DURATION,
        ),
    ),
    Theme(
        name="lc_arousal",
        notebook="03_lc_arousal",
        question="What do so few cells tell a whole brain, and is it in time?",
        load=_lc_arousal,
        key_results={
            "lc_rate": "firing rate of the spiking cells",
            "tonic_ne": "NE at the tonic rate",
            "burst_peak": "peak of NE in a burst",
            "burst_return": "time from the peak to rest",
        },
        settings=lambda: (
            from_table("tonic_rate", "r_LC_AW", FIRING, "Hz", 0, 10),
            BURST_RATE,
            BURST_DURATION,
            BASAL_NE,
            from_table("drive", "drive_LC_wake", "steady input to the spiking cells", "pA", -200, 300),
            from_table("coupling", "g_gap_LC", "gap junctions of a spiking cell, all together", "nS"),
            SEED,
        ),
        limits=Limits(seconds=300),  # cells, networks and seeds: the slowest of the six
    ),
    Theme(
        name="sleep_wake",
        notebook="04_sleep_wake",
        question="Does the locus coeruleus wake us?",
        load=_sleep_wake,
        key_results={
            "share_awake": "time awake, scored by the LC",
            "share_up": "time awake, scored by the dorsal raphe",
            "ne_slow_wave_sleep": "NE in slow-wave sleep",
            "ne_rem_sleep": "NE in REM sleep",
        },
        settings=lambda: (
            Setting("lc_input", 0.0, LC_INPUT, "", -100, 8),
            from_table("nrem_rate", "r_LC_SWS", "how often a locus coeruleus cell fires in non-REM sleep", "Hz", 0, 3),
            from_table("rem_rate", "r_LC_REM", "how often a locus coeruleus cell fires in REM sleep", "Hz", 0, 3),
            from_table("other_groups", "others_amygdala", OTHER_GROUPS, "", 0, 1),
            BASAL_NE,
            SEED,
        ),
        limits=Limits(seconds=300),
    ),
    Theme(
        name="attention",
        notebook="05_attention",
        question="How do you hear your name across a loud room?",
        load=_attention,
        key_results={
            "target_picked_out": "target picked out",
            "sustained_attention": "sustained attention",
            "working_memory": "working memory",
            "reaction_time": "reaction time",
        },
        settings=lambda: (
            BASAL_NE,
            Setting("a1_antagonist", 0.0, f"alpha1 antagonist (such as prazosin) {AT_TARGETS}", "", 0, 1000),
            Setting("a2_antagonist", 0.0, f"alpha2 antagonist (such as idazoxan) {AT_TARGETS}", "", 0, 1000),
            Setting("a2_agonist", 0.0, f"alpha2 agonist (such as guanfacine) {AT_TARGETS}", "", 0, 1000),
            Setting("lc_coupling", 0.95, "coupling of the LC in the task (0.95 phasic, 0.55 tonic)", "", 0, 1),
            SEED,
        ),
        limits=Limits(seconds=300),
    ),
    Theme(
        name="disorders",
        notebook="06_disorders",
        question="How much does one medicine change a brain that regulates itself?",
        load=_disorders,
        key_results={
            "occupancy_mean": "occupancy of the target, mean of a day",
            "ne_untreated_of_healthy": "NE untreated",
            "ne_treated_of_healthy": "NE treated",
            "sustained_attention_treated": "sustained attention treated",
        },
        settings=lambda: (
            Setting(
                "condition",
                "adhd",
                "the person's condition, as far as the model has one",
                choices=clinical_case.condition_names(),
            ),
            *clinical_case.case({}).values(),
            Setting("weeks", 2.0, "how long the drug is taken", "week", 1, 12),
            BASAL_NE,
            Setting("patients", 200, "virtual patients, for intervals", "", 20, 1000),
            SEED,
        ),
        depends=clinical_case.case,
        faults=clinical_case.schedule_faults,
        names=clinical_case.title,
        limits=Limits(seconds=300),
    ),
    # A new theme goes here.
)

THEMES: Mapping[str, Theme] = {theme.name: theme for theme in _ALL}


def parameters_cell(theme: str) -> str:
    """Source of a notebook's parameters cell: a `name = default  # unit, or kind of value: meaning` a line (a test compares them)."""
    return "\n".join(
        f"{p.name} = {p.default!r}  # {p.unit or p.kind}: {p.help}" for p in THEMES[theme].parameters.values()
    )
