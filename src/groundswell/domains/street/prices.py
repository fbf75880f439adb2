"""The price of the item at issue by place and hour, from dated prices and from the measures on prices.

Dated prices and steps hold by time, a cut never raises a price, and caps bind while they stand.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from groundswell.world.world import Measure, World

ON_PRICES = ("price_step", "price_cut", "price_cap")


class PricePath:
    """Recorded prices of the item at issue; `before` (P,) is what it cost before the case began, 0: no price is."""

    def __init__(self, world: World):
        dated = world.path("prices", "price", world.item_at_issue)
        before = np.full(world.places, np.nan)
        for hour, places, price in dated:  # the last before the start, else the first there is
            before[places if hour < 0 else places & np.isnan(before)] = price
        self.before = np.nan_to_num(before)
        self.dated = [(hour, _told_once(world, hour, places, price), price) for hour, places, price in dated]

    def at(self, hour: float, measures: Sequence[Measure]) -> np.ndarray:
        """(P,) price at an hour under measures that stand or are done."""
        price = self.before.copy()
        ordered = [m for m in measures if m.kind in ("price_step", "price_cut") and not np.isnan(m.value)]
        steps = [(m.start_h, m.places, m.value, m.kind == "price_cut") for m in ordered]
        dated = [(*row, False) for row in self.dated]
        for since, places, value, cut in sorted(dated + steps, key=lambda x: x[0]):
            if since <= hour:  # a cut never raises a price
                price[places] = np.minimum(price[places], value) if cut else value
        for m in caps(measures):
            price[m.places] = np.minimum(price[m.places], m.value)
        return price

    @property
    def hours(self) -> list[float]:
        """Hours at which a dated price begins."""
        return [hour for hour, _, _ in self.dated]


def caps(measures: Sequence[Measure]) -> list[Measure]:
    """Caps at a price; a freeze that is given in months names no price."""
    return [m for m in measures if m.kind == "price_cap" and "month" not in m.unit and not np.isnan(m.value)]


def closed(high: np.ndarray, price: np.ndarray | float, demanded: np.ndarray) -> np.ndarray:
    """(P,) share of the gap between the highest and the demanded price that a price closes."""
    gap = high - demanded
    share = np.divide(high - price, gap, out=np.zeros(len(high)), where=gap > 0)
    return np.clip(share, 0.0, 1.0)


def _told_once(world: World, hour: float, places: np.ndarray, price: float) -> np.ndarray:
    """Places where a dated price stands for itself: a step that is recorded as a measure too is the measure's."""
    if hour < 0:
        return places
    told = np.zeros_like(places)
    for m in world.recorded:  # as recorded, whatever a run changes
        if m.kind in ON_PRICES and m.value == price and abs(m.start_h - hour) < 24.0:
            told |= m.places
    return places & ~told
