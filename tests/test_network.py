"""Networks: one list of reactions gives numbers, formulas and Jacobian; what does not fit is refused in one go."""

import numpy as np
import pytest
import sympy
from latex2mathml.converter import convert

from nbmodel.core import formulas, kinetics
from nbmodel.core.network import Network, NetworkError
from nbmodel.core.reactions import Reaction, Rule, Species, identifier
from nbmodel.models import dopamine_terminal, norepinephrine_terminal

TERMINALS = {
    # The published terminal starts nearly empty: any state with something of everything shows more.
    "dopamine": dopamine_terminal.network().starting_at(
        {n: 2.0 + i for i, n in enumerate(dopamine_terminal.network().index)}
    ),
    "norepinephrine": norepinephrine_terminal.network(),
}
both = pytest.mark.parametrize("terminal", TERMINALS.values(), ids=TERMINALS.keys())


def two_rooms(**changes: object) -> Network:
    """a (in a room of 2) turns into b (in a room of 10), which is lost; a is supplied."""
    parts: dict[str, object] = {
        "name": "two rooms",
        "species": (Species("a", "small", "first", "a", 3.0), Species("b", "large", "second", "b", 0.5)),
        "reactions": (
            Reaction("supply", "-> a", kinetics.constant, {"rate": "supply"}),
            Reaction("turn", "a -> b", kinetics.first_order, {"s": "a"}),
            Reaction("loss", "b ->", kinetics.first_order, {"s": "b", "k": "k_loss"}),
        ),
        "parameters": {"supply": 1.0, "k": 0.7, "k_loss": 0.2},
        "compartments": {"small": 2.0, "large": 10.0},
        "time_unit": "s",
    }
    return Network(**{**parts, **changes})  # type: ignore[arg-type]


def test_what_leaves_one_room_arrives_diluted_in_a_larger_one() -> None:
    net = two_rooms()
    # The rate of `turn` is measured in the small room: 1 uM there is 0.2 uM in the large one, the amount is the same.
    assert net.stoichiometry.tolist() == [[1, -1, 0], [0, 0.2, -1]]
    assert net.derivative(net.initial).tolist() == pytest.approx([1 - 0.7 * 3, 0.2 * 0.7 * 3 - 0.2 * 0.5])
    amounts = net.volumes @ net.stoichiometry
    assert amounts.tolist() == pytest.approx([2, 0, -10])


def test_a_reaction_may_be_measured_in_another_room_than_its_first_species() -> None:
    turn = Reaction("turn", "a -> b", kinetics.first_order, {"s": "a"}, compartment="large")
    reactions = two_rooms().reactions
    assert two_rooms(reactions=(reactions[0], turn, reactions[2])).stoichiometry.tolist() == [[1, -5, 0], [0, 1, -1]]


def test_all_faults_of_a_network_are_reported_at_once() -> None:
    with pytest.raises(NetworkError) as caught:
        two_rooms(
            species=(Species("alpha", "small", "first", "a"), Species("b", "cellar", "second", "b")),
            reactions=(
                Reaction("supply", "-> alpah", kinetics.constant, {"rate": "suply"}),
                Reaction("loss", "b ->", kinetics.first_order, {"s": "b", "k": "k_loss", "speed": "k_loss"}),
            ),
            clamped=frozenset({"ghost"}),
        )
    message = str(caught.value)
    for words in (
        "b: no compartment 'cellar'",
        "unknown name 'suply'; did you mean 'supply'?",
        "unknown species 'alpah'; did you mean 'alpha'?",
        "loss: its law has no argument 'speed'",
        "parameter 'k' is used by no reaction",
        "parameter 'supply' is used by no reaction",
        "clamped species 'ghost' does not exist",
    ):
        assert words in message, message


def test_a_name_may_mean_one_thing_only() -> None:
    with pytest.raises(NetworkError, match="different names"):
        two_rooms(parameters={"supply": 1.0, "k": 0.7, "k_loss": 0.2, "a": 1.0})


def test_a_rule_is_worked_out_before_the_reactions_and_printed_once() -> None:
    rules = (
        Rule("bound", "share bound", r"\theta", kinetics.occupancy, {"x": "b", "kd": "k_half"}),
        Rule("speed", "rate left", "k'", kinetics.first_order, {"s": "bound"}),
    )
    turn = Reaction("turn", "a -> b", kinetics.first_order, {"s": "a", "k": "speed"})
    reactions = (two_rooms().reactions[0], turn, two_rooms().reactions[2])
    changed = {"reactions": reactions, "parameters": {**two_rooms().parameters, "k_half": 0.5}}
    net = two_rooms(rules=rules, **changed)
    assert (net.curve("bound"), net.curve("speed"), net.flux("turn")) == pytest.approx((0.5, 0.35, 1.05))
    a, b, k, half = (formulas.symbols(net)[name] for name in ("a", "b", "k", "k_half"))
    assert formulas.formula(net, "turn") == formulas.symbols(net)["speed"] * a
    assert sympy.simplify(formulas.expanded(net, "turn") - a * k * b / (b + half)) == 0
    assert "k'" in formulas.latex(net, "turn") and r"\theta" in formulas.latex(net, "speed")

    # A rule may use those before it only, and something has to use the rule.
    with pytest.raises(NetworkError, match="speed: unknown name 'bound'"):
        two_rooms(rules=rules[::-1], **changed)
    with pytest.raises(NetworkError, match="'speed' is used by no reaction"):
        two_rooms(rules=rules, parameters=changed["parameters"])
    with pytest.raises(NetworkError, match="different names"):
        two_rooms(rules=(*rules, rules[0]), **changed)


def test_variants_change_what_they_name_and_leave_the_first_network_alone() -> None:
    net = two_rooms()
    assert net.replace(k=5.0).flux("turn") == 15
    assert net.starting_at({"a": 7.0})["a"] == 7
    assert net.clamp("a").derivative(net.initial)[0] == 0
    assert net.clamp("a").derivative(net.initial)[1] == net.derivative(net.initial)[1]
    assert (net.flux("turn"), net["a"], net.clamped) == (pytest.approx(2.1), 3.0, frozenset())


@pytest.mark.parametrize(
    ("ask", "near"),
    [
        (lambda net: net.replace(k_los=1.0), "k_loss"),
        (lambda net: net.flux("tur"), "turn"),
        (lambda net: formulas.formula(net, "los"), "loss"),
        (lambda net: norepinephrine_terminal.network().starting_at({"ne_vv": 1.0}), "ne_v"),
        (lambda net: norepinephrine_terminal.network()["ne_ee"], "ne_e"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_the_nearest_one(ask: object, near: str) -> None:
    with pytest.raises(NetworkError, match=f"did you mean '{near}'"):
        ask(two_rooms())  # type: ignore[operator]
    with pytest.raises(NetworkError, match="clamped species 'ghost' does not exist"):
        two_rooms().clamp("ghost")


@both
def test_the_printed_formula_of_every_reaction_is_the_one_that_runs(terminal: Network) -> None:
    names = [*terminal.index, *terminal.parameters]
    values = [*terminal.initial, *terminal.parameters.values()]
    rates_of = [formulas.expanded(terminal, reaction.name) for reaction in terminal.reactions]
    rates = sympy.lambdify([formulas.symbols(terminal)[name] for name in names], rates_of)(*values)
    assert rates == pytest.approx(terminal.rates(terminal.initial).tolist(), rel=1e-12)


@both
def test_the_printed_balance_of_every_species_is_its_derivative(terminal: Network) -> None:
    rates = {
        "v_" + identifier(r.name): v for r, v in zip(terminal.reactions, terminal.rates(terminal.initial), strict=True)
    }
    assert len(rates) == len(terminal.reactions)
    throughput = np.abs(terminal.stoichiometry) @ np.abs(terminal.rates(terminal.initial))
    for name, derivative, scale in zip(terminal.index, terminal.derivative(terminal.initial), throughput, strict=True):
        balance = formulas.balance(terminal, name)
        assert {str(symbol) for symbol in balance.free_symbols} <= set(rates)
        assert float(balance.subs(rates)) == pytest.approx(derivative, abs=1e-12 * scale)


@both
def test_the_symbolic_jacobian_is_the_slope_of_the_derivative(terminal: Network) -> None:
    names = [*terminal.index, *terminal.parameters]
    values = [*terminal.initial, *terminal.parameters.values()]
    found = sympy.lambdify([formulas.symbols(terminal)[name] for name in names], formulas.jacobian(terminal))(*values)
    steps = 1e-30j * np.eye(terminal.initial.size)
    slopes = np.array(
        [(terminal.stoichiometry @ terminal.rates(terminal.initial + step)).imag / 1e-30 for step in steps]
    ).T
    assert found == pytest.approx(slopes, rel=1e-10, abs=1e-14)


@both
def test_every_formula_can_be_set_in_print(terminal: Network) -> None:
    for reaction in terminal.reactions:
        written = formulas.latex(terminal, reaction.name)
        # No raw program name is left (\text{...} holds the words), and the formula turns into MathML for offline pages.
        assert written.count("{") == written.count("}")
        assert "<math" in convert(written)
        assert all(name not in written for name in (*terminal.index, *terminal.parameters) if "_" in name)
    for species in terminal.index:
        assert "<math" in convert(formulas.balance_latex(terminal, species))


@both
def test_the_curve_of_a_rate_runs_through_the_rate_at_the_start(terminal: Network) -> None:
    for reaction in terminal.reactions:
        assert terminal.curve(reaction.name) == pytest.approx(terminal.flux(reaction.name), rel=1e-13)
    name = "NET NE" if "ne_e" in terminal.index else "DAT"
    varied = "ne_e" if "ne_e" in terminal.index else "eda"
    levels = terminal[varied] * np.array([0.5, 1.0, 2.0])
    expected = [terminal.starting_at({varied: float(level)}).flux(name) for level in levels]
    assert terminal.curve(name, **{varied: levels}) == pytest.approx(expected, rel=1e-13)
    with pytest.raises(NetworkError, match="no name 'firng'"):
        terminal.curve(name, firng=1.0)


@both
def test_rates_of_a_whole_course_are_those_of_its_moments(terminal: Network) -> None:
    course = np.outer(terminal.initial, [0.5, 1.0, 2.0])
    together = terminal.rates(course)
    assert together.shape == (len(terminal.reactions), 3)
    assert pytest.approx(np.array([terminal.rates(moment) for moment in course.T]), rel=1e-13) == together.T
