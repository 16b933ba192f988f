"""Slider demos in a notebook: a box of sliders, a sentence and lines that follow while a slider is dragged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from IPython.display import display

from nbmodel.data import sliders as kept
from nbmodel.figures import grids
from nbmodel.figures.moving import Axis, svg

if TYPE_CHECKING:
    import ipywidgets


def live(name: str, compute: Callable[..., grids.Computed] | None = None) -> None:
    """Display a slider demo: its lines follow while a slider is dragged, on axes that stay, with rest behind.

    A report shows the same sliders without a kernel; a stored notebook shows a fixed text.

    Parameters
    ----------
    name : str
        Name of a stored grid (`data.sliders.names()`).
    compute : callable, optional
        `compute(**values)` returns lines and numbers in place of those of the grid, such as those of a reader's own
        function. It should take less than a twentieth of a second; a ValueError is told in place of the sentence.

    Raises
    ------
    KeyError
        For a grid that there is not.
    """
    labels = ", ".join(slider["label"] for slider in kept.load(name)["sliders"])
    shown = {"version_major": 2, "version_minor": 0, "model_id": view(name, compute).model_id}
    plain = f"Slider demo ({labels}). It moves in JupyterLab, once its cell has been run, and in HTML reports."
    data = {"application/vnd.jupyter.widget-view+json": shown, "text/plain": plain}
    # By this a report knows which sliders it shows in place of the widget.
    display(data, metadata={"nbmodel": {"sliders": name}}, raw=True)


def view(name: str, compute: Callable[..., grids.Computed] | None = None) -> ipywidgets.VBox:
    """Box of sliders, sentence and lines that `live` displays."""
    import ipywidgets

    grid = kept.load(name)
    x, y = Axis(**grid["x"]), Axis(**grid["y"])
    controls = {slider["name"]: _control(slider) for slider in grid["sliders"]}
    sentence, drawing = ipywidgets.HTML(), ipywidgets.HTML()

    def update(_: object = None) -> None:
        values = {name: one.value for name, one in controls.items()}
        try:
            lines, numbers = compute(**values) if compute else grids.at(grid, **values)
        except ValueError as error:
            # Raised from a slider it would vanish: nobody is waiting for this call.
            sentence.value = f"<strong>No lines for this setting:</strong> {escape(str(error))}"
            return
        said = grid["said"].format(**values, **numbers)
        sentence.value, drawing.value = f"<p>{escape(said)}</p>", svg(lines, x, y, said)

    update()
    for one in controls.values():
        one.observe(update, names="value")
    # The sentence stands before the picture: it is the picture's description for those who cannot see it.
    return ipywidgets.VBox([*controls.values(), sentence, drawing])


def _control(slider: Mapping[str, Any]) -> ipywidgets.DOMWidget:
    """Slider that follows the hand, or a list to choose from."""
    import ipywidgets

    points, label, look = slider["points"], slider["label"], {"style": {"description_width": "initial"}}
    if isinstance(points[0], str):
        return ipywidgets.Dropdown(options=points, value=slider["start"], description=label, **look)
    return ipywidgets.FloatSlider(
        value=slider["start"],
        min=points[0],
        max=points[-1],
        step=slider["step"],
        description=label,
        layout=ipywidgets.Layout(width="90%", max_width="640px"),
        readout_format=".3g",
        **look,
    )
