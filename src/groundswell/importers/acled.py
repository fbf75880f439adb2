"""ACLED exports (Raleigh et al. 2010, with the columns of its exports since 2019) read as events."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from groundswell.importers.events import Event, named, within
from groundswell.importers.reading import Reading
from groundswell.importers.sizes import MOST_PEOPLE, Size, crowd_size, tagged_size
from groundswell.importers.table import read_table

COLUMNS = ("event_date", "event_type", "sub_event_type", "admin1", "location", "source", "fatalities")

KINDS: Mapping[str, tuple[str, ...]] = {
    "peaceful protest": ("crowd",),
    "protest with intervention": ("crowd", "force_used"),
    "excessive force against protesters": ("crowd", "force_used"),
    "violent demonstration": ("crowd", "clash"),
    "mob violence": ("crowd", "clash"),
    "armed clash": ("clash",),
    "non-state actor overtakes territory": ("clash", "site"),
    "government regains territory": ("clash",),
    "looting/property destruction": ("looting",),
    "arrests": ("arrested",),
}
"""Sub-event type -> kinds of observation. Events of other types count for deaths alone."""

UNARMED = ("protests", "violence against civilians")  # event types whose dead are not of the forces, by definition
NO_SIZE = "sizes of crowds without a number (their events are kept)"


def events(file: Path, reading: Reading) -> list[Event]:
    """The events of an export that lie in the window and the country of the case."""
    frame = read_table(file, COLUMNS, reading.problems, reading.left_out, "acled", "event_id_cnty")
    frame = frame.assign(day=reading.days(frame, "event_date"), time=reading.codes(frame, "time_precision", 3, 1))
    spans = [(None, None) if day is None else span(day, time) for day, time in zip(frame.day, frame.time, strict=True)]
    frame["start"], frame["end"] = zip(*spans, strict=True) if spans else ((), ())
    frame = reading.of_country(reading.in_window(frame, frame.start, frame.end))
    frame["dead"] = reading.whole(frame, "fatalities")
    frame["coarse"] = reading.codes(frame, "geo_precision", 3, 1) == 3
    for column in ("event_id_cnty", "tags", "notes"):
        frame[column] = frame.get(column, "")
    reading.short(frame, "source", "event_id_cnty")
    out = []
    for row in frame.itertuples():
        kinds = KINDS.get(row.sub_event_type.lower().replace("protestors", "protesters"), ())
        if not kinds and not row.dead:
            reading.left_out["of other types, without deaths"] += 1
            continue
        scope = reading.scope(row.Index, "location", "" if row.coarse else row.location, row.admin1, row.coarse)
        if scope is None or row.start is None:
            continue
        low = row.dead if row.event_type.lower() in UNARMED else 0
        around = reading.places.around(scope, row.admin1)
        size = _size(row, reading) if "crowd" in kinds else None
        event = Event(
            row.Index, row.start, row.end, scope, around, kinds, named(row.source), (low, row.dead), (0, 0), size,
            row.event_id_cnty, row.notes,
        )  # fmt: skip
        out += within(event, reading)
    return out


def span(day: date, precision: int) -> tuple[date, date]:
    """Days that ACLED's time_precision leaves open: 1 the day, 2 the week around it, 3 the month."""
    if precision == 2:
        return day - timedelta(days=3), day + timedelta(days=3)
    if precision == 3:
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day, day


def _size(row: object, reading: Reading) -> Size | None:
    """The size of a crowd by the tags, else by the notes, as older exports have it."""
    words = tagged_size(row.tags, row.notes)  # type: ignore[attr-defined]
    if words is None:
        return None
    size = crowd_size(words)
    if size is None:
        reading.said[NO_SIZE] += 1
    elif max(size.low or 0, size.high or 0) > MOST_PEOPLE:
        reading.wrong(row.Index, "tags", words, f"a size up to {MOST_PEOPLE:,}")  # type: ignore[attr-defined]
        return None
    return size
