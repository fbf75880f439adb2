"""Times and people of a scope: the zone that its places keep, hours since the start on that clock, who lives there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from groundswell.case.tables import Case

EVERYBODY, BY_PLACE = "all", "by_place"
"""What items.csv says of whom an item concerns, beside a share of places.csv: everybody, or rows of exposure.csv."""


def places_in_scope(case: Case, scope: Iterable[str]) -> list[Any]:
    """Rows of the places in a scope: those of its regions, its places, and those where its sites stand."""
    named = set(scope)
    sites = {row.place for row in case.tables["sites"].rows if row.site in named}
    return [r for r in case.tables["places"].rows if named & {"*", r.place, r.region} or r.place in sites]


def residents(case: Case, scope: Iterable[str]) -> int:
    """People who live in the places of a scope."""
    return sum(row.population_people for row in places_in_scope(case, scope))


def hour_in_scope(case: Case, local: str, scope: Iterable[str]) -> float:
    """Hours since the start of a local time: in the zone of the scope if it has one, else the case's own."""
    zones = {row.utc_offset_h for row in places_in_scope(case, scope)}
    own = case.start.utcoffset() or timedelta(0)
    return case.hour_of(local, zones.pop() if len(zones) == 1 else own / timedelta(hours=1))
