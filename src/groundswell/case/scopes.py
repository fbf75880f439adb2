"""Times of a scope: which zone its places keep, and hours since the start of the case on that clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from groundswell.case.tables import Case


def hour_in_scope(case: Case, local: str, scope: Iterable[str]) -> float:
    """Hours since the start of a local time: in the zone of the scope if it has one, else the case's own."""
    named = set(scope)
    sites = {row.place for row in case.tables["sites"].rows if row.site in named}
    zones = {
        row.utc_offset_h
        for row in case.tables["places"].rows
        if named & {"*", row.place, row.region} or row.place in sites
    }
    own = case.start.utcoffset() or timedelta(0)
    return case.hour_of(local, zones.pop() if len(zones) == 1 else own / timedelta(hours=1))
