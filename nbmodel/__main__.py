"""Entry point of `python -m nbmodel`, which is the same as `nbmodel`."""

import sys

if __name__ == "__main__":  # not in a worker process, which imports this module under another name
    if not sys.flags.safe_path:
        del sys.path[0]  # the current folder, whose files would be taken for modules

    from nbmodel.cli import main

    main(prog_name="nbmodel")
