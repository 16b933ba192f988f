"""What turns notebooks, ledgers and docstrings into the pages of the reading site; `docs/build.py` runs it."""
