"""Sliders of the lesson on the locus coeruleus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nbmodel.core.network import Array
from nbmodel.data import parameters
from nbmodel.figures import Axis, Demo, Line, Slider
from nbmodel.figures.colours import COLOURS
from nbmodel.figures.grids import Computed
from nbmodel.lc_arousal import population, spike_trains, spiking
from nbmodel.lc_arousal.plots.look import spikes_in

NOW = COLOURS["norepinephrine"]
USUAL = 40.0, 1.0  # pA, nS
MOMENTS = 160  # of a voltage: fewer would lose spikes, more would show none better
STROKE = 7.5  # mV, as high as a spike is drawn


def cell(current: float, opens: float) -> Array:
    """Voltage of the cell that the lesson builds in the open, in mV above rest over 2 s, each 0.1 ms.

    Examples
    --------
    >>> [len(spikes_in(cell(current, 1.0))) for current in (20.0, 40.0)]
    [0, 5]
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

    Spikes are strokes, as in the figure.
    """

    def shown(course: Array) -> tuple[Any, Any]:
        parts = course[: len(course) // MOMENTS * MOMENTS].reshape(MOMENTS, -1)
        fired = (parts == -5.0).any(axis=1)  # where it is set back
        # A tenth of a millivolt is finer than the line.
        voltage = np.where(fired, STROKE, parts[:, 0].round(1))
        return np.linspace(0, step * len(course) / 1e3, MOMENTS, endpoint=False), voltage

    usual = shown(cell(*USUAL))

    def compute(current: float, opens: float) -> Computed:
        course = cell(current, opens)
        lines = [Line("40 pA, 1 nS", *usual, "currentColor", dashed=True), Line("voltage", *shown(course), NOW)]
        return lines, {"rate": len(spikes_in(course)) / (len(course) * step / 1e3)}

    return compute


def answer(drive: float, coupling: float) -> Computed:
    """Rate of 40 cells around a stimulus at a drive (pA) and coupling (nS), and at those of the collection."""
    p = parameters.load()
    settings = ((p.value("drive_LC_wake", "pA"), p.value("g_gap_LC", "nS")), (drive, coupling))
    usual, now = (
        spiking.simulate(population.population(cells=40, drive=pull, coupling=gap), 2.0, 1, (1.0,), settle=0.5)
        for pull, gap in settings
    )
    times, rates = spike_trains.rate_course(now)
    lines = [
        Line("{:g} pA, {:g} nS".format(*settings[0]), *spike_trains.rate_course(usual), "currentColor", dashed=True),
        Line("rate", times, rates, NOW),
    ]
    answered = times >= 1.0
    return lines, {"before": float(rates[~answered].mean()), "after": float(rates[answered].max())}


def demos() -> Iterator[Demo]:
    """Yield what `nbmodel/data/sliders` keeps of this lesson."""
    yield Demo(
        "lc_cell",
        voltage_of(cell),
        "At {current:.0f} pA and {opens:.1f} nS opened by each spike the cell fires at {rate:.1f} Hz.",
        Axis("time (s)", 0, 2),
        Axis("V (mV)", -9, 8),
        {
            "current": Slider("I (pA)", tuple(np.linspace(0, 100, 21).tolist()), 60.0, 5.0),
            "opens": Slider("opened by a spike (nS)", (0.0, 0.5, 1.0, 1.5, 2.0), USUAL[1], 0.5),
        },
    )
    yield Demo(
        "lc_population",
        answer,
        "At a drive of {drive:.0f} pA and a coupling of {coupling:.1f} nS the cells fire at {before:.1f} Hz before the "
        "stimulus, and at up to {after:.0f} Hz after it.",
        Axis("time (s); a stimulus at 1 s", 0, 2),
        Axis("rate (Hz per cell)", 0, 40),
        {
            "drive": Slider(
                "drive (pA)", (-200.0, -100.0, -50.0, 0.0, 18.0, *np.arange(50.0, 301, 50).tolist()), 100.0, 2.0
            ),
            "coupling": Slider("coupling (nS)", (0.0, 2.0, 4.0, 6.0, 8.0), 4.0, 0.1),
        },
    )
