"""A case while it is being checked: raw cells beside typed rows, and lookups that survive bad rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from groundswell.case.cells import SLUG
from groundswell.case.head import Head
from groundswell.case.problems import Problem
from groundswell.case.read import RawTable, file_of
from groundswell.case.row import Row


@dataclass
class Draft:
    """What could be read of a case; a table that is missing or has a wrong header is absent."""

    head: Head
    raws: dict[str, RawTable]
    parsed: dict[str, list[Row | None]]

    def has(self, *names: str) -> bool:
        """Whether all these tables could be read at all."""
        return all(name in self.raws for name in names)

    def sound(self, *names: str) -> bool:
        """Whether all these tables are without a mistake, so that sums over them mean something."""
        return self.has(*names) and all(self.raws[name].complete and None not in self.parsed[name] for name in names)

    def rows(self, name: str) -> Iterator[tuple[int, Any]]:
        """Line and typed row of every sound row of a table; nothing where the table is absent."""
        if name in self.raws:
            for line, row in zip(self.raws[name].lines, self.parsed[name], strict=True):
                if row is not None:
                    yield line, row

    def ids(self, name: str, column: str) -> dict[str, int]:
        """Every well-formed id of a column with its first line, those of rows with other mistakes too."""
        found: dict[str, int] = {}
        if name in self.raws:
            raw = self.raws[name]
            for line, cells in zip(raw.lines, raw.cells, strict=True):
                if SLUG.fullmatch(cells[column]):
                    found.setdefault(cells[column], line)
        return found

    def whole(self, name: str) -> bool:
        """Whether every row of a table was read, so that an id it lacks is really unknown."""
        return name in self.raws and self.raws[name].complete

    def problem(self, name: str, line: int | None, field: str, given: object, allowed: str) -> Problem:
        """A problem in one of the CSV files."""
        return Problem(file_of(name), line, field, given, allowed)
