"""Which region or place of a case a name in a foreign file means: by its name, or by the user's own map."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from groundswell.case import Case, CaseError, Problem
from groundswell.case.cells import SLUG
from groundswell.case.problems import nearest
from groundswell.case.scopes import places_in_scope
from groundswell.importers.table import read_table
from groundswell.record.frame import key_of

_GENERAL = {
    "city", "region", "oblast", "oblysy", "province", "district", "town", "village", "county", "state", "municipality",
    "of", "the", "область", "облысы", "край", "район", "город", "г",
}  # fmt: skip
EVERYWHERE = "*"


@lru_cache(maxsize=100_000)
def plain(name: str) -> str:
    """A name as it is compared: its words in lower case, composed, without signs. "Göteborg - C" is "göteborg c"."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())))


def unaccented(name: str) -> str:
    """The plain name without the accents of Latin letters; other scripts stay as they are."""
    marked = unicodedata.normalize("NFKD", plain(name))
    return unicodedata.normalize("NFC", re.sub(r"([a-z])[\u0300-\u036f]+", r"\1", marked))


def slug(name: str, most: int = 64) -> str:
    """An id made of a name; it ends in a digest where letters are lost or it would be too long."""
    letters = unaccented(name)
    kept = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    lost = bool(re.search(r"[^\W_a-z0-9]", letters))
    if not lost and len(kept) <= most:
        return kept
    return f"{kept[: most - 13].strip('-')}-{key_of(letters) % 16**12:012x}".strip("-")


def _bare(name: str) -> str:
    """The name without words such as "city" or "region"."""
    return " ".join(word for word in unaccented(name).split() if word not in _GENERAL) or unaccented(name)


_LIKE: tuple[Callable[[str], str], ...] = (plain, unaccented, _bare)  # ways to compare names, the strictest first


class Gazetteer:
    """Names of a case's regions and places, and the user's map, which goes first.

    Without a case every name becomes an id, and nothing is checked.

    Args:
        case: whose names are meant.
        mapped: plain name -> scope; "" -> what stands for rows that name no place.
    """

    def __init__(self, case: Case | None = None, mapped: Mapping[str, str] | None = None) -> None:
        self.case, self.mapped = case, dict(mapped or {})
        self.find = lru_cache(maxsize=None)(self._find)
        self.around = lru_cache(maxsize=None)(self._around)

    def _find(self, name: str, region: str = "") -> str | None:
        """The scope that a name means, "" where the user's map leaves it out, None where it is unknown.

        A place of that name, in the region where that is known; else the region, where the name is that of the region
        or of its town ("Harbour" in "Harbour City"). A blank name means the region.
        """
        if plain(name or region) in self.mapped:
            return self.mapped[plain(name or region)]
        if self.case is None:
            return slug(name or region) or None
        home = self._region(region)
        if not name:
            return home
        found = self._place(name, home)
        if found is not None:
            return found
        if home is not None and _bare(name) == _bare(self._names[home]):
            return home
        return self._region(name) if home is None else None

    def _place(self, name: str, home: str | None) -> str | None:
        """The one place of a name, in a region where that is known."""
        for like, places in zip(_LIKE, self._places, strict=True):
            found = [p for p in places.get(like(name), ()) if home in (None, self._home[p])]
            if found or name in self._home:
                break
        if name in self._home and home in (None, self._home[name]):
            return name
        return found[0] if len(found) == 1 else None

    def _region(self, name: str) -> str | None:
        for like, regions in zip(_LIKE, self._regions, strict=True):
            if found := regions.get(like(name)) if name else None:
                return found[0] if len(found) == 1 else None
        return name if name in self._names else None

    def _around(self, scope: str, region: str = "") -> frozenset[str]:
        """The scopes that hold a scope: itself, its region, the country, and those of the map that have all of it."""
        if self.case is None:
            return frozenset({scope, slug(region), EVERYWHERE} - {""})
        inside = self._places_of(scope)
        outer = {*self._names, *self.mapped.values(), EVERYWHERE} - {""}
        return frozenset({scope} | {one for one in outer if inside <= self._places_of(one)})

    def _places_of(self, scope: str) -> frozenset[str]:
        assert self.case is not None
        return frozenset(row.place for row in places_in_scope(self.case, scope.split(";")))

    def hint(self, name: str) -> str:
        """`; did you mean 'x'?` for an unknown name."""
        known = [row.name for row in (*self._rows("regions"), *self._rows("places"))]
        return nearest(unaccented(name), {unaccented(one): one for one in known})

    def _rows(self, table: str) -> list[Any]:
        return list(self.case.tables[table].rows) if self.case else []

    @cached_property
    def _names(self) -> dict[str, str]:
        return {r.region: r.name for r in self._rows("regions")}

    @cached_property
    def _home(self) -> dict[str, str]:
        return {r.place: r.region for r in self._rows("places")}

    @cached_property
    def _places(self) -> list[dict[str, list[str]]]:
        return [_by_name(like, ((r.place, r.name) for r in self._rows("places"))) for like in _LIKE]

    @cached_property
    def _regions(self) -> list[dict[str, list[str]]]:
        return [_by_name(like, self._names.items()) for like in _LIKE]


def _by_name(like: Callable[[str], str], named: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = defaultdict(list)
    for id, name in named:
        out[like(name)].append(id)
    return out


def read_map(path: Path, case: Case | None) -> dict[str, str]:
    """The user's map: a CSV file with the columns `name,scope`; a blank scope leaves a name out.

    A blank name stands for rows that name neither place nor region.

    Raises:
        CaseError: every mistake at once.
    """
    problems: list[Problem] = []
    out: dict[str, str] = {}
    known: set[str] = {EVERYWHERE}
    for table, column in (("regions", "region"), ("places", "place")):
        known |= {getattr(r, column) for r in case.tables[table].rows} if case else set()
    frame = read_table(path, ("name", "scope"), problems, Counter())
    for line, given, scope in zip(frame.index, frame["name"], frame["scope"], strict=True):
        name = plain(given)
        if name in out:
            problems.append(Problem(str(path), line, "name", given, "a name, each once"))
        for part in scope.split(";") if scope else []:
            if (part not in known) if case else (part != EVERYWHERE and not SLUG.fullmatch(part)):
                words = f"ids of regions and places of {case.id}{nearest(part, known)}" if case else "ids, or *"
                problems.append(Problem(str(path), line, "scope", part, f"{words}; blank leaves the name out"))
        out[name] = scope
    if problems:
        raise CaseError(problems)
    return out
