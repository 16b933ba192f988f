"""The Gilzenrat 2002 model in PsyNeuLink 0.21, without noise: an engine that shares no line with ours.

PsyNeuLink brings a large machine-learning library along, so it runs in an environment of its own, about a minute:

    pip install psyneulink==0.21.0.0
    python tests/oracles/gilzenrat_psyneulink.py > tests/oracles/gilzenrat_psyneulink.csv

The composition and the starting values are those of the example GilzenratModel that comes with PsyNeuLink.
"""

import csv
import sys

import numpy as np
import psyneulink as pnl  # type: ignore[import-not-found]

DT, ON, STEPS, EVERY = 0.02, 500, 1000, 10
# mode: coupling, and where h(v) and u start
MODES = {"phasic": (0.95, 0.07, 0.14), "tonic": (0.55, 0.2, 0.2)}


def run(c: float, h: float, u: float) -> list[list[float]]:
    """A row per step: h(v), u, and the outputs of target, distractor and response unit."""
    common = {"time_step_size": DT, "leak": 1.0, "noise": 0.0, "integrator_mode": True}
    inputs = pnl.TransferMechanism(input_shapes=2)
    decision = pnl.LCAMechanism(
        input_shapes=2, self_excitation=1.0, competition=1.0, function=pnl.Logistic(x_0=0.0), **common
    )
    response = pnl.LCAMechanism(input_shapes=1, self_excitation=2.0, function=pnl.Logistic(x_0=2.0), **common)
    pathway = pnl.Pathway([inputs, np.array([[1.0, 0.33], [0.33, 1.0]]), decision, np.array([[1.84], [0.0]]), response])
    lc = pnl.LCControlMechanism(
        integration_method="EULER", mode_FitzHughNagumo=c, time_step_size_FitzHughNagumo=DT,
        threshold_FitzHughNagumo=0.5, uncorrelated_activity_FitzHughNagumo=0.5, base_level_gain=0.5, scaling_factor_gain=3.0,
        time_constant_v_FitzHughNagumo=0.05, time_constant_w_FitzHughNagumo=5.0,
        a_v_FitzHughNagumo=-1.0, b_v_FitzHughNagumo=1.0, c_v_FitzHughNagumo=1.0, d_v_FitzHughNagumo=0.0,
        e_v_FitzHughNagumo=-1.0, f_v_FitzHughNagumo=1.0, a_w_FitzHughNagumo=1.0, b_w_FitzHughNagumo=-1.0,
        c_w_FitzHughNagumo=0.0, t_0_FitzHughNagumo=0.0,
        initial_v_FitzHughNagumo=(h - (1 - c) * 0.5) / c, initial_w_FitzHughNagumo=u,
        objective_mechanism=pnl.ObjectiveMechanism(
            function=pnl.Linear, monitor=[(decision, None, None, np.array([[0.3], [0.0]]))]
        ),
        modulated_mechanisms=[decision, response],
    )  # fmt: skip
    task = pnl.Composition()
    task.add_linear_processing_pathway(pathway)
    task.add_node(lc)
    rows: list[list[float]] = []

    def record(context: object) -> None:
        value = lc.parameters.value.get(context)
        target, distractor = decision.parameters.value.get(context)[0]
        shown = c * float(np.ravel(value[1])[0]) + (1 - c) * 0.5
        rows.append(
            [shown, float(np.ravel(value[2])[0]), target, distractor, response.parameters.value.get(context)[0][0]]
        )

    stimuli = np.repeat([[0.0, 0.0], [1.0, 0.0]], [ON, STEPS - ON], axis=0)
    task.run(inputs={inputs: stimuli}, num_trials=STEPS, call_after_trial=record)
    return rows


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["mode", "step", "h", "u", "target", "distractor", "response"])
    for mode, settings in MODES.items():
        for step, row in enumerate(run(*settings)):
            if step % EVERY == EVERY - 1:
                writer.writerow([mode, step, *(f"{value:.9f}" for value in row)])
