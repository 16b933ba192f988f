"""One colour for each substance and each state of a person, the same in every lesson.

They follow the palettes of Okabe & Ito and of Tol, so that readers who see colours differently can tell them apart, on
white and in the dark, where a page turns lightness over and keeps the hue: no two may differ by lightness alone.
"""

from __future__ import annotations

COLOURS = {
    # substances
    "norepinephrine": "#0072b2",
    "dopamine": "#e08a00",
    "tyrosine": "#009e73",  # and L-DOPA: what is not an amine yet
    "metabolites": "#cc79a7",
    # what acts: receptors, impulses, their feedback
    "signal": "#3b4351",
    # states of sleep and waking; mixed is between wake and REM sleep
    "wake": "#d9a400",
    "NREM": "#6f5fc7",
    "REM": "#5a9a1f",
    "mixed": "#8d6e63",
    # people
    "healthy": "#1f2328",
    "untreated": "#d55e00",
    "treated": "#aa3377",  # and the drug itself
}
INK = "#1f2328"
FADED = "#b9c0c8"  # lines of what is not spoken of
FADED_INK = "#6e7781"  # its words, which can still be read


def tint(colour: str, share: float) -> str:
    """Return `share` (0 to 1) of a colour on white, as a colour.

    Examples
    --------
    >>> tint("#000000", 0.2)
    '#cccccc'
    """
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - share * (255 - part)):02x}" for part in parts)


CELL, MEMBRANE = tint("#7d93ab", 0.14), tint("#7d93ab", 0.85)  # inside of a cell, and its edge
