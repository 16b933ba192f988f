"""The dopamine terminal of Best, Nijhout & Reed 2009, built from our rate laws, gives its published numbers."""

import functools

import pytest

from nbmodel.core import solve
from nbmodel.core.network import Network
from nbmodel.data import parameters
from nbmodel.models import dopamine_terminal

PUBLISHED = parameters.published_model("best2009")

# What was changed, and by how much, in the rows `ratio_<name>_<quantity>` of models.csv.
PERTURBATIONS = {
    "th_half": ("vmax_TH", 0.5),
    "th_double": ("vmax_TH", 2.0),
    "fire_half": ("fire", 0.5),
    "fire_double": ("fire", 2.0),
    "dat_half": ("vmax_DAT", 0.5),
    "dat_zero": ("vmax_DAT", 0.0),
    "btyr_half": ("btyr", 0.5),
    "btyr_double": ("btyr", 2.0),
}


@functools.cache
def steady() -> Network:
    return solve.steady_state(dopamine_terminal.network())


def test_its_steady_state_is_the_published_one() -> None:
    found = {**{name: steady()[name] for name in steady().index}, "V_TH": steady().flux("TH")}
    names = {"tyrosine": "tyr"}  # the others are called the same
    expected = {name: PUBLISHED[f"ss_{names.get(name, name)}"] for name in found}
    assert found == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_its_responses_are_the_published_ones(name: str) -> None:
    parameter, factor = PERTURBATIONS[name]
    changed = solve.steady_state(steady().replace(**{parameter: factor * PUBLISHED[parameter]}))
    found = {species: changed[species] / steady()[species] for species in ("vda", "eda")}
    found["V_TH"] = changed.flux("TH") / steady().flux("TH")
    assert found == pytest.approx({quantity: PUBLISHED[f"ratio_{name}_{quantity}"] for quantity in found}, rel=5e-3)


def test_every_published_number_is_compared() -> None:
    ratios = {
        name.removeprefix("ratio_").rsplit("_", 1)[0]
        for name in PUBLISHED
        if name.startswith("ratio_") and "V_TH" not in name
    }
    assert ratios == set(PERTURBATIONS)
    assert sum(name.startswith("ss_") for name in PUBLISHED) == len(steady().index) + 1


def test_biopterin_stays_what_it_was_given() -> None:
    assert steady()["bh2"] + steady()["bh4"] == pytest.approx(PUBLISHED["biopterin_total"], rel=1e-9)
