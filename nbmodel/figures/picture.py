"""A figure as a picture: sharp on today's screens, and small, as it has few colours and hard edges."""

from __future__ import annotations

import hashlib
import io
import pickle
from types import FunctionType
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, NullLocator
from matplotlib.transforms import TransformNode
from PIL import Image

# Dots of the picture for each one that the page gives it. Screens of today have two, so edges need no shades of grey:
# a page shows the picture smaller than it is, which smooths them, and hard edges take half the bytes.
DENSITY = 3
SHADES = 64  # in a picture; a drawing has fewer
ALIKE = 5  # levels of 256: colours that differ by no more are one, as Pillow tells no finer ones apart


def width(fig: Figure) -> int:
    """Width of a figure on the page, in the pixels of a page; its picture has `DENSITY` dots for each."""
    return round(fig.get_figwidth() * fig.dpi)


def png(fig: Figure) -> bytes:
    """PNG of a figure, the same bytes for the same picture, with `DENSITY` dots a pixel; the figure is closed."""
    _plain_log_axes(fig)
    state = _state(fig)
    picture = _drawn.get(state)
    if picture is None:
        picture = _draw(fig)
        if len(_drawn) == KEPT:
            _drawn.clear()
        if state:
            _drawn[state] = picture
    plt.close(fig)
    return picture


def _draw(fig: Figure) -> bytes:
    canvas, buffer, shown = FigureCanvasAgg(fig), io.BytesIO(), fig.dpi
    artists: list[Any] = fig.findobj(lambda artist: hasattr(artist, "set_antialiased"))
    smooth = [artist.get_antialiased() for artist in artists]
    for artist in artists:
        artist.set_antialiased(False)
    fig.set_dpi(DENSITY * shown)
    canvas.draw()  # type: ignore[no-untyped-call]  # once; savefig draws twice
    fig.set_dpi(shown)
    for artist, before in zip(artists, smooth, strict=True):
        artist.set_antialiased(before)
    opaque = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
    _with_palette(Image.fromarray(opaque)).save(buffer, "PNG", dpi=(DENSITY * shown, DENSITY * shown))
    return buffer.getvalue()


def _with_palette(picture: Image.Image) -> Image.Image:
    """Picture in its most frequent `SHADES`, of which no two can be mistaken for each other."""
    shades: list[tuple[int, ...]] = []
    for _, shade in sorted(picture.getcolors(picture.width * picture.height) or (), reverse=True):
        assert isinstance(shade, tuple)
        if len(shades) < SHADES and all(
            max(abs(a - b) for a, b in zip(shade, one, strict=True)) > ALIKE for one in shades
        ):
            shades.append(shade)
    palette = Image.new("P", (1, 1))
    palette.putpalette([level for shade in shades for level in shade])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


# -- pictures that were drawn before -----------------------------------------------------------------------------------

# Many figures of a report are the same in the next one, whose kernel is forked from where the first were drawn.
KEPT = 500
_drawn: dict[str, bytes] = {}  # by what they were drawn from


def _state(fig: Figure) -> str:
    """Digest of all that a drawing depends on, the figure and matplotlib's settings; nothing where it cannot be written down.

    Who has the same state has the same picture. Two states of one picture may differ: then it is drawn again.
    """
    written = io.BytesIO()
    try:
        _Writer(written).dump((dict(mpl.rcParams), fig))
    except (pickle.PicklingError, AttributeError, TypeError):  # such as a formatter that is a lambda
        return ""
    return hashlib.sha256(written.getbuffer()).hexdigest()


class _Writer(pickle.Pickler):
    """Writes objects down without where they lie in memory."""

    def reducer_override(self, obj: Any) -> Any:
        """Leave out who is to be told of changes of a transform, which stand by their addresses and draw nothing.

        A function or a class stands by its name alone, under which a notebook may define another: those are refused.
        """
        if isinstance(obj, FunctionType | type) and obj.__module__.partition(".")[0] in ("__main__", "nbmodel"):
            raise pickle.PicklingError(obj.__qualname__)
        if not isinstance(obj, TransformNode):
            return NotImplemented
        return object.__new__, (type(obj),), {**vars(obj), "_parents": {}}


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
