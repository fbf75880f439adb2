"""Weighing accounts against the record, and putting causal claims to the test."""
