"""Signal detection: the area counts pairs, a gain alone changes nothing, and noise behind it is what a gain wins against."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nbmodel.attention import protocols
from nbmodel.core import roc
from nbmodel.data import parameters
from nbmodel.drugs.pharmacodynamics import Action
from nbmodel.models import cocktail_party, detection, dialysis, dialysis_protocols, gain, norepinephrine_terminal

PUBLISHED = parameters.published_model("servan1990")
BASAL = parameters.load().value("x0_ECF", "nM")
values = st.lists(st.integers(-5, 5), min_size=1, max_size=20)


@given(signal=values, noise=values)
def test_the_area_counts_the_pairs_that_the_signal_wins_and_is_that_under_the_roc_curve(
    signal: list[int], noise: list[int]
) -> None:
    a, b = np.array(signal, float), np.array(noise, float)
    pairs = [(x > y) + 0.5 * (x == y) for x in signal for y in noise]
    assert roc.auc(a, b) == pytest.approx(np.mean(pairs))
    false_alarms, hits = roc.curve(a, b)
    assert np.all(np.diff(false_alarms) >= 0) and np.all(np.diff(hits) >= 0)
    assert np.trapezoid(hits, false_alarms) == pytest.approx(roc.auc(a, b))
    assert roc.auc(b, a) == pytest.approx(1 - roc.auc(a, b))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_unit_without_noise_detects_the_same_at_every_gain_to_the_last_digit(seed: int) -> None:
    signal, noise = detection.trials(seed=seed)
    heard = roc.auc(signal.x, noise.x)
    for g in (0.01, 0.5, 1, 2, 4, 16, 64):
        assert roc.auc(detection.single_unit(signal, g), detection.single_unit(noise, g)) == heard
    # The plain distance of means over spread does change: it is the wrong measure.
    distance = [
        float(np.mean(gain.sigmoid(signal.x, g)) - np.mean(gain.sigmoid(noise.x, g))) / np.std(gain.sigmoid(noise.x, g))
        for g in (0.5, 4)
    ]
    assert abs(distance[1] / distance[0] - 1) > 0.02


def test_outputs_that_round_to_one_lose_what_their_logarithms_keep() -> None:
    signal, noise = detection.trials()
    rounded = roc.auc(np.asarray(gain.sigmoid(signal.x, 64)), np.asarray(gain.sigmoid(noise.x, 64)))
    assert rounded < roc.auc(signal.x, noise.x) - 1e-3


def test_a_second_noiseless_unit_adds_nothing_to_the_noise_before_it_and_a_noisy_one_costs() -> None:
    signal, noise = detection.trials()
    for g in detection.GAINS:
        heard = [detection.noisy_unit(t, g) for t in (signal, noise)]
        second = [np.asarray(gain.log_sigmoid(one, g)) for one in heard]
        assert roc.auc(*second) == roc.auc(*heard)
        assert detection.expected_network(g) < detection.expected_sensitivity(g) < PUBLISHED["ref_noiseless"]
        assert detection.expected_network(g) < detection.expected_network(g, detection.MANY)


@pytest.mark.parametrize(
    ("circuit", "units"),
    [("two layers, noise after each", 1), ("ten units into one, noise after each", detection.MANY)],
)
def test_sampled_networks_agree_with_the_summed_ones(circuit: str, units: int) -> None:
    signal, noise = detection.trials(20_000, 3)
    for g in detection.GAINS:
        found = roc.sensitivity_estimate(*(detection.CIRCUITS[circuit](t, g) for t in (signal, noise)))
        expected = detection.expected_network(g, units)
        assert abs(found.value - expected) < 1.5 * (found.high - found.low) / 2
        assert detection.expected_network(g, units, 60) == pytest.approx(expected, abs=1e-3)


def test_the_reference_numbers_come_out_and_the_sampled_intervals_hold_them() -> None:
    table = detection.by_gain().set_index(["circuit", "gain"])
    single = table.loc["single unit"]
    assert single["value"].nunique() == 1
    assert ((single["low"] < PUBLISHED["ref_noiseless"]) & (PUBLISHED["ref_noiseless"] < single["high"])).all()
    for name, g in zip(("half", "one", "two", "four"), detection.GAINS, strict=True):
        reference = PUBLISHED[f"ref_late_noise_{name}"]
        assert detection.expected_sensitivity(g) == pytest.approx(reference, abs=0.005)
        row = table.loc[("single unit, noise at its output", g)]
        assert row["low"] < detection.expected_sensitivity(g) < row["high"]
    spikes = table.loc["single unit, Poisson spikes"]
    assert spikes.loc[2.0, "low"] > spikes.loc[0.5, "high"]


def test_a_gain_can_also_be_too_high() -> None:
    assert detection.expected_sensitivity(16) < detection.expected_sensitivity(4)


def test_intervals_hold_the_truth_in_about_95_of_100_experiments() -> None:
    truth = float(stats.norm.cdf(1 / math.sqrt(2)))
    held = 0
    for seed in range(300):
        signal, noise = detection.trials(200, seed)
        found = roc.auc_estimate(signal.x, noise.x)
        held += found.low < truth < found.high
    assert 0.91 * 300 <= held <= 0.985 * 300


def test_a_paired_change_is_surer_than_two_areas_and_needs_the_same_trials() -> None:
    signal, noise = detection.trials()
    samples = [detection.noisy_unit(t, g) for g in (0.5, 4) for t in (signal, noise)]
    change = roc.auc_change(*samples)
    before, after = roc.auc_estimate(*samples[:2]), roc.auc_estimate(*samples[2:])
    assert change.value == pytest.approx(after.value - before.value)
    apart = math.hypot(before.high - before.low, after.high - after.low)
    assert change.high - change.low < apart
    with pytest.raises(ValueError, match="same trials"):
        roc.auc_change(samples[0], samples[1], samples[2][1:], samples[3])


def test_counts_are_those_of_scipy_for_the_same_chance() -> None:
    u = np.random.default_rng(0).random(2000)
    mean = np.random.default_rng(1).gamma(2.0, 5.0, 2000)
    np.testing.assert_array_equal(detection.poisson(mean, u), stats.poisson.ppf(u, mean))


def test_ne_helps_to_pick_out_and_to_hear_a_target_among_distractors() -> None:
    found = cocktail_party.compared(BASAL)
    assert found["accuracy_change"].low > 0 and found["auc_change"].low > 0
    assert found == cocktail_party.compared(BASAL)
    assert found != cocktail_party.compared(BASAL, seed=1)


def test_without_the_chance_of_spikes_ne_changes_nothing_at_all() -> None:
    for level in (BASAL, 100.0):
        found = cocktail_party.compared(level, spikes=False)
        assert found["accuracy_change"] == (0, 0, 0) and found["auc_change"] == (0, 0, 0)
        assert found["accuracy_with"].low > 0.5


@pytest.mark.parametrize("level", [0.0, 6.0, 50.0])
def test_the_sampled_party_agrees_with_the_summed_one(level: float) -> None:
    sampled, summed = cocktail_party.compared(level, number=20_000), cocktail_party.expected(level)
    for measure in ("accuracy", "auc"):
        found = sampled[f"{measure}_with"]
        half = (found.high - found.low) / 2
        assert abs(found.value - summed[measure]) < 1.5 * half


def test_the_benefit_is_that_of_the_receptors() -> None:
    none = cocktail_party.expected(0.0)
    assert cocktail_party.expected(50.0, a1_antagonist=math.inf, a2_antagonist=math.inf) == none
    by_alpha2 = cocktail_party.expected(50.0, a1_antagonist=math.inf)
    by_alpha1 = cocktail_party.expected(50.0, a2_antagonist=math.inf)
    assert by_alpha2["sensitivity"] > by_alpha1["sensitivity"] > none["sensitivity"]


def test_the_benefit_at_rest_does_not_hang_on_the_assumed_sizes() -> None:
    p = parameters.load()
    assumed = (
        "gain_signal_a1",
        "cut_background_a2",
        "rise_background_a1",
        "threshold_unit",
        "softness_unit",
        "slope_unit",
    )
    for ends in itertools.product(("low", "high"), repeat=len(assumed)):
        corner = p.replace(**{name: getattr(p[name], end) for name, end in zip(assumed, ends, strict=True)})
        with_ne, without = cocktail_party.expected(BASAL, corner), cocktail_party.expected(0.0, corner)
        assert with_ne["accuracy"] > without["accuracy"] and with_ne["auc"] > without["auc"], ends


def test_clonidine_lowers_detection_by_ne_but_its_own_action_on_target_cells_raises_it() -> None:
    rest = norepinephrine_terminal.network()
    for measure, whole in (
        ("sensitivity", protocols.clonidine_on_detection),
        ("accuracy", protocols.clonidine_on_selection),
    ):
        by_ne_alone = protocols.drug_on_detection(measure, dialysis_protocols.clonidine, rest)
        assert (by_ne_alone, whole(rest)) == (-1, 1)  # published: -1
    assert protocols.reboxetine_on_detection(rest) == 1
    free = cocktail_party.expected(BASAL)["sensitivity"]
    assert cocktail_party.expected(BASAL, a2_agonist=1.0)["sensitivity"] > free


def test_gain_raises_the_network_and_not_the_unit() -> None:
    rest = norepinephrine_terminal.network()
    assert protocols.gain_on_single_unit(rest) == pytest.approx(0, abs=1e-12)
    assert protocols.gain_on_noisy_unit(rest) > 0.1
    assert protocols.gain_on_two_layers(rest) == 1
    # Between the lowest and the highest gain of the reference the intervals of every noisy circuit lie apart.
    table = detection.by_gain().set_index(["circuit", "gain"])
    for circuit in list(detection.CIRCUITS)[1:]:
        assert table.loc[(circuit, 4.0), "low"] > table.loc[(circuit, 0.5), "high"]


def test_one_of_three_signs_of_drugs_comes_out_and_a_wrong_one_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = norepinephrine_terminal.network()
    assert protocols.signs_met(rest) == 1
    monkeypatch.setattr(protocols, "reboxetine_on_detection", lambda _: -1.0)
    assert protocols.signs_met(rest) == 0


def test_the_sign_of_clonidine_depends_on_its_dose_as_the_table_says() -> None:
    rest = norepinephrine_terminal.network()

    def moved(level: float) -> float:
        drug = Action("alpha2", level, dialysis.saturating_clonidine().efficacy)
        ne = dialysis.trough(dialysis.systemic(rest, drug))
        return protocols.drug_on_detection("accuracy", lambda _: ne, rest, own=lambda: drug)

    assert (moved(0.5), moved(1.0)) == (-1, 1)


def test_sensory_detection_has_no_best_level_of_ne_and_the_background_has_one() -> None:
    levels = [cocktail_party.expected(level)["sensitivity"] for level in np.geomspace(0.1, 1e4, 30)]
    assert np.all(np.diff(levels) > 0)
    assert 0 < gain.least_background() < math.inf
