"""Broken files, headers and TOML, and the message each has to give."""

from __future__ import annotations

from bad.edits import (
    Mistake,
    add_line,
    as_folder,
    change,
    drop_column,
    drop_line,
    huge,
    link_outside,
    remove,
    rename_column,
    replace,
)

MARK = b"\xef\xbb\xbf"

FILES = [
    Mistake("missing table", remove("sites.csv"), "sites.csv: given no such file;", "a file named sites.csv"),
    Mistake("missing case.toml", remove("case.toml"), "case.toml: given no such file;", "a file named case.toml"),
    Mistake("empty file", change("places.csv", lambda _: b""), "places.csv: given an empty file;", "a header row"),
    Mistake("only spaces", change("case.toml", lambda _: b" \n\n"), "case.toml: given an empty file;", "TOML"),
    Mistake("no rows", drop_line("places.csv", *range(2, 8)), "places.csv: given a header row alone;", "one row"),
    Mistake("byte-order mark", change("items.csv", lambda d: MARK + d), "items.csv:1: given a byte-order mark;"),
    Mistake(
        "utf-16",
        change("items.csv", lambda d: d.decode().encode("utf-16")),
        "items.csv:1: given a byte-order",
    ),
    Mistake(
        "latin-1",
        change("places.csv", lambda d: d.replace(b"Dunes", b"D\xfcnes")),
        "places.csv:4: given bytes that are not UTF-8 (0xfc);",
        "UTF-8 text",
    ),
    Mistake("nul", change("places.csv", lambda d: d.replace(b"Dunes", b"D\0")), "places.csv:4: given a NUL"),
    Mistake(
        "100 MB",
        huge("places.csv", 100),
        "places.csv: given a file of 104,857,600 bytes;",
        "20,971,520 bytes",
    ),
    Mistake("large TOML", huge("sources.toml", 2), "sources.toml: given a file of 2,097,152 bytes;", "1 MiB"),
    Mistake("link outside", link_outside("places.csv"), "places.csv: given a link that leads outside"),
    Mistake("a folder", as_folder("places.csv"), "places.csv: given no plain file;", "a plain file"),
    Mistake(
        "open quote",
        add_line("calendar.csv", '2030-03-04,"x,1'),
        "calendar.csv:3: given a row that breaks off",
    ),
]

HEADERS = [
    Mistake(
        "misspelt column",
        rename_column("places.csv", "renter_share", "rentr_share"),
        "places.csv:1: header: given 'rentr_share';",
        "did you mean 'renter_share'?",
    ),
    Mistake("missing column", drop_column("forces.csv", "organ"), "forces.csv:1: organ: given no"),
    Mistake(
        "livelihoods that do not say how far incomes follow wages",
        drop_column("livelihoods.csv", "wage_share"),
        "livelihoods.csv:1: wage_share: given no",
    ),
    Mistake("column twice", rename_column("items.csv", "name", "item"), "items.csv:1: header: given item 2 times;"),
    Mistake(
        "nameless column",
        rename_column("items.csv", "name", ""),
        "items.csv:1: header: given a column without",
    ),
    Mistake("too few cells", add_line("calendar.csv", "2030-03-04,x"), "calendar.csv:3: given 2 cells;", "3 cells"),
    Mistake(
        "too many cells", add_line("calendar.csv", "2030-03-04,x,1,2"), "calendar.csv:3: given 4 cells;", "3 cells"
    ),
]

TOMLS = [
    Mistake("toml syntax", replace("case.toml", "[case]", "[case"), "case.toml:5: given Expected", "valid TOML"),
    Mistake(
        "key twice",
        replace("case.toml", "population_people =", 'id = "x"\npopulation_people ='),
        "case.toml:15: given Cannot",
    ),
    Mistake(
        "no case table",
        change("case.toml", lambda _: b"[texts]\n"),
        "case.toml: case: given no such table",
        "[case]",
    ),
    Mistake(
        "misspelt key",
        replace("case.toml", "summary", "sumary"),
        "case.toml:8: case.sumary: given",
        "did you mean 'summary'?",
    ),
    Mistake(
        "unknown table",
        replace("case.toml", "[texts]", "[text]"),
        "case.toml:18: text: given 'text'",
        "did you mean 'texts'?",
    ),
    Mistake(
        "bad case id",
        replace("case.toml", '"tiny"', '"Tiny Case"'),
        "case.toml:6: case.id: given 'Tiny Case'",
        "lower-case",
    ),
    Mistake(
        "start without zone",
        replace("case.toml", "00:00:00+01:00\nend", "00:00:00\nend"),
        "case.toml:10: case.start",
        "with offset",
    ),
    Mistake(
        "end before start",
        replace("case.toml", "2030-03-07", "2030-02-07"),
        "case.toml:11: case.end: given",
        "after the start",
    ),
    Mistake(
        "too long",
        replace("case.toml", "end = 2030", "end = 2090"),
        "case.toml:11: case.end: given",
        "at most 400 days",
    ),
    Mistake(
        "end within an hour",
        replace("case.toml", "end = 2030-03-07T00:00:00", "end = 2030-03-07T00:30:00"),
        "case.toml:11: case.end: given '2030-03-07T00:30:00+01:00'",
        "a whole number of hours after the start",
    ),
    Mistake(
        "horizon before end",
        replace("case.toml", "horizon = 2030-03-10", "horizon = 2030-03-06"),
        "case.toml:13: case.horizon: given '2030-03-06T00:00:00+01:00'",
        "a time not before the end, 2030-03-07T00:00:00+01:00",
    ),
    Mistake(
        "horizon too late",
        replace("case.toml", "horizon = 2030", "horizon = 2032"),
        "case.toml:13: case.horizon: given",
        "at most 400 days",
    ),
    Mistake(
        "horizon within an hour",
        replace("case.toml", "horizon = 2030-03-10T00:00:00", "horizon = 2030-03-10T00:30:00"),
        "case.toml:13: case.horizon: given",
        "a whole number of hours after the start",
    ),
    Mistake(
        "horizon without zone",
        replace("case.toml", "horizon = 2030-03-10T00:00:00+01:00", "horizon = 2030-03-10T00:00:00"),
        "case.toml:13: case.horizon: given",
        "with offset",
    ),
    Mistake(
        "population text",
        replace("case.toml", "60000", '"many"'),
        "case.toml:15: case.population_people: given 'many'",
        "from 1 to",
    ),
    Mistake(
        "capital that is no place",
        replace("case.toml", "population_people = 60000", 'population_people = 60000\ncapital = "miltown"'),
        "case.toml:16: case.capital: given 'miltown'",
        "or nothing: then the largest town; did you mean 'milltown'?",
    ),
    Mistake(
        "text without title",
        replace("case.toml", 'title = "Invented notebook of a passer-by", ', ""),
        "case.toml:19: texts.notebook.title: given nothing",
    ),
    Mistake(
        "source missing",
        replace("sources.toml", "[places.renter_share]", "[places.men_share.x]"),
        "sources.toml: places.renter_share: given no entry",
        "a table [places.renter_share]",
    ),
    Mistake(
        "wage shares without a source",
        replace("sources.toml", "[livelihoods.wage_share]", "[livelihoods.ages]"),
        "sources.toml: livelihoods.wage_share: given no entry",
        "unit, source and state",
    ),
    Mistake(
        "source of no column",
        replace("sources.toml", "[places.renter_share]", "[places.rentr_share]"),
        "sources.toml:",
        "did you mean 'renter_share'?",
    ),
    Mistake(
        "source of no table",
        replace("sources.toml", "[forces.strength_people]", "[force.strength_people]"),
        "sources.toml:",
        "did you mean 'forces'?",
    ),
    Mistake("source unit", replace("sources.toml", '"degC"', '"celsius"'), "sources.toml:", "a unit such as"),
    Mistake(
        "source state",
        replace("sources.toml", '"assumed"', '"asumed"'),
        "sources.toml:14: regions.population_people.state: given 'asumed'",
        "did you mean 'assumed'?",
    ),
    Mistake(
        "no rule",
        replace("sources.toml", 'rule = "a round number"\n', ""),
        "sources.toml:11: regions.population_people.rule: given nothing",
    ),
    Mistake(
        "parameter shape",
        change("parameters.toml", lambda d: d + b"[joining]\ntheta = 12\n"),
        "parameters.toml:20: joining.theta: given 12",
    ),
    Mistake(
        "parameter nan",
        change(
            "parameters.toml",
            lambda d: d + b'[joining]\ntheta = { value = nan, state = "assumed", source = "x" }\n',
        ),
        "parameters.toml:20: joining.theta.value: given nan",
        "a finite number",
    ),
    Mistake(
        "parameter state",
        change("parameters.toml", lambda d: d + b'[joining]\ntheta = { value = 1, source = "x" }\n'),
        "parameters.toml:20: joining.theta.state: given nothing",
        "one of official",
    ),
]
