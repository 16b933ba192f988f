"""Pictures that are narrow enough for their letters to be read on a phone: their size, their letters, the names of axes."""

from __future__ import annotations

from typing import Any

from nbmodel import figures

WIDTH = 6.2  # inches
LETTERS, SMALL, TITLE = 13.5, 12, 14  # points


def panels(rows: int = 1, *, height: float = 3.8, **options: Any) -> tuple[figures.Figure, Any]:
    """Narrow figure, and its axes one above the other; the rest is as for `figures.panels`.

    Examples
    --------
    >>> fig, (above, below) = panels(2)
    >>> float(fig.get_figwidth())
    6.2
    """
    return figures.panels(rows, 1, height=height, width=WIDTH, **options)


def named(ax: Any, x: str = "", y: str = "", title: str = "", ticks: float = SMALL) -> None:
    """Name both axes, say the finding above them, and make the `ticks` (points) large enough."""
    ax.set_xlabel(x, fontsize=LETTERS)
    ax.set_ylabel(y, fontsize=LETTERS)
    ax.set_title(title, fontsize=TITLE)
    ax.tick_params(labelsize=ticks)
