"""Who is taken from home: known organisers in a keyed order, and people who were on the street before, by lot."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.compiled import kernel, shared
from groundswell.engine.purposes import purpose
from groundswell.engine.random import mix, permute
from groundswell.engine.tables import HOME, RESTING

KNOWN = purpose("order of known organisers")  # the order in which known organisers of a place are taken from home
RAID = purpose("who is taken from home")  # who of those once on the street is taken from home

_ODD = np.uint64(0x9E3779B97F4A7C15)


@kernel
def known_people(
    seed: int, place_first: NDArray[Any], place_adults: NDArray[Any], start: NDArray[Any], stop: NDArray[Any],
    ids: NDArray[Any],
) -> None:  # fmt: skip
    """Ids of the adults at positions `start[p]` to `stop[p]` of the keyed order of each place p."""
    n = 0
    for p in range(len(start)):
        for i in range(start[p], stop[p]):
            ids[n] = place_first[p] + permute(i, place_adults[p], seed, KNOWN, p, False)
            n += 1


@shared
def drum(seed: int, step: int) -> np.uint64:
    """What turns an id into its lot in a step: two people never have the same."""
    return mix(mix(np.uint64(seed) * _ODD + np.uint64(RAID)) + np.uint64(step))


@shared
def lot(key: np.uint64, person: int) -> np.uint64:
    """The lot of a person under the `drum` of a step."""
    return mix(key + np.uint64(person))


@shared
def _sink(lots: NDArray[Any], ids: NDArray[Any], first: int, size: int, i: int) -> None:
    """Restore a heap with the largest lot on top after entry `i` has become smaller."""
    while True:
        child = 2 * i + 1
        if child >= size:
            return
        if child + 1 < size and lots[first + child + 1] > lots[first + child]:
            child += 1
        if lots[first + i] >= lots[first + child]:
            return
        lots[first + i], lots[first + child] = lots[first + child], lots[first + i]
        ids[first + i], ids[first + child] = ids[first + child], ids[first + i]
        i = child


@kernel
def draw_lots(
    seed: int, step: int, people: NDArray[Any], n_people: int, person: NDArray[Any], place: NDArray[Any],
    wanted: NDArray[Any], first: NDArray[Any], lots: NDArray[Any], ids: NDArray[Any], found: NDArray[Any],
    limit: NDArray[Any],
) -> None:  # fmt: skip
    """Fill `ids` from `first[p]` on with the `wanted[p]` people of place p that have the smallest lots.

    Only those count who have been on the street and are at home or resting. person, place: of each row of `people`,
    close together, since most rows are passed over. found: (P,) how many so far; limit: (P,) only smaller lots count,
    at first none where nobody is wanted and all elsewhere; both are changed in place.
    """
    key = drum(seed, step)
    for row in range(n_people):
        p = place[row]
        mine = lot(key, person[row])
        if mine >= limit[p]:
            continue
        who = people[row]
        if who.spell == 0 or (who.state != HOME and who.state != RESTING):
            continue
        start, full = first[p], found[p] == wanted[p]
        at = start if full else start + found[p]
        lots[at] = mine
        ids[at] = person[row]
        if full:
            _sink(lots, ids, start, wanted[p], 0)
        else:
            found[p] += 1
            if found[p] == wanted[p]:  # from now on a heap
                for i in range(wanted[p] // 2 - 1, -1, -1):
                    _sink(lots, ids, start, wanted[p], i)
        if found[p] == wanted[p]:
            limit[p] = lots[start]
