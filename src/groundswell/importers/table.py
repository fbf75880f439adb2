"""A foreign CSV file as a table of text: encoding, delimiter, header, and rows that say nothing new."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pandas as pd

from groundswell.case import Problem
from groundswell.case.cells import clean
from groundswell.case.problems import Found, nearest

MOST_BYTES = 500 * 2**20
MOST_COLUMNS = 1000
DELIMITERS = (",", ";", "\t", "|")
FORMATS = {"acled": "an ACLED export", "ucdp": "an extract of UCDP GED", "csv": "a file of claims"}

LAYOUTS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("ACLED", "acled", frozenset({"event_date", "event_type", "sub_event_type"})),
    ("ACLED before 2019, which has no sub_event_type", "", frozenset({"event_date", "event_type", "location"})),
    ("UCDP GED", "ucdp", frozenset({"type_of_violence", "where_coordinates", "date_start"})),
    ("a file of claims", "csv", frozenset({"kind", "place", "source", "start"})),
    ("GDELT", "", frozenset({"globaleventid"})),
    ("Mass Mobilization", "", frozenset({"protestnumber", "participants_category"})),
    ("SCAD", "", frozenset({"etype", "npart", "ndeath"})),
    ("GTD", "", frozenset({"eventid", "iyear", "nkill"})),
    ("ICEWS", "", frozenset({"cameo code", "event date"})),
)
"""What a file may be in the layout of, the format that reads it (blank: none), and columns that tell it."""


def read_table(
    path: Path, needed: tuple[str, ...], problems: list[Problem], said: Counter[str], format: str = "", id: str = ""
) -> pd.DataFrame:
    """Rows of a foreign CSV file as text, their lines as index; empty where it cannot be read.

    Columns may stand in any order and case, and there may be more than needed; cells are parted by comma, semicolon,
    tab or bar, and stripped. A second row of HXL tags and rows that repeat an earlier one are left out and counted in
    `said`. Two rows with one `id` that differ are a mistake. What is wrong is added to the problems.
    """
    text = _text(path, problems)
    if text is None:
        return pd.DataFrame(columns=list(needed))
    lines, rows = _rows(text, path, needed, problems, format)
    if not rows:
        return pd.DataFrame(columns=list(needed))
    frame = pd.DataFrame(rows[1:], index=pd.Index(lines[1:], name="line"), columns=rows[0], dtype=str)
    if len(frame) and _is_tags(rows[1]):
        said["row of HXL tags"] += 1
        frame = frame.iloc[1:]
    again = frame.duplicated()
    said["equal to an earlier row"] += int(again.sum())
    frame = frame[~again]
    if id in frame.columns:
        ids = frame[id][frame[id] != ""]
        first = {name: line for line, name in reversed(list(ids.items()))}
        for line, name in ids[ids.duplicated()].items():
            words = f"one row for each event; line {first[name]} has other cells under this id: keep one of them"
            problems.append(Problem(str(path), int(line), id, name, words))
    if frame.empty and not problems:
        problems.append(Problem(str(path), None, "", Found("no rows"), "a header row and rows"))
    return frame


def _text(path: Path, problems: list[Problem]) -> str | None:
    def refuse(given: str, allowed: str, line: int | None = None) -> str | None:
        problems.append(Problem(str(path), line, "", Found(given), allowed))
        return None

    try:
        if path.stat().st_size > MOST_BYTES:
            return refuse(f"a file of {path.stat().st_size:,} bytes", f"at most {MOST_BYTES:,}: export fewer days")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        return refuse(f"a file that cannot be read ({getattr(error, 'strerror', error)})", "a CSV file")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return refuse("a spreadsheet or an archive", "a CSV file: save the sheet as CSV in UTF-8")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:1000]:
        return refuse("text in UTF-16", "a CSV file in UTF-8: save it anew as CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        given = f"bytes that are not UTF-8 (0x{data[error.start]:02x})"
        return refuse(given, "a CSV file in UTF-8: save it anew as CSV UTF-8", line)


def _rows(
    text: str, path: Path, needed: tuple[str, ...], problems: list[Problem], format: str
) -> tuple[list[int], list[list[str]]]:
    """Line and cells of each row, the header (lower case) first; empty where the header does not fit."""

    def refuse(given: str, allowed: str, line: int | None = None) -> None:
        problems.append(Problem(str(path), line, "", Found(given), allowed))

    nothing: tuple[list[int], list[list[str]]] = ([], [])
    delimiter = _delimiter(text, needed)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[int] = []
    rows: list[list[str]] = []
    line, width = 1, 0
    try:
        for cells in reader:
            at, line = line, reader.line_num + 1
            if not cells:
                continue
            if not rows:
                width = len(cells)
                rows.append([cell.strip().lower() for cell in cells])
                lines.append(at)
                if not _header_fits(rows[0], path, needed, problems, format):
                    return nothing
            elif len(cells) == width:
                rows.append([clean(cell) for cell in cells])
                lines.append(at)
            else:
                refuse(f"{len(cells)} cells", f"{width} cells, as in the header row", at)
    except csv.Error as error:
        refuse(f"a row that breaks off ({error})", "CSV with quotes closed", line)
    if len(rows) < 2 and not problems:
        refuse("no rows", "a header row and rows")
    return lines, rows


def _delimiter(text: str, needed: tuple[str, ...]) -> str:
    """What parts cells: that which finds most of the needed columns in the first row, then most columns."""

    def fits(delimiter: str) -> tuple[int, int]:
        try:
            names = next(csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        known = {name.strip().lower() for name in names}
        return sum(name in known for name in needed), len(names)

    return max(DELIMITERS, key=fits)


def _header_fits(names: list[str], path: Path, needed: tuple[str, ...], problems: list[Problem], format: str) -> bool:
    """Whether a header has the needed columns, each once; what it looks like is said where not."""

    def refuse(field: str, given: str, allowed: str) -> None:
        problems.append(Problem(str(path), 1, field, Found(given), allowed))

    count = Counter(names)
    if len(names) > MOST_COLUMNS:
        refuse("", f"{len(names):,} columns", f"at most {MOST_COLUMNS:,}")
        return False
    missing = [name for name in needed if name not in count]
    twice = [name for name in needed if count[name] > 1]
    for name in twice:
        refuse(name, f"{count[name]} columns of that name", "each column once")
    if not missing:
        return not twice
    looks, read_by = next(((name, by) for name, by, tells in LAYOUTS if tells <= count.keys()), ("", format))
    if read_by and read_by != format:
        refuse(
            "", f"a file in the layout of {looks}", f"{FORMATS.get(format, format)}; read it with --format {read_by}"
        )
    elif looks and not read_by:
        again = "an ACLED export with the column sub_event_type, which tells kinds of events apart: export it anew"
        words = f"{', '.join(FORMATS.values())}; make one of claims out of it (docs/record.md)"
        refuse("", f"a file in the layout of {looks}", again if looks.startswith("ACLED") else words)
    elif len(names) == 1:
        refuse("", "one column", f"{FORMATS.get(format, 'a table')} with cells parted by comma, semicolon, tab or bar")
    else:
        for name in missing:
            refuse(name, "no such column", f"a column {name!r}{nearest(name, names)}")
    return False


def _is_tags(cells: list[str]) -> bool:
    """Whether a row is one of HXL tags ("#date+start") and not of values."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(cell.startswith("#") for cell in filled)
