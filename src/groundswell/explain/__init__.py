"""Why a place is in the state it is in at an hour of a run, and why its force does what it does: numbers and words."""

from __future__ import annotations

from groundswell.explain.place import explain
from groundswell.explain.words import in_words
from groundswell.observe.harm import LEAST_PEOPLE

__all__ = ["LEAST_PEOPLE", "explain", "in_words"]
