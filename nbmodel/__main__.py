"""`python -m nbmodel` is the same as `nbmodel`."""

from nbmodel.cli import main

main(prog_name="nbmodel")
