"""Checks between the tables of a case: ids that exist, and marginals that can be met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from groundswell.case.checks_time import calendar, chronology, measures, prices, wages
from groundswell.case.draft import Draft
from groundswell.case.problems import Problem, nearest
from groundswell.case.schema import AGE_BANDS, Place

KEYS: dict[str, tuple[str, ...]] = {
    "regions": ("region",),
    "age_sex": ("region", "sex", "age_band"),
    "places": ("place",),
    "livelihoods": ("livelihood",),
    "region_livelihood": ("region", "settlement", "livelihood"),
    "enterprises": ("enterprise",),
    "forces": ("place", "organ"),
    "sites": ("site",),
    "items": ("item",),
    "prices": ("item", "region", "from_local"),
    "wages": ("region", "from_local"),
    "measures": ("measure", "version"),
    "calendar": ("date",),
    "chronology": ("id",),
}
"""Columns whose values together may stand once in a table."""

REFERENCES: tuple[tuple[str, str, str, str], ...] = (
    ("regions", "centre_place", "places", "place"),
    ("regions", "outline", "outlines", "outline"),
    ("age_sex", "region", "regions", "region"),
    ("places", "region", "regions", "region"),
    ("region_livelihood", "region", "regions", "region"),
    ("region_livelihood", "livelihood", "livelihoods", "livelihood"),
    ("enterprises", "place", "places", "place"),
    ("enterprises", "livelihood", "livelihoods", "livelihood"),
    ("forces", "place", "places", "place"),
    ("sites", "place", "places", "place"),
    ("prices", "item", "items", "item"),
    ("prices", "region", "regions", "region"),
    ("wages", "region", "regions", "region"),
)
"""(table, column, table it points into, column there). A blank cell or * points nowhere."""

NOT_WORKING = ("child", "pensioner")
MARGIN_DEG = 1.0
SHARE_SUM = 0.002
URBAN_SLACK = 0.005
MEN_SLACK = 0.01


def all_checks(draft: Draft) -> Iterator[Problem]:
    """Every check between tables, each a generator of problems."""
    for one in (
        duplicates, references, scopes, centres, exposures, spark, livelihoods, on_the_map, rings,
        region_totals, place_totals, age_totals, share_totals, workforce, forces,
        prices, wages, measures, calendar, chronology,
    ):  # fmt: skip
        yield from one(draft)


def duplicates(draft: Draft) -> Iterator[Problem]:
    """A key stands twice."""
    for name, key in KEYS.items():
        if name not in draft.raws:
            continue
        raw, seen = draft.raws[name], {}
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
                yield draft.problem(
                    name, line, column, given, f"a {there} of {target}.csv{nearest(given, known)}"
                )


def scopes(draft: Draft) -> Iterator[Problem]:
    """A scope names places and regions that are not there, or an id that could be either."""
    if not (draft.whole("places") and draft.whole("regions")):
        return
    regions, places = draft.ids("regions", "region"), draft.ids("places", "place")
    for name in ("measures", "chronology"):
        for line, row in draft.rows(name):
            for given in row.scope:
                if given != "*" and given not in regions and given not in places:
                    words = f"* or ids of regions.csv or places.csv{nearest(given, (*regions, *places))}"
                    yield draft.problem(name, line, "scope", given, words)
    inside = defaultdict(list)
    for _, row in draft.rows("places"):
        inside[row.region].append(row.place)
    for line, row in draft.rows("places"):
        if row.place in regions and inside[row.place] != [row.place]:
            words = (
                "an id that no region has, unless the place is all of that region (a scope could mean either)"
            )
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


def exposures(draft: Draft) -> Iterator[Problem]:
    """An item's exposure names no share of places.csv."""
    known = [name for name in Place.model_fields if name.endswith("_share")]
    for line, row in draft.rows("items"):
        if row.exposure != "all" and row.exposure not in known:
            words = f"all, or a share of places.csv: {', '.join(known)}{nearest(row.exposure, known)}"
            yield draft.problem("items", line, "exposure", row.exposure, words)


def spark(draft: Draft) -> Iterator[Problem]:
    """Not exactly one item is the spark item."""
    if draft.sound("items"):
        marked = [(line, row.item) for line, row in draft.rows("items") if row.spark_item]
        if len(marked) != 1:
            line = marked[1][0] if marked else None
            given = ", ".join(item for _, item in marked) or "no item with true"
            yield draft.problem("items", line, "spark_item", given, "true for exactly one item")


def livelihoods(draft: Draft) -> Iterator[Problem]:
    """Livelihoods miss an age band, or the two that stand for the young and the old."""
    if not draft.sound("livelihoods"):
        return
    ages: dict[str, tuple[str, ...]] = {row.livelihood: row.ages for _, row in draft.rows("livelihoods")}
    for wanted, band in zip(NOT_WORKING, ("child", "pension"), strict=True):
        if wanted not in ages:
            words = f"a livelihood {wanted!r} for the age band {band}"
            yield draft.problem("livelihoods", None, "livelihood", f"no {wanted}", words)
    for band in AGE_BANDS:
        if not any(band in own for own in ages.values()):
            yield draft.problem(
                "livelihoods", None, "ages", f"no livelihood of age {band}", "each age band at least once"
            )
    for name in ("region_livelihood", "enterprises"):
        for line, row in draft.rows(name):
            own = ages.get(row.livelihood, ("young",))
            if row.livelihood in NOT_WORKING or not {"young", "middle"} & set(own):
                words = "a livelihood of working age (young or middle)"
                yield draft.problem(name, line, "livelihood", row.livelihood, words)


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
                    words = (
                        f"{low:.2f} to {high:.2f}, the map of outlines.csv and {MARGIN_DEG:g} degree around"
                    )
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
            given = f"{len(lines)} points in part {part} of {outline}"
            yield draft.problem("outlines", lines[0], "part", given, "at least 3 points in a ring")


def region_totals(draft: Draft) -> Iterator[Problem]:
    """Regions do not sum to the country, or men and women not to a region."""
    for line, row in draft.rows("regions"):
        both = row.men_people + row.women_people
        if both != row.population_people:
            words = f"men_people + women_people = {both}"
            yield draft.problem("regions", line, "population_people", row.population_people, words)
        if row.urban_people > row.population_people:
            words = f"at most population_people, {row.population_people}"
            yield draft.problem("regions", line, "urban_people", row.urban_people, words)
    total = draft.head.population_people
    if draft.sound("regions") and total is not None:
        people = sum(row.population_people for _, row in draft.rows("regions"))
        if people != total:
            words = f"the sum of regions.csv population_people, {people}"
            yield Problem("case.toml", None, "case.population_people", total, words)


def place_totals(draft: Draft) -> Iterator[Problem]:
    """Places do not sum to their region: people, townspeople, men."""
    if not draft.sound("regions", "places"):
        return
    people: dict[str, float] = defaultdict(float)
    urban: dict[str, float] = defaultdict(float)
    men: dict[str, float] = defaultdict(float)
    for _, row in draft.rows("places"):
        people[row.region] += row.population_people
        urban[row.region] += row.population_people * row.urban_share
        men[row.region] += row.population_people * row.men_share
    for line, row in draft.rows("regions"):
        name, total = row.region, row.population_people
        if people[name] != total:
            words = f"the sum over the region's places in places.csv, {people[name]:.0f}"
            yield draft.problem("regions", line, "population_people", total, words)
            continue
        if abs(urban[name] - row.urban_people) > max(1.0, URBAN_SLACK * total):
            words = f"what urban_share of its places gives, {urban[name]:.0f}, within {URBAN_SLACK:.1%} of the people"
            yield draft.problem("regions", line, "urban_people", row.urban_people, words)
        if abs(men[name] - row.men_people) > max(1.0, MEN_SLACK * total):
            words = (
                f"what men_share of its places gives, {men[name]:.0f}, within {MEN_SLACK:.1%} of the people"
            )
            yield draft.problem("regions", line, "men_people", row.men_people, words)


def age_totals(draft: Draft) -> Iterator[Problem]:
    """Age bands are missing, or do not sum to the men and women of their region."""
    if not draft.sound("regions", "age_sex"):
        return
    bands: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for _, row in draft.rows("age_sex"):
        bands[row.region, row.sex][row.age_band] = row.people
    for line, row in draft.rows("regions"):
        for sex, field in (("men", "men_people"), ("women", "women_people")):
            own = bands[row.region, sex]
            missing = [band for band in AGE_BANDS if band not in own]
            if missing:
                given = f"no row for {row.region}, {sex}, {', '.join(missing)}"
                yield draft.problem(
                    "age_sex", None, "age_band", given, "a row for each region, sex and age band"
                )
            elif sum(own.values()) != getattr(row, field):
                words = f"the sum over age_sex.csv, {sum(own.values())}"
                yield draft.problem("regions", line, field, getattr(row, field), words)


def share_totals(draft: Draft) -> Iterator[Problem]:
    """Shares that divide a whole do not sum to 1: nationality of a place, livelihoods of a region."""
    parts = ("kazakh_share", "russian_share", "uzbek_share", "other_share")
    for line, row in draft.rows("places"):
        total = sum(getattr(row, part) for part in parts)
        if abs(total - 1) > SHARE_SUM:
            words = f"{' + '.join(parts)} = 1 within {SHARE_SUM:g}"
            yield draft.problem("places", line, parts[0], f"a sum of {total:.4f}", words)
    if not draft.sound("places", "region_livelihood"):
        return
    sums: dict[tuple[str, str], float] = defaultdict(float)
    lines: dict[tuple[str, str], int] = {}
    for line, row in draft.rows("region_livelihood"):
        sums[row.region, row.settlement] += row.share
        lines.setdefault((row.region, row.settlement), line)
    for (region, settlement), total in sums.items():
        if abs(total - 1) > SHARE_SUM:
            words = f"shares that sum to 1 within {SHARE_SUM:g} over the livelihoods"
            given = f"a sum of {total:.4f} for {region}, {settlement}"
            yield draft.problem("region_livelihood", lines[region, settlement], "share", given, words)
    needed = {(row.region, "urban") for _, row in draft.rows("places") if row.urban_share > 0}
    needed |= {(row.region, "rural") for _, row in draft.rows("places") if row.urban_share < 1}
    for region, settlement in sorted(needed - set(sums)):
        words = "rows for each region and settlement where people live"
        yield draft.problem(
            "region_livelihood", None, "settlement", f"no row for {region}, {settlement}", words
        )


def workforce(draft: Draft) -> Iterator[Problem]:
    """Enterprises need more hands than their place has people of working age."""
    for line, row in draft.rows("enterprises"):
        if row.layoffs_announced_people > row.workforce_people:
            words = f"at most workforce_people, {row.workforce_people}"
            yield draft.problem(
                "enterprises", line, "layoffs_announced_people", row.layoffs_announced_people, words
            )
    if not draft.sound("regions", "places", "age_sex"):
        return
    working: dict[str, int] = defaultdict(int)
    for _, row in draft.rows("age_sex"):
        working[row.region] += row.people if row.age_band in ("young", "middle") else 0
    population = {row.region: row.population_people for _, row in draft.rows("regions")}
    places = {row.place: row for _, row in draft.rows("places")}
    used: dict[str, int] = defaultdict(int)
    for line, row in draft.rows("enterprises"):
        place = places.get(row.place)
        if place is None or place.region not in population:
            continue
        hands = place.population_people * working[place.region] / population[place.region]
        used[row.place] += row.workforce_people
        if used[row.place] > hands:
            given = f"{used[row.place]} in all enterprises of {row.place} so far"
            words = f"at most the place's people of working age, {hands:.0f}"
            yield draft.problem("enterprises", line, "workforce_people", given, words)


def forces(draft: Draft) -> Iterator[Problem]:
    """A place has no row of police."""
    if draft.sound("forces") and draft.whole("places"):
        known = {row.place for _, row in draft.rows("forces")}
        for place in draft.ids("places", "place"):
            if place not in known:
                yield draft.problem("forces", None, "place", f"no row for {place}", "one row for each place")
