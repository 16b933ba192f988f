"""Stored notebooks held against a fresh run (nbval), and what differs as a table."""

import nbmodel.report  # noqa: F401  # before nbformat, which it keeps from a slow import
