"""Slider demos: move a slider and a picture is drawn again. They need a running kernel."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING

from IPython.display import display
from matplotlib.figure import Figure

from nbmodel.figures.picture import png, width

if TYPE_CHECKING:
    import ipywidgets

# (low, high, start) or (low, high, start, "label with unit")
Slider = tuple[float, float, float] | tuple[float, float, float, str]


def explore(draw: Callable[..., tuple[Figure, str]], /, **sliders: Slider) -> None:
    """Display a slider demo: move a slider and `draw` draws again.

    On paper, in reports and without a kernel only a fixed text is left, so show a static figure of the same beside it.

    Parameters
    ----------
    draw : callable
        `draw(**values)` returns a figure and a sentence that says what it shows; a ValueError is shown in its place.
    **sliders : tuple
        (low, high, start) or (low, high, start, "label with unit"); a start outside the range raises ValueError.
    """
    announced(demo(draw, **sliders).model_id, sliders)


def announced(model: str, sliders: Mapping[str, Slider]) -> None:
    """Display a box of widgets, with a fixed text for where there is no kernel."""
    names = ", ".join(s[3] if len(s) == 4 else name for name, s in sliders.items())
    view = {"version_major": 2, "version_minor": 0, "model_id": model}
    plain = f"Slider demo ({names}). It needs a running kernel; the static figure shows the same at a few settings."
    display({"application/vnd.jupyter.widget-view+json": view, "text/plain": plain}, raw=True)


def demo(draw: Callable[..., tuple[Figure, str]], /, **sliders: Slider) -> ipywidgets.VBox:
    """Box of sliders, sentence and picture that `explore` displays."""
    import ipywidgets

    picture = ipywidgets.Image(format="png")

    def show(**values: float) -> str:
        fig, said = draw(**values)
        picture.width = str(width(fig))
        picture.value = png(fig)
        return said

    return box(show, picture, "picture", sliders)


def box(
    show: Callable[..., str],
    shown: ipywidgets.DOMWidget,
    what: str,
    sliders: Mapping[str, Slider],
    *,
    follows: bool = False,
) -> ipywidgets.VBox:
    """Box of sliders, sentence and a widget.

    `show(**values)` fills the widget, which shows `what`, and returns the sentence; a ValueError is told in its place.
    """
    import ipywidgets

    controls = {name: control(name, *setting, follows=follows) for name, setting in sliders.items()}
    sentence = ipywidgets.HTML()

    def update(change: object = None) -> None:
        try:
            said = show(**{name: one.value for name, one in controls.items()})
        except ValueError as error:
            if change is None:
                raise
            # Raised from a slider, an error would vanish: nobody is waiting for this call.
            sentence.value = f"<strong>No {what} for this setting:</strong> {escape(str(error))}"
            return
        sentence.value = f"<p>{escape(said)}</p>"

    update()
    for one in controls.values():
        one.observe(update, names="value")
    # The sentence stands before the picture: it is the picture's description for those who cannot see it.
    return ipywidgets.VBox([*controls.values(), sentence, shown])


def control(
    name: str, low: float, high: float, start: float, label: str = "", *, follows: bool = False
) -> ipywidgets.FloatSlider:
    """Slider; `follows` the hand, or tells of a value when it is let go. Raises ValueError for a start out of range."""
    import ipywidgets

    if not low <= start <= high:
        raise ValueError(f"slider {name}: the start {start:g} must lie between {low:g} and {high:g}")
    step = 10.0 ** math.floor(math.log10((high - low) / 20))
    wide = {"description_width": "initial"}
    layout = ipywidgets.Layout(width="90%", max_width="640px")
    # A picture that takes its time would queue a drawing for each pixel that the handle passes.
    return ipywidgets.FloatSlider(
        value=start,
        min=low,
        max=high,
        step=step,
        description=label or name,
        style=wide,
        layout=layout,
        continuous_update=follows,
        readout_format=".3g",
    )
