"""Checks of the people of a case: totals that agree, shares that sum to 1, marginals that can be met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from groundswell.case.cells import AGE_BANDS
from groundswell.case.draft import Draft
from groundswell.case.problems import Found, Problem, nearest
from groundswell.case.schema import Place
from groundswell.case.scopes import BY_PLACE, EVERYBODY

WORKING = ("young", "middle")
SHARE_SUM = 0.002
URBAN_SLACK = 0.005
MEN_SLACK = 0.01
MOST_EMPLOYED = 0.95
"""Most of a place's people of working age that its enterprises may hold: the ages of a place are a fit."""


def livelihoods(draft: Draft) -> Iterator[Problem]:
    """An age band has no livelihood, or work is given to a livelihood of children or the old."""
    if not draft.sound("livelihoods"):
        return
    ages: dict[str, tuple[str, ...]] = {row.livelihood: row.ages for _, row in draft.rows("livelihoods")}
    for band in ("child", "pension"):
        own = [livelihood for livelihood, bands in ages.items() if bands == (band,)]
        if len(own) != 1:
            given = Found(f"{', '.join(own) or 'no livelihood'} for {band} alone")
            words = f"exactly one livelihood with the age band {band} and no other"
            yield draft.problem("livelihoods", None, "ages", given, words)
    jobless = [line for line, row in draft.rows("livelihoods") if row.work == "jobless"]
    if len(jobless) > 1:
        given = Found(f"{len(jobless)} livelihoods with jobless")
        yield draft.problem("livelihoods", jobless[1], "work", given, "jobless for one livelihood at most")
    for band in ("young", "middle"):
        if not any(band in bands for bands in ages.values()):
            given = Found(f"no livelihood of age {band}")
            yield draft.problem("livelihoods", None, "ages", given, "each age band at least once")
    for name in ("region_livelihood", "enterprises"):
        for line, row in draft.rows(name):
            if not {"young", "middle"} & set(ages.get(row.livelihood, ("young",))):
                words = "a livelihood of working age (young or middle)"
                yield draft.problem(name, line, "livelihood", row.livelihood, words)


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
            yield Problem("case.toml", draft.head.people_line, "case.population_people", total, words)


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
            words = f"as urban_share of its places gives, {urban[name]:.0f} ± {URBAN_SLACK:.1%} of its people"
            yield draft.problem("regions", line, "urban_people", row.urban_people, words)
        if abs(men[name] - row.men_people) > max(1.0, MEN_SLACK * total):
            words = f"what men_share of its places gives, {men[name]:.0f}, within {MEN_SLACK:.1%} of the people"
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
                given = Found(f"no row for {row.region}, {sex}, {', '.join(missing)}")
                yield draft.problem("age_sex", None, "age_band", given, "a row for each region, sex and age band")
            elif sum(own.values()) != getattr(row, field):
                words = f"the sum over age_sex.csv, {sum(own.values())}"
                yield draft.problem("regions", line, field, getattr(row, field), words)


def share_totals(draft: Draft) -> Iterator[Problem]:
    """Shares that divide a whole do not sum to 1: communities of a place, livelihoods of a region."""
    yield from _communities(draft)
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
            given = Found(f"a sum of {total:.4f} for {region}, {settlement}")
            yield draft.problem("region_livelihood", lines[region, settlement], "share", given, words)
    needed = {(row.region, "urban") for _, row in draft.rows("places") if row.urban_share > 0}
    needed |= {(row.region, "rural") for _, row in draft.rows("places") if row.urban_share < 1}
    for region, settlement in sorted(needed - set(sums)):
        words = "rows for each region and settlement where people live"
        yield draft.problem("region_livelihood", None, "settlement", Found(f"no row for {region}, {settlement}"), words)


def _communities(draft: Draft) -> Iterator[Problem]:
    """Shares of communities sum to 1 in every place, where the case has communities at all."""
    if not draft.sound("places", "communities"):
        return
    shares: dict[str, dict[int, float]] = defaultdict(dict)
    for line, row in draft.rows("communities"):
        shares[row.place][line] = row.share
    for place, of_lines in shares.items():
        total = sum(of_lines.values())
        if abs(total - 1) > SHARE_SUM:
            words = f"shares that sum to 1 within {SHARE_SUM:g} over the communities of a place"
            yield draft.problem(
                "communities", min(of_lines), "share", Found(f"a sum of {total:.4f} for {place}"), words
            )
    without = [row.place for _, row in draft.rows("places") if shares and row.place not in shares]
    for place in without:
        words = "rows for every place, or a table without rows: one community"
        yield draft.problem("communities", None, "place", Found(f"no row for {place}"), words)


def exposures(draft: Draft) -> Iterator[Problem]:
    """An item's exposure is none that there is, or exposure.csv has too few rows for it, or rows for another item."""
    known = [EVERYBODY, BY_PLACE, *(name for name in Place.model_fields if name.endswith("_share"))]
    for line, row in draft.rows("items"):
        if row.exposure not in known:
            words = f"{EVERYBODY}, {BY_PLACE} (rows of exposure.csv), or a share of places.csv: {', '.join(known[2:])}"
            yield draft.problem("items", line, "exposure", row.exposure, words + nearest(row.exposure, known))
    if not draft.sound("items", "places", "exposure"):
        return
    named = {row.item: row.exposure for _, row in draft.rows("items")}
    given = {(row.item, row.place) for _, row in draft.rows("exposure")}
    for line, row in draft.rows("exposure"):
        if named.get(row.item, BY_PLACE) != BY_PLACE:
            words = f"an item whose exposure in items.csv is {BY_PLACE}"
            yield draft.problem("exposure", line, "item", row.item, words)
    for item in (item for item, exposure in named.items() if exposure == BY_PLACE):
        missing = [row.place for _, row in draft.rows("places") if (item, row.place) not in given]
        if missing:
            found = Found(f"no row for {item} in {', '.join(missing[:3])}{', ...' if len(missing) > 3 else ''}")
            yield draft.problem("exposure", None, "place", found, f"a row for {item} in every place")


def workforce(draft: Draft) -> Iterator[Problem]:
    """Enterprises need more hands than their place has people of working age."""
    for line, row in draft.rows("enterprises"):
        if row.layoffs_announced_people > row.workforce_people:
            words = f"at most workforce_people, {row.workforce_people}"
            yield draft.problem("enterprises", line, "layoffs_announced_people", row.layoffs_announced_people, words)
    if not draft.sound("regions", "places", "age_sex"):
        return
    working: dict[str, int] = defaultdict(int)
    for _, row in draft.rows("age_sex"):
        working[row.region] += row.people if row.age_band in WORKING else 0
    population = {row.region: row.population_people for _, row in draft.rows("regions")}
    places = {row.place: row for _, row in draft.rows("places")}
    used: dict[str, int] = defaultdict(int)
    for line, row in draft.rows("enterprises"):
        place = places.get(row.place)
        if place is None or place.region not in population:
            continue
        hands = MOST_EMPLOYED * place.population_people * working[place.region] / population[place.region]
        used[row.place] += row.workforce_people
        if used[row.place] > hands:
            given = Found(f"{used[row.place]} in all enterprises of {row.place} so far")
            words = f"at most {MOST_EMPLOYED:.0%} of the place's people of working age, {hands:.0f}"
            yield draft.problem("enterprises", line, "workforce_people", given, words)


def age_room(draft: Draft) -> Iterator[Problem]:
    """Livelihoods open to one working age only want more people than the region has of that age."""
    if not draft.sound("age_sex", "livelihoods", "region_livelihood"):
        return
    alone = {row.livelihood: set(row.ages) & set(WORKING) for _, row in draft.rows("livelihoods")}
    people: dict[tuple[str, str], int] = defaultdict(int)
    for _, row in draft.rows("age_sex"):
        people[row.region, row.age_band] += row.people
    wanted: dict[tuple[str, str, str], float] = defaultdict(float)
    lines: dict[tuple[str, str, str], int] = {}
    for line, row in draft.rows("region_livelihood"):
        bands = alone.get(row.livelihood, set())
        if len(bands) == 1:
            key = (row.region, row.settlement, *bands)
            wanted[key] += row.share
            lines[key] = line
    for (region, settlement, band), share in wanted.items():
        working = sum(people[region, one] for one in WORKING)
        most = people[region, band] / working if working else 0.0
        if share > most + SHARE_SUM:
            given = Found(f"{share:.4f} in livelihoods for {band} alone in {region}, {settlement}")
            words = f"at most the share of {band} among people of working age, {most:.4f}"
            yield draft.problem("region_livelihood", lines[region, settlement, band], "share", given, words)
