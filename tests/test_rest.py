"""Rest: what follows is solved from the list of reactions, and a reaction that nothing answers to is refused by name."""

import dataclasses

import numpy as np
import pytest

from nbmodel.core import kinetics, rest
from nbmodel.core.network import Network
from nbmodel.core.reactions import Reaction, Species
from nbmodel.core.rest import Plan
from nbmodel.core.unknowns import Follows, RestError
from nbmodel.data import parameters
from nbmodel.data.parameters import ParameterError, Parameters
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import REACTIONS, network

TABLE = parameters.load()
LOSS = Reaction("loss of cytosolic NE", "ne_c ->", kinetics.first_order, {"s": "ne_c", "k": "k_loss"})


def with_loss(value: float, unit: str = "1/s") -> Parameters:
    """The table with one more row."""
    row = dataclasses.replace(TABLE["k_leak"], symbol="k_loss", value=value, low=value, high=value, unit=unit)
    return Parameters({**TABLE, "k_loss": row})


def times(symbol: str, factor: float) -> Parameters:
    return TABLE.replace(**{symbol: factor * TABLE[symbol].value})


TABLES: dict[str, Parameters] = {
    "default": TABLE,
    **{f"basal {nM}": TABLE.replace(x0_ECF=nM) for nM in (2, 14)},
    **{f"NE_cytosol x{x}": times("NE_cytosol", x) for x in (0.5, 2.0)},
    **{f"firing x{x}": times("r_LC_AW", x) for x in (0.5, 2.0)},
    "nothing lost outside": TABLE.replace(share_lost_outside=0.0),
    "nothing without impulses": TABLE.replace(share_spontaneous=0.0),
    "no NET": TABLE.replace(Vmax_NET=0.0, k_diffusion_brain=0.3),
}


@pytest.mark.parametrize("case", TABLES)
def test_what_is_solved_is_what_algebra_gives(case: str) -> None:
    p, found = TABLES[case], network(TABLES[case])
    x, firing = p.value("x0_ECF", "uM"), p.value("r_LC_AW", "Hz")
    ratio = p["alpha_ecs"].value / p["rho_terminal"].value
    stored = p.value("C_NE_cortex", "g/g") * p.value("rho_tissue", "g/L") / p.value("MW_NE", "g/umol")
    stored /= p["rho_terminal"].value
    turnover, outside = p.value("k_turn_NE", "1/s") * stored, p["share_lost_outside"].value
    by_comt = outside * turnover / ratio / x

    def cleared(level: float, dopamine: float) -> float:
        """What NET, COMT and diffusion take of NE at a level, uM/s of the fluid outside."""
        half = p.value("Km_NET_NE", "uM") * (1 + dopamine / p.value("Km_NET_DA", "uM"))
        return level * (p.value("Vmax_NET", "uM/s") / (half + level) + by_comt + p.value("k_diffusion_brain", "1/s"))

    released = cleared(x, found["da_e"]) * ratio
    impulses = p["p_release"].value * firing
    pool = released * (1 - p["share_spontaneous"].value) / impulses
    lost_by_diffusion = p.value("k_diffusion_brain", "1/s") * x * ratio
    expected = {
        "ne_d": pool,
        "ne_v": stored - pool,
        "k_dock": (p.value("k_refill", "1/s") * pool + released) / (stored - pool),
        "k_uptake2": by_comt,
        "Vmax_MAO": (1 - outside) * turnover * (1 + (p.value("Km_MAOA_NE", "uM") + found["da_c"]) / found["ne_c"]),
        "per_impulse": p["p_release"].value / (1 - p["Imax_a2auto"].value * x / (x + p.value("Kd_a2auto", "uM"))),
    }
    numbers = {**found.parameters, **{name: found[name] for name in found.index}}
    assert {name: numbers[name] for name in expected} == pytest.approx(expected, rel=1e-9)
    # NE is made as fast as it is broken down or carried off, and cell bodies clear what their impulses set free.
    assert found.flux("DBH") == pytest.approx(turnover + lost_by_diffusion, rel=1e-9)
    assert cleared(found["ne_lc"], 0.0) == pytest.approx(p.value("NE_impulse_LC", "uM") * firing, rel=1e-9)


@pytest.mark.parametrize(("value", "unit"), [(1e-3, "1/s"), (3.6, "1/h")])
def test_a_loss_that_is_added_comes_to_rest_as_more_is_made(value: float, unit: str) -> None:
    usual, leaky = network(), network(with_loss(value, unit), (*REACTIONS, LOSS))
    assert leaky.parameters["k_loss"] == pytest.approx(1e-3)  # from the table, in uM and s
    assert np.abs(leaky.derivative(leaky.initial)).max() < 1e-12
    # What is measured stays, and what is lost is made anew by the whole chain.
    for name in ("ne_c", "ne_e", "ne_v", "ldopa", "tyrosine"):
        assert leaky[name] == pytest.approx(usual[name], rel=1e-9)
    lost = leaky.flux("loss of cytosolic NE")
    assert leaky.flux("DBH") == pytest.approx(usual.flux("DBH") + lost, rel=1e-3)
    for enzyme in ("Vmax_TH", "Vmax_AADC", "Vmax_DBH", "vmax_tyr_in"):
        assert leaky.parameters[enzyme] > usual.parameters[enzyme]


def test_a_reaction_that_nothing_answers_to_is_refused_with_the_balance() -> None:
    spoiled = Reaction("wear of NET", "net ->", kinetics.first_order, {"s": "net", "k": "k_loss"})
    with pytest.raises(RestError) as caught:
        network(with_loss(1e-3), (*REACTIONS, spoiled))
    message = str(caught.value)
    assert "net changes by -0.001 uM/s" in message and "wear of NET -0.001" in message
    assert (
        "renewal of NET +" in message
        and "loss of NET -" in message
        and "an unknown follow" in message
        and "\n" not in message
    )
    assert "ne_c" not in message
    # A total that nothing made is lost: the balance of the other half is named.
    with pytest.raises(RestError, match=r"bh4 changes by .*loss of cofactor"):
        network(
            with_loss(1e-6),
            (*REACTIONS, Reaction("loss of cofactor", "bh4 ->", kinetics.first_order, {"s": "bh4", "k": "k_loss"})),
        )


def test_a_loss_that_is_too_large_is_refused_with_the_unknowns_that_cannot_meet_it() -> None:
    with pytest.raises(RestError, match=r"Vmax_VMAT.*let these species rest: .*ne_c changes by"):
        network(with_loss(1e6), (*REACTIONS, LOSS))


def test_a_parameter_without_a_value_is_named_with_where_to_put_it() -> None:
    with pytest.raises(ParameterError, match=r"no value for k_loss: give each a row in parameters.csv"):
        network(TABLE, (*REACTIONS, LOSS))
    with pytest.raises(ParameterError, match="cannot turn 'kg' into uM and s"):
        network(with_loss(1.0, "kg"), (*REACTIONS, LOSS))
    with pytest.raises(ParameterError, match=r"p_release = 1e-05 is too small: .* raise p_release or lower x0_ECF"):
        network(TABLE.replace(p_release=1e-5))


def test_units_are_turned_into_uM_and_s() -> None:
    assert [parameters.unit_in_uM_and_s(unit) for unit in ("nM", "1/h", "nM/min", "Hz", "day", "percent")] == [
        "uM**1",
        "s**-1",
        "uM**1 * s**-1",
        "s**-1",
        "s**1",
        "dimensionless",
    ]


def two_steps() -> Network:
    """a is supplied and turns into b, which is lost."""
    return Network(
        "two steps",
        (Species("a", "cell", "first", "a", 1.0), Species("b", "cell", "second", "b", 1.0)),
        (
            Reaction("supply", "-> a", kinetics.constant, {"rate": "supply"}),
            Reaction("turn", "a -> b", kinetics.michaelis_menten, {"s": "a"}),
            Reaction("loss", "b ->", kinetics.first_order, {"s": "b"}),
        ),
        dict.fromkeys(("supply", "vmax", "km", "k"), 1.0),
        {"cell": 1.0},
        "s",
    )


def test_levels_and_capacities_follow_from_balances_and_laws() -> None:
    plan = Plan(two_steps(), {"vmax": "a", "b": "b", "k": lambda half_life: np.log(2) / half_life})
    assert plan.measured == ("a", "supply", "km", "half_life")
    found = plan.solve({"a": 3.0, "supply": 2.0, "km": 1.0, "half_life": 10.0})
    assert found.parameters["vmax"] == pytest.approx(2 * 4 / 3)
    assert found["b"] == pytest.approx(20 / np.log(2))
    # A rate may stand in a law.
    plan = Plan(two_steps(), {"vmax": "a", "b": "b", "k": lambda v_turn: v_turn / 4})
    assert plan.solve({"a": 3.0, "supply": 2.0, "km": 1.0})["b"] == pytest.approx(4)
    with pytest.raises(RestError, match="no value for a, km: measure it, or say what it follows from"):
        plan.solve({"supply": 2.0})


@pytest.mark.parametrize(
    ("follows", "words"),
    [
        ({"vmax": "aa"}, "vmax follows from the balance of 'aa', which is no species; did you mean"),
        ({"vmax": "a", "km": "a"}, "vmax, km follow from the balance of a: one balance sets one unknown"),
        ({"k": "a"}, "k follows from the balance of a, on which it has no influence"),
        ({"k": lambda km: km, "km": lambda k: k}, "laws that go in a circle"),
    ],
)
def test_what_cannot_follow_is_refused(follows: Follows, words: str) -> None:
    with pytest.raises(RestError, match=words):
        Plan(two_steps(), follows).solve(dict.fromkeys(("a", "b", "supply", "vmax", "km", "k"), 1.0))


def test_a_network_that_is_not_at_rest_and_an_unknown_below_zero_are_told() -> None:
    with pytest.raises(RestError, match=r"a changes by \+0.5 uM/s: supply \+1, turn -0.5"):
        rest.check(two_steps())
    plan = Plan(two_steps(), {"vmax": "a", "b": "b", "k": lambda supply: supply - 3})
    with pytest.raises(RestError, match="k would have to be -1, as it follows from supply = 2"):
        plan.solve({"a": 3.0, "supply": 2.0, "km": 1.0})
    assert rest.check(norepinephrine_terminal.network()) is None
