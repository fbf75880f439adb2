"""What is read off a run beside its events: the first hour with a crowd, and strikes begun."""

from __future__ import annotations

import numpy as np

ONSET_PEOPLE = 50  # smallest crowd that counts as a protest: events of 50+ in Mass Mobilization (Clark & Regan)


def onset_hour(on_street: np.ndarray, people: float = ONSET_PEOPLE) -> np.ndarray:
    """(P,) end of the first hour with at least `people` on the street, in steps from 1; nan where there is none.

    Args:
        on_street: (T, P) people at the end of each step.
        people: smallest crowd.
    """
    there = np.asarray(on_street) >= people
    first = there.argmax(axis=0) + 1.0
    return np.where(there.any(axis=0), first, np.nan)


def strike_count(striking: np.ndarray) -> int:
    """Number of strikes begun, from (T, E) participation."""
    on = np.asarray(striking) > 0
    return int(on[0].sum() + (on[1:] & ~on[:-1]).sum()) if len(on) else 0
