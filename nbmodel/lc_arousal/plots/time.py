"""Pictures of NE in time: around one burst, through hours of fast firing, and on its way to a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel import figures
from nbmodel.core.network import Array
from nbmodel.core.solve import Run
from nbmodel.lc_arousal.plots.look import NE, OUTSIDE, PALE, PUBLISHED, SIGNAL, SMALL, Picture, named, panels

if TYPE_CHECKING:
    import pandas as pd


def in_time(budget: pd.DataFrame) -> Picture:
    """Figure of the steps from a cue to a receptor beside the response, from the table of `decision.time_budget`."""
    fig, ax = panels(height=4.6)
    start, steps = 0.0, budget.iloc[:3]
    for y, row in enumerate(steps.itertuples()):
        ax.barh(y, row.value, left=start, color=NE, height=0.42)
        ax.text(start + 0.012, y - 0.28, f"{row.step}: {1e3 * row.value:.0f} ms", va="bottom", fontsize=SMALL)
        start += row.value
    ends = []
    for y, row, colour in ((3, budget.iloc[3], NE), (4, budget.iloc[4], PUBLISHED)):
        ax.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=7, alpha=0.4, solid_capstyle="butt")
        ax.plot([row["value"]] * 2, [y - 0.15, y + 0.15], color=colour, linewidth=3)
        said = f"{row['step']}: {row['value']:.2f} s ({row['low']:.2f} to {row['high']:.2f})"
        ax.text(row["low"], y - 0.24, said, color=colour, ha="left", va="bottom", fontsize=SMALL)
        ends.append(said)
    ax.set(ylim=(4.5, -0.8), xlim=(0, 1.35), yticks=[])
    named(ax, "time from the cue (s)", "", "NE may act too late, but the ranges overlap")
    ax.grid(visible=False)
    parts = ", ".join(f"{row.step} {1e3 * row.value:.0f} ms" for row in steps.itertuples())
    return fig, f"Steps from a cue to a receptor, one after the other: {parts}. Then {'; '.join(ends)}."


def after_a_stimulus(answer: pd.DataFrame, budget: pd.DataFrame) -> Picture:
    """Figure of the rise of NE after one stimulus, from `chain.answer`; axons take the time that `decision.time_budget` gives."""
    known, level = answer["time"].to_numpy() + budget["value"][1], answer["ne"].to_numpy()
    rise = level - level[answer["time"] <= 0][-1]
    top, at = rise.max(), known[rise.argmax()]
    fig, ax = panels(height=3.6)
    ax.axvline(0, color=SIGNAL, linestyle="--", linewidth=1.5)
    ax.text(-0.02, 1.2 * top, "stimulus", ha="right", va="center", color=SIGNAL, fontsize=SMALL)
    steps = budget.set_index("step")["value"]
    for step, words, side, aside, colour in (
        ("the response", "response", "right", -0.02, PUBLISHED),  # as in the figure of delays
        ("NE acts", "receptors act", "left", 0.02, NE),
    ):
        ax.axvline(steps[step], color=colour, linestyle=":", linewidth=1.8)
        ax.text(steps[step] + aside, -0.09 * top, words, ha=side, va="center", color=colour, fontsize=SMALL)
    ax.axhline(0, color=PALE, linewidth=1)
    ax.plot(known, rise, color=NE, linewidth=3.5)
    words = f"{top:.1f} nM above rest at {at:.2f} s"
    ax.text(at, 1.12 * top, words, color=NE, weight="bold", fontsize=SMALL, backgroundcolor="white")
    ax.set(xlim=(-0.3, 1.5), ylim=(-0.15 * top, 1.35 * top))
    ax.grid(visible=False)
    named(ax, "time from the stimulus (s)", "rise of NE (nM)", "One stimulus raises NE for about a second")
    return fig, (
        f"Rise of NE after a stimulus at 0 s: at most {top:.1f} nM after {at:.2f} s, over after about a second. The response of "
        f"monkeys comes after {steps['the response']:.2f} s, and receptors act after {steps['NE acts']:.2f} s."
    )


def hours(runs: Mapping[float, Run], basal: float, pool: float, store: float) -> tuple[Any, str, list[str]]:
    """Figure of hours of fast firing by rate (Hz): NE, the readily releasable pool and the store; and what is to be said.

    `basal` is NE at rest (nM), `pool` and `store` what they hold at rest.
    """
    fig, axes = figures.panels(2, 1, height=3.2, sharex=True)
    said = []
    for (rate, run), dash in zip(runs.items(), ("-", "--"), strict=True):
        ne, late = 1e3 * run["ne_e"], run.times > 0
        ready, behind = 100 * run["ne_d"] / pool, 100 * run["ne_v"] / store
        axes[0].semilogx(run.times[late], ne[late], dash, color=NE, label=f"{rate:g} Hz")
        axes[1].semilogx(run.times[late], ready[late], dash, color=NE, label=f"pool, {rate:g} Hz")
        axes[1].semilogx(run.times[late], behind[late], dash, color=SIGNAL, label=f"store, {rate:g} Hz")
        said.append(
            f"At {rate:g} Hz NE peaks at {ne.max():.1f} nM after {run.times[ne.argmax()]:.0f} s, stands at "
            f"{np.interp(120, run.times, ne):.1f} nM after two minutes and ends at {ne[-1]:.1f} nM, with "
            f"{ready[-1]:.0f} % of the readily releasable pool and {behind[-1]:.0f} % of the store."
        )
    axes[0].axhline(basal, color=PALE, linestyle=":")
    axes[0].set(ylabel=OUTSIDE, title="NE overshoots and sags", ylim=(0, None))
    axes[1].set(xlabel="time (s)", ylabel="NE inside (% of rest)", title="The readily releasable pool runs short")
    axes[1].set(ylim=(0, None))
    for ax in axes:
        ax.legend()
    return fig, "A day of fast firing, time on a logarithmic axis. " + " ".join(said), said


def chain(courses: Mapping[str, pd.DataFrame], imposed: tuple[Array, Array]) -> Picture:
    """Figure of the chain from the LC to a decision around a stimulus, by mode; `imposed`: times and NE of a burst."""
    fig, axes = figures.panels(2, 2, height=2.8)
    parts = (
        ("rate", 1, "LC", "Hz per cell"),
        ("ne", 1, "NE; dotted: an imposed burst", "nM"),
        ("a2", 100, "alpha2 receptors", "% stimulated"),
        ("decision", 1e3, "A decision", "mean time (ms)"),
    )
    for ax, (name, scale, title, unit) in zip(axes.flat, parts, strict=True):
        for (mode, course), dash in zip(courses.items(), ("-", "--"), strict=True):
            ax.plot(course["time"], scale * course[name], dash, color=NE if name == "ne" else SIGNAL, label=mode)
        ax.set(title=title, ylabel=unit, xlabel="time (s)")
    axes[0, 1].plot(*imposed, ":", color=PALE)
    axes[0, 0].legend()
    rises = ", ".join(f"{course['ne'].max() - course['ne'].min():.1f} nM ({mode})" for mode, course in courses.items())
    return fig, f"The chain around a stimulus at 0 s: LC rate, NE, alpha2 receptors and a decision. NE spans {rises}."
