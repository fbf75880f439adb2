"""Growing tables and keyed look-up for the few people and pools that something has happened to."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.compiled import kernel, shared
from groundswell.engine.random import mix

Row: TypeAlias = Any
"""A row of one of these tables, whose fields compiled code reads as attributes."""

# A person who has acted (or was listed by a measure). `*_left` are resistances still unspent in this spell.
PERSON = np.dtype(
    [
        ("id", "i8"),
        ("place", "i4"),
        ("group", "i4"),
        ("joined_h", "i4"),
        ("spell", "i4"),  # number of times on the street
        ("leave_left", "f8"),
        ("disperse_left", "f8"),
        ("arrest_left", "f8"),
        ("injury_left", "f8"),
        ("state", "i1"),
        ("cause", "i1"),
        ("demands", "u1"),  # bit k: holds demand k
        ("flags", "u1"),  # bits, see below
        ("listing", "i4"),  # number of times put on a group's list of returned people
        ("next", "i4"),  # next person to wake in the same hour
        ("household", "i4"),  # row in the pools table, -1: none yet
        ("work_unit", "i4"),
        ("neighbourhood", "i4"),
        ("turns", "i4"),  # number of times they took up fighting or were peaceful again
        ("wakes", "i4"),  # step in which they are at risk again, if resting, held or injured
        ("turn_left", "f8"),  # resistance to the next turn
        ("frailty", "f8"),
        ("hit", "f8"),  # moment inside the hour of the earliest hit
    ],
    align=True,
)
# Bits of `flags`: resistances that have been drawn (to demands, the next turn); the person fights.
DEMANDS_DRAWN, TURN_DRAWN, FIGHTING = 1, 4, 8
HOME, JOINING, STREET, RESTING, HELD, INJURED, DEAD = range(7)
STATES = ("home", "joining", "on the street", "resting", "held", "injured", "dead")

# Rows of `rates.Counts.by_place`.
N_STREET, N_FIGHTING, N_HELD, N_RECOVERING, N_DEAD_SO_FAR = range(5)
N_LEFT, N_DISPERSED, N_ARRESTED, N_INJURED, N_DEAD, N_TOOK_UP = range(5, 11)
OF_FIGHTING = 5  # rows from a flow to the part of it that fought
N_TAKEN = 15

# A household, work unit or neighbourhood that has had an active member.
POOL = np.dtype(
    [
        ("key", "i8"),
        ("size", "i8"),
        ("clock", "f8"),
        ("next", "f8"),  # clock value of the next hit
        ("step", "f8"),  # what the clock advanced this hour
        ("place", "i4"),
        ("active", "i4"),
        ("hits", "i4"),
        ("listed", "i1"),
        ("family", "i1"),
    ],
    align=True,
)
HOUSEHOLD, WORK_UNIT, NEIGHBOURHOOD = range(3)

# A returned person in the heap of their group: the first of those below them, the next of those beside them.
ENTRY = np.dtype(
    [("below", "i4"), ("beside", "i4"), ("person", "i4"), ("listing", "i4"), ("resistance", "f8")], align=True
)

# A hit of an hour: person id, their row if known, which clock, moment inside the hour.
HIT = np.dtype([("id", "i8"), ("row", "i4"), ("cause", "i4"), ("moment", "f8"), ("group", "i8")], align=True)
GRIEVANCE = 0  # causes of a join: the group clock; the families follow as 1 + family
CAUSES = ("grievance", "household", "work unit", "neighbourhood")


def room(table: np.ndarray, rows: int) -> np.ndarray:
    """The table, or a longer copy of it, with room for at least `rows` rows."""
    if rows <= len(table):
        return table
    bigger = np.zeros((max(rows, 2 * len(table)),) + table.shape[1:], table.dtype)
    bigger[: len(table)] = table
    return bigger


@shared
def slot_of(slots: NDArray[Any], key: int) -> int | np.int64:
    """Where the search for a key begins."""
    return np.int64(mix(key) & np.uint64(slots.shape[0] - 1))


@shared
def find(slots: NDArray[Any], key: int) -> int | np.int64:
    """Row stored under `key` in an open-addressing map (n x 2 int64: key + 1, or 0 where free; row), or -1."""
    mask, i = slots.shape[0] - 1, slot_of(slots, key)
    while slots[i, 0] > 0:
        if slots[i, 0] == key + 1:
            return slots[i, 1]
        i = (i + 1) & mask
    return np.int64(-1)


@shared
def put(slots: NDArray[Any], key: int, row: int) -> None:
    """Store `row` under a key that is not in the map yet. The caller has seen to a free slot."""
    mask, i = slots.shape[0] - 1, slot_of(slots, key)
    while slots[i, 0] > 0:
        i = (i + 1) & mask
    slots[i, 0] = key + 1
    slots[i, 1] = row


@kernel
def _refill(bigger: NDArray[Any], slots: NDArray[Any]) -> None:
    for i in range(slots.shape[0]):
        if slots[i, 0] > 0:
            put(bigger, slots[i, 0] - 1, slots[i, 1])


def new_slots(entries: int = 512) -> np.ndarray:
    """An empty map with room for `entries` keys at half load; of zeros, so that no memory is fetched until written."""
    size = 1024
    while size < 2 * entries:
        size *= 2
    return np.zeros((size, 2), np.int64)


def room_slots(slots: np.ndarray, entries: int) -> np.ndarray:
    """The map, or a larger copy, that stays at most half full with `entries` keys. Order is never used."""
    if 2 * entries <= len(slots):
        return slots
    bigger = new_slots(entries)
    _refill(bigger, slots)
    return bigger


@kernel
def _fill(slots: NDArray[Any], keys: NDArray[Any]) -> None:
    for row in range(len(keys)):
        put(slots, keys[row], row)


def slots_of(keys: np.ndarray) -> np.ndarray:
    """A map from each key to its row number."""
    slots = new_slots(len(keys))
    _fill(slots, np.ascontiguousarray(keys))
    return slots
