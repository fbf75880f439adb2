"""A plain CSV file of claims, one row each, read into the three tables of a record.

Rows that look at the same thing (kind, form, place, window, unit, definition) are claims about one observation, so that
contradictions stay beside each other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from groundswell.case import Problem
from groundswell.case.checks_record import BOUNDS
from groundswell.case.kinds import HARM_KINDS, UNIT_OF_FORM, observation_kinds
from groundswell.case.problems import one_of
from groundswell.case.record_rows import RecordClaim, RecordObservation, RecordSource
from groundswell.case.schema import allowed_text
from groundswell.importers.events import Row, Rows, day_end, day_start, joined, source_id
from groundswell.importers.reading import FIRST_YEAR, LAST_YEAR, Reading
from groundswell.importers.table import read_table
from groundswell.record.frame import key_of

NEEDED = ("kind", "place", "start", "end", "source")
OPTIONAL = {
    "region": "", "form": "", "low": "", "high": "", "unit": "", "least": "", "window_start": "", "window_end": "",
    "title": "", "definition": "", "line": "", "stance": "states", "origin": "", "statement": "", "set": "weigh",
    "mode": "both",
}  # fmt: skip
"""Columns that may be missing or blank -> what stands for them."""

PEOPLE_KINDS = (*HARM_KINDS, "crowd", "centre_crowd", "calm", "stand_by", "live_fire", "arrival")
"""Kinds that count people where no unit is given."""


def read_claims(file: Path, reading: Reading) -> Rows:
    """Rows of the record's tables; what is wrong is added to the reading's mistakes."""
    out = Rows()
    first: dict[tuple[str, str], int] = {}
    observations: dict[str, Row] = {}
    sources: dict[str, Row] = {}
    frame = read_table(file, NEEDED, reading.problems, reading.left_out, "csv")
    for line, given in zip(frame.index, frame.to_dict("records"), strict=True):
        cells = OPTIONAL | {str(k): v for k, v in given.items() if v or k not in OPTIONAL}
        row = _Line(file, int(line), cells, reading)
        pair = _rows(row)
        if pair is None:
            continue
        observation, claim = pair
        key = observation["observation"], claim["source"]
        if key in first:
            row.wrong("source", f"one row of a source for one observation; its first is on line {first[key]}")
            continue
        first[key] = row.line
        observations.setdefault(key[0], observation)
        out.claims.append(claim)
        sources.setdefault(key[1], _source(row))
    out.observations, out.sources = list(observations.values()), list(sources.values())
    return out


@dataclass(frozen=True)
class _Line:
    """A row of the file: its cells with what stands for blank ones, and where to put its mistakes."""

    file: Path
    line: int
    cells: Mapping[str, str]
    reading: Reading

    @property
    def problems(self) -> list[Problem]:
        """Mistakes found so far."""
        return self.reading.problems

    def wrong(self, field: str, allowed: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(str(self.file), self.line, field, self.cells[field], allowed))


def _source(row: _Line) -> Row:
    name = row.cells["source"]
    return {"source": source_id(name), "name": name, "kind": "press", "weight": "1", "note": ""}


def _rows(row: _Line) -> tuple[Row, Row] | None:
    """The observation and the claim of a row; None where it is wrong or left out."""
    cells, before = row.cells, len(row.problems)
    kind, place = cells["kind"], cells["place"]
    scope = "*" if place == "*" else row.reading.scope(row.line, "place", place, cells["region"])
    kinds = observation_kinds()
    form = cells["form"] or kinds.get(kind, ("",))[0]
    if kind not in kinds or kind == "order":
        row.wrong("kind", one_of([k for k in kinds if k != "order"], kind, most=len(kinds)))
    elif form not in kinds[kind]:
        row.wrong("form", f"{one_of(kinds[kind], form)}, since the kind is {kind}")
    else:
        _bounds(row, form)
    times = _times(row, form)
    if not scope or times is None or len(row.problems) > before:
        return None
    (start, end), said = times
    unit = UNIT_OF_FORM.get(form, cells["unit"] or ("people" if kind in PEOPLE_KINDS else "count"))
    of_all = (kind, form, scope, start, end, unit, cells["least"], cells["definition"])
    id = joined(kind, f"{key_of(*of_all) % 16**8:08x}")
    source = source_id(cells["source"])
    observation = {
        "observation": id, "title": cells["title"] or f"{kind.replace('_', ' ').capitalize()} in {place}", "kind": kind,
        "form": form, "unit": unit, "least": cells["least"], "scope": scope, "start_local": start, "end_local": end,
        "of": "", "definition": cells["definition"] or f"As the rows of {row.file.name} mean it.", "set": cells["set"],
        "mode": cells["mode"], "note": "",
    }  # fmt: skip
    claim = {
        "claim": joined(id, source), "observation": id, "source": source, "line": cells["line"] or str(row.line),
        "stance": cells["stance"], "start_local": said[0], "end_local": said[1], "low": cells["low"],
        "high": cells["high"], "origin": cells["origin"],
        "statement": cells["statement"] or f"Line {row.line} of {row.file.name}.",
    }  # fmt: skip
    _allowed(row, RecordObservation, observation)
    _allowed(row, RecordClaim, claim)
    _allowed(row, RecordSource, _source(row))
    return None if len(row.problems) > before else (observation, claim)


def _times(row: _Line, form: str) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Window of the observation, and the interval of the claim (of hours alone)."""
    ends: dict[str, str] = {}
    for field in ("start", "end", "window_start", "window_end"):
        if row.cells[field] or field in ("start", "end"):
            local = _local(row.cells[field], at_end=field.endswith("end"))
            if local is None:
                row.wrong(field, "a date, or a local time such as 2024-01-05T18:00")
            else:
                ends[field] = local
    if not {"start", "end"} <= ends.keys():
        return None
    said = ends["start"], ends["end"]
    if said[1] < said[0] or (said[1] == said[0] and form != "hour"):
        row.wrong("end", f"a time after start, {row.cells['start']}")
        return None
    if form != "hour":
        return said, ("", "")
    case = row.reading.case
    start = ends.get("window_start") or (case.start.isoformat()[:16] if case else said[0])
    end = ends.get("window_end") or (case.end.isoformat()[:16] if case else said[1])
    if start > said[0] or end < said[1]:
        row.wrong("start", f"with end inside the window, {start} to {end}")
        return None
    return (start, end), said


_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?: 00:00:00(?:\.0+)?)?")  # as a spreadsheet writes a day


def _local(cell: str, at_end: bool) -> str | None:
    """A local time to the minute; a date alone is its first minute, or as an end that of the next day."""
    try:
        if day := _DAY.fullmatch(cell):
            on = date.fromisoformat(day[1])
            moment = datetime.fromisoformat(day_end(on) if at_end else day_start(on))
        else:
            moment = datetime.fromisoformat(cell)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is not None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.isoformat(timespec="minutes")


def _bounds(row: _Line, form: str) -> None:
    """Low and high as the form has them."""
    given = {field: row.cells[field] for field in ("low", "high") if row.cells[field]}
    if form == "hour":
        for field in given:
            row.wrong(field, "blank, since the form is hour: write start and end")
        return
    least, most, whole, words = BOUNDS[form]
    values = {field: _number(cell) for field, cell in given.items()}
    for field, value in values.items():
        if not least <= value <= most or (whole and value != int(value)):
            row.wrong(field, f"{words}, since the form is {form}")
    if len(values) == 2 and values["low"] > values["high"]:
        row.wrong("high", f"at least low, {given['low']}")
    if not values and form != "yes" and row.cells["stance"] != "denies":
        row.wrong("low", f"low or high, since the form is {form}")


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _allowed(row: _Line, model: type[Any], cells: Row) -> None:
    """Note what the table does not allow, by the column of the file."""
    try:
        model.model_validate(cells)
    except ValidationError as error:
        for name in dict.fromkeys(str(one["loc"][0]) for one in error.errors(include_url=False)):
            field = {"start_local": "start", "end_local": "end", "scope": "place", "name": "source"}.get(name, name)
            words = allowed_text(model, name, cells[name])
            row.problems.append(Problem(str(row.file), row.line, field, cells[name], words))
