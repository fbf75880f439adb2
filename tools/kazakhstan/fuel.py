"""Lays out the market of the gas: events of 2021, and how far each place lies from the border with Russia."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from .geo import OUTLINE_OF, Point, kilometres
from .people import Place

EACH = math.sqrt(2.0) - 1  # two events together double the price in Russia (001:133), in equal parts of its log
DERIVED = "text 001:131-133: the two together double the price in Russia; equal parts of its log are assumed"

# event, kind, from, complete, share by which it raises the price abroad (at home: demand), statement, source, state
EVENTS = (
    (
        "recovery-in-russia", "demand_risen_abroad", "2021-06-01", "2021-08-05", EACH,
        "Demand in Russia recovers in the summer of 2021; it is taken to be complete when the accident comes.",
        DERIVED, "derived",
    ),
    (
        "novy-urengoy", "supply_lost_abroad", "2021-08-05", "2021-08-05", EACH,
        "An accident at the plant near Novy Urengoy takes supply in Russia.", DERIVED, "derived",
    ),
    (
        "tenge-against-ruble", "currency_fallen", "2021-01-01", "2022-01-01", 0.12,
        "The tenge falls by 12 percent against the ruble; spread evenly over 2021.", "text 001:125; dates assumed",
        "estimated",
    ),
    (
        "more-users-at-home", "demand_risen_home", "2021-01-01", "2022-01-01", 0.05,
        "Use at home outgrows output by a twentieth in 2021; no figure for 2021 is at hand.",
        "assumed; use rose from 1.8 to 2.2 million t from 2022 to 2023 (The Times of Central Asia, March 2024)",
        "assumed",
    ),
)  # fmt: skip

# The land border with Russia in Natural Earth: west of the point where it meets the Caspian, or north of the point
# where Russia, China and Kazakhstan meet.
CASPIAN_LON, ALTAI_LAT = 49.23, 49.11
KM_PER_DEG = 6371.0 * math.pi / 180.0
SOURCE = "point of the place to the border with Russia in Natural Earth 1:10m (public domain), great circle"

Edge = tuple[Point, Point]


def events() -> list[dict[str, object]]:
    """Rows of market.csv."""
    columns = ("event", "kind", "from_local", "full_local", "change_share", "statement", "source", "state")
    return [
        dict(zip(columns, (e, kind, f"{a}T00:00", f"{b}T00:00", f"{share:.4f}", *rest), strict=True))
        for e, kind, a, b, share, *rest in EVENTS
    ]


def border(path: Path) -> list[Edge]:
    """Edges of the border with Russia: those of one region alone, between the Caspian and the Altai."""
    owners: Counter[Edge] = Counter()
    ours: set[Edge] = set()
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        for polygon in shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]:
            for ring in polygon:
                points = [(p[0], p[1]) for p in ring]
                for a, b in zip(points, points[1:], strict=False):
                    edge = (min(a, b), max(a, b))
                    owners[edge] += 1
                    if feature["properties"]["adm1_code"] in OUTLINE_OF:
                        ours.add(edge)
    return [e for e in sorted(ours) if owners[e] == 1 and all(p[0] < CASPIAN_LON or p[1] > ALTAI_LAT for p in e)]


def away_km(point: Point, edges: Sequence[Edge]) -> float:
    """Great-circle distance from a point to some short edges; the nearest point is sought on a plane at the point."""
    east = math.cos(math.radians(point[1]))

    def flat(p: Point) -> Point:
        return (p[0] - point[0]) * east * KM_PER_DEG, (p[1] - point[1]) * KM_PER_DEG

    best, nearest = math.inf, point
    for a, b in edges:
        (x0, y0), (x1, y1) = flat(a), flat(b)
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy
        t = min(max(-(x0 * dx + y0 * dy) / length, 0.0), 1.0) if length else 0.0
        away = math.hypot(x0 + t * dx, y0 + t * dy)
        if away < best:
            best, nearest = away, (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))
    return kilometres(point, nearest)


def distances(places: Sequence[Place], path: Path) -> list[dict[str, object]]:
    """Rows of borders.csv."""
    edges = border(path)
    return [
        {
            "place": p.place,
            "neighbour": "Russia",
            "distance_km": f"{away_km((p.lon, p.lat), edges):.0f}",
            "source": SOURCE,
            "state": "derived",
        }
        for p in places
    ]
