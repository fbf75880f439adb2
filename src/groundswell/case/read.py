"""Safe reading of the files of a case: sizes, links, encoding, TOML and CSV with line numbers."""

from __future__ import annotations

import csv
import io
import re
import stat
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from groundswell.case.cells import hidden
from groundswell.case.moved import moved, new
from groundswell.case.problems import Found, Problem, nearest, one_of

MOST_BYTES = 20 * 1024 * 1024
MOST_TOML_BYTES = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_HEADER = re.compile(r"\s*\[\[?([^\[\]]+)\]")
MOST_DEEP = 16
MOST_COLUMNS_LISTED = 100
_KEY = r"(?>[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_DEEP = re.compile(rf"{_KEY}(?:[ \t]*+\.[ \t]*+{_KEY}){{{MOST_DEEP},}}+")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column (\d+)\)")


LINES = str.maketrans({"\n": " ", "\r": " ", "\t": " "})
PLAIN = "text without control characters and marks of direction"
RECORD = ("sources", "observations", "claims", "calibration")
"""Tables of the record; they stand in a folder of their own."""


def file_of(table: str) -> str:
    """The file of a table inside the folder of a case."""
    return f"record/{table}.csv" if table in RECORD else f"{table}.csv"


@dataclass
class RawTable:
    """A CSV file as text: one dict per row, with the line each row starts at."""

    name: str
    cells: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    complete: bool = True

    @property
    def file(self) -> str:
        """Name of the file."""
        return file_of(self.name)


@dataclass
class RawToml:
    """A TOML file: its values, and its text to look up lines in."""

    file: str
    values: dict[str, Any]
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return self.text.splitlines()

    @cached_property
    def heads(self) -> dict[str, int]:
        """Line number of each table's header."""
        found: dict[str, int] = {}
        for number, line in enumerate(self.lines, start=1):
            if header := _HEADER.match(line):
                found.setdefault(re.sub(r"""[\s"']""", "", header.group(1)), number)
        return found

    def line_of(self, table: str, key: str = "") -> int | None:
        """Line of a table's header, or of a key below it; the nearest line above where there is none."""
        head = self.heads.get(table)
        if head is None:
            above, dot, last = table.rpartition(".")
            return self.line_of(above, last) if dot else self._first_below(table)
        if key:
            wanted = re.compile(r"""\s*["']?""" + re.escape(key) + r"""["']?\s*[=.]""")
            for number, line in enumerate(self.lines[head:], start=head + 1):
                if wanted.match(line):
                    return number
                if line.lstrip().startswith("["):
                    break
        return head

    def _first_below(self, table: str) -> int | None:
        """Line of the first header that begins with a table's name, or of a key of that name at the top."""
        below = [number for head, number in self.heads.items() if head.startswith(table + ".")]
        if below:
            return min(below)
        wanted = re.compile(r"""\s*["']?""" + re.escape(table) + r"""["']?\s*[=.]""")
        return next((number for number, line in enumerate(self.lines, start=1) if wanted.match(line)), None)


def read_text(folder: Path, file: str, problems: list[Problem], where: str = "the case folder") -> str | None:
    """The text of one file of the folder, called `where`, or None with the reason added to the problems."""

    def refuse(given: str, allowed: str, line: int | None = None) -> None:
        problems.append(Problem(file, line, "", Found(given), allowed))

    path = folder / file
    most = MOST_BYTES if file.endswith(".csv") else MOST_TOML_BYTES
    size = f"at most {most:,} bytes ({most // 2**20} MiB)"
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            refuse("a link that leads outside the folder", f"a plain file inside {where}")
            return None
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            refuse("no plain file", f"a plain file inside {where}")
            return None
        if about.st_size > most:
            refuse(f"a file of {about.st_size:,} bytes", size)
            return None
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError:
        refuse("no such file", f"a file named {file} in {where}{new(file)}")
        return None
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a link that leads to itself"
        refuse(f"a file that cannot be read ({reason})", "a readable file")
        return None
    if len(data) > most:
        refuse("a file that grows while it is read", size)
        return None
    if not data.strip():
        refuse("an empty file", "a header row and rows" if file.endswith(".csv") else "TOML tables")
        return None
    if data.startswith((_BOM, b"\xff\xfe", b"\xfe\xff")):
        refuse("a byte-order mark", "UTF-8 without a byte-order mark", line=1)
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        refuse(f"bytes that are not UTF-8 (0x{data[error.start]:02x})", "UTF-8 text", line)
        return None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        refuse("a NUL character", "text without NUL characters", line)
        return None
    return text


def read_toml(file: str, text: str, problems: list[Problem]) -> RawToml | None:
    """The values of a TOML file, or None with the syntax error and its line added to the problems."""
    deep = next((m for m in _DEEP.finditer(text) if text[m.end() : m.end() + 99].lstrip(" \t")[:1] in ("=", "]")), None)
    if deep:  # tomllib takes memory as the square of it
        line = text.count("\n", 0, deep.start()) + 1
        allowed = f"tables at most {MOST_DEEP} deep"
        problems.append(Problem(file, line, "", Found("a key of more tables, one in another"), allowed))
        return None
    try:
        return RawToml(file, tomllib.loads(text), text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        message = str(error) if not isinstance(error, RecursionError) else "nested too deeply"
        at = _AT_LINE.search(message)
        line = int(at.group(1)) if at else text.count("\n") + 1
        problems.append(Problem(file, line, "", Found(_AT_LINE.sub("", message)), "valid TOML"))
        return None


def plain(toml: RawToml | None, problems: list[Problem]) -> RawToml | None:
    """The file as it is where all its texts can be shown; else None, with each that cannot among the problems."""
    if toml is None:
        return None
    before = len(problems)
    todo: list[tuple[str, str, Any]] = [("", "", toml.values)]
    while todo:
        at, key, value = todo.pop()
        if isinstance(value, dict):
            inner = f"{at}.{key}" if at and key else at or key
            todo += [(inner, str(k), v) for k, v in value.items()]
            todo += [(inner, str(k), str(k)) for k in value if hidden(str(k))]
        elif isinstance(value, list):
            todo += [(at, key, v) for v in value]
        elif isinstance(value, str) and hidden(value.translate(LINES)):
            field = f"{at}.{key}" if at else key
            problems.append(Problem(toml.file, toml.line_of(at or key, key if at else ""), field, value, PLAIN))
    return toml if len(problems) == before else None


def read_csv(name: str, text: str, columns: Sequence[str], problems: list[Problem]) -> RawTable | None:
    """The cells of a CSV file as text; None where the header does not fit."""
    table = RawTable(name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    started = 1
    found = 0
    try:
        header = next(reader, [])
        if not _header_fits(name, header, columns, problems):
            return None
        started = reader.line_num + 1
        for cells in reader:
            line, started = started, reader.line_num + 1
            if not cells:
                continue
            if len(cells) == len(header):
                table.cells.append(dict(zip(header, cells, strict=True)))
                table.lines.append(line)
                continue
            table.complete = False
            found += 1
            if found <= 100:
                allowed = f"{len(header)} cells, as in the header row"
                problems.append(Problem(table.file, line, "", Found(f"{len(cells)} cells"), allowed))
    except csv.Error as error:
        table.complete = False
        problems.append(
            Problem(
                table.file,
                started,
                "",
                Found(f"a row that breaks off ({error})"),
                "CSV with quotes closed",
            )
        )
    return table


def _header_fits(table: str, header: list[str], columns: Sequence[str], problems: list[Problem]) -> bool:
    """Whether the header row of a table has each column exactly once."""
    file = file_of(table)
    count = Counter(header)
    missing = [name for name in columns if name not in count]
    before = len(problems)
    for name in count:
        if len(problems) - before >= MOST_COLUMNS_LISTED:
            words = f"at most {MOST_COLUMNS_LISTED} are listed; mend these and check again"
            problems.append(Problem(file, 1, "header", Found(f"{len(count):,} columns"), words))
            break
        if name not in columns:
            hint = nearest(name, missing) or moved(table, name) or nearest(name, columns)
            words = one_of(columns, most=30) + hint
            problems.append(Problem(file, 1, "header", name or Found("a column without a name"), words))
        elif count[name] > 1:
            problems.append(Problem(file, 1, "header", Found(f"{name} {count[name]} times"), "each column once"))
    for name in missing:
        problems.append(Problem(file, 1, name, Found("no such column"), f"a column {name!r}{new(file, name)}"))
    return len(problems) == before
