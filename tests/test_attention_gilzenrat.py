"""Gilzenrat 2002: its numbers, a second engine, and what a target does in phasic and in tonic mode."""

import csv
from pathlib import Path

import numpy as np
import pytest

from nbmodel.attention import gilzenrat, gilzenrat_protocols
from nbmodel.attention.gilzenrat import State, coupling
from nbmodel.models import norepinephrine_terminal

ORACLE = Path(__file__).parent / "oracles" / "gilzenrat_psyneulink.csv"


def test_the_published_numbers_come_out_within_2_per_cent() -> None:
    found = {name: value for mode in gilzenrat.MODES for name, value in gilzenrat.reference(mode).items()}
    assert len(found) == 10
    for name, value in found.items():
        assert value == pytest.approx(gilzenrat.constants()[name], rel=0.02), name


@pytest.mark.parametrize(("mode", "h", "u"), [("phasic", 0.07, 0.14), ("tonic", 0.2, 0.2)])
def test_psyneulink_gives_the_same_course(mode: str, h: float, u: float) -> None:
    k, c = gilzenrat.constants(), coupling(mode)
    start = State(np.array([(h - (1 - c) * k["d"]) / c]), np.array([u]), np.zeros((3, 1)))
    run = gilzenrat.trial(c, start=start)
    with ORACLE.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["mode"] == mode]
    assert len(rows) == 100
    # PsyNeuLink updates one group after the other within a step, so its LC and its response are a step ahead of its
    # decision: that shifts a fast rise by dt, no more.
    step = np.array([int(row["step"]) for row in rows])
    for name, ours, ahead, tolerance in (
        ("target", run.out[:, 0, 0], 1, 2e-6),
        ("distractor", run.out[:, 1, 0], 1, 2e-6),
        ("response", run.out[:, 2, 0], 2, 4e-3),
        ("h", run.lc[:, 0], 2, 1e-3),
        ("u", run.ne[:, 0], 2, 5e-4),
    ):
        theirs = np.array([float(row[name]) for row in rows])
        assert np.max(np.abs(ours[step + ahead] - theirs)) < tolerance, name


@pytest.mark.parametrize("c", [0.55, 0.75, 0.95])
def test_at_rest_ne_equals_lc_activity_and_nothing_moves(c: float) -> None:
    rest = gilzenrat.settled(c)
    after, shown, _ = gilzenrat.advance(rest, c, np.zeros((3, 1)))
    assert shown == pytest.approx(rest.u, abs=1e-9)
    for now, then in zip(rest, after, strict=True):
        assert then == pytest.approx(now, abs=1e-9)


def test_coupled_cells_burst_at_a_target_and_uncoupled_ones_do_not_though_they_fire_faster() -> None:
    phasic, tonic = (gilzenrat.trial(coupling(mode)) for mode in gilzenrat.MODES)
    assert gilzenrat.burst(phasic) > 10 * gilzenrat.burst(tonic) > 0
    assert phasic.lc[0, 0] < tonic.lc[0, 0]
    # A distractor makes next to no burst.
    assert gilzenrat.burst(gilzenrat.trial(coupling("phasic"), distractor=True)) < gilzenrat.burst(phasic) / 20


def test_it_is_the_burst_that_speeds_the_response() -> None:
    felt, frozen = (gilzenrat.trial(coupling("phasic"), frozen_gain=frozen) for frozen in (False, True))
    np.testing.assert_allclose(frozen.lc[:500], felt.lc[:500], atol=1e-9)
    assert frozen.reaction[0] > 1.5 * felt.reaction[0]


def test_the_lc_answers_before_the_response_in_both_modes() -> None:
    for mode in gilzenrat.MODES:
        run = gilzenrat.trial(gilzenrat.coupling(mode))
        # The earlier a part of the rise is taken for its start, the longer the lead.
        assert 0 < gilzenrat.lead(run, 0.9) < gilzenrat.lead(run) < gilzenrat.lead(run, 0.1) < 1


def test_the_lc_answers_targets_and_hardly_distractors_and_its_latency_goes_with_the_response() -> None:
    rest = norepinephrine_terminal.network()
    assert 0 < gilzenrat_protocols.distractor_of_target(rest) < 0.1
    found = gilzenrat_protocols.timing()
    correlation = found["correlation"]
    assert 0 < correlation.low < 0.30 < correlation.high < 1  # Aston-Jones 1994 reports 0.30
    assert gilzenrat_protocols.latency_with_response(rest) == correlation.value
    assert gilzenrat_protocols.closer_to_response(rest) == (1 if found["response"].value < found["cue"].value else -1)
    lc, reaction = gilzenrat_protocols.latencies(seed=1)
    assert lc.size == reaction.size > 150 and (reaction > 0).all()
