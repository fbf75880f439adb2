"""Which region or place of a case a name in a foreign file means: by its name, or by the user's own map."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from groundswell.case import Case, CaseError, Problem
from groundswell.case.cells import SLUG
from groundswell.case.problems import Found, nearest

_GENERAL = {"city", "region", "oblast", "oblysy", "province", "district", "town", "of"}


def plain(name: str) -> str:
    """A name in lower-case letters and digits without accents: "Göteborg - Centrum" is "goteborg centrum"."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii") or name
    return " ".join(re.findall(r"\w+", letters.lower()))


def slug(name: str, most: int = 64) -> str:
    """An id made of a name."""
    return plain(name).replace(" ", "-").replace("_", "-")[:most].strip("-")


def _bare(name: str) -> str:
    """The name without words such as "city" or "region"."""
    return " ".join(word for word in plain(name).split() if word not in _GENERAL) or plain(name)


@dataclass
class Gazetteer:
    """Names of a case's regions and places, and the user's map, which goes first.

    Without a case every name becomes an id, and nothing is checked.
    """

    case: Case | None = None
    mapped: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str, region: str = "") -> str | None:
        """The scope that a name means, "" where the user's map leaves it out, None where it is unknown.

        A place of that name, in the region where that is known; else the region, where the name is that of the region
        or of its town ("Harbour" in "Harbour City"). A blank name means the region.
        """
        for given in (name, region) if not name else (name,):
            if plain(given) in self.mapped:
                return self.mapped[plain(given)]
        if self.case is None:
            return slug(name or region) or None
        home = self._region(region)
        if not name:
            return home
        rows = self.case.tables["places"].rows
        there = [r for r in rows if name == r.place or plain(name) == plain(r.name)]
        inside = [r for r in there if r.region == home] or there
        if len(inside) == 1:
            return str(inside[0].place)
        if home is not None and _bare(name) == _bare(self._name_of(home)):
            return home
        return None if inside else self._region(name)

    def hint(self, name: str) -> str:
        """`; did you mean 'x'?` for an unknown name."""
        if self.case is None:
            return ""
        known = [row.name for table in ("regions", "places") for row in self.case.tables[table].rows]
        return nearest(name, {plain(one): one for one in known})

    def _region(self, name: str) -> str | None:
        rows = self.case.tables["regions"].rows if self.case and name else []
        for same in (
            lambda r: name == r.region or plain(name) == plain(r.name),
            lambda r: _bare(name) == _bare(r.name),
        ):
            found = [r.region for r in rows if same(r)]
            if len(found) == 1:
                return str(found[0])
        return None

    def _name_of(self, region: str) -> str:
        assert self.case is not None
        return next(r.name for r in self.case.tables["regions"].rows if r.region == region)


def read_map(path: Path, case: Case | None) -> dict[str, str]:
    """The user's map: a CSV file with the columns `name,scope`; a blank scope leaves a name out.

    Raises:
        CaseError: every mistake at once.
    """
    problems: list[Problem] = []
    out: dict[str, str] = {}
    known: set[str] = {"*"}
    for table, column in (("regions", "region"), ("places", "place")):
        known |= {getattr(r, column) for r in case.tables[table].rows} if case else set()
    for line, cells in read_table(path, ("name", "scope"), problems):
        name, scope = plain(cells["name"]), cells["scope"]
        parts = scope.split(";") if scope else []
        if not name or name in out:
            problems.append(Problem(str(path), line, "name", cells["name"], "a name, each once"))
        for part in parts:
            if (part not in known) if case else (part != "*" and not SLUG.fullmatch(part)):
                words = f"ids of regions and places of {case.id}{nearest(part, known)}" if case else "ids, or *"
                problems.append(Problem(str(path), line, "scope", part, f"{words}; blank leaves the name out"))
        out[name] = scope
    if problems:
        raise CaseError(problems)
    return out


def read_table(path: Path, needed: tuple[str, ...], problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a foreign CSV file with their lines: columns in any order and case, more than needed, comma or semicolon.

    Cells are stripped; a byte-order mark is passed over. What is wrong is added to the problems.
    """

    def refuse(given: str, allowed: str, line: int | None = None) -> list[tuple[int, dict[str, str]]]:
        problems.append(Problem(str(path), line, "", Found(given), allowed))
        return []

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return refuse("bytes that are not UTF-8", "a CSV file in UTF-8")
    except OSError as error:
        return refuse(f"a file that cannot be read ({error.strerror})", "a CSV file")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    rows: list[tuple[int, dict[str, str]]] = []
    names: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            at, line = line, reader.line_num + 1
            if names is None:
                names = [cell.strip().lower() for cell in cells]
                missing = [name for name in needed if name not in names]
                problems += [
                    Problem(str(path), 1, name, Found("no such column"), f"a column {name!r}{nearest(name, names)}")
                    for name in missing
                ]
                if missing:
                    return []
            elif len(cells) == len(names):
                rows.append((at, {n: " ".join(c.split()) for n, c in zip(names, cells, strict=True)}))
            elif cells:
                refuse(f"{len(cells)} cells", f"{len(names)} cells, as in the header row", at)
    except csv.Error as error:
        refuse(f"a row that breaks off ({error})", "CSV with quotes closed", line)
    return rows if rows or problems else refuse("no rows", "a header row and rows")
