"""Pictures of a sleeper whose LC is held back or driven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nbmodel.figures.colours import COLOURS, INK, tint
from nbmodel.sleep_wake.plots.look import FAINT, MINUTE, PUBLISHED, Drawn, letters, panels, titled

if TYPE_CHECKING:
    import pandas as pd

SMALL = 12.5


def held_back(table: pd.DataFrame) -> Drawn:
    """Mean bouts of being awake, by the dorsal raphe, while the LC is held back, from untouched to none.

    Parameters
    ----------
    table : DataFrame
        As `sleep_wake.inhibition` gives it.

    Returns
    -------
    Figure and str
    """
    fig, ax = panels(height=3.8)
    inputs = [*(f"{given:g}".replace("-", "−") for given in table["input"][:-1]), "no LC"]
    names = [f"{given}\n{rate:.1f} Hz" for given, rate in zip(inputs, table["lc"].round(2), strict=True)]
    endless = ~np.isfinite(table["bout"].to_numpy())
    top = 1.2 * np.nanmax(table["bout"])
    heights = np.where(endless, top, table["bout"])  # a bout without end leaves the picture
    colours = ["white" if never else tint(COLOURS["norepinephrine"], 0.8) for never in endless]
    bars = ax.bar(names, heights, color=colours)
    for place, (bar, bout, never) in enumerate(zip(bars, table["bout"], endless, strict=True)):
        if never:  # a breakdown, not a bout
            bar.set(edgecolor=FAINT, linestyle="--", linewidth=1.5)
            look = {"ha": "center", "color": INK, "fontsize": SMALL}
            ax.text(place, 0.5 * top, "awake\nall\nnight", va="center", **look)
            ax.annotate("", (place, 0.98 * top), (place, 0.68 * top), arrowprops={"arrowstyle": "->", "color": INK})
        else:
            ax.text(place, bout + 0.02 * top, f"{bout:.0f} s", ha="center", va="bottom", fontsize=SMALL)
    ax.set(xlabel="input to the LC, and its mean rate", ylabel="awake at a time (s)", ylim=(0, top))
    ax.grid(visible=False)
    titled(fig, "Bouts shorten, then lengthen; then sleep ends")
    letters(ax)
    first, last = table.iloc[0], table.iloc[-1]
    bouts = ", ".join(f"{bout:.0f} s" if np.isfinite(bout) else "no end" for bout in table["bout"])
    return fig, (
        f"Mean bouts awake, by the raphe, as the LC is held back: {bouts}. Untouched, the model is asleep for "
        f"{100 * first.sleep:.0f} % of the time; without the LC, for {100 * last.sleep:.0f} %."
    )


def driven(table: pd.DataFrame, other: pd.DataFrame, given: float = 4.0, longest: float = 30.0) -> Drawn:
    """Time until a sleeper wakes, by its raphe: its LC left alone, and driven with either clock; mice beside them.

    Parameters
    ----------
    table, other : DataFrame
        As `sleep_wake.waking` gives it, as published and with `sleep_wake.RAPHE_CLOCK`.
    given : float
        Which of their inputs is shown beside none.
    longest : float
        How long was waited, min.

    Returns
    -------
    Figure and str
    """
    fig, ax = panels(height=3.8)
    runs, raphe_alone = (runs.set_index("input") for runs in (table, other))
    rate, blue = f"LC driven\nto {runs.loc[given, 'lc']:.1f} Hz", tint(COLOURS["norepinephrine"], 0.6)
    mice = 3  # the row of what was measured, below the model
    rows = (
        ("LC left\nalone", runs.loc[0.0, "latency"], tint(COLOURS["signal"], 0.55)),
        (rate, runs.loc[given, "latency"], blue),
        ("LC driven, clock\nby raphe alone", raphe_alone.loc[given, "latency"], blue),
    )
    told = []
    for place, (name, seconds, colour) in enumerate(rows):
        late = not np.isfinite(seconds)
        minutes = longest if late else seconds / MINUTE
        found = f"still asleep after {longest:.0f} min" if late else f"{minutes:.1f} min"
        ax.barh(place, minutes, color=colour, height=0.6)
        ax.text(
            minutes + (-0.6 if late else 0.7),
            place,
            found,
            ha="right" if late else "left",
            va="center",
            fontsize=SMALL,
        )
        told.append(f"{name}: {found}".replace("\n", " "))
    ax.plot(0, mice, "D", color=PUBLISHED, markersize=9, clip_on=False)
    ax.text(1.1, mice, "at once", va="center", color=PUBLISHED, fontsize=SMALL)
    ax.set_yticks(range(len(rows) + 1), [*(row[0] for row in rows), "mice, LC\ndriven by light"])
    ax.get_yticklabels()[-1].set_color(PUBLISHED)
    ax.set(xlabel="time until it wakes (min)", xlim=(-0.5, longest))
    ax.set_ylim(len(rows) + 0.5, -0.5)
    ax.grid(visible=False)
    titled(fig, "Driven, the model sleeps on; mice woke")
    letters(ax)
    return fig, f"Time until the model wakes, by its raphe. {'; '.join(told)}. Mice, LC driven by light: at once."
