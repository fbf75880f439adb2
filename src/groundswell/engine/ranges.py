"""Whether the numbers of a checkpoint that compiled code takes for rows lie inside the tables that they point into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from groundswell.engine.tables import DEAD, NEIGHBOURHOOD

if TYPE_CHECKING:
    from groundswell.engine.roster import Roster

GROWING = ("people", "demand_left", "pools", "listed", "street", "entries")
"""Tables that are longer the more people something has happened to."""


def out_of_range(c: Mapping[str, np.ndarray], r: Roster) -> str:
    """The first table of a crowd with a number that points outside, or with nan; blank where there is none.

    Args:
        c: as `Crowd.state` gives them, with kinds and shapes that fit. r: who lives where.
    """
    people, pools, entries = len(c["people"]), len(c["pools"]), len(c["entries"])
    sizes = [people, pools, len(c["listed"]), len(c["street"])]
    if list(c["sizes"]) != sizes or int(c["used"][0]) != entries or len(c["demand_left"]) != people:
        return "tables of other lengths than they say"
    groups = len(r.group_size)
    bounds = (
        ("people.id", 0, r.people), ("people.place", 0, r.places), ("people.group", 0, groups),
        ("people.state", 0, DEAD + 1), ("people.next", -1, people), ("people.household", -1, pools),
        ("people.work_unit", -1, pools), ("people.neighbourhood", -1, pools), ("pools.place", 0, r.places),
        ("pools.family", 0, NEIGHBOURHOOD + 1), ("listed", 0, pools), ("street", 0, people), ("heap", -1, entries),
        ("entries.below", -1, entries), ("entries.beside", -1, entries), ("entries.person", -1, people),
        ("wake", -1, people), ("waking", 0, people + entries + 1), ("used", -1, entries + 1),
        ("rank", 0, int(r.group_size.max(initial=0)) + 1),
    )  # fmt: skip
    for name, low, high in bounds:
        table, _, column = name.partition(".")
        array = c[table][column] if column else c[table]
        if array.size and not low <= int(array.min()) <= int(array.max()) < high:
            return f"{name} of {int(array.min())} to {int(array.max())}"
    for name, array in c.items():
        if array.dtype.kind == "f" and np.isnan(array).any():
            return f"{name} with nan"
    return ""
