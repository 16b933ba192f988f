"""Pictures of the lesson's main line: from the saturation of one enzyme to what droxidopa refills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nbmodel.core.network import Array, Network
from nbmodel.core.runs import Run
from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED, FADED_INK, INK
from nbmodel.models import circulation, norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.synthesis.pathway import PATHWAY
from nbmodel.synthesis.plots.look import LETTERS, MOST, SMALL, Picture, axes, dashed, line, panel

STEPS = {
    "tyrosine uptake": "tyrosine uptake",
    "TH": "TH",
    "BH4 recycling": "renewal of BH4",
    "AADC": "AADC",
    "VMAT2 dopamine": "VMAT2, dopamine",
    "DBH": "DBH",
    "VMAT2 NE": "VMAT2, NE",
}


def saturation(substrate: Array, rate: Array, half: float, now: float) -> Picture:
    """Rate of an enzyme against its substrate, with half of its top speed, the level now, and twice that level.

    Parameters
    ----------
    substrate, rate : array
        Concentration (uM), and rate as a share of the top speed.
    half, now : float
        Concentration (uM) of half the top speed, and the one in the terminal.

    Examples
    --------
    >>> s = np.linspace(0.0, 400.0, 401)
    >>> fig, said = saturation(s, s / (46.0 + s), half=46.0, now=126.0)
    >>> said.split(". ")[1]
    'At 126 uM it is 73 % of the top speed, at twice as much 85 %'
    """
    fig, ax = panel()
    line(ax, substrate, rate, "tyrosine")
    at_now, at_twice = (float(np.interp(level, substrate, rate)) for level in (now, 2 * now))
    ax.axhline(1, color=FADED, linestyle="--")
    ax.text(substrate[-1], 1.02, "top speed, $V_{max}$", ha="right", va="bottom", fontsize=LETTERS, color=FADED_INK)
    ax.plot([half, half, 0], [0, 0.5, 0.5], color=FADED, linestyle=":")
    ax.text(half + 6, 0.04, "$K_m$: half of it", fontsize=LETTERS, color=FADED_INK)
    for level, share, words in ((now, at_now, "in the terminal"), (2 * now, at_twice, "twice as much")):
        ax.plot(level, share, "o", color=INK, markersize=9)
        ax.text(level + 6, share - 0.09, words, fontsize=LETTERS)
    axes(
        ax,
        "tyrosine, $s$ (uM)",
        "rate, $v$ (share of $V_{max}$)",
        f"Twice the tyrosine makes TH {at_twice / at_now:.2f} times as fast",
    )
    ax.set(xlim=(0, substrate[-1]), ylim=(0, 1.15))
    return fig, (
        f"Rate of an enzyme against tyrosine, rising steeply and then flattening. At {now:.0f} uM it is {100 * at_now:.0f} % of "
        f"the top speed, at twice as much {100 * at_twice:.0f} %. Half of the top speed is reached at {half:.0f} uM."
    )


def feedback(product: Array, rate: Array, now: float) -> Picture:
    """Rate of TH against what it makes, with the level at rest, half of it, and none.

    Parameters
    ----------
    product, rate : array
        NE and dopamine in the cytosol (uM), and the rate as a multiple of that at `now`.
    now : float
        Their level at rest (uM).
    """
    fig, ax = panel()
    line(ax, product, rate, "norepinephrine")
    said = []
    for level, words in ((0.0, "none"), (now / 2, "half as much"), (now, "at rest")):
        fold = float(np.interp(level, product, rate))
        ax.plot(level, fold, "o", color=INK, markersize=9, clip_on=False)
        ax.text(level + 0.07, fold + 0.03, f"{words}: {fold:.2f}", fontsize=LETTERS)
        said.append(f"{fold:.2f} with {words}" if level < now else f"1 {words}")
    axes(
        ax,
        "NE and dopamine in the cytosol, $p$ (uM)",
        "rate of TH (multiple of rest)",
        f"Without its products TH is {float(rate[0]):.2f} times as fast",
    )
    ax.set(xlim=(0, product[-1]), ylim=(0, 1.85))
    return fig, f"Rate of TH against its products in the cytosol, falling: {', '.join(said)}, as a multiple of rest."


def control(coefficients: Mapping[str, float]) -> Picture:
    """Flux control over NE synthesis: a bar for each step of the pathway, and one for all other reactions.

    Parameters
    ----------
    coefficients : Mapping
        As `control_of_synthesis` gives them.
    """
    bars = {words: round(coefficients[step], 6) + 0.0 for step, words in STEPS.items()}
    bars[f"the other {len(coefficients) - len(bars)}"] = sum(
        value for step, value in coefficients.items() if step not in PATHWAY
    )
    fig, ax = panel(4.2)
    drawn = ax.barh(list(bars), list(bars.values()), color=[INK if name == "TH" else FADED for name in bars])
    ax.bar_label(drawn, fmt=lambda value: f"{round(value, 2) + 0.0:.2f}".replace("-", "−"), padding=4, fontsize=LETTERS)
    ax.axvline(0, color=INK, linewidth=1)
    axes(ax, "flux control coefficient", "", f"TH has {coefficients['TH']:.2f} of the control, AADC none")
    ax.invert_yaxis()
    ax.set_xlim(-0.17, 1.2 * max(bars.values()))
    ax.grid(visible=False, axis="y")
    listed = ", ".join(f"{name} {round(value, 2) + 0.0:.2f}" for name, value in bars.items())
    return fig, f"Bars of control over the synthesis of NE: {listed}. All together {sum(bars.values()):.2f}."


def store(run: Run, resting: Network, title: str = "") -> Picture:
    """NE and dopamine in vesicles over a run, with their levels at rest behind; the axis is always the same.

    Examples
    --------
    >>> from nbmodel import synthesis
    >>> rest = norepinephrine_terminal.network()
    >>> fig, said = store(synthesis.course(rest.replace(dbh_activity=0.0), 48.0), rest, "Without DBH")
    >>> said
    'Vesicles over 48 hours. NE goes from 3.0 to 0.0 mM, dopamine from 0.2 to 3.2 mM.'
    """
    fig, ax = panel()
    hours, said = run.times / SECONDS_PER_HOUR, []
    ends = [run[species][-1] / 1e3 for species in ("ne_v", "da_v")]
    apart = 0.35 if abs(ends[0] - ends[1]) < 0.5 else 0.0  # two names must not lie on one another
    for species, name, end, side in zip(
        ("ne_v", "da_v"), ("NE", "dopamine"), ends, (1 if ends[0] >= ends[1] else -1, 1 if ends[1] > ends[0] else -1), strict=True
    ):  # fmt: skip
        colour = "norepinephrine" if name == "NE" else "dopamine"
        ax.axhline(resting[species] / 1e3, color=COLOURS[colour], linestyle=":", linewidth=1.5)
        line(ax, hours, run[species] / 1e3, colour)
        ax.text(
            1.02 * hours[-1], min(max(end + side * apart, 0.1), MOST), name,
            color=COLOURS[colour], weight="bold", fontsize=LETTERS, va="center",
        )  # fmt: skip
        said.append(f"{name} {'goes ' if name == 'NE' else ''}from {run[species][0] / 1e3:.1f} to {end + 0:.1f} mM")
    axes(ax, "time (h)", "in vesicles (mM)", title or _finding(run, resting))
    note = {"ha": "right", "va": "top", "fontsize": SMALL, "color": FADED_INK}
    ax.text(0.98 * hours[-1], resting["ne_v"] / 1e3 - 0.08, "dotted: at rest", **note)
    ax.set(xlim=(0, hours[-1]), ylim=(0, MOST))
    return fig, f"Vesicles over {hours[-1]:g} hours. {', '.join(said)}."


def _finding(run: Run, resting: Network) -> str:
    """What became of the store, in a title."""
    ne, dopamine = (run[species][-1] / resting[species] for species in ("ne_v", "da_v"))
    if max(ne, dopamine) < 0.1:
        return "Both stores empty"
    if ne < 0.1:
        return "Dopamine takes the place of NE"
    return f"NE ends at {ne:.2f} times rest, dopamine at {dopamine:.2f}"


def setting(case: Mapping[str, Any]) -> str:
    """Title that says what a scenario changes.

    Examples
    --------
    >>> from nbmodel import scenario
    >>> setting(scenario.make("synthesis", {"dbh_activity": 0.0, "firing_rate": 3.0}))
    'DBH × 0, firing 3 Hz'
    """
    rest = norepinephrine_terminal.network().parameters
    said = [
        f"{words} {case[name]:g}{unit}"
        for name, symbol, words, unit in (
            ("th_activity", "th_activity", "TH ×", ""),
            ("dbh_activity", "dbh_activity", "DBH ×", ""),
            ("vmat_activity", "vmat_activity", "VMAT2 ×", ""),
            ("firing_rate", "firing", "firing", " Hz"),
            ("tyrosine_blood", "tyrosine_blood", "tyrosine", " uM"),
        )
        if case[name] != rest[symbol]
    ]
    return ", ".join(said) or "At rest the store stays full"


def rescue(runs: Mapping[str, Run], resting: Network, species: str = "ne_v") -> Picture:
    """Share of its resting NE that a pool regains on droxidopa, with one protein missing at a time.

    Parameters
    ----------
    runs : Mapping
        What is missing -> run on droxidopa from an empty store.
    resting : Network
        Healthy terminal at rest.
    species : str
        "ne_v" for the vesicles, "ne_c" for the cytosol.
    """
    place = {"ne_v": "in vesicles", "ne_c": "in the cytosol"}[species]
    fig, ax = panel()
    said = []
    for (missing, run), colour in zip(runs.items(), ("norepinephrine", "untreated"), strict=True):
        hours, share = run.times / SECONDS_PER_HOUR, 100 * run[species] / resting[species]
        line(ax, hours, share, colour)
        ax.text(
            hours[-1], share[-1] + 5, f"no {missing}: {share[-1] + 0:.0f} %",
            ha="right", color=COLOURS[colour], weight="bold", fontsize=LETTERS,
        )  # fmt: skip
        said.append(f"without {missing} at {share[-1] + 0:.0f} %")
    dashed(ax, 100, "healthy")
    title = "Droxidopa refills vesicles that can be filled" if species == "ne_v" else "The cytosol gets NE either way"
    axes(ax, "time on droxidopa (h)", f"NE {place} (% of rest)", title)
    top = max(120.0, *(1.25 * 100 * float(run[species].max()) / resting[species] for run in runs.values()))
    ax.set(xlim=(0, hours[-1]), ylim=(-4, top))
    return fig, f"NE {place} over {hours[-1]:g} hours of droxidopa ends {' and '.join(said)} of rest."


def plasma(run: Run, half_life: float, rate: float, stop: float) -> Picture:
    """NE in plasma under an infusion of `rate` ug/min until minute `stop`, with the two thresholds of venous blood."""
    level = circulation.plasma(run)
    fig, ax = panel()
    line(ax, run.times, level, "norepinephrine")
    for symbol, words in (("thr_NE", "threshold in 1978"), ("thr_NE_venous", "threshold in a later study")):
        dashed(ax, circulation.hormone_threshold(symbol), words)
    after = stop + half_life
    ax.plot(after, np.interp(after, run.times, level), "o", color=INK, markersize=9)
    ax.text(
        after + 1.5,
        float(np.interp(after, run.times, level)),
        f"{half_life:.1f} min after\nthe infusion",
        fontsize=LETTERS,
        va="center",
    )
    axes(
        ax, "time (min)", "NE in venous plasma (pg/mL)", f"In blood half of the added NE is gone in {half_life:.1f} min"
    )
    ax.set(xlim=(0, run.times[-1]), ylim=(0, 2100))
    return fig, (
        f"NE in plasma over {run.times[-1]:.0f} minutes. An infusion of {rate:.1f} ug per minute raises it from {level[0]:.0f} to "
        f"{level.max():.0f} pg/mL; after its end half of the rise is gone in {half_life:.1f} minutes."
    )
