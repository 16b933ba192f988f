"""Synthesis: TH sets the pace, its products hold it back, and DBH makes the last step."""

import numpy as np
import pytest

from nbmodel import scenario, synthesis
from nbmodel.data import parameters
from nbmodel.models import norepinephrine_terminal


def results(**values: object) -> dict[str, float]:
    table = synthesis.results(scenario.make("synthesis", values))
    return dict(zip(table["name"], table["value"], strict=True))


def test_at_rest_nothing_changes_in_a_day_and_turnover_is_the_published_one() -> None:
    found = results()
    assert [found[name] for name in ("vesicular_ne", "vesicular_dopamine", "synthesis_rate")] == pytest.approx(
        [1, 1, 1]
    )
    assert found["extracellular_ne"] == pytest.approx(parameters.load().value("x0_ECF", "nM"))
    published = parameters.load()["k_turn_NE"]
    assert published.low <= found["turnover_at_rest"] <= published.high


def test_tyrosine_hydroxylase_holds_most_control_and_all_control_sums_to_one() -> None:
    control = synthesis.control_of_synthesis()
    assert sum(control.values()) == pytest.approx(1, abs=1e-6)
    assert max(synthesis.PATHWAY, key=lambda step: control[step]) == "TH"
    assert control["TH"] > 0.5
    # Its products hold TH back: what packs them away sets it free. Without that feedback TH would have all control.
    assert control["VMAT2 NE"] > 0.02
    by_cytosol = [synthesis.control_of_synthesis(synthesis.with_cytosol(level))["TH"] for level in (0.01, 0.5, 1, 2)]
    assert by_cytosol[0] > 0.9 and np.all(np.diff(by_cytosol) < 0)
    assert abs(control["AADC"]) < 0.01


def test_more_enzyme_makes_more_ne_and_less_makes_less() -> None:
    found = [results(th_activity=activity) for activity in (0, 0.5, 1, 2, 4)]
    for name in ("synthesis_rate", "vesicular_ne", "extracellular_ne"):
        assert np.all(np.diff([row[name] for row in found]) > 0), name
    # The level outside moves less than the store: autoreceptors answer.
    assert found[1]["vesicular_ne"] < found[1]["extracellular_ne"] / 6 < 1


def test_a_meal_of_tyrosine_hardly_changes_the_store() -> None:
    assert results(tyrosine_blood="194 uM")["vesicular_ne"] == pytest.approx(1, abs=0.1)
    assert synthesis.meal(norepinephrine_terminal.network()) == pytest.approx(0.99, abs=0.01)


def test_without_dbh_dopamine_fills_the_vesicles_and_ne_is_gone() -> None:
    found = results(dbh_activity=0, hours=48)
    assert found["vesicular_ne"] < 0.01
    assert found["vesicular_dopamine"] > 2
    assert found["extracellular_ne"] < 0.01 * parameters.load().value("x0_ECF", "nM")
    assert found["ne_without_dbh"] == pytest.approx(100 * found["vesicular_ne"], rel=1e-6)


def test_a_blocked_vesicle_transporter_empties_the_store_as_a_missing_dbh_does() -> None:
    found = results(vmat_activity=0, hours=48)
    assert found["vesicular_ne"] < 0.01
    assert found["vesicular_dopamine"] < 0.01


def test_lasting_fast_firing_raises_synthesis_yet_ne_no_further_than_docked_vesicles_allow() -> None:
    slow, fast, faster = (results(firing_rate=rate) for rate in (1, 4, 8))
    assert slow["synthesis_rate"] < 1 < fast["synthesis_rate"] < faster["synthesis_rate"]
    assert (
        slow["extracellular_ne"]
        < fast["extracellular_ne"]
        < faster["extracellular_ne"]
        < 1.5 * fast["extracellular_ne"]
    )


def test_the_store_falls_the_longer_synthesis_is_blocked() -> None:
    left = [results(th_activity=0.2, hours=hours)["vesicular_ne"] for hours in (1, 4, 12, 48)]
    assert np.all(np.diff(left) < 0)


def test_droxidopa_restores_the_store_without_dbh_but_only_floods_the_cytosol_without_vmat2() -> None:
    rest = norepinephrine_terminal.network()
    no_dbh = rest.replace(dbh_activity=0.0)
    empty = no_dbh.starting_at(synthesis.course(no_dbh, 48.0).final)
    assert empty["ne_v"] < 0.01 * rest["ne_v"]
    restored = synthesis.course(synthesis.with_droxidopa(empty), 48.0)
    assert restored["ne_v"][-1] > 0.8 * rest["ne_v"]
    no_vmat = synthesis.course(synthesis.with_droxidopa(rest.replace(vmat_activity=0.0)), 48.0)
    assert no_vmat["ne_v"][-1] < 0.01 * rest["ne_v"]
    assert no_vmat["ne_c"][-1] > 1.2 * rest["ne_c"]
