import base64
import io
import sys

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
import tiny
from PIL import Image

from nbmodel import figures
from nbmodel.check import stored
from nbmodel.data import tables
from nbmodel.figures import picture
from nbmodel.report import run, store


def line(height: float = 2) -> plt.Figure:
    fig, ax = figures.panels(height=height)
    ax.plot([0, 1], [0, 1])
    return fig


def test_a_figure_without_description_is_refused():
    with pytest.raises(ValueError, match="needs alt"):
        figures.show(line(), alt=" \n ")
    plt.close("all")


def test_a_caption_stands_below_its_figure_as_text(monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, **_: shown.append(data))
    figures.show(line(), alt="A line from 0 to 1.", caption="It  rises\nto 1.")
    assert "image/png" in shown[0] and shown[1] == {"text/markdown": "*It rises to 1.*", "text/plain": "It rises to 1."}
    figures.show(line(), alt="A line from 0 to 1.")
    assert len(shown) == 3


def test_the_same_figure_is_the_same_bytes_and_is_closed():
    first, second = figures.png(line()), figures.png(line())
    assert first == second
    assert plt.get_fignums() == []


def test_a_picture_is_drawn_again_only_where_something_of_it_is_other(monkeypatch):
    drawn = []
    draw = picture._draw
    monkeypatch.setattr(picture, "_drawn", {})
    monkeypatch.setattr(picture, "_draw", lambda fig: drawn.append(fig) or draw(fig))

    def made(y: float = 1.0, colour: str = "red", label: str = "", formatter: object = None) -> bytes:
        fig, ax = figures.panels(height=2)
        ax.plot([0, 1], [0, y], color=colour)
        ax.text(0.5, 0.5, label, transform=ax.transAxes)
        if formatter:
            ax.xaxis.set_major_formatter(formatter)
        return figures.png(fig)

    first = made()
    assert made() == first and len(drawn) == 1
    others = [made(y=1.01), made(colour="blue"), made(label="a"), made(label="b")]
    with plt.rc_context({"axes.unicode_minus": False}):
        made()
    assert len(drawn) == 6 and len({first, *others}) == 5
    # A notebook may define another function under the same name, so nothing drawn with one is kept.
    for sign in "%!":

        def ticks(x: float, _: int, sign: str = sign) -> str:
            return f"{x:g}{sign}"

        ticks.__module__, ticks.__qualname__ = "__main__", "ticks"
        monkeypatch.setattr(sys.modules["__main__"], "ticks", ticks, raising=False)
        others.append(made(formatter=ticks))
    assert len(drawn) == 8 and len({first, *others}) == 7
    assert made() == first and len(drawn) == 8
    monkeypatch.setattr(picture, "_drawn", {})
    assert made() == first and len(drawn) == 9  # what was kept is what is drawn


def test_axes_have_round_numbers() -> None:
    assert list(figures.Axis("NE (nM)", 1, 1000, log=True).ticks()) == [1, 10, 100, 1000]
    assert figures.Axis("time (s)", 0, 10).ticks() == [0, 2, 4, 6, 8, 10]


def test_numbers_are_written_with_significant_digits_and_without_rounding_noise():
    written = [tables.significant(x) for x in (0.0123456, 1 / 3, 5.995, 12345.6, 1.234e-7, 3e-17, 2.5e8)]
    assert written == ["0.0123", "0.333", "6.00", "12300", "1.23e-07", "0", "2.50e+08"]
    frame = pd.DataFrame({"name": ["a <b>", None], "value": [1.23456, 20.0]})
    rows = list(frame.itertuples(index=False, name=None))
    assert tables.text(list(frame), rows).splitlines()[2:] == ["a <b>   1.23", "–       20.0"]
    assert "a &lt;b&gt;" in tables.html(list(frame), rows)


@pytest.mark.long
def test_everything_that_is_displayed_passes_plain_nbval(tmp_path):
    folder = tiny.notebook(tmp_path, 'import pandas as pd\nfigures.table(pd.DataFrame({"x": [1 / 3]}), "A table")')
    path = folder / "02_reuptake.ipynb"
    done = run.rerun(nbformat.read(path, as_version=4), folder)
    store.save(store.normalised(done), path)

    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    (png,) = (output for output in outputs if "image/png" in output.get("data", {}))
    assert png.metadata["image/png"].alt == png.data["text/plain"] == "A line from 0 to 0.0 <b>."
    (slider,) = (output for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {}))
    assert slider.data["text/plain"].startswith("Slider demo (feedback, NET blocked (%))")
    copy = tmp_path / "again.ipynb"
    copy.write_text(path.read_text())
    assert stored.nbval([path, copy]).status == 0

    path.write_text(path.read_text().replace("A line from 0 to 0.0", "A line from 0 to 0.1"))
    assert stored.nbval([path]).status == 1


def test_a_flow_chart_draws_each_move_as_wide_as_what_it_carries() -> None:
    places = {"here": (0.1, 0.5), "there": (0.9, 0.5), "lost": (0.5, 0.1)}
    figure = figures.flows(
        places, [("here", "there", 100.0, "main", 0.2), ("here", "lost", 1.0, "trickle", 0.0)], "Flows"
    )
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert {"main\n100", "trickle\n1", "here", "there", "lost"} <= texts
    wide, narrow = (patch.get_arrowstyle().tail_width for patch in figure.axes[0].patches)
    assert wide == 36 and narrow == 2  # never too thin to be seen
    assert figures.png(figure)[:4] == b"\x89PNG"


def test_a_picture_is_three_times_as_dense_as_the_page_shows_it_on_a_white_that_is_white(monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, metadata, raw: shown.append((data, metadata)))
    figures.show(line(), alt="A line from 0 to 1.")
    ((data, metadata),) = shown
    with Image.open(io.BytesIO(base64.b64decode(data["image/png"]))) as picture:
        assert picture.width == 3 * metadata["image/png"]["width"] == 2700
        assert picture.mode == "P" and picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
