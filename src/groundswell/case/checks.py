"""Checks between the tables of a case: ids that exist and stand once, places that lie on the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from groundswell.case.checks_issues import issues
from groundswell.case.checks_people import (
    age_room,
    age_totals,
    exposures,
    livelihoods,
    place_totals,
    region_totals,
    share_totals,
    workforce,
)
from groundswell.case.checks_record import calibration, claims, observations, sources
from groundswell.case.checks_state import capital, factions, police, posts, units
from groundswell.case.checks_time import (
    calendar,
    climate,
    demands,
    ladder,
    market,
    measures,
    prices,
    wages,
    words_and_groups,
)
from groundswell.case.draft import Draft
from groundswell.case.problems import Found, Problem, nearest
from groundswell.case.read import file_of

KEYS: dict[str, tuple[str, ...]] = {
    "regions": ("region",),
    "climate": ("region", "month"),
    "age_sex": ("region", "sex", "age_band"),
    "places": ("place",),
    "communities": ("place", "community"),
    "livelihoods": ("livelihood",),
    "region_livelihood": ("region", "settlement", "livelihood"),
    "enterprises": ("enterprise",),
    "organs": ("organ",),
    "forces": ("unit",),
    "offices": ("office",),
    "factions": ("faction",),
    "allies": ("contingent",),
    "powers": ("power",),
    "sites": ("site",),
    "items": ("item",),
    "exposure": ("place", "item"),
    "prices": ("item", "region", "from_local"),
    "wages": ("region", "from_local"),
    "market": ("event",),
    "borders": ("place", "neighbour"),
    "measures": ("measure", "version"),
    "ladder": ("rung",),
    "demands": ("demand",),
    "issues": ("issue",),
    "groups": ("group",),
    "calendar": ("date",),
    "sources": ("source",),
    "observations": ("observation",),
    "claims": ("claim",),
    "calibration": ("observation",),
}
"""Columns whose values together may stand once in a table."""

REFERENCES: tuple[tuple[str, str, str, str], ...] = (
    ("regions", "centre_place", "places", "place"),
    ("regions", "outline", "outlines", "outline"),
    ("climate", "region", "regions", "region"),
    ("age_sex", "region", "regions", "region"),
    ("places", "region", "regions", "region"),
    ("communities", "place", "places", "place"),
    ("region_livelihood", "region", "regions", "region"),
    ("region_livelihood", "livelihood", "livelihoods", "livelihood"),
    ("enterprises", "place", "places", "place"),
    ("enterprises", "livelihood", "livelihoods", "livelihood"),
    ("forces", "organ", "organs", "organ"),
    ("forces", "place", "places", "place"),
    ("forces", "office", "offices", "office"),
    ("offices", "organ", "organs", "organ"),
    ("offices", "successor", "factions", "faction"),
    ("offices", "faction", "factions", "faction"),
    ("allies", "place", "places", "place"),
    ("ladder", "of_rung", "ladder", "rung"),
    ("sites", "place", "places", "place"),
    ("exposure", "place", "places", "place"),
    ("exposure", "item", "items", "item"),
    ("prices", "item", "items", "item"),
    ("prices", "region", "regions", "region"),
    ("wages", "region", "regions", "region"),
    ("borders", "place", "places", "place"),
    ("issues", "item", "items", "item"),
    ("issues", "demand", "demands", "demand"),
    ("claims", "observation", "observations", "observation"),
    ("claims", "source", "sources", "source"),
    ("calibration", "observation", "observations", "observation"),
)
"""(table, column, table it points into, column there). A blank cell or * points nowhere."""

MOST_LISTED = 100
MARGIN_DEG = 1.0


def all_checks(draft: Draft) -> Iterator[Problem]:
    """Every check between tables, each a generator of problems, cut where one finds very many."""
    for one in (
        duplicates, references, scopes, centres, capital, climate, exposures, issues, livelihoods, on_the_map, rings,
        region_totals, place_totals, age_totals, share_totals, age_room, workforce, police, units, posts, factions,
        prices, wages, market, measures, ladder, demands, words_and_groups, calendar, sources,
        observations, claims, calibration,
    ):  # fmt: skip
        found = one(draft)
        yield from islice(found, MOST_LISTED)
        if next(found, None) is not None:
            words = f"at most {MOST_LISTED} of a kind are listed; mend these and check again"
            yield Problem("case", None, "", Found(f"more problems of the kind {one.__name__!r}"), words)


def duplicates(draft: Draft) -> Iterator[Problem]:
    """A key stands twice."""
    for name, key in KEYS.items():
        if name not in draft.raws:
            continue
        raw = draft.raws[name]
        seen: dict[tuple[str, ...], int] = {}
        for line, cells in zip(raw.lines, raw.cells, strict=True):
            value = tuple(cells[column] for column in key)
            if value in seen:
                words = f"each {' + '.join(key)} once; first on line {seen[value]}"
                yield draft.problem(name, line, key[0], ", ".join(value), words)
            seen.setdefault(value, line)


def references(draft: Draft) -> Iterator[Problem]:
    """An id points to nothing."""
    for name, column, target, there in REFERENCES:
        if not draft.has(name) or not draft.whole(target):
            continue
        known = draft.ids(target, there)
        for line, row in draft.rows(name):
            given = getattr(row, column)
            if given not in ("", "*") and given not in known:
                yield draft.problem(name, line, column, given, f"a {there} of {file_of(target)}{nearest(given, known)}")


def scopes(draft: Draft) -> Iterator[Problem]:
    """A scope names places and regions that are not there, or an id that could be either."""
    if not (draft.whole("places") and draft.whole("regions")):
        return
    regions, places, sites = (
        draft.ids(*one) for one in (("regions", "region"), ("places", "place"), ("sites", "site"))
    )
    for line, row in draft.rows("sites"):
        if row.site in regions or row.site in places:
            yield draft.problem("sites", line, "site", row.site, "an id that no region and no place has")
    for name in ("measures", "groups", "observations"):
        for line, row in draft.rows(name):
            of_sites = name == "observations" and row.kind.startswith("site")
            if of_sites and not draft.whole("sites"):
                continue
            known = {**regions, **places, **(sites if of_sites else {})}
            for given in row.scope:
                if given != "*" and given not in known:
                    tables = "regions.csv, places.csv or sites.csv" if of_sites else "regions.csv or places.csv"
                    yield draft.problem(name, line, "scope", given, f"* or ids of {tables}{nearest(given, known)}")
    inside = defaultdict(list)
    for _, row in draft.rows("places"):
        inside[row.region].append(row.place)
    for line, row in draft.rows("places"):
        if row.place in regions and inside[row.place] != [row.place]:
            words = "an id that no region has, unless the place is all of that region (a scope could mean either)"
            yield draft.problem("places", line, "place", row.place, words)


def centres(draft: Draft) -> Iterator[Problem]:
    """A region's centre lies in another region."""
    home = {row.place: row.region for _, row in draft.rows("places")}
    for line, row in draft.rows("regions"):
        if home.get(row.centre_place, row.region) != row.region:
            mine = [place for place, region in home.items() if region == row.region]
            words = f"a place of region {row.region} ({row.centre_place} is in {home[row.centre_place]})"
            yield draft.problem(
                "regions", line, "centre_place", row.centre_place, words + nearest(row.centre_place, mine)
            )


def on_the_map(draft: Draft) -> Iterator[Problem]:
    """A place or site lies outside the box around the outlines, one degree wider."""
    if not draft.sound("outlines"):
        return
    points = [row for _, row in draft.rows("outlines")]
    if not points:
        return
    for column in ("lat_deg", "lon_deg"):
        along = [getattr(point, column) for point in points]
        low, high = min(along) - MARGIN_DEG, max(along) + MARGIN_DEG
        for name in ("places", "sites"):
            for line, row in draft.rows(name):
                given = getattr(row, column)
                if not low <= given <= high:
                    words = f"{low:.2f} to {high:.2f}, the map of outlines.csv and {MARGIN_DEG:g} degree around"
                    yield draft.problem(name, line, column, given, words)


def rings(draft: Draft) -> Iterator[Problem]:
    """A ring of an outline has too few points to enclose anything."""
    if not draft.sound("outlines"):
        return
    count: dict[tuple[str, int], list[int]] = defaultdict(list)
    for line, row in draft.rows("outlines"):
        count[row.outline, row.part].append(line)
    for (outline, part), lines in count.items():
        if len(lines) < 3:
            given = Found(f"{len(lines)} points in part {part} of {outline}")
            yield draft.problem("outlines", lines[0], "part", given, "at least 3 points in a ring")
