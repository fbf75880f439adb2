"""How large a population can a program do in a given time? Found by climbing from small ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
"""At least `people` and `wall_s`."""


def climb(measure: Callable[[int], Row], full: int, start: int = 2_000, enough_s: float = 5.0) -> list[Row]:
    """Measure ever larger populations until a run takes `enough_s` seconds or everybody is in it.

    Args:
        measure: makes a run with a number of people.
        full: the largest population that is asked for.
        start: the first one.
        enough_s: seconds from which a run tells the cost per person.
    """
    rows = [measure(min(start, full))]
    while rows[-1]["wall_s"] < enough_s and rows[-1]["people"] < full:
        rows.append(measure(size_for(rows, 1.5 * enough_s, full, most=10.0)))
    return rows


def size_for(rows: list[Row], aim_s: float, full: int, most: float = 40.0) -> int:
    """The population that should take `aim_s` seconds: a fixed cost and a cost per person, from the last two rows.

    Args:
        rows: measured, the largest last.
        aim_s: seconds.
        full: no more people than this.
        most: at most so many times the last population.

    Returns:
        People, two digits and zeros, or `full`.
    """
    people, wall = rows[-1]["people"], rows[-1]["wall_s"]
    per_person = wall / people
    if len(rows) > 1:
        slope = (wall - rows[-2]["wall_s"]) / max(people - rows[-2]["people"], 1)
        per_person = max(slope, 0.2 * per_person)  # noise does not promise more than fivefold
    wanted = min(people + (aim_s - wall) / per_person, most * people)
    if wanted >= full:
        return full
    unit = 10 ** max(math.floor(math.log10(max(wanted, 10.0))) - 1, 0)
    return max(int(wanted // unit * unit), 2)
