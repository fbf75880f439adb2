"""Crowds and forces set by hand at spots of the tiny case, for the tests of what happens where they meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from domains.harness import Bench

HARBOUR_SQUARE, HARBOUR_HALL, HARBOUR_POLICE, FLARE_GATE, FLARE_HALL, MILL_SQUARE, MILL_HALL = range(6, 13)


def street(b: Bench, people: Mapping[int, tuple[int, int]], **stands: Any) -> dict[str, Any]:
    """State of a street: place -> (peaceful, fighting) people at the assembly point of their place.

    stands: `at` = {(place, side): spot} for columns elsewhere; `way` = [(place, side)] for those on the way.
    """
    w = b.w
    stand = np.repeat(w.home_spot[:, None], 2, axis=1)
    target = np.full_like(stand, -1)
    for column, spot in stands.get("at", {}).items():
        stand[column] = spot
    for column in stands.get("way", ()):
        target[column] = w.home_spot[column[0]]
    sides = np.zeros((w.places, 2), int)
    for place, count in people.items():
        sides[place] = count
    crowd = np.zeros((w.spot_count, 2), int)
    for side in (0, 1):
        np.add.at(crowd[:, side], stand[:, side], np.where(target[:, side] >= 0, 0, sides[:, side]))
    return {
        "stand": stand, "target": target, "crowd": crowd, "fighting": sides[:, 1], "on_street": sides.sum(axis=1),
    }  # fmt: skip


def spots(b: Bench, values: Mapping[int, float]) -> np.ndarray:
    """(S,) values at some spots, 0 elsewhere."""
    out = np.zeros(b.w.spot_count)
    for spot, value in values.items():
        out[spot] = value
    return out


def units(b: Bench, values: Mapping[str, float]) -> np.ndarray:
    """(U,) values of some units, 0 for the others."""
    out = np.zeros(len(b.w.units.id), int)
    for unit, value in values.items():
        out[b.w.units.id.index(unit)] = value
    return out
