"""The market of the item at issue as arrays: its dated events, who uses the item, and how far the border is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from groundswell.world.world import World

KINDS = ("supply_lost_abroad", "demand_risen_abroad", "currency_fallen", "demand_risen_home")
"""Kinds of events, by the number that stands for them in arrays."""


@dataclass(frozen=True)
class Market:
    """N events of market.csv, and P places."""

    id: list[str]
    kind: np.ndarray  # (N,) int, index into KINDS
    from_h: np.ndarray  # (N,) hours since the start, below 0 before it
    full_h: np.ndarray
    share: np.ndarray  # (N,) by which it raises the price abroad (at home: demand), once complete
    border_km: np.ndarray  # (P,) to the nearest border of borders.csv; inf: none
    users: np.ndarray  # (P,) inhabitants who depend on the item at issue
    old_price: np.ndarray  # (P,) first dated price of the item, money/unit; nan: none


def market(world: World) -> Market:
    """Rows of market.csv and borders.csv, with the users and the first price of the item at issue."""
    table, borders = world.case.tables["market"], world.case.tables["borders"]
    everywhere = np.ones(world.places, bool)
    border = np.full(world.places, np.inf)
    at = {p: i for i, p in enumerate(world.place_id)}
    for row in borders.rows:
        border[at[row.place]] = min(border[at[row.place]], float(row.distance_km))
    item = world.item_at_issue
    users = world.people * world.exposure(item) if item else np.zeros(world.places)
    return Market(
        [str(x) for x in table.column("event")],
        np.array([KINDS.index(x) for x in table.column("kind")], np.int64),
        np.array([world.hour_of(x, everywhere) for x in table.column("from_local")], float),
        np.array([world.hour_of(x, everywhere) for x in table.column("full_local")], float),
        table.column("change_share"),
        border,
        users,
        first_price(world, item),
    )


def first_price(world: World, item: str) -> np.ndarray:
    """(P,) first dated price of an item; of two at one time that of the narrower scope."""
    price, since = np.full(world.places, np.nan), np.full(world.places, np.nan)
    for hour, places, value in world.path("prices", "price", item):  # by time, the wider scope first
        mine = places & (np.isnan(price) | (since == hour))
        price[mine], since[mine] = value, hour
    return price
