"""The usual temperature of every place in a month, from climate.csv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from groundswell.world.world import World


def usual_c(world: World, month: int) -> tuple[np.ndarray, np.ndarray]:
    """(P,) usual temperature in degrees Celsius of the places' regions in a month, by night and by day.

    A month of which a region has no row is as the nearest one of which it has, of two equally near the earlier.
    """
    night, day = np.zeros(len(world.region_id)), np.zeros(len(world.region_id))
    for r, region in enumerate(world.region_id):
        rows = [row for row in world.case.tables["climate"].rows if row.region == region]
        row = min(rows, key=lambda one: _apart(one.month, month))
        night[r], day[r] = row.night_c, row.day_c
    return night[world.region], day[world.region]


def _apart(given: int, month: int) -> tuple[int, bool]:
    """How far one month is from another, the shorter way round the year; of two equally near the earlier is first."""
    after = (given - month) % 12
    return min(after, 12 - after), after < 12 - after
