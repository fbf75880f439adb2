"""A record made from an ACLED export, an extract of UCDP GED, or a plain CSV file of claims.

What is read of each format stands in `docs/record.md`; the rules by which events become observations in `events`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from groundswell.case import Case, CaseError, Problem, load
from groundswell.case.problems import Found, one_of
from groundswell.case.record_rows import RecordClaim, RecordObservation, RecordSource
from groundswell.case.schema import allowed_text
from groundswell.files import as_text, whole
from groundswell.importers import acled, ucdp
from groundswell.importers.claims import read_claims
from groundswell.importers.events import Event, Rows, grouped
from groundswell.importers.names import EVERYWHERE, Gazetteer, read_map
from groundswell.importers.reading import Reading, last_day

MODELS: dict[str, type[BaseModel]] = {
    "sources": RecordSource, "observations": RecordObservation, "claims": RecordClaim,
}  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What came of an import: the folder, rows by table, how many rows were left out, by reason, and what else to say.

    said: number of rows by what is to be known of them.
    """

    folder: Path
    rows: Mapping[str, int]
    left_out: Mapping[str, int]
    said: Mapping[str, int]


def import_record(
    file: Path,
    format: str,
    out: Path,
    case: str | Path | None = None,
    scope_map: Path | None = None,
    country: str = "",
) -> Imported:
    """Make a record from a foreign file: the tables sources, observations and claims in a new folder.

    Args:
        file: the CSV file.
        format: "acled", "ucdp" or "csv".
        out: folder to make; written beside its place and renamed.
        case: name or folder of the case whose regions and places the names mean; events outside its window are left
            out. Without one, names become ids that nothing has checked.
        scope_map: CSV file `name,scope` for names that the case does not have; goes before the case's own names.
        country: events of other countries are left out; by default the one that the case's title or summary names.

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
    reading = Reading(str(file), places, country)
    rows = _READERS[format](file, reading)
    if not reading.problems:
        reading.problems += _not_allowed(str(file), rows)
    if reading.problems:
        raise CaseError(sorted(reading.problems, key=lambda p: p.line or 0))
    left_out = {reason: n for reason, n in reading.left_out.items() if n}
    if not rows.observations:
        raise CaseError([Problem(str(file), None, "", Found("no event to make a record of"), _why(left_out))])
    _write(out, rows)
    counts = {name: len(getattr(rows, name)) for name in MODELS}
    return Imported(out, counts, left_out, dict(reading.said))


def _why(left_out: Mapping[str, int]) -> str:
    reasons = "; ".join(f"{n} {reason}" for reason, n in left_out.items())
    return f"events of the case's time and places ({reasons})" if reasons else "events of the case's time and places"


def _of_events(read: Callable[[Path, Reading], list[Event]], coder: str, name: str) -> Callable[[Path, Reading], Rows]:
    """A reader that makes a record of the events of a data set."""

    def rows(file: Path, reading: Reading) -> Rows:
        events, case = read(file, reading), reading.case
        if not events or reading.problems:
            return Rows()
        first = min(e.start for e in events) if case is None else case.start.date()
        last = max(e.end for e in events) if case is None else last_day(case)
        return grouped(events, coder, name, first, last, names_of(case))

    return rows


def names_of(case: Case | None) -> Callable[[str], str]:
    """Scope -> its name in titles."""
    known = {EVERYWHERE: "the whole country"}
    for table, column in (("regions", "region"), ("places", "place")):
        known |= {getattr(r, column): r.name for r in case.tables[table].rows} if case else {}
    return lambda scope: ", ".join(known.get(part, part) for part in scope.split(";"))


def _not_allowed(file: str, rows: Rows) -> list[Problem]:
    """What the tables of a record do not allow, such as a name that is too long; the line where one is known."""
    found: list[Problem] = []
    for table, model in MODELS.items():
        for row in getattr(rows, table):
            try:
                model.model_validate(row)
            except ValidationError as error:
                for field in dict.fromkeys(str(one["loc"][0]) for one in error.errors(include_url=False)):
                    given = row[field]
                    words = allowed_text(model, field, given)
                    where = f"{table}.{field} of {row[table.removesuffix('s')]}"
                    found.append(Problem(file, None, where, given, words))
    return found


def _write(out: Path, rows: Rows) -> None:
    with whole(out, folder=True) as part:
        for name, model in MODELS.items():
            with (part / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(model.model_fields), lineterminator="\n")
                writer.writeheader()
                writer.writerows({k: as_text(cell) for k, cell in row.items()} for row in getattr(rows, name))


_READERS: Mapping[str, Callable[[Path, Reading], Rows]] = {
    "acled": _of_events(acled.events, "acled", "ACLED"),
    "ucdp": _of_events(ucdp.events, "ucdp", "UCDP GED"),
    "csv": read_claims,
}
