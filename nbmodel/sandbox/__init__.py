"""Sandbox in which a submission runs: shut in, limited, watched."""
