"""The case of 2011: official totals hold, the record is complete and keeps contradictions, it plays by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import groundswell.case

COUNTRY, REGION, REGION_URBAN = 16_673_933, 545_789, 281_915


@pytest.fixture(scope="module")
def case() -> groundswell.case.Case:
    return groundswell.case.load("zhanaozen-2011")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("runs") / "run")


def play(out: Path, *more: str) -> Path:
    """The folder of a run to noon of 18 December."""
    words = ("run", "zhanaozen-2011", "--until", "2011-12-18T12:00", "--out", str(out), *more)
    subprocess.run([sys.executable, "-m", "groundswell", *words], check=True, capture_output=True)
    return out


def test_totals_hold(case: groundswell.case.Case) -> None:
    places, regions = case.tables["places"], {row.region: row for row in case.tables["regions"].rows}
    assert case.population_people == COUNTRY
    assert len(regions) == 16
    assert places.column("population_people").sum() == COUNTRY
    assert sum(row.people for row in case.tables["age_sex"].rows) == COUNTRY
    for name, region in regions.items():
        here = [row for row in places.rows if row.region == name]
        assert sum(row.population_people for row in here) == region.population_people
        assert sum(row.population_people for row in here if row.urban_share == 1) == region.urban_people
    assert (regions["man"].population_people, regions["man"].urban_people) == (REGION, REGION_URBAN)


def test_the_oil_region_is_by_town_and_district_and_the_rest_is_coarse(case: groundswell.case.Case) -> None:
    rows = case.tables["places"].rows
    assert sum(row.region == "man" for row in rows) == 10
    assert all(sum(row.region == name for row in rows) <= 2 for name in {row.region for row in rows} - {"man"})


def test_the_dismissed_are_counted_once(case: groundswell.case.Case) -> None:
    firms = {row.enterprise: row for row in case.tables["enterprises"].rows}
    gone = [row for name, row in firms.items() if name.startswith("dismissed-")]
    assert sum(row.workforce_people for row in gone) == 2028  # 1,622 are 80 percent of them
    assert sum(row.layoffs_announced_people for row in firms.values()) == 2028


def test_the_record_is_complete_and_keeps_contradictions(case: groundswell.case.Case) -> None:
    observations = {row.observation: row for row in case.tables["observations"].rows}
    claims = case.tables["claims"].rows
    open_ = {name for name, row in observations.items() if row.set == "open"}
    assert {row.observation for row in claims} == set(observations) - open_
    assert len([row for row in claims if observations[row.observation].set in ("base", "weigh")]) >= 15
    by_day = [[row for row in claims if row.observation == f"dead-{day}"] for day in (16, 17, 18, 20)]
    assert [sorted(row.low for row in day) for day in by_day] == [[10, 70], [11, 64], [13, 14, 30], [15]]
    assert {row.low for row in claims if row.observation == "dead-police"} == {0, 3}


def test_the_slip_of_the_text_is_kept_as_its_claim(case: groundswell.case.Case) -> None:
    force = {row.source: row for row in case.tables["claims"].rows if row.observation == "force-first"}
    assert str(force["001"].start_local).startswith("2011-12-26")
    assert all(str(row.start_local).startswith("2011-12-16") for source, row in force.items() if source != "001")
    dated = [
        row for row in case.tables["measures"].rows if row.measure == "live-fire" and "26 December" in row.statement
    ]
    assert [row.used for row in dated] == [False]


def test_it_plays_the_same_twice_and_people_stand_in_the_town(played: Path, tmp_path: Path) -> None:
    first, again = (
        json.loads((folder / "run.json").read_text(encoding="utf-8"))
        for folder in (played, play(tmp_path / "again", "--no-report"))
    )
    assert again["digest"] == first["digest"]
    assert set(first["onset"]) == {"zhanaozen"}
    assert first["strikes"] > 0


def test_its_report_has_no_text_of_another_case(played: Path) -> None:
    html = (played / "report.html").read_text(encoding="utf-8")
    assert "Zhanaozen, December 2011" in html
    for foreign in ("LPG", "liquefied", "Tokayev", "Republic Square", "Nur-Sultan", "Predecessor"):
        assert foreign not in html, foreign
