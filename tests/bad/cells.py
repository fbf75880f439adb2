"""Cells that hold what their column does not allow, and the message each has to give."""

from __future__ import annotations

from bad.edits import Mistake, cell

CELLS = [
    Mistake(
        "no number",
        cell("places.csv", 2, "population_people", "abc"),
        "places.csv:2: population_people: given 'abc';",
        "whole number from 1 to 2000000000",
    ),
    Mistake(
        "fraction of a person",
        cell("places.csv", 2, "population_people", "12000.5"),
        "places.csv:2: population_p",
    ),
    Mistake(
        "negative",
        cell("forces.csv", 3, "strength_people", "-1"),
        "forces.csv:3: strength_people: given '-1'",
        "from 0 to",
    ),
    Mistake(
        "blank number",
        cell("forces.csv", 3, "strength_people", ""),
        "forces.csv:3: strength_people: given nothing",
    ),
    Mistake(
        "nan",
        cell("places.csv", 3, "renter_share", "nan"),
        "places.csv:3: renter_share: given 'nan'",
        "0 to 1",
    ),
    Mistake(
        "inf",
        cell("places.csv", 3, "income_month", "inf"),
        "places.csv:3: income_month: given 'inf'",
        "number",
    ),
    Mistake(
        "overflow",
        cell("places.csv", 3, "income_month", "1e999"),
        "places.csv:3: income_month: given '1e999'",
    ),
    Mistake(
        "underscore",
        cell("forces.csv", 3, "strength_people", "1_000"),
        "forces.csv:3: strength_people: given '1_000'",
    ),
    Mistake(
        "other digits",
        cell("forces.csv", 3, "strength_people", "٣"),
        "forces.csv:3: strength_people: given '٣'",
    ),
    Mistake(
        "huge number",
        cell("forces.csv", 3, "strength_people", "9" * 5000),
        "forces.csv:3: strength_people: given '9",
    ),
    Mistake(
        "share above 1",
        cell("places.csv", 3, "mobile_reach_share", "1.2"),
        "places.csv:3: mobile_reach_share",
        "0 to 1",
    ),
    Mistake(
        "comma decimal",
        cell("places.csv", 3, "renter_share", "0,3"),
        "places.csv:3: renter_share: given '0,3'",
    ),
    Mistake(
        "unknown kind",
        cell("places.csv", 3, "kind", "twn"),
        "places.csv:3: kind: given 'twn'",
        "did you mean 'town'?",
    ),
    Mistake(
        "unknown sex",
        cell("age_sex.csv", 2, "sex", "man"),
        "age_sex.csv:2: sex: given 'man'",
        "one of men, women",
    ),
    Mistake(
        "bad id",
        cell("places.csv", 3, "place", "Flare Town"),
        "places.csv:3: place: given 'Flare Town'",
        "lower-case",
    ),
    Mistake("blank name", cell("places.csv", 3, "name", " "), "places.csv:3: name: given ' '", "text on one line"),
    Mistake(
        "line break",
        cell("places.csv", 3, "name", "Fla\nre"),
        "places.csv:3: name: given 'Fla\\nre'",
        "on one line",
    ),
    Mistake(
        "bad flag",
        cell("demands.csv", 2, "political", "True"),
        "demands.csv:2: political: given 'True'",
        "true or false",
    ),
    Mistake(
        "bad work",
        cell("livelihoods.csv", 2, "work", "jobs"),
        "livelihoods.csv:2: work: given 'jobs'",
        "one of job, public, study, jobless, none; did you mean 'job'",
    ),
    Mistake(
        "bad ages",
        cell("livelihoods.csv", 2, "ages", "young,old"),
        "livelihoods.csv:2: ages: given",
        "child, young",
    ),
    Mistake(
        "wage share above 1",
        cell("livelihoods.csv", 4, "wage_share", "1.2"),
        "livelihoods.csv:4: wage_share: given '1.2'",
        "0 to 1",
    ),
    Mistake(
        "wage share below 0",
        cell("livelihoods.csv", 2, "wage_share", "-0.1"),
        "livelihoods.csv:2: wage_share: given '-0.1'",
        "0 to 1",
    ),
    Mistake(
        "wage share missing",
        cell("livelihoods.csv", 11, "wage_share", ""),
        "livelihoods.csv:11: wage_share: given nothing",
        "0 to 1",
    ),
    Mistake(
        "rate of a currency in other letters",
        cell("items.csv", 3, "unit", "CRN/usd"),
        "items.csv:3: unit: given 'CRN/usd'",
        "'CRN/USD'?",
    ),
    Mistake(
        "unknown unit",
        cell("items.csv", 2, "unit", "crn/litre"),
        "items.csv:2: unit: given 'crn/litre'",
        "'CRN/litre'?",
    ),
    Mistake(
        "unknown state",
        cell("prices.csv", 2, "state", "guess"),
        "prices.csv:2: state: given 'guess'",
        "estimated, assumed",
    ),
    Mistake(
        "time with zone",
        cell("prices.csv", 2, "from_local", "2030-01-01T00:00Z"),
        "prices.csv:2: from_local: given",
        "without zone",
    ),
    Mistake(
        "no such day",
        cell("calendar.csv", 2, "date", "2030-02-30"),
        "calendar.csv:2: date: given '2030-02-30'",
        "date such as",
    ),
    Mistake("latitude", cell("places.csv", 3, "lat_deg", "95"), "places.csv:3: lat_deg: given '95'", "-90 to 90"),
    Mistake("price of zero", cell("prices.csv", 2, "price", "0"), "prices.csv:2: price: given '0'", "above 0"),
]
