"""Many runs of a model, each with numbers of its own, on all cores and on the fastest engine that is installed.

With libroadrunner (`pip install nbmodel[ensemble]`) runs take a thirtieth of the time; without it the plain solver gives
the same numbers, and says so. A set of numbers that the model refuses, as no terminal can rest with them, gives nan.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmodel.core import cvode, solve
from nbmodel.core.network import Array, Network, NetworkError
from nbmodel.core.solve import Dose, Impulse, SolveError, Step
from nbmodel.data.parameters import ParameterError
from nbmodel.data.typed_rows import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

Event = Step | Dose | Impulse
Schedule = Sequence[Event] | Callable[[Mapping[str, float]], Sequence[Event]]
Progress = Callable[[int, int], None]

PART = 100  # sets that a worker is given at a time, at most
PARTS = 32  # that each worker is given, so that none is left with much when the others are done

# What a model says to numbers that cannot be.
REFUSALS = (SolveError, NetworkError, ParameterError)


def slow() -> str:
    """Sentence that tells of the plain solver, where the fast engine is not installed; else nothing."""
    if cvode.is_installed():
        return ""
    return (
        "libroadrunner is not installed: the plain solver gives the same numbers and takes some thirty times as long "
        "(pip install nbmodel[ensemble])"
    )


def each(
    function: Callable[[dict[str, float]], Mapping[str, float]],
    sets: pd.DataFrame,
    *,
    workers: int = -1,
    fast: bool | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Table of what a function gives for each set of numbers.

    Parameters
    ----------
    function : callable
        Takes a set as a dict and returns numbers by name. Other processes run it.
    sets : DataFrame
        A row per set.
    workers : int
        Processes that share the sets; -1 takes every processor.
    fast : bool, optional
        False takes the plain solver, True the fast engine; the fastest there is unless given.
    progress : callable, optional
        Called with the number of sets that are done, and of all.

    Returns
    -------
    DataFrame
        A row per set, with the index of `sets`; nan where the model refuses a set.

    Raises
    ------
    ValueError
        For no sets, and for sets that are not finite numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> from nbmodel.data import what_if
    >>> from nbmodel.models import norepinephrine_terminal
    >>> def turnover(values):
    ...     with what_if.using(values):
    ...         return {"TH": norepinephrine_terminal.network().flux("TH")}  # uM/s
    >>> found = each(turnover, pd.DataFrame({"k_turn_NE": [0.1, 0.2]}), workers=1, fast=False)
    >>> f"{found.loc[1, 'TH'] / found.loc[0, 'TH']:.1f}"
    '2.0'
    """
    import pandas as pd

    _check_numbers(sets)
    rows = [row for part in _results(function, sets, workers, fast, progress) for row in part]
    names = next((list(row) for row in rows if row is not None), [])
    refused = dict.fromkeys(names, float("nan"))
    return pd.DataFrame([refused if row is None else row for row in rows], index=sets.index, columns=names)


def run(
    network: Network,
    sets: pd.DataFrame,
    times: Array | Sequence[float],
    schedule: Schedule = (),
    *,
    steady: bool = False,
    species: Sequence[str] | None = None,
    workers: int = -1,
    fast: bool | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Time courses of a network for each set of numbers.

    Parameters
    ----------
    network : Network
    sets : DataFrame
        A row per subject; columns are parameters, or species for where they start (uM).
    times : array, shape (n,)
        Increasing, in the network's time unit.
    schedule : sequence of events, or callable
        Events as for `solve.run`, the same for all; or a function that takes a subject's numbers and gives its events.
        With a function the sets may have columns of its own, such as a dose.
    steady : bool
        True to start each subject at its own steady state.
    species : sequence of str, optional
        Species to keep; all unless given.
    workers, fast, progress
        As for `each`.

    Returns
    -------
    DataFrame
        A column per species (uM), a row per subject and time (index levels `subject` and `time_s`, by the unit).

    Raises
    ------
    ValueError
        For sets that are not finite numbers, with all faults at once.
    NetworkError
        For names that the network does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> from nbmodel.models import norepinephrine_terminal
    >>> people = pd.DataFrame({"net_activity": [1.0, 0.5]})
    >>> found = run(norepinephrine_terminal.network(), people, [0.0, 60.0], species=["ne_e"], workers=1, fast=False)
    >>> (1e3 * found["ne_e"].xs(60.0, level="time_s")).round(1).tolist()  # nM after a minute
    [6.0, 10.2]
    """
    import pandas as pd

    _check_numbers(sets)
    species = tuple(network.index if species is None else species)
    known = {*network.index, *network.parameters}
    problems = [
        f"no species {name!r}{did_you_mean(name, network.index)}" for name in species if name not in network.index
    ]
    if not callable(schedule):
        problems += [
            f"no parameter or species {name!r}{did_you_mean(name, known)}" for name in sets if name not in known
        ]
    if problems:
        raise NetworkError(f"{network.name}: " + "; ".join(problems))
    times = np.asarray(times, dtype=float)
    one = partial(_subject, network, times, schedule, steady, [network.index[name] for name in species])
    found, at = np.full((len(sets), times.size, len(species)), np.nan), 0
    for part in _results(one, sets, workers, fast, progress):
        for states in part:
            if states is not None:
                found[at] = states
            at += 1
    index = pd.MultiIndex.from_product([sets.index, times], names=["subject", f"time_{network.time_unit}"])
    return pd.DataFrame(found.reshape(-1, len(species)), index=index, columns=list(species))


def _subject(
    network: Network, times: Array, schedule: Schedule, steady: bool, rows: list[int], values: dict[str, float]
) -> Array:
    """Time courses of one subject, shape (times, species)."""
    network = network.replace(**{name: value for name, value in values.items() if name in network.parameters})
    if start := {name: value for name, value in values.items() if name in network.index}:
        network = network.starting_at(start)
    if steady:
        network = solve.steady_state(network)
    events = schedule(values) if callable(schedule) else schedule
    return solve.run(network, times, events).states[rows].T


def _check_numbers(sets: pd.DataFrame) -> None:
    """Raise ValueError unless there are sets, and all of them finite numbers."""
    if sets.empty:
        raise ValueError("there are no sets of numbers; give a table with a row for each")
    problems = []
    for name in sets:
        column = sets[name].to_numpy()
        if column.dtype.kind not in "fiub":
            problems.append(f"column {name!r} holds {column.dtype}; it takes plain numbers")
        elif not np.all(np.isfinite(column)):
            problems.append(
                f"column {name!r} has {np.sum(~np.isfinite(column))} numbers that are not finite; leave them out"
            )
    if problems:
        raise ValueError("; ".join(problems))


def _results(
    function: Callable[[dict[str, float]], Any],
    sets: pd.DataFrame,
    workers: int,
    fast: bool | None,
    progress: Progress | None,
) -> Iterator[list[Any]]:
    """Yield what the function gives for each set, None where it refuses one, part by part and in order."""
    import joblib

    if fast is None:
        fast = cvode.is_installed()
        if not fast:
            warnings.warn(slow(), RuntimeWarning, stacklevel=4)
    count = joblib.effective_n_jobs(workers)
    size = min(max(len(sets) // (PARTS * count), 1), PART)
    parts = (sets.iloc[at : at + size].to_dict("records") for at in range(0, len(sets), size))
    tasks = (joblib.delayed(_part)(function, part, fast) for part in parts)
    done = 0
    for found in joblib.Parallel(n_jobs=count, return_as="generator")(tasks):
        done += len(found)
        if progress:
            progress(done, len(sets))
        yield found


def _part(function: Callable[[dict[str, float]], Any], part: list[dict[str, float]], fast: bool) -> list[Any]:
    """List what the function gives for some sets, None where it refuses one."""
    found: list[Any] = []
    with solve.engine(cvode.stretch if fast else None):
        for values in part:
            try:
                found.append(function(values))
            except REFUSALS:
                found.append(None)
    return found
