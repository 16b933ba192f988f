"""Results of attention: they follow the level of norepinephrine, drugs at receptors of target cells, and the task."""

import numpy as np
import pytest

from nbmodel import attention, evidence, scenario
from nbmodel.attention import gilzenrat
from nbmodel.evidence import scores


def results(**values: object) -> dict[str, float]:
    table = attention.results(scenario.make("attention", values))
    return dict(zip(table["name"], table["value"], strict=True))


def test_drugs_at_target_cells_help_and_harm_as_the_two_receptors_do() -> None:
    usual = results()
    assert results(a1_antagonist=10)["sustained_attention"] > usual["sustained_attention"]
    assert results(a2_antagonist=10)["sustained_attention"] < usual["sustained_attention"]
    assert results(a2_agonist=1)["working_memory"] > usual["working_memory"]
    # What is no property of the scenario's receptors stays.
    assert results(a1_antagonist=10)["best_over_basal"] == usual["best_over_basal"]


def test_more_ne_below_the_top_helps_memory() -> None:
    found = [results(basal_ne=level)["working_memory"] for level in (1, 6, 15)]
    assert np.all(np.diff(found) > 0)


@pytest.mark.parametrize("mode", gilzenrat.MODES)
def test_the_response_at_a_modes_coupling_is_that_of_the_mode(mode: str) -> None:
    expected = float(gilzenrat.noiseless(mode).reaction[0])
    assert results(lc_coupling=gilzenrat.coupling(mode))["response_time"] == expected


def test_the_default_coupling_is_that_of_the_phasic_mode() -> None:
    assert scenario.make("attention")["lc_coupling"] == gilzenrat.coupling("phasic")


@pytest.mark.long
def test_only_the_signs_of_drugs_hang_on_the_terminal_as_the_notebook_says() -> None:
    signs = [row for row in evidence.table("attention") if row["role"] == "direction" and row["met"]]
    assert {row["id"] for row in signs if not scores.within(row, row["no_net"])} == {"V59"}
    assert {row["id"] for row in signs} == {"V59"}
    assert not {row["id"] for row in signs if not scores.within(row, row["no_feedback"])}
