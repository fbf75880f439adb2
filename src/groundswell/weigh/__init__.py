"""Weighs accounts against a record: what fits, how probable each is, how sure that is, and what would settle it."""
