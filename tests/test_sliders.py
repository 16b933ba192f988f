"""Sliders of the lessons: stored grids are the model's, what lies between is interpolated, and the tasks can be answered."""

import json
import re
from dataclasses import asdict

import nbformat
import numpy as np
import pytest
from sliders import DEMOS

from nbmodel import collection
from nbmodel.data import sliders as kept
from nbmodel.figures import Axis, Demo, Line, Slider, grids
from nbmodel.figures import sliders as widgets
from nbmodel.lc_arousal.plots import sliders as lc
from nbmodel.report import html, sliders


def test_every_demo_is_stored_and_every_stored_one_stands_in_a_lesson() -> None:
    lessons = "".join(path.read_text(encoding="utf-8") for path in collection.notebooks_folder().glob("*.ipynb"))
    assert kept.names() == sorted(DEMOS) == sorted(re.findall(r'figures\.live\(\\"(\w+)\\"', lessons))
    assert all(kept.path(name).stat().st_size < 150_000 for name in DEMOS)
    with pytest.raises(KeyError, match="no grid of sliders"):
        kept.load("../ensemble")


@pytest.mark.parametrize("name", DEMOS)
def test_a_stored_grid_is_what_the_model_gives(name: str) -> None:
    demo, grid = DEMOS[name], kept.load(name)
    looks = [{"name": key} | asdict(one) for key, one in demo.sliders.items()]
    assert json.loads(json.dumps(looks)) == grid["sliders"]
    assert (grid["said"], grid["x"], grid["y"]) == (demo.said, asdict(demo.x), asdict(demo.y))
    ends = [{key: one.points[end] for key, one in demo.sliders.items()} for end in (0, -1)]
    for values in ({key: one.start for key, one in demo.sliders.items()}, *ends):
        lines, numbers = demo.compute(**values)
        stored, told = grids.at(grid, **values)
        assert told == pytest.approx(numbers, rel=1e-3, abs=1e-6)
        assert [(one.name, one.dashed) for one in stored] == [(one.name, one.dashed) for one in lines]
        for one, line in zip(stored, lines, strict=True):
            for axis, found, given in ((demo.x, one.x, line.x), (demo.y, one.y, line.y)):
                fine = 0 if axis.log else 5e-4 * (axis.high - axis.low)
                np.testing.assert_allclose(found, given, rtol=1e-3, atol=fine)


def demo(**changes: object) -> Demo:
    """Product of two sliders, by a choice; its line ends where it is."""

    def compute(a: float, b: float, which: str) -> grids.Computed:
        line = Line("now & here", [0, 5], [0, a * b * {"once": 1, "<twice>": 2}[which]])
        return [Line("at rest", [0, 10], [1, 1], "currentColor", dashed=True), line], {"end": float(line.y[1])}

    points = {"a": (0.0, 1.0, 3.0), "b": (1.0, 2.0), "which": ("once", "<twice>")}
    looks = {name: Slider(name, at, at[-1], 0.5) for name, at in points.items()}
    return Demo("test", compute, "{which} {a:.1f} {b:.1f}: {end:.2f}", Axis("x", 0, 10), Axis("y", 0, 20), looks)


def test_between_its_points_a_grid_is_interpolated_along_each_slider() -> None:
    grid = json.loads(json.dumps(grids.made(demo())))
    for a, b, which in ((3.0, 2.0, "<twice>"), (2.0, 1.5, "once"), (0.5, 1.0, "<twice>")):
        lines, numbers = grids.at(grid, a=a, b=b, which=which)
        assert numbers["end"] == pytest.approx(a * b * (1 if which == "once" else 2))  # exact for a product
        assert lines[1].y[-1] == pytest.approx(numbers["end"]) and list(lines[0].y) == [1, 1]


def test_a_start_must_be_a_point_that_was_computed() -> None:
    with pytest.raises(ValueError, match="the start 4 must be one of"):
        Slider("dose", (1.0, 2.0), 4)


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    monkeypatch.setattr(kept, "FOLDER", tmp_path_factory.mktemp("grids"))
    grids.store(demo())
    return demo()


def test_lines_follow_the_sliders_of_a_notebook_on_axes_that_stay(stored: Demo) -> None:
    a, _, which, sentence, drawing = widgets.view("test").children
    first, axes = drawing.value, re.compile(r"<line.*?/>")
    assert "&lt;twice&gt; 3.0 2.0: 12.00" in sentence.value and 'aria-label="&lt;twice&gt; 3.0 2.0: 12.00"' in first
    assert "now &amp; here" in first and first.count("<polyline") == 2
    assert a.continuous_update  # it follows the hand
    a.value, which.value = 1.5, "once"
    assert "once 1.5 2.0: 3.00" in sentence.value
    assert drawing.value != first and axes.findall(drawing.value) == axes.findall(first)


def test_a_readers_own_function_may_draw_and_what_it_cannot_is_told(stored: Demo) -> None:
    def compute(a: float, b: float, which: str) -> grids.Computed:
        if a < 1:
            raise ValueError("no <b>a</b> below 1")
        return [Line("mine", [0, 10], [a, a])], {"end": -a}

    a, *_, sentence, drawing = widgets.view("test", compute).children
    assert "3.0 2.0: -3.00" in sentence.value and "mine" in drawing.value
    a.value = 0.5
    assert "no &lt;b&gt;a" in sentence.value


def test_a_page_holds_no_more_than_its_own_script_and_nothing_of_a_grid_ends_it(stored: Demo) -> None:
    block = sliders.block("test")
    assert block.count("<script") == 1 and "\\u003ctwice>" in block and "<twice>" not in block
    assert "<option>once</option><option selected>&lt;twice&gt;</option>" in block


@pytest.mark.parametrize("said", ["../../data/ensemble", {"sliders": "reuptake"}, ["reuptake"], None, 7])
def test_a_notebook_cannot_ask_for_any_other_file(said: object) -> None:
    output = nbformat.v4.new_output(
        "display_data", {"text/plain": "plain words"}, metadata={"nbmodel": {"sliders": said}}
    )
    page = html.page(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[output])]))
    assert "plain words" in page and "<script" not in page and "script-src" not in page


def test_the_cell_of_the_sliders_is_the_one_that_the_lesson_builds() -> None:
    notebook = nbformat.read(collection.notebooks_folder() / "03_lc_arousal.ipynb", as_version=4)
    names = {"np": np}
    exec(next(cell.source for cell in notebook.cells if "def cell(" in cell.source).partition("\n\nleaky")[0], names)
    np.testing.assert_allclose(names["cell"](55.0, 0.5), lc.cell(55.0, 0.5))


def test_the_tasks_can_be_answered() -> None:
    def told(name: str, **values: object) -> dict[str, float]:
        grid = kept.load(name)
        start = {slider["name"]: slider["start"] for slider in grid["sliders"]}
        return dict(grids.at(grid, **start | values)[1])

    alone = [told("synthesis", th=th, dbh=1.0)["ne_v"] for th in (1.0, 2.0)]
    assert alone[1] < 2 * alone[0]
    assert told("synthesis", th=1.0, dbh=0.5)["da_v"] > told("synthesis", th=1.0, dbh=1.0)["da_v"]
    assert told("synthesis", dbh=0.1)["ne_v"] == pytest.approx(1.3, abs=0.05)  # as its answer says
    both = told("reuptake", blocked=83.0)
    assert told("reuptake", blocked=52.0)["free"] == pytest.approx(2, abs=0.05) == both["rise"]
    assert told("reuptake", blocked=95.0)["rise"] < 3
    assert told("lc_cell", current=25.0, opens=1.0)["rate"] == 0 < told("lc_cell", current=30.0, opens=1.0)["rate"]
    calm, driven = (told("lc_population", drive=pull, coupling=4.0) for pull in (18.0, 90.0))
    assert driven["background"] > 2 * calm["background"] and driven["extra"] < 0.7 * calm["extra"]
    coupled = [told("lc_population", drive=90.0, coupling=nS)["background"] for nS in (0.0, 4.0, 8.0)]
    assert min(coupled) > 2 * calm["background"]
    sooner, still_late = told("lc_in_time", receptors=100.0), told("lc_in_time", axons=30.0)
    assert sooner["acts"] < sooner["response"] + 1 < still_late["acts"]
    untouched, half, less, least = (told("sleep_wake", given=pull) for pull in (0.0, -2.0, -3.8, -4.0))
    assert half["bout"] < untouched["bout"] < less["bout"] and least["awake"] > 99 > less["awake"]
    assert told("attention", k2=5.0, k1="10")["fold"] > 1
    twice = {"drug": "atomoxetine", "dose": 2.0, "condition": "ADHD"}
    low, high = (told("disorders", basal=basal, **twice) for basal in (6.0, 14.0))
    assert low["mg"] == 80 and low["after"] < 24.8 < high["after"]  # the curve is at its top there
