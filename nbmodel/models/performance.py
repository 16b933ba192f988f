"""Too little and too much: how tonic norepinephrine may set performance through two receptors of the frontal cortex.

The account is that of Arnsten (ramos2007): moderate NE holds alpha2A receptors, which bind it tightly, and strengthens
working memory; high NE reaches alpha1 receptors, which bind it less tightly, and weakens it. Three readings of it stand
here: the bare product of the two, a decision (drift-diffusion) and an item held over a delay. In none is the inverted U
drawn; each follows from two occupancies that work against one another, and is gone when either receptor is. But *that*
they do so, and by how much, is assumed, so where the best level lies is not known: `optimum_ratios` says how little.

Against it: in rats an alpha1 agonist in the frontal cortex improved working memory and guanfacine did nothing
(ctunl2015), where monkeys and rats of other studies did the opposite (arnsten1999, mao1999). The inverted U that was
seen in detection was one against arousal, not against NE (mcginley2015). In humans clonidine lowers and reboxetine
raises the sensitivity of detection while the criterion stays (gelbard2018), which speaks for NE but for no U.

NE is in nM, a number or an array; so are results. `drugs` are those of `gain.occupancy`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

from nbmodel.core.estimates import Estimate, median
from nbmodel.core.kinetics import Value
from nbmodel.core.network import Array, Network
from nbmodel.data import parameters
from nbmodel.data.parameters import Parameters
from nbmodel.models import dialysis, gain, transients
from nbmodel.models.detection import direction
from nbmodel.models.firing import highest_tonic

if TYPE_CHECKING:
    import pandas as pd

Readout = Callable[..., Value]
DRAWS = 200_000  # so many that the median of `optimum_ratios` is known to a hundredth of itself

# -- the laws: plain arithmetic, so that what is printed is what runs ------------------------------------------------


def product(a2: Value, a1: Value) -> Value:
    """Alpha2 stimulated times alpha1 not stimulated, both shares of receptors."""
    return a2 * (1 - a1)


def raised(without: Value, most: Value, share: Value) -> Value:
    """A quantity that a receptor raises by up to `most` times itself when a `share` of it is stimulated."""
    return without * (1 + most * share)


def accuracy(drift: Value, noise: Value, exp: Callable[[Any], Any] = np.exp) -> Value:
    """Share of right choices with thresholds at 1 and -1; `drift` in 1/s, `noise` in 1/sqrt(s) (bogacz2006)."""
    return 1 / (1 + exp(-(2 * drift / noise**2)))


def mean_time(drift: Value, noise: Value, rest: Value, tanh: Callable[[Any], Any] = np.tanh) -> Value:
    """Mean reaction time (s): the decision, and `rest` (s) to see and to move (bogacz2006)."""
    return tanh(drift / noise**2) / drift + rest


# -- the bare account: two occupancies ---------------------------------------------------------------------------------


def performance(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """P = alpha2 stimulated x alpha1 not stimulated, x/(x + K2) * K1/(x + K1): 0 without NE, 0 with very much.

    That the two multiply is an assumption, as is that performance is in proportion to them.
    """
    held = gain.occupancy(ne, p, **drugs)
    return product(held.a2, held.a1)


def optimum(p: Parameters | None = None) -> float:
    """NE (nM) at which `performance` is highest: the geometric mean of the two affinities."""
    k = gain.affinities(p)
    return float(np.sqrt(k.a2 * k.a1))


def best_level(readout: Readout, p: Parameters | None = None, **drugs: float) -> float:
    """NE (nM) at which a readout of this module is highest, found by search: 0 or infinite where it has no maximum between.

    The search spans six powers of ten around `optimum`; what lies at its edge is no maximum.
    """
    centre = np.log(optimum(p))
    low, high = centre - np.log(1e3), centre + np.log(1e3)
    grid = np.linspace(low, high, 601)
    values = np.asarray(readout(np.exp(grid), p, **drugs))
    top = int(values.argmax())
    if top in (0, grid.size - 1):
        return 0.0 if top == 0 else float("inf")
    found = minimize_scalar(
        lambda log: -readout(float(np.exp(log)), p, **drugs),
        bounds=(grid[top - 1], grid[top + 1]), method="bounded", options={"xatol": 1e-9},
    )  # fmt: skip
    return float(np.exp(found.x))


def optimum_ratios(draws: int = DRAWS, seed: int = 0, p: Parameters | None = None) -> Array:
    """Best over basal NE for parameters drawn from their ranges, evenly in the logarithm, shape (draws,).

    Drawn are alpha2's functional constant, both binding constants (their ratio makes alpha1's) and basal NE, each
    between `low` and `high` of its row and independently.
    """
    p = p or parameters.load()
    rng = np.random.default_rng(seed)

    def draw(symbol: str) -> Array:
        low, high = (parameters.convert(end, p[symbol].unit, "nM") for end in (p[symbol].low, p[symbol].high))
        return np.exp(rng.uniform(np.log(low), np.log(high), draws))

    k2, binding2, binding1, basal = (draw(symbol) for symbol in ("Kd_a2auto", "Ki_NE_a2", "Ki_NE_a1", "x0_ECF"))
    return k2 * np.sqrt(binding1 / binding2) / basal


def optimum_interval(draws: int = DRAWS, seed: int = 0, p: Parameters | None = None) -> tuple[Estimate, float, float]:
    """Median of `optimum_ratios`, with the 95 % interval that is left by drawing, and the 5th and 95th percentile."""
    ratios = optimum_ratios(draws, seed, p)
    low, high = np.percentile(ratios, (5, 95))
    return median(ratios), float(low), float(high)


# -- a decision --------------------------------------------------------------------------------------------------------


def drift_and_noise(ne: Value, p: Parameters | None = None, **drugs: float) -> tuple[Value, Value]:
    """The drift of evidence (1/s) and its noise (1/sqrt(s)), with the thresholds at 1 and -1.

    Alpha2 raises the drift, alpha1 the noise; the thresholds, that is how careful one is, do not change with NE.
    """
    p = p or parameters.load()
    held = gain.occupancy(ne, p, **drugs)
    drift = raised(p.value("ddm_drift", "1/s"), p.value("gain_drift_a2", "dimensionless"), held.a2)
    noise = raised(p.value("ddm_noise", "1/s**0.5"), p.value("gain_noise_a1", "dimensionless"), held.a1)
    return drift, noise


def choice_accuracy(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Share of right choices of the drift-diffusion model, in closed form (bogacz2006)."""
    return accuracy(*drift_and_noise(ne, p, **drugs))


def reaction_time(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Mean reaction time (s), right or wrong: time to decide in closed form (bogacz2006) and time to see and to move."""
    p = p or parameters.load()
    return mean_time(*drift_and_noise(ne, p, **drugs), p.value("t_nondecision", "s"))


def reaction_time_density(
    times: Array, ne: float, p: Parameters | None = None, terms: int = 200, **drugs: float
) -> tuple[Array, Array]:
    """Densities (1/s) of the reaction times (s) `times` of right and of wrong choices; together they integrate to 1.

    The series of the first passage through two thresholds. From a start halfway between them wrong choices take as long
    as right ones, in mean and in shape: a limit of the plain model.
    """
    p = p or parameters.load()
    drift, noise = drift_and_noise(ne, p, **drugs)
    decision = np.asarray(times, dtype=float) - p.value("t_nondecision", "s")
    # In units of the time to diffuse from one threshold to the other; before 1/200 of it next to nothing arrives, and the
    # series, made for later times, would need ever more terms.
    tau = decision * noise**2 / 4
    late = np.where(tau > 0.005, tau, np.inf)[..., None]
    odd = 2 * np.arange(terms) + 1
    series = np.sum((-1.0) ** np.arange(terms) * odd * np.exp(-((odd * np.pi) ** 2) * late / 2), axis=-1)
    shape = np.pi * noise**2 / 4 * series * np.exp(-np.where(tau > 0.005, decision, 0.0) * drift**2 / (2 * noise**2))
    return shape * np.exp(drift / noise**2), shape * np.exp(-drift / noise**2)


# -- an item held over a delay -----------------------------------------------------------------------------------------


def working_memory(ne: Value, p: Parameters | None = None, delay: float | None = None, **drugs: float) -> Value:
    """Share of right answers about an item of two, held for `delay` (s; the table's own if not given).

    Persistent activity leaks away and wanders (an Ornstein-Uhlenbeck process that starts at 1 or -1); the answer is its
    sign. Alpha2 slows the leak, alpha1 adds noise. Raises ValueError for a delay that is not above 0.
    """
    p = p or parameters.load()
    held = gain.occupancy(ne, p, **drugs)
    delay = p.value("delay_memory", "s") if delay is None else delay
    if not delay > 0:
        raise ValueError(f"the delay must be above 0 s, not {delay}")
    leak = p.value("leak_memory", "1/s") * (1 - p.value("cut_leak_a2", "dimensionless") * held.a2)
    noise = p.value("noise_memory", "1/s**0.5") * (1 + p.value("gain_noise_a1", "dimensionless") * held.a1)
    spread = noise * np.sqrt(-np.expm1(-2 * leak * delay) / (2 * leak))
    return ndtr(np.exp(-leak * delay) / spread)


# -- readouts for the disorders ----------------------------------------------------------------------------------------


def sustained_attention(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """`performance` relative to its best without drugs, 0 to 1: the bare two-receptor account, taken for attention.

    No experiment gives attention against NE in nM: read the direction, not the number.
    """
    return performance(ne, p, **drugs) / performance(optimum(p), p)


def response_speed(ne: Value, p: Parameters | None = None, **drugs: float) -> Value:
    """Responses per second: 1 / `reaction_time`.

    It rises with NE at every level, at high ones by haste: accuracy falls there, as it does in the network of
    eckhoff2009 ("impulsive, inaccurate choices").
    """
    return 1 / reaction_time(ne, p, **drugs)


READOUTS: dict[str, Readout] = {
    "performance": performance,
    "sustained_attention": sustained_attention,
    "working_memory": working_memory,
    "choice_accuracy": choice_accuracy,
    "response_speed": response_speed,
}


# -- a sudden challenge, and how long the way of NE is -----------------------------------------------------------------


def challenge(rest: Network, p: Parameters | None = None) -> dict[str, float]:
    """A burst of the LC on top of rest: NE before and at its peak (nM), and reaction times there (s).

    The peak comes at the end of the burst, later than a fast response: what it can speed up are the responses of the
    seconds after (`time_budget`).
    """
    p = p or parameters.load()
    run = transients.burst(rest, p.value("r_LC_burst", "Hz"), p.value("duration_LC_burst", "s"))
    before, (peak, _) = 1e3 * float(run["ne_e"][0]), transients.peak_and_return(run)
    return {
        "ne_before": before,
        "ne_peak": peak,
        "reaction_time_before": float(reaction_time(before, p)),
        "reaction_time_at_peak": float(reaction_time(peak, p)),
    }


def time_budget(p: Parameters | None = None) -> pd.DataFrame:
    """The way from a cue by the LC to a receptor's effect, against the response: columns step, value, low, high, source (s).

    The steps of a monkey: the LC fires, its axons conduct, receptors act through G proteins (release and diffusion take
    milliseconds). The last rows are their sum and the reaction time, each end from the ends of its parts. With the values
    as they stand the sum is longer than the reaction time, so a phasic burst would come too late for the response that it
    precedes; models in which NE acts at once (gilzenrat2002) leave this out. With the shortest steps it would be in time.
    The question is open: the lag is that of a cell line.
    """
    import pandas as pd

    p = p or parameters.load()

    def row(symbol: str) -> tuple[float, float, float]:
        found = p[symbol]
        value, low, high = (parameters.convert(end, found.unit, "s") for end in (found.value, found.low, found.high))
        return value, low, high

    path, speed = p["path_LC_cortex"], p["v_axon"]
    axon = (path.value / speed.value, path.low / speed.high, path.high / speed.low)  # m and m/s, as the table has them
    fires, lead, lag = row("lat_LC_monkey"), row("lead_LC_monkey"), row("lag_a2A")

    def total(*parts: tuple[float, float, float]) -> tuple[float, float, float]:
        value, low, high = (sum(ends) for ends in zip(*parts, strict=True))
        return value, low, high

    def sources(*symbols: str) -> str:
        return ", ".join(dict.fromkeys(key for symbol in symbols for key in p[symbol].source))

    rows = [
        ("the LC fires", *fires, sources("lat_LC_monkey")),
        ("its axons conduct", *axon, sources("path_LC_cortex", "v_axon")),
        ("alpha2A receptors act", *lag, sources("lag_a2A")),
        ("NE acts", *total(fires, axon, lag), ""),
        ("the response", *total(fires, lead), sources("lat_LC_monkey", "lead_LC_monkey")),
    ]
    return pd.DataFrame(rows, columns=["step", "value", "low", "high", "source"])


# -- protocols: published experiments, repeated on any terminal --------------------------------------------------------


def best_inside(readout: Readout, rest: Network) -> float:
    """1 where a readout is best at an NE level between none and that of the highest arousal (mcginley2015), else 0.

    Thalamic cells of awake rats, too, answered best at a middle rate of LC stimulation (devilbiss2006).
    """
    return float(0 < best_level(readout) < highest_tonic(rest))


def drug_on_readout(readout: Readout, drug: Callable[[Network], float], rest: Network) -> float:
    """The direction in which a drug moves a readout, through the NE level alone (`dialysis` gives it as a multiple).

    Clonidine slows volunteers (clark1986; jakala1999 at its highest dose and hardest task, where guanfacine did not).
    """
    level = 1e3 * rest["ne_e"]
    return direction(float(readout(level * drug(rest))), float(readout(level)))


def agonist_on_memory(receptor: str, rest: Network) -> float:
    """The direction in which a full agonist in the frontal cortex moves working memory; `receptor` is 'a1' or 'a2'."""
    level = 1e3 * rest["ne_e"]
    half = {"a1": partial(working_memory, a1_agonist=1.0), "a2": partial(working_memory, a2_agonist=1.0)}
    return direction(float(half[receptor](level)), float(working_memory(level)))


PROTOCOLS: dict[str, Callable[[Network], float]] = {
    "performance_best_inside": partial(best_inside, performance),
    "accuracy_best_inside": partial(best_inside, choice_accuracy),
    "clonidine_on_speed": partial(drug_on_readout, response_speed, dialysis.clonidine),
    "phenylephrine_on_memory": partial(agonist_on_memory, "a1"),
    "guanfacine_on_memory": partial(agonist_on_memory, "a2"),
}
