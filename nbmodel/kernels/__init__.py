"""Kernels that notebooks run in: forked from a warm parent where that is possible, within limits."""
