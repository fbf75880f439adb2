"""A record made from an ACLED export, an extract of UCDP GED, or a plain CSV file of events or claims.

What is read of each format stands in `docs/record.md`; the rules by which events become observations in `grouping`.
ACLED: Raleigh et al. 2010, with the columns of its exports since 2023. UCDP GED: Sundberg & Melander 2013.
"""

from __future__ import annotations

import calendar
import csv
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel

from groundswell.case import Case, CaseError, Problem, load
from groundswell.case.problems import Found, one_of
from groundswell.case.record_rows import RecordClaim, RecordObservation, RecordSource
from groundswell.files import whole
from groundswell.record.claims_file import read_claims
from groundswell.record.grouping import Event, Rows, grouped
from groundswell.record.placing import Gazetteer, read_map, read_table

ACLED_COLUMNS = ("event_date", "event_type", "sub_event_type", "admin1", "location", "source", "fatalities")
UCDP_COLUMNS = ("date_start", "date_end", "type_of_violence", "adm_1", "where_coordinates", "best", "low", "high")

ACLED_KINDS: Mapping[str, tuple[str, ...]] = {
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
_SIZES = (("thousand", 1000), ("hundred", 100), ("dozen", 12), ("ten", 10))
_MONTHS = {m.lower(): n for names in (calendar.month_name, calendar.month_abbr) for n, m in enumerate(names) if m}


@dataclass(frozen=True)
class Imported:
    """What came of an import: the folder, rows by table, and how many events were left out, by reason."""

    folder: Path
    rows: Mapping[str, int]
    left_out: Mapping[str, int]


@dataclass
class _Reading:
    """A file while it is read: its names of places, its mistakes, and what is left out."""

    file: str
    places: Gazetteer
    problems: list[Problem]
    left_out: Counter[str]
    unknown: dict[str, int]

    def wrong(self, line: int, field: str, given: object, allowed: str) -> None:
        self.problems.append(Problem(self.file, line, field, given, allowed))

    def scope(self, line: int, field: str, name: str, region: str) -> str | None:
        """The scope of a name; each unknown one is listed once, with its first line."""
        found = self.places.find(name, region)
        if found is None:
            known = f" in {region}" if region and name else ""
            if (key := f"{name or region}{known}") not in self.unknown:
                case = self.places.case
                words = f"a place or region of {case.id if case else 'a case'}{self.places.hint(name or region)}"
                self.wrong(line, field, key, f"{words}; or a row for it in --scope-map")
            self.unknown[key] = self.unknown.get(key, 0) + 1
        elif not found:
            self.left_out["left out by --scope-map"] += 1
        return found or None

    def day(self, line: int, field: str, cell: str) -> date | None:
        """A day as 2024-01-05 (a time may follow) or 5 January 2024."""
        words = re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]+)[ -](\d{4})", cell)
        try:
            if words:
                return date(int(words[3]), _MONTHS[words[2].lower()], int(words[1]))
            return datetime.fromisoformat(cell).date()
        except (ValueError, KeyError):
            self.wrong(line, field, cell, "a date such as 2024-01-05 or 5 January 2024")
            return None

    def whole(self, line: int, field: str, cell: str) -> int:
        """A whole number from 0 on; blank is 0."""
        if re.fullmatch(r"\d{0,9}(\.0+)?", cell):
            return int(float(cell or 0))
        self.wrong(line, field, cell, "whole number >= 0, or blank")
        return 0


def import_record(
    file: Path, format: str, out: Path, case: str | Path | None = None, scope_map: Path | None = None
) -> Imported:
    """Make a record from a foreign file: the tables sources, observations and claims in a new folder.

    Args:
        file: the CSV file.
        format: "acled", "ucdp" or "csv".
        out: folder to make; written beside its place and renamed.
        case: name or folder of the case whose regions and places the names mean; events outside its window are left
            out. Without one, names become ids that nothing has checked.
        scope_map: CSV file `name,scope` for names that the case does not have; goes before the case's own names.

    Raises:
        CaseError: every mistake at once.
    """
    if format not in _READERS:
        raise CaseError([Problem("--format", None, "", format, one_of(list(_READERS), format))])
    if out.exists() or out.is_symlink():
        raise CaseError([Problem(str(out), None, "", Found("a file or folder of that name"), "a name not taken yet")])
    if not out.parent.is_dir():
        raise CaseError([Problem(str(out.parent), None, "", Found("no such folder"), "a folder to write into")])
    of_case = None if case is None else load(case)
    places = Gazetteer(of_case, read_map(scope_map, of_case) if scope_map else {})
    reading = _Reading(str(file), places, [], Counter(), {})
    rows = _READERS[format](file, reading)
    if reading.problems:
        raise CaseError(sorted(reading.problems, key=lambda p: p.line or 0))
    if not rows.observations:
        raise CaseError([Problem(str(file), None, "", Found("no event to make a record of"), _why(reading.left_out))])
    _write(out, rows)
    counts = {name: len(getattr(rows, name)) for name in ("sources", "observations", "claims")}
    return Imported(out, counts, dict(reading.left_out))


def _why(left_out: Counter[str]) -> str:
    reasons = "; ".join(f"{n} {reason}" for reason, n in left_out.items())
    return f"events of the case's time and places ({reasons})" if reasons else "events of the case's time and places"


def _acled(file: Path, reading: _Reading) -> Rows:
    events = []
    for line, cells in read_table(file, ACLED_COLUMNS, reading.problems):
        day = reading.day(line, "event_date", cells["event_date"])
        dead = reading.whole(line, "fatalities", cells["fatalities"])
        precision = cells.get("time_precision", "1")
        coarse = cells.get("geo_precision") == "3"
        scope = reading.scope(line, "location", "" if coarse else cells["location"], cells["admin1"])
        if day is None or scope is None:
            continue
        start, end = _span(day, precision)
        kinds = ACLED_KINDS.get(cells["sub_event_type"].lower().replace("protestors", "protesters"), ())
        if not kinds and not dead:
            reading.left_out["of other types, without deaths"] += 1
            continue
        unarmed = cells["event_type"].lower() in UNARMED
        events.append(
            Event(
                line,
                start,
                end,
                scope,
                kinds,
                _names(cells["source"]),
                (dead if unarmed else 0, dead),
                (0, 0),
                crowd_size(cells.get("tags", "")),
            )  # fmt: skip
        )
    return _of_events(events, reading, "acled", "ACLED")


def _span(day: date, precision: str) -> tuple[date, date]:
    """Days that ACLED's time_precision leaves open: 1 the day, 2 the week around it, 3 the month."""
    if precision == "2":
        return day - timedelta(days=3), day + timedelta(days=3)
    if precision == "3":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day, day


def crowd_size(tags: str) -> tuple[int, int] | None:
    """People in a crowd, lowest and highest, out of ACLED's tags ("crowd size=about 500"); None where none is given.

    Two numbers are a range, one is itself; "hundreds" is 100 to 999, "several thousand" 2,000 to 9,999.
    """
    found = re.search(r"crowd size\s*=\s*([^;\]]*)", tags.lower())
    if not found:
        return None
    words = re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", found[1])
    numbers = [int(n) for n in re.findall(r"\d{1,8}", words)]
    unit = next((n for word, n in _SIZES if word in words), 1)
    if numbers:
        scaled = [n * (unit if n < unit else 1) for n in numbers[:2]]
        return min(scaled), max(scaled)
    if unit == 1:
        return None
    most = {1000: 9999, 100: 999}.get(unit, 99)
    return (2 * unit if re.search(r"several|few", words) else unit), most


def _ucdp(file: Path, reading: _Reading) -> Rows:
    events = []
    for line, cells in read_table(file, UCDP_COLUMNS, reading.problems):
        start, end = (reading.day(line, name, cells[name]) for name in ("date_start", "date_end"))
        low, best, high = (reading.whole(line, name, cells[name]) for name in ("low", "best", "high"))
        forces = reading.whole(line, "deaths_a", cells.get("deaths_a", "")) if cells["type_of_violence"] == "1" else 0
        coarse = cells.get("where_prec", "1") not in ("1", "2", "3")
        scope = reading.scope(line, "where_coordinates", "" if coarse else cells["where_coordinates"], cells["adm_1"])
        if not low <= best <= high:
            reading.wrong(line, "best", f"low {low}, best {best}, high {high}", "low <= best <= high")
        if start and end and end < start:
            reading.wrong(line, "date_end", cells["date_end"], f"a date not before date_start, {cells['date_start']}")
        if start is None or end is None or scope is None:
            continue
        kinds = ("clash",) if cells["type_of_violence"] in ("1", "2") else ()
        dead = (max(low - forces, 0), max(high - forces, 0))
        events.append(Event(line, start, end, scope, kinds, _offices(cells), dead, (forces, forces)))
    return _of_events(events, reading, "ucdp", "UCDP GED")


def _offices(cells: Mapping[str, str]) -> tuple[str, ...]:
    """Who published the reports of an event: source_office, else the names before the first comma of source_article."""
    if cells.get("source_office"):
        return _names(cells["source_office"])
    articles = re.split(r'"\s*;\s*"|;', cells.get("source_article", "").strip('"'))
    return _names(";".join(article.strip(' "').partition(",")[0] for article in articles))


def _names(cell: str) -> tuple[str, ...]:
    names = dict.fromkeys(name.strip(' "') for name in cell.split(";"))
    return tuple(name for name in names if name) or ("Source not named",)


def _of_events(events: list[Event], reading: _Reading, coder: str, coder_name: str) -> Rows:
    case = reading.places.case
    inside = []
    for e in events:
        if case is None:
            inside.append(e)
        elif e.end < case.start.date() or e.start > last_day(case):
            reading.left_out[f"outside {case.start.date()} to {last_day(case)}"] += 1
        else:
            clipped = max(e.start, case.start.date()), min(e.end, last_day(case))
            inside.append(Event(**{**e.__dict__, "start": clipped[0], "end": clipped[1]}))
    if not inside:
        return Rows()
    first = min(e.start for e in inside) if case is None else case.start.date()
    last = max(e.end for e in inside) if case is None else last_day(case)
    return grouped(inside, coder, coder_name, first, last, names_of(case))


def last_day(case: Case) -> date:
    """The last whole day of a case."""
    return (case.end - timedelta(days=1)).date()


def names_of(case: Case | None) -> Callable[[str], str]:
    """Scope -> its name in titles."""
    known = {"*": "the whole country"}
    for table, column in (("regions", "region"), ("places", "place")):
        known |= {getattr(r, column): r.name for r in case.tables[table].rows} if case else {}
    return lambda scope: ", ".join(known.get(part, part) for part in scope.split(";"))


def _plain(file: Path, reading: _Reading) -> Rows:
    return read_claims(file, reading.places, reading.problems)


def _write(out: Path, rows: Rows) -> None:
    models: dict[str, type[BaseModel]] = {
        "sources": RecordSource,
        "observations": RecordObservation,
        "claims": RecordClaim,
    }
    with whole(out, folder=True) as part:
        for name, model in models.items():
            with (part / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(model.model_fields), lineterminator="\n")
                writer.writeheader()
                for row in getattr(rows, name):
                    model.model_validate(row)
                    writer.writerow(row)


_READERS: Mapping[str, Callable[[Path, _Reading], Rows]] = {"acled": _acled, "ucdp": _ucdp, "csv": _plain}
