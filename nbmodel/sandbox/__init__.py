"""Where a submission runs: shut in, limited, watched."""
