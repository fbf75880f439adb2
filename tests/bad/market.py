"""The market and the borders of the item at issue that do not fit, and the message each has to give."""

from __future__ import annotations

from bad.edits import Mistake, cell, link_outside

MARKET = [
    Mistake(
        "event of no kind",
        cell("market.csv", 2, "kind", "demand_risen"),
        "market.csv:2: kind: given 'demand_risen'",
        "one of supply_lost_abroad, demand_risen_abroad, currency_fallen, demand_risen_home",
    ),
    Mistake(
        "event twice",
        cell("market.csv", 3, "event", "northland-busy"),
        "market.csv:3: event: given 'northland-busy'",
        "first on line 2",
    ),
    Mistake(
        "event complete before it begins",
        cell("market.csv", 3, "full_local", "2030-01-31T00:00"),
        "market.csv:3: full_local: given '2030-01-31T00:00'",
        "a time at or after from_local, 2030-02-01T00:00",
    ),
    Mistake(
        "change over all",
        cell("market.csv", 3, "change_share", "1.5"),
        "market.csv:3: change_share: given '1.5'",
        "number from 0 to 1",
    ),
    Mistake(
        "border of no place",
        cell("borders.csv", 2, "place", "harbor"),
        "borders.csv:2: place: given 'harbor'",
        "did you mean 'harbour'?",
    ),
    Mistake(
        "border behind the place",
        cell("borders.csv", 2, "distance_km", "-3"),
        "borders.csv:2: distance_km: given '-3'",
        "number from 0 to 20000",
    ),
    Mistake(
        "market that leads outside",
        link_outside("market.csv"),
        "market.csv: given a link that leads outside the folder;",
        "a plain file inside the case folder",
    ),
]
