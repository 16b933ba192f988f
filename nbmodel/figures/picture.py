"""A figure as a picture: sharp on today's screens, and small, as it has few colours."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, NullLocator
from PIL import Image

DENSITY = 2  # dots of the picture for each one that the page gives it: screens of today have as many
SHADES = 64  # a drawing has few, and their shades at its edges; more cannot be told apart


def width(fig: Figure) -> int:
    """Width of a figure on the page, in the pixels of a page; its picture has `DENSITY` dots for each."""
    return round(fig.get_figwidth() * fig.dpi)


def png(fig: Figure) -> bytes:
    """PNG of a figure, the same bytes for the same picture, with `DENSITY` dots a pixel; the figure is closed."""
    _plain_log_axes(fig)
    canvas, buffer, shown = FigureCanvasAgg(fig), io.BytesIO(), fig.dpi
    fig.set_dpi(DENSITY * shown)
    canvas.draw()  # type: ignore[no-untyped-call]  # once; savefig draws twice
    opaque = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
    fig.set_dpi(shown)
    few = Image.fromarray(opaque).quantize(SHADES, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # White comes out as 254 of 255, which a page would show as a grey frame.
    few.putpalette([255 if shade == 254 else shade for shade in few.getpalette() or []])
    few.save(buffer, "PNG", dpi=(DENSITY * shown, DENSITY * shown))
    plt.close(fig)
    return buffer.getvalue()


def _plain_log_axes(fig: Figure) -> None:
    """Number logarithmic axes as people write numbers (10, 100 ...), and take off minor ticks, which the style hides.

    Both are dear to lay out: powers of ten are typeset as formulas.
    """
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            if axis.get_scale() == "log" and high > 10 * low:  # within a decade the minor ticks carry the numbers
                axis.set_minor_locator(NullLocator())
                if high < 1e5 and isinstance(axis.get_major_formatter(), LogFormatter):
                    axis.set_major_formatter("{x:,g}")
