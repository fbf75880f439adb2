"""Checks of a case in time: prices without gaps, measures and record inside the window, one version used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from groundswell.case.draft import Draft
from groundswell.case.kinds import measure_kinds
from groundswell.case.problems import Found, Problem, nearest
from groundswell.case.tables import MOST_DEMANDS, hours_between


def prices(draft: Draft) -> Iterator[Problem]:
    """Prices in another unit than their item's, or an item without a price at the start."""
    if not draft.has("items", "prices"):
        return
    units = {row.item: row.unit for _, row in draft.rows("items")}
    for line, row in draft.rows("prices"):
        if row.unit != units.get(row.item, row.unit):
            yield draft.problem(
                "prices", line, "unit", row.unit, f"the unit of {row.item} in items.csv, {units[row.item]}"
            )
    if not draft.sound("items", "prices", "regions"):
        return
    mine: dict[str, list[tuple[int, Any]]] = {item: [] for item in units}
    for line, row in draft.rows("prices"):
        if row.item in mine:
            mine[row.item].append((line, row))
    for item, rows in mine.items():
        yield from _from_the_start(draft, "prices", item, rows)


def demands(draft: Draft) -> Iterator[Problem]:
    """More demands than a person can hold, or one that is met by what is no measure."""
    rows = list(draft.rows("demands"))
    if len(rows) > MOST_DEMANDS:
        given = Found(f"{len(rows)} demands")
        yield draft.problem("demands", rows[MOST_DEMANDS][0], "demand", given, f"at most {MOST_DEMANDS}")
    yield from no_measures(draft, "demands", "met_by")


def no_measures(draft: Draft, name: str, column: str) -> Iterator[Problem]:
    """Cells of a column that name neither kinds nor ids of measures."""
    if not (draft.whole("measures") and draft.whole("ladder")):
        return
    known = {*measure_kinds(), *draft.ids("measures", "measure"), *draft.ids("ladder", "rung")}
    for line, row in draft.rows(name):
        for one in getattr(row, column):
            if one not in known:
                words = f"a kind of measure, or an id of measures.csv or ladder.csv{nearest(one, sorted(known))}"
                yield draft.problem(name, line, column, one, words)


def climate(draft: Draft) -> Iterator[Problem]:
    """A region without a temperature of any month."""
    if draft.sound("climate", "regions"):
        given = {row.region for _, row in draft.rows("climate")}
        for region in (row.region for _, row in draft.rows("regions") if row.region not in given):
            words = "for each region a row for a month at least; a month without a row is as the nearest with one"
            yield draft.problem("climate", None, "region", Found(f"no row for {region}"), words)


def wages(draft: Draft) -> Iterator[Problem]:
    """A wage index that begins after the case does."""
    if draft.sound("wages", "regions"):
        rows = list(draft.rows("wages"))
        if rows:
            yield from _from_the_start(draft, "wages", "the wage index", rows)


def _from_the_start(draft: Draft, name: str, what: str, rows: list[tuple[int, Any]]) -> Iterator[Problem]:
    """Each region has a value, its own or that of *, at or before the start of the case."""
    start = draft.head.start
    if start is None:
        return
    first: dict[str, tuple[str, int]] = {}
    for line, row in rows:
        at = (minute(row.from_local), line)
        first[row.region] = min(first.get(row.region, at), at)
    offsets = region_offsets(draft)
    wanting: dict[int | None, list[str]] = defaultdict(list)
    for _, region in draft.rows("regions"):
        own = [first[key] for key in ("*", region.region) if key in first]
        earliest, at_line = min(own, default=("", None))
        offset = offsets.get(region.region, _own_offset(start))
        if at_line is None or hours_between(start, earliest, offset) > 0:
            wanting[at_line].append(region.region)
    for at_line, regions in wanting.items():
        given = Found(f"{what}: no value at the start for {', '.join(regions[:10])}")
        words = f"a row at or before the start of the case, {start.isoformat()}"
        yield draft.problem(name, at_line, "from_local", given, words)


def region_offsets(draft: Draft) -> dict[str, float]:
    """Hours from UTC of each region, taken from its centre, else from any of its places."""
    places = {row.place: row for _, row in draft.rows("places")}
    offsets = {row.region: row.utc_offset_h for row in places.values()}
    for _, row in draft.rows("regions"):
        if row.centre_place in places:
            offsets[row.region] = places[row.centre_place].utc_offset_h
    return offsets


def _own_offset(start: datetime) -> float:
    """Hours from UTC in which the start of the case is written."""
    return (start.utcoffset() or timedelta(0)) / timedelta(hours=1)


def inside(draft: Draft, name: str, rows: Iterable[tuple[int, Any]]) -> Iterator[Problem]:
    """Rows whose time does not overlap the window of the case."""
    start, end = draft.head.start, draft.head.horizon
    if start is None or end is None:
        return
    offsets = region_offsets(draft)
    offsets.update({row.place: row.utc_offset_h for _, row in draft.rows("places")})
    offsets.update({row.site: offsets[row.place] for _, row in draft.rows("sites") if row.place in offsets})
    last = (end - start) / timedelta(hours=1)
    window = f"a time within the case, {start.isoformat()} to {end.isoformat()}"
    for line, row in rows:
        offset = offsets.get(row.scope[0], _own_offset(start))
        if hours_between(start, row.end_local, offset) < 0:
            yield draft.problem(name, line, "end_local", row.end_local, window)
        if hours_between(start, row.start_local, offset) > last:
            yield draft.problem(name, line, "start_local", row.start_local, window)


def end_after_start(draft: Draft, name: str) -> Iterator[Problem]:
    """A row ends before it starts."""
    for line, row in draft.rows(name):
        if minute(row.end_local) < minute(row.start_local):
            yield draft.problem(
                name, line, "end_local", row.end_local, f"a time not before start_local, {row.start_local}"
            )


def minute(local: str) -> str:
    """ISO text padded with seconds, so that texts compare as times do."""
    return local if len(local) > 16 else local + ":00"


def measures(draft: Draft) -> Iterator[Problem]:
    """Measures end before they start, lie outside the case, lack a value, or stand in rival versions."""
    yield from end_after_start(draft, "measures")
    versions: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for line, row in draft.rows("measures"):
        versions[row.measure].append((line, row))
    yield from _values(draft, "measures")
    kinds = measure_kinds()
    acting = [(line, row) for line, row in draft.rows("measures") if row.used and not kinds[row.kind].context]
    yield from inside(draft, "measures", acting)
    if not draft.sound("measures"):
        return
    for measure, rows in versions.items():
        marked = [line for line, row in rows if row.used]
        if len(marked) != 1:
            line = marked[1] if marked else rows[0][0]
            given = Found(f"{len(marked)} of {len(rows)} versions of {measure} used")
            yield draft.problem("measures", line, "used", given, "true for exactly one version of a measure")
        for line, row in rows:
            if len(rows) > 1 and not row.version.strip():
                words = "who says so, since the measure has more than one version"
                yield draft.problem("measures", line, "version", row.version, words)
            if row.kind != rows[0][1].kind:
                words = f"the kind of its first version, {rows[0][1].kind}"
                yield draft.problem("measures", line, "kind", row.kind, words)


def ladder(draft: Draft) -> Iterator[Problem]:
    """A rung lacks its value, follows no rung or itself, or replaces a measure that is not there."""
    yield from _values(draft, "ladder")
    before = {row.rung: row.of_rung for _, row in draft.rows("ladder")}
    known = draft.ids("measures", "measure")
    for line, row in draft.rows("ladder"):
        if (row.trigger == "after") != (row.of_rung != ""):
            words = "the rung it follows, since the trigger is after" if row.of_rung == "" else (
                f"blank, since the trigger is {row.trigger}"
            )  # fmt: skip
            yield draft.problem("ladder", line, "of_rung", row.of_rung, words)
        at, seen = row.of_rung, [row.rung]
        while at in before and at not in seen:
            seen.append(at)
            at = before[at]
        if at == row.rung:
            words = "a rung that does not itself wait for this one"
            yield draft.problem("ladder", line, "of_rung", row.of_rung, words)
        if draft.whole("measures"):
            for given in row.replaces:
                if given not in known:
                    words = f"ids of measures.csv joined by ;{nearest(given, known)}"
                    yield draft.problem("ladder", line, "replaces", given, words)


def _values(draft: Draft, name: str) -> Iterator[Problem]:
    """A measure or rung without the value its kind needs, a value without a unit, or in another unit."""
    kinds = measure_kinds()
    for line, row in draft.rows(name):
        unit = kinds[row.kind].unit or None
        if (unit is not None or kinds[row.kind].valued) and row.value is None:
            yield draft.problem(name, line, "value", "", f"a number, since the kind is {row.kind}")
        if (row.value is None) != (row.unit == ""):
            words = "a unit where there is a value, blank where there is none"
            yield draft.problem(name, line, "unit", row.unit, words)
        elif unit is not None and row.value is not None and row.unit != unit:
            yield draft.problem(name, line, "unit", row.unit, f"{unit}, since the kind is {row.kind}")


def market(draft: Draft) -> Iterator[Problem]:
    """An event of the market is complete before it begins."""
    for line, row in draft.rows("market"):
        if datetime.fromisoformat(row.full_local) < datetime.fromisoformat(row.from_local):
            words = f"a time at or after from_local, {row.from_local}"
            yield draft.problem("market", line, "full_local", row.full_local, words)


def words_and_groups(draft: Draft) -> Iterator[Problem]:
    """A power's word or a group's start lies outside the case."""
    start, end = draft.head.start, draft.head.horizon
    if start is None or end is None:
        return
    last = (end - start) / timedelta(hours=1)
    window = f"a time within the case, {start.isoformat()} to {end.isoformat()}"
    for name, column in (("powers", "said_local"), ("groups", "start_local")):
        for line, row in draft.rows(name):
            given = getattr(row, column)
            if not 0 <= hours_between(start, given, _own_offset(start)) <= last:
                yield draft.problem(name, line, column, given, window)


def calendar(draft: Draft) -> Iterator[Problem]:
    """A day of the calendar lies outside the case."""
    start, end = draft.head.start, draft.head.horizon
    if start is None or end is None:
        return
    day = timedelta(days=1)
    first, last = start.date() - day, end.date() + day
    for line, row in draft.rows("calendar"):
        if not first <= date.fromisoformat(row.date) <= last:
            words = f"a date within the case, {first + day} to {last - day} (a day more for time zones)"
            yield draft.problem("calendar", line, "date", row.date, words)
