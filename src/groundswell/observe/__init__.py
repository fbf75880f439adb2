"""What a run shows: one registry of observables, windows on a run, harm, phases, endings, events, summaries."""
