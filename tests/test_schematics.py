"""Schematics say what the models have, and can be read."""

import base64
import importlib
import io
import itertools
from dataclasses import fields

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from nbmodel import (
    PUBLIC,
    dopamine_terminal,
    figures,
    norepinephrine_terminal,
    receptors,
    schematics,
    solve,
    tables,
    treatment,
)
from nbmodel.collection import PACKAGE
from nbmodel.data import parameters
from nbmodel.figures import narrow
from nbmodel.lc_arousal import broadcast
from nbmodel.schematics import attention_drawing, brain_drawing, dose_drawing, sleep_drawing, terminal_drawing
from nbmodel.schematics.canvas import Drawing
from nbmodel.sleep_wake import diniz_behn

REST = norepinephrine_terminal.network()


@pytest.fixture(scope="module")
def treated() -> treatment.Outcome:
    return treatment.treat(treatment.patient(REST, "adhd", "atomoxetine"))


def written(figure: Figure) -> dict[str, str]:
    """The numbers on a drawing, by the part that they belong to."""
    texts = [text for text in figure.findobj(Text) if (text.get_gid() or "").endswith(" number")]
    return {str(text.get_gid()).removesuffix(" number"): text.get_text() for text in texts}


def module(name: str) -> object:
    """A module of the package by its short name, wherever it lies."""
    if name in PUBLIC:
        return importlib.import_module(PUBLIC[name])
    path = next(PACKAGE.rglob(f"{name}.py")).relative_to(PACKAGE.parent).with_suffix("")
    return importlib.import_module(".".join(path.parts))


# -- what is drawn is in the models ---------------------------------------------------------------------------------


def test_each_part_of_the_terminal_is_in_the_network_that_runs() -> None:
    known = {*REST.index, *(reaction.name for reaction in REST.reactions), *(rule.name for rule in REST.rules)}
    known |= {receptor.name for receptor in receptors.RECEPTORS}
    names = [part.name for part in terminal_drawing.PARTS]
    assert set(names) <= known and len(names) == len(set(names))


def test_a_network_without_what_is_drawn_is_refused() -> None:
    with pytest.raises(schematics.SchematicError, match=r"lacks what is drawn: .*DBH"):
        schematics.terminal(dopamine_terminal.network())


def test_the_regions_of_the_brain_are_those_of_the_model() -> None:
    assert {part.name for part in brain_drawing.PARTS} == {*broadcast.REGIONS, "locus coeruleus"}


def test_each_part_of_attention_is_a_function_or_a_size_of_an_effect() -> None:
    for part in attention_drawing.PARTS:
        home, dot, name = part.name.partition(".")
        assert hasattr(module(home), name) if dot else part.name in {*parameters.load(), *REST.index}, part.name


def test_each_part_of_the_network_of_sleep_is_a_group_or_a_constant_of_the_model() -> None:
    constants = diniz_behn.constants()
    assert {part.name for part in sleep_drawing.PARTS} <= {*diniz_behn.GROUPS, *constants}
    # An arrow excites and a bar inhibits, as the weights do.
    weights = [part for part in sleep_drawing.PARTS if part.name.startswith("g_")]
    assert {part.name: constants[part.name] < 0 for part in weights} == {part.name: part.bar for part in weights}


def test_each_link_from_dose_to_function_is_in_the_outcome_or_a_function(treated: treatment.Outcome) -> None:
    known = {word for column in treated.day for word in column.split()}
    known |= {field.name for field in fields(treatment.Patient)} | {"readouts"}
    assert hasattr(treatment.Patient, "readouts")
    for part in dose_drawing.PARTS:
        home, dot, name = part.name.partition(".")
        assert hasattr(module(home), name) if dot else part.name in known, part.name


# -- what a call asks for -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw", "wrong", "right"),
    [
        (lambda highlight: schematics.terminal(REST, highlight), "NET-NE", "NET NE"),
        (schematics.projections, "frontale", "frontal"),
        (schematics.attention_circuit, "gain_drift_a1", "gain_drift_a2"),
        (schematics.sleep_circuit, "g_VLPO_NE", "g_VLPO_N"),
        (lambda highlight: schematics.dose_to_function(None, highlight), "plasm", "plasma"),
        (lambda readout: schematics.dose_to_function(readout=readout), "startles", "startle"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(draw, wrong, right) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(schematics.SchematicError, match=f"'{wrong}'; did you mean '{right}'"):
        draw(wrong)


def test_numbers_of_the_terminal_are_those_of_the_network() -> None:
    numbers = written(schematics.terminal(levels=True, fluxes=True).figure)
    assert numbers["ne_e"] == f"{tables.significant(1e3 * REST['ne_e'], 2)} nM"
    assert numbers["ne_v"] == f"{tables.significant(1e-3 * REST['ne_v'], 2)} mM"
    assert numbers["TH"] == tables.significant(REST.flux("TH"), 2)
    # What is released is cleared: rates of either compartment are in the same unit.
    outside = REST.compartments["extracellular"] / REST.compartments["terminal"]
    assert numbers["NET NE"] == tables.significant(outside * REST.flux("NET NE"), 2)
    assert "NET NE" not in written(schematics.terminal(levels=True).figure)


def test_a_run_is_drawn_as_it_ends_under_what_ruled_then() -> None:
    run = solve.run(REST, [0.0, 60.0, 600.0], [solve.Step(60.0, {"net_activity": 0.2})])
    numbers = written(schematics.terminal(run, levels=True, fluxes=True).figure)
    assert numbers["ne_e"] == f"{tables.significant(1e3 * run.final['ne_e'], 2)} nM"
    outside = REST.compartments["extracellular"] / REST.compartments["terminal"]
    assert numbers["NET NE"] == tables.significant(outside * run.rate("NET NE")[-1], 2)


def test_numbers_of_a_treatment_are_those_of_its_outcome(treated: treatment.Outcome) -> None:
    figure, said = schematics.dose_to_function(treated, readout="working_memory")
    numbers = written(figure)
    change = f"{tables.significant(treated.untreated, 2)} → {tables.significant(treated.treated, 2)} nM"
    assert numbers["NE"] == change and change in said
    assert numbers["occupancy"] == f"{tables.significant(100 * treated.day['occupancy NET'].mean(), 2)} %"
    assert "working memory" in said


def test_delays_and_effects_are_written_where_they_belong() -> None:
    frontal = broadcast.regions("human")[0]
    assert (
        written(schematics.projections(delays="human").figure)["frontal"]
        == f"{tables.significant(frontal.delay, 1)} ms"
    )
    # At 20 nM two thirds of alpha2 receptors are stimulated, which takes a third of the background away.
    assert written(schematics.attention_circuit(ne=20.0).figure)["cut_background_a2"] == "background ×0.67"


def test_the_description_names_what_is_highlighted_and_the_numbers() -> None:
    said = schematics.terminal(highlight=("NET NE", "ne_e"), levels=True).alt
    assert "In colour: uptake of NE by NET, NE outside the cells." in said
    assert "NE outside the cells 6.0 nM" in said
    assert "In colour" not in schematics.terminal().alt


# -- what can be read -----------------------------------------------------------------------------------------------


def fullest(name: str, outcome: treatment.Outcome) -> Drawing:
    """The drawing with all that can be written on it."""
    return {
        "terminal": lambda: schematics.terminal(levels=True, fluxes=True),
        "terminal, one part": lambda: schematics.terminal(highlight="ne_d", levels=True, fluxes=True),
        "projections": lambda: schematics.projections(delays="human"),
        "attention": lambda: schematics.attention_circuit(ne=20.0),
        "attention, words": lambda: schematics.attention_circuit("gain_signal_a1"),
        "sleep": lambda: schematics.sleep_circuit(state="wake"),
        "dose": lambda: schematics.dose_to_function(outcome),
    }[name]()


@pytest.mark.parametrize(
    "name", ["terminal", "terminal, one part", "projections", "attention", "attention, words", "sleep", "dose"]
)
def test_no_words_overlap_or_leave_the_sheet_or_are_too_small(name: str, treated: treatment.Outcome) -> None:
    figure = fullest(name, treated).figure
    figure.canvas.draw()
    words = [text for text in figure.axes[0].texts if text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in words]
    # Boxes are as high as the highest letters and the deepest: what overlaps by a few pixels does not touch.
    overlap = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 0 and min(a.y1, b.y1) - max(a.y0, b.y0) > 5
    ]
    assert overlap == []
    sheet = figure.bbox
    assert [word for word, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > sheet.x1 or box.y1 > sheet.y1] == []
    on_a_phone = 390 / sheet.width
    assert min(text.get_fontsize() / 72 * figure.dpi * on_a_phone for text in words) > 10


def test_a_schematic_is_shown_as_other_figures_are(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, metadata, **_: shown.append((data, metadata["image/png"])))
    figures.show(*schematics.projections("frontal"))
    ((data, look),) = shown
    assert "In colour: frontal cortex." in data["text/plain"]
    with Image.open(io.BytesIO(base64.b64decode(data["image/png"]))) as picture:
        assert picture.width == 3 * look["width"]
    assert look["width"] == round(100 * narrow.WIDTH)  # as wide as the figures below it
