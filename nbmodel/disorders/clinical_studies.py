"""Published studies of conditions and medicines, repeated on any terminal: the protocols of the disorders' evidence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import product

import numpy as np

from nbmodel import drugs
from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.core.protocol import protocol
from nbmodel.data import parameters
from nbmodel.disorders import clamped_balance, conditions, readouts, treatment
from nbmodel.disorders.clamped_balance import Effects
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.dialysis import ANTAGONIST, SECONDS_PER_DAY


def ne_of(condition: str, rest: Network, variant: str | None = None) -> float:
    """NE outside in a condition, as a multiple of healthy.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> round(ne_of("adhd", network()), 2)
    0.8
    """
    return conditions.terminal(rest, condition, variant)["ne_e"] / conditions.terminal(rest, "healthy")["ne_e"]


def sign(difference: float) -> float:
    """Direction of a difference, 1 or -1; what is below a part in a million is none (0)."""
    return float(np.sign(difference)) if abs(difference) > 1e-6 else 0.0


def yohimbine_rise(terminal: Network) -> float:
    """Rise of NE (nM) when yohimbine, in a large dose, blocks autoinhibition within minutes.

    Examples
    --------
    >>> from nbmodel.models.norepinephrine_terminal import network
    >>> round(yohimbine_rise(network()), 2)
    1.92
    """
    drugged = Effects(a2_antagonist=ANTAGONIST.level)
    return float(clamped_balance.level(terminal, drugged) - clamped_balance.level(terminal))


def yohimbine_in(condition: str, rest: Network, variant: str | None = None) -> float:
    """Direction in which a condition changes yohimbine's rise of NE: 1 more than in healthy people, -1 less.

    References
    ----------
    Southwick 1993, doi:10.1001/archpsyc.1993.01820160036003; Charney 1989, doi:10.1016/0165-1781(89)90132-7
    """
    ill, healthy = (
        yohimbine_rise(conditions.terminal(rest, who, how)) for who, how in ((condition, variant), ("healthy", None))
    )
    return sign(ill - healthy)


def yohimbine_range(condition: str, variant: str | None, levels: Sequence[float]) -> tuple[float, float, float]:
    """Rise of NE with yohimbine in a condition, of that in health: at the usual numbers, and its smallest and largest.

    The two ends come from every basal level (nM) of `levels` with the sizes of the condition's changes at either end of
    their ranges, which are assumed.

    Examples
    --------
    >>> [round(rise, 1) for rise in yohimbine_range("ptsd", "weaker feedback only", (2, 6, 14))]
    [0.9, 0.7, 1.0]
    """
    rows = conditions.changes(condition, variant)
    corners = [
        dict(zip([row.parameter for row in rows], sizes, strict=True))
        for sizes in product(*[(row.low, row.high) for row in rows])
    ]

    def of_health(rest: Network, sizes: dict[str, float] | None = None) -> float:
        ill = conditions.terminal(rest, condition, variant, sizes)
        return yohimbine_rise(ill) / yohimbine_rise(conditions.terminal(rest, "healthy"))

    rests = [norepinephrine_terminal.resting(level) for level in levels]
    found = [of_health(rest, sizes) for rest in rests for sizes in (None, *corners)]
    return of_health(norepinephrine_terminal.network()), min(found), max(found)


@protocol
def overflow_in_mdd(rest: Network) -> float:
    """NE that overflows from the brain in depression that resists treatment, as a share of healthy (lambert2000)."""
    return ne_of("mdd", rest, "little release")


@protocol
def overflow_with_desipramine(rest: Network) -> float:
    """Overflow in such depression with desipramine in a vein, whose occupancy is taken as that of a high dose."""
    drugged = Effects(net_free=1 - parameters.load().value("occ_NRI_high", "dimensionless"))
    patient, healthy = conditions.terminal(rest, "mdd", "little release"), conditions.terminal(rest, "healthy")
    return float(clamped_balance.level(patient, drugged)) / 1e3 / healthy["ne_e"]


@protocol
def net_in_mdd(_: Network) -> float:
    """Excess of NET in depression over health, as a share."""
    return conditions.changes("mdd")[0].factor - 1


@protocol
def melancholic_above_healthy(rest: Network) -> float:
    """Direction in which melancholic depression moves NE from that of health: 1 up, -1 down.

    References
    ----------
    Gold 2005, doi:10.1073/pnas.0503069102
    """
    return sign(ne_of("mdd_melancholic", rest) - 1)


@protocol
def methylphenidate_occupancy(_: Network) -> float:
    """Share of NET held by methylphenidate at the middle of the scan, mean of 0.35 and 0.55 mg/kg.

    References
    ----------
    Hannestad 2010, doi:10.1016/j.biopsych.2010.06.017
    """
    p = drugs.load()
    body, scan = p.value("body_weight", "kg"), p.value("methylphenidate.scan_time", "h")
    shares = [after_one("methylphenidate", dose * body, scan) for dose in (0.35, 0.55)]
    return float(np.mean(shares))


def after_one(name: str, dose: float, hours: float | None = None) -> float:
    """Occupancy of the drug's target `hours` after one dose (mg), or at its peak."""
    taken = drugs.regimen(name, dose, count=1)
    plasma = drugs.exposure(name, taken).peak if hours is None else drugs.plasma(name, taken, [hours])[0]
    return float(drugs.occupancy(name, plasma))


def methylphenidate_fold(rest: Network) -> float:
    """NE at the peak of one low dose (10 mg), as a multiple of before."""
    healthy = conditions.terminal(rest, "healthy")
    share = after_one("methylphenidate", 10.0)
    return float(clamped_balance.level(healthy, Effects(net_free=1 - share)) / clamped_balance.level(healthy))


@protocol
def methylphenidate_raises_ne(rest: Network) -> float:
    """Direction in which a low dose of methylphenidate moves NE in prefrontal cortex: 1 up, -1 down.

    References
    ----------
    Berridge 2006, doi:10.1016/j.biopsych.2006.04.022
    """
    return sign(methylphenidate_fold(rest) - 1)


@protocol
def attention_on_methylphenidate(rest: Network) -> float:
    """Direction in which a low dose of methylphenidate moves attention in both readings of ADHD that start from NE: 1 better.

    The two are less release, and NE as in health.

    References
    ----------
    Spencer 2015, doi:10.1016/j.biopsych.2014.09.013
    """
    drugged = Effects(net_free=1 - after_one("methylphenidate", 10.0))
    gains = []
    for variant in ("less release", "no change"):
        terminal = conditions.terminal(rest, "adhd", variant)
        before, after = (
            float(readouts.readout("sustained_attention", clamped_balance.level(terminal, e)))
            for e in (Effects(), drugged)
        )
        gains.append(after - before)
    return sign(min(gains))


def startle_of(condition: str, rest: Network, variant: str | None = None) -> float:
    """Startle in a condition off treatment, as a multiple of healthy."""
    ill, healthy = (
        conditions.terminal(rest, who, how)["ne_e"] for who, how in ((condition, variant), ("healthy", None))
    )
    return float(readouts.startle(1e3 * ill)) / float(readouts.startle(1e3 * healthy))


@protocol
def startle_in_ptsd(rest: Network) -> float:
    """Direction in which PTSD moves startle from that of controls, in every reading of it: 1 up, else 0 or -1.

    References
    ----------
    Morgan 1995, doi:10.1007/BF02246220
    """
    return sign(min(startle_of("ptsd", rest, variant) for variant in conditions.variants("ptsd")) - 1)


@protocol
def yohimbine_on_startle(rest: Network) -> float:
    """Direction in which PTSD changes yohimbine's rise of startle: 1 more than in controls, -1 less.

    References
    ----------
    Morgan 1995, doi:10.1007/BF02246220
    """
    drugged = Effects(a2_antagonist=ANTAGONIST.level)
    rises = []
    for condition in ("ptsd", "healthy"):
        terminal = conditions.terminal(rest, condition)
        before, after = (float(readouts.startle(clamped_balance.level(terminal, e))) for e in (Effects(), drugged))
        rises.append(after - before)
    return sign(rises[0] - rises[1])


@protocol
def methylphenidate_outside(rest: Network) -> float:
    """NE that methylphenidate adds outside prefrontal cortex; the model's one terminal has to stand for it."""
    return methylphenidate_fold(rest) - 1


@protocol
def venlafaxine_knee(_: Network) -> float:
    """Dose of venlafaxine a day (mg) at which half of NET is held at the mean level (tyramine2022)."""
    given = drugs.regimen("venlafaxine")
    dose = given.intakes[0][1]
    return dose / float(drugs.time_course(given, drugs.last_day(given))["multiples NET"].mean())


@protocol
def tyramine_order(_: Network) -> float:
    """Sign of the difference in NET held: 25 mg of atomoxetine a day less 150 mg of venlafaxine (tyramine2022)."""
    held = []
    for name, dose in (("atomoxetine", 25.0), ("venlafaxine", 150.0)):
        given = drugs.regimen(name, dose)
        held.append(float(drugs.time_course(given, drugs.last_day(given))["occupancy NET"].mean()))
    return sign(held[0] - held[1])


def depletion(rest: Network, occupancy: float) -> float:
    """Fall of NE (nM) over two days of alpha-methyltyrosine on a NET inhibitor taken for two weeks."""
    start = norepinephrine_terminal.with_net_blocked(conditions.terminal(rest, "healthy"), occupancy)
    before = solve.run(start, [0.0, 14 * SECONDS_PER_DAY], rtol=1e-6, atol=1e-10)
    left = 1 - parameters.load().value("block_aMT", "dimensionless")
    depleted = start.starting_at(before.final).replace(th_activity=left)
    low = solve.run(depleted, [0.0, 2 * SECONDS_PER_DAY], rtol=1e-6, atol=1e-10)
    return 1e3 * (before.final["ne_e"] - low.final["ne_e"])


@protocol
def depletion_on_ne_drug(rest: Network) -> float:
    """Sign of the difference in NE lost to depletion: on a NET inhibitor less on a drug without NET (miller1996)."""
    return sign(depletion(rest, parameters.load().value("occ_NRI_high", "dimensionless")) - depletion(rest, 0.0))


@protocol
def droxidopa_restores(rest: Network) -> float:
    """NE in DBH deficiency after two weeks of droxidopa, as a multiple of healthy.

    References
    ----------
    Biaggioni and Robertson 1987, doi:10.1016/s0140-6736(87)91317-1
    """
    who = treatment.patient(rest, "dbh_deficiency", "droxidopa")
    return float(treatment.over_weeks(who)["ne_e"][-1]) / rest["ne_e"]


def cognition_without_dbh(name: str, rest: Network) -> float:
    """Readout in DBH deficiency off treatment, as a multiple of healthy.

    References
    ----------
    Jepma 2011, doi:10.1038/npp.2011.42
    """
    without, healthy = readouts.readout(name, np.array([0.0, 1e3 * conditions.terminal(rest, "healthy")["ne_e"]]))
    return float(without / healthy)


ptsd_csf = protocol(partial(ne_of, "ptsd"))
yohimbine_in_ptsd = protocol(partial(yohimbine_in, "ptsd"))
yohimbine_in_ptsd_tone_only = protocol(partial(yohimbine_in, "ptsd", variant="raised tone only"))
yohimbine_in_gad = protocol(partial(yohimbine_in, "gad"))
yohimbine_in_gad_tone_only = protocol(partial(yohimbine_in, "gad", variant="raised tone only"))
memory_without_dbh = protocol(partial(cognition_without_dbh, "working_memory"))
attention_without_dbh = protocol(partial(cognition_without_dbh, "sustained_attention"))
