"""Numbers of the page: what is compared with what, and how numbers are written."""

from __future__ import annotations

import math
from typing import Any

from benchmarks.store import Store
from benchmarks.streets import settings

FULL = settings()["size"]["people"]
NAMES = {
    "groundswell": "Groundswell",
    "reference": "Groundswell's slow reference engine",
    "numba-scan": "full scan, Numba",
    "numpy-scan": "full scan, NumPy",
    "laser": "LASER",
    "mesa-frames": "mesa-frames",
    "starsim": "Starsim",
    "mesa": "Mesa",
}
Row = dict[str, Any]


def seconds(value: float) -> str:
    """A time: three digits, or whole seconds from 100 on; milliseconds below one."""
    if value < 0.0995:
        return f"{1000 * value:.3g} ms"
    return f"{value:.3g} s" if value < 99.5 else f"{value:.0f} s"


def quantity(value: float) -> str:
    """A large number in words."""
    for unit, word in ((1e9, "billion"), (1e6, "million")):
        if value >= unit:
            return f"{value / unit:.3g} {word}"
    return f"{value:,.0f}"


def power(value: float | None) -> str:
    """A rate with two digits, as 3.7 x 10^11."""
    if value is None:
        return ""
    exponent = math.floor(math.log10(value))
    return f"{value / 10**exponent:.1f}·10<sup>{exponent}</sup>"


def times(value: float) -> str:
    """A ratio."""
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.2g}"


def spread(row: Row) -> str:
    """Smallest and largest time, and of how many runs."""
    walls = row["wall_s_all"]
    return "1 run" if len(walls) == 1 else f"{seconds(min(walls))} to {seconds(max(walls))}, {len(walls)} runs"


def ours(store: Store) -> Row | None:
    """Groundswell's row of `streets` at full size."""
    return store.row("streets", "groundswell", people=FULL)


def best(store: Store, peer: str) -> Row | None:
    """The row of `streets` at which a program does most person-hours in a second."""
    rows = store.rows("streets", peer)
    return max(rows, key=lambda r: r["person_hours_per_s"]) if rows else None


def against(store: Store, peer: str) -> float | None:
    """Person-hours per second of Groundswell at full size, over those of a program in its best row."""
    us, them = ours(store), best(store, peer)
    return us["person_hours_per_s"] / them["person_hours_per_s"] if us and them else None


def floor_s(store: Store) -> dict[str, float] | None:
    """The physical floor of `streets`: bytes that must be moved, and seconds at the machine's copy speed on one thread.

    16 bytes for each coming and each going (who, where, when), and in each hour one read of the group table: a clock
    and the next resistance, 16 bytes a group.
    """
    us, speed = ours(store), store.found["machine"].get("copy_gb_per_s", {}).get("1")
    if not us or not speed:
        return None
    size = settings()["size"]
    events, table = 2 * 16 * us["joins"], 16 * size["places"] * size["groups_per_place"] * us["hours"]
    floor = (events + table) / (speed * 1e9)
    return {"events": events, "table": table, "floor_s": floor, "over": us["wall_s"] / floor}


def even_share(store: Store) -> float | None:
    """Joins per person in 480 hours at which the compiled scan on two threads would be as fast as Groundswell."""
    found, scan = store.found["profile"].get("streets"), store.row("streets", "numba-scan", people=FULL, threads=2)
    if not found or not scan or found["us_per_join"] <= 0:
        return None
    return (scan["wall_s"] - found["clocks_s"] - found["hazards_s"]) / (1e-6 * found["us_per_join"]) / scan["people"]


def lost_share(row: Row) -> float:
    """Share of the workers' time that a row of `ensemble` did not spend in runs."""
    return 1 - row["in_runs_s"] / (row["threads"] * row["wall_s"])
