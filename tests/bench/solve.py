"""What runs cost: the plain solver beside the fast engine, one and many, on one core and on two, at equal error.

A subject is a terminal with firing, NET and MAO of its own: its steady state, then 24 h with three doses of a NET inhibitor.
"""

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from nbmodel.core import cvode, ensemble, sobol, solve
from nbmodel.core.network import Array
from nbmodel.core.runs import Step
from nbmodel.evidence import sampling
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR

HOURS = np.array([0.0, 12.0, 24.0]) * SECONDS_PER_HOUR
DOSES = [
    Step(8 * i * SECONDS_PER_HOUR, {"net_activity": share}) for i, share in enumerate((0.3, 0.2, 0.4))
]  # what three doses leave of NET


def subjects(count: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "firing": rng.uniform(0.5, 3.0, count),
            "net_activity": np.exp(rng.normal(0.0, 0.2, count)),
            "mao_activity": np.exp(rng.normal(0.0, 0.2, count)),
        }
    )


def many(count: int, fast: bool, workers: int = 1, seed: int = 1) -> tuple[float, Array]:
    """Seconds of the wall clock that so many subjects take, and their NE outside."""
    rest, sets = norepinephrine_terminal.network(), subjects(count, seed)
    solve.steady_state.cache_clear()  # type: ignore[attr-defined]
    started = time.perf_counter()
    found = ensemble.run(rest, sets, HOURS, DOSES, steady=True, species=["ne_e", "ne_v"], workers=workers, fast=fast)
    return time.perf_counter() - started, found.to_numpy()


def one() -> list[dict[str, object]]:
    """A run of 24 h with 241 points, by both, at the error that each has against a far stricter run."""
    rest = norepinephrine_terminal.network().replace(net_activity=0.3, firing=3.0)
    times = np.linspace(0.0, 24 * SECONDS_PER_HOUR, 241)
    exact = solve.run(rest, times, rtol=1e-12, atol=1e-16).states
    spent: dict[bool, list[float]] = {False: [], True: []}
    errors = {}
    for _ in range(11):
        for fast in spent:
            with solve.engine(cvode.stretch if fast else None):
                started = time.perf_counter()
                states = solve.run(rest, times).states
                spent[fast].append(time.perf_counter() - started)
            errors[fast] = float(np.max(np.abs(states - exact) / exact.max(axis=1, keepdims=True)))
    plain, engine = (statistics.median(spent[fast][1:]) for fast in (False, True))
    detail = f"{1e3 * plain:.1f} over {1e3 * engine:.2f} ms; errors {errors[False]:.1e} and {errors[True]:.1e} of each maximum"
    return [{"name": "solve_plain_over_roadrunner", "value": plain / engine, "unit": "1", "detail": detail}]


def on_one_core() -> list[dict[str, object]]:
    many(10, True), many(2, False)
    plain, fast, gaps = [], [], []
    for seed in range(1, 6):  # together 10,000 by the engine, and some by the plain loop between them
        seconds, _ = many(2000, True, seed=seed)
        fast.append(seconds / 2000)
        seconds, few = many(20, False, seed=seed)
        plain.append(seconds / 20)
        first = many(20, True, seed=seed)[1]  # the first 20 numbers of each seed differ from those of a longer draw
        gaps.append(float(np.max(np.abs(first / few - 1))))
    each = [a / b for a, b in zip(plain, fast, strict=True)]
    detail = (
        f"range {min(each):.1f} to {max(each):.1f}; {1e3 * statistics.median(plain):.0f} over {1e3 * statistics.median(fast):.2f} ms "
        f"a subject of 10,000; largest difference {max(gaps):.0e}; bar: at least 12, aim 20"
    )
    return [
        {"name": "ensemble_plain_over_engine_1core", "value": statistics.median(each), "unit": "1", "detail": detail}
    ]


def _plain_loop(count: int) -> None:
    many(count, False)


def _side_by_side(work: Callable[[int], None], count: int, processes: int) -> float:
    started = time.perf_counter()
    running = [multiprocessing.Process(target=work, args=(count // processes,)) for _ in range(processes)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    return time.perf_counter() - started


def on_two_cores() -> list[dict[str, object]]:
    many(200, True, workers=2)  # workers are there, and have compiled
    gains = []
    for seed in (1, 2, 3):
        alone, both = many(4000, True, 1, seed)[0], many(4000, True, 2, seed)[0]
        plain_alone, plain_both = _side_by_side(_plain_loop, 120, 1), _side_by_side(_plain_loop, 120, 2)
        gains.append((alone / both, plain_alone / plain_both))
    each = [ours / theirs for ours, theirs in gains]
    detail = (
        f"range {min(each):.2f} to {max(each):.2f}; two workers gain {statistics.median(g for g, _ in gains):.2f} times, two plain "
        f"processes {statistics.median(g for _, g in gains):.2f} times; bar: at least .9"
    )
    return [{"name": "ensemble_2core_speedup", "value": statistics.median(each), "unit": "1", "detail": detail}]


def large() -> list[dict[str, object]]:
    few, lots = many(1_000, True, 2)[0] / 1_000, many(100_000, True, 2)[0] / 100_000
    used = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1e6
    detail = f"{1e3 * lots:.2f} over {1e3 * few:.2f} ms a subject on two workers; most memory of a process and a child {used:.2f} GB"
    return [{"name": "ensemble_cost_1e5_over_1e3", "value": lots / few, "unit": "1", "detail": detail}]


def of_the_evidence() -> list[dict[str, object]]:
    sets = sampling.sets(sampling.symbols(), 12, seed=2)
    ensemble.each(sampling.repeat, sets[:2], workers=1, fast=True)
    spent = []
    for at in range(2, 12):
        started = time.process_time()
        ensemble.each(sampling.repeat, sets[at : at + 1], workers=1, fast=True)
        spent.append(time.process_time() - started)
    detail = f"range {min(spent):.2f} to {max(spent):.2f}; all counted rows, with both null models; bar: 1.2"
    return [
        {"name": "ensemble_evidence_cpu_s_per_sample", "value": statistics.mean(spent), "unit": "s", "detail": detail}
    ]


def of_sobol() -> list[dict[str, object]]:
    """Sobol indices of NE outside after an hour, of eight numbers of the terminal's network."""
    rest = norepinephrine_terminal.network()
    names = (
        "firing",
        "net_activity",
        "mao_activity",
        "th_activity",
        "dbh_activity",
        "vmat_activity",
        "k_uptake2",
        "k_dock",
    )
    ends = {name: lambda share, usual=rest.parameters[name]: usual * (0.5 + share) for name in names}

    def after_an_hour(sets: pd.DataFrame) -> Array:
        found = ensemble.run(rest, sets, [0.0, SECONDS_PER_HOUR], species=["ne_e"], workers=1, fast=True)
        return found["ne_e"].to_numpy()[1::2]

    after_an_hour(pd.DataFrame({name: [rest.parameters[name]] * 2 for name in names}))
    started = time.process_time()
    found = sobol.indices(after_an_hour, ends, 4096, seed=1)
    spent = time.process_time() - started
    detail = f"40,960 runs; {found['number'][0]} has {found['total'][0]:.2f} of the variance in all; bar: 60"
    return [{"name": "sobol_4096_of_8_cpu_s", "value": spent, "unit": "s", "detail": detail}]


def measure() -> list[dict[str, object]]:
    return [*one(), *on_one_core(), *on_two_cores(), *large(), *of_the_evidence(), *of_sobol()]
