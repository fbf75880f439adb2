"""Exports as people have them: saved anew, joined, tagged, in other layouts and alphabets; each gives what is right."""

from __future__ import annotations

import csv
import shutil
import time

import pytest

from groundswell.case import CaseError, check
from groundswell.case.find import find_case
from groundswell.importers.importing import import_record
from groundswell.importers.sizes import crowd_size

ACLED = {
    "event_id_cnty": "", "event_date": "2030-03-03", "time_precision": "1", "event_type": "Protests",
    "sub_event_type": "Peaceful protest", "country": "Invented", "admin1": "Coast", "location": "Harbour",
    "geo_precision": "1", "source": "Wire", "notes": "", "fatalities": "0", "tags": "",
}  # fmt: skip
UCDP = {
    "id": "", "type_of_violence": "1", "where_prec": "1", "where_coordinates": "Harbour", "adm_1": "Coast",
    "country": "Invented", "date_start": "2030-03-03", "date_end": "2030-03-03", "source_article": "", "low": "1",
    "best": "2", "high": "3", "deaths_a": "0",
}  # fmt: skip
ATTACK = {"event_type": "Violence against civilians", "sub_event_type": "Attack"}


def table(of, *changes, delimiter=","):
    """A CSV text of rows that differ from the usual one by what is given."""
    rows = [{**of, **change} for change in changes]
    for n, row in enumerate(rows):
        for column in ("event_id_cnty", "id"):
            if column in row and not row[column]:
                row[column] = f"E{n + 1}"

    def quoted(cell):
        return '"' + cell.replace('"', '""') + '"'

    return "".join(delimiter.join(map(quoted, line)) + "\n" for line in [list(rows[0]), *(r.values() for r in rows)])


def record(tmp_path, text, format="acled", case="tiny", **more):
    """Claims of an import by observation, and what was left out; the case with the record in it is sound."""
    data = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "events.csv").write_bytes(data)
    if more.get("scope_map"):
        (tmp_path / "map.csv").write_text(more["scope_map"])
        more["scope_map"] = tmp_path / "map.csv"
    shutil.rmtree(tmp_path / "made", ignore_errors=True)
    done = import_record(tmp_path / "events.csv", format, tmp_path / "made", case, **more)
    folder = tmp_path / "whole"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(find_case(case), folder)
    shutil.rmtree(folder / "record")
    shutil.copytree(tmp_path / "made", folder / "record")
    assert check(folder) == []
    with (tmp_path / "made" / "claims.csv").open(newline="") as file:
        claims = list(csv.DictReader(file))
    return {c["observation"]: c for c in claims}, done


def values(claims):
    return {id: (c["low"], c["high"]) for id, c in claims.items() if c["low"] or c["high"]}


def wrong(tmp_path, text, format="acled", **more):
    with pytest.raises(CaseError) as caught:
        record(tmp_path, text, format, **more)
    return caught.value


def test_years_of_two_digits_are_of_the_cases_century(tmp_path):
    text = table(ACLED, {"event_date": "2-Mar-30"}, {"event_date": "3-Mar-30"})
    claims, _ = record(tmp_path, text)
    assert {"crowd-harbour-20300302", "crowd-harbour-20300303"} <= claims.keys()
    with pytest.raises(CaseError, match="two digits is read with --case alone"):
        import_record(tmp_path / "events.csv", "acled", tmp_path / "other")


def test_sizes_stand_in_tags_or_in_notes(tmp_path):
    text = table(ACLED, {"notes": "People rallied. [size=at least 20]"}, {"location": "Flare", "tags": "crowd size=70"})
    claims, _ = record(tmp_path, text)
    assert values(claims) == {"crowd-harbour-20300303": ("20", ""), "crowd-flare-20300303": ("70", "70")}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter(tmp_path, delimiter):
    claims, _ = record(tmp_path, table(ACLED, {"notes": "one, two; three"}, delimiter=delimiter))
    assert claims["crowd-harbour-20300303"]["statement"] == "one, two; three"


@pytest.mark.parametrize("format", ["acled", "ucdp"])
def test_codes_are_whole_numbers_however_written(tmp_path, format):
    changes = [{"time_precision": "3"}, {"geo_precision": "3"}] if format == "acled" else [{"where_prec": "4"}, {}]
    whole = table(ACLED if format == "acled" else UCDP, *changes)
    as_float = whole
    for code in "134":
        as_float = as_float.replace(f'"{code}"', f'"{code}.0"')
    assert as_float != whole
    assert record(tmp_path, whole, format)[0] == record(tmp_path, as_float, format)[0]


def test_a_code_that_is_none_is_a_mistake(tmp_path):
    text = table(ACLED, {"time_precision": "4", "geo_precision": "x"}, {"time_precision": "1.5"})
    found = [(p.line, p.field) for p in wrong(tmp_path, text).problems]
    assert found == [(2, "time_precision"), (2, "geo_precision"), (3, "time_precision")]


def test_rows_that_repeat_are_dropped_and_ids_that_differ_are_a_mistake(tmp_path):
    dead = {**ATTACK, "fatalities": "3", "event_id_cnty": "X1"}
    claims, done = record(tmp_path, table(ACLED, dead, dead))
    assert values(claims) == {"dead-harbour": ("3", "3")} and done.left_out == {"equal to an earlier row": 1}
    found = wrong(tmp_path, table(ACLED, dead, {**dead, "fatalities": "4"}))
    assert [(p.line, p.field) for p in found.problems] == [(3, "event_id_cnty")] and "line 2" in str(found)
    claims, done = record(
        tmp_path, "kind,place,start,end,source,low\n" + "dead,Flare,2030-03-02,2030-03-03,W,2\n" * 2, "csv"
    )
    assert len(claims) == 1 and done.left_out == {"equal to an earlier row": 1}


def test_a_row_of_tags_is_no_event(tmp_path):
    head, row = table(ACLED, {}).splitlines()
    tags = ",".join(["#event+code", "#date+start", *["#x"] * (len(ACLED) - 2)])
    claims, done = record(tmp_path, f"{head}\n{tags}\n{row}\n")
    assert "crowd-harbour-20300303" in claims and done.left_out == {"row of HXL tags": 1}


def test_rows_outside_the_window_go_before_anything_else_of_them_is_read(tmp_path):
    far = [{"event_date": "2030-06-01", "location": f"Town {n}", "fatalities": "?"} for n in range(30)]
    _, done = record(tmp_path, table(ACLED, {}, *far))
    assert done.left_out == {"outside 2030-03-01 to 2030-03-06": 30}


def test_other_countries_are_left_out(tmp_path):
    foreign = {**ATTACK, "fatalities": "9", "country": "Otherland"}
    claims, done = record(tmp_path, table(ACLED, {}, foreign))  # the title of the case has the word Invented
    assert values(claims) == {} and done.left_out == {"of another country": 1}
    claims, _ = record(tmp_path, table(ACLED, {}, foreign), country="otherland")
    assert values(claims) == {"dead-harbour": ("9", "9")}
    found = wrong(tmp_path, table(ACLED, {"country": "Here"}, {**foreign, "country": "There"}))
    assert "1 rows of Here, 1 rows of There" in str(found) and "--country" in str(found)
    assert "--country" in str(wrong(tmp_path, table(ACLED, {}), country="Nowhere"))


def test_blank_places(tmp_path):
    nowhere = {**ATTACK, "admin1": "", "location": "", "geo_precision": "3", "fatalities": "2"}
    assert values(record(tmp_path, table(ACLED, nowhere))[0]) == {"dead-all": ("2", "2")}
    claims, done = record(tmp_path, table(ACLED, {}, nowhere), scope_map="name,scope\n,\n")
    assert values(claims) == {} and done.left_out == {"left out by --scope-map": 1}
    exactly = {**nowhere, "geo_precision": "1"}
    assert [(p.line, p.field) for p in wrong(tmp_path, table(ACLED, exactly)).problems] == [(2, "location")]
    country = {"where_prec": "6", "where_coordinates": "Invented", "adm_1": ""}
    sea = {"where_prec": "7", "where_coordinates": "Red Sea", "adm_1": ""}
    claims, done = record(tmp_path, table(UCDP, country, sea), "ucdp")
    assert values(claims) == {"dead-all": ("1", "3")} and done.left_out == {"at sea or in the air": 1}


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("tens of thousands", (10_000, 99_999)),
        ("hundreds of thousands", (100_000, 999_999)),
        ("1.5 million", (1_500_000, 1_500_000)),
        ("around a million", (1_000_000, 1_000_000)),
        ("half a million", (500_000, 500_000)),
        ("10k", (10_000, 10_000)),
        ("10-15k", (10_000, 15_000)),
        ("2,000 attendees", (2000, 2000)),
        ("around 1 000", (1000, 1000)),
        ("about 20 to 30 thousand", (20_000, 30_000)),
        ("3 thousands", (3000, 3000)),
        ("100s", (100, 999)),
        ("ten people", (10, 10)),
        ("dozens to hundreds", (12, 999)),
        ("several hundred to several thousand", (200, 9999)),
        ("100 (police), 5000 (organizers)", (100, 5000)),
        ("at least 500", (500, None)),
        ("more than 1,000", (1000, None)),
        ("over a hundred", (100, None)),
        ("500+", (500, None)),
        ("up to 300", (None, 300)),
        ("no more than 50", (None, 50)),
        ("unknown number of attendees", None),
        ("no report", None),
    ],
)
def test_the_interval_that_words_say(words, people):
    assert crowd_size(words) == people


def test_crowds_of_a_day_together(tmp_path):
    open_end = [{"tags": "crowd size=at least 500"}, {"tags": "crowd size=100"}]
    claims, _ = record(tmp_path, table(ACLED, *open_end))
    assert values(claims) == {"crowd-harbour-20300303": ("500", "")}
    claims, done = record(tmp_path, table(ACLED, {"tags": "crowd size=100"}, {"tags": "crowd size=no report"}))
    assert values(claims) == {"crowd-harbour-20300303": ("100", "")}  # who knows how many the other had
    assert done.said == {"sizes of crowds without a number (their events are kept)": 1}
    assert "a size up to" in str(wrong(tmp_path, table(ACLED, {"tags": "crowd size=90,000 million"})))


def test_a_region_holds_what_its_places_hold(tmp_path):
    town = {**ATTACK, "fatalities": "5"}
    region = {**ATTACK, "fatalities": "2", "location": "Coast", "geo_precision": "3"}
    other = {**ATTACK, "fatalities": "4", "admin1": "Valley", "location": "Milltown"}
    claims, _ = record(tmp_path, table(ACLED, town, region, other))
    assert values(claims) == {"dead-harbour": ("5", "5"), "dead-coast": ("7", "7"), "dead-milltown": ("4", "4")}
    country = {**region, "admin1": "", "fatalities": "1"}
    assert values(record(tmp_path, table(ACLED, town, region, other, country))[0])["dead-all"] == ("12", "12")
    sizes = [{"tags": "crowd size=300"}, {"tags": "crowd size=80", "location": "", "geo_precision": "3"}]
    claims, _ = record(tmp_path, table(ACLED, *sizes, {"event_date": "2030-03-01", "location": "Flare"}))
    assert values(claims)["crowd-coast-20300303"] == ("300", "380")
    assert claims["onset-coast"]["start_local"] == "2030-03-01T00:00"
    (tmp_path / "events.csv").write_text(table(ACLED, town, region))
    import_record(tmp_path / "events.csv", "acled", tmp_path / "no-case")
    with (tmp_path / "no-case" / "claims.csv").open() as file:
        assert {row["observation"]: row["low"] for row in csv.DictReader(file)} == {
            "dead-harbour": "5",
            "dead-coast": "7",
        }


def cyrillic(tmp_path):
    """The tiny case with two towns named in another alphabet."""
    folder = tmp_path / "cyr"
    shutil.copytree(find_case("tiny"), folder, dirs_exist_ok=True)
    text = (folder / "places.csv").read_text()
    (folder / "places.csv").write_text(text.replace(",Harbour,", ",Новый Узень,").replace(",Flare,", ",Актау,"))
    return folder


def test_names_without_latin_letters_are_compared_as_written(tmp_path):
    case = cyrillic(tmp_path)
    seen = {**ATTACK, "fatalities": "1", "admin1": "Прибрежная область", "location": "НОВЫЙ УЗЕНЬ"}
    assert values(record(tmp_path, table(ACLED, seen), case=case)[0]) == {"dead-harbour": ("1", "1")}
    found = wrong(tmp_path, table(ACLED, {**seen, "location": "Старый Город"}), case=case)
    assert [(p.line, p.field) for p in found.problems] == [(2, "location")]
    papers = {"source": "Газета «Утро 24»; Газета «Вечер 24»"}
    record(tmp_path, table(ACLED, papers, {"notes": "=1+1"}))
    assert "'=1+1" in (tmp_path / "made" / "claims.csv").read_text()  # no formula for a spreadsheet to work out
    with (tmp_path / "made" / "sources.csv").open() as file:
        assert sorted(row["name"] for row in csv.DictReader(file)) == ["Wire", "Газета «Вечер 24»", "Газета «Утро 24»"]
    (tmp_path / "events.csv").write_text(table(ACLED, {"location": "Красный Яр"}, {"location": "Белый Яр"}))
    import_record(tmp_path / "events.csv", "acled", tmp_path / "no-case")
    assert (tmp_path / "no-case" / "observations.csv").read_text().count(",crowd,yes,") == 2


def test_a_name_in_another_region_is_not_taken(tmp_path):
    found = wrong(tmp_path, table(ACLED, {"admin1": "Valley", "location": "Harbour"}))
    assert [(p.line, p.given) for p in found.problems] == [(2, "Harbour in Valley")]


def test_words_of_kind_are_dropped(tmp_path):
    rows = [
        {"location": "Harbour town", "admin1": "Coast Province"},
        {"location": "the city of Flare", "admin1": "Coast region"},
    ]
    claims, _ = record(tmp_path, table(ACLED, *rows))
    assert {"crowd-harbour-20300303", "crowd-flare-20300303"} <= claims.keys()


def test_days_that_may_lie_outside_say_nothing_for_certain(tmp_path):
    month = {**ATTACK, "event_date": "2030-03-25", "time_precision": "3", "fatalities": "30"}
    week = {
        "sub_event_type": "Violent demonstration",
        "event_date": "2030-03-09",
        "time_precision": "2",
        "fatalities": "7",
    }
    claims, done = record(tmp_path, table(ACLED, month, week))
    assert values(claims) == {"dead-harbour": ("0", "37")} and len(claims) == 1
    assert done.said == {"of days that may lie outside the window: their dead count from 0 on": 2}
    long = {
        "date_start": "2029-06-01",
        "date_end": "2030-03-01",
        "low": "900",
        "best": "900",
        "high": "1000",
        "deaths_a": "9",
    }
    claims, _ = record(tmp_path, table(UCDP, long), "ucdp")
    assert values(claims) == {"dead-harbour": ("0", "991"), "security-dead-harbour": ("0", "9")} and len(claims) == 2


def test_the_onset_is_that_of_a_crowd_of_the_least_size(tmp_path):
    days = [("2030-03-02", "5"), ("2030-03-03", "dozens"), ("2030-03-05", "500")]
    rows = [{"event_date": day, "tags": f"crowd size={size}"} for day, size in days]
    onset = record(tmp_path, table(ACLED, *rows))[0]["onset-harbour"]
    assert (onset["start_local"], onset["end_local"]) == ("2030-03-03T00:00", "2030-03-06T00:00")  # dozens may be 50
    assert "onset-harbour" not in record(tmp_path, table(ACLED, rows[0]))[0]


def test_a_semicolon_in_a_headline_parts_nothing(tmp_path):
    article = '"Wire,2030-03-04,Fighting, they say";"Post,2030-03-05,Dead; many"'
    record(tmp_path, table(UCDP, {"source_article": article}), "ucdp")
    with (tmp_path / "made" / "sources.csv").open() as file:
        assert [row["source"] for row in csv.DictReader(file)] == ["post", "ucdp", "wire"]
    record(tmp_path, table(UCDP, {"source_article": article.replace('"', "")}), "ucdp")
    with (tmp_path / "made" / "sources.csv").open() as file:
        assert [row["source"] for row in csv.DictReader(file)] == ["post", "ucdp", "wire"]


def test_events_keep_their_ids_and_notes(tmp_path):
    rows = [{"event_id_cnty": "INV7", "notes": "Many came."}, {"event_id_cnty": "INV9", "notes": "They\u2028stayed."}]
    crowd = record(tmp_path, table(ACLED, *rows))[0]["crowd-harbour-20300303"]
    assert (crowd["line"], crowd["statement"]) == ("INV7, INV9", "Many came. | They stayed.")
    assert record(tmp_path, table(UCDP, {"id": "4711"}), "ucdp")[0]["dead-harbour"]["line"] == "1 event: 4711"


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("GLOBALEVENTID,SQLDATE,EventCode", "the layout of GDELT"),
        ("id,country,protest,protestnumber,participants_category", "the layout of Mass Mobilization"),
        ("eventid,startdate,etype,npart,ndeath,location_num", "the layout of SCAD"),
        ("event_date,event_type,admin1,location,source,fatalities,gwno", "ACLED before 2019"),
        (",".join(UCDP), "read it with --format ucdp"),
        ("kind,place,start,end,source", "read it with --format csv"),
        ("one", "parted by comma"),
        (",".join(f"c{n}" for n in range(2000)), "2,000 columns"),
        ("event_dat,event_type,sub_event_type,admin1,location,source,fatalities", "did you mean 'event_dat'"),
    ],
)
def test_other_layouts_are_named(tmp_path, head, says):
    assert says in str(wrong(tmp_path, f"{head}\n{','.join('x' for _ in head.split(','))}\n"))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (table(ACLED, {}).encode("utf-16"), "UTF-16"),
        (table(ACLED, {"location": "Göteborg"}).encode("cp1252"), "not UTF-8 (0xf6)"),
        (b"PK\x03\x04rest", "a spreadsheet"),
    ],
)
def test_another_encoding_is_named(tmp_path, data, says):
    assert says in str(wrong(tmp_path, data))


def test_days_as_a_spreadsheet_writes_them(tmp_path):
    text = "kind;place;start;end;source;low;high\ncrowd;Harbour;2030-03-02 00:00:00;2030-03-02 00:00:00;W;100;999\n"
    record(tmp_path, text, "csv")
    with (tmp_path / "made" / "observations.csv").open() as file:
        row = next(csv.DictReader(file))
    assert (row["start_local"], row["end_local"]) == ("2030-03-02T00:00", "2030-03-03T00:00")


def test_dates_and_texts_that_no_record_holds_are_mistakes(tmp_path):
    found = wrong(tmp_path, table(ACLED, {"event_date": "1700-01-01"}, {"source": "x" * 5000}))
    assert [(p.line, p.field) for p in found.problems] == [(2, "event_date"), (3, "source")]
    rows = f"dead,Flare,1700-01-01,2030-03-02,W,1\ndead,Flare,2030-03-01,2030-03-02,{'x' * 5000},1\n"
    rows += "dead,Flare,2030-03-01,9999-12-31,W,1\n"
    found = wrong(tmp_path, "kind,place,start,end,source,low\n" + rows, "csv")
    assert [(p.line, p.field) for p in found.problems] == [(2, "start"), (3, "source"), (4, "end")]


@pytest.mark.parametrize("cell", ["02.03.2030", "3/2/2030", "2030-02-30", "", "31 Feb 2030"])
def test_days_that_are_not_clear_are_refused(tmp_path, cell):
    assert [p.field for p in wrong(tmp_path, table(ACLED, {"event_date": cell})).problems] == ["event_date"]


def test_many_rows_take_time_in_proportion(tmp_path):
    rows = [{"event_date": f"2030-03-0{1 + n % 6}", "location": ("Harbour", "Flare")[n % 2]} for n in range(20_000)]
    text = table(ACLED, *rows)
    start = time.perf_counter()
    record(tmp_path, text)
    assert time.perf_counter() - start < 15
