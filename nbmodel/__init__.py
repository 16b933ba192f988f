"""The norepinephrine system in small, sourced models: the package that every notebook of the collection imports.

Importing it loads nothing heavy: `from nbmodel import reuptake` loads what that theme needs, and no more.
The modules, from the ground up: `parameters` (sourced numbers), `kinetics` (rate laws), `network` (species and
reactions), `solve` (integration), the terminals, the themes (`synthesis`, `lc_arousal`, `reuptake`, `disorders`),
`scenario` (what a reader or an analyst may set), `evidence` and `claims` (what the models are held against),
`report` and the command line.
"""

__version__ = "0.1.0"
