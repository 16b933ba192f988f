"""Entry point of `python -m nbmodel`, which is the same as `nbmodel`."""

from nbmodel.cli import main

if __name__ == "__main__":  # not in a worker process, which imports this module under another name
    main(prog_name="nbmodel")
