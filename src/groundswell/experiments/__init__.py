"""Puts claims to the test: pairs of runs that differ in what a claim is about, their effects, and the verdict."""
