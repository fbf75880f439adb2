"""Benchmarks of Groundswell: the same work, side by side, each row in a fresh process."""
