"""What a run changes, the plan that fixes its results, and the pool that plays many runs."""
