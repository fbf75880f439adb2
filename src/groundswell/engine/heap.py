"""Returned people of a group, smallest resistance first: a pairing heap in one shared table (Fredman, Sedgewick,
Sleator & Tarjan 1986). To add somebody touches two rows only, and most people are never taken out again.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from groundswell.engine.compiled import shared


@shared
def _hang(entries: NDArray[Any], a: int, b: int) -> int:
    """Hang the larger of two roots below the smaller one, which is returned."""
    if entries[b].resistance < entries[a].resistance:
        a, b = b, a
    entries[b].beside = entries[a].below
    entries[a].below = b
    return a


@shared
def push(entries: NDArray[Any], used: NDArray[Any], root: int, person: int, listing: int, resistance: float) -> int:
    """Add an entry and return the new root. `used`: [entries made, first free entry or -1]."""
    e = used[1]
    if e >= 0:
        used[1] = entries[e].below
    else:
        e = used[0]
        used[0] += 1
    entries[e].below = -1
    entries[e].person = person
    entries[e].listing = listing
    entries[e].resistance = resistance
    return e if root < 0 else _hang(entries, root, e)


@shared
def pop(entries: NDArray[Any], used: NDArray[Any], root: int) -> int:
    """Remove the root; return the new root, -1 where nothing is left. The entry's row goes to the free list."""
    e, pairs = entries[root].below, -1
    entries[root].below = used[1]
    used[1] = root
    while e >= 0:  # hang those below on one another two by two, then all pairs from the last to the first
        other, following = entries[e].beside, -1
        if other >= 0:
            following = entries[other].beside
            e = _hang(entries, e, other)
        entries[e].beside = pairs
        pairs, e = e, following
    root = pairs
    if root >= 0:
        pairs = entries[root].beside
    while pairs >= 0:
        following = entries[pairs].beside
        root = _hang(entries, root, pairs)
        pairs = following
    return root
