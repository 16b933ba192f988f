"""LC cells: pacemakers alone, three modes by input and coupling, and the same numbers from an independent engine."""

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from memory import forget

from nbmodel.core import kinetics, solve
from nbmodel.core.estimates import estimate
from nbmodel.data import parameters
from nbmodel.lc_arousal import population as lc
from nbmodel.lc_arousal import population_protocols, spiking
from nbmodel.lc_arousal import spike_trains as st
from nbmodel.models import norepinephrine_terminal

ORACLE = Path(__file__).parent / "oracles" / "lc_population_brian2.csv"
STIMULI = 1 + 2 * np.arange(10.0)  # the stimuli of the oracle
SECONDS = 20.0


@cache
def run(mode: str, seed: int, stimuli: bool) -> st.Spikes:
    cells = lc.population(cells=100, **lc.modes()[mode])
    return spiking.simulate(cells, SECONDS, seed, STIMULI if stimuli else ())


def evoked(**changes: float) -> st.Evoked:
    # A coarse time step is enough for a comparison.
    return st.evoked(spiking.simulate(lc.population(cells=60, step=0.5, **changes), SECONDS, 0, STIMULI), STIMULI)


def spikes(times: list[float], cells: list[int], n_cells: int, seconds: float) -> st.Spikes:
    order = np.argsort(times, kind="stable")
    return st.Spikes(np.array(times)[order], np.array(cells, np.intp)[order], n_cells, seconds, np.empty(0))


# The cells


def test_cells_alone_pace_at_one_to_five_hertz_each_at_its_own_rate_and_regularly() -> None:
    alone = lc.population(cells=40, drive=0.0, alpha2=0.0)
    found = spiking.simulate(alone, 10.0, 0)
    rates, low_high = st.rates(found), parameters.load()["r_LC_slice"]
    assert low_high.low <= rates.min() < 0.4 * rates.max() < rates.max() <= low_high.high
    assert st.variability(found).high < 0.2
    # The current that sets a rate is a formula for a quick membrane without noise; with its noise off that is what comes.
    quiet = replace(alone, membrane_noise=0.0)
    assert st.rates(spiking.simulate(quiet, 10.0, 0)) == pytest.approx(quiet.pacemakers, rel=0.12)


def test_norepinephrine_of_the_cells_slows_them_and_more_so_without_net() -> None:
    def level(**changes: float) -> tuple[float, float]:
        found = spiking.simulate(lc.population(cells=60, step=0.5, drive=0.0, **changes), 10.0, 0, settle=20.0)
        return st.rate(found).value, float(found.ne.mean())

    (free, _), (held, ne), (blocked, ne_blocked) = level(alpha2=0.0), level(), level(vmax=0.0)
    assert blocked < held < free
    assert ne < ne_blocked
    # With uptake blocked by cocaine, LC cells in slices carry a steady outward current of 20-120 pA (Surprenant 1987).
    cells = lc.population()
    current = cells.alpha2 * ne_blocked / (ne_blocked + cells.half_effect) * (-60 - cells.e_potassium)
    assert 20 < current < 120


def test_derived_rows_follow_from_what_they_are_derived_from() -> None:
    p = parameters.load()
    # A slice in which every cell is driven gives the most that an impulse can add.
    high = parameters.convert(p["NE_impulse_LC"].high, "nM", "nM")
    assert high == pytest.approx(p.value("peak_30p", "nM") / 30, rel=0.01)
    assert p.value("g_alpha2_LC", "nS") == pytest.approx(300 / (-60 - p.value("E_K_LC", "mV")), rel=0.01)


def test_the_terminal_s_law_of_feedback_on_firing_is_what_the_spiking_cells_do() -> None:
    """Cells of the population, in waking, with more or less NE around them: how much slower they fire than without any."""
    p, wake = parameters.load(), lc.modes()["phasic"]["drive"]

    def fire(impulse: float) -> tuple[float, float]:
        found = spiking.simulate(lc.population(cells=100, drive=wake, ne_impulse=impulse), 6.0, 1)
        return st.rate(found).value, float(np.mean(found.ne / (found.ne + p.value("EC50_alpha2_LC", "nM"))))

    free, none = fire(0.0)
    assert none == 0
    half, power = (p.value(f"{name}_alpha2_LC", "dimensionless") for name in ("half", "power"))
    for impulse in (1.0, p.value("NE_impulse_LC", "nM"), 10.0):
        rate, stimulated = fire(impulse)
        law = kinetics.firing_under_feedback(free, stimulated, 0.0, half, power, 1.0)
        assert rate == pytest.approx(law, rel=0.15)


# Modes


@pytest.mark.long
def test_silent_tonic_and_phasic_are_the_same_cells_under_other_input_and_coupling() -> None:
    rest = {mode: spiking.simulate(lc.population(cells=100, **changes), 5.0, 0) for mode, changes in lc.modes().items()}
    rate = {mode: st.rate(found).value for mode, found in rest.items()}
    assert rate["silent"] < 0.1 < rate["phasic"] < rate["tonic"]
    waking = parameters.load()["r_LC_AW"]
    assert waking.low < rate["phasic"] < waking.high
    phasic, tonic = (st.evoked(run(mode, 0, True), STIMULI) for mode in ("phasic", "tonic"))
    # Smaller responses in the tonic mode, that of poor performance (Aston-Jones 1994; Usher 1999).
    assert phasic.size.low > tonic.size.high
    assert phasic.suppression.low > tonic.suppression.high


def test_coupling_raises_the_response_and_its_synchrony_but_not_the_rate_between() -> None:
    wake = lc.modes()["phasic"]["drive"]
    apart, coupled = (evoked(drive=wake, coupling=nS) for nS in (0.0, 4.0))
    assert coupled.size.low > apart.size.high
    assert coupled.peak.low > apart.peak.high
    assert coupled.baseline.value < apart.baseline.value


def test_the_stronger_the_drive_the_smaller_the_response_and_the_suppression_after_it() -> None:
    found = [evoked(drive=drive, coupling=4.0) for drive in (15.0, 60.0, 240.0)]
    assert np.all(np.diff([row.baseline.value for row in found]) > 0)
    assert np.all(np.diff([row.size.value for row in found]) < 0)
    assert np.all(np.diff([row.suppression.value for row in found]) < 0)


def test_after_a_burst_the_after_hyperpolarisation_suppresses_and_norepinephrine_adds_to_it() -> None:
    wake = lc.modes()["phasic"]
    # Without alpha2 the cells need less input for about the same rate, so that only the two kinds of feedback are compared.
    both, one = evoked(**wake), evoked(**{**wake, "drive": -22.0, "alpha2": 0.0})
    assert one.baseline.value == pytest.approx(both.baseline.value, rel=0.1)
    assert 0.2 < one.suppression.low < one.suppression.high < both.suppression.low


def test_latency_is_the_afferent_delay_that_is_put_in_and_some_milliseconds_of_the_cells() -> None:
    wake = lc.modes()["phasic"]
    early, late = (evoked(**{**wake, "delay": ms}).latency.value for ms in (60.0, 100.0))
    assert late - early == pytest.approx(0.04, abs=0.003)
    assert 0.002 < early - 0.06 < 0.03


@pytest.mark.long
def test_protocols_hold_the_published_latency_and_order_of_responses() -> None:
    rest = norepinephrine_terminal.network()
    found = population_protocols.in_mode("phasic")["latency"]
    assert found.value == population_protocols.phasic_latency(rest)
    band = parameters.load()["lat_LC_monkey"]
    assert band.low < found.low < found.high < band.high
    assert population_protocols.tonic_over_phasic_response(rest) < 0.8
    assert population_protocols.phasic_exceeds_tonic(rest) == 1


# An independent engine


@pytest.mark.long
@pytest.mark.parametrize(
    ("mode", "condition"),
    [("tonic", "tonic drive, uncoupled"), ("phasic", "waking drive, coupled, stimuli")],
)
def test_brian2_finds_the_same_rate_variability_and_synchrony(mode: str, condition: str) -> None:
    with ORACLE.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["condition"] == condition]
    brian = {name: estimate(float(row[name]) for row in rows) for name in ("rate", "cv", "synchrony", "evoked")}
    ours = [run(mode, seed, mode == "phasic") for seed in range(3)]
    measures = {"rate": st.rate, "cv": st.variability, "synchrony": st.synchrony}
    found = {name: estimate(of(one).value for one in ours) for name, of in measures.items()}

    assert found["rate"].value == pytest.approx(brian["rate"].value, rel=0.05)
    assert found["cv"].value == pytest.approx(brian["cv"].value, abs=0.1)
    assert found["synchrony"].value == pytest.approx(brian["synchrony"].value, abs=0.02)
    assert found["synchrony"].low < brian["synchrony"].high
    assert brian["synchrony"].low < found["synchrony"].high
    assert (brian["synchrony"].value > 0.1) == (mode == "phasic")
    if mode == "phasic":
        size = estimate(st.evoked(one, STIMULI).size.value for one in ours)
        assert size.value == pytest.approx(brian["evoked"].value, rel=0.05)
        assert size.low < brian["evoked"].high and brian["evoked"].low < size.high


def test_the_loop_steps_as_the_printed_laws_say() -> None:
    # The laws again, one after the other, without noise; they must give the very spikes of the quicker loop.
    c = lc.population(cells=6, membrane_noise=0.0, charge=0.0, coupling=4.0, drive=40.0)
    rng = np.random.default_rng(3)
    v = rng.uniform(c.reset - c.e_potassium, c.threshold - c.e_potassium, c.cells) + c.e_potassium
    ahp, ne, g = c.ahp * rng.uniform(size=c.cells), 0.0, 0.0
    times, who = [], []
    for i, given in enumerate(lc.shared_input(c, 2.0, [1.0])):
        slope = lc.membrane(
            v, c.pacemaker_current, given, c.leak, c.e_leak, ahp, c.alpha2, g, c.e_potassium, c.coupling, v.mean()
        )
        v, ahp = v + c.step / c.capacitance * slope, ahp * np.exp(-c.step / c.tau_ahp)
        g += c.step / c.tau_alpha2 * lc.opening(g, ne, c.half_effect)
        ne -= c.step * lc.clearance(ne, c.vmax, c.km, c.rest_clearance)
        fired = np.flatnonzero(v >= c.threshold)
        v += c.coupling * c.spikelet / c.capacitance / c.cells * fired.size
        v[fired] = c.reset
        ahp[fired] += c.ahp
        ne += c.ne_impulse * fired.size / c.cells
        times += [(i + 1) * c.step / 1e3] * fired.size
        who += list(fired)
    found = spiking.simulate(c, 2.0, 3, [1.0], settle=0.0)
    assert len(times) > 10
    np.testing.assert_array_equal(found.cells, who)
    np.testing.assert_allclose(found.times, times)


@pytest.mark.long
def test_a_shorter_time_step_changes_the_rate_by_less_than_two_per_cent() -> None:
    cells = lc.population(cells=100, **lc.modes()["tonic"])
    usual, shorter = (spiking.simulate(replace(cells, step=step), 5.0, 0, settle=2.0) for step in (cells.step, 0.1))
    assert st.rate(usual).value == pytest.approx(st.rate(shorter).value, rel=0.02)


@pytest.mark.long
def test_the_same_seed_gives_the_same_spikes_even_with_a_disturbance_at_the_twelfth_digit() -> None:
    cells = lc.population(cells=50, **lc.modes()["phasic"])
    first = spiking.simulate(cells, 4.0, 7, [1.0], settle=1.0)
    for other in (cells, replace(cells, reset=cells.reset * (1 + 1e-12), e_leak=cells.e_leak * (1 - 1e-12))):
        forget()  # else the first run would be handed out again
        again = spiking.simulate(other, 4.0, 7, [1.0], settle=1.0)
        assert np.array_equal(first.times, again.times)
        assert np.array_equal(first.cells, again.cells)
    assert not np.array_equal(first.cells, spiking.simulate(cells, 4.0, 8, [1.0], settle=1.0).cells)


@pytest.mark.long
def test_runs_side_by_side_are_the_runs_one_by_one() -> None:
    few = lc.population(cells=20)
    settings = ((0.0, 4.0, 1), (90.0, 0.0, 2), (90.0, 4.0, 1))
    runs = [(replace(few, drive=drive, coupling=gap), seed) for drive, gap, seed in settings]
    for together, (cells, seed) in zip(spiking.side_by_side(runs, 3.0, [1.0], settle=1.0), runs, strict=True):
        forget()  # else the run would be handed out again
        alone = spiking.simulate(cells, 3.0, seed, [1.0], settle=1.0)
        assert alone.times.size > 50
        for part in ("times", "cells", "ne"):
            np.testing.assert_array_equal(getattr(together, part), getattr(alone, part))
    with pytest.raises(ValueError, match="drive and coupling only"):
        spiking.side_by_side([(few, 1), (replace(few, cells=30), 1)], 3.0)


def test_of_runs_that_are_kept_only_the_others_are_computed() -> None:
    few = lc.population(cells=20)
    forget()
    first = spiking.simulate(few, 1.0, 1)
    again, other = spiking.side_by_side([(few, 1), (few, 2)], 1.0)
    assert again is first
    assert other is spiking.simulate(few, 1.0, 2)
    assert not np.array_equal(other.times, first.times)


@pytest.mark.long
def test_crossed_modes_are_the_experiments_with_their_drive_and_coupling() -> None:
    modes = lc.modes()
    together = population_protocols.crossed(seed=4)
    assert len(together) == 4
    forget()
    alone = population_protocols.experiments(modes["tonic"]["drive"], modes["phasic"]["coupling"], seed=4)
    for one, other in zip(together["tonic", "phasic"], alone, strict=True):
        np.testing.assert_array_equal(one.times, other.times)


def test_without_a_stimulus_the_default_coupling_gives_no_rhythm_and_twice_as_much_only_near_no_drive() -> None:
    gap = lc.modes()["phasic"]["coupling"]
    settings = [(-30.0, gap), (30.0, gap), (120.0, gap), (0.0, 2 * gap), (60.0, 2 * gap), (-30.0, 2 * gap)]
    runs = spiking.side_by_side(
        [(lc.population(cells=60, drive=drive, coupling=one), 1) for drive, one in settings], 20.0
    )
    together = [st.synchrony(run).value for run in runs]
    assert max(together[0:3]) < 0.1
    assert together[3] > 0.3 > 0.1 > max(together[4:])


# What is measured, on trains whose answer is known


def test_regular_trains_have_no_variability_and_identical_ones_full_synchrony() -> None:
    times = list(np.arange(0.3, 20, 0.5))
    same = spikes(times * 3, sorted([0, 1, 2] * len(times)), 3, 20.0)
    assert st.rate(same).value == pytest.approx(2)
    assert st.variability(same).value == pytest.approx(0, abs=1e-12)
    assert st.synchrony(same).value == pytest.approx(1)
    starts, course = st.rate_course(same, 0.5)
    assert starts.size == 40
    assert course == pytest.approx(np.full(40, 2.0))


def test_random_trains_have_a_variability_of_one_and_no_synchrony() -> None:
    rng = np.random.default_rng(0)
    cells = np.repeat(np.arange(40), rng.poisson(5 * 40.0, 40))
    random = spikes(list(rng.uniform(0, 40.0, cells.size)), list(cells), 40, 40.0)
    assert st.variability(random).value == pytest.approx(1, abs=0.05)
    found = st.synchrony(random)
    assert found.low < 0 < found.high
    counts = st.counts(random, 0.05)
    assert found.value == pytest.approx(np.asarray(np.corrcoef(counts))[np.triu_indices(40, 1)].mean(), abs=1e-12)


def test_a_response_that_was_made_is_found_where_it_was_made() -> None:
    rng = np.random.default_rng(0)
    times, cells = [], []
    for cell in range(200):
        train = np.concatenate(
            [rng.uniform(0, SECONDS, rng.poisson(4 * SECONDS)), STIMULI + rng.normal(0.15, 0.01, 10)]
        )
        times += list(train)
        cells += [cell] * train.size
    found = st.evoked(spikes(times, cells, 200, SECONDS), STIMULI)
    assert found.baseline.low < 4 < found.baseline.high
    assert found.size.low < 1 < found.size.high
    assert found.peak_time == pytest.approx(0.15, abs=0.006)
    assert found.latency.value == pytest.approx(0.15 - 0.01 * np.sqrt(2 * np.log(2)), abs=0.004)
    assert found.suppression.low < 0 < found.suppression.high


def test_a_silent_population_has_numbers_where_there_are_any() -> None:
    silent = spiking.simulate(lc.population(cells=5, drive=-1e3), 10.0, 0)
    assert silent.times.size == 0
    assert st.rate(silent).value == 0
    assert np.isnan(st.variability(silent).value)
    assert np.isnan(st.synchrony(silent).value)
    assert np.isnan(st.evoked(silent, [1.0, 3.0]).ratio.value)


# Onwards to the terminal


def test_the_rate_course_drives_the_terminal_and_each_stimulus_gives_a_transient_of_norepinephrine() -> None:
    starts, rates = st.rate_course(run("phasic", 0, True), 0.1)
    rest = norepinephrine_terminal.network()
    steps = [solve.Step(float(at), {"firing": float(rate)}) for at, rate in zip(starts, rates, strict=True)]
    run_ = solve.run(rest, np.arange(0, SECONDS, 0.1), steps)
    around = np.array([run_["ne_e"][round(at * 10) - 1 : round(at * 10) + 6] for at in STIMULI])
    assert np.all(around.max(axis=1) > 1.1 * around[:, 0])


@pytest.mark.parametrize("bad", [{"seconds": 0.0}, {"seconds": 1.0, "pulses": [2.0]}, {"seconds": 1.0, "settle": -1.0}])
def test_runs_that_cannot_be_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="length above zero"):
        spiking.simulate(lc.population(cells=2), seed=0, **bad)


def test_populations_and_windows_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="two cells"):
        lc.population(cells=1)
    with pytest.raises(TypeError, match="couplings"):
        lc.population(couplings=1.0)
    with pytest.raises(ValueError, match="inside the run"):
        st.evoked(run("phasic", 0, True), [0.1, 3.0])
