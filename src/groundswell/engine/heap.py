"""Returned people of a group, smallest resistance first: a skew heap in one shared table (Sleator & Tarjan
1986).
"""

from __future__ import annotations

from groundswell.engine.compiled import shared


@shared
def merge(entries, a, b):
    """Root of the union of two heaps given by their roots (-1: empty)."""
    if a < 0:
        return b
    if b < 0:
        return a
    if entries[b].resistance < entries[a].resistance:
        a, b = b, a
    root = a
    while True:  # swap children on the way down the right spine, hang the rest below
        right = entries[a].right
        entries[a].right = entries[a].left
        if right < 0:
            entries[a].left = b
            return root
        if entries[b].resistance < entries[right].resistance:
            right, b = b, right
        entries[a].left = right
        a = right


@shared
def push(entries, used, root, person, listing, resistance):
    """Add an entry and return the new root. `used`: [entries made, first free entry or -1]."""
    e = used[1]
    if e >= 0:
        used[1] = entries[e].left
    else:
        e = used[0]
        used[0] += 1
    entries[e].left = -1
    entries[e].right = -1
    entries[e].person = person
    entries[e].listing = listing
    entries[e].resistance = resistance
    return merge(entries, root, e)


@shared
def pop(entries, used, root):
    """Remove the root; return the new root. The entry's row goes to the free list."""
    rest = merge(entries, entries[root].left, entries[root].right)
    entries[root].left = used[1]
    used[1] = root
    return rest
