"""Slider demos of all lessons, and how their grids are computed and kept anew: `python tests/sliders.py [NAME ...]`."""

import sys
from itertools import chain

from nbmodel.attention.plots import demos as attention
from nbmodel.disorders.plots import demos as disorders
from nbmodel.figures import grids
from nbmodel.lc_arousal.plots import demos as lc_arousal
from nbmodel.reuptake.plots import demos as reuptake
from nbmodel.sleep_wake.plots import demos as sleep_wake
from nbmodel.synthesis.plots import demos as synthesis

DEMOS = {
    demo.name: demo for demo in chain(synthesis(), reuptake(), lc_arousal(), sleep_wake(), attention(), disorders())
}

if __name__ == "__main__":
    for name in sys.argv[1:] or DEMOS:
        grids.store(DEMOS[name])
