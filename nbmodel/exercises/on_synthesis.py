"""Exercises of the lesson on synthesis."""

from __future__ import annotations

from collections.abc import Callable

from nbmodel import synthesis
from nbmodel.core import kinetics, solve
from nbmodel.exercises.judge import Question
from nbmodel.exercises.kinds import law, number
from nbmodel.models.norepinephrine_terminal import network


def _less_hydroxylase() -> Question:
    """TH at a quarter for a day: what is left of the store (%)."""
    rest = network()
    run, other = (synthesis.course(rest.replace(th_activity=share), 24.0) for share in (0.25, 0.75))
    left = 100 * synthesis.fold(run, "ne_v")
    return number(
        left,
        "%",
        0.03,
        {
            "that is the share of TH: with less product the feedback on TH eases, so the store falls less": 25.0,
            "that is what is lost; the question is what is left": 100 - left,
            "you took a quarter of TH away; only a quarter of it is to be left": 100 * synthesis.fold(other, "ne_v"),
            "that is dopamine in the vesicles (da_v); NE is ne_v": 100 * synthesis.fold(run, "da_v"),
            "nothing has changed in your run: give `course` the terminal that `replace` returns": 100.0,
            "that is a concentration; divide it by the one at the start": float(run["ne_v"][-1]),
        },
        why="the store falls less than TH does, because fewer products in the cytosol hold TH back less",
        solution=(
            'run = synthesis.course(terminal.replace(th_activity=0.25), 24)\nanswer = 100 * run["ne_v"][-1] / run["ne_v"][0]'
        ),
    )


def _rival_at_a_transporter() -> Question:
    """Rate law of uptake while a rival competes for the site."""
    return law(
        kinetics.competitive,
        [(1.0, 1e-9, 10.0, 2.0, 3.0), (1.0, 3.0, 10.0, 2.0, 3.0), (5.0, 1.5, 4.0, 1.0, 0.5)],
        {
            "that is uptake without a rival: `rival` has no effect in your law": lambda s, rival, vmax, km, km_rival: (
                vmax * s / (km + s)
            ),
            "your rival lowers the top speed too; one that competes can be outdone by enough `s`, so it changes `km` alone": (
                lambda s, rival, vmax, km, km_rival: vmax * s / ((km + s) * (1 + rival / km_rival))
            ),
            "the rival counts in your law as if its constant were that of `s`; its own is `km_rival`": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km * (1 + rival / km) + s)
            ),
            "that is uptake of both together; the question is about that of `s` alone": (
                lambda s, rival, vmax, km, km_rival: vmax * (s + rival) / (km + s + rival)
            ),
            "your rival makes uptake faster: it should raise `km`, not lower it": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km / (1 + rival / km_rival) + s)
            ),
            "your rival acts on the transporter that already holds `s`; one that competes acts on the free one: on `km`": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km + s * (1 + rival / km_rival))
            ),
            "a pair of parentheses is missing: everything below the line, `km * (1 + rival / km_rival) + s`, stands in one pair": (
                lambda s, rival, vmax, km, km_rival: vmax * s / km * (1 + rival / km_rival) + s
            ),
            "the parentheses stand in the wrong place: `km` multiplies the whole factor, 1 included": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km * 1 + rival / km_rival + s)
            ),
            "your ratio stands upside down: more of the rival must raise `km`, so it is rival / km_rival": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km * (1 + km_rival / rival) + s)
            ),
            "your factor is 0 without a rival; it must be 1 there: 1 + rival / km_rival": (
                lambda s, rival, vmax, km, km_rival: vmax * s / (km * rival / km_rival + s)
            ),
        },
        why="a rival raises the Michaelis constant and leaves the top speed, so enough of `s` still fills every transporter",
        solution=(
            "def competing_uptake(s, rival, vmax, km, km_rival):\n    return vmax * s / (km * (1 + rival / km_rival) + s)"
        ),
    )


def _half_of_dbh() -> Question:
    """Half of DBH for good: what is left of the store (%)."""
    rest = network()
    steady = solve.steady_state(rest.replace(dbh_activity=0.5))
    left = 100 * steady["ne_v"] / rest["ne_v"]
    less_th = 100 * solve.steady_state(rest.replace(th_activity=0.5))["ne_v"] / rest["ne_v"]
    return number(
        left,
        "%",
        0.02,
        {
            "that is the share of DBH; look at its control in Figure 5, and at the dopamine that waits for it": 50.0,
            "that is what is lost; the question is what is left": 100 - left,
            "that is half of TH, which sets the pace; the question is about DBH": less_th,
            "that is dopamine in the vesicles (da_v); NE is ne_v": 100 * steady["da_v"] / rest["da_v"],
            "that is a terminal without any DBH; half of it is left": 0.0,
            "nothing has changed: ask `solve.steady_state` for the terminal that `replace` returns": 100.0,
            "that is a concentration; divide it by the one at rest": steady["ne_v"],
        },
        why=(
            "DBH has little control: dopamine rises to twice its level in the vesicles, until half of the enzyme makes "
            "nearly as much NE as before. If vesicles fill only 3 % of the terminal, dopamine there nearly saturates DBH, "
            "and 58 % is left"
        ),
        solution=(
            "steady = solve.steady_state(terminal.replace(dbh_activity=0.5))\n"
            'answer = 100 * steady["ne_v"] / terminal["ne_v"]'
        ),
    )


EXERCISES: dict[str, Callable[[], Question]] = {
    "1.1": _less_hydroxylase,
    "1.2": _rival_at_a_transporter,
    "1.3": _half_of_dbh,
}
