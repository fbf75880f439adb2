"""People who do not add up, times that do not fit, and the message each has to give."""

from __future__ import annotations

from bad.edits import Mistake, both, cell, drop_line, replace

PEOPLE = [
    Mistake(
        "country sum",
        replace("case.toml", "60000", "60001"),
        "case.toml:15: case.population_people: given 60001",
        "60000",
    ),
    Mistake(
        "region sum",
        cell("places.csv", 2, "population_people", "12001"),
        "regions.csv:2: population_people: given 24000",
        "24001",
    ),
    Mistake(
        "men and women",
        cell("regions.csv", 2, "men_people", "12001"),
        "regions.csv:2: population_people: given 24000",
        "24001",
    ),
    Mistake(
        "urban over all",
        cell("regions.csv", 2, "urban_people", "24001"),
        "regions.csv:2: urban_people: given 24001",
        "at most",
    ),
    Mistake(
        "urban sum",
        cell("regions.csv", 2, "urban_people", "15000"),
        "regions.csv:2: urban_people: given 15000",
        "19000",
    ),
    Mistake(
        "men's share",
        cell("places.csv", 2, "men_share", "0.6"),
        "regions.csv:2: men_people: given 12000",
        "13200",
    ),
    Mistake(
        "age bands",
        cell("age_sex.csv", 2, "people", "3601"),
        "regions.csv:2: men_people: given 12000",
        "12001",
    ),
    Mistake(
        "age band missing",
        drop_line("age_sex.csv", 2),
        "age_sex.csv: age_band: given no row for coast, men, child",
    ),
    Mistake(
        "communities",
        cell("communities.csv", 7, "share", "0.35"),
        "communities.csv:6: share: given a sum of 1.1000 for flare",
        "sum to 1",
    ),
    Mistake(
        "a place without communities",
        drop_line("communities.csv", 6, 7, 8, 9),
        "communities.csv: place: given no row for flare",
        "one community",
    ),
    Mistake(
        "a region without temperatures",
        drop_line("climate.csv", 3),
        "climate.csv: region: given no row for valley",
        "nearest",
    ),
    Mistake(
        "livelihood sum",
        cell("region_livelihood.csv", 2, "share", "0.5"),
        "region_livelihood.csv:2: share: given a sum of 1.3400",
        "sum to 1",
    ),
    Mistake(
        "no rural rows",
        drop_line("region_livelihood.csv", *range(10, 18)),
        "region_livelihood.csv: settlement: given no row for coast, rural",
    ),
    Mistake(
        "too many students",
        both(
            cell("region_livelihood.csv", 9, "share", "0.48"),
            cell("region_livelihood.csv", 4, "share", "0"),
            cell("region_livelihood.csv", 5, "share", "0.01"),
        ),
        "region_livelihood.csv:9: share: given 0.4800 in livelihoods for young",
        "at most the share of young",
    ),
    Mistake(
        "children at work",
        cell("enterprises.csv", 2, "livelihood", "child"),
        "enterprises.csv:2: livelihood: given 'child'",
        "working age",
    ),
    Mistake(
        "two kinds of jobless",
        cell("livelihoods.csv", 7, "work", "jobless"),
        "livelihoods.csv:8: work: given 2 livelihoods with jobless",
        "one livelihood at most",
    ),
    Mistake(
        "no pensioners",
        cell("livelihoods.csv", 10, "ages", "middle;pension"),
        "livelihoods.csv: ages: given no livelihood for pension alone",
    ),
    Mistake(
        "workforce",
        cell("enterprises.csv", 2, "workforce_people", "5000"),
        "enterprises.csv:2: workforce_people: given 5000 in all",
        "working age, 3990",
    ),
    Mistake(
        "layoffs",
        cell("enterprises.csv", 2, "layoffs_announced_people", "901"),
        "enterprises.csv:2: layoffs_announced_people: given 901",
        "at most",
    ),
]

TIME = [
    Mistake(
        "price gap",
        cell("prices.csv", 3, "from_local", "2030-03-01T12:00"),
        "prices.csv:3: from_local: given fuel: no value at the start for coast",
        "start of the case",
    ),
    Mistake("no price", drop_line("prices.csv", 6, 7), "prices.csv: from_local: given food: no value at the start"),
    Mistake(
        "price unit",
        cell("prices.csv", 2, "unit", "CRN/kg"),
        "prices.csv:2: unit: given 'CRN/kg'",
        "items.csv, CRN/litre",
    ),
    Mistake(
        "price twice",
        cell("prices.csv", 4, "from_local", "2030-01-01T00:00"),
        "prices.csv:4: item: given 'fuel, coast",
        "first on line 3",
    ),
    Mistake(
        "wage gap",
        cell("wages.csv", 2, "from_local", "2030-03-02T00:00"),
        "wages.csv:2: from_local: given the wage index",
    ),
    Mistake(
        "day outside",
        cell("calendar.csv", 2, "date", "2031-03-03"),
        "calendar.csv:2: date: given '2031-03-03'",
        "within the case",
    ),
    Mistake(
        "measure ends first",
        cell("measures.csv", 2, "end_local", "2030-03-01T00:00"),
        "measures.csv:2: end_local: given",
        "not before start_local",
    ),
    Mistake(
        "measure outside",
        both(
            cell("measures.csv", 8, "start_local", "2030-03-11T00:00"),
            cell("measures.csv", 8, "end_local", "2030-03-12T00:00"),
        ),
        "measures.csv:8: start_local: given '2030-03-11T00:00'",
        "within the case",
    ),
    Mistake(
        "measure value",
        cell("measures.csv", 2, "value", ""),
        "measures.csv:2: value: given nothing",
        "kind is price_step",
    ),
    Mistake(
        "value without unit",
        cell("measures.csv", 2, "unit", ""),
        "measures.csv:2: unit: given nothing",
        "a unit where there is a value",
    ),
    Mistake(
        "no version used",
        cell("measures.csv", 4, "used", "false"),
        "measures.csv:4: used: given 0 of 2 versions of fuel-offer",
        "exactly one",
    ),
    Mistake(
        "two versions used",
        cell("measures.csv", 5, "used", "true"),
        "measures.csv:5: used: given 2 of 2 versions",
        "exactly one",
    ),
    Mistake(
        "version unnamed",
        cell("measures.csv", 4, "version", ""),
        "measures.csv:4: version: given nothing",
        "who says so",
    ),
    Mistake(
        "version of another kind",
        both(cell("measures.csv", 5, "kind", "other")),
        "measures.csv:5: kind: given 'other'",
        "price_promise",
    ),
]
