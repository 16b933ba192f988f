"""One chain from a cue to what it does: stimulus, spikes of the LC, NE outside the cells, receptors, a readout.

Each link is a model of its own (`population`, `firing` with the terminal, `gain`, `performance`); here they stand in line.
Nothing is set by hand between the stimulus and the end but the drive and the coupling of the cells. Two things are left
out: receptors follow NE at once, though G proteins take a good part of a second (`decision.time_budget`), and axons
take no time (`broadcast`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nbmodel.core.estimates import Estimate, estimate
from nbmodel.core.network import Array, Network
from nbmodel.core.solve import remembered
from nbmodel.lc_arousal import population_protocols
from nbmodel.lc_arousal.spike_trains import Spikes, rate_course
from nbmodel.models import decision, gain
from nbmodel.models.firing import following

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 0.05  # s, of a bin of the rate that drives the terminal
BEFORE, AFTER = 0.4, 1.5  # s around a stimulus; the next one comes 2 s later
STIMULI = population_protocols.STIMULI[:-1]  # all but the last, after which the run is too short
TARGET = 0.5  # strength of the signal at the cortical unit, as in `detection`


@remembered
def ne(rest: Network, spikes: Spikes) -> tuple[Array, Array]:
    """Times (s) and NE outside (nM) of a terminal that hears the population's rate."""
    starts, rates = rate_course(spikes, WIDTH)
    return starts, following(rest, starts, rates, starts, float(rates.mean()))


def around(values: Array) -> Array:
    """Course in bins of `WIDTH`, averaged over the stimuli, from `BEFORE` to `AFTER` each of them."""
    first, last = round(-BEFORE / WIDTH), round(AFTER / WIDTH)
    places = np.round(STIMULI / WIDTH).astype(int)
    return np.asarray(np.mean([values[place + first : place + last] for place in places], axis=0))


def answer(rest: Network, spikes: Spikes) -> pd.DataFrame:
    """Table of every link of the chain around a stimulus, mean over the stimuli of `population_protocols.experiments`.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    spikes : Spikes
        One run of the experiment.

    Returns
    -------
    DataFrame
        A row per bin: time (s from the stimulus), rate (Hz per cell), ne (nM), a2 and a1 (shares of receptors
        stimulated), ratio (evoked over spontaneous firing of a cortical unit) and decision (s, mean reaction time).
    """
    import pandas as pd

    _, rates = rate_course(spikes, WIDTH)
    _, level = ne(rest, spikes)
    held = gain.occupancy(level)
    courses = {
        "rate": rates,
        "ne": level,
        "a2": held.a2,
        "a1": held.a1,
        "ratio": gain.evoked_to_spontaneous(TARGET, level),
        "decision": decision.reaction_time(level),
    }
    found = pd.DataFrame({name: around(course) for name, course in courses.items()})
    found.insert(0, "time", WIDTH * (np.arange(len(found)) - round(BEFORE / WIDTH)))
    return found


def change(course: Array) -> float:
    """Distance that a course of `answer` goes from where it is when the stimulus comes, up or down, in its own unit."""
    at = round(BEFORE / WIDTH)
    moved = np.asarray(course[at:] - course[at])
    return float(moved[np.argmax(np.abs(moved))])


def changes(rest: Network, runs: tuple[Spikes, ...]) -> dict[str, Estimate]:
    """Change that a stimulus makes in each link of the chain, with the interval over the runs.

    Parameters
    ----------
    rest : Network
        The terminal at rest, as `norepinephrine_terminal.network` gives it.
    runs : tuple of Spikes
        One for each seed.

    Returns
    -------
    dict of str to Estimate
        By column of `answer`, in its unit.
    """
    answers = [answer(rest, run) for run in runs]
    names = [name for name in answers[0].columns if name != "time"]
    return {name: estimate(change(one[name].to_numpy()) for one in answers) for name in names}
