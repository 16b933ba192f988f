"""The page of a case: levels, occupancy, NE and readouts of one person, with people like them and with doubt about numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from nbmodel.data import tables
from nbmodel.disorders import case as cases
from nbmodel.disorders import readouts
from nbmodel.disorders.page import Page
from nbmodel.figures import COLOURS, panels
from nbmodel.figures.colours import FADED_INK, INK, tint

DRUG, BEFORE, HEALTHY = COLOURS["treated"], COLOURS["untreated"], COLOURS["healthy"]
SECOND = COLOURS["signal"]  # of what a drug becomes in the body
PLAIN = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
HOURS = {"xlim": (0, 24), "xticks": range(0, 25, 6), "xlabel": "hour of the last day"}


def case_page(page: Page) -> tuple[Any, str]:
    """Figure of a case, and its description: four panels, each with a dark band of people and a pale one of doubt.

    Parameters
    ----------
    page : Page
        As `disorders.page` gives it.

    Examples
    --------
    >>> from nbmodel import disorders, scenario
    >>> figure, said = case_page(disorders.page(scenario.make("disorders", {"patients": 20})))
    >>> "of healthy" in said, len(figure.axes)
    (True, 4)
    """
    fig, ((plasma, share), (level, function)) = panels(
        2, 2, height=3.55, gridspec_kw={"height_ratios": [0.85, 1.15], "width_ratios": [1, 1]}
    )
    if page.who.given is None:
        for ax, words in ((plasma, "Plasma: no drug"), (share, "Occupancy: no drug")):
            ax.set(title=words, ylim=(0, 1), yticks=[], **HOURS)
    else:
        _plasma(plasma, page)
        _occupancy(share, page)
    _level(level, page)
    _function(function, page)
    said = cases.described(page.case)
    head = "Teaching model, not for clinical use\n" + "\n".join(textwrap.wrap(said, 96))
    fig.suptitle(head, fontsize=11, color=INK)
    return fig, _described(page, said)


def _banded(ax: Any, page: Page, name: str, colour: str, scale: float = 1.0) -> None:
    """Draw a course of the usual person with both bands behind it."""
    course = page.outcome.day[name] * scale
    for bands, share in ((page.doubt, 0.16), (page.levels, 0.42)):
        ax.fill_between(
            bands.index,
            scale * bands[f"{name} low"],
            scale * bands[f"{name} high"],
            color=tint(colour, share),
            linewidth=0,
        )
    for end in ("low", "high"):  # else a band of doubt that lies within that of people is not seen
        ax.plot(page.doubt.index, scale * page.doubt[f"{name} {end}"], color=colour, linewidth=0.8, alpha=0.5)
    ax.plot(course.index, course, color=colour)


def _plasma(ax: Any, page: Page) -> None:
    names = [name for name in page.outcome.day if name.startswith("plasma ")]
    for name, colour in zip(names, (DRUG, SECOND), strict=False):
        _banded(ax, page, name, colour)
        if len(names) > 1:
            course = page.outcome.day[name]
            ax.text(
                23.8, course.iloc[-1], name.removeprefix("plasma "), ha="right", va="bottom", fontsize=11, color=colour
            )
    peak, trough = (tables.significant(value, 2) for value in (page.taken.peak, page.taken.trough))
    title = f"Plasma: {trough} to {peak} ng/mL" if peak != trough else f"Plasma: {peak} ng/mL"
    ax.set(title=title, ylabel="ng/mL", ylim=(0, None), **HOURS)


def _occupancy(ax: Any, page: Page) -> None:
    if page.target == "none":
        ax.set(title="Occupancy: it is turned into NE", ylim=(0, 1), yticks=[], **HOURS)
        return
    _banded(ax, page, f"occupancy {page.target}", DRUG, 100.0)
    low, high = (round(100 * float(end)) for end in (page.held.min(), page.held.max()))
    share = f"{low} to {high} %" if low != high else f"{low} %"
    ax.set(title=f"{page.target} occupied: {share}", ylabel="%", ylim=(0, 105), **HOURS)


def _level(ax: Any, page: Page) -> None:
    """Draw NE outside the cells as a multiple of healthy, with lines for the healthy and the untreated person."""
    state, colour = ("untreated", BEFORE) if page.who.given is None else ("treated", DRUG)
    scale = 1 / page.outcome.healthy
    for bands, share in ((page.doubt, 0.16), (page.course, 0.42)):
        ax.fill_between(bands.index, bands["NE low"], bands["NE high"], color=tint(colour, share), linewidth=0)
    for end in ("low", "high"):
        ax.plot(page.doubt.index, page.doubt[f"NE {end}"], color=colour, linewidth=0.8, alpha=0.5)
    course = scale * page.outcome.day["NE"]
    ax.plot(course.index, course, color=colour)
    before = scale * page.outcome.untreated
    low, high = page.doubted
    top = 1.18 * max(float(page.doubt["NE high"].max()), float(page.course["NE high"].max()), 1.0, before)
    ax.axhline(1, color=HEALTHY, linestyle=":", linewidth=1.6)
    marks = [(1.0, "healthy", HEALTHY)]
    if page.who.given is not None:
        ax.axhline(before, color=BEFORE, linestyle="--", linewidth=1.6)
        marks.append((before, "untreated", BEFORE))
    for (at, words, ink), below in zip(marks, (before > 1, before <= 1), strict=False):
        ax.text(0.3, at, words, ha="left", va="top" if below else "bottom", fontsize=11, color=ink)
    now = cases.ratio(float(course.mean()))
    ax.set(
        title=f"NE {state}: {now} ({cases.ratio(low)} to {cases.ratio(high)}) of healthy",
        ylabel="multiple of healthy",
        ylim=(min(0.0, -0.02 * top), top),
        **HOURS,
    )


def _function(ax: Any, page: Page) -> None:
    """Draw each readout as a multiple of healthy: a dot for each state, bars for people and doubt."""
    if not page.who.readouts:
        ax.set(title="Readouts are withheld: it sedates", xticks=[], yticks=[])
        return
    shown = page.compared.set_index(["measure", "group"])
    state, colour = ("untreated", BEFORE) if page.who.given is None else ("treated", DRUG)
    most = 1.0
    for y, name in enumerate(page.who.readouts):
        low, high = (float(page.doubt[f"{name} {end}"].mean()) for end in ("low", "high"))
        row = shown.loc[(name, state)]
        _bar(ax, y, (low, high), 13, tint(colour, 0.16))
        _bar(ax, y, (row["low"], row["high"]), 7, tint(colour, 0.42))
        if state == "treated":
            ax.plot(shown.loc[(name, "untreated"), "usual"], y, "o", color=BEFORE, markersize=6)
        ax.plot(row["usual"], y, "o", color=colour, markersize=6)
        what, _, assumed = readouts.READOUTS[name].partition(" (")
        ax.text(
            0.02,
            y - 0.36,
            f"{what} ({assumed}",
            fontsize=10,
            color=INK,
            va="center",
            transform=ax.get_yaxis_transform(),
        )
        most = max(most, high, float(row["high"]))
    ax.axvline(1, color=HEALTHY, linestyle=":", linewidth=1.6, zorder=0.5)
    ax.set(
        title="Readouts, of healthy (assumed)",
        xlabel="orange: untreated, purple: treated" if state == "treated" else "orange: untreated",
        xlim=(0, 1.1 * most),
        ylim=(len(page.who.readouts) - 0.55, -0.75),
        yticks=[],
    )
    ax.grid(visible=False, axis="y")
    ax.xaxis.label.set_color(FADED_INK)


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
    low, high = page.doubted
    state = "untreated" if page.who.given is None else "treated"
    parts.append(
        f"NE of healthy: untreated {cases.ratio(shown['NE', 'untreated'])}, {state} {cases.ratio(shown['NE', state])}, "
        f"with other plausible numbers {cases.ratio(low)} to {cases.ratio(high)}."
    )
    for name in page.who.readouts:
        values = " and ".join(cases.ratio(shown[name, group]) for group in dict.fromkeys(("untreated", state)))
        parts.append(f"{readouts.READOUTS[name]}: {values} of healthy.")
    return " ".join(parts)
