"""Pictures of what the lesson folds away: levels and scans, weeks, many people, evidence."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbmodel.core.network import Array
from nbmodel.disorders.case import METABOLISERS, ratio
from nbmodel.disorders.page import Page
from nbmodel.disorders.virtual_patients import interval
from nbmodel.figures import COLOURS, panels
from nbmodel.figures.colours import FADED, INK, tint

NE, DRUG, BEFORE, DA = (COLOURS[name] for name in ("norepinephrine", "treated", "untreated", "dopamine"))
MARKS = {"prediction": "o", "same study": "v", "weak": "D", "calibration": "s", "identity": "^"}
BASES = {"people": NE, "monkeys": COLOURS["tyrosine"], "dish": DA}  # where an occupancy was found
Rows = Sequence[Mapping[str, Any]]


def tablets(days: Array, courses: Mapping[str, Mapping[str, Array]]) -> tuple[Any, str]:
    """Figure of level and occupancy over a treatment, by kind of metaboliser; `courses` has "plasma" and "occupancy"."""
    fig, axes = panels(1, 2, height=3.6)
    colours = {"extensive": NE, "poor": DRUG}
    for kind, course in courses.items():
        for ax, values in zip(axes, (course["plasma"], 100 * course["occupancy"]), strict=True):
            ax.plot(days, values, color=colours[kind], linewidth=1.5)
        axes[0].text(
            days[-1],
            float(course["plasma"].max()) * 1.06,
            METABOLISERS[kind],
            ha="right",
            fontsize=11,
            color=colours[kind],
        )
    axes[0].set(xlabel="day", ylabel="ng/mL", title="Plasma, atomoxetine 40 mg", ylim=(0, None))
    axes[1].set(xlabel="day", ylabel="NET occupied (%)", title="The same dose, two treatments", ylim=(0, 105))
    last = {kind: course["occupancy"][days >= days[-1] - 1] for kind, course in courses.items()}
    return fig, "Two weeks of atomoxetine 40 mg a day. " + "; ".join(
        f"{METABOLISERS[kind]} metabolisers end with {100 * float(held.min()):.0f} to {100 * float(held.max()):.0f} % of NET occupied"
        for kind, held in last.items()
    ) + "."


def _met(rows: Rows, role: str) -> str:
    part = [row["met"] for row in rows if row["role"] == role]
    return f"{sum(part)} of {len(part)}"


def scans(rows: Rows) -> tuple[Any, str]:
    """Figure of the occupancy of NET by the model against PET, a mark per row of `drug_levels.table`."""
    shares = [row for row in rows if row["unit"] == "%"]
    fig, ax = panels(height=5.0)
    ax.fill_between([0, 100], [-10, 90], [10, 110], color=tint(FADED, 0.5), label="within 10 points", linewidth=0)
    ax.plot([0, 100], [0, 100], color=INK, linewidth=1)
    for role, marker in MARKS.items():
        part = [row for row in shares if row["role"] == role]
        colours = [NE if row["met"] else BEFORE for row in part]
        places = [[row[key] for row in part] for key in ("published", "model")]
        ax.scatter(*places, marker=marker, color=colours or None, label=role, zorder=3)
    for row in (row for row in shares if not row["met"]):
        words, place = row["what"].split(" metab")[0].replace(" once", ""), (row["published"], row["model"])
        ax.annotate(words, place, (6, -4), textcoords="offset points", fontsize=10)
    ax.set(
        xlabel="NET occupied, PET (%)",
        ylabel="NET occupied, model (%)",
        title="For atomoxetine, scans of people and of monkeys disagree (orange: missed)",
        xlim=(0, 100),
        ylim=(0, 105),
    )
    ax.legend(loc="lower right", fontsize=10)
    return fig, (
        f"NET occupied by the model against PET. Met: predictions {_met(shares, 'prediction')}, calibrations "
        f"{_met(shares, 'calibration')}."
    )


def medicines(swings: Mapping[str, tuple[float, float]], bases: Mapping[str, str]) -> tuple[Any, str]:
    """Figure of the occupancy of NET over a day at the usual dose, lowest and highest (%) by medicine."""
    fig, ax = panels(height=3.6)
    for y, (name, (low, high)) in enumerate(swings.items()):
        ax.plot([low, high], [y, y], color=BASES[bases[name]], linewidth=8, solid_capstyle="butt")
    for k, (basis, words) in enumerate(
        (("people", "PET in people"), ("monkeys", "PET in monkeys"), ("dish", "a dish"))
    ):
        ax.text(1, len(swings) - 0.8 - k, words, fontsize=11, color=BASES[basis])
    ax.set(
        yticks=range(len(swings)),
        yticklabels=list(swings),
        xlim=(0, 100),
        xlabel="NET occupied over a day at the usual dose (%)",
        title="How sure an occupancy is depends on where it was measured",
    )
    return fig, "NET occupied over a day: " + ", ".join(
        f"{n} {a:.0f} to {b:.0f} %" for n, (a, b) in swings.items()
    ) + "."


def depletion_of_store(days: Array, ne: Array, dopamine: Array) -> tuple[Any, str]:
    """Figure of droxidopa over days: NE outside (% of healthy) and dopamine outside (% of before)."""
    fig, ax = panels(height=3.4)
    for values, name, colour in ((ne, "NE, % of healthy", NE), (dopamine, "dopamine, % of before", DA)):
        ax.plot(days, values, color=colour)
        ax.text(days[-1], values[-1] + 4, name, ha="right", fontsize=11, color=colour)
    ax.set(xlabel="days of droxidopa", ylabel="outside the cells (%)", title="NE comes, dopamine falls", ylim=(0, None))
    return fig, f"NE rises to {ne[-1]:.0f} % of healthy within days while dopamine falls to {dopamine[-1]:.0f} %."


def weeks_and_rats(
    days: Array, outside: Array, probe: Array, rats: Mapping[int, float], left_over: Mapping[str, Array]
) -> tuple[Any, str]:
    """Figure of weeks of reboxetine: NE as a multiple of healthy beside rats, and what is left of store and receptors (%)."""
    fig, (left, right) = panels(1, 2, height=3.8)
    left.plot(days, outside, color=NE)
    left.plot(days, probe, color=NE, linestyle="--")
    left.plot(list(rats), list(rats.values()), "D", color=INK)
    for at, words, colour in (
        (outside[-1] + 0.3, "outside the cells", NE),
        (0.35, "as a dialysis probe shows it", NE),
        (max(rats.values()) + 0.5, "rats, by a probe", INK),
    ):
        left.text(days[-1], at, words, ha="right", fontsize=11, color=colour)
    left.set(xlabel="days", ylabel="NE (multiple of healthy)", title="In rats NE grows; here it stays", ylim=(0, 8.5))
    for (name, values), colour in zip(left_over.items(), (COLOURS["signal"], NE), strict=True):
        right.plot(days, values, color=colour)
        right.text(days[-1], values[-1] - 9, name, ha="right", fontsize=11, color=colour)
    right.set(xlabel="days", ylabel="% of before", title="What changes meanwhile", ylim=(0, 105))
    at = {day: [float(np.interp(day, days, line)) for line in (outside, probe)] for day in rats}
    said = " and ".join(f"{level:.1f} times on day {day} ({seen:.1f} by a probe)" for day, (level, seen) in at.items())
    seen = ", ".join(f"{level:.1f} times on day {day}" for day, level in rats.items())
    rest = ", ".join(f"{values[-1]:.0f} % of the {name}" for name, values in left_over.items())
    return fig, f"NE over two weeks of reboxetine, of healthy: {said}. Rats: {seen}. In the end {rest} are left."


def many_people(page: Page) -> tuple[Any, str]:
    """Figure of the virtual patients of a case: occupancy by kind of metaboliser, NE untreated and treated."""
    people = page.people
    fig, (left, right) = panels(1, 2, height=3.6)
    edges = np.linspace(0, 100, 26)
    kinds = ((False, "normal metabolisers" if people["poor"].any() else "all", NE), (True, "poor metabolisers", DRUG))
    for slow, label, colour in kinds:
        part = 100 * people["occupancy"][people["poor"] == slow]
        if len(part):
            left.hist(part, edges, color=colour, alpha=0.8, label=f"{label} ({len(part)})")
    left.set(xlabel=f"{page.target} occupied, mean of the day (%)", ylabel="patients", title="Occupancy")
    left.legend()
    edges = np.linspace(0, 1.05 * float(people[["treated", "untreated"]].to_numpy().max()) + 0.1, 31)
    for name, colour in (("untreated", BEFORE), ("treated", DRUG)):
        right.hist(people[name], edges, color=colour, alpha=0.7, label=name)
    right.axvline(page.outcome.healthy, color=COLOURS["healthy"], linestyle=":", label="usual healthy person")
    right.set(xlabel="NE outside (nM)", title="NE: one dose, many answers")
    right.legend()
    middle, low, high = interval(people["treated"])
    _, least, most = interval(people["occupancy"])
    return fig, (
        f"{len(people)} virtual patients. {page.target} occupied: 95 % lie between {100 * least:.0f} and {100 * most:.0f} %. NE "
        f"on the drug: median {middle:.1f} nM, 95 % between {low:.1f} and {high:.1f}; untreated median "
        f"{people['untreated'].median():.1f} nM."
    )


def tones(shares: Array, curves: Mapping[float, Array]) -> tuple[Any, str]:
    """Figure of the readout of attention (of healthy) against the occupied share of NET, by drive of the LC."""
    fig, ax = panels(height=3.8)
    colours = (BEFORE, NE, COLOURS["signal"])
    for (tone, values), colour in zip(curves.items(), colours, strict=True):
        ax.plot(100 * shares, values, color=colour)
        ax.text(1, values[0] + 0.04, f"drive x {tone:g}", fontsize=11, color=colour)
    ax.axhline(1, color=COLOURS["healthy"], linestyle=":")
    ax.set(
        xlabel="NET occupied (%)",
        ylabel="attention (multiple of healthy)",
        title="The same occupancy does much for one person, little for another",
        ylim=(0, 1.7),
    )
    best = ", ".join(f"{100 * shares[np.argmax(v)]:.0f} % with drive x {tone:g}" for tone, v in curves.items())
    return fig, f"Attention against NET occupancy from three tones. It is highest at {best}."


def indices(rows: Rows) -> tuple[Any, str]:
    """Figure of Sobol indices, as `doubt.indices` gives them: which doubtful numbers decide NE on the drug."""
    fig, ax = panels(height=1.2 + 0.55 * len(rows))
    for y, row in enumerate(rows):
        for shift, name, colour in ((-0.17, "total", tint(NE, 0.35)), (0.17, "first", NE)):
            ax.barh(y + shift, max(row[name], 0.0), 0.3, color=colour)
            ends = [max(row[f"{name}_{end}"], 0.0) for end in ("low", "high")]
            ax.plot(ends, [y + shift] * 2, color=INK, linewidth=1.5)
    names = [row["name"].replace("norepinephrine", "NE") for row in rows]
    ax.set_yticks(range(len(rows)), [textwrap.fill(name, 44, max_lines=2) for name in names], fontsize=10)
    ax.set(
        ylim=(len(rows) - 0.4, -0.6),
        xlim=(0, None),
        xlabel="share of the variance\n(pale: in all; dark: alone; lines: 95 %)",
        title="Which doubtful numbers decide NE on the drug",
    )
    ax.grid(visible=False, axis="y")
    said = ", ".join(f"{name} {ratio(max(row['total'], 0.0))}" for name, row in zip(names, rows, strict=True))
    return fig, f"Share of the variance of NE on the drug, in all: {said}."
