"""Sleep and wake: a contest of cell groups with the locus coeruleus among them, and norepinephrine in each state."""
