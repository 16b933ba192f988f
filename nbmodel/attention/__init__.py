"""Attention: gain, signal and noise, a long watch, decisions, and the inverted U of performance against norepinephrine."""
