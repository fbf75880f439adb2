"""Records made from foreign files: by hand for each format, sound in their case, every mistake at once.

The files are made here, in the form of the published codebooks; no real export is in the repository.
"""

from __future__ import annotations

import shutil
from datetime import date

import pytest

import groundswell as gs
from groundswell.case import CaseError, check
from groundswell.case.find import find_case
from groundswell.commands.record import import_
from groundswell.importers.importing import import_record
from groundswell.importers.names import Gazetteer, plain, slug
from groundswell.importers.sizes import crowd_size
from groundswell.record import load_record

ACLED = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,admin1,location,geo_precision,source,"
    "fatalities,tags\n"
    "T1,2030-03-02,1,Protests,Peaceful protest,Coast,Flare,1,Harbour Post; Wire,0,crowd size=about 500\n"
    "T2,2 March 2030,1,Riots,Violent demonstration,Coast,Flare,1,Wire,3,crowd size=hundreds\n"
    "T3,2030-03-03,1,Protests,Excessive force against protestors,Coast,HARBOUR,1,Wire,2,crowd size=no report\n"
    "T4,2030-03-04,1,Battles,Armed clash,Valley,Milltown,1,Harbour Post,4,\n"
    "T5,2030-03-05,2,Strategic developments,Looting/property destruction,Coast,Harbour,1,Wire,0,\n"
    "T6,2030-03-04,1,Strategic developments,Change to group/activity,Coast,Harbour,1,Wire,0,\n"
    "T7,2030-04-04,1,Protests,Peaceful protest,Coast,Harbour,1,Wire,0,\n"
    "T8,2030-03-04,1,Strategic developments,Arrests,Coast,somewhere,3,Wire,0,\n"
)

UCDP = (
    "id,type_of_violence,date_start,date_end,where_prec,where_coordinates,adm_1,source_office,source_article,deaths_a,"
    "deaths_civilians,best,low,high\n"
    "1,1,2030-03-03 00:00:00.000,2030-03-03 00:00:00.000,1,Harbour town,Coast,,"
    '"""Wire,2030-03-04,Fighting"";""Harbour Post,2030-03-05,Dead""",3,0,8,7,12\n'
    "2,3,2030-03-04,2030-03-05,4,,Coast,Wire,,0,5,5,4,9\n"
)


def imported(tmp_path, text, format, **more):
    (tmp_path / "events.csv").write_text(text, encoding="utf-8")
    case = more.pop("case", "tiny")
    return import_record(tmp_path / "events.csv", format, tmp_path / "made", case=case, **more)


def in_case(tmp_path):
    """The tiny case with the imported record in place of its own."""
    folder = tmp_path / "tiny-imported"
    shutil.copytree(find_case("tiny"), folder)
    shutil.rmtree(folder / "record")
    shutil.copytree(tmp_path / "made", folder / "record")
    assert check(folder) == []
    return load_record(gs.load(folder))


def test_acled_by_hand(tmp_path):
    done = imported(tmp_path, ACLED, "acled")
    assert dict(done.left_out) == {
        "outside 2030-03-01 to 2030-03-06": 1, "of other types, without deaths": 1,
        "of days that may lie outside the window, without deaths": 1,
    }  # fmt: skip
    r = in_case(tmp_path)
    seen = {o.id: o for o in r.observations}
    assert set(seen) == {
        "crowd-flare-20300302", "clash-flare-20300302", "crowd-harbour-20300303", "force-used-harbour-20300303",
        "clash-milltown-20300304", "arrested-coast-20300304", "onset-flare",
        "onset-harbour", "dead-flare", "dead-harbour", "dead-milltown",
    }  # fmt: skip
    values = {(c.observation, c.source): c.value for c in r.claims}
    assert values["crowd-flare-20300302", "wire"] == (500, 1499)  # 500 and 100 to 999, together or one after the other
    assert values["crowd-flare-20300302", "harbour-post"] == (500, 1499)
    assert values["crowd-harbour-20300303", "wire"] == (1, 1)
    assert values["dead-flare", "acled"] == (0, 3) and values["dead-harbour", "acled"] == (2, 2)
    assert values["dead-milltown", "acled"] == (0, 4)
    assert values["onset-flare", "wire"] == (25, 49)  # the coast is an hour behind the case's clock
    assert values["onset-harbour", "wire"] == (49, 73)
    assert seen["clash-flare-20300302"].start_local == "2030-03-02T00:00"
    assert {c.origin for c in r.claims if c.observation == "crowd-flare-20300302"} == {"acled-crowd-flare-20300302"}
    assert {s.id: s.kind for s in r.sources} == {"wire": "press", "harbour-post": "press", "acled": "data"}


def test_the_order_of_rows_does_not_matter(tmp_path):
    head, *rows = ACLED.splitlines(keepends=True)
    imported(tmp_path, ACLED, "acled")
    (tmp_path / "made").rename(tmp_path / "first")
    imported(tmp_path, "\ufeff" + head.upper() + "".join(rows[:-1]) + rows[-1], "acled")
    for name in ("observations", "claims", "sources"):
        assert (tmp_path / "made" / f"{name}.csv").read_bytes() == (tmp_path / "first" / f"{name}.csv").read_bytes()
    shutil.rmtree(tmp_path / "made")
    imported(tmp_path, head + "".join(rows[::-1]), "acled")
    for name in ("observations", "sources"):
        assert (tmp_path / "made" / f"{name}.csv").read_bytes() == (tmp_path / "first" / f"{name}.csv").read_bytes()


def test_ucdp_by_hand(tmp_path):
    (tmp_path / "map.csv").write_text("name,scope\nHarbour town,harbour\n")
    imported(tmp_path, UCDP, "ucdp", scope_map=tmp_path / "map.csv")
    r = in_case(tmp_path)
    values = {(c.observation, c.source): c.value for c in r.claims}
    assert values == {
        ("clash-harbour-20300303", "wire"): (1, 1), ("clash-harbour-20300303", "harbour-post"): (1, 1),
        ("dead-harbour", "ucdp"): (4, 9), ("security-dead-harbour", "ucdp"): (3, 3), ("dead-coast", "ucdp"): (8, 18),
    }  # fmt: skip


PLAIN = """kind,place,start,end,source,form,low,high,origin,stance,definition
crowd,Harbour,2030-03-03,2030-03-03,Notebook,count,100,3000,,,People at one time.
crowd,Harbour,2030-03-03,2030-03-03,Gazette,count,50,200,,,People at one time.
onset,Flare,2030-03-02T06:00,2030-03-02T23:00,Notebook,,,,,,
dead,*,2030-03-01,2030-03-06,Notebook,,5,,ministry,reports,
strike,Flare,2030-03-02,2030-03-04,Gazette,yes,,,,denies,
"""


def test_plain_csv_by_hand(tmp_path):
    done = imported(tmp_path, PLAIN, "csv")
    assert done.rows == {"sources": 2, "observations": 4, "claims": 5}
    r = in_case(tmp_path)
    crowd = next(o for o in r.observations if o.kind == "crowd")
    assert [c.value for c in r.claims_of(crowd.id)] == [(100, 3000), (50, 200)]
    onset = next(o for o in r.observations if o.kind == "onset")
    assert (onset.start_h, onset.end_h) == (1, 145) and r.claims_of(onset.id)[0].value == (31, 48)
    dead = next(o for o in r.observations if o.kind == "dead")
    assert r.claims_of(dead.id)[0].value == (5, 5) and r.claims_of(dead.id)[0].origin == "ministry"
    strike = next(o for o in r.observations if o.kind == "strike")
    assert r.claims_of(strike.id)[0].value == (0, 0)


def test_without_a_case_names_become_ids(tmp_path):
    done = imported(tmp_path, ACLED, "acled", case=None)
    assert not any("outside" in reason for reason in done.left_out)
    assert "crowd-harbour-20300404" in (tmp_path / "made" / "observations.csv").read_text()


@pytest.mark.parametrize(
    ("tags", "people"),
    [
        ("crowd size=about 500", (500, 500)),
        ("women targeted; crowd size=between 1,000 and 2,000", (1000, 2000)),
        ("crowd size=hundreds", (100, 999)),
        ("crowd size=several thousand", (2000, 9999)),
        ("crowd size=dozens", (12, 99)),
        ("crowd size=5 thousand", (5000, 5000)),
        ("crowd size=no report", None),
        ("", None),
    ],
)
def test_size_of_a_crowd(tags, people):
    assert crowd_size(tags) == people


def test_names_of_places():
    find = Gazetteer(gs.load("kazakhstan-2022")).find
    assert find("Aktau", "Mangystau") == "aktau"
    assert find("Almaty", "Almaty City") == "ala"
    assert find("Almaty - Bostandyk", "") == "almaty-bostandyk"
    assert find("", "Mangystau Region") == "man"
    assert find("Almaty", "") is None  # a city and a region: not for us to say
    assert find("Nowhere", "Mangystau") is None
    assert find("Oskemen") == find("ÖSKEMEN, (city)") == "oskemen"
    assert plain("Öskemen, (city)") == "öskemen city" and slug("24.kz") == "24-kz"


def test_every_mistake_at_once(tmp_path):
    bad = (
        ACLED.replace("2 March 2030", "2 Smarch 2030")
        .replace("Coast,HARBOUR", "Coast,Harbor")
        .replace("Wire,3", "Wire,x")
    )
    with pytest.raises(CaseError) as caught:
        imported(tmp_path, bad, "acled")
    assert [(p.line, p.field) for p in caught.value.problems] == [(3, "event_date"), (3, "fatalities"), (4, "location")]
    assert "did you mean 'harbour'" in str(caught.value)
    assert not (tmp_path / "made").exists()
    bad = UCDP.replace("4,9\n", "6,9\n").replace("2030-03-05,4", "2030-03-01,4")
    with pytest.raises(CaseError) as caught:
        imported(tmp_path, bad, "ucdp")
    assert [(p.line, p.field) for p in caught.value.problems] == [
        (3, "date_end"),
        (3, "best"),
    ]


def test_every_mistake_of_a_plain_file(tmp_path):
    head = "kind,place,start,end,source,form,low,high,stance,set\n"
    bad = (
        "crowdd,Harbour,2030-03-03,2030-03-03,a,,1,,,\n"
        "crowd,Harbor,2030-03-03,2030-03-32,a,share,1,,,\n"
        "crowd,Harbour,2030-03-03,2030-03-02,a,class,7,,,\n"
        "dead,Harbour,2030-03-03,2030-03-03,a,,9,3,,\n"
        "dead,Harbour,2030-03-03,2030-03-03,a,,,,,\n"
        "dead,Flare,2030-03-03,2030-03-03,a,,1,,says,best\n"
        "onset,Flare,2030-02-03,2030-03-03,a,,1,,,\n"
        "dead,Dunes,2030-03-03,2030-03-03,a,,1,,,\n"
        "dead,Dunes,2030-03-03,2030-03-03,a,,2,,,\n"
    )
    with pytest.raises(CaseError) as caught:
        imported(tmp_path, head + bad, "csv")
    assert [(p.line, p.field) for p in caught.value.problems] == [
        (2, "kind"), (3, "place"), (3, "form"), (3, "end"), (4, "low"), (4, "end"), (5, "high"), (6, "low"),
        (7, "set"), (7, "stance"), (8, "low"), (8, "start"), (10, "source"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "format", "says"),
    [
        ("a,b\n1,2\n", "acled", "no such column"),
        ("", "csv", "no rows"),
        (PLAIN, "ged", "one of acled, ucdp, csv"),
        (ACLED.replace("2030", "1999"), "acled", "no event to make a record of"),
        (ACLED + "x,y\n", "acled", "2 cells"),
    ],
)
def test_files_of_another_form_are_refused(tmp_path, text, format, says):
    with pytest.raises(CaseError, match=says):
        imported(tmp_path, text, format)
    assert [p.name for p in tmp_path.iterdir()] == ["events.csv"]


def test_a_folder_that_exists_is_left_alone(tmp_path):
    (tmp_path / "made").mkdir()
    with pytest.raises(CaseError, match="a name not taken yet"):
        imported(tmp_path, ACLED, "acled")
    with pytest.raises(CaseError, match="cannot be read"):
        import_record(tmp_path / "none.csv", "csv", tmp_path / "other")


def test_a_wrong_map_is_refused(tmp_path):
    (tmp_path / "map.csv").write_text("name,scope\nA,harbour;nowhere\nA,\n,coast\n,valley\nB,\n")
    with pytest.raises(CaseError) as caught:
        imported(tmp_path, ACLED, "acled", scope_map=tmp_path / "map.csv")
    assert [(p.line, p.field) for p in caught.value.problems] == [(2, "scope"), (3, "name"), (5, "name")]


def test_a_map_leaves_names_out(tmp_path):
    (tmp_path / "map.csv").write_text("name,scope\nFlare,\n")
    done = imported(tmp_path, ACLED, "acled", scope_map=tmp_path / "map.csv")
    assert done.left_out["left out by --scope-map"] == 2
    assert date(2030, 3, 2).strftime("crowd-flare-%Y%m%d") not in (tmp_path / "made" / "observations.csv").read_text()


def test_the_command_says_what_it_made_and_what_it_left_out(tmp_path, capsys):
    (tmp_path / "events.csv").write_text(ACLED)
    import_(tmp_path / "events.csv", format="acled", out=tmp_path / "made", case="tiny")
    said = capsys.readouterr().out
    assert said.splitlines()[0].endswith("made: 3 sources, 11 observations, 13 claims")
    assert "left out: 1 outside 2030-03-01 to 2030-03-06" in said
