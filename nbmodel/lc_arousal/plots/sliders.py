"""Sliders of the lesson on the locus coeruleus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from nbmodel.core.network import Array
from nbmodel.data import parameters
from nbmodel.figures import Axis, Demo, Line, Slider
from nbmodel.figures.colours import COLOURS
from nbmodel.figures.grids import Computed
from nbmodel.lc_arousal import population_protocols
from nbmodel.lc_arousal.plots.look import rate_of
from nbmodel.lc_arousal.spike_trains import Spikes
from nbmodel.models import decision

NOW = COLOURS["norepinephrine"]
USUAL = 40.0, 1.0  # pA, nS
MOMENTS = 125  # of a voltage, two points each: fewer would lose spikes up to 60 Hz, more would make a heavy grid
STROKE = 7.5  # mV, as high as a spike is drawn


def cell(current: float, opens: float) -> Array:
    """Voltage of the cell that the lesson builds in the open, in mV above rest over 2 s, each 0.1 ms.

    Examples
    --------
    >>> [round(rate_of(cell(current, 1.0)), 1) for current in (20.0, 40.0)]
    [0.0, 2.2]
    """
    voltage, conductance, course = 0.0, 0.0, []
    for _ in range(20_000):
        voltage += 0.1 * (current - 5.0 * voltage - conductance * (voltage + 45)) / 100.0
        conductance -= 0.1 * conductance / 300
        if voltage >= 5:
            voltage, conductance = -5.0, conductance + opens
        course.append(voltage)
    return np.array(course)


def voltage_of(cell: Callable[[float, float], Array], step: float = 0.1) -> Callable[..., Computed]:
    """Lines of a cell at a current (pA) and an opening by each spike (nS): `cell` gives its voltage, each `step` ms.

    Spikes are strokes, as in the figure; each ends where the voltage is set back.
    """

    def shown(course: Array) -> tuple[Any, Any]:
        parts = course[: len(course) // MOMENTS * MOMENTS].reshape(MOMENTS, -1)
        fired = (parts == -5.0).any(axis=1)  # where it is set back
        # A tenth of a millivolt is finer than the line.
        voltage = parts[:, [0, parts.shape[1] // 2]].round(1)
        voltage[fired] = STROKE, -5.0
        return np.linspace(0, step * len(course) / 1e3, 2 * MOMENTS, endpoint=False), voltage.ravel()

    usual = shown(cell(*USUAL))

    def compute(current: float, opens: float) -> Computed:
        course = cell(current, opens)
        lines = [Line("40 pA, 1 nS", *usual, "currentColor", dashed=True), Line("voltage", *shown(course), NOW)]
        return lines, {"rate": rate_of(course, step)}

    return compute


def answer(drive: float, coupling: float) -> Computed:
    """Mean answer to a stimulus at a drive (pA) and coupling (nS), and at those of the collection, as the lesson has it."""
    p = parameters.load()
    usual = p.value("drive_LC_wake", "pA"), p.value("g_gap_LC", "nS")
    now = _experiments(drive, coupling)
    lines = [
        Line(
            "{:g} pA, {:g} nS".format(*usual),
            *population_protocols.mean_answer(_experiments(*usual)),
            "currentColor",
            dashed=True,
        ),
        Line("rate", *population_protocols.mean_answer(now), NOW),
    ]
    found = population_protocols.measures(now)
    return lines, {"background": found["background"].value, "extra": found["size"].value}


@lru_cache(maxsize=2)
def _experiments(drive: float, coupling: float) -> tuple[Spikes, ...]:
    return population_protocols.experiments(drive, coupling, population_protocols.SEEDS[0])


def in_time(axons: float, receptors: float) -> Computed:
    """Steps from a cue to the effect of NE, one after the other, with delays of so many ms; the response; and the usual delays."""
    usual = 1e3 * decision.time_budget().set_index("step")["value"]
    fires, response = usual["the LC fires"], usual["the response"]

    def stairs(*delays: float) -> tuple[Array, list[float]]:
        ends = np.cumsum(delays)
        return np.concatenate([[0.0], np.repeat(ends, 2)]), [0, 0, 1, 1, 2, 2, 3]

    lines = [
        Line("response", [response, response], [0, 3.5], COLOURS["untreated"], dashed=True),
        Line(
            "usual delays",
            *stairs(fires, usual["its axons conduct"], usual["alpha2A receptors act"]),
            "currentColor",
            dashed=True,
        ),
        Line("NE acts", *stairs(fires, axons, receptors), NOW),
    ]
    acts = fires + axons + receptors
    return lines, {"acts": acts, "response": response}


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    yield Demo(
        "lc_cell",
        voltage_of(cell),
        "At {current:.0f} pA and {opens:.1f} nS opened by each spike the cell fires at {rate:.1f} Hz.",
        Axis("time (s)", 0, 2),
        Axis("V (mV)", -9, 8),
        {
            "current": Slider("I (pA)", tuple(np.linspace(0, 100, 21).tolist()), USUAL[0], 5.0),
            "opens": Slider("opened by a spike (nS)", (0.0, 0.5, 1.0, 1.5, 2.0), USUAL[1], 0.5),
        },
    )
    yield Demo(
        "lc_population",
        answer,
        "At a drive of {drive:.0f} pA and a coupling of {coupling:.0f} nS a stimulus brings {extra:.2f} extra spikes per "
        "cell, above a background of {background:.1f} Hz.",
        Axis("time from the stimulus (s)", -0.5, 1),
        Axis("rate (Hz per cell)", 0, 50),
        {
            "drive": Slider("drive (pA)", (-120.0, -60.0, 0.0, 18.0, 36.0, 54.0, 72.0, 90.0, 120.0, 150.0), 18.0, 6.0),
            "coupling": Slider("coupling (nS)", (0.0, 2.0, 4.0, 6.0, 8.0), 4.0, 2.0),
        },
    )
    yield Demo(
        "lc_in_time",
        in_time,
        "With {axons:.0f} ms in the axons and {receptors:.0f} ms at the receptors NE acts {acts:.0f} ms after the cue; the "
        "response comes after {response:.0f} ms.",
        Axis("time from the cue (ms)", 0, 1300),
        Axis("steps done: LC, axons, receptors", 0, 4),
        {
            "axons": Slider("delay of the axons (ms)", (30.0, 100.0, 400.0), 100.0, 5.0),
            "receptors": Slider("delay of the receptors (ms)", (50.0, 338.0, 730.0), 338.0, 2.0),
        },
    )
