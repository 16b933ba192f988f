"""Reuptake: NET ends the signal; blocking it lengthens every decay, and what is taken back is mostly stored again."""

import numpy as np
import pytest

from nbmodel import reuptake, scenario
from nbmodel.models import norepinephrine_terminal, tissue_protocols, transients


def results(**values: object) -> dict[str, float]:
    table = reuptake.results(scenario.make("reuptake", values))
    return dict(zip(table["name"], table["value"], strict=True))


def test_every_further_block_lengthens_the_decay_and_the_return_from_a_burst() -> None:
    found = [results(net_occupancy=occupancy) for occupancy in (0, 0.3, 0.6, 0.9, 1)]
    for name in ("half_life_with_block", "burst_return_with_block", "burst_peak_with_block"):
        assert np.all(np.diff([row[name] for row in found]) > 0), name
    # What the drug does not touch is the same in all of them.
    assert len({(row["half_life"], row["burst_peak"], row["share_cleared_by_net"]) for row in found}) == 1


def test_without_a_drug_the_two_columns_agree() -> None:
    found = results()
    for name in ("half_life", "burst_peak", "burst_return"):
        assert found[f"{name}_with_block"] == pytest.approx(
            found[name], rel=1e-3, abs=0.5 if name == "burst_return" else 0
        )


def test_a_longer_or_faster_burst_rises_higher() -> None:
    assert np.all(np.diff([results(burst_duration=s)["burst_peak"] for s in (0.1, 0.4, 1, 3)]) > 0)
    assert np.all(np.diff([results(burst_rate=hz)["burst_peak"] for hz in (5, 10, 20, 30)]) > 0)


def test_a_pause_lowers_ne_and_it_comes_back() -> None:
    found = results(burst_rate=0, burst_duration=2)
    assert found["burst_peak"] < 6
    assert 0 < found["burst_return"] < 60


def test_a_burst_at_the_resting_rate_is_no_burst() -> None:
    rest = norepinephrine_terminal.network()
    peak, back = transients.peak_and_return(transients.burst(rest, rest.parameters["firing"], 1.0))
    assert (peak, back) == (pytest.approx(1e3 * rest["ne_e"]), 0)


def test_the_half_life_in_a_slice_does_not_depend_on_the_disputed_basal_level() -> None:
    lives = [transients.half_life(transients.decay(norepinephrine_terminal.resting(basal))) for basal in (1, 6, 15)]
    assert lives == pytest.approx([lives[0]] * 3, rel=0.01)


def test_net_takes_most_and_most_of_that_is_stored_again_whatever_the_basal_level() -> None:
    for basal in (1, 6, 15):
        shares = reuptake.fates(norepinephrine_terminal.resting(basal))
        assert all(0.5 < shares[fate] < 1 for fate in ("net", "stored_again", "dhpg_from_leak")), basal


def test_the_ledger_closes_and_both_metabolites_end_as_mhpg() -> None:
    for basal in (1, 6, 15):
        moves = reuptake.ledger(norepinephrine_terminal.resting(basal))
        lost = moves["MAO NE"] + moves["uptake-2 and COMT, NE"] + moves["diffusion of NE"]
        assert moves["DBH"] == pytest.approx(lost, rel=1e-6)
        assert 0 < moves["COMT on DHPG"] < moves["MAO NE"]
        assert 0 < moves["MAO on NMN"] < moves["uptake-2 and COMT, NE"]


def test_a_month_after_a_drug_is_the_experiment_on_its_fifth_day_and_ends_near_rest() -> None:
    rest = norepinephrine_terminal.network()
    runs = tissue_protocols.thirty_days(rest)
    store = {drug: np.interp([5.0, 30.0], run.times / 86400, run["ne_v"] / rest["ne_v"]) for drug, run in runs.items()}
    assert store["reserpine (VMAT2)"][0] == pytest.approx(tissue_protocols.reserpine_5_days(rest), rel=1e-3)
    assert store["reserpine (VMAT2)"][0] < 0.6 < 0.85 < store["reserpine (VMAT2)"][1] < 1
    # While MAO is gone, more is stored; the NET inhibitor costs part of the store, which fills again after it.
    assert store["irreversible MAO inhibitor"][0] > 1
    assert store["NET inhibitor for 14 days"][0] < 1
    assert store["NET inhibitor for 14 days"][1] == pytest.approx(1, abs=0.1)
