"""Tables that do not fit each other, and the message each has to give."""

from __future__ import annotations

from bad.edits import Mistake, add_line, both, cell, drop_line

BETWEEN = [
    Mistake(
        "unknown region",
        cell("places.csv", 3, "region", "cost"),
        "places.csv:3: region: given 'cost'",
        "did you mean 'coast'?",
    ),
    Mistake(
        "unknown livelihood",
        cell("enterprises.csv", 2, "livelihood", "industri"),
        "enterprises.csv:2: livelihood",
        "did you mean 'industry'?",
    ),
    Mistake(
        "unknown place",
        cell("sites.csv", 2, "place", "harbor"),
        "sites.csv:2: place: given 'harbor'",
        "did you mean 'harbour'?",
    ),
    Mistake(
        "unknown item",
        cell("prices.csv", 2, "item", "fule"),
        "prices.csv:2: item: given 'fule'",
        "did you mean 'fuel'?",
    ),
    Mistake(
        "unknown outline",
        cell("regions.csv", 2, "outline", "coats"),
        "regions.csv:2: outline: given 'coats'",
        "did you mean 'coast'?",
    ),
    Mistake(
        "unknown scope",
        cell("measures.csv", 8, "scope", "harbour;flaer"),
        "measures.csv:8: scope: given 'flaer'",
        "did you mean 'flare'?",
    ),
    Mistake(
        "scope twice",
        cell("measures.csv", 8, "scope", "flare;flare"),
        "measures.csv:8: scope: given 'flare;flare'",
        "each once",
    ),
    Mistake(
        "unknown exposure",
        cell("items.csv", 2, "exposure", "lpg_share"),
        "items.csv:2: exposure: given 'lpg_share'",
        "all, by_place",
    ),
    Mistake(
        "a place without exposure",
        drop_line("exposure.csv", 3),
        "exposure.csv: place: given no row for fuel in flare",
        "every place",
    ),
    Mistake(
        "exposure of everybody's item",
        cell("exposure.csv", 3, "item", "food"),
        "exposure.csv:3: item: given 'food'",
        "by_place",
    ),
    Mistake(
        "a demand met by what is no measure",
        cell("demands.csv", 3, "met_by", "pay_rise;pay-raise"),
        "demands.csv:3: met_by: given 'pay-raise'",
        "a kind of measure, or an id of measures.csv or ladder.csv",
    ),
    Mistake(
        "more demands than a person can hold",
        both(*(add_line("demands.csv", f"more-{i},More,false,false,") for i in range(3))),
        "demands.csv:10: demand: given 9 demands",
        "at most 8",
    ),
    Mistake(
        "place twice",
        cell("places.csv", 3, "place", "harbour"),
        "places.csv:3: place: given 'harbour'",
        "first on line 2",
    ),
    Mistake(
        "centre elsewhere",
        cell("regions.csv", 2, "centre_place", "milltown"),
        "regions.csv:2: centre_place: given 'milltown'",
        "a place of region coast",
    ),
    Mistake(
        "id of both",
        both(cell("places.csv", 3, "place", "coast")),
        "places.csv:3: place: given 'coast'",
        "a scope could mean either",
    ),
    Mistake(
        "off the map",
        cell("places.csv", 3, "lat_deg", "51"),
        "places.csv:3: lat_deg: given 51",
        "the map of outlines.csv",
    ),
    Mistake(
        "site off the map",
        cell("sites.csv", 3, "lon_deg", "-20"),
        "sites.csv:3: lon_deg: given -20",
        "the map of outlines.csv",
    ),
    Mistake(
        "ring of two",
        drop_line("outlines.csv", 2, 3, 4, 5),
        "outlines.csv:2: part: given 2 points",
        "at least 3 points",
    ),
]
