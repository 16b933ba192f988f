"""Pictures of the lesson's main line: from the saturation of one enzyme to what droxidopa refills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbmodel.core.network import Array, Network
from nbmodel.core.runs import Run
from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED, FADED_INK, INK
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.synthesis.plots.look import LETTERS, MOST, SMALL, Picture, dashed, line, named, panels, words

# What each bar of control adds up: reactions of one protein, or of one fate.
BARS: dict[str, tuple[str, ...]] = {
    "tyrosine uptake": ("tyrosine uptake",),
    "TH": ("TH",),
    "AADC": ("AADC",),
    "VMAT2": ("VMAT2 dopamine", "VMAT2 NE"),
    "DBH": ("DBH",),
    "MAO": ("MAO NE", "MAO dopamine"),
    "leak from vesicles": ("leak of NE", "leak of dopamine"),
    "loss of tyrosine": ("tyrosine to pool", "tyrosine from pool", "tyrosine loss", "pool loss"),
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
    fig, ax = panels()
    line(ax, substrate, rate, "tyrosine")
    at_now, at_twice = (float(np.interp(level, substrate, rate)) for level in (now, 2 * now))
    ax.axhline(1, color=FADED, linestyle="--")
    ax.text(substrate[-1], 1.02, "top speed, $V_{max}$", ha="right", va="bottom", fontsize=LETTERS, color=FADED_INK)
    ax.plot([half, half, 0], [0, 0.5, 0.5], color=FADED, linestyle=":")
    words(ax, half + 10, 0.46, "half of it, at $K_m$", color=FADED_INK)
    for level, share, name in ((now, at_now, "in the terminal"), (2 * now, at_twice, "twice as much")):
        ax.plot(level, share, "o", color=INK, markersize=9, zorder=6)
        words(ax, level + 8, share - 0.09, name)
    named(
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
    fig, ax = panels()
    line(ax, product, rate, "norepinephrine")
    said = []
    levels = ((0.0, "none"), (now / 2, "half as much"), (now, "at rest"))
    folds = [float(np.interp(level, product, rate)) for level, _ in levels]
    # Where nothing changes the names would stand in one line and overlap: there they stand one above the other.
    flat = folds[0] - folds[-1] < 0.15
    for at, ((level, name), fold) in enumerate(zip(levels, folds, strict=True)):
        ax.plot(level, fold, "o", color=INK, markersize=9, clip_on=False, zorder=6)
        higher = 0.08 + 0.17 * (len(levels) - 1 - at) if flat else 0.03
        words(ax, level + (0.03 if flat else 0.09), fold + higher, f"{name}: {fold:.2f}")
        said.append(f"{fold:.2f} with {name}" if level < now else f"1 {name}")
    named(
        ax,
        "NE and dopamine in the cytosol, $p$ (uM)",
        "rate of TH (multiple of rest)",
        f"Without products TH is only {folds[0]:.2f} times as fast"
        if folds[1] / folds[-1] >= 1.01
        else "TH hardly feels its products",
    )
    ax.set(xlim=(0, product[-1]), ylim=(0, max(1.85, 1.1 * folds[0])))
    return fig, f"Rate of TH against its products in the cytosol, falling: {', '.join(said)}, as a multiple of rest."


def by_activity(shares: Array, stores: Array, one_gene: tuple[float, float, float]) -> Picture:
    """NE in vesicles against the activity of TH, beside mice that have one good copy of its gene.

    Parameters
    ----------
    shares, stores : array
        Activity of TH, and the store at steady state, both as multiples of normal.
    one_gene : tuple
        Activity that one gene leaves, and the least and the most NE that was found with it, as shares of normal.
    """
    fig, ax = panels(height=4.2)
    ax.plot(shares, shares, color=FADED, linestyle="--")
    line(ax, shares, stores, "norepinephrine")
    activity, least, most = one_gene
    half, double, model = (float(np.interp(share, shares, stores)) for share in (0.5, 2.0, activity))
    for share, left in ((activity, model), (2.0, double)):
        ax.plot(share, left, "o", color=INK, markersize=9, zorder=6, clip_on=False)
    words(ax, activity + 0.08, model - 0.11, f"model: {model:.2f}")
    words(ax, 1.95, double + 0.09, f"{double:.2f}", ha="right")
    middle, reach = (least + most) / 2, (most - least) / 2
    ax.errorbar(activity, middle, reach, color=INK, elinewidth=4, capsize=7, capthick=2, zorder=6)
    words(ax, 0.04, most + 0.06, f"mice with one\ngene of TH: {least:.2f}\nto {most:.2f}, by region", va="bottom")
    words(ax, 1.55, 1.78, "if the store\nfollowed TH", color=FADED_INK, ha="right", va="center")
    named(
        ax, "activity of TH (multiple of normal)", "NE in vesicles (of normal)", "The store changes less than TH does"
    )
    ax.set(xlim=(0, 2), ylim=(0, 2))
    return fig, (
        f"NE in vesicles against the activity of TH. With half of TH it is {half:.2f}, with twice {double:.2f} of normal: "
        f"less than in proportion. Mice with {activity:g} of TH had {least:.2f} to {most:.2f}, the model has {model:.2f} there."
    )


def control(coefficients: Mapping[str, float], doubt: Sequence[float] = ()) -> Picture:
    """Flux control over NE synthesis: a bar for each protein or fate that has some, and one for all other reactions.

    Parameters
    ----------
    coefficients : Mapping
        As `control_of_synthesis` gives them.
    doubt : sequence of float
        Control of TH with 5 and with 0.5 uM of NE in the cytosol; nothing is drawn without.
    """
    bars = {name: sum(coefficients[step] for step in steps) for name, steps in BARS.items()}
    drawn_apart = {step for steps in BARS.values() for step in steps}
    rest = {step: value for step, value in coefficients.items() if step not in drawn_apart}
    bars[f"{len(rest)} other reactions"] = sum(rest.values())
    rounded = {name: round(value, 2) + 0.0 for name, value in bars.items()}
    fig, ax = panels(height=5.2)
    drawn = ax.barh(list(bars), list(bars.values()), color=[INK if name == "TH" else FADED for name in bars])
    labels = [f"{value:.2f}".replace("-", "−") for value in rounded.values()]
    told = ""
    if doubt:
        row = list(bars).index("TH")
        share = bars["TH"]
        words(ax, 0.05, row, labels[row], va="center", color="white", bbox=None)
        labels[row] = ""
        # White on the bar, dark beyond its end.
        for end, colour in zip(doubt, ("white", INK), strict=True):
            ax.plot((share, end), (row, row), color=colour, linewidth=2)
            ax.plot(end, row, "|", color=colour, markersize=12, markeredgewidth=2)
        said = f"range of TH: {doubt[0]:.2f} with\n5 uM of NE in the cytosol,\n{doubt[1]:.2f} with 0.5 uM"
        words(ax, 0.9, len(bars) - 2.5, said, ha="right", va="center", fontsize=SMALL)
        told = f" TH has {doubt[0]:.2f} with 5 uM of NE in the cytosol, {doubt[1]:.2f} with 0.5 uM."
    ax.bar_label(drawn, labels, padding=4, fontsize=LETTERS)
    ax.axvline(0, color=INK, linewidth=1)
    named(ax, "flux control coefficient", "", f"TH has the most control: {coefficients['TH']:.2f}")
    ax.invert_yaxis()
    ax.set_xlim(min(-0.3, 1.5 * min(bars.values())), max(1.2 * max(bars.values()), 1.25 * max(doubt, default=0)))
    ax.grid(visible=False, axis="y")
    listed = ", ".join(f"{name} {value:.2f}" for name, value in rounded.items())
    return fig, f"Bars of control over the synthesis of NE: {listed}. All together {sum(bars.values()):.2f}.{told}"


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
    fig, ax = panels()
    hours, said = run.times / SECONDS_PER_HOUR, []
    ends = {"NE": run["ne_v"][-1] / 1e3, "dopamine": run["da_v"][-1] / 1e3}
    below, above = sorted(ends, key=lambda name: ends[name])
    at = {below: max(ends[below], 0.15)}
    at[above] = min(max(ends[above], at[below] + 0.55), MOST)  # two names must not lie on one another
    for species, name in (("ne_v", "NE"), ("da_v", "dopamine")):
        colour = "norepinephrine" if name == "NE" else "dopamine"
        ax.axhline(resting[species] / 1e3, color=COLOURS[colour], linestyle=":", linewidth=1.5)
        line(ax, hours, run[species] / 1e3, colour)
        ax.text(1.02 * hours[-1], at[name], name, color=COLOURS[colour], weight="bold", fontsize=LETTERS, va="center")
        said.append(
            f"{name} {'goes ' if name == 'NE' else ''}from {run[species][0] / 1e3:.1f} to {ends[name] + 0:.1f} mM"
        )
    both = (run["ne_v"] + run["da_v"]) / 1e3
    ax.plot(hours, both, color=INK, linestyle="--", linewidth=1.5)
    ax.text(
        hours[-1] / 2,
        np.interp(hours[-1] / 2, hours, both) + 0.12,
        "both together",
        ha="center",
        va="bottom",
        fontsize=SMALL,
    )
    named(ax, "time (h)", "content of vesicles (mM)", title or _finding(run, resting))
    # Far above both lines, where no run passes at rest or below.
    note = {"ha": "right", "va": "top", "fontsize": SMALL, "color": FADED_INK, "transform": ax.transAxes}
    ax.text(0.98, 0.97, "dotted: at rest", **note)
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
    fig, ax = panels()
    said = []
    for (missing, run), colour in zip(runs.items(), ("norepinephrine", "signal"), strict=True):
        hours, share = run.times / SECONDS_PER_HOUR, 100 * run[species] / resting[species]
        line(ax, hours, share, colour)
        ax.text(
            hours[-1],
            share[-1] + 5,
            f"no {missing}: {share[-1] + 0:.0f} %",
            ha="right",
            color=COLOURS[colour],
            weight="bold",
            fontsize=LETTERS,
        )
        said.append(f"without {missing} at {share[-1] + 0:.0f} %")
    dashed(ax, 100, "healthy", below=True)
    title = "Droxidopa refills the store if VMAT2 works" if species == "ne_v" else "The cytosol gets NE either way"
    named(ax, "time on droxidopa (h)", f"NE {place} (% of rest)", title)
    top = max(120.0, *(1.25 * 100 * float(run[species].max()) / resting[species] for run in runs.values()))
    ax.set(xlim=(0, hours[-1]), ylim=(-4, top))
    return fig, f"NE {place} over {hours[-1]:g} hours of droxidopa ends {' and '.join(said)} of rest."
