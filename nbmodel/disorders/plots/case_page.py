"""The page of a case: levels, occupancy, NE and readouts of one person, with people like them and with doubt about numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.data import tables
from nbmodel.disorders import case as cases
from nbmodel.disorders import readouts
from nbmodel.disorders.page import Page
from nbmodel.drugs import drug_levels
from nbmodel.figures import COLOURS
from nbmodel.figures.colours import FADED_INK, INK, tint
from nbmodel.figures.narrow import panels

if TYPE_CHECKING:
    import pandas as pd

    from nbmodel.core.network import Array

DRUG, BEFORE, HEALTHY = COLOURS["treated"], COLOURS["untreated"], COLOURS["healthy"]
SECOND = COLOURS["signal"]  # of what a drug becomes in the body
LETTERS, SMALL, TITLE = 13, 12, 13.5  # points
NAMES = 0.35  # share of the panel of readouts in which their names stand
PALE, DARK = 0.16, 0.42  # shades of what is in doubt, and of people
PLAIN = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
HOURS = {"xlim": (0, 24), "xticks": range(0, 25, 6)}
OF_A_DOSE = ("occupancy at peak", "occupancy at mean")  # scans that can be set beside a day of doses


def case_page(page: Page) -> tuple[Any, str]:
    """Figure of a case, and its description: who takes what, then four panels with a dark band of people and a pale one of doubt.

    NE is drawn as a multiple of the untreated level where there is one, else of the healthy level.

    Parameters
    ----------
    page : Page
        As `disorders.page` gives it.

    Examples
    --------
    >>> from nbmodel import disorders, scenario
    >>> figure, said = case_page(disorders.page(scenario.make("disorders", {"patients": 20})))
    >>> "times untreated" in said, len(figure.axes)
    (True, 5)
    """
    rows = max(len(page.drawn), 1)
    said = cases.described(page.case)
    who, _, assumed = said.replace("drive of the locus coeruleus", "LC drive").partition(". ")
    title = textwrap.wrap(who.rstrip("."), 60)
    small = textwrap.wrap(f"Teaching model, not for clinical use. {assumed}", 72)
    heights = [0.06 + 0.24 * len(title) + 0.22 * len(small), 1.0, 1.2, 1.9, 0.3 + 0.4 * rows]
    fig, (head, plasma, share, level, function) = panels(
        5, height=(sum(heights) + 1.9) / 5, gridspec_kw={"height_ratios": heights}
    )
    head.axis("off")
    for lines, look in ((title, {"va": "top", "weight": "bold"}), (small, {"va": "bottom", "color": FADED_INK})):
        at = (-0.17, look["va"] == "top")
        head.text(*at, "\n".join(lines), transform=head.transAxes, fontsize=SMALL, linespacing=1.25, **look)
    if page.who.given is None:
        for ax, words in ((plasma, "Plasma: no drug"), (share, "Occupancy: no drug")):
            ax.set(ylim=(0, 1), yticks=[], **HOURS)
            ax.set_title(words, fontsize=TITLE)
    else:
        _plasma(plasma, page)
        _occupancy(share, page)
    _level(level, page)
    for ax in (plasma, share):
        ax.tick_params(labelbottom=False)
    level.set_xlabel("hour of the last day", fontsize=LETTERS)
    _function(function, page)
    for ax in (plasma, share, level, function):
        ax.tick_params(labelsize=SMALL)
    for ax in (plasma, share, level):
        ax.yaxis.set_label_coords(-0.135, 0.5)
    return fig, _described(page, said)


def _finer(low: pd.Series, high: pd.Series, course: pd.Series) -> tuple[Array, Array]:
    """Ends of a band at each moment of a course; as multiples of the course those of an hourly band move little."""
    usual = np.interp(low.index, course.index, course)
    if np.all(usual > 0) and np.all(course > 0):
        return tuple(course.to_numpy() * np.interp(course.index, low.index, end / usual) for end in (low, high))
    return tuple(np.interp(course.index, low.index, end) for end in (low, high))


def _bands(
    ax: Any, course: pd.Series, people: tuple[pd.Series, pd.Series], doubt: tuple[pd.Series, pd.Series], colour: str
) -> None:
    """Draw a course of the usual person with both bands behind it."""
    ax.fill_between(course.index, *doubt, color=tint(colour, PALE), linewidth=0, label="our doubt")
    ax.fill_between(course.index, *_finer(*people, course), color=tint(colour, DARK), linewidth=0, label="people")
    for end in doubt:  # else a band of doubt that lies within that of people is not seen
        ax.plot(course.index, end, color=colour, linewidth=0.8, alpha=0.5)
    ax.plot(course.index, course, color=colour, linewidth=2.4)


def _of(frame: pd.DataFrame, name: str, scale: float) -> tuple[pd.Series, pd.Series]:
    return scale * frame[f"{name} low"], scale * frame[f"{name} high"]


def _banded(ax: Any, page: Page, name: str, colour: str, scale: float = 1.0) -> None:
    course = page.outcome.day[name] * scale
    _bands(ax, course, _of(page.levels, name, scale), _of(page.doubt, name, scale), colour)


def _plasma(ax: Any, page: Page) -> None:
    names = [name for name in page.outcome.day if name.startswith("plasma ")]
    for name, colour in zip(names, (DRUG, SECOND), strict=False):
        _banded(ax, page, name, colour)
        if len(names) > 1:
            course = page.outcome.day[name]
            ax.text(
                23.8,
                course.iloc[-1],
                name.removeprefix("plasma "),
                ha="right",
                va="bottom",
                fontsize=SMALL,
                color=colour,
            )
    peak, trough = (tables.significant(value, 2) for value in (page.taken.peak, page.taken.trough))
    words = f"{trough} to {peak}" if peak != trough else peak
    ax.set_title(f"In the blood: {words} ng/mL", fontsize=TITLE)
    ax.set_ylabel("ng/mL", fontsize=LETTERS)
    ax.set(ylim=(0, None), **HOURS)


def _occupancy(ax: Any, page: Page) -> None:
    ax.set(**HOURS)
    if page.target == "none":
        ax.set(ylim=(0, 1), yticks=[])
        ax.set_title("Occupancy: none, it is turned into NE", fontsize=TITLE)
        return
    _banded(ax, page, f"occupancy {page.target}", DRUG, 100.0)
    low, high = (round(100 * float(end)) for end in (page.held.min(), page.held.max()))
    share = f"{low} to {high} %" if low != high else f"{low} %"
    ax.set_title(f"{page.target} occupied: {share}", fontsize=TITLE)
    ax.set_ylabel("%", fontsize=LETTERS)
    ax.set(ylim=(-18 if page.target == "NET" else 0, 108), yticks=(0, 50, 100))
    scans = _scans(page)
    if scans:
        at = float(page.outcome.day.index[int(np.argmax(page.held))])
        for k, row in enumerate(scans):
            ax.plot(at + 0.9 * k, row.published, "o", markersize=8, color="white", markeredgecolor=INK, zorder=5)
        words = ", ".join(f"{row.published:.0f} % ({row.dose:g} mg)" for row in scans)
        ax.text(0.4, -14, f"scans of people: {words}", va="bottom", fontsize=SMALL, bbox=PLAIN)


def _scans(page: Page) -> list[drug_levels.PublishedLevel]:
    """Scans of people after doses of the drug that contradict the model, to be drawn on its curve."""
    if page.target != "NET":
        return []
    return [
        row
        for row, shown in zip(drug_levels.rows(), drug_levels.table(), strict=True)
        if row.drug == page.who.drug and row.measure in OF_A_DOSE and row.dose and not shown["met"]
    ]


def _level(ax: Any, page: Page) -> None:
    """Draw NE outside the cells, with lines for the healthy and the untreated person."""
    untreated = page.who.given is None
    colour = BEFORE if untreated else DRUG
    base = page.outcome.untreated if page.from_untreated else page.outcome.healthy
    of_healthy = page.outcome.healthy / base
    course = page.outcome.day["NE"] / base
    doubt = _of(page.doubt, "NE of untreated" if page.from_untreated else "NE", 1.0)
    low, high = page.risen if page.from_untreated else page.doubted
    before = page.outcome.untreated / base
    people = _of(page.course, "NE", of_healthy)
    top = 1.3 * max(float(doubt[1].max()), float(people[1].max()), of_healthy, before)
    if not untreated:
        spread = page.compared.set_index(["measure", "group"]).loc[("NE", "untreated")]
        ax.axhspan(spread["low"] * of_healthy, spread["high"] * of_healthy, color=tint(BEFORE, 0.3), linewidth=0)
    _bands(ax, course, people, doubt, colour)
    ax.axhline(of_healthy, color=HEALTHY, linestyle=":", linewidth=1.8)
    ax.legend(reverse=True, loc="upper right", ncol=2, fontsize=SMALL, borderpad=0.1, columnspacing=1, handlelength=1.2)
    marks = [(of_healthy, "healthy", HEALTHY)]
    if not untreated:
        ax.axhline(before, color=BEFORE, linestyle="--", linewidth=1.8)
        marks.append((before, "untreated", BEFORE))
    for at, words, ink in _spread(marks, 0.11 * top):
        ax.text(1.02, at / top, words, va="center", fontsize=SMALL, color=ink, transform=ax.transAxes)
    number = cases.ratio(float(course.mean()))
    ends = f"{cases.ratio(low)} to {cases.ratio(high)}"
    words = f"{number} times" if page.from_untreated else f"{number} of healthy"
    ax.set_title(f"NE, mean of the day: {words} ({ends})", fontsize=TITLE)
    ax.set_ylabel("times untreated" if page.from_untreated else "of healthy", fontsize=LETTERS)
    ax.set(ylim=(0, top), **HOURS)
    ax.locator_params(axis="y", nbins=4, steps=[1, 2, 5, 10])


def _spread(marks: Sequence[tuple[float, str, str]], least: float) -> list[tuple[float, str, str]]:
    """Labels of lines, moved up where one would stand on another."""
    placed: list[tuple[float, str, str]] = []
    for at, words, ink in sorted(marks):
        placed.append((max(at, placed[-1][0] + least) if placed else at, words, ink))
    return placed


def _function(ax: Any, page: Page) -> None:
    """Draw readouts as multiples of healthy: a dot for each state, bars for people and doubt."""
    if not page.who.readouts:
        ax.set(xticks=[], yticks=[])
        ax.set_title("Readouts are withheld: the drug sedates", fontsize=TITLE)
        return
    shown = page.compared.set_index(["measure", "group"])
    state, colour = ("untreated", BEFORE) if page.who.given is None else ("treated", DRUG)
    least = most = 1.0
    for y, name in enumerate(page.drawn):
        low, high = (float(page.doubt[f"{name} {end}"].mean()) for end in ("low", "high"))
        row = shown.loc[(name, state)]
        _bar(ax, y, (low, high), 12, tint(colour, PALE))
        _bar(ax, y, (row["low"], row["high"]), 7, tint(colour, DARK))
        least = min(least, low, float(row["low"]))
        if state == "treated":
            before = float(shown.loc[(name, "untreated"), "usual"])
            ax.plot(before, y, "o", color=BEFORE, markersize=7)
            least = min(least, before)
        ax.plot(row["usual"], y, "o", color=colour, markersize=7)
        most = max(most, high, float(row["high"]))
    ax.axvline(1, color=HEALTHY, linestyle=":", linewidth=1.8, zorder=0.5)
    words = "multiple of healthy; orange: untreated" + (", purple: treated" if state == "treated" else "")
    left = -0.5 * most if least < NAMES * most else 0.0  # beside the names, where a mark would stand on them
    ax.set(xlim=(left, 1.1 * most), ylim=(len(page.drawn) - 0.5, -0.5))
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= 1.1 * most])
    for y, name in enumerate(page.drawn):
        ax.text(0.01, y, _word(name), va="center", fontsize=SMALL, color=INK, transform=ax.get_yaxis_transform())
    ax.set_yticks([])
    ax.set_xlabel(words, fontsize=SMALL, color=FADED_INK)
    ax.set_title("Readouts (assumed)", fontsize=TITLE)
    ax.grid(visible=False)


def _word(name: str) -> str:
    """Name of a readout beside its row: the word for which it stands, which is an assumption, and how it is to be taken."""
    word = readouts.READOUTS[name].partition("(")[2].rstrip(")")
    return f"{word} (higher is\nnot better)" if name == "startle" else word


def _bar(ax: Any, y: float, ends: Sequence[float], thick: float, colour: str) -> None:
    low, high = ends
    ax.plot([low, max(high, low + 0.01)], [y, y], color=colour, linewidth=thick, solid_capstyle="butt")


def _described(page: Page, said: str) -> str:
    shown = page.compared.set_index(["measure", "group"])["usual"]
    parts = [f"Four panels. {said}"]
    if page.who.given is not None:
        trough, peak = (tables.significant(value, 2) for value in (page.taken.trough, page.taken.peak))
        parts.append(f"Plasma {trough} to {peak} ng/mL over the last day.")
    if page.target != "none":
        parts.append(f"{page.target} occupied {100 * page.held.min():.0f} to {100 * page.held.max():.0f} %.")
    scans = _scans(page)
    if scans:
        parts.append("Scans of people: " + ", ".join(f"{row.published:.0f} % ({row.dose:g} mg)" for row in scans) + ".")
    state = "untreated" if page.who.given is None else "treated"
    if page.from_untreated:
        low, high = page.risen
        times = cases.ratio(page.outcome.treated / page.outcome.untreated)
        parts.append(
            f"NE {times} times untreated, with other plausible numbers {cases.ratio(low)} to {cases.ratio(high)}."
        )
    else:
        low, high = page.doubted
        parts.append(
            f"NE {cases.ratio(shown['NE', state])} of healthy, with other plausible numbers {cases.ratio(low)} to "
            f"{cases.ratio(high)}."
        )
    for name in page.drawn:
        values = " and ".join(cases.ratio(shown[name, group]) for group in dict.fromkeys(("untreated", state)))
        parts.append(f"{readouts.READOUTS[name]}: {values} of healthy.")
    return " ".join(parts)
