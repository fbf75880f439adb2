"""How time passes: keyed randomness, group clocks, ties, schedule, checkpoints, and the slow reference engine."""
