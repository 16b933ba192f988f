"""The locus coeruleus sets the gain of a decision: Gilzenrat et al. 2002 (doi:10.1016/s0893-6080(02)00055-2), as published.

Two decision units, for target and distractor, compete; a response unit waits for the first. The target's unit excites
the LC, whose NE (u) sets the gain of all three. How strongly LC cells are coupled (C) makes the mode: coupled cells
are quiet and answer a target with a burst (phasic), uncoupled ones fire faster and hardly answer (tonic). Coupling is
set from outside; why it would change, the model does not say.

Time, reaction times included, is in the paper's own unit, which is arbitrary. NE acts at once here, while impulses,
release and receptors take a good part of a real reaction: an open question of this account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array
from nbmodel.data import parameters

MODES = ("phasic", "tonic")
SETTLING = 20.0  # slow time constants of the LC after which nothing moves any more (a test holds it)


def coupling(mode: str) -> float:
    """Coupling C of a mode, 'phasic' or 'tonic'. Raises KeyError for another word."""
    return constants()[f"c_{mode}"]


def constants() -> dict[str, float]:
    """Published constants of the model, dimensionless, from `models.csv`.

    Returns
    -------
    dict of str to float

    References
    ----------
    Gilzenrat 2002, doi:10.1016/s0893-6080(02)00055-2

    Examples
    --------
    >>> constants()["c_phasic"] > constants()["c_tonic"]
    True
    """
    return parameters.published_model("gilzenrat2002")


# -- the laws: plain arithmetic, so that what is printed is what runs; all without unit -------------------------------


def excitation(v: Value, u: Value, a: Value, weight: Value, target: Value) -> Value:
    """tau_v dv/dt of the LC's fast variable: it fires when the target's unit pushes it over `a`, and `u` brings it back."""
    return v * (a - v) * (v - 1) - u + weight * target


def activity(v: Value, coupling: Value, d: Value) -> Value:
    """h(v), the LC's output: with much coupling the cells follow `v`, with little they fire at about `d` anyway."""
    return coupling * v + (1 - coupling) * d


def release(u: Value, h: Value) -> Value:
    """tau_u du/dt of NE, which follows the LC's output slowly."""
    return h - u


def gain_of(u: Value, base: Value, slope: Value) -> Value:
    """Gain of all units at NE `u`."""
    return base + slope * u


def output(x: Value, gain: Value, bias: Value, exp: Callable[[Any], Any] = np.exp) -> Value:
    """Output of a unit with net input `x`, 0 to 1."""
    return 1 / (1 + exp(-gain * (x - bias)))


class State(NamedTuple):
    """State of the model: LC excitation `v` (n,), NE `u` (n,), net inputs `x` of target, distractor, response (3, n)."""

    v: Array
    u: Array
    x: Array


def advance(
    state: State, c: Value, given: Array, noise: Array | None = None, ne: Array | None = None
) -> tuple[State, Array, Array]:
    """State after one step of time, with LC activity h(v), shape (n,), and the units' outputs, (3, n), before it.

    `c` is the coupling, one or one for each; `given` what the units receive from a stimulus (`received`), `noise` what chance
    adds to them (`chance`), (3, n) or (3, 1). With `ne` the gain follows that NE in place of the LC's own: the units no
    longer feel the burst.
    """
    k = constants()
    v, u, x = state
    gain = gain_of(u if ne is None else ne, k["gain_base"], k["gain_slope"])
    bias, among, _ = _weights()
    out = output(x, gain, bias)
    shown = activity(v, c, k["d"])
    dt = k["dt"]
    fast = excitation(v, u, k["a"], k["w_v_x1"], out[0])
    x = x + dt * (among @ out + given - x)
    if noise is not None:
        x = x + noise
    return State(v + dt / k["tau_v"] * fast, u + dt / k["tau_u"] * release(u, shown), x), shown, out


def received(stimulus: Array) -> Array:
    """Input that the three units receive from the input of target and distractor, (2, n)."""
    return np.asarray(_weights()[2] @ stimulus)


def chance(rng: np.random.Generator, *shape: int) -> Array:
    """Noise that chance adds to the units in one step of time."""
    k = constants()
    return np.asarray(k["noise_sd"] * np.sqrt(k["dt"]) * rng.standard_normal(shape))


@cache
def _weights() -> tuple[Array, Array, Array]:
    """Biases (3, 1), weights among the units (3, 3) and from the inputs (3, 2)."""
    k = constants()
    among = [[k["w_self"], -k["w_inhibit"], 0], [-k["w_inhibit"], k["w_self"], 0], [k["w_x3_x1"], 0, k["w_x3_x3"]]]
    from_input = [[k["w_in_own"], k["w_in_cross"]], [k["w_in_cross"], k["w_in_own"]], [0, 0]]
    bias = np.array([[k["bias_decision"]], [k["bias_decision"]], [k["bias_response"]]])
    return bias, np.array(among), np.array(from_input)


@cache
def settled(c: float) -> State:
    """State in which the model rests without noise or stimulus, for coupling `c` (n is 1)."""
    state = State(np.zeros(1), np.zeros(1), np.zeros((3, 1)))
    for _ in range(round(SETTLING * constants()["tau_u"] / constants()["dt"])):
        state, _, _ = advance(state, c, np.zeros((3, 1)))
    return state


# -- one trial: what a target does ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """Trials side by side: times (m,) from the stimulus on; h(v) and NE (m, n); outputs of the units (m, 3, n)."""

    times: Array
    lc: Array
    ne: Array
    out: Array

    @property
    def reaction(self) -> Array:
        """Time from the stimulus until the response unit first exceeds its threshold, shape (n,); nan where it never does."""
        over = (self.out[:, 2] > constants()["response_threshold"]) & (self.times >= 0)[:, None]
        return np.where(over.any(axis=0), self.times[over.argmax(axis=0)], np.nan)


def trial(
    c: float,
    seed: int | None = None,
    trials: int = 1,
    distractor: bool = False,
    before: float | None = None,
    after: float | None = None,
    start: State | None = None,
    frozen_gain: bool = False,
) -> Trial:
    """Trials side by side with coupling `c`, from `before` time units before a target (or a distractor) that stays on.

    Without a seed there is no noise. `before` and `after` are as long as in the reference run unless given, and the
    trial starts settled unless `start` is given. `frozen_gain` keeps the gain at its resting value: the LC still
    bursts, the units do not feel it.
    """
    k = constants()
    before = k["target_on"] if before is None else before
    after = 2 * k["target_on"] if after is None else after
    rest = settled(c)
    state = State(*(np.repeat(part, trials, axis=-1) for part in (start or rest)))
    rng = None if seed is None else np.random.default_rng(seed)
    lead, steps = round(before / k["dt"]), round((before + after) / k["dt"]) + 1
    lc, ne, out = np.empty((steps, trials)), np.empty((steps, trials)), np.empty((steps, 3, trials))
    before_it, with_it = np.zeros((3, 1)), received(np.array([[0.0], [1.0]] if distractor else [[1.0], [0.0]]))
    for i in range(steps):
        ne[i] = state.u
        noise = None if rng is None else chance(rng, 3, trials)
        given = with_it if i >= lead else before_it
        state, lc[i], out[i] = advance(state, c, given, noise, rest.u if frozen_gain else None)
    return Trial(np.asarray((np.arange(steps) - lead) * k["dt"], dtype=float), lc, ne, out)


@cache
def noiseless(mode: str | float, distractor: bool = False, frozen_gain: bool = False) -> Trial:
    """Trial without noise in a mode or at a coupling; kept, as it is asked for again and again.

    Parameters
    ----------
    mode : 'phasic', 'tonic' or float
        Coupled or uncoupled LC cells, or the coupling itself.
    distractor : bool
        A distractor comes in place of the target.
    frozen_gain : bool
        The gain stays at rest: the LC bursts, the units do not feel it.

    Returns
    -------
    Trial
        n is 1; times in the model's own unit.

    Raises
    ------
    KeyError
        For another mode.

    Examples
    --------
    >>> noiseless("phasic").reaction.shape
    (1,)
    """
    c = coupling(mode) if isinstance(mode, str) else mode
    return trial(c, distractor=distractor, frozen_gain=frozen_gain)


def burst(run: Trial) -> float:
    """Rise of the LC's activity above what it was when the target came, in the first trial."""
    at = int(np.argmax(run.times >= 0))
    return float(run.lc[at:, 0].max() - run.lc[at, 0])


def lead(run: Trial, height: float = 0.5) -> float:
    """Lead of the LC's answer over the response, as a share of the time from stimulus to response.

    The model's time has no unit, so only the share can be compared.

    Parameters
    ----------
    run : Trial
        Its first trial is taken.
    height : float
        Share of the answer's peak from which on it counts.

    Returns
    -------
    float

    Examples
    --------
    >>> 0 < lead(noiseless("phasic")) < 1
    True
    """
    at = int(np.argmax(run.times >= 0))
    rise = run.lc[at:, 0] - run.lc[at, 0]
    return float(1 - run.times[at:][np.argmax(rise >= height * rise.max())] / run.reaction[0])


def reference(mode: str) -> dict[str, float]:
    """Numbers that the published equations give without noise, named as in `models.csv` (`ref_phasic_h_peak` ...)."""
    run = noiseless(mode)
    at = int(np.argmax(run.times >= 0))
    found = {
        "h_before": run.lc[at, 0],
        "h_peak": run.lc[at:, 0].max(),
        "u_before": run.ne[at, 0],
        "u_peak": run.ne[at:, 0].max(),
        "cross": run.reaction[0],
    }
    return {f"ref_{mode}_{name}": float(value) for name, value in found.items()}
