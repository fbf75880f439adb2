"""Extracts of UCDP GED (Sundberg & Melander 2013) read as events."""

from __future__ import annotations

import re
from pathlib import Path

from groundswell.importers.events import UNNAMED, Event, named, within
from groundswell.importers.reading import Reading
from groundswell.importers.table import read_table

COLUMNS = ("date_start", "date_end", "type_of_violence", "adm_1", "where_coordinates", "best", "low", "high")
_TOWN, _REGION, _SEA = 3, 5, 7  # where_prec up to which a town and a region are known; sea and air
_ARTICLE = re.compile(r'"\s*;\s*"')
_PAPER = re.compile(r"\s*([^,;]+),\s*\d{4}-\d\d-\d\d\s*,")


def events(file: Path, reading: Reading) -> list[Event]:
    """The events of an extract that lie in the window and the country of the case."""
    frame = read_table(file, COLUMNS, reading.problems, reading.left_out, "ucdp", "id")
    frame = frame.assign(start=reading.days(frame, "date_start"), end=reading.days(frame, "date_end"))
    for line, start, end in zip(frame.index, frame.start, frame.end, strict=True):
        if start is not None and end is not None and end < start:
            words = f"a date not before date_start, {frame.at[line, 'date_start']}"
            reading.wrong(line, "date_end", frame.at[line, "date_end"], words)
    frame = reading.of_country(reading.in_window(frame, frame.start, frame.end))
    for column in ("low", "best", "high", "deaths_a"):
        frame[column] = reading.whole(frame, column)
    frame["type"] = reading.codes(frame, "type_of_violence", 3, 3)
    frame["where"] = reading.codes(frame, "where_prec", 7, 1)
    for column in ("id", "source_office", "source_article", "source_headline"):
        frame[column] = frame.get(column, "")
    reading.short(frame, "source_office", "source_article", "id")
    out = []
    for row in frame.itertuples():
        if not row.low <= row.best <= row.high:
            given = f"low {row.low}, best {row.best}, high {row.high}"
            reading.wrong(row.Index, "best", given, "low <= best <= high")
        if row.where == _SEA:
            reading.left_out["at sea or in the air"] += 1
            continue
        region = row.adm_1 if row.where <= _REGION else ""
        place = row.where_coordinates if row.where <= _TOWN else ""
        scope = reading.scope(row.Index, "where_coordinates", place, region, row.where > _TOWN)
        if scope is None or row.start is None or row.end is None:
            continue
        forces = row.deaths_a if row.type == 1 else 0
        kinds = ("clash",) if row.type in (1, 2) else ()
        dead = (max(row.low - forces, 0), max(row.high - forces, 0))
        note = row.source_headline or row.source_article.replace('"', "")
        event = Event(
            row.Index, row.start, row.end, scope, reading.places.around(scope, region), kinds,
            _offices(row.source_office, row.source_article), dead, (forces, forces), None, row.id, note,
        )  # fmt: skip
        out += within(event, reading)
    return out


def _offices(office: str, article: str) -> tuple[str, ...]:
    """Who published the reports of an event: source_office, else what stands before the date of each source_article.

    Articles are in quotes and parted by semicolons; a semicolon inside a headline parts nothing.
    """
    if office:
        return named(office)
    articles = _ARTICLE.split(article.strip(' "'))
    if len(articles) == 1 and not article.lstrip().startswith('"'):
        parts = article.split(";")
        dated = [part for part in parts if _PAPER.match(part)]
        articles = dated or parts
    papers = dict.fromkeys(one.partition(",")[0].strip(' "') for one in articles)
    return tuple(paper for paper in papers if paper) or (UNNAMED,)
